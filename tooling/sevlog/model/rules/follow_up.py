"""The rule for the trackers of sevlog.yaml: their projects have the form of their kind, their teams exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..config.follow_up import PROJECT_FORMS
from ..config.settings import Config
from ..oncall.roster import OnCall
from ..problem import Problem
from .known_names import Names

_CONFIG = "sevlog.yaml"


def trackers(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """What `sevlog action sync` would refuse is found before it is merged."""
    for place, tracker in enumerate(config.follow_up.trackers):
        at = f"/follow_up/trackers/{place}"
        form = PROJECT_FORMS[tracker.kind]
        if not re.fullmatch(form.pattern, tracker.project):
            yield Problem(
                code="bad_tracker",
                message=f"`{tracker.project}` is not a project of {tracker.kind}",
                hint=f"write `project: {form.example}`",
                path=_CONFIG,
                pointer=f"{at}/project",
            )
        if tracker.url is None and tracker.kind.startswith("jira"):
            yield Problem(
                code="bad_tracker",
                message=f"the tracker {tracker.project} has no address",
                hint="add its site, such as `url: https://cart.atlassian.net`",
                path=_CONFIG,
                pointer=at,
            )
        for number, team in enumerate(tracker.teams):
            if names.lacks("team", team):
                yield names.unknown("team", team, path=_CONFIG, pointer=f"{at}/teams/{number}")
