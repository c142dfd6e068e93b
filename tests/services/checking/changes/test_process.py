"""A change of the process is named, and its new entries are judged by the process that was there before it."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from fixtures.checkable import CARD, CONFIG, FOLDER, HISTORY, RAISED, checked, commit
from sevlog.model.problem import Problem
from sevlog.stores.records.settings import with_defaults
from sevlog.stores.yaml import io as yaml_io

FIXING = "- {kind: status, at: 2026-11-20T10:10:00Z, by: ana, to: fixing}\n"


def lifecycle(*, without: tuple[str, str, str]) -> str:
    """The shipped lifecycle as a repository's own, a guard taken out of one step."""
    shipped = with_defaults({"schema": 1, "page": {"name": "x", "url": "https://x.example"}})["lifecycles"]
    assert isinstance(shipped, dict)
    own = copy.deepcopy(shipped["default"])
    origin, target, guard = without
    for row in own["transitions"]:
        if (row["from"], row["to"]) == (origin, target):
            row["guards"] = [name for name in row["guards"] if name != guard]
    return yaml_io.dump({"lifecycles": {"default": own}})


def found(root: Path) -> list[Problem]:
    return [p for p in checked(root, base="HEAD~1").problems if p.code != "steps_unchecked"]


def test_a_guard_that_is_taken_out_is_named_and_new_entries_still_meet_it(tmp_path: Path) -> None:
    major = RAISED.replace("SEV3", "SEV2")
    commit(tmp_path, {HISTORY: major})
    looser = CONFIG + lifecycle(without=("raised", "fixing", "channel"))
    lead = "- {kind: assigned, at: 2026-11-20T10:05:00Z, by: ana, role: incident_manager, person: ana, lead: true}\n"
    commit(tmp_path, {"sevlog.yaml": looser, HISTORY: major + lead + FIXING})

    told = {problem.code: problem for problem in found(tmp_path)}

    assert set(told) == {"weakened_process", "guard_channel"}
    assert told["weakened_process"].message.endswith("transition raised to fixing no longer requires `channel`")
    assert (told["weakened_process"].severity, told["weakened_process"].path) == ("warning", "sevlog.yaml")
    assert told["guard_channel"].severity == "error"
    assert told["guard_channel"].message.startswith("under the process on HEAD~1, which this change loosens: ")
    assert (told["guard_channel"].path, told["guard_channel"].line) == (HISTORY, 8)


def test_entries_that_were_there_before_are_not_judged_again(tmp_path: Path) -> None:
    commit(tmp_path, {HISTORY: RAISED + FIXING})
    commit(tmp_path, {"sevlog.yaml": CONFIG + lifecycle(without=("raised", "fixing", "channel"))})

    assert "guard_channel" not in [problem.code for problem in found(tmp_path)]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("", "policies: {oncall: {findings: warning}}\n", "`policies.oncall.findings` changes from error to warning"),
        ("", "policies: {append_only: warning}\n", "`policies.append_only` changes from error to warning"),
        ("policies: {signatures: required}\n", "", "`policies.signatures` changes from required to off"),
        ("", "policies: {assessment: [scope]}\n", "the assessment no longer requires `customer_impact`"),
        ("", "severities: [{key: SEV1, major: false}]\n", "SEV1 is no longer major"),
        ("", "severities: [{key: SEV3, major: false}]\n", "the major severity SEV1 was removed"),
        (
            "types: [{key: security, visibility: restricted}]\n",
            "types: [{key: security}]\n",
            "incidents of type security are no longer restricted",
        ),
        (
            "types: [{key: a, roles: {required: [scribe]}}]\n",
            "types: [{key: a}]\n",
            "incidents of type a no longer require `scribe`",
        ),
        (
            "comms: {audiences: {public: {approver: tech_lead}}}\n",
            "comms: {audiences: {public: {approver: nobody}}}\n",
            "texts to public no longer need the approval of tech_lead",
        ),
    ],
)
def test_what_is_taken_away_is_named(tmp_path: Path, before: str, now: str, said: str) -> None:
    commit(tmp_path, {"sevlog.yaml": CONFIG + before, HISTORY: RAISED})
    commit(tmp_path, {"sevlog.yaml": CONFIG + now})

    messages = [p.message for p in found(tmp_path) if p.code == "weakened_process"]

    assert f"this change loosens the process: {said}" in messages


def test_a_change_that_asks_for_more_is_no_finding(tmp_path: Path) -> None:
    commit(tmp_path, {"sevlog.yaml": CONFIG + "policies: {append_only: warning}\n", HISTORY: RAISED})
    commit(tmp_path, {"sevlog.yaml": CONFIG + "policies: {signatures: 'off'}\n"})

    assert [p.code for p in found(tmp_path)] == []


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("visibility: restricted\n", "visibility: public\n", "`visibility` changes from restricted to public"),
        (
            "type: security\n",
            "type: service\n",
            "`type` changes from security to service, which changes roles and transitions",
        ),
    ],
)
def test_a_restriction_of_an_incident_that_is_lifted_is_named(tmp_path: Path, before: str, now: str, said: str) -> None:
    types = "types: [{key: security}, {key: service, default: true}]\n"
    card = f"{FOLDER}/incident.yaml"
    commit(tmp_path, {"sevlog.yaml": CONFIG + types, card: CARD + before, HISTORY: RAISED})
    commit(tmp_path, {card: CARD + now})

    (told,) = [p for p in found(tmp_path) if p.code == "lifted_restriction"]
    assert said in told.message
    assert (told.path, told.line) == (card, 7)
