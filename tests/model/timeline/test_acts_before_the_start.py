"""Acts of the response that are dated before the incident was raised: they count, with a warning."""

from __future__ import annotations

import pytest

from fixtures.timelines import INCIDENT, RAISED, fold, only_problem
from sevlog.model.learning.durations import durations

UPDATE = '- {kind: update, at: "08:00", id: early, audience: public, phase: investigating, text: x}\n'


@pytest.mark.demand("S50")
@pytest.mark.parametrize(
    "entry",
    [
        UPDATE,
        '- {kind: assigned, at: "08:00", id: early, role: incident_manager, person: ana, lead: true}\n',
        '- {kind: severity, at: "08:00", id: early, to: SEV2, reason: x}\n',
    ],
)
def test_an_act_before_the_incident_was_raised_is_warned_of(entry: str) -> None:
    problem = only_problem(fold(entry + RAISED))

    assert (problem.code, problem.severity, problem.entry) == ("before_raised", "warning", "early")
    assert "at 2026-05-02 08:00 UTC, before the incident was raised at 2026-05-02 10:00 UTC" in problem.message
    assert problem.hint == f"if the time is wrong: sevlog correct -i {INCIDENT} early at=TIME"


@pytest.mark.parametrize(
    "entry",
    [
        '- {kind: note, at: "08:00", text: The graph looked odd}\n',
        '- {kind: alert, at: "08:00", fingerprint: f, source: probe, state: firing}\n',
        '- {kind: update, at: "10:00", audience: internal, phase: investigating, text: x}\n',
    ],
)
def test_what_was_seen_before_it_was_raised_is_fine(entry: str) -> None:
    assert fold(entry + RAISED).problems == ()


def test_a_first_update_before_the_incident_was_raised_took_no_time() -> None:
    assert durations(fold(UPDATE + RAISED))["time_to_first_public_update"] == 0


def test_a_correction_to_before_the_incident_was_raised_is_warned_of() -> None:
    rows = RAISED + UPDATE.replace("08:00", "10:10")
    moved = '- {kind: correction, at: "12:00", of: early, set: {at: "2020-01-01T00:00:00Z"}}\n'

    assert fold(rows).problems == ()
    assert "2020-01-01 00:00 UTC" in only_problem(fold(rows + moved)).message
