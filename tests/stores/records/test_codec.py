"""Between model values and plain data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import fields

from sevlog.errors import UsageError
from sevlog.model.timeline.entries import Assessment, Note, StatusChanged
from sevlog.model.timeline.incident import ActionItem, IncidentCard
from sevlog.model.vocabulary import instant
from sevlog.stores.records import codec

AT = datetime(2026, 11, 23, 15, 7, 30, 123456, tzinfo=timezone(timedelta(hours=1)))


def test_a_whole_value_has_the_keys_too_that_a_file_leaves_out() -> None:
    found = codec.whole(ActionItem(id="A1", title="Alert", owner="ana"))

    assert {*found} == {field.encode_name for field in fields(ActionItem)}
    assert (found["status"], found["class"], found["owner"], found["done_by"]) == ("idea", "improvement", "ana", [])


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (AT, "2026-11-23T14:07:30.123Z"),
        (AT.replace(microsecond=999), "2026-11-23T14:07:30Z"),
        (datetime(1970, 1, 1, tzinfo=UTC), "1970-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_written_in_utc_and_to_the_millisecond(at: datetime, text: str) -> None:
    assert instant(at) == text


def test_an_entry_has_its_keys_in_reading_order_and_no_defaults() -> None:
    entry = StatusChanged(at=AT, by="ana", to="fixing", from_="raised", text="x", public=True, id="abc")

    assert list(codec.entry_data(entry).items()) == [
        ("kind", "status"),
        ("at", "2026-11-23T14:07:30.123Z"),
        ("by", "ana"),
        ("id", "abc"),
        ("to", "fixing"),
        ("from", "raised"),
        ("text", "x"),
        ("public", True),
    ]
    assert codec.entry_data(Note(at=AT, text="x")) == {"kind": "note", "at": "2026-11-23T14:07:30.123Z", "text": "x"}


def test_times_deep_inside_are_texts_too() -> None:
    assert codec.with_times({"a": [AT, {"b": AT}], "c": (1, "x")}) == {
        "a": ["2026-11-23T14:07:30.123Z", {"b": "2026-11-23T14:07:30.123Z"}],
        "c": [1, "x"],
    }


def test_what_was_typed_becomes_a_value() -> None:
    made = codec.made({"kind": "assessment", "at": "2026-11-23T14:07:30Z", "scope": "all"}, Assessment, "entry")

    assert made == Assessment(at=datetime(2026, 11, 23, 14, 7, 30, tzinfo=UTC), scope="all")


def test_or_every_mistake_is_told_in_words() -> None:
    with pytest.raises(UsageError) as error:
        codec.made({"schema": 1, "titel": "x", "kind": "incdent"}, IncidentCard, "incident")

    said = "\n".join([error.value.message, *error.value.hints])
    assert "did you mean `title`?" in said
    assert "did you mean `incident`?" in said
    assert "msgspec" not in said
    assert "$" not in said
