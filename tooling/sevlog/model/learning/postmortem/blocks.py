"""The blocks of a postmortem that are rendered from the record: timeline, participants, metrics and actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...config.settings import duration
from ...timeline.entries import Observation, Update, kind_of
from ...timeline.entry_parts import Entry
from ...timeline.kinds.registry import one_line_of, with_names
from ...vocabulary import in_words
from ..actions import OPEN
from ..durations import durations, promises, time_in_severity
from .key_entries import timeline_items
from .markdown_parts import bullets, clock, first, one_line, paragraphs, span, table
from .source import Source

_NOTHING = "None recorded."


def timeline(source: Source, every: bool) -> str:
    """Time, what happened, and the role of who recorded it. every: also the entries that are not key."""
    rows = [
        (clock(entry.at), _kind(entry), _entry_text(entry, source), source.role_at(entry.by, entry.at))
        for _, entry in timeline_items(source.state, every=every)
    ]
    return table(("Time (UTC)", "Kind", "What happened", "Recorded by"), rows) or _NOTHING


def _kind(entry: Entry) -> str:
    return in_words(kind_of(entry)).capitalize()


def _entry_text(entry: Entry, source: Source) -> str:
    if isinstance(entry, Update):
        return f"{in_words(entry.audience)}, {in_words(entry.phase)}: {one_line(entry.text)}"
    if isinstance(entry, Observation) and entry.text:
        return f"{f'{entry.ref}: ' if entry.ref else ''}{one_line(entry.text)}"
    return one_line(one_line_of(with_names(entry, source.config, source.lifecycle)))


def participants(source: Source, _: bool) -> str:
    """Everybody who had a role or joined, and since when."""
    rows = [
        (
            source.config.role_name(held.role) + (f", {held.workstream}" if held.workstream else ""),
            source.name(held.person),
            clock(held.since),
            clock(held.until) if held.until else "",
        )
        for held in source.all_holders
    ]
    known = {held.person for held in source.all_holders}
    joined = [
        (in_words(audience).capitalize(), source.name(who), "", "")
        for who, audience in source.state.collaborators.items()
        if who not in known
    ]
    return table(("Role", "Who", "From (UTC)", "Until (UTC)"), [*rows, *joined]) or _NOTHING


_NAMES = {
    "time_to_detect": "Time to detect",
    "time_to_acknowledge": "Time to acknowledge",
    "time_to_first_internal_update": "First internal update",
    "time_to_first_public_update": "First public update",
    "time_to_mitigate": "Time to mitigate",
    "time_to_restore": "Time to restore",
    "time_to_resolve": "Time to resolve",
}


def targets(source: Source) -> dict[str, float]:
    """Duration -> the seconds that the severity at the start allows, where it names a target."""
    state = source.state
    raised = state.milestones.raised_at
    level = source.config.severity(state.severity_at(raised) if raised else state.severity)
    if level is None:
        return {}
    found = {"time_to_acknowledge": level.ack_within}
    for audience in ("internal", "public"):
        found[f"time_to_first_{audience}_update"] = level.first_update_within.get(audience)
    return {key: duration(text).total_seconds() for key, text in found.items() if text}


def metrics(source: Source, _: bool) -> str:
    """The durations with their targets, the time at each severity, promises kept, relapses."""
    return table(("Metric", "Value", "Target"), _metric_rows(source)) or _NOTHING


def _metric_rows(source: Source) -> Iterator[tuple[str, str, str]]:
    spent, allowed = durations(source.state), targets(source)
    for key, name in _NAMES.items():
        value = spent[key]
        if value is not None:
            target = allowed.get(key)
            yield name, span(value), f"{span(target)}, {'met' if value <= target else 'missed'}" if target else ""
    for level, seconds in time_in_severity(source.state, source.now).items():
        yield f"Time at {level}", span(seconds), ""
    due = promises(source.state, source.now)
    if due:
        yield "Updates sent when promised", f"{sum(one.kept for one in due)} of {len(due)}", ""
    if source.state.relapses:
        yield "Relapses", str(source.state.relapses), ""


def actions(source: Source, _: bool) -> str:
    """The action items as they stand, and the ideas of the response that are not among them."""
    items = source.state.actions
    rows = [
        (
            item.id,
            item.title + (f" ({item.ref})" if item.ref else ""),
            item.class_,
            (source.name(item.owner) if item.owner else item.team) or ("nobody yet" if item.status in OPEN else ""),
            item.due or ("no date yet" if item.status in OPEN else ""),
            in_words(item.status) + (f": {first(item.reason)}" if item.reason else ""),
        )
        for item in items
    ]
    known = {one_line(item.title) for item in items}
    ideas = [one_line(idea.text) for idea in source.state.ideas]
    left = [idea for idea in ideas if idea not in known]
    noted = f"Ideas recorded during the response:\n\n{bullets(left)}" if left else None
    return paragraphs(table(("Id", "Action", "Class", "Owner", "Due", "Status"), rows), noted) or _NOTHING


BLOCKS: Mapping[str, Callable[[Source, bool], str]] = {
    "timeline": timeline,
    "participants": participants,
    "metrics": metrics,
    "actions": actions,
}
"""Name of a marker -> what it shows. The flag means: show all entries, not only the key events."""
