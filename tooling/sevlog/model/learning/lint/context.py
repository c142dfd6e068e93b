"""What the rules of the lint share: kinds of sections, sentences, and the names of people."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from msgspec import Struct

from ...comms.lint_words import MONTHS, ORDINARY_NAMES
from ...config.postmortem_lint import PostmortemLint
from . import english
from .document import Document, Paragraph, title_key
from .finding import Subject

Category = Literal["analysis", "impact", "summary", "timeline", "people", "actions", "support", "praise", "messages"]

_CATEGORIES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    ("timeline", re.compile(r"\A(?:[\w-]+ )?(?:timeline|chronology|sequence of events)(?: \(.{1,30}\)?)?\Z")),
    (
        "people",
        re.compile(r"\A(?:participants|responders|people(?: involved)?|roles|attendees|team|authors?|owners?)\Z"),
    ),
    ("actions", re.compile(r"\A(?:[\w-]+ )?(?:actions?|action items|follow-ups?|remediation|next steps)\Z")),
    (
        "support",
        re.compile(r"\A(?:supporting (?:data|information)|appendix|links|references|(?:raw )?(?:data|logs))\Z"),
    ),
    ("praise", re.compile(r"\b(?:went well|thanks|acknowledge?ments?|kudos|what limited it|mitigators)\b")),
    ("messages", re.compile(r"\A(?:messages|messaging|communications?)(?: sent)?\Z")),
    ("impact", re.compile(r"\Aimpact\b")),
    ("summary", re.compile(r"\b(?:summary|overview)\b")),
)
QUIET: frozenset[Category] = frozenset({"timeline", "people", "actions", "support", "messages"})
"""What was said and done at the time, or who took part: no analysis."""

_END_OF_SENTENCE = re.compile(r"[.!?]+[)'»”]*(?=\s)|\s\|")
NAME = "nameofaperson"
"""Stands for a name while the subject of a clause is searched."""
_WINDOW = 300
"""How far a rule looks around a word, in characters: sentences are shorter, and time stays linear."""


class Sentence(Struct, frozen=True):
    """The part of a sentence near a word: what is before the word, and what is behind its beginning."""

    number: int
    before: str
    behind: str


class Context(Struct, frozen=True, dict=True):
    """A postmortem under the lint."""

    document: Document
    subject: Subject
    settings: PostmortemLint

    @cached_property
    def categories(self) -> list[Category]:
        """The category of each section: that of its own title, else of the nearest title above that has one."""
        return [self._category(number) for number in range(len(self.document.sections))]

    def _category(self, number: int) -> Category:
        for title in self.document.titles(number):
            for category, pattern in _CATEGORIES:
                if pattern.search(title[:200]):
                    return category
        return "analysis"

    def paragraphs(self, without: frozenset[Category]) -> Iterator[Paragraph]:
        """The paragraphs outside of some kinds of sections."""
        categories = self.categories
        return (p for p in self.document.paragraphs if categories[p.section] not in without)

    @cached_property
    def _names(self) -> re.Pattern[str]:
        return _pattern(_names_of(self.subject, self.settings))

    def names(self, text: str) -> Iterator[re.Match[str]]:
        """The names and handles of people in a text. A name that is also a word counts inside a sentence only,
        capitalized and not as a month; a handle that is also a word counts behind an @."""
        for match in self._names.finditer(text):
            word = match[0]
            if (
                word.startswith("@")
                or " " in word
                or word.lower() not in ORDINARY_NAMES
                or (word[0].isupper() and word.lower() not in MONTHS and not _BEGINS.search(text, 0, match.start()))
            ):
                yield match


_BEGINS = re.compile(r"(?:\A|[.!?:])[\s\W]{0,5}\Z")


def _names_of(subject: Subject, settings: PostmortemLint) -> set[str]:
    words = {title_key(word) for word in subject.words}
    found = set[str](settings.names)
    for name in subject.people:
        parts = [part for part in name.split() if len(part) > 2 and (part[0].isupper() or " " not in name)]
        found |= {name, *parts} if " " in name else {f"@{name}", name, name.capitalize()}
    return {name for name in found if name and name.lower() not in words}


def _pattern(names: set[str]) -> re.Pattern[str]:
    chosen = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<![\w@./-])(?:{chosen})(?![\w/-]|\.\w|@)") if chosen else re.compile(r"(?!)")


def expressions(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Matches any of these expressions as whole words, ignoring case."""
    if not parts:
        return re.compile(r"(?!)")
    spaced = "|".join(part.replace(" ", r"\s{1,20}") for part in parts)
    return re.compile(rf"(?<![\w-])(?:{spaced})(?![\w-])", re.IGNORECASE)


def phrases(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches configured words or phrases; `*` matches the rest of a word."""
    return expressions(tuple(" ".join(re.escape(p).replace(r"\*", r"\w{0,40}") for p in w.split()) for w in words))


def sentence_ends(text: str) -> list[int]:
    """Where the sentences of a paragraph end."""
    return [match.end() for match in _END_OF_SENTENCE.finditer(text)]


def sentence(text: str, ends: list[int], place: int) -> Sentence:
    """The sentence around a place."""
    number = bisect_right(ends, place)
    start = ends[number - 1] if number else 0
    end = ends[number] if number < len(ends) else len(text)
    return Sentence(number, text[max(start, place - _WINDOW) : place], text[place : min(end, place + _WINDOW)])


def is_human_phrase(text: str) -> bool:
    """Whether the subject at the end of a text is a person or a group of people: "the engineer on call"."""
    for clause in reversed(_clauses(text)[-4:]):
        words = [word for word in clause if word not in english.ADVERBS]
        subject = _last_subject(words)
        if subject:
            return _head_is_human(subject)
    return False


_WORD = re.compile(r"[^\W_][\w'-]*|[,;:()–—|]")


def _clauses(text: str) -> list[list[str]]:
    clauses: list[list[str]] = [[]]
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if not word[0].isalnum() or (word in english.CONJUNCTIONS and word != "who"):
            clauses.append([])
        elif word == "who":
            clauses.append([word])
        else:
            clauses[-1].append(word)
    return clauses


def _last_subject(words: list[str]) -> list[str] | None:
    """The last noun phrase that stands behind no preposition, with what follows it."""
    start = None if not words or words[0] in english.PREPOSITIONS else 0
    for place in range(1, len(words)):
        begins = words[place] in english.DETERMINERS or words[place] in english.PRONOUNS
        if begins and words[place - 1] not in english.PREPOSITIONS and words[place - 1] not in english.QUANTIFIERS:
            start = place
    return None if start is None else words[start:]


def _head_is_human(words: list[str]) -> bool:
    cut = next((place for place, word in enumerate(words) if place and word in english.PREPOSITIONS), len(words))
    head = words[cut - 1]
    if head in english.QUANTIFIERS and cut < len(words) and words[cut] == "of":
        return bool(words[cut + 1 :]) and _head_is_human(words[cut + 1 :])
    return head in english.HUMANS or head == NAME
