"""The times that people type."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sevlog.errors import UsageError
from sevlog.services.moments import read_time, span

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
        ("15:07", False, "2026-11-23T14:07:00"),
        ("15:07:30", True, "2026-11-23T14:07:30"),
        ("15:08", True, "2026-11-22T14:08:00"),
        ("15:08", False, "2026-11-23T14:08:00"),
        ("9:30", True, "2026-11-23T08:30:00"),
    ],
)
def test_a_clock_time_is_todays_here_or_in_the_past_yesterdays(text: str, past: bool, expected: str) -> None:
    assert read_time(text, NOW, past=past) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.usefixtures("in_berlin")
def test_a_clock_time_has_the_offset_of_its_own_hour_on_the_day_the_clocks_change() -> None:
    evening = datetime(2026, 10, 25, 18, 0, tzinfo=UTC)  # the clocks went back at 3 o'clock in the night

    assert read_time("01:30", evening, past=True) == datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    assert read_time("04:30", evening, past=True) == datetime(2026, 10, 25, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "24:00", "12:60", "10m", "- 10m", "-0m", "2026-11-23", "2026-11-23T14:07", "2026-13-01T00:00:00Z",
     "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "-99999w", "1969-12-31T23:59:59Z", "-١m"],
)  # fmt: skip
def test_what_is_no_time_or_could_mean_any_zone_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(UsageError) as error:
        read_time(text, NOW)

    assert error.value.hints


def test_lengths_of_time() -> None:
    assert span("90s") == timedelta(seconds=90)
    with pytest.raises(UsageError, match="is not a length of time"):
        span("soon")
