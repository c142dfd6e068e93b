"""An incident played again: the state of each frame is what the whole fold gives for that moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings

from fixtures.any_entries import any_record
from fixtures.timelines import FIXING, RESOLVED, at, config, imported, record
from sevlog.model.learning.playback import Frame, StateLine, frames
from sevlog.model.timeline.entries import kind_of, known_at
from sevlog.model.timeline.incident import Record
from sevlog.model.timeline.replay import replay
from sevlog.model.timeline.state import State

UPDATES = """
- {kind: update, at: "10:06", audience: public, phase: investigating, text: We look, next_update_at: "10:36"}
- {kind: update, at: "10:40", audience: public, phase: identified, text: Found, next_update_at: "11:10"}
"""
LATE = """
- {kind: severity, at: "10:10", recorded_at: "10:25", to: SEV2, reason: Only some}
- {kind: severity, at: "10:20", to: SEV3, reason: Only a few}
- {kind: note, at: "10:15", recorded_at: "10:30", text: From the chat}
"""


def of_fold(state: State) -> StateLine:
    """The state line of a fold of the whole timeline."""
    due = min(((due, to) for to, due in state.next_update_due.items()), default=None) if state.live else None
    return StateLine(
        status=state.status,
        status_name=state.status_name,
        severity=state.severity,
        priority=state.priority,
        lead=state.lead,
        components={k: v for k, v in state.components.items() if v != "operational"},
        due_at=due[0] if due else None,
        due_to=due[1] if due else None,
    )


def played(one: Record) -> list[Frame]:
    return list(frames(one, config(), "as_known"))


def story(found: list[Frame]) -> list[tuple[str, str, float]]:
    return [(f"{f.at:%H:%M}", kind_of(f.entry) if f.entry else "overdue", f.late) for f in found]


@settings(max_examples=40)
@given(any_record())
def test_each_frame_has_the_state_that_was_known_then(one: Record) -> None:
    shown = [frame for frame in played(one) if not frame.overdue]
    expected = {t: of_fold(replay(one, config(), known_by=t)) for t in {known_at(e) for e in one.entries}}

    assert len(shown) >= 2
    assert [frame.state for frame in shown] == [expected[frame.at] for frame in shown]


@settings(max_examples=40)
@given(any_record())
def test_as_it_was_each_frame_has_the_state_of_that_time_with_todays_knowledge(one: Record) -> None:
    shown = [f for f in frames(one, config(), "as_it_was") if not f.overdue]
    last = {frame.at: frame.state for frame in shown}

    assert last == {t: of_fold(replay(one, config(), as_of=t)) for t in last}
    assert [frame.at for frame in shown] == sorted(frame.at for frame in shown)


def test_a_late_entry_appears_when_it_became_known() -> None:
    found = [(f"{f.at:%H:%M}", f.state.severity, f.late) for f in played(record(FIXING + LATE)) if f.entry]

    assert found[-3:] == [("10:20", "SEV3", 0), ("10:25", "SEV3", 900), ("10:30", "SEV3", 900)]


def test_as_it_was_a_late_entry_appears_when_it_happened_and_says_how_late_it_was_known() -> None:
    found = [(f"{f.at:%H:%M}", f.state.severity, f.late) for f in frames(record(FIXING + LATE), config(), "as_it_was")]

    assert found[-3:] == [("10:10", "SEV2", 900), ("10:15", "SEV2", 900), ("10:20", "SEV3", 0)]


def test_a_correction_and_a_retraction_change_the_state_only_from_then_on() -> None:
    timeline = f"""{FIXING}
    - {{kind: severity, id: s2, at: "10:10", to: SEV2, reason: Only some}}
    - {{kind: correction, at: "10:20", of: s2, set: {{to: SEV3}}}}
    - {{kind: retraction, at: "10:30", of: s2, reason: Wrong incident}}
    """

    known = [f.state.severity for f in played(record(timeline))][-3:]
    was = [kind_of(f.entry) for f in frames(record(timeline), config(), "as_it_was") if f.entry]

    assert known == ["SEV2", "SEV3", "SEV1"]
    assert "severity" not in was
    assert "correction" not in was


def test_a_promise_that_passes_has_a_frame_of_its_own_once() -> None:
    found = story(played(record(FIXING + UPDATES + '- {kind: note, at: "10:38", text: On it}\n')))

    assert found[-4:] == [("10:06", "update", 0), ("10:36", "overdue", 0), ("10:38", "note", 0), ("10:40", "update", 0)]


def test_nothing_is_overdue_after_the_end() -> None:
    found = story(played(record(RESOLVED + '- {kind: note, at: "15:00", text: Calm}\n')))

    assert "overdue" not in [kind for _, kind, _ in found]


def test_an_imported_incident_is_played_by_the_times_of_its_entries() -> None:
    assert [time for time, _, _ in story(played(imported(RESOLVED)))] == sorted(
        f"{e.at:%H:%M}" for e in record(RESOLVED).entries
    )
    assert {late for _, _, late in story(played(imported(RESOLVED)))} == {0.0}


def test_times_with_other_offsets_are_in_the_order_of_the_instants() -> None:
    one = record(FIXING + '- {kind: note, at: "2026-05-02T12:02:00+02:00", text: In Berlin}\n')

    assert [f.at for f in played(one)] == sorted(f.at for f in played(one))
    assert played(one)[1].at == datetime(2026, 5, 2, 12, 2, tzinfo=timezone(timedelta(hours=2))).astimezone(UTC)
    assert at("10:02") == played(one)[1].at
