"""`sevlog postmortem lint`: the findings about one postmortem, a file, or all postmortems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ....errors import NotFound, SevlogError, UsageError
from ....model.learning.lint.rules import RULES
from ....model.problem import Problem
from ....model.suggestions import did_you_mean
from ....model.timeline.incident import ActionItem
from ....stores import layout
from ...checking.postmortems import in_file
from ...checking.result import CheckResult, in_order
from ...workspace import lookup
from ...workspace.workspace import Workspace


def linted(
    workspace: Workspace, incident: str | None = None, file: Path | None = None, rules: Sequence[str] = ()
) -> CheckResult:
    """The findings; `checked` counts postmortems. rules: only these; none: all.

    file: any Markdown file; inside an incident's folder it is that incident's postmortem. Without an incident and a
    file: every postmortem that is not waived. Raises NotFound for what does not exist, UsageError for an unknown rule.
    """
    for rule in rules:
        if rule not in RULES:
            raise UsageError(f"unknown rule `{rule}`", did_you_mean(rule, RULES) or f"rules: {', '.join(RULES)}")
    found, checked = list[Problem](), 0
    for root, path, name in _files(workspace, incident, file):
        checked += 1
        actions = _actions(workspace, name) if name else ()
        found += in_file(root, path, workspace.config, workspace.oncall, actions)
    wanted = [problem for problem in found if not rules or problem.code in rules]
    return CheckResult(problems=in_order(wanted), checked=checked)


def _files(workspace: Workspace, incident: str | None, file: Path | None) -> list[tuple[Path, str, str | None]]:
    """Root, path from there, and incident of each postmortem."""
    if incident is not None and file is not None:
        raise UsageError("an incident and a file are given", "leave one of them out")
    if file is not None:
        return [_given(workspace, file)]
    if incident is not None:
        name = lookup.resolve(workspace, incident, learning=True)
        if not _is_there(workspace, name):
            raise NotFound(f"{name} has no postmortem", f"sevlog postmortem new -i {name}")
        return [(workspace.home(name), _path(name), name)]
    return [(workspace.home(name), _path(name), name) for name in workspace.ids() if _is_there(workspace, name)]


def _given(workspace: Workspace, file: Path) -> tuple[Path, str, str | None]:
    if not file.is_file():
        raise NotFound(f"{file} is not a file", "name a postmortem.md, or an incident: sevlog postmortem lint -i ID")
    place = file.resolve()
    root = workspace.root.resolve()
    if not place.is_relative_to(root):
        return workspace.root, place.as_posix(), None
    path = place.relative_to(root).as_posix()
    name = place.parent.name
    is_own = layout.INCIDENT_ID.fullmatch(name) and path == _path(name)
    return workspace.root, path, name if is_own else None


def _path(name: str) -> str:
    return str(layout.folder_of(name) / layout.POSTMORTEM_FILE)


def _is_there(workspace: Workspace, name: str) -> bool:
    return (workspace.home(name) / _path(name)).is_file()


def _actions(workspace: Workspace, name: str) -> tuple[ActionItem, ...]:
    """The action items of an incident; none where its record cannot be read, which `sevlog check` reports."""
    try:
        return workspace.record(name).actions
    except SevlogError:
        return ()
