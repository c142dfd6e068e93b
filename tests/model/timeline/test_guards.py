"""What each guard says when it does not hold, and what it says to do. Which step has which guard: test_lifecycle."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from msgspec.structs import replace

from fixtures.timelines import FIXING, INCIDENT, MONITORING, RAISED, at, config, fold, only_problem, record
from fixtures.walks import GUARDS, take, walked_to
from sevlog.cli.main import cli
from sevlog.model.problem import Problem
from sevlog.model.timeline.acts import command_for
from sevlog.model.timeline.entries import StatusChanged
from sevlog.model.timeline.fold_state import Draft
from sevlog.model.timeline.guards import unmet
from sevlog.model.timeline.replay import replay


def refusal(guard: str) -> Problem:
    """What the guard says of the first step that has it and cannot be taken without it."""
    name, row = next(
        (name, row)
        for name, lifecycle in config().lifecycles.items()
        for row in lifecycle.transitions
        if guard in row.guards
    )
    return only_problem(replay(take(walked_to(name, row.from_), row, without=guard).record(), config()))


SAID = {
    "title": "the incident has no title",
    "detection": "detection source is missing",
    "reporter": "reporter is missing",
    "severity": "severity is missing",
    "priority": "priority is missing",
    "component": "affected component is missing",
    "summary": "summary is missing: what is the emergency?",
    "reason": "a change to `declined` needs a reason",
    "closing_update": "no final update sent to: public (last: investigating)",
    "lead_incident_manager": "no incident manager leads this incident yet",
    "channel": "no communication channel recorded yet",
    "mitigation": "no mitigation recorded yet",
    "assessment": "assessment is incomplete: customer impact and scope missing",
    "attestation": "the lead incident manager must attest that the current and imminent business impact has ended",
    "impact_end": "end time of the impact is missing",
    "final_updates": "no final update sent to: public",
    "reopen_window": "too late to reopen: resolved more than 7d ago",
    "cleanups": "open tasks: K1 (Delete the canary)",
    "postmortem": "SEV1 requires a postmortem: not started yet",
    "actions": "action items without owner or due date: A1",
    "merge_target": "target incident of the merge is missing",
}


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_says_what_is_missing(guard: str) -> None:
    assert refusal(guard).message == SAID[guard]


def _commands(hint: str) -> list[str]:
    """The commands in a hint: what follows `sevlog`, up to the next clause."""
    found = re.split(r"[;(]|, (?:or|then|and)\b|\)$", hint)
    return [part[part.index("sevlog ") :].split(": sevlog")[0] for part in found if "sevlog " in part]


def _check_command(text: str) -> None:
    words = [word for word in shlex.split(text.replace("…", "X").rstrip(")")) if word not in (",", "then")][1:]
    command: click.Command | None = cli
    while isinstance(command, click.Group):
        name = words.pop(0)
        command = command.get_command(click.Context(command), name)
        assert command is not None, f"`{text}` names no command"
    assert command is not None
    options = {flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("-")} <= options, text


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_says_a_command_or_an_option_that_exists(guard: str) -> None:
    hint = refusal(guard).hint or ""
    commands = _commands(hint)
    for command in commands:
        _check_command(command)
    assert commands or hint.startswith(("add ", "set `"))


@pytest.mark.parametrize(("name", "status"), [(n, s.key) for n, t in config().lifecycles.items() for s in t.statuses])
def test_what_leads_on_from_a_status_is_a_command_that_exists(name: str, status: str) -> None:
    commands = _commands(command_for(config().lifecycles[name], status, INCIDENT))

    assert commands
    for command in commands:
        _check_command(command)


def test_a_guard_that_nobody_knows_is_left_to_the_check_of_the_configuration() -> None:
    draft = Draft(record(RAISED), config(), config().lifecycles["default"])
    step = StatusChanged(at=at("10:05"), to="fixing")

    assert [name for name, _ in unmet(draft, step, ("moon", "reason"))] == ["reason"]


def test_a_reporter_on_the_card_or_in_the_entry_is_enough() -> None:
    triage = '- {kind: status, at: "10:00", to: triage'

    assert fold(f"{triage}}}", detection={"source": "monitoring"}).problems == ()
    assert fold(f"{triage}, by: null}}", detection={"source": "monitoring", "reporter": "ana"}).problems == ()
    assert only_problem(fold(f"{triage}, by: null}}", detection={"source": "monitoring"})).code == "guard_reporter"


def test_a_reporter_alone_is_no_detection_source() -> None:
    triage = '- {kind: status, at: "10:00", to: triage}'

    assert only_problem(fold(triage, detection={"reporter": "ana"})).code == "guard_detection"


def test_customers_who_were_told_are_told_that_it_was_a_false_alarm() -> None:
    told = '- {kind: update, at: "10:10", audience: public, phase: investigating, text: We look into it}\n'
    final = '- {kind: update, at: "10:20", audience: public, phase: resolved, text: Nothing was wrong}\n'
    decline = '- {kind: status, at: "10:30", to: declined, reason: The probe was wrong}'

    assert only_problem(fold(f"{RAISED}{told}{decline}")).code == "guard_closing_update"
    assert fold(f"{RAISED}{told}{final}{decline}").problems == ()
    assert only_problem(fold(f"{RAISED}{told.replace('public', 'internal')}{decline}")).code == "guard_closing_update"
    assert fold(f"{RAISED}{decline}").problems == ()


@pytest.mark.demand("S26")
def test_nothing_is_raised_from_triage_by_status_alone() -> None:
    state = fold("""
- {kind: status, at: "10:00", to: triage}
- {kind: status, at: "10:10", to: raised}
""")

    assert [p.code for p in state.problems] == ["guard_severity", "guard_priority", "guard_component"]


class TestOverride:
    def test_before_the_step_counts_and_after_it_does_not(self) -> None:
        early = f'{RAISED}- {{kind: override, at: "10:01", rule: channel, reason: No chat}}\n'
        late = f'{RAISED}- {{kind: override, at: "10:09", rule: channel, reason: No chat}}\n'
        ack = """- {kind: assigned, at: "10:05", role: incident_manager, person: ana}
- {kind: status, at: "10:05", to: fixing}
        """

        assert fold(early + ack).problems == ()
        assert only_problem(fold(late + ack)).code == "guard_channel"

    def test_permits_a_guard_once(self) -> None:
        rows = f"""{FIXING}
- {{kind: override, at: "10:10", rule: mitigation, reason: It went away}}
- {{kind: status, at: "10:10", to: monitoring}}
- {{kind: status, at: "10:20", to: fixing, reason: It is back}}
- {{kind: status, at: "10:30", to: monitoring}}
        """
        again = f'{rows}- {{kind: override, at: "10:30", rule: mitigation, reason: It went away again}}'

        assert only_problem(fold(rows)).code == "guard_mitigation"
        assert (fold(again).problems, fold(again).overrides) == ((), ("mitigation", "mitigation"))

    def test_that_was_not_needed_waits_for_the_step_that_needs_it(self) -> None:
        early = '- {kind: override, at: "10:01", rule: mitigation, reason: It may go away by itself}'
        gone = MONITORING.replace("kind: action_taken", "kind: note").replace("type: rollback, ", "")

        assert only_problem(fold(gone)).code == "guard_mitigation"
        assert fold(gone + early).problems == ()

    def test_works_for_a_raised_entry_of_its_own_act(self) -> None:
        override = '- {kind: override, at: "10:00", rule: summary, reason: No time}'

        assert only_problem(fold(RAISED, summary=None)).code == "guard_summary"
        assert fold(f"{RAISED}{override}", summary=None).problems == ()


def test_guards_of_a_retrospective_only_warn() -> None:
    state = fold(f'{RAISED}- {{kind: status, at: "10:05", to: fixing}}', kind="retrospective")

    assert {(p.code, p.severity) for p in state.problems} == {
        ("guard_lead_incident_manager", "warning"),
        ("guard_channel", "warning"),
    }


def test_a_lifecycle_of_ones_own_chooses_its_guards() -> None:
    table = config().lifecycles["default"]
    rows = tuple(
        replace(row, guards=("channel",)) if (row.from_, row.to) == ("new", "raised") else replace(row, guards=())
        for row in table.transitions
    )
    own = replace(config(), lifecycles={**config().lifecycles, "default": replace(table, transitions=rows)})
    channel = '- {kind: channel, at: "10:00", type: chat, url: "#war-room"}'
    fixing = '\n- {kind: status, at: "10:05", to: fixing}'

    assert only_problem(replay(record(RAISED + fixing, summary=None), own)).code == "guard_channel"
    assert replay(record(RAISED + channel + fixing, summary=None), own).problems == ()
