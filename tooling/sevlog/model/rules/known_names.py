"""The names that sevlog.yaml and oncall.yaml list, and the finding for a name that they do not list."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from ..config.settings import Config
from ..oncall.roster import OnCall
from ..problem import Problem
from ..suggestions import did_you_mean
from ..timeline.guards import GUARDS
from ..vocabulary import AUTOMATION, UNKNOWN_COMPONENT
from .text import TEXT_RULES

_SHOWN = 12

_HOMES = {
    "person": ("person `{}` is not listed in oncall.yaml", "people"),
    "team": ("team `{}` is not listed in oncall.yaml", "teams"),
    "schedule": ("schedule `{}` is not listed in oncall.yaml", "schedules"),
    "policy": ("escalation policy `{}` is not listed in oncall.yaml", "escalations"),
    "reviewer": ("`{}` is not a person or team listed in oncall.yaml", "people and teams"),
    "component": ("component `{}` is not listed in sevlog.yaml", "components"),
    "severity": ("severity `{}` is not listed in sevlog.yaml", "severities"),
    "priority": ("priority `{}` is not listed in sevlog.yaml", "priorities"),
    "type": ("incident type `{}` is not listed in sevlog.yaml", "types"),
    "role": ("role `{}` is not listed in sevlog.yaml", "roles"),
    "field": ("custom field `{}` is not listed in sevlog.yaml", "fields"),
    "lifecycle": ("lifecycle `{}` is not listed in sevlog.yaml", "lifecycles"),
    "guard": ("unknown guard `{}`", "guards"),
    "status": ("status `{}` is not in this lifecycle", "its statuses"),
}
"""Kind of name -> the message for an unknown one, and the heading of the list of known ones."""


class Names(Struct, frozen=True):
    """The listed names by kind. None: none are listed, so names of this kind are not checked.

    A repository may have no oncall.yaml, and components may be imported before they are configured.
    """

    known: dict[str, frozenset[str] | None]
    left: dict[str, date] = {}
    """People who left -> their last day."""

    def lacks(self, kind: str, name: str) -> bool:
        """Whether names of this kind are listed and this one is not among them."""
        listed = self.known[kind]
        return listed is not None and name not in listed

    def unknown(self, kind: str, name: str, **place: str) -> Problem:
        """The finding for an unlisted name. place: where it is, as fields of Problem."""
        return unknown(kind, name, self.known[kind] or frozenset(), **place)


def unknown(kind: str, name: str, known: frozenset[str] | tuple[str, ...], **place: str) -> Problem:
    """The finding that `name` is not among the known names of its kind."""
    message, plural = _HOMES[kind]
    listed = sorted(known) if isinstance(known, frozenset) else list(known)
    some = ", ".join(listed[:_SHOWN]) + (" …" if len(listed) > _SHOWN else "") if listed else "none"
    hint = did_you_mean(name, listed) or f"{plural}: {some}"
    if kind == "person":
        hint += f"; for a new person, add to `people` in oncall.yaml: {person_line(name)}"
    return Problem(code=f"unknown_{kind}", message=message.format(name), hint=hint, **place)  # type: ignore[arg-type]


def person_line(handle: str) -> str:
    """The line of oncall.yaml that lists a person."""
    return f"- {{key: {handle}, name: {handle.capitalize()}}}"


def names_of(config: Config, oncall: OnCall) -> Names:
    """The names in sevlog.yaml and oncall.yaml. People, teams and policies are checked only if any are listed."""
    people = frozenset(p.key for p in oncall.people) or None
    teams = frozenset(t.key for t in oncall.teams) or None
    return Names(
        {
            "person": people | {AUTOMATION} if people else None,
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
