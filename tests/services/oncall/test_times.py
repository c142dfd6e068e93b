"""The times that people type about a rota, by the clock of its zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sevlog.errors import UsageError
from sevlog.services.common.time_input import read_when

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday, 13:00 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")


def read(text: str, zone: str = "Europe/Berlin", now: datetime = NOW) -> str:
    """The instant, or both ends of a day, by the clock of the zone."""
    found = read_when(text, now, ZoneInfo(zone))
    ends = [f"{end.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" for end in (found.start, found.end) if end]
    return " to ".join(ends)


@pytest.mark.demand("S19")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "11-25 13:00"),
        ("02:00", "11-26 02:00"),
        ("13:00", "11-25 13:00"),
        ("12:59", "11-26 12:59"),
        ("today 02:00", "11-25 02:00"),
        ("tomorrow", "11-26 00:00 to 11-27 00:00"),
        ("yesterday 23:30", "11-24 23:30"),
        ("sunday", "11-29 00:00 to 11-30 00:00"),
        ("Sun 2:00", "11-29 02:00"),
        ("wednesday", "11-25 00:00 to 11-26 00:00"),
        ("2026-12-25", "12-25 00:00 to 12-26 00:00"),
        ("2026-12-25T02:00", "12-25 02:00"),
        ("2026-12-25 02:00:00", "12-25 02:00"),
        ("25 December", "12-25 00:00 to 12-26 00:00"),
        ("December 25, 2026", "12-25 00:00 to 12-26 00:00"),
        ("3. march 09:00", "03-03 09:00"),
        ("2026-12-25T02:00Z", "12-25 03:00"),
        ("2026-12-25T02:00-05:00", "12-25 08:00"),
        ("+2h", "11-25 15:00"),
        ("-3d", "11-22 13:00"),
    ],
)
def test_a_time_is_read_by_the_clock_of_the_schedule(text: str, expected: str) -> None:
    assert read(text) == expected


def test_a_day_of_the_year_that_has_passed_is_next_year_s() -> None:
    assert read_when("3 March", NOW, BERLIN).start.year == 2027
    assert read_when("25 Nov", NOW, BERLIN).start.year == 2026


def test_the_same_words_are_another_instant_in_another_zone() -> None:
    found = [read_when("sunday 02:00", NOW, ZoneInfo(zone)).start for zone in ("Europe/Berlin", "America/New_York")]
    assert (found[1] - found[0]).total_seconds() == 6 * 3600


def test_a_time_that_the_clock_skips_is_when_it_jumps() -> None:
    assert read("2026-03-29T02:30") == "03-29 03:00"


@pytest.mark.parametrize("text", ["9999-12-31", "9998-01-01T00:00Z", "0001-01-01", "1969-12-31"])
def test_a_time_that_is_too_far_away_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="too far from now"):
        read_when(text, NOW, BERLIN)


@pytest.mark.parametrize(
    "text", ["", "noon", "25:00", "2026-02-30", "31 February", "sun mon", "02:60", "12", "do 02:00", "2026-13-01T02:00"]
)
def test_what_is_no_time_is_told_with_what_would_be(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_when(text, NOW, BERLIN)
    assert any("sunday 02:00" in hint for hint in caught.value.hints)
