"""What adds up in an assessment: support cases and factors."""

from __future__ import annotations

import pytest

from fixtures.timelines import RAISED, fold
from sevlog.model.timeline.state import AssessedFacts


def assessed(*rows: str) -> AssessedFacts:
    lines = (f'- {{kind: assessment, at: "10:{place + 10}", {row}}}' for place, row in enumerate(rows))
    return fold("\n".join((RAISED, *lines))).assessment


@pytest.mark.demand("S44")
@pytest.mark.parametrize(
    ("rows", "number", "refs"),
    [
        (("support_cases: 5", "support_cases_added: [Z-12, Z-13]"), 5, ("Z-12", "Z-13")),
        (("support_cases_added: [Z-12]", "support_cases: 5", "support_cases: 9"), 9, ("Z-12",)),
        (("support_cases: 1", "support_cases_added: [Z-12, Z-13]", "support_cases_added: [z-13]"), 2, ("Z-12", "Z-13")),
        (("support_cases_added: [Z-12, Z-12]",), ("Z-12",), ("Z-12",)),
        (("support_cases_added: [Z-12]", "support_cases: [Z-14]"), ("Z-14",), ("Z-14",)),
        (("support_cases: 0",), 0, None),
        (("scope: all",), None, None),
    ],
    ids=["number then ids", "ids then numbers", "more ids than the number", "ids", "a whole list", "none", "unknown"],
)
def test_the_number_of_support_cases_and_their_ids_are_kept_apart(
    rows: tuple[str, ...], number: object, refs: tuple[str, ...] | None
) -> None:
    found = assessed(*rows)

    assert (found.support_cases, found.support_case_refs) == (number, refs)


@pytest.mark.demand("S45")
@pytest.mark.parametrize(
    ("rows", "factors"),
    [
        (("factors_added: [security]", "factors_added: [legal, security]"), ("security", "legal")),
        (("factors: [security, legal]", "factors_removed: [security]"), ("legal",)),
        (("factors_added: [security]", "factors: [legal]"), ("legal",)),
        (("factors_added: [security]", "factors: [legal], factors_added: [load]"), ("legal",)),
        (("factors_added: [security]", "factors_removed: [security, load]"), ()),
    ],
    ids=["added", "removed", "a whole list replaces", "a whole list in the same entry", "none is left"],
)
def test_factors_are_added_and_removed_one_by_one(rows: tuple[str, ...], factors: tuple[str, ...]) -> None:
    assert assessed(*rows).factors == factors
