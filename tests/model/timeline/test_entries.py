"""Entry ids, the kinds of entries, and their times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.timelines import entries
from sevlog.cli.output.times import stamp
from sevlog.model.forms import Instant
from sevlog.model.timeline.entries import KIND_BY_NAME, KINDS, AnyEntry, Note, entry_id, kind_of
from sevlog.model.vocabulary import compact, in_utc, instant

BERLIN = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 11, 23, 14, 7, 30, tzinfo=UTC), "20261123T140730Z"),
        (datetime(2026, 11, 23, 14, 7, 30, 500, tzinfo=UTC), "20261123T140730Z"),
        (datetime(2026, 11, 23, 14, 7, 30, 1000, tzinfo=UTC), "20261123T140730.001Z"),
        (datetime(2026, 11, 23, 14, 7, 30, 999_999, tzinfo=UTC), "20261123T140730.999Z"),
        (datetime(2026, 11, 24, 1, 7, 30, tzinfo=BERLIN), "20261123T230730Z"),
        (datetime(206, 1, 2, 3, 4, 5, tzinfo=UTC), "02060102T030405Z"),
        (datetime(1, 1, 1, 0, 0, tzinfo=BERLIN), "00010101T000000Z"),
        (datetime(9999, 12, 31, 23, 0, tzinfo=timezone(timedelta(hours=-3))), "99991231T235959.999Z"),
    ],
)
def test_the_compact_time_is_in_utc_to_the_millisecond(at: datetime, text: str) -> None:
    assert compact(at) == text


def test_the_first_and_the_last_hours_of_the_calendar_are_its_bounds_in_utc() -> None:
    assert in_utc(datetime(1, 1, 1, tzinfo=BERLIN)) == datetime(1, 1, 1, tzinfo=UTC)
    assert in_utc(datetime(1, 1, 1, 3, tzinfo=BERLIN)) == datetime(1, 1, 1, 1, tzinfo=UTC)
    assert in_utc(datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-3)))).year == 9999


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 11, 24, 1, 7, 30, tzinfo=BERLIN), "2026-11-23T23:07:30Z"),
        (datetime(2026, 11, 23, 14, 7, 30, 5999, tzinfo=UTC), "2026-11-23T14:07:30.005Z"),
        (datetime(2026, 11, 23, 14, 7, 30, 999, tzinfo=UTC), "2026-11-23T14:07:30Z"),
        (datetime(206, 1, 2, 3, 4, 5, tzinfo=UTC), "0206-01-02T03:04:05Z"),
        (datetime(1, 1, 1, tzinfo=BERLIN), "0001-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_written_in_utc_and_reads_back(at: datetime, text: str) -> None:
    assert instant(at) == text
    assert abs(msgspec.convert(text, Instant) - in_utc(at)) < timedelta(milliseconds=1)


def test_a_time_is_shown_in_utc_whatever_its_offset() -> None:
    assert stamp(datetime(2026, 11, 24, 1, 7, 30, tzinfo=BERLIN)) == "2026-11-23 23:07Z"


@given(st.datetimes(timezones=st.timezones()))
def test_every_time_has_a_compact_form_that_can_be_an_id(at: datetime) -> None:
    Note(at=at, text="Here", id=None)
    assert msgspec.convert({"kind": "note", "at": at, "text": "x", "id": compact(at)}, Note).id == compact(at)


def test_an_entry_is_called_by_its_id_else_by_time_and_kind() -> None:
    own, derived = entries("""
    - {kind: note, at: "10:00", text: Mine, id: my-own}
    - {kind: action_taken, at: "2026-05-02T12:01:02.003+02:00", type: change, text: Derived}
    """)

    assert entry_id(own) == "my-own"
    assert entry_id(derived) == "20260502T100102.003Z-action_taken"


def test_every_kind_is_found_by_its_word() -> None:
    assert len(KIND_BY_NAME) == len(KINDS)
    assert all(cls.__struct_config__.tag == word for word, cls in KIND_BY_NAME.items())
    assert kind_of(Note(at=datetime(2026, 5, 2, tzinfo=UTC), text="x")) == "note"


def test_the_kinds_are_those_of_the_contract() -> None:
    assert set(KIND_BY_NAME) == {
        "raised",
        "status",
        "severity",
        "priority",
        "assessment",
        "impact",
        "assigned",
        "released",
        "handover",
        "collaborator",
        "channel",
        "paged",
        "acknowledged",
        "escalated",
        "update",
        "observation",
        "theory",
        "experiment",
        "decision",
        "action_taken",
        "task",
        "runbook_step",
        "link",
        "alert",
        "note",
        "follow_up_idea",
        "correction",
        "retraction",
        "redaction",
        "override",
    }


def test_a_time_without_offset_an_unknown_key_and_an_unknown_kind_are_no_entries() -> None:
    good = {"kind": "note", "at": "2026-05-02T10:00:00Z", "text": "x"}

    assert msgspec.convert(good, AnyEntry)
    for bad in ({"at": "2026-05-02T10:00:00"}, {"txt": "x"}, {"kind": "memo"}, {"text": ""}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**good, **bad}, AnyEntry)
