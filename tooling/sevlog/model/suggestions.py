"""Suggestions for a wrong value: the most similar known word, or the same text in the required form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

_CUTOFF = 0.7
"""How alike two words must be (difflib's ratio, 0 to 1) for one to be suggested for the other."""

_OTHER_NAMES = {
    "text": "string",
    "str": "string",
    "enum": "string",
    "int": "integer",
    "float": "number",
    "decimal": "number",
    "bool": "boolean",
    "datetime": "date",
    "day": "date",
    "array": "list",
}
"""Name of a type of values elsewhere -> its name in JSON Schema and sevlog.yaml."""


def type_by_another_name(word: str, known: Collection[str]) -> str | None:
    """The known type of values that other tools call `word`."""
    meant = _OTHER_NAMES.get(word.lower())
    return meant if meant in known else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint "did you mean `KNOWN`?" for an unknown word; empty where no known word, or more than one, is nearest."""
    close = nearest(word, known)
    return f"did you mean `{close}`?" if close is not None else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most similar to `word`; None where none is similar or two are equally so.

    Case, hyphens, underscores and spaces make no difference.
    """
    folded = {_folded(candidate): candidate for candidate in known}
    plain = _folded(word)
    if plain in folded:
        return folded[plain]
    swapped = [text for text in folded if _has_two_letters_swapped(plain, text)]
    if len(swapped) == 1:
        return folded[swapped[0]]
    close = _most_similar(plain, folded)
    if close:
        return folded[close[0]] if len(close) == 1 else None
    starts = [candidate for text, candidate in folded.items() if len(plain) >= 3 and text.startswith(plain)]
    if len(starts) == 1:
        return starts[0]
    parts = [
        c for text, c in folded.items() if len(text) >= 4 and (text in plain or (len(plain) >= 4 and plain in text))
    ]
    return parts[0] if len(parts) == 1 else None


def several_nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Up to `most` known words that are similar to `word`, the most similar first."""
    from difflib import get_close_matches

    folded = {_folded(candidate): candidate for candidate in known}
    return [folded[text] for text in get_close_matches(_folded(word), list(folded), n=most, cutoff=_CUTOFF)]


def _most_similar(word: str, known: Collection[str]) -> list[str]:
    """The known words with the highest similarity to `word`: two or more where they are equally similar."""
    from difflib import SequenceMatcher, get_close_matches

    close = get_close_matches(word, list(known), n=len(known) or 1, cutoff=_CUTOFF)
    matcher = SequenceMatcher(None, b=word)
    ratios: list[float] = []
    for text in close:
        matcher.set_seq1(text)
        ratios.append(matcher.ratio())
    return [text for text, ratio in zip(close, ratios, strict=True) if ratio == ratios[0]]


def reshaped(text: str, pattern: str) -> str | None:
    """The text with other letters or separators so that it matches the pattern; None where no form does."""
    ascii_text = unicodedata.normalize("NFKD", text.strip()).encode("ascii", "ignore").decode()
    if "http" in pattern and re.search(pattern, f"https://{text.strip()}") and "." in text:
        return f"https://{text.strip()}"
    length = re.fullmatch(r"([1-9][0-9]*) ?(s|m|h|d|w)[a-z]*", text.strip().lower())
    for candidate in (f"{length[1]}{length[2]}" if length else "", f"0{text}"):
        if candidate and re.search(pattern, candidate) and not re.search(pattern, "a"):
            return candidate
    level = re.fullmatch(r"[A-Za-z]+[ _-]?[0-9]", ascii_text)
    for separator in ("", "-", "_") if level else ("-", "_", "", "."):
        joined = re.sub(r"[^A-Za-z0-9]+", separator, ascii_text).strip("-_.")
        for candidate in (joined, joined.lower(), joined.upper()):
            if candidate and candidate != text and re.search(pattern, candidate):
                return candidate
    return None


def _has_two_letters_swapped(one: str, other: str) -> bool:
    """Whether two adjacent letters are swapped: a common typing error, which difflib ranks low."""
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    return len(one) == len(other) and len(places) == 2 and places[1] == places[0] + 1 and sorted(one) == sorted(other)


def _folded(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_").strip("_")
