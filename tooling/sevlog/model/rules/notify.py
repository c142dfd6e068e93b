"""Rules for the routes of sevlog.yaml: their names exist, and customers receive only updates."""

from __future__ import annotations

from collections.abc import Iterator

from ..comms.events import OUTSIDE, event_names, is_outside
from ..config.settings import Config
from ..oncall.roster import OnCall
from ..problem import Problem
from ..suggestions import did_you_mean
from ..vocabulary import Audience
from .known_names import Names

CONFIG = "sevlog.yaml"
_TOLD = frozenset({"update", "correction", "retraction"})
"""Events that customers may receive."""


def routes(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Routes use events, severities, components and types that exist; routes to customers carry only updates."""
    known = event_names(config)
    outside = {route.to for route in config.notify.routes if is_outside(route)}
    for place, route in enumerate(config.notify.routes):
        at = f"/notify/routes/{place}"
        for number, word in enumerate(route.on):
            if word not in known:
                yield _unknown(word, known, f"{at}/on/{number}")
        for kind, values in (("severity", route.severities), ("component", route.components), ("type", route.types)):
            key = {"severity": "severities"}.get(kind, f"{kind}s")
            for number, value in enumerate(values):
                if names.lacks(kind, value):
                    yield names.unknown(kind, value, path=CONFIG, pointer=f"{at}/{key}/{number}")
        if is_outside(route):
            silent = [word for word in route.on if word in known - _TOLD]
            if silent:
                yield Problem(
                    code="not_for_customers",
                    severity="warning",
                    path=CONFIG,
                    pointer=f"{at}/on",
                    message=f"this route goes to customers, who do not receive `{silent[0]}`",
                    hint="customers receive only updates: on: [update]",
                )
        elif route.to in outside:
            yield Problem(
                code="mixed_address",
                path=CONFIG,
                pointer=f"{at}/to",
                message=f"`{route.to}` receives internal text from this route and customer updates from another",
                hint="use separate addresses for customers and colleagues",
            )


def ledger(config: Config, _: OnCall, __: Names) -> Iterator[Problem]:
    """The ledger has its own ref, separate from the records."""
    if config.notify.ledger == f"refs/heads/{config.git.branch}":
        yield Problem(
            code="reserved_name",
            path=CONFIG,
            pointer="/notify/ledger",
            message="the ledger cannot be on the branch of the records",
            hint="leave it out, or: ledger: refs/heads/sevlog/ledger",
        )


def _unknown(word: str, known: frozenset[str], pointer: str) -> Problem:
    return Problem(
        code="unknown_event",
        path=CONFIG,
        pointer=pointer,
        message=f"unknown event `{word}`",
        hint=did_you_mean(word, sorted(known)) or f"events: {', '.join(sorted(known))}",
    )


def channels(config: Config, _: OnCall, __: Names) -> Iterator[Problem]:
    """Addresses belong to channels and lists of the communication plan; those of customers carry nothing else."""
    for audience, known in config.notify.channels.items():
        planned = channels_of(config, audience)
        for channel in known:
            if channel not in planned:
                near = did_you_mean(channel, sorted(planned))
                message = f"the communication plan has no channel `{channel}` for {audience}"
                yield _unused(f"/notify/channels/{audience}/{channel}", message, near)
    lists = {member for members in config.comms.groups.values() for member in members if ":" not in member}
    for name in config.notify.lists:
        if name not in lists:
            message = f"no group of `comms.groups` has the list `{name}`"
            yield _unused(f"/notify/lists/{name}", message, did_you_mean(name, sorted(lists)))
    yield from _mixed(config)


def _mixed(config: Config) -> Iterator[Problem]:
    """Addresses of channels that get both internal text and customer updates: readers could confuse the two."""
    outside = {route.to for route in config.notify.routes if is_outside(route)}
    inside = {route.to for route in config.notify.routes if not is_outside(route)}
    for audience, known in config.notify.channels.items():
        (outside if audience in OUTSIDE else inside).update(known.values())
    for audience, known in config.notify.channels.items():
        for channel, name in known.items():
            if name in outside & inside:
                yield Problem(
                    code="mixed_address",
                    path=CONFIG,
                    pointer=f"/notify/channels/{audience}/{channel}",
                    message=f"`{name}` receives internal text and customer updates",
                    hint="use separate addresses for customers and colleagues",
                )


def channels_of(config: Config, audience: Audience) -> set[str]:
    """The channels that the plan names for an audience, at any severity and in any phase."""
    rows = [row for rows in (config.comms.plan, *config.comms.plans.values()) for row in rows]
    fitting = [row for row in rows if not row.audiences or audience in row.audiences]
    own = config.comms.audiences.get(audience)
    return {channel for told in (own, *fitting) if told for channel in told.channels or ()}


def _unused(at: str, message: str, near: str) -> Problem:
    hint = near or "add it to the plan, or remove the address"
    return Problem(code="unused_address", severity="warning", path=CONFIG, pointer=at, message=message, hint=hint)


NOTIFY_RULES = (routes, channels, ledger)
