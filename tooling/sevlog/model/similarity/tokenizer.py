"""The significant words of a text, stemmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_MOST_WORDS = 400
"""The most words of one field that count."""

_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts that put no spaces between words: each pair of them counts as a word."""

_COMMON_WORDS = """
a about after again all also an and any are as at back be because been before being both but by can could did do
does down for from get gets go goes had has have he her here his how i if in into is it its just like made make
more most much no none not now of off on once one only or other our out over own same see seen she since so some
still such than that the their them then there these they this those through to too under until up us very was we
were what when where which while who why will with without you your
aber alle als am an auch auf aus bei bis da das dass dem den der des die doch durch ein eine einem einen einer er
es für hat ich im in ist kein keine man mit nach nicht noch nur ob oder ohne seit sich sie sind so um und uns von
vor war was wenn wer werden wie wieder wir wird zu zum zur über
incident incidents problem problems issue issues customer customers user users
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Common English and German words, which are ignored."""


def words_of(text: str) -> Iterator[tuple[str, str]]:
    """Each significant word of a text: its stem, and the word in lower case."""
    for found in _WORD.findall(text):
        word = found.lower()
        if _WIDE.search(word):
            yield from ((word[at : at + 2], word[at : at + 2]) for at in range(max(1, len(word) - 1)))
        elif word not in _COMMON and (stem := _stem(word)):
            yield stem, word


def stems(text: str) -> tuple[str, ...]:
    """The stems of the significant words of a field, in order, with repetitions."""
    found = [stem for stem, _ in words_of(text[:20_000])]
    return tuple(found[:_MOST_WORDS])


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """The word without accents and common endings; empty if it is not significant (a single letter, a number)."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    if len(plain) < 2 or (plain.isdigit() and not 3 <= len(plain) <= 4):
        return ""
    if len(plain) < 5 or not plain.isascii() or not plain.isalpha():
        return plain[:-1] if len(plain) == 4 and plain[-1] == "s" and plain[-2] not in "su" else plain
    for ending, instead in (("sses", "ss"), ("ies", "y"), ("ings", ""), ("ing", ""), ("edly", ""), ("ed", "")):
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            return _single(plain[: -len(ending)] + instead)
    if plain.endswith("es") and len(plain) > 5:
        plain = plain[:-2]
    elif plain.endswith("s") and plain[-2] not in "sui":
        plain = plain[:-1]
    return plain.removesuffix("e")


def _single(word: str) -> str:
    """The word without a doubled last consonant (logg of logging), and without its mute e."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        return word[:-1]
    return word.removesuffix("e")
