"""Tables, lists of terms, and links of the internal pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ..markup.html import EMPTY, Child, Html, join, tag

FOLDER = "internal/"
SECTIONS = (
    ("board", "Board"),
    ("incidents", "Incidents"),
    ("actions", "Action items"),
    ("problems", "Problems"),
    ("metrics", "Metrics"),
    ("on-call", "On call"),
    ("handbook", "Handbook"),
)
"""The last part of the address, and the title, of each page that the bar names."""


def address(name: str) -> str:
    """The path of an internal page."""
    return f"{FOLDER}{name}/"


def moment(at: datetime | None) -> Child:
    """A time in UTC, to the minute, for people and machines."""
    if at is None:
        return "–"
    return tag("time", f"{at:%Y-%m-%d %H:%M}Z", datetime=f"{at:%Y-%m-%dT%H:%M:%SZ}")


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[Child]]) -> Html:
    """A table that scrolls in its own box; the first cell of each row names it."""
    head = tag("tr", [tag("th", heading, scope="col") for heading in headings])
    lines = [
        tag("tr", tag("th", row[0], scope="row"), [tag("td", cell if cell is not None else "–") for cell in row[1:]])
        for row in rows
    ]
    made = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", lines))
    return tag("div", made, class_="internal-scroll", tabindex=0, role="region", aria_label=caption)


def section(title: str, *children: Child, level: int = 2, anchor: str | None = None) -> Html:
    """A part of a page under its heading; nothing where it is empty."""
    inner = join(*children)
    return tag("section", tag(f"h{level}", title, id=anchor), inner) if inner else EMPTY


def bullets(items: Iterable[Child]) -> Html:
    """A list; nothing where it is empty."""
    lines = [tag("li", item) for item in items]
    return tag("ul", lines) if lines else EMPTY


def terms(pairs: Iterable[tuple[str, Child]]) -> Html:
    """Words with what they are; those without a value are left out."""
    rows = [tag("div", tag("dt", word), tag("dd", value)) for word, value in pairs if value]
    return tag("dl", rows, class_="internal-terms") if rows else EMPTY


STYLE = """\
.internal-bar { border-block: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
.internal-bar { margin-block: 0 1.5rem; padding-block: .5rem; }
.internal-bar strong { margin-inline-end: 1rem; }
.internal-bar ul { display: inline; margin: 0; padding: 0; list-style: none; }
.internal-bar li { display: inline-block; margin-inline-end: 1rem; }
.internal-bar [aria-current] { font-weight: 700; }
.internal { overflow-wrap: break-word; }
.internal thead th, .internal time { white-space: nowrap; }
.internal h2 { margin: 2rem 0 .5rem; }
.internal h3 { margin: 1.25rem 0 .25rem; }
.internal ul, .internal ol { padding-inline-start: 1.25rem; }
.internal li { margin-block: .15rem; }
.internal-scroll { overflow-x: auto; }
.internal table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.internal caption { text-align: start; font-weight: 600; padding-block: .25rem; }
.internal th, .internal td { padding: .3rem .9rem .3rem 0; text-align: start; vertical-align: top; }
.internal td { overflow-wrap: normal; }
.internal tr { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.internal-terms div { display: flex; flex-wrap: wrap; gap: 0 .75rem; }
.internal-terms dt { font-weight: 600; min-width: 11rem; }
.internal-terms dd { margin: 0; }
.internal-late { font-weight: 700; }
.internal-timeline { padding: 0 !important; list-style: none; }
.internal-timeline > li { display: grid; grid-template-columns: 9.5rem 1fr; gap: 0 .75rem; margin-block: .4rem; }
.internal-timeline .said { margin: 0; }
.internal-timeline .known { opacity: .75; }
@media (max-width: 40rem) {
  .internal-timeline > li { grid-template-columns: 1fr; }
  .internal-terms dt { min-width: 0; }
}
@media print { .internal-bar { display: none; } }
"""
"""The style sheet of the internal pages."""
