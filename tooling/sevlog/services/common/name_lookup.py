"""Checks the words of a request against the configuration, and says what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from ...errors import UsageError
from ...model.config.settings import Config
from ...model.suggestions import did_you_mean
from ...model.vocabulary import IMPACTS, UNKNOWN_COMPONENT, Impact


def choose(what: str, word: str, known: Iterable[str]) -> str:
    """The known word that equals `word` but for case. Raises UsageError with the nearest one and the list."""
    words = list(known)
    folded = {w.lower(): w for w in words}
    if word.lower() in folded:
        return folded[word.lower()]
    raise UsageError(
        f"unknown {what} `{word}`",
        did_you_mean(word, words),
        f"known: {', '.join(words)}" if words else f"no {what} is configured",
    )


def severity(config: Config, word: str) -> str:
    """A severity of sevlog.yaml."""
    return choose("severity", word, (s.key for s in config.severities))


def priority(config: Config, word: str) -> str:
    """A priority of sevlog.yaml."""
    return choose("priority", word, (p.key for p in config.priorities))


def role(config: Config, word: str) -> str:
    """A role of sevlog.yaml; hyphens count as underscores."""
    return choose("role", word.replace("-", "_"), (r.key for r in config.roles))


def check_order(config: Config, role: str, person: str, command: str) -> None:
    """Raise UsageError where a role and a person were typed the wrong way round."""
    roles = {r.key for r in config.roles}
    as_role = person.lower().replace("-", "_")
    if role.lower().replace("-", "_") not in roles and as_role in roles:
        raise UsageError(f"`{person}` is a role: type the role before the person", f"sevlog {command} {as_role} {role}")


def component(config: Config, word: str) -> str:
    """A component of sevlog.yaml that is still there, or `unknown`."""
    return choose("component", word, [*(c.key for c in config.components if not c.retired_on), UNKNOWN_COMPONENT])


def impact(word: str) -> Impact:
    """A component state; hyphens count as underscores, and a short form such as `degraded` is enough."""
    plain = word.lower().replace("-", "_")
    short = {state.split("_")[0]: state for state in IMPACTS} | {
        "maintenance": "under_maintenance",
        "up": "operational",
    }
    chosen = choose("component state", short.get(plain, plain), get_args(Impact))
    return next(state for state in IMPACTS if state == chosen)


def component_states(config: Config, pairs: Iterable[str], default: Impact | None) -> dict[str, Impact]:
    """KEY=STATE pairs as a mapping. A bare KEY takes the default; without one it is a UsageError."""
    states: dict[str, Impact] = {}
    for pair in pairs:
        key, _, state = pair.partition("=")
        if not state and default is None:
            raise UsageError(f"`{pair}` has no state", f"{pair}=STATE, where STATE is one of: {', '.join(IMPACTS)}")
        states[component(config, key)] = impact(state) if state else default or "operational"
    return states


def pairs(what: str, given: Iterable[str]) -> list[tuple[str, str]]:
    """KEY=VALUE pairs split at the first equals sign. Raises UsageError."""
    result = []
    for pair in given:
        key, sign, value = pair.partition("=")
        if not sign or not key or not value:
            raise UsageError(f"`{pair}` is not {what}", f"write it as {what}")
        result.append((key, value))
    return result
