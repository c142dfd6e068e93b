"""Makes the adapter for a tracker of sevlog.yaml."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from ...model.config.follow_up import PROJECT_FORMS
from ...model.config.follow_up import Tracker as Settings
from . import github, gitlab, jira
from .api import Access
from .base import PREFIX, Tracker, TrackerTrouble

_TITLES = {"github": "GitHub", "gitlab": "GitLab", "jira": "Jira", "jira-server": "Jira"}
_URLS = {"github": github.URL, "gitlab": gitlab.URL}
_NEEDS = {"github": github.NEEDS, "gitlab": gitlab.NEEDS, "jira": jira.NEEDS_CLOUD, "jira-server": jira.NEEDS}


def name_of(settings: Settings) -> str:
    """A tracker in messages."""
    return f"{_TITLES[settings.kind]} ({settings.project})"


def is_set(settings: Settings, environment: Mapping[str, str]) -> bool:
    """Whether the token is set on this machine."""
    return bool(environment.get(PREFIX + settings.token, "").strip())


def opened(
    settings: Settings,
    place: str,
    environment: Mapping[str, str],
    clock: Callable[[], datetime],
    pause: Callable[[float], None] = time.sleep,
) -> Tracker:
    """The tracker. place: of its settings in sevlog.yaml. Raises TrackerTrouble where they cannot be used."""
    name, variable = name_of(settings), PREFIX + settings.token
    url = settings.url or _URLS.get(settings.kind)
    if url is None:
        raise TrackerTrouble(f"{name} has no address", f"add `url: https://…` to `{place}` in sevlog.yaml")
    form = PROJECT_FORMS[settings.kind]
    if not re.fullmatch(form.pattern, settings.project):
        raise TrackerTrouble(f"{name} is not a project", f"write `project: {form.example}` in `{place}` in sevlog.yaml")
    if not is_set(settings, environment):
        needs = _NEEDS[settings.kind]
        raise TrackerTrouble(f"{name} needs a token: {variable} is not set", f"set {variable}; {needs}")
    access = Access(
        name=name,
        url=url,
        setting=place,
        variable=variable,
        token=environment[variable].strip(),
        needs=_NEEDS[settings.kind],
        clock=clock,
        pause=pause,
    )
    if settings.kind == "github":
        return github.GitHub(access, settings.project, settings.labels)
    if settings.kind == "gitlab":
        return gitlab.GitLab(access, settings.project, settings.labels)
    kind = jira.JiraCloud if settings.kind == "jira" else jira.JiraServer
    return kind(access, settings.project, settings.labels, settings.issue_type)
