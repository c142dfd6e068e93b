"""Selects the hooks to run after an act by its events; none run in the pipeline of a pull request (S60)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..comms.events import event_names
from ..config.settings import Config, Hook
from ..oncall.roster import OnCall
from ..problem import Problem
from ..suggestions import did_you_mean
from ..timeline.entries import Assigned, PriorityChanged, SeverityChanged, StatusChanged
from ..timeline.fold_state import INCIDENT_MANAGER
from ..timeline.state import State
from .known_names import Names

_OFF = frozenset({"0", "off", "no", "false"})
_ON = frozenset({"1", "on", "yes", "true"})
_PIPELINES = ("CI", "TF_BUILD", "JENKINS_URL", "GITHUB_ACTIONS", "GITLAB_CI")
_OF_A_REQUEST = (
    "GITHUB_HEAD_REF",
    "CI_MERGE_REQUEST_IID",
    "CI_EXTERNAL_PULL_REQUEST_IID",
    "CHANGE_ID",
    "BITBUCKET_PR_ID",
    "CIRCLE_PULL_REQUEST",
    "TRAVIS_PULL_REQUEST",
    "BUILDKITE_PULL_REQUEST",
    "SYSTEM_PULLREQUEST_PULLREQUESTID",
    "DRONE_PULL_REQUEST",
    "CI_COMMIT_PULL_REQUEST",
    "APPVEYOR_PULL_REQUEST_NUMBER",
)
"""Variables that pipelines set when they run for a pull request."""
PIPELINE_VARIABLES = frozenset({*_PIPELINES, *_OF_A_REQUEST, "GITHUB_EVENT_NAME"})
"""All variables that decide whether hooks run in a pipeline."""


def unknown_events(config: Config, _: OnCall, __: Names) -> Iterator[Problem]:
    """Hooks listen to events that exist."""
    known = event_names(config)
    for number, hook in enumerate(config.hooks):
        for place, word in enumerate(hook.on):
            if word not in known:
                hint = did_you_mean(word, sorted(known)) or f"events: {', '.join(sorted(known))}"
                yield Problem(
                    code="unknown_event",
                    message=f"unknown event `{word}`",
                    hint=hint,
                    path="sevlog.yaml",
                    pointer=f"/hooks/{number}/on/{place}",
                )


def events_of(state: State, entries: Iterable[str]) -> frozenset[str]:
    """The names of the events of an act. state: after the act."""
    wanted, found = set(entries), set[str]()
    before: str | None = None
    for item in state.timeline:
        entry = item.effective
        if item.id in wanted:
            found.add(item.kind)
            if isinstance(entry, SeverityChanged | PriorityChanged):
                found.add(f"{item.kind}_changed")
            elif isinstance(entry, Assigned) and entry.lead and entry.role == INCIDENT_MANAGER:
                found.add("took_command")
            elif isinstance(entry, StatusChanged):
                found |= {entry.to} | _again(before, entry.to)
        if isinstance(entry, StatusChanged):
            before = entry.to
    return frozenset(found)


def _again(before: str | None, to: str) -> set[str]:
    if to != "fixing":
        return set()
    return {"relapsed"} if before == "monitoring" else {"reopened"} if before == "resolved" else set()


def chosen(hooks: Iterable[Hook], events: frozenset[str]) -> list[Hook]:
    """The hooks that listen to any of the events."""
    return [hook for hook in hooks if not events.isdisjoint(hook.on)]


def why_off(environment: Mapping[str, str]) -> str | None:
    """Why hooks are off here; None if they may run."""
    wish = environment.get("SEVLOG_HOOKS", "").lower()
    if wish in _OFF:
        return "SEVLOG_HOOKS turns them off"
    requested = any(environment.get(name, "") not in ("", "false") for name in _OF_A_REQUEST)
    if requested or environment.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        return "hooks never run in the pipeline of a pull request, because its code is not trusted"
    if any(environment.get(name, "") not in ("", "false") for name in _PIPELINES) and wish not in _ON:
        return "hooks are off in pipelines; set SEVLOG_HOOKS=on to run them"
    return None
