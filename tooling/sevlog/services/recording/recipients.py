"""The people, teams, schedules and policies that somebody names to ask for help or to page."""

from __future__ import annotations

from ...errors import NotFound, UsageError
from ...model.suggestions import did_you_mean
from ..workspace.workspace import Workspace
from .identity import known_person


def recipient(workspace: Workspace, to: str) -> str:
    """A person, or team:KEY, policy:KEY, schedule:KEY, as records write it. Raises UsageError or NotFound."""
    kind, colon, key = to.partition(":")
    oncall = workspace.oncall
    known = {
        "team": [t.key for t in oncall.teams],
        "policy": [p.key for p in oncall.escalations],
        "schedule": [s.key for s in oncall.schedules],
    }
    if not colon or kind == "person":
        return known_person(workspace, key if colon else to)
    if kind not in known:
        raise UsageError(f"`{to}` cannot be asked for help", "use a person, team:KEY, policy:KEY or schedule:KEY")
    if key not in known[kind]:
        raise NotFound(f"{kind} `{key}` is not listed in oncall.yaml", *instead(kind, key, known[kind]))
    return to


def instead(kind: str, key: str, listed: list[str]) -> tuple[str, ...]:
    """What to name instead of a team, policy or schedule that is not listed."""
    if listed:
        return did_you_mean(key, listed), f"there are: {', '.join(listed)}"
    section = {"team": "teams", "policy": "escalations", "schedule": "schedules"}[kind]
    return (f"oncall.yaml lists none: name a person, or add it to `{section}` in oncall.yaml",)
