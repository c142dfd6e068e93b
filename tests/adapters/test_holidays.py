"""Public holidays from the library, as far as rotas need them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from sevlog.adapters.holidays import public_holidays
from sevlog.errors import InvalidRecord


@pytest.mark.demand("S20")
def test_holidays_of_a_country_and_of_a_part_of_it() -> None:
    assert public_holidays("DE", None, 2026)[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 11, 18) in public_holidays("DE", "SN", 2026)
    assert date(2026, 11, 18) not in public_holidays("DE", None, 2026)


def test_a_holiday_that_is_observed_on_another_day_counts_on_both() -> None:
    assert {date(2026, 7, 3), date(2026, 7, 4)} <= public_holidays("US", None, 2026).keys()


def test_a_country_that_is_not_known_is_told() -> None:
    with pytest.raises(InvalidRecord, match="unknown country `ZZ` for public holidays"):
        public_holidays("ZZ", None, 2026)


def test_a_part_of_a_country_that_is_not_known_is_told_with_those_that_are() -> None:
    with pytest.raises(InvalidRecord, match="`Saxony` of DE") as caught:
        public_holidays("DE", "Saxony", 2026)
    assert "SN" in caught.value.hints[0]


def test_the_library_is_loaded_only_when_it_is_asked() -> None:
    code = "import sys, sevlog.adapters.holidays, sevlog.services.oncall.shifts; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
