"""The words of the widget in a shipped language: those of the pages, as its script asks for them."""

from __future__ import annotations

from msgspec import Struct

from ...model.vocabulary import Impact
from ..markup.words import words_of


class WidgetWords(Struct, frozen=True, kw_only=True):
    """`headline`: the state of all systems. `state`: of named components. The others are notes and labels.

    `{n}` is a number, `{name}` the name of the page.
    """

    headline: dict[Impact, str]
    state: dict[Impact, str]
    open: str
    maintenance: str
    old: str
    unknown: str
    dismiss: str
    label: str


def widget_words(language: str) -> WidgetWords:
    """The words of a shipped language."""
    words = words_of(language)
    return WidgetWords(
        headline=words.headline,
        state=words.impact,
        open=words("widget.open"),
        maintenance=words("in_progress"),
        old=words("widget.old"),
        unknown=words("widget.unknown"),
        dismiss=words("widget.dismiss"),
        label=words("widget.label"),
    )
