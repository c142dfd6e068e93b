"""The times that people type."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sevlog.errors import UsageError
from sevlog.services.common.time_input import read_time, span, told

NOW = datetime(2026, 11, 23, 14, 7, 30, 123000, tzinfo=UTC)


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-23T14:07:30.123"),
        ("-10m", "2026-11-23T13:57:30"),
        ("+2h", "2026-11-23T16:07:30"),
        ("-90s", "2026-11-23T14:06:00"),
        ("-1w", "2026-11-16T14:07:30"),
        ("2026-11-23T14:07:30Z", "2026-11-23T14:07:30"),
        ("2026-11-23T14:07:30.5+01:00", "2026-11-23T13:07:30.5"),
        ("2026-11-23 14:07-05:00", "2026-11-23T19:07:00"),
        (" 2026-11-23T14:07:30.123456Z ", "2026-11-23T14:07:30.123"),
    ],
)
def test_a_time_is_read_in_utc_and_to_the_millisecond(text: str, expected: str) -> None:
    assert read_time(text, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    ("text", "past", "expected"),
    [
        ("15:07", False, "2026-11-24T14:07:00"),
        ("15:07", True, "2026-11-23T14:07:00"),
        ("15:07:30", True, "2026-11-23T14:07:30"),
        ("15:08", True, "2026-11-22T14:08:00"),
        ("15:08", False, "2026-11-23T14:08:00"),
        ("9:30", True, "2026-11-23T08:30:00"),
    ],
)
def test_a_clock_time_is_the_last_one_or_the_next_one(text: str, past: bool, expected: str) -> None:
    assert read_time(text, NOW, past=past) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.usefixtures("in_berlin")
def test_a_clock_time_has_the_offset_of_its_own_hour_on_the_day_the_clocks_change() -> None:
    evening = datetime(2026, 10, 25, 18, 0, tzinfo=UTC)  # the clocks went back at 3 o'clock in the night

    assert read_time("01:30", evening, past=True) == datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    assert read_time("04:30", evening, past=True) == datetime(2026, 10, 25, 3, 30, tzinfo=UTC)


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    ("text", "past", "expected"),
    [
        ("yesterday 23:50", True, "2026-11-22T22:50:00"),
        ("Yesterday  23:50:10", False, "2026-11-22T22:50:10"),
        ("today 9:00", True, "2026-11-23T08:00:00"),
        ("tomorrow 22:00", False, "2026-11-24T21:00:00"),
        ("tomorrow 22:00", True, "2026-11-24T21:00:00"),
        ("sunday 02:00", True, "2026-11-22T01:00:00"),
        ("sunday 02:00", False, "2026-11-29T01:00:00"),
        ("monday 02:00", True, "2026-11-23T01:00:00"),
        ("mon 02:00", False, "2026-11-30T01:00:00"),
        ("monday 23:00", True, "2026-11-16T22:00:00"),
        ("25 December 09:00", True, "2025-12-25T08:00:00"),
        ("25 December 09:00", False, "2026-12-25T08:00:00"),
        ("3 march 09:00", True, "2026-03-03T08:00:00"),
        ("3 march 09:00", False, "2027-03-03T08:00:00"),
    ],
)
def test_a_day_with_a_time_is_read_by_the_clock_of_the_machine(text: str, past: bool, expected: str) -> None:
    assert read_time(text, NOW, past=past) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "2026-11-22 23:50 UTC"),
        ("Europe/Berlin", "2026-11-22 23:50 CET (22:50 UTC)"),
        ("America/New_York", "2026-11-22 23:50 EST (2026-11-23 04:50 UTC)"),
        ("Asia/Kolkata", "2026-11-22 23:50 IST (18:20 UTC)"),
        ("America/Sao_Paulo", "2026-11-22 23:50 -03:00 (2026-11-23 02:50 UTC)"),
    ],
)
def test_the_same_words_are_another_instant_in_another_zone_and_told_with_it(
    zone: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        said = told(read_time("yesterday 23:50", NOW, past=True))
    time.tzset()

    assert said == expected


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    ("now", "text", "past", "expected"),
    [
        ("2026-10-25T00:45:00Z", "02:30", True, "2026-10-25 02:30 CEST (00:30 UTC)"),
        ("2026-10-25T01:45:00Z", "02:30", True, "2026-10-25 02:30 CET (01:30 UTC)"),
        ("2026-10-25T01:15:00Z", "02:30", True, "2026-10-25 02:30 CEST (00:30 UTC)"),
        ("2026-10-24T12:00:00Z", "sunday 02:30", False, "2026-10-25 02:30 CEST (00:30 UTC)"),
        ("2026-03-29T12:00:00Z", "today 02:30", True, "2026-03-29 03:00 CEST (01:00 UTC)"),
        ("2026-10-25T12:00:00Z", "yesterday 23:50", True, "2026-10-24 23:50 CEST (21:50 UTC)"),
        ("2026-10-25T12:00:00Z", "-12h", True, "2026-10-25 02:00 CEST (00:00 UTC)"),
        ("2026-10-25T12:00:00Z", "-11h", True, "2026-10-25 02:00 CET (01:00 UTC)"),
    ],
)
def test_over_a_change_of_clocks_each_time_has_its_own_offset(now: str, text: str, past: bool, expected: str) -> None:
    assert told(read_time(text, datetime.fromisoformat(now), past=past)) == expected


@pytest.mark.usefixtures("in_berlin")
def test_a_day_alone_is_its_beginning_where_a_range_is_meant() -> None:
    assert told(read_time("2026-11-20", NOW, past=True, days=True)) == "2026-11-20 00:00 CET (2026-11-19 23:00 UTC)"
    with pytest.raises(UsageError, match="`yesterday` is a day, not a time") as error:
        read_time("yesterday", NOW, past=True)
    assert error.value.hints == ("add the time: yesterday 14:07",)


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize("text", ["2026-07-01T10:00", "2026-07-01 10:00"])
def test_where_an_offset_is_missing_that_of_the_page_is_offered_and_not_the_machine_s(text: str) -> None:
    with pytest.raises(UsageError, match="has no UTC offset") as error:
        read_time(text, NOW, page=lambda: ZoneInfo("America/New_York"))

    assert error.value.hints == (
        "add the offset: 2026-07-01T10:00:00Z for UTC",
        "in the time zone of the status page (America/New_York): 2026-07-01T10:00:00-04:00",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "someday 14:00",
        "31 february 10:00",
        "24:00",
        "12:60",
        "10m",
        "- 10m",
        "-0m",
        "2026-11-23",
        "2026-11-23T14:07",
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "-99999w",
        "1969-12-31T23:59:59Z",
        "-١m",
    ],
)
def test_what_is_no_time_or_could_mean_any_zone_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(UsageError) as error:
        read_time(text, NOW)

    assert error.value.hints


def test_an_hour_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="`25:10` is not a time: there is no hour 25"):
        read_time("25:10", NOW)


def test_lengths_of_time() -> None:
    assert span("90s") == timedelta(seconds=90)
    with pytest.raises(UsageError, match="is not a duration"):
        span("soon")
