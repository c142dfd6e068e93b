"""Rules over the routes of sevlog.yaml: they name what there is, and nothing goes to customers by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from ..comms.events import event_names, is_outside
from ..config.settings import Config
from ..oncall.roster import OnCall
from ..problem import Problem
from ..suggestions import did_you_mean
from .known_names import Names

CONFIG = "sevlog.yaml"
_TOLD = frozenset({"update", "correction", "retraction"})
"""What customers may be told of."""


def routes(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Routes name events, severities, components and types that exist; those to customers carry updates alone."""
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
                    message=f"this route leads to customers, who are not told of `{silent[0]}`",
                    hint="customers are told by updates: on: [update]",
                )
        elif route.to in outside:
            yield Problem(
                code="mixed_address",
                path=CONFIG,
                pointer=f"{at}/to",
                message=f"`{route.to}` gets what is for customers by another route, and internal text by this one",
                hint="give customers and colleagues an address each",
            )


def ledger(config: Config, _: OnCall, __: Names) -> Iterator[Problem]:
    """The ledger has a ref of its own."""
    if config.notify.ledger == f"refs/heads/{config.git.branch}":
        yield Problem(
            code="reserved_name",
            path=CONFIG,
            pointer="/notify/ledger",
            message="the branch that holds the records cannot hold the ledger too",
            hint="leave it out, or: ledger: refs/heads/sevlog-ledger",
        )


def _unknown(word: str, known: frozenset[str], pointer: str) -> Problem:
    return Problem(
        code="unknown_event",
        path=CONFIG,
        pointer=pointer,
        message=f"unknown event `{word}`",
        hint=did_you_mean(word, sorted(known)) or f"events: {', '.join(sorted(known))}",
    )


NOTIFY_RULES = (routes, ledger)
