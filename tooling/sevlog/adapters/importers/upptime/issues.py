"""Reads one issue of GitHub as Upptime uses it: label `status` and the slug of a site, or label `maintenance`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from ....model.timeline.incident import Window
from ....model.vocabulary import Impact, PageImpact, Phase
from ..source import SourceIncident, SourceNote, SourceUpdate, Unusable, title_of
from ..statuspage.page import address_of
from ..statuspage.updates import read_body
from ..times import BadTime, read_time

RESOLVED, COMPLETED = "Resolved.", "Completed."
_MARK = re.compile(r"^[\W_]+", re.UNICODE)
_OVER = re.compile(r"^\s*(\*\*)?resolved:?(\*\*)?", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_FIELD = re.compile(r"^\s*(start|end|expectedDown|expectedDegraded)\s*:\s*(.*?)\s*$", re.MULTILINE)
_STATUS, _MAINTENANCE = "status", "maintenance"
Row = Mapping[str, object]


class _Said(Struct, frozen=True):
    """The issue or one of its comments."""

    at: datetime
    text: str
    id: str | None = None


def read_issue(row: Row, comments: Sequence[Row], sites: frozenset[str]) -> SourceIncident:
    """The incident or maintenance. sites: the slugs of the page; empty if not known. Raises Unusable."""
    if "pull_request" in row:
        raise Unusable("it is a pull request")
    labels = _labels(row)
    if not labels & {_STATUS, _MAINTENANCE}:
        raise Unusable("it has neither the label `status` nor `maintenance`: Upptime does not show it")
    repairs: list[str] = []
    begun = _time(row, repairs, "created_at", "createdAt")
    if begun is None:
        raise Unusable("it has no created_at")
    title = title_of(_MARK.sub("", str(row.get("title") or "")) or row.get("title"), repairs, "title")
    said = [_Said(begun, str(row.get("body") or "")), *_comments(row, comments, begun, repairs)]
    closed = _closed(row, begun, repairs)
    maintenance = _MAINTENANCE in labels
    fields, hidden = _hidden(said[0].text)
    codes = _sites(labels, fields, sites)
    if maintenance:
        updates, window = _maintenance(said, closed, fields, repairs)
    else:
        updates, window = tuple(_updates(said, closed, repairs)), None
    impact, state = _impact(title, repairs) if not maintenance else (None, None)
    return SourceIncident(
        id=str(row["number"]),
        name=title,
        maintenance=maintenance,
        updates=updates,
        url=address_of(row.get("html_url") or row.get("url")),
        created_at=begun,
        updated_at=_time(row, [], "updated_at", "updatedAt"),
        began_at=None if maintenance else begun,
        impact=impact,
        window=window,
        components=codes or None,
        states=dict.fromkeys(codes, state) if state and codes else None,
        notes=tuple(SourceNote(begun, f"Import: the source does not show this.\n\n{part}") for part in hidden),
        repairs=tuple(repairs),
    )


def _labels(row: Row) -> set[str]:
    """The names of the labels; the API has objects, some tools have texts."""
    found = row.get("labels")
    rows = found if isinstance(found, list) else []
    names = (item.get("name") if isinstance(item, Mapping) else item for item in rows)
    return {name for name in names if isinstance(name, str)}


def _sites(labels: set[str], fields: Row, sites: frozenset[str]) -> tuple[str, ...]:
    named = [
        name for key in ("expectedDown", "expectedDegraded") for name in re.split(r"[,\s]+", str(fields.get(key, "")))
    ]
    others = labels - {_STATUS, _MAINTENANCE}
    known = (others | {name for name in named if name}) & sites if sites else others
    return tuple(sorted(known))


def _impact(title: str, repairs: list[str]) -> tuple[PageImpact, Impact]:
    if re.search(r"\bis down\b", title, re.IGNORECASE):
        return "critical", "major_outage"
    if re.search(r"\bdegraded\b", title, re.IGNORECASE):
        return "minor", "degraded_performance"
    repairs.append("its title says neither down nor degraded: imported as a partial outage")
    return "major", "partial_outage"


def _time(row: Row, repairs: list[str], *keys: str) -> datetime | None:
    value = next((row[key] for key in keys if row.get(key) is not None), None)
    try:
        return read_time(value, keys[0], repairs)
    except BadTime as error:
        raise Unusable(str(error)) from None


def _comments(row: Row, comments: Sequence[Row], begun: datetime, repairs: list[str]) -> list[_Said]:
    own = row.get("comments")
    rows = [c for c in own if isinstance(c, Mapping)] if isinstance(own, list) else list(comments)
    found: dict[str, _Said] = {}
    for number, comment in enumerate(rows):
        code = str(comment.get("id") or number)
        try:
            at = _time(comment, repairs, "created_at", "createdAt")
        except Unusable as error:
            repairs.append(f"comment {code}: {error}; left out")
            continue
        text = str(comment.get("body") or "")
        if at is None or not text.strip():
            repairs.append(f"comment {code} has no {'time' if at is None else 'text'}: left out")
        else:
            found[code] = _Said(max(at, begun), text, re.sub(r"[^A-Za-z0-9._-]", "-", code)[:100])
    if isinstance(own, int) and own > len(found):
        repairs.append(f"{own - len(found)} of its {own} comments are not in the export: save /issues/comments too")
    return sorted(found.values(), key=lambda said: said.at)


def _closed(row: Row, begun: datetime, repairs: list[str]) -> datetime | None:
    """When it was closed. An issue that is open now has no end, even if it was closed before."""
    if str(row.get("state")).lower() != "closed":
        return None
    closed = _time(row, repairs, "closed_at", "closedAt")
    if closed is None:
        repairs.append("it is closed without a time: the end is set to the beginning")
    elif closed < begun:
        repairs.append("it was closed before it was created: the end is set to the beginning")
    return max(closed or begun, begun)


def _hidden(text: str) -> tuple[dict[str, str], list[str]]:
    """The fields of a maintenance, and other HTML comments, which readers do not see."""
    fields: dict[str, str] = {}
    hidden = []
    for comment in _COMMENT.findall(text):
        found = dict(_FIELD.findall(comment))
        if found:
            fields |= found
        elif comment.strip():
            hidden.append(comment.strip())
    return fields, hidden


def _shown(text: str) -> str:
    return _COMMENT.sub("", text).strip()


def _updates(said: list[_Said], closed: datetime | None, repairs: list[str]) -> Iterator[SourceUpdate]:
    """Updates of an incident. It is over with the last comment that says so, else when the issue was closed."""
    over = [number for number, part in enumerate(said) if number and _OVER.match(_shown(part.text))]
    last = over[-1] if over and closed else None
    done = False
    for number, part in enumerate(said):
        if closed and last is None and not done and part.at > closed:
            yield SourceUpdate(phase="resolved", at=closed, text=RESOLVED)
            done = True
        done = done or number == last
        phase: Phase = "resolved" if done else "monitoring" if number in over else "investigating"
        yield SourceUpdate(id=part.id, phase=phase, at=part.at, text=read_body(_shown(part.text), "", repairs))
    if closed and not done:
        yield SourceUpdate(phase="resolved", at=max(closed, said[-1].at), text=RESOLVED)


def _maintenance(
    said: list[_Said], closed: datetime | None, fields: Row, repairs: list[str]
) -> tuple[tuple[SourceUpdate, ...], Window]:
    try:
        start = read_time(fields.get("start"), "start", repairs)
        end = read_time(fields.get("end"), "end", repairs)
    except BadTime as error:
        repairs.append(f"{error}: the window is taken from the issue")
        start = end = None
    begun = said[0].at
    if start is None or end is None:
        if closed is None:
            raise Unusable("it is a maintenance without start and end, and it is open")
        repairs.append("a maintenance without start and end: the window is from its creation to its end")
        start, end = begun, closed
    if end <= start:
        repairs.append("its window ends before it starts: the end is set to the start")
        end = start
    updates = [
        SourceUpdate(id=part.id, phase="scheduled", at=part.at, text=read_body(_shown(part.text), "", repairs))
        for part in said
    ]
    if closed is not None:
        updates.append(SourceUpdate(phase="completed", at=max(closed, said[-1].at), text=COMPLETED))
    return tuple(updates), Window(start=start, end=end)
