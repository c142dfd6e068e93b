"""Rules for single words: those that make an error look small, and those that promise nothing that can be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import english
from .context import QUIET, Context, expressions, sentence, sentence_ends
from .finding import Place

_MINIMIZING = expressions(english.MINIMIZING)
_VAGUE = expressions(english.VAGUE)
_SPECIFIC = re.compile(r":|(?<!\w)by \w+ing\b|(?<!\w)(?:so that|such that|with an?|for each) ", re.IGNORECASE)
_CUSTOMERS = re.compile(r"\b(?:customers?|users?|clients?|merchants?|readers?)\b", re.IGNORECASE)
_QUIET_FOR_VAGUE = QUIET - {"actions"}


def minimizer(context: Context) -> Iterator[Place]:
    """ "Obviously", "simply", "just": words that say that it was easy to see or to do."""
    for paragraph in context.paragraphs(QUIET):
        text = paragraph.text
        ends, seen = sentence_ends(text), set[int]()
        for match in _MINIMIZING.finditer(text):
            number = sentence(text, ends, match.start()).number
            if number not in seen:
                seen.add(number)
                yield Place(paragraph.start + match.start(), paragraph.start + match.end())


def vague_words(context: Context) -> Iterator[Place]:
    """Intentions that nobody can check, in actions and lessons too."""
    for paragraph in context.paragraphs(_QUIET_FOR_VAGUE):
        text = paragraph.text
        ends, seen = sentence_ends(text), set[int]()
        for match in _VAGUE.finditer(text):
            around = sentence(text, ends, match.start())
            rest = around.behind[len(match[0]) :]
            if around.number in seen or _SPECIFIC.search(rest) or _CUSTOMERS.search(around.before):
                continue
            seen.add(around.number)
            yield Place(paragraph.start + match.start(), paragraph.start + match.end())
