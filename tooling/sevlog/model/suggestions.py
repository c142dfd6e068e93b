"""What was probably meant: the nearest known word, or the same text in the form that is asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most like, or None where none is. Case, hyphens and underscores count little."""
    from difflib import get_close_matches

    folded = {_folded(candidate): candidate for candidate in known}
    plain = _folded(word)
    if plain in folded:
        return folded[plain]
    swapped = [text for text in folded if _has_two_letters_swapped(plain, text)]
    if len(swapped) == 1:
        return folded[swapped[0]]
    close = get_close_matches(plain, list(folded), n=1, cutoff=0.7)
    if close:
        return folded[close[0]]
    starts = [candidate for text, candidate in folded.items() if len(plain) >= 3 and text.startswith(plain)]
    if len(starts) == 1:
        return starts[0]
    parts = [
        c for text, c in folded.items() if len(text) >= 4 and (text in plain or (len(plain) >= 4 and plain in text))
    ]
    return parts[0] if len(parts) == 1 else None


def reshaped(text: str, pattern: str) -> str | None:
    """The text in other letters or with other separators, such that the pattern takes it; None where none does."""
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
    """Whether two neighbours changed places: the slip of a fast hand, which a count of common letters ranks low."""
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    return len(one) == len(other) and len(places) == 2 and places[1] == places[0] + 1 and sorted(one) == sorted(other)


def _folded(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_").strip("_")
