"""The languages in which the public pages are shipped. Their words are in data/languages/."""

from __future__ import annotations

from collections.abc import Iterable

SHIPPED = ("en", "de", "fr", "es", "ja")
"""English is the first: it is the language where no other is known."""


def shipped_language(tag: str) -> str | None:
    """The shipped language of a tag such as de-AT; None if there is none."""
    language = tag.lower().split("-")[0]
    return language if language in SHIPPED else None


def shipped_languages(tags: Iterable[str]) -> tuple[str, ...]:
    """The shipped languages of the tags, each once, in their order; English if there is none."""
    found = dict.fromkeys(language for tag in tags if (language := shipped_language(tag)) is not None)
    return tuple(found) or SHIPPED[:1]
