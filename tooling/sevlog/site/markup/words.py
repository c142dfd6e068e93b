"""The words of the public pages in one language, from data/languages/, and how it writes numbers, lists and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import get_args

from msgspec import convert

from ...model.languages import SHIPPED
from ...model.public import uptime
from ...model.vocabulary import IMPACTS, INCIDENT_PHASES, MAINTENANCE_PHASES, Impact, PageImpact, Phase
from ...stores import resources
from ...stores.yaml import plain as yaml_plain
from .html import Html, escape

Text = str | list[str] | dict[str, str]
"""A text, a list such as the months, or the forms of a text for numbers (`one`, `other`)."""

PLACE = re.compile(r"\{([a-z]+)\}")
_ONE: dict[str, tuple[int, ...]] = {"fr": (0, 1)}
"""The numbers with the form `one`, where it is not 1 alone."""


class Words:
    """One language. Call it with a key and the values of its places."""

    def __init__(self, language: str, texts: Mapping[str, Text]) -> None:
        self.language = language
        self._texts = {key: text for key, text in texts.items() if isinstance(text, str)}
        self._forms = {key: text for key, text in texts.items() if isinstance(text, dict)}
        self._lists = {key: text for key, text in texts.items() if isinstance(text, list)}
        self.months, self.short_months = self._lists["date.months"], self._lists["date.short"]
        self.impact: dict[Impact, str] = {state: self(f"impact.{state}") for state in IMPACTS}
        self.inline: dict[Impact, str] = {state: self(f"inline.{state}") for state in IMPACTS}
        self.headline: dict[Impact, str] = {state: self(f"headline.{state}") for state in IMPACTS}
        self.phase: dict[Phase, str] = {key: self(f"phase.{key}") for key in (*INCIDENT_PHASES, *MAINTENANCE_PHASES)}
        self.level: dict[PageImpact, str] = {key: self(f"level.{key}") for key in get_args(PageImpact)}
        self.page_impact: dict[PageImpact, str] = {key: self(f"page_impact.{key}") for key in get_args(PageImpact)}
        # An instance lives as long as the process, and so do its caches.
        self.day = lru_cache(maxsize=4096)(self._day)
        self._length = lru_cache(maxsize=4096)(self._minutes)
        self._parts = cache(self._split)

    def __call__(self, key: str, **values: str | int) -> str:
        """The text of a key, with its places filled in."""
        text = self._texts[key]
        return text.format_map(values) if values else text

    def html(self, key: str, **values: str) -> Html:
        """The same as markup: a value that is Html stays, all else is escaped."""
        parts = self._parts(key)
        if len(parts) == 3:
            return Html(f"{parts[0]}{escape(values[parts[1]])}{parts[2]}")
        return Html("".join([escape(values[part]) if at % 2 else part for at, part in enumerate(parts)]))

    def _split(self, key: str) -> tuple[str, ...]:
        """Text, place, text, …, with the texts escaped."""
        return tuple(part if at % 2 else escape(part) for at, part in enumerate(PLACE.split(self._texts[key])))

    def count(self, key: str, number: int, **values: str) -> str:
        """A text with a number, in the form for that number: 1 incident, 1,204 incidents."""
        return self.form(key, number).format_map({"n": self.number(number), **values})

    def form(self, key: str, number: int) -> str:
        """The form for a number, with its places."""
        forms = self._forms[key]
        return forms["one"] if "one" in forms and number in _ONE.get(self.language, (1,)) else forms["other"]

    def forms(self, key: str) -> dict[str, str]:
        """All forms of a text with a number."""
        return self._forms[key]

    def number(self, number: int) -> str:
        """1,204."""
        return f"{number:,}".replace(",", self("thousands"))

    def percent(self, share: float) -> str:
        """99.95%, cut and never rounded up."""
        return self("percent", n=uptime.percent(share).replace(".", self("decimal")))

    def listed(self, names: list[str]) -> str:
        """Names as a list in a sentence: a, b and c."""
        if len(names) < 2:
            return "".join(names)
        return self("list.and", before=self.comma(names[:-1]), last=names[-1])

    def comma(self, parts: Iterable[str]) -> str:
        """Parts of a sentence, one after the other: a, b, c."""
        return self("list.comma").join(parts)

    def duration(self, length: timedelta) -> str:
        """1 min, 2 h 5 min, 3 d 4 h: two units at most, never less than a minute and never negative."""
        return self._length(max(int(length.total_seconds() + 30) // 60, 1))

    def _minutes(self, minutes: int) -> str:
        days, rest = divmod(minutes, 1440)
        hours, minutes = divmod(rest, 60)
        units = (
            (("unit.days", days), ("unit.hours", hours)) if days else (("unit.hours", hours), ("unit.minutes", minutes))
        )
        parts = [self(key, n=number) for key, number in units if number]
        return parts[0] if len(parts) == 1 else self("unit.both", large=parts[0], small=parts[1])

    def _day(self, on: date) -> str:
        """23 Nov 2026."""
        return self("date.day", day=on.day, short=self.short_months[on.month - 1], year=on.year)

    def long_day(self, on: date) -> str:
        """Monday, 23 November 2026."""
        weekday = self._lists["date.weekdays"][on.weekday()]
        return self("date.long", weekday=weekday, day=on.day, month=self.months[on.month - 1], year=on.year)

    def month(self, year: int, number: int) -> str:
        """November 2026."""
        return self("date.month", month=self.months[number - 1], year=year)


def catalog(language: str) -> dict[str, Text]:
    """The texts of a shipped language by key."""
    data = resources.shipped(f"languages/{language}.yaml").encode()
    return convert(yaml_plain.read_plain(data), dict[str, Text])


@cache
def words_of(language: str) -> Words:
    """The words of a shipped language."""
    return Words(language, catalog(language))


def english() -> Words:
    """The language of the pages for colleagues."""
    return words_of(SHIPPED[0])
