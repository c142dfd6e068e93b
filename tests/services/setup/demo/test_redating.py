"""Dates in texts move by whole days, in every form that records use."""

from __future__ import annotations

import pytest

from sevlog.services.setup.demo.redating import redated


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("at: 2026-06-09T04:31:20.302Z", "at: 2026-06-19T04:31:20.302Z"),
        ("due: 2026-12-28", "due: 2027-01-07"),
        ("target: 2026-08-19-courier-routes-empty", "target: 2026-08-29-courier-routes-empty"),
        ("of: 20261231T054700.120Z-observation", "of: 20270110T054700.120Z-observation"),
        ("on 9 June, and on 24 October 2026", "on 19 June, and on 3 November 2026"),
        ("On Tuesday, 9 June 2026, the rotation", "On Friday, 19 June 2026, the rotation"),
        ("the night to Monday, 20 July, between", "the night to Thursday, 30 July, between"),
        ("29 December 2026", "8 January 2027"),
    ],
)
def test_a_date_moves(before: str, after: str) -> None:
    assert redated(before, 10, 2026) == after


@pytest.mark.parametrize(
    "text",
    [
        "key k-2026-23 and CHG-2026-100",
        "release 2026.22",
        "31 February",
        "2026-02-30",
        "in May",
        "until Monday",
        "12026-06-09",
        "5 Mayors",
        "160,000 codes",
        "t=20260609",
        "120260609T043120Z",
    ],
)
def test_what_only_looks_like_a_date_stays(text: str) -> None:
    assert redated(text, 10, 2026) == text


def test_no_days_change_nothing() -> None:
    assert redated("Friday, 9 June 2026", 0, 2026) == "Friday, 9 June 2026"


def test_back_and_forth_gives_the_text_again() -> None:
    text = "2026-03-29 and 20261025T010500Z, on Sunday, 25 October 2026"

    assert redated(redated(text, 200, 2026), -200, 2026) == text
