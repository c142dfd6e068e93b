"""Times of other tools: RFC 3339 as it is, everything else with a repair, nothing by guess."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sevlog.adapters.importers.times import BadTime, read_time


def read(text: object) -> tuple[datetime | None, list[str]]:
    repairs: list[str] = []
    return read_time(text, "date", repairs), repairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-02T10:04:05.123Z", datetime(2026, 5, 2, 10, 4, 5, 123000, UTC)),
        ("2026-05-02T10:04:05-04:00", datetime(2026, 5, 2, 14, 4, 5, tzinfo=UTC)),
        ("2026-05-02T10:04:05-00:00", datetime(2026, 5, 2, 10, 4, 5, tzinfo=UTC)),
        ("2026-05-02T10:04:05.1239999Z", datetime(2026, 5, 2, 10, 4, 5, 123000, UTC)),
        ("2026-05-02 10:04:05 UTC", datetime(2026, 5, 2, 10, 4, 5, tzinfo=UTC)),
    ],
)
def test_a_time_with_a_zone_is_that_instant_to_the_millisecond(text: str, expected: datetime) -> None:
    assert read(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected", "repair"),
    [
        ("2020-12-07 13:00:00", datetime(2020, 12, 7, 13, tzinfo=UTC), "has no time zone: read as UTC"),
        ("2024-07-01T9:30:00-00:00", datetime(2024, 7, 1, 9, 30, tzinfo=UTC), "read as 2024-07-01T09:30:00Z"),
        ("2024-7-1T09:30:00Z", datetime(2024, 7, 1, 9, 30, tzinfo=UTC), "not well-formed"),
        ("2024-07-01", datetime(2024, 7, 1, tzinfo=UTC), "no time of day"),
        (datetime(2024, 7, 1, 9, 30), datetime(2024, 7, 1, 9, 30, tzinfo=UTC), "has no time zone: read as UTC"),  # noqa: DTZ001
    ],
)
def test_a_time_that_is_less_than_that_is_read_with_a_repair(text: object, expected: datetime, repair: str) -> None:
    found, repairs = read(text)

    assert found == expected
    assert len(repairs) == 1
    assert repair in repairs[0]


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01T00:00:00Z", "2026-05-02T25:00:00Z", 1714640400, True, []])
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(BadTime, match="date"):
        read(text)


@pytest.mark.parametrize("text", [None, "", "  "])
def test_nothing_is_no_time_and_no_mistake(text: object) -> None:
    assert read(text) == (None, [])
