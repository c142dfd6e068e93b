"""What an issue says of its action item: its title, and the lines of facts in its text. Other text is left alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct

FACTS = ("Incident", "Severity", "Class", "Due", "Owner")
"""The labels of the lines that sevlog writes, in their order."""
_FACT = re.compile(rf"(?:[-*] )?({'|'.join(FACTS)}): (.*)")
_Part = TypeVar("_Part")


class Content(Struct, frozen=True):
    """What an issue says, without regard to white space. facts: label and text."""

    title: str
    facts: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """A digest of all of it."""
        return hashlib.sha256(repr((self.title, self.facts)).encode()).hexdigest()[:12]

    def differs_in(self, other: Content) -> list[str]:
        """What is not the same, in words: title, due, owner."""
        here, there = dict(self.facts), dict(other.facts)
        names = [name.lower() for name in FACTS if here.get(name) != there.get(name)]
        return [*(["title"] if self.title != other.title else []), *names]


def content(title: str, facts: Iterable[tuple[str, str]]) -> Content:
    """The content, with single spaces."""
    return Content(_spaced(title), tuple((name, _spaced(text)) for name, text in facts))


def facts_in(lines: Iterable[str]) -> list[tuple[str, str]]:
    """The facts in the lines of a text, the first of each label."""
    found: dict[str, str] = {}
    for line in lines:
        match = fact_in(line)
        if match is not None:
            found.setdefault(*match)
    return [(name, found[name]) for name in FACTS if name in found]


def fact_in(line: str) -> tuple[str, str] | None:
    """Label and text, if a line is one that sevlog writes."""
    match = _FACT.fullmatch(line.strip())
    return (match[1], match[2]) if match else None


def replaced(parts: Sequence[_Part], new: Sequence[_Part], is_fact: Callable[[_Part], bool]) -> list[_Part]:
    """The parts of a text with other facts: where the first one was, or else at the beginning."""
    kept = [part for part in parts if not is_fact(part)]
    place = next((number for number, part in enumerate(parts) if is_fact(part)), 0)
    return [*kept[:place], *new, *kept[place:]]


def _spaced(text: str) -> str:
    return " ".join(text.split())
