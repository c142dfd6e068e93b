"""Which part of a time does not exist."""

from __future__ import annotations

import pytest

from sevlog.model.impossible_time import impossible_part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2026-11-23 25:05", "there is no hour 25, the last one is 23"),
        ("25:05", "there is no hour 25, the last one is 23"),
        ("yesterday 24:00", "there is no hour 24, the last one is 23"),
        ("2026-11-23T14:60:00Z", "there is no minute 60, the last one is 59"),
        ("2026-11-23T14:07:60Z", "there is no second 60, the last one is 59"),
        ("2026-13-01T00:00:00Z", "there is no month 13"),
        ("2026-02-30T00:00:00Z", "there is no day 2026-02-30"),
        ("0000-02-10", "there is no day 0000-02-10"),
        ("2028-02-29 23:59:59+14:00", None),
        ("2026-11-23T14:07", None),
        ("2026-11-23T14:07:30.123456Z", None),
        ("ten past ten", None),
        ("", None),
    ],
)
def test_the_part_of_a_time_that_does_not_exist_is_named(text: str, part: str | None) -> None:
    assert impossible_part(text) == part
