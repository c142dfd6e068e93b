"""Badges: a picture of the page's state and of each component's, and the document that shields.io reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from msgspec import json

from ...model.vocabulary import Impact
from ..markup.html import Html, escape, tag
from ..markup.words import Words
from ..pages.home import headline_state
from ..pages.view import SiteView, component_path

_PAINT: dict[Impact, str] = {
    "operational": "#146c4a",
    "under_maintenance": "#3f4fb8",
    "degraded_performance": "#855700",
    "partial_outage": "#ad3f08",
    "major_outage": "#ad1133",
}
"""The light theme's colors of sevlog.css, which a picture cannot read. White text has enough contrast on each."""
_LABEL_PAINT = "#3b444b"
_LONGEST = 40
_PAD, _HEIGHT = 7, 20


def badges(view: SiteView) -> Iterator[tuple[str, bytes]]:
    """Path below the site, and content. A badge contains no time: it changes only when its state does."""
    state = headline_state(view)
    yield "badge.svg", badge(view.words, view.page.name, state)
    facts = {"schemaVersion": 1, "label": _short(view.page.name), "message": view.words.impact[state]}
    yield "badge.json", json.encode({**facts, "color": _PAINT[state].removeprefix("#"), "cacheSeconds": 300})
    for component in view.site.components:
        if not component.retired:
            yield f"{component_path(component)}badge.svg", badge(view.words, component.name, component.status)


def badge(words: Words, label: str, state: Impact) -> bytes:
    """The picture: a label, and the state beside it."""
    texts = (_short(label), words.impact[state])
    left, right = (_width(text) + 2 * _PAD for text in texts)
    said = escape(f"{texts[0]}: {texts[1]}")
    clip = Html(f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>')
    boxes = (
        Html(f'<rect width="{left}" height="{_HEIGHT}" fill="{_LABEL_PAINT}"/>'),
        Html(f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{_PAINT[state]}"/>'),
    )
    written = [_text(texts[0], 0, left), _text(texts[1], left, right)]
    attributes = f'width="{left + right}" height="{_HEIGHT}" role="img" aria-label="{said}"'
    body = tag("g", boxes, clip_path="url(#r)") + tag(
        "g", written, fill="#fff", text_anchor="middle", font_family="Verdana,DejaVu Sans,sans-serif", font_size="11"
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><title>{said}</title>{clip}{body}</svg>\n'.encode()


def _text(text: str, start: int, width: int) -> Html:
    """A text in the middle of its box. `textLength` fits it, whatever font the reader has."""
    return Html(f'<text x="{start + width / 2:g}" y="14" textLength="{width - 2 * _PAD}">{escape(text)}</text>')


def _short(name: str) -> str:
    """A name in one line that is not too long."""
    line = " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split()) or "status"
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _width(text: str) -> int:
    """Its width in pixels, about, in Verdana of 11 pixels."""
    return round(sum(_advance(character) for character in text))


def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 11
    if character in "iIjl.,:;'|!()[] ":
        return 4.4
    return 9 if character in "mwMW@%" else 6.9
