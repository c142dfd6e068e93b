"""Findings for names in a record that are not listed in sevlog.yaml or oncall.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from ..config.settings import Config
from ..links.ties import is_incident_link
from ..problem import Problem
from ..timeline.entries import Acknowledged, Escalated, Experiment, Link, Paged, StatusChanged, Theory
from ..timeline.entry_parts import Entry
from ..timeline.incident import Record
from ..timeline.kinds.registry import names_in
from ..timeline.state import SOURCES, State, TimelineItem
from .known_names import Names, unknown

_TARGETS = {"person": "person", "team": "team", "schedule": "schedule", "policy": "policy"}


class RecordUnderCheck(Struct, frozen=True):
    """A record to check, with its folded state and the known names."""

    record: Record
    state: State
    config: Config
    names: Names

    @property
    def imported(self) -> bool:
        """Whether it was imported from another system, which has other rules."""
        return self.record.card.origin is not None


def entry_problem(item: TimelineItem, key: str, problem: Problem) -> Problem:
    """The problem at a key of an entry. services/checking/locating finds the correction that set the key."""
    return Problem(
        code=problem.code,
        message=problem.message,
        severity=problem.severity,
        hint=problem.hint,
        entry=item.id,
        pointer=f"/{key}",
    )


def unknown_names(case: RecordUnderCheck) -> Iterator[Problem]:
    """Unlisted names in the timeline."""
    known = case.names.known
    for item in case.state.timeline:
        entry = item.effective
        if entry is None:
            continue
        for attribute, key, kind in names_in(entry):
            value = getattr(entry, attribute)
            listed = known[kind]
            if value is None or listed is None:
                continue
            if value.__class__ is str:
                if value not in listed:
                    yield entry_problem(item, key, unknown(kind, value, listed))
                elif kind == "person" and value in case.names.left and entry.at.date() > case.names.left[value]:
                    yield entry_problem(item, key, _of_one_who_left(value, case.names.left[value]))
            else:
                yield from _unknown_of_several(item, key, kind, value, listed)
        if type(entry) in _SPECIAL_KINDS:
            yield from _special(case, item, entry)


def _of_one_who_left(person: str, last: date) -> Problem:
    return Problem(
        code="person_left",
        message=f"{person} left after {last.isoformat()}, but this entry is from a later day",
        hint=f"check the time and the person (`until` of {person} in oncall.yaml)",
    )


def _unknown_of_several(
    item: TimelineItem, key: str, kind: str, values: tuple[str, ...] | dict[str, str], listed: frozenset[str]
) -> Iterator[Problem]:
    for place, name in enumerate(values):
        if name not in listed:
            part = name if isinstance(values, dict) else place
            yield entry_problem(item, f"{key}/{part}", unknown(kind, name, listed))


def _status(case: RecordUnderCheck, item: TimelineItem, entry: StatusChanged) -> Iterator[Problem]:
    lifecycle = case.config.lifecycle_for(case.record.card.kind, case.record.card.type)
    statuses = tuple(status.key for status in lifecycle.statuses)
    if entry.to not in statuses:
        yield entry_problem(item, "to", unknown("status", entry.to, statuses))
    if entry.from_ is not None and entry.from_ not in statuses:
        yield entry_problem(item, "from", unknown("status", entry.from_, statuses))


def _target(case: RecordUnderCheck, item: TimelineItem, entry: Paged | Acknowledged | Escalated) -> Iterator[Problem]:
    key = "to" if isinstance(entry, Escalated) else "target"
    kind, colon, name = (getattr(entry, key) or "").partition(":")
    if colon and kind in _TARGETS and case.names.lacks(_TARGETS[kind], name):
        yield entry_problem(item, key, case.names.unknown(_TARGETS[kind], name))


def _theory(case: RecordUnderCheck, item: TimelineItem, entry: Experiment | Theory) -> Iterator[Problem]:
    asked = (entry.theory,) if isinstance(entry, Experiment) else entry.from_
    if not asked:
        return
    is_theory = isinstance(entry, Theory)
    known = case.state.theory_sources if is_theory else frozenset(case.state.theories)
    for place, name in enumerate(asked):
        if name is not None and name not in known:
            missing = Problem(
                code="unknown_reference",
                message=f"this incident has no {SOURCES if is_theory else 'theory'} `{name}`",
                hint=f"known: {', '.join(sorted(known)) or 'none yet'}",
                severity="warning",
            )
            yield entry_problem(item, f"from/{place}" if is_theory else "theory", missing)


_SPECIAL_KINDS = frozenset({StatusChanged, Paged, Acknowledged, Escalated, Experiment, Theory})


def _special(case: RecordUnderCheck, item: TimelineItem, entry: Entry) -> Iterator[Problem]:
    """The names of an entry that do not depend on its kind alone."""
    if isinstance(entry, StatusChanged):
        yield from _status(case, item, entry)
    elif isinstance(entry, Paged | Acknowledged | Escalated):
        yield from _target(case, item, entry)
    elif isinstance(entry, Experiment | Theory):
        yield from _theory(case, item, entry)


def mentioned_incidents(case: RecordUnderCheck) -> Iterator[tuple[str, Problem]]:
    """Ids of other incidents in the record, each with the finding to report if that incident does not exist."""
    for item in case.state.timeline:
        entry = item.effective
        named = key = None
        if isinstance(entry, Link) and is_incident_link(entry.rel, entry.target):
            named, key = entry.target, "target"
        elif isinstance(entry, StatusChanged) and entry.into:
            named, key = entry.into, "into"
        if named and key:
            missing = Problem(code="unknown_incident", message=f"incident `{named}` does not exist")
            yield named, entry_problem(item, key, missing)


def unknown_names_of_card(case: RecordUnderCheck) -> Iterator[Problem]:
    """Unlisted names in incident.yaml."""
    card, names = case.record.card, case.names
    if names.lacks("type", card.type) and not (case.imported or card.kind == "maintenance"):
        yield names.unknown("type", card.type, path="incident.yaml", pointer="/type")
    for name in card.fields:
        if names.lacks("field", name):
            yield names.unknown("field", name, path="incident.yaml", pointer=f"/fields/{name}")
    reporter = card.detection.reporter if card.detection else None
    if reporter and names.lacks("person", reporter) and card.detection and card.detection.source != "customer_report":
        yield names.unknown("person", reporter, path="incident.yaml", pointer="/detection/reporter")


def unknown_names_of_learning(case: RecordUnderCheck) -> Iterator[Problem]:
    """Unlisted names in actions.yaml and postmortem.md."""
    names = case.names
    for place, action in enumerate(case.record.actions):
        for key, kind in (("owner", "person"), ("verified_by", "person"), ("team", "team")):
            name = getattr(action, key)
            if name and names.lacks(kind, name):
                yield names.unknown(kind, name, path="actions.yaml", pointer=f"/{place}/{key}")
    postmortem = case.record.postmortem
    if postmortem is None:
        return
    for key in ("owner", "authors", "reviewers", "approved_by"):
        value = getattr(postmortem, key)
        kind = "person" if key == "owner" else "reviewer"
        for place, name in enumerate((value,) if isinstance(value, str) else value or ()):
            if names.lacks(kind, name):
                pointer = f"/{key}" if isinstance(value, str) else f"/{key}/{place}"
                yield names.unknown(kind, name, path="postmortem.md", pointer=pointer)
