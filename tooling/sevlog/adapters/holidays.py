"""Public holidays of the world, from the library `holidays`: loaded only when a calendar is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from ..errors import InvalidRecord


@lru_cache(maxsize=512)
def public_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Day -> name of the public holidays in a year, days observed instead included.

    country: ISO 3166. subdivision: ISO 3166-2 without the country. Raises InvalidRecord for an unknown one.
    """
    import holidays

    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    except NotImplementedError:
        raise _unknown(country, subdivision) from None
    return dict(found)


def _unknown(country: str, subdivision: str | None) -> InvalidRecord:
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return InvalidRecord(
            f"oncall.yaml: unknown country `{country}` for public holidays", "use a two-letter ISO 3166 code such as DE"
        )
    parts = ", ".join(known[country]) or "none"
    return InvalidRecord(
        f"oncall.yaml: unknown subdivision `{subdivision}` of {country} for public holidays", f"subdivisions: {parts}"
    )
