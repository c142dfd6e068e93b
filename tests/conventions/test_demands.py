"""docs/demands.md and the tests that carry its numbers stay in step."""

from __future__ import annotations

import pytest

from conventions.demands import demands_with_tests, named_demands, read_demands


def test_all_91_demands_are_listed_in_order() -> None:
    demands, _ = demands_with_tests()

    assert list(demands) == [f"S{number}" for number in range(1, 92)]


def test_every_demand_called_done_has_a_test() -> None:
    demands, _ = demands_with_tests()

    assert [d.number for d in demands.values() if d.state == "done" and not d.tests] == []


def test_every_demand_with_a_test_is_at_least_called_partly_done() -> None:
    demands, _ = demands_with_tests()

    assert [d.number for d in demands.values() if d.state == "later" and d.tests] == []


def test_no_marker_names_an_unknown_demand() -> None:
    assert demands_with_tests()[1] == []


def test_markers_count_on_functions_classes_and_modules() -> None:
    source = """
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.demand("S1")]

@pytest.mark.demand("S2", "S3")
def test_a(): ...

@pytest.mark.demand("S4")
class TestB:
    @pytest.mark.demand("S5")
    def test_c(self): ...

@pytest.mark.demand("S6")
def not_a_test(): ...
"""
    assert list(named_demands(source)) == [
        ("test_a", "S1"),
        ("test_a", "S2"),
        ("test_a", "S3"),
        ("TestB::test_c", "S1"),
        ("TestB::test_c", "S4"),
        ("TestB::test_c", "S5"),
    ]


@pytest.mark.parametrize(
    "row",
    ["| S1 | text | finished |", "| S1 | text | partly |", "| S1 | text |", "| S1 | a | done |\n| S1 | b | done |"],
)
def test_a_row_out_of_shape_is_told(row: str) -> None:
    with pytest.raises(ValueError, match="S1"):
        read_demands(row)
