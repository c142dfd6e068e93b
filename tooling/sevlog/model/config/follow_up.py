"""The section `follow_up` of sevlog.yaml: where action items are done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..forms import Key, ShortText, Url
from ..vocabulary import ActionClass
from .comms import Settings


class CodeRepository(Settings, frozen=True, kw_only=True):
    """A git repository whose commits do action items, by the trailer `Incident-Action`."""

    url: Annotated[ShortText, Meta(description="Its address; or a path, from the folder of the records.")]
    branch: Annotated[ShortText | None, Meta(description="The branch that counts; default: its main branch.")] = None


class Tracker(Settings, frozen=True, kw_only=True):
    """A tracker in which each accepted action item gets an issue."""

    kind: Annotated[Literal["github", "gitlab", "jira", "jira-server"], Meta(description="Whose API it speaks.")]
    project: Annotated[ShortText, Meta(description="github: owner/name; gitlab: its path; jira: the project's key.")]
    url: Annotated[
        Url | None, Meta(description="The address of the API; jira: of the site. Default: github.com or gitlab.com.")
    ] = None
    token: Annotated[
        str, Meta(pattern=r"^[A-Z][A-Z0-9_]*\Z", description="TRACKER reads the environment variable SEVLOG_TRACKER.")
    ] = "TRACKER"
    labels: Annotated[tuple[ShortText, ...], Meta(description="Labels of each issue.")] = ()
    issue_type: Annotated[ShortText, Meta(description="jira: the type of each issue.")] = "Task"
    classes: Annotated[tuple[ActionClass, ...], Meta(description="Only items of these classes.")] = ()
    teams: Annotated[tuple[Key, ...], Meta(description="Only items of these teams.")] = ()
    restricted: Annotated[
        bool, Meta(description="Include items of restricted incidents: only if all readers may know of them.")
    ] = False


class ProjectForm(Struct, frozen=True):
    """What the name of a project looks like."""

    pattern: str
    example: str


PROJECT_FORMS: Mapping[str, ProjectForm] = {
    "github": ProjectForm(r"[\w.-]+/[\w.-]+", "OWNER/NAME"),
    "gitlab": ProjectForm(r"[\w.-]+(?:/[\w.-]+)+", "GROUP/NAME"),
    "jira": ProjectForm(r"[A-Z][A-Z0-9_]+", "KEY"),
    "jira-server": ProjectForm(r"[A-Z][A-Z0-9_]+", "KEY"),
}
"""By the kind of the tracker."""


class FollowUp(Settings, frozen=True, kw_only=True):
    """Where action items are done. `sevlog action sync` reads it."""

    repositories: Annotated[
        tuple[CodeRepository, ...], Meta(description="Besides the repository of the records, which always counts.")
    ] = ()
    trackers: Annotated[
        tuple[Tracker, ...],
        Meta(description="Where accepted items get an issue: each item in the first tracker that takes it."),
    ] = ()
