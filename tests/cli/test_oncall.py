"""sevlog oncall who, next, simulate, check, ics: output for people and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixtures.oncalls import CONFIG, ONCALL
from fixtures.repositories import Repository, validator


@pytest.fixture
def rota(records: Repository) -> Repository:
    """A records repository with a schedule, committed."""
    (records.root / "sevlog.yaml").write_text(CONFIG, "utf-8")
    (records.root / "oncall.yaml").write_text(ONCALL, "utf-8")
    records.git("commit", "--quiet", "-am", "rota")
    return records


def tells(rota: Repository, *words: str) -> dict[str, Any]:
    """The document of `sevlog oncall WORDS --json`, held against its schema."""
    answer: dict[str, Any] = json.loads(rota.does("oncall", *words, "--json"))
    validator(f"oncall-{words[0]}").validate(answer)
    return answer


@pytest.mark.demand("S19")
def test_who_is_on_call_for_a_component_at_two_at_night(rota: Repository) -> None:
    answer = tells(rota, "who", "--component", "checkout", "--at", "2040-12-25T02:00")

    assert answer["at"] == "2040-12-25T01:00:00Z"
    assert (answer["people"], answer["schedule"], answer["layer"]) == (["bo"], "payments", "weekly")
    assert answer["until"] == "2040-12-31T08:00:00Z"
    assert (answer["team"], answer["commit"], answer["time_zone"]) == ("payments", None, "Europe/Berlin")


@pytest.mark.demand("S19")
def test_the_answer_is_a_sentence_in_the_time_of_the_schedule(rota: Repository) -> None:
    said = rota.does("oncall", "who", "--component", "checkout", "--at", "2040-12-25T02:00")
    assert said == (
        "Tue 2040-12-25 02:00 +01:00: bo is on call for checkout, until Mon 2040-12-31 09:00 +01:00 "
        "(schedule payments, layer weekly)\n"
    )


def test_a_day_is_told_from_shift_to_shift(rota: Repository) -> None:
    answer = tells(rota, "who", "--team", "payments", "--at", "2040-12-31")
    assert [(s["people"], s["since"], s["until"]) for s in answer["stretches"]] == [
        (["bo"], "2040-12-24T08:00:00Z", "2040-12-31T08:00:00Z"),
        (["ana"], "2040-12-31T08:00:00Z", "2041-01-07T08:00:00Z"),
    ]
    said = rota.does("oncall", "who", "--team", "payments", "--at", "2040-12-31").splitlines()
    assert [row.split()[:2] for row in said] == [["SCHEDULE", "ON"], ["payments", "bo"], ["payments", "ana"]]


def test_without_a_name_every_schedule_is_told(rota: Repository) -> None:
    answer = tells(rota, "who", "--at", "2040-12-25T02:00")
    assert (answer["people"], answer["schedule"]) == (["bo", "chi"], None)
    assert [s["schedule"] for s in answer["stretches"]] == ["payments", "managers"]
    assert "managers" in rota.does("oncall", "who")


@pytest.mark.demand("S18")
def test_the_incident_managers_answer_for_what_nobody_owns(rota: Repository) -> None:
    answer = tells(rota, "who", "--component", "search", "--at", "2040-12-25T02:00")
    assert (answer["people"], answer["schedule"], answer["team"]) == (["chi"], "managers", None)
    assert answer["stretches"][0]["step"] == "schedule:managers"


def test_where_nobody_is_on_call_the_policy_answers(rota: Repository) -> None:
    path = rota.root / "oncall.yaml"
    path.write_text(
        ONCALL.replace("start: 2026-01-05T09:00}\n  - key: m", "start: 2045-01-05T09:00}\n  - key: m"), "utf-8"
    )
    answer = tells(rota, "who", "--component", "checkout", "--at", "2040-12-25T02:00")
    assert (answer["people"], answer["stretches"][0]["step"]) == (["ana", "bo"], "team:payments")
    alone = tells(rota, "who", "--schedule", "payments", "--at", "2040-12-25T02:00")
    assert alone["people"] == []
    assert alone["warnings"] == ["nobody is on call for `payments` until Thu 2045-01-05 09:00 +01:00"]
    (hint,) = alone["hints"]
    assert hint.startswith("sevlog oncall override payments --person WHO --from 20")
    assert hint.endswith(" --to 2045-01-05T09:00")
    said = rota.sevlog("oncall", "who", "--schedule", "payments", "--at", "+1h")
    assert "nobody is on call for payments" in said.out
    assert f"hint: cover it: {hint.partition(' --to')[0]} --to TIME" in said.err


def test_a_broken_rota_still_answers_as_far_as_it_can(rota: Repository) -> None:
    """A schedule that is not there, and a country that is none: `check` tells both."""
    path = rota.root / "oncall.yaml"
    path.write_text(ONCALL.replace("schedule: payments,", "schedule: gone,"), "utf-8")
    assert tells(rota, "who", "--team", "payments", "--at", "2040-12-25T02:00")["people"] == ["bo"]
    path.write_text(
        ONCALL.replace("escalation: payments}", "escalation: payments, holidays: ZZ}")
        + "holidays: {ZZ: {country: ZZ, schedule: managers}}\n",
        "utf-8",
    )
    assert tells(rota, "who", "--team", "payments", "--at", "2040-12-25T02:00")["people"] == ["bo"]
    assert "unknown_holidays" in rota.sevlog("oncall", "check").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--component", "checkot"), "unknown component `checkot`"),
        (("--team", "payment"), "unknown team `payment`"),
        (("--schedule", "x"), "unknown schedule `x`"),
        (("--team", "payments", "--schedule", "payments"), "choose one"),
        (("--at", "noon"), "`noon` is not a time"),
    ],
)
def test_who_tells_what_it_does_not_know(rota: Repository, words: tuple[str, ...], said: str) -> None:
    assert said in rota.refuses(2, "oncall", "who", *words)


def test_before_the_first_commit_nobody_knows(rota: Repository) -> None:
    said = rota.refuses(4, "oncall", "who", "--component", "checkout", "--at", "1999-01-01T00:00:00Z")
    assert "the records begin at" in said
    assert "--by-today" in said
    answer = tells(rota, "who", "--schedule", "payments", "--at", "2026-02-03T12:00:00Z", "--by-today")
    assert (answer["people"], answer["commit"]) == (["ana"], None)


def test_verbose_says_which_files_answered(rota: Repository) -> None:
    done = rota.sevlog("oncall", "who", "-v", "--schedule", "payments")
    assert "from the files as they are now" in done.err


def test_next_lists_hand_overs_in_order(rota: Repository) -> None:
    answer = tells(rota, "next", "--schedule", "payments", "--days", "21")
    rows = answer["handovers"]
    assert len(rows) == 3
    assert {row["person"] for row in rows} == {"ana", "bo"}
    assert all(row["before"] != row["person"] and row["until"] > row["at"] for row in rows)
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert len(rota.does("oncall", "next", "--schedule", "payments", "--days", "21").splitlines()) == 4


def test_next_of_a_person_leaves_out_the_others(rota: Repository) -> None:
    rota.does(
        "oncall",
        "override",
        "managers",
        "--person",
        "bo",
        "--from",
        "+24h",
        "--to",
        "+30h",
        "--override",
        "double_booking",
        "--reason",
        "swap",
    )
    rows = tells(rota, "next", "--person", "chi", "--days", "3")["handovers"]
    assert [(row["before"], row["person"], row["override"]) for row in rows] == [
        ("chi", "bo", True),
        ("bo", "chi", False),
    ]
    said = rota.does("oncall", "next", "--person", "chi", "--days", "3")
    assert "-05:00" in said  # Chi's own clock, in New York
    assert "unknown person `dora`" in rota.refuses(2, "oncall", "next", "--person", "dora")
    assert "shows future shifts only" in rota.refuses(2, "oncall", "next", "--at", "2020-01-01T00:00:00Z")


def test_when_nobody_hands_over_next_says_so(rota: Repository) -> None:
    assert rota.does("oncall", "next", "--schedule", "managers") == "No handovers in this period.\n"


@pytest.mark.demand("S55")
def test_a_simulation_says_who_would_be_paged_when(rota: Repository) -> None:
    answer = tells(rota, "simulate", "--component", "checkout", "--severity", "SEV1", "--at", "2040-12-25T02:00")
    assert [(s["after"], s["notify"], s["people"]) for s in answer["steps"]][:3] == [
        (0, "schedule:payments", ["bo"]),
        (0, "schedule:managers", ["chi"]),
        (300, "team:payments", ["ana", "bo"]),
    ]
    assert answer["steps"][2]["contact"] == {"ana": ["ANA_PAGER"], "bo": ["BO_PAGER", "BO_CHAT"]}
    said = rota.does("oncall", "simulate", "--component", "checkout", "--severity", "SEV1", "--at", "2040-12-25T02:00")
    assert "Nobody was paged." in said
    assert rota.status() == ""


def test_contact_points_are_told_when_asked(rota: Repository) -> None:
    words = ("oncall", "simulate", "--component", "checkout", "--at", "2040-12-25T02:00")
    assert "BO_PAGER" not in rota.does(*words)
    assert "bo (BO_PAGER BO_CHAT)" in rota.does(*words, "-v")


def test_a_simulation_that_ends_in_nobody_says_why(rota: Repository) -> None:
    (rota.root / "oncall.yaml").write_text("schema: 1\n", "utf-8")
    said = rota.does("oncall", "simulate", "--component", "search")
    assert "Nobody is paged: the component has no owner, and `incident_manager_schedule` is not set" in said


@pytest.mark.demand("S20")
def test_check_fails_with_findings_and_passes_without(rota: Repository) -> None:
    assert rota.does("oncall", "check") == "2 schedules checked, no problems\n"
    assert tells(rota, "check") == {"schema": "1", "problems": [], "checked": 2, "reused": 0}

    (rota.root / "oncall.yaml").write_text(ONCALL.replace(", contact: [BO_PAGER, BO_CHAT]", ""), "utf-8")
    done = rota.sevlog("oncall", "check")
    assert done.code == 1
    assert done.out.startswith("oncall.yaml:4:11: error[no_contact]: bo has no contact point")
    found = json.loads(rota.sevlog("oncall", "check", "--json").out)["problems"]
    assert [(p["code"], p["path"], p["line"], p["pointer"]) for p in found] == [
        ("no_contact", "oncall.yaml", 4, "/people/1/key")
    ]
    assert "::error file=oncall.yaml,line=4" in rota.sevlog("oncall", "check", "--format", "github").out


def test_the_check_of_all_records_looks_at_the_rota_too(rota: Repository) -> None:
    (rota.root / "oncall.yaml").write_text(ONCALL.replace("2026-01-05T09:00}", "2026-02-30T09:00}"), "utf-8")
    assert "error[wrong_day]" in rota.sevlog("check").out
    (rota.root / "oncall.yaml").write_text(ONCALL.replace(", contact: [BO_PAGER, BO_CHAT]", ""), "utf-8")
    assert "error[no_contact]: bo has no contact point" in rota.sevlog("check").out


def test_a_calendar_goes_to_standard_output_or_into_a_file(rota: Repository, tmp_path: Path) -> None:
    text = rota.does("oncall", "ics", "--schedule", "payments")
    assert text.splitlines()[0] == "BEGIN:VCALENDAR"
    out = tmp_path / "rota.ics"
    said = rota.does("oncall", "ics", "--schedule", "payments", "--out", str(out))
    assert said == f"{out}: {out.read_text('utf-8').count('BEGIN:VEVENT')} shifts\n"
    answer = tells(rota, "ics", "--person", "ana", "--days", "30")
    assert (answer["out"], answer["events"]) == (None, answer["text"].count("BEGIN:VEVENT"))
    assert "cannot write to" in rota.refuses(2, "oncall", "ics", "--out", str(tmp_path / "none" / "x.ics"))


def test_a_new_repository_is_warned_that_there_is_no_rota(records: Repository, tmp_path: Path) -> None:
    records.does("init", str(tmp_path / "acme"), "--component", "checkout=Checkout", "--person", "ana=Ana")
    done = records.sevlog("oncall", "check", "--repo", str(tmp_path / "acme"))
    assert (done.code, "warning[no_rota]" in done.out) == (0, True)
