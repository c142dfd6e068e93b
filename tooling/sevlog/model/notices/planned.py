"""Where an update goes by the communication plan: to the channels of its audience, and to its groups (S16, S35, S52).

A channel has an address only where `notify.channels` names one, and a list only where `notify.lists` does. Without
one nothing is sent there: the plan may describe channels that people serve by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..comms.events import Event
from ..comms.plan import OUTSIDE, Plan, plan_for
from ..config.notify import Route
from ..config.settings import Config
from ..oncall.roster import OnCall, Person
from ..timeline.entries import Update
from ..timeline.incident import Record
from ..timeline.state import State
from ..vocabulary import Audience

_SOCIAL: Literal["social"] = "social"


class Planned(Route, frozen=True, kw_only=True):
    """A destination of the plan. reader: whose text goes there; a network gets that of the audience social."""

    reader: Audience


def planned(config: Config, roster: OnCall, record: Record, state: State, event: Event) -> dict[str, Planned]:
    """Name of the address -> the destination of an update, its correction or its retraction.

    They go where the update went: by the phase that it had then, and by the severity after it.
    """
    item = state.item(event.amends or event.entry)
    told = item.entry if item is not None else None
    if not isinstance(told, Update) or not _may_leave(record, told.audience):
        return {}
    found: dict[str, Planned] = {}
    for reader, plan in _plans(config, record, state.severity_at(told.at), told):
        for channel in plan.channels:
            name = config.notify.channels.get(reader, {}).get(channel)
            if name:
                found.setdefault(name, _destination(name, channel, told.audience, reader))
        for name in addresses(config, roster, plan.groups):
            found.setdefault(name, _destination(name, "email", told.audience, reader))
    return found


def _may_leave(record: Record, audience: Audience) -> bool:
    card = record.card
    return card.visibility != "restricted" and not (audience in OUTSIDE and card.kind == "drill")


def _plans(config: Config, record: Record, severity: str | None, told: Update) -> Iterator[tuple[Audience, Plan]]:
    """The plan of the audience; and for an update to customers that of the networks, where nobody has to approve."""
    kind = record.card.type
    yield told.audience, plan_for(config, told.audience, severity=severity, phase=told.phase, kind=kind)
    if told.audience == "public":
        social = plan_for(config, _SOCIAL, severity=severity, phase=told.phase, kind=kind)
        if social.approver is None:
            yield _SOCIAL, social


def posts_to(config: Config, plan: Plan) -> tuple[str, ...]:
    """The networks on which the plan of the audience social posts, as far as they have an address."""
    known = config.notify.channels.get(_SOCIAL, {})
    return tuple(channel for channel in plan.channels if channel in known)


def addresses(config: Config, roster: OnCall, groups: tuple[str, ...]) -> list[str]:
    """The names of the addresses of groups, each once: of people, of teams, and of lists that have one."""
    names: dict[str, None] = {}
    seen: set[str] = set()

    def add(member: str) -> None:
        kind, colon, key = member.partition(":")
        if kind == "group" and colon:
            if key not in seen:
                seen.add(key)
                for inner in config.comms.groups.get(key, ()):
                    add(inner)
            return
        if kind == "team" and colon:
            team = next((team for team in roster.teams if team.key == key), None)
            for handle in team.members if team else ():
                add(f"person:{handle}")
            return
        person = roster.person(key if kind == "person" and colon else member)
        name = contact_of(person) if person else config.notify.lists.get(member)
        if name:
            names[name] = None

    for group in groups:
        add(f"group:{group}")
    return list(names)


def contact_of(person: Person) -> str | None:
    """Where a person gets messages that can wait: the first of `messages`, or else of `contact`."""
    return next(iter((*person.messages, *person.contact)), None)


def _destination(name: str, channel: str, audience: Audience, reader: Audience) -> Planned:
    return Planned(on=("update",), audiences=(audience,), to=name, channel=channel, reader=reader)
