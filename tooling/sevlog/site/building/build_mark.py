"""What a page says of the build it came from: when that was, when it counts as old, and what its script looks after.

A static page is read long after it was built. The script in the reader's browser compares these times with the
reader's clock (site.md, Right at every moment); they are facts of the build, so the bytes stay reproducible.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import json

from ...model.public.site import PublicIncident
from ...model.vocabulary import Impact
from ..markup import words
from ..markup.html import EMPTY, Html, escape, tag
from ..markup.times import machine
from ..pages.page import Kind, Page, Place
from ..pages.parts import glyph, state_word
from ..pages.view import View

BUILD = "build.json"
OF_THE_WHOLE: frozenset[Kind] = frozenset({"home", "history", "maintenance", "postmortems", "subscribe"})
"""The kinds of pages that every build writes."""


def old_at(view: View) -> datetime:
    """When the page counts as out of date if no newer build replaces it.

    `page.stale_after` from the build on; with an open incident twice the time to its promised update, if that is
    sooner.
    """
    waits = [view.page.stale_after, *(promised for one in view.open if (promised := _promised(one)) is not None)]
    return view.as_of + min(waits)


def _promised(record: PublicIncident) -> timedelta | None:
    """Twice the time from the last update to the one that it promised."""
    if record.next_update_at is None or not record.updates:
        return None
    return max(record.next_update_at - record.updates[0].at, timedelta()) * 2


def build_mark(view: View, page: Page) -> Html:
    """The line at the end of a page, and what its script needs; without script it is the time of the build alone.

    A page of one record holds nothing that each build would change: it would have to be written anew by each.
    """
    place, said = Place(page.path), EMPTY
    facts = {"zone": view.zone.name, "summary": place.to("api/v2/summary.json")}
    if page.kind in OF_THE_WHOLE:
        facts |= {
            "built": machine(view.as_of),
            "old-at": machine(old_at(view)),
            "calm": words.HEADLINE["operational"],
            "updated": view.page.updated_at.isoformat(timespec="milliseconds"),
        }
        said = tag("p", "As of ", view.zone.moment(view.as_of), class_="built fresh", data_age=True)
    elif page.is_open:
        facts["build"] = place.to(BUILD)
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in facts.items())
    return Html(
        f'<div id="sl-build"{data}>{"" if page.kind == "home" else said}{_marks(view) if page.kind == "home" else ""}'
        '<p id="sl-news" class="aside" role="status" aria-live="polite"></p></div>'
    )


def build_file(view: View) -> bytes:
    """When the site was built and when it counts as old, for the pages that do not say so themselves."""
    return json.encode({"built_at": machine(view.as_of), "old_at": machine(old_at(view))})


def _marks(view: View) -> str:
    """The looks that the headline and the components may take before the next build."""
    planned = any(record.auto for record in (*view.upcoming, *view.under_way))
    states: tuple[Impact, ...] = ("degraded_performance",)
    if planned:
        states += ("under_maintenance", "operational")
    return "".join(f'<template data-state="{s}">{glyph(s)}{state_word(s)}</template>' for s in states)
