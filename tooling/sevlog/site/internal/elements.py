"""Tables, lists of terms, and links of the internal pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from ..markup.html import EMPTY, Child, Html, join, tag

FOLDER = "internal/"
SECTIONS = (
    ("board", "Board"),
    ("incidents", "Incidents"),
    ("actions", "Action items"),
    ("problems", "Problems"),
    ("metrics", "Metrics"),
    ("on-call", "On call"),
    ("runbooks", "Runbooks"),
    ("handbook", "Handbook"),
    ("forms", "Forms"),
    ("search", "Search"),
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


def instant(text: object) -> datetime | None:
    """A time of a record as text or as a time; None for anything else."""
    if isinstance(text, datetime):
        return text
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return None


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[Child]]) -> Html:
    """A table whose rows become cards on a phone; the first cell of each row names it."""
    head = tag("tr", [tag("th", heading, scope="col") for heading in headings])
    lines = [tag("tr", tag("th", row[0], scope="row"), _cells(headings, row)) for row in rows]
    made = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", lines))
    return tag("div", made, class_="internal-scroll", tabindex=0, role="group", aria_label=caption)


def _cells(headings: Sequence[str], row: Sequence[Child]) -> list[Html]:
    """The cells after the first, each with its heading for the phone."""
    named = zip(headings[1:], row[1:], strict=True)
    return [
        tag("td", "–", class_="internal-none") if cell in (None, "") else tag("td", tag("div", cell), data_label=head)
        for head, cell in named
    ]


def day(text: str | None) -> Child:
    """A day such as a due date, which does not break across lines."""
    return tag("span", text, class_="internal-day") if text else None


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
.internal time { white-space: nowrap; }
.internal section section { margin-top: 1rem; }
.internal section + p, .internal ul + p { margin-block-start: .6rem; }
.internal h2 { margin: 2rem 0 .5rem; }
.internal h3 { margin: 1.25rem 0 .25rem; }
.internal :is(ul, ol) { padding-inline-start: 1.25rem; list-style: disc; max-width: 44rem; }
.internal ol { list-style: decimal; }
.internal p + *, .internal-terms + *, .internal-scroll + * { margin-block-start: .6rem; }
.internal p { max-width: 44rem; }
.internal-day { white-space: nowrap; }
.internal li { margin-block: .15rem; }
.internal-scroll { overflow-x: auto; }
.internal table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.internal caption { text-align: start; font-weight: 600; padding-block: .25rem; }
.internal th, .internal td { padding: .3rem .9rem .3rem 0; text-align: start; vertical-align: top; }
.internal td { overflow-wrap: normal; }
.internal tbody th { font-weight: 600; }
.internal tr { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.internal .prose table { display: table; overflow-x: visible; }
.internal .prose :is(th, td) { overflow-wrap: anywhere; min-width: 3rem; }
.internal-terms > div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 .75rem; padding-block: .1rem; }
.internal-terms dt { font-weight: 600; }
.internal-terms dd { margin: 0; }
.internal-late { font-weight: 700; }
.internal-state { font-weight: 600; border: 1px solid currentColor; border-radius: 3px; padding-inline: .3rem; }
.internal-state.is-refuted { text-decoration: line-through; opacity: .8; }
.internal-by, .internal-kind { opacity: .75; }
.internal label { display: block; font-weight: 600; margin-block: .6rem .2rem; }
.internal :is(input, select, textarea, button) { font: inherit; color: inherit; background: transparent; }
.internal :is(input, select, textarea) { box-sizing: border-box; width: 100%; max-width: 44rem; }
.internal :is(input, select, textarea, button) { padding: .35rem .5rem; border: 1px solid var(--soft); }
.internal :is(input, select, textarea, button) { border-radius: 3px; }
.internal :is(select, option) { background: var(--paper); }
.internal button { cursor: pointer; }
.internal fieldset { border: 1px solid var(--line); border-radius: 3px; margin-block: .8rem; max-width: 44rem; }
.internal fieldset div { display: grid; grid-template-columns: 1fr minmax(0, 14rem); gap: .3rem; }
.internal :is(fieldset div, legend) { font-weight: 400; }
.internal form > button { margin-block-start: .8rem; }
.internal pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); }
.internal pre { padding: .5rem; margin-block: .4rem; max-width: 44rem; }
#internal-results > li { margin-block: .9rem; }
#internal-results > li > a { font-weight: 600; }
#internal-results .internal-more { list-style: none; }
.internal-theories .internal-theories { border-inline-start: 2px solid var(--line); }
.internal-theories > li { margin-block: .6rem; }
.internal-timeline { padding: 0 !important; list-style: none; }
.internal-timeline > li { display: grid; grid-template-columns: 9.5rem 1fr; gap: 0 .75rem; margin-block: .4rem; }
.internal-timeline .said { margin: 0; }
.internal-timeline .known { opacity: .75; }
@media (max-width: 40rem) {
  .internal-timeline > li { grid-template-columns: 1fr; }
  .internal-terms > div { grid-template-columns: 1fr; padding-block: .2rem; }
  .internal-scroll :is(table, tbody, caption, tr, th, td) { display: block; }
  .internal-scroll thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .internal-scroll tr { padding-block: .5rem; }
  .internal-scroll :is(th, td) { padding: .05rem 0; }
  .internal-scroll td { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0 .75rem; overflow-wrap: anywhere; }
  .internal-scroll .internal-none { display: none; }
  .internal-scroll td::before { content: attr(data-label); opacity: .75; }
}
@media print { .internal-bar { display: none; } }
"""
"""The style sheet of the internal pages."""
