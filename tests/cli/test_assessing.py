"""What people type to assess: numbers and ids of support cases, and factors that come and go."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository


def entry(records: Repository) -> dict[str, object]:
    row: dict[str, object] = records.tells("show")["timeline"][-1]["entry"]
    return {key: value for key, value in row.items() if key not in ("kind", "at", "by")}


@pytest.mark.demand("S44")
def test_a_number_of_support_cases_and_their_ids_add_up(records: Repository) -> None:
    records.raised()
    records.does("assess", "--support-cases", "1")

    records.does("assess", "--support-cases", "ZD-12", "--support-cases", "ZD-13,4711", "--support-cases", "88,")
    assert entry(records) == {"support_cases_added": ["ZD-12", "ZD-13", "4711", "88"]}
    shown = records.tells("show")["assessment"]
    assert (shown["support_cases"], shown["support_case_refs"]) == (4, ["ZD-12", "ZD-13", "4711", "88"])

    done = records.tells("assess", "--support-cases", "31", "--support-cases", "zd-12, ZD-14")
    assert entry(records) == {"support_cases": 31, "support_cases_added": ["ZD-14"]}
    assert done["hints"] == ["support case zd-12 is already listed"]
    assert "Support cases:    31" in records.does("show")
    assert "Support case refs: ZD-12, ZD-13, 4711, 88, ZD-14" in records.does("show")


@pytest.mark.demand("S45")
def test_a_factor_is_added_to_those_that_are_known_and_taken_away(records: Repository) -> None:
    records.raised()
    records.does("assess", "--factor", "security")
    records.does("assess", "--factor", "Social-Media", "--factor", "security")
    assert entry(records) == {"factors_added": ["social_media"]}
    assert records.tells("show")["assessment"]["factors"] == ["security", "social_media"]

    done = records.tells("assess", "--no-factor", "security", "--no-factor", "legal")

    assert entry(records) == {"factors_removed": ["security"]}
    assert done["hints"] == ["`legal` is not a factor (factors: security, social_media)"]
    assert records.tells("show")["assessment"]["factors"] == ["social_media"]


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (3, ("--no-factor", "legal"), "`legal` is not a factor (factors: security)"),
        (3, ("--factor", "security"), "`security` is already a factor"),
        (2, ("--support-cases=-5",), "--support-cases -5: not a number of cases, and not an id"),
        (3, ("--support-cases", "zd-1"), "support case zd-1 is already listed"),
        (2, ("--factor", "legal", "--no-factor", "legal"), "`legal` is given to --factor and to --no-factor"),
        (2, ("--support-cases", "5", "--support-cases", "6"), "if they are ids: --support-cases 5,6"),
    ],
)
def test_what_changes_nothing_is_not_recorded(
    records: Repository, code: int, words: tuple[str, ...], said: str
) -> None:
    records.raised()
    records.does("assess", "--factor", "security", "--support-cases", "ZD-1")

    assert said in records.refuses(code, "assess", *words)
