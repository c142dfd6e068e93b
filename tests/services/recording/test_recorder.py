"""How an act becomes entries, a judgement and a commit message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from fixtures.repositories import Repository
from sevlog.errors import Refused, UsageError
from sevlog.model.timeline.entries import Note, Raised, SeverityChanged
from sevlog.model.timeline.incident import IncidentCard, Record
from sevlog.services.common.outcome import Outcome
from sevlog.services.recording.recorder import Act, Actor, Options, actor, record_act
from sevlog.services.workspace.workspace import Workspace

NOW = datetime(2026, 11, 23, 14, 7, 30, 123000, tzinfo=UTC)
CARD = IncidentCard(schema=1, title="Checkout fails", kind="incident", summary="s")
ID = "2026-11-23-checkout-fails"
RAISED = Raised(at=NOW, by="ana", severity="SEV2", priority="P2", components={"checkout": "partial_outage"})


def done(records: Repository, *entries: Note | SeverityChanged, at: datetime = NOW, summary: str = "x") -> Outcome:
    workspace = Workspace(records.root, clock=lambda: NOW)
    record = Record(id=ID, card=CARD, entries=(RAISED,))
    who = Actor(person="ana", at=at, now=NOW)
    return record_act(workspace, record, Act(entries=entries, summary=summary), Options(dry_run=True), who)


def test_entries_are_stamped_with_time_person_and_an_id_of_their_own(records: Repository) -> None:
    outcome = done(records, Note(at=NOW, text="one"), Note(at=NOW, text="two"))

    assert outcome.entries == ("20261123T140730.123Z-note", "20261123T140730.123Z-note-2")
    first, second = outcome.files.values()
    assert "id:" not in first
    assert "id: 20261123T140730.123Z-note-2\n" in second
    assert "by: ana\n" in first
    assert "recorded_at" not in first


def test_a_time_that_was_typed_leaves_when_it_was_recorded_and_an_id_by_content(records: Repository) -> None:
    earlier = NOW - timedelta(minutes=3)
    one = done(records, Note(at=earlier, text="one"), at=earlier)
    two = done(records, Note(at=earlier, text="two"), at=earlier)

    assert one.entries != two.entries
    assert one.entries == done(records, Note(at=earlier, text="one"), at=earlier).entries
    assert "recorded_at: 2026-11-23T14:07:30.123Z" in next(iter(one.files.values()))


@pytest.mark.parametrize(
    ("summary", "subject"),
    [
        ("two\nlines  of text", f"incident({ID}): two lines of text"),
        ("x" * 200, f"incident({ID}): {'x' * (99 - len(f'incident({ID}): '))}…"),
        ("Zahlungen gestört 🚒", f"incident({ID}): Zahlungen gestört 🚒"),
    ],
)
def test_the_subject_is_one_line_of_at_most_100_characters(records: Repository, summary: str, subject: str) -> None:
    message = done(records, Note(at=NOW, text="x"), summary=summary).message

    assert message.split("\n")[:2] == [subject, ""]
    assert len(subject) <= 100


def test_trailers_tell_severity_where_it_changes(records: Repository) -> None:
    message = done(records, SeverityChanged(at=NOW, to="SEV1", reason="worse")).message

    assert message.split("\n")[2:] == [f"Incident: {ID}", "Entry: 20261123T140730.123Z-severity", "Severity: SEV1", ""]


def test_a_text_cannot_forge_a_trailer(records: Repository) -> None:
    message = done(records, Note(at=NOW, text="x"), summary="x\n\nIncident: other\nEntry: forged").message

    assert message.split("\n")[0].endswith("x Incident: other Entry: forged")
    assert message.count("\nIncident: ") == 1


def test_a_little_ahead_is_a_clock_that_is_wrong_and_much_ahead_is_a_mistake(records: Repository) -> None:
    workspace = Workspace(records.root, clock=lambda: NOW)

    assert actor(workspace, Options(person="ana", at=NOW + timedelta(minutes=4))).at == NOW
    with pytest.raises(UsageError, match="is in the future"):
        actor(workspace, Options(person="ana", at=NOW + timedelta(minutes=6)))


def test_what_was_wrong_before_is_not_held_against_an_act(records: Repository) -> None:
    """A record with an illegal step in its past can still be written to."""
    workspace = Workspace(records.root, clock=lambda: NOW)
    broken = Record(id=ID, card=CARD, entries=(RAISED, replace(RAISED, at=NOW - timedelta(hours=1))))
    who = Actor(person="ana", at=NOW, now=NOW)
    outcome = record_act(
        workspace, broken, Act(entries=(Note(at=NOW, text="x"),), summary="x"), Options(dry_run=True), who
    )
    assert outcome.state.problems

    again = [replace(RAISED)]
    with pytest.raises(Refused):
        record_act(workspace, broken, Act(entries=tuple(again), summary="x"), Options(dry_run=True), who)


@pytest.mark.parametrize("text", ["…", "...", " URL "])
def test_the_placeholder_of_a_hint_is_not_recorded_as_a_text(records: Repository, text: str) -> None:
    with pytest.raises(UsageError, match="is a placeholder; nothing was recorded"):
        done(records, Note(at=NOW, text=text))


def test_dots_within_a_text_are_no_placeholder(records: Repository) -> None:
    assert done(records, Note(at=NOW, text="waiting …")).entries
