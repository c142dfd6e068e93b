"""The words that records may use because sevlog.yaml and oncall.yaml list them, and what to say of any other."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from ..config.settings import Config
from ..oncall.roster import OnCall
from ..problem import Problem
from ..suggestions import nearest
from ..timeline.guards import GUARDS
from ..vocabulary import UNKNOWN_COMPONENT
from .text import TEXT_RULES

_SHOWN = 12

_HOMES = {
    "person": ("oncall.yaml knows no person", "people"),
    "team": ("oncall.yaml has no team", "teams"),
    "schedule": ("oncall.yaml has no schedule", "schedules"),
    "policy": ("oncall.yaml has no escalation policy", "escalations"),
    "reviewer": ("oncall.yaml knows no person or team", "people and teams"),
    "component": ("sevlog.yaml has no component", "components"),
    "severity": ("sevlog.yaml has no severity", "severities"),
    "priority": ("sevlog.yaml has no priority", "priorities"),
    "type": ("sevlog.yaml has no type of incident", "types"),
    "role": ("sevlog.yaml has no role", "roles"),
    "field": ("sevlog.yaml has no custom field", "fields"),
    "lifecycle": ("sevlog.yaml has no lifecycle", "lifecycles"),
    "guard": ("there is no guard", "guards"),
    "status": ("this lifecycle has no status", "its statuses"),
}
"""Kind of name -> how a message starts, and what the list of the known ones is called."""


class Names(Struct, frozen=True):
    """Kind of name -> the names there are. None: nothing is listed, so nothing is checked (a repository may have no
    oncall.yaml, and imported components may come before any configuration)."""

    known: dict[str, frozenset[str] | None]
    left: dict[str, date] = {}
    """People who left -> their last day."""

    def lacks(self, kind: str, name: str) -> bool:
        """Whether names of this kind are listed, and this is none of them."""
        listed = self.known[kind]
        return listed is not None and name not in listed

    def unknown(self, kind: str, name: str, **place: str) -> Problem:
        """The finding that there is no such name. place: where, as fields of Problem."""
        return unknown(kind, name, self.known[kind] or frozenset(), **place)


def unknown(kind: str, name: str, known: frozenset[str] | tuple[str, ...], **place: str) -> Problem:
    """The finding that `name` is none of the names known for its kind."""
    start, plural = _HOMES[kind]
    listed = sorted(known) if isinstance(known, frozenset) else list(known)
    close = nearest(name, listed)
    some = ", ".join(listed[:_SHOWN]) + (" …" if len(listed) > _SHOWN else "") if listed else "none is listed"
    hint = f"did you mean `{close}`?" if close else f"{plural}: {some}"
    return Problem(code=f"unknown_{kind}", message=f"{start} `{name}`", hint=hint, **place)  # type: ignore[arg-type]


def names_of(config: Config, oncall: OnCall) -> Names:
    """What sevlog.yaml and oncall.yaml list. People, teams and their like are checked only where some are listed."""
    people = frozenset(p.key for p in oncall.people) or None
    teams = frozenset(t.key for t in oncall.teams) or None
    return Names(
        {
            "person": people,
            "team": teams,
            "schedule": frozenset(s.key for s in oncall.schedules),
            "policy": frozenset(e.key for e in oncall.escalations) or None,
            "reviewer": None if people is None and teams is None else (people or frozenset()) | (teams or frozenset()),
            "component": frozenset(c.key for c in config.components) | {UNKNOWN_COMPONENT},
            "severity": frozenset(s.key for s in config.severities),
            "priority": frozenset(p.key for p in config.priorities),
            "type": frozenset(t.key for t in config.types),
            "role": frozenset(r.key for r in config.roles),
            "field": frozenset(config.fields),
            "lifecycle": frozenset(config.lifecycles),
            "guard": frozenset((*GUARDS, *TEXT_RULES)),
        },
        {person.key: last for person in oncall.people if (last := person.last_day) is not None},
    )
