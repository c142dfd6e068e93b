"""The people, teams, schedules and policies that somebody names to ask for help or to page."""

from __future__ import annotations

from ...errors import NotFound, UsageError
from ...model.suggestions import did_you_mean
from ..workspace.workspace import Workspace
from .identity import known_person


def recipient(workspace: Workspace, to: str, *, policy_first: bool = False) -> str:
    """A person, or team:KEY, policy:KEY, schedule:KEY, as records write it. Raises UsageError or NotFound.

    A name without a kind that is not that of a person is a team, a schedule or a policy. policy_first: where a policy
    and a team have one name, it is the policy.
    """
    kind, colon, key = to.partition(":")
    oncall = workspace.oncall
    known = {
        "team": [t.key for t in oncall.teams],
        "policy": [p.key for p in oncall.escalations],
        "schedule": [s.key for s in oncall.schedules],
    }
    if not colon and to not in (person.key for person in oncall.people):
        order = ("policy", "team", "schedule") if policy_first else ("team", "schedule", "policy")
        for kind in order:
            if to in known[kind]:
                return f"{kind}:{to}"
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
