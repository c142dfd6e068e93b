"""The build time of a page, when the page counts as out of date, and data for its script.

A static page can be read long after it was built. The script compares these times with the reader's clock (site.md,
Right at every moment). They depend only on the build, so that builds are reproducible.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from msgspec import json

from ...model.public.site import PublicIncident
from ...model.vocabulary import Impact
from ..markup.html import EMPTY, Html, escape, tag
from ..markup.times import machine
from ..markup.words import Words
from ..pages.page import PageKind, PageLocation, SitePage
from ..pages.parts import glyph, state_word, window_data
from ..pages.view import SiteView

BUILD = "build.json"
REBUILT_KINDS: frozenset[PageKind] = frozenset({"home", "history", "maintenance", "postmortems", "subscribe", "embed"})
"""The kinds of pages that each build writes."""


_WITH_BARS: frozenset[PageKind] = frozenset({"home", "component"})
_WORDS = {
    "zone": "script.zone",
    "days": "unit.days",
    "hours": "unit.hours",
    "minutes": "unit.minutes",
    "both": "unit.both",
    "ago": "script.ago",
    "overdue": "script.overdue",
    "ahead": "script.ahead",
    "stale": "script.stale",
    "updated": "script.updated",
    "scheduled": "phase.scheduled",
    "running": "phase.in_progress",
    "completed": "phase.completed",
    "maintenance": "in_progress",
}
"""Name in status.js -> key of the text."""
_BAR_WORDS = {
    "pair": "pair",
    "comma": "list.comma",
    "strip": "script.strip",
    "noData": "script.no_data",
    "noIncidents": "bars.no_incidents",
    "uptime": "bars.uptime",
}


def old_at(view: SiteView) -> datetime:
    """When the page counts as out of date without a newer build.

    `page.stale_after` after the build. With an open incident: twice the time to its promised update, if that is
    sooner.
    """
    waits = [view.page.stale_after, *(promised for one in view.open if (promised := _promised(one)) is not None)]
    return view.as_of + min(waits)


def _promised(record: PublicIncident) -> timedelta | None:
    """Twice the time from the last update to the next promised one."""
    if record.next_update_at is None or not record.updates:
        return None
    return max(record.next_update_at - record.updates[0].at, timedelta()) * 2


def build_mark(view: SiteView, page: SitePage) -> Html:
    """The last line of a page with the build time, and data for the script.

    A page of one record contains no build time, because each build would then have to write it again.
    """
    location, line = PageLocation(page.path), EMPTY
    facts = {"zone": view.zone.title, "summary": location.to("api/v2/summary.json")}
    if page.kind in REBUILT_KINDS:
        facts |= {
            "built": machine(view.as_of),
            "old-at": machine(old_at(view)),
            "calm": view.words.headline["operational"],
            "updated": view.page.updated_at.isoformat(timespec="milliseconds"),
        }
        line = tag(
            "p", view.words.html("as_of", time=view.zone.moment(view.as_of)), class_="built fresh", data_age=True
        )
    elif page.is_open:
        facts["build"] = location.to(BUILD)
    has_headline = page.kind in ("home", "embed")
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in facts.items())
    data += script_words(view.words, bars=page.kind in _WITH_BARS)
    return Html(
        f'<div id="sl-build"{data}>{_marks(view) if has_headline else line}'
        '<p id="sl-news" class="aside" role="status" aria-live="polite"></p></div>'
    )


@cache
def script_words(words: Words, *, bars: bool) -> str:
    """The attribute with the words of status.js. bars: also those for day bars."""
    found: dict[str, object] = {key: words(name) for key, name in _WORDS.items()}
    if bars:
        found |= {key: words(name) for key, name in _BAR_WORDS.items()}
        found |= {"full": words("percent", n="100"), "incidents": words.forms("script.incidents")}
    text = json.encode(found).decode().replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")
    return f" data-words='{text}'"


def build_file(view: SiteView) -> bytes:
    """What pages of records and the widget need and Statuspage's documents do not contain.

    The build time, the time when the site counts as out of date, the public id of each component by its key, and the
    maintenances that begin and end by their window.
    """
    return json.encode(
        {
            "built_at": machine(view.as_of),
            "old_at": machine(old_at(view)),
            "components": {part.key: part.id for part in view.site.components if not part.retired},
            "by_window": [record.id for record in (*view.upcoming, *view.under_way) if window_data(record)],
        }
    )


def _marks(view: SiteView) -> str:
    """The looks that the headline and the components may take before the next build."""
    planned = any(record.auto for record in (*view.upcoming, *view.under_way))
    states: tuple[Impact, ...] = ("degraded_performance",)
    if planned:
        states += ("under_maintenance", "operational")
    return "".join(f'<template data-state="{s}">{glyph(s)}{state_word(view.words, s)}</template>' for s in states)
