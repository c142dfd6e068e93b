"""The search of the internal site: an index of all records in pieces, and the page that searches it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from ...model.vocabulary import in_words
from ...services.publishing.internal_view import InternalRecord, InternalView
from ...services.views.problem_records import ProblemShown
from ...stores import resources
from ..markup.html import Html, join, link, tag
from ..pages.page import PageLocation
from .elements import FOLDER, address
from .place import Place
from .runbooks import runbook_address

SCRIPT = "assets/sevlog/search.js"
PIECE = 500
"""Pages in one file of the index."""
TEXT_BUDGET = 6_000_000
"""Characters of texts in the whole index. The newest records come first; the rest are found by their heads only."""

_NO_WORDS = re.compile(r"<!--.*?-->|(?m:^[ \t]*(?:#+|[>*+-]|\|)[ \t])|[*`]{1,3}|(?m:^-{3,}$)", re.DOTALL)


class Text(Struct, frozen=True, array_like=True):
    """A part of a page: its name, its anchor, and its words."""

    place: str
    anchor: str
    words: str


class Found(Struct, frozen=True, array_like=True):
    """A page in the index. facts: shown below the title and searched too, such as severity and components."""

    address: str
    kind: str
    title: str
    facts: str
    day: str
    texts: list[Text]


def search(place: Place) -> Html:
    """All of the page below its heading."""
    view = place.view
    number = len(view.problems) + len(view.runbooks) + len(view.records)
    label = "Words of titles, summaries, timelines, postmortems, problems and runbooks; ids, components, severities"
    form = tag(
        "form",
        tag("label", label, for_="internal-query"),
        tag("input", type="search", id="internal-query", name="q", autocomplete="off", spellcheck="false"),
        id="internal-search",
        role="search",
        data_pieces=-(-number // PIECE),
        data_index=place.location.index,
    )
    there = place.location.to(address("incidents"))
    return join(
        form,
        tag("noscript", tag("p", "The search needs JavaScript. Without it, see ", link(there, "all incidents"), ".")),
        tag("p", f"{number} pages are searched.", class_="meta"),
        tag("p", id="internal-found", role="status"),
        tag("ol", id="internal-results"),
        tag("script", src=place.location.to(SCRIPT), defer=True),
    )


def search_files(view: InternalView, budget: int = TEXT_BUDGET) -> Iterator[tuple[str, bytes]]:
    """The script and the pieces of the index. They are scripts too, so that the search works from a folder on disk."""
    yield SCRIPT, resources.shared("site/internal/search.js").read_bytes()
    found = list(_pages(view, budget))
    for number, first in enumerate(range(0, len(found), PIECE)):
        text = view.veiled(msgspec.json.encode(found[first : first + PIECE]).decode())
        yield f"{address('search')}{number}.js", f"sevlogFound({text});\n".encode()


def _pages(view: InternalView, left: int) -> Iterator[Found]:
    """Problems and runbooks, then the incidents, the newest first. left: how many characters their texts may have."""
    place = Place(view, PageLocation(address("search")))
    for problem in view.problems:
        yield _problem(place, problem)
    for book in view.runbooks:
        facts = ", ".join(map(place.component, book.card.components))
        words = _plain("\n".join((*book.card.symptoms, book.text)))
        path = runbook_address(book.name).removeprefix(FOLDER)
        yield Found(path, "Runbook", book.title, facts, book.card.reviewed_on or "", [Text("Text", "", words)])
    for record in view.records:
        found = _incident(place, record, whole=left > 0)
        left -= sum(len(text.words) for text in found.texts)
        yield found


def _problem(place: Place, one: ProblemShown) -> Found:
    facts = " · ".join((in_words(one.status), *map(place.component, one.components)))
    texts = (
        ("Causes", "\n".join(one.causes)),
        ("Changes that it takes", "\n".join(change.title for change in one.changes)),
        ("Description", _plain(place.view.problem_texts.get(one.key, ""))),
    )
    parts = [Text(title, one.key, words) for title, words in texts if words]
    return Found(f"problems/#{one.key}", "Problem", one.title, facts, one.opened_on or "", parts)


def _incident(place: Place, record: InternalRecord, *, whole: bool) -> Found:
    one = record.incident
    components = (f"{key} {place.component(key)}" for key in one.components)
    facts = (one.id, one.severity, one.priority, one.status_name, one.type, *components, *one.tags, one.summary)
    began: datetime | None = one.milestones.get("started_at") or one.milestones.get("raised_at")
    return Found(
        address=f"{one.id}/",
        kind=in_words(one.kind).capitalize(),
        title=one.title,
        facts=" · ".join(fact for fact in facts if fact),
        day=f"{began:%Y-%m-%d}" if began else "",
        texts=_texts(record) if whole else [],
    )


def _texts(record: InternalRecord) -> list[Text]:
    one = record.incident
    texts = (
        Text("Timeline", "timeline", "\n".join(f"{row.at:%H:%M}Z {row.summary}" for row in one.timeline)),
        Text("Action items", "actions", "\n".join(str(row["title"]) for row in one.actions)),
        Text("Postmortem", "postmortem", _plain(record.postmortem or "")),
    )
    return [text for text in texts if text.words]


def _plain(markdown: str) -> str:
    return _NO_WORDS.sub("", markdown).strip()
