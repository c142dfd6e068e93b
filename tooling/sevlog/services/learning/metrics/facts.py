"""The facts of every record for the figures: from the index where a folder has not changed, else folded now."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ....errors import GitTrouble, NotFound
from ....model.learning.metrics.facts import Facts, facts_of, recorded_by
from ....model.problem import Problem
from ....model.timeline.incident import ActionItem
from ....stores import layout
from ....stores.history import main_at
from ....stores.worker_processes import parts_for, shared
from ....stores.yaml import io as yaml_io
from ...workspace.catalog import Catalog
from ...workspace.workspace import Workspace

_Actions = Mapping[str, tuple[ActionItem, ...]]


class Collected(Struct, frozen=True, kw_only=True):
    """unreadable: the first finding of each record that cannot be read. notes: what is not known as of that time."""

    facts: list[Facts]
    unreadable: list[Problem]
    notes: list[str]


class _Part(Struct):
    facts: dict[str, Facts]


def collect(workspace: Workspace, as_of: datetime | None = None, *, remember: bool = True) -> Collected:
    """The facts of all records. as_of: as they were recorded by then. Raises InvalidRecord for sevlog.yaml."""
    catalog = Catalog(workspace, remember=remember)
    facet = catalog.index.facet("metrics", catalog.settings, Facts)
    catalog.index.survey()
    notes: list[str] = []
    actions = None if as_of is None else _committed_actions(workspace, as_of, notes)
    rows = facet.everything() if as_of is None else {}
    known = {path: row for path in catalog.paths if path not in catalog.elsewhere and (row := rows.get(path))}

    def keep(path: str, facts: Facts) -> None:
        if as_of is None and path not in catalog.elsewhere:
            facet.put(path, facts)

    known |= _folded(workspace, catalog, [path for path in catalog.paths if path not in known], as_of, actions, keep)
    catalog.save()
    missing = [path for path in catalog.paths if path not in known]
    unreadable = [why for path in missing if (why := _why(catalog, path)) is not None]
    return Collected(
        facts=[known[path] for path in catalog.paths if path in known and known[path].id],
        unreadable=unreadable,
        notes=notes,
    )


def _folded(
    workspace: Workspace,
    catalog: Catalog,
    paths: list[str],
    as_of: datetime | None,
    actions: _Actions | None,
    keep: Callable[[str, Facts], None],
) -> dict[str, Facts]:
    """The facts of some folders, made now; with a second process where many are to be made."""
    parts = parts_for(len(paths))
    _ = workspace.config
    if parts > 1:
        catalog.index.file.share()

    def look(part: int, parts: int) -> _Part:
        made: dict[str, Facts] = {}
        for path in paths[len(paths) * part // parts : len(paths) * (part + 1) // parts]:
            facts = _facts(workspace, catalog, path, as_of, actions)
            if facts is not None:
                made[path] = facts
                keep(path, facts)
        if parts > 1:
            catalog.save()
        return _Part(made)

    return {path: row for part in shared(look, _Part, parts) for path, row in part.facts.items()} if paths else {}


_NOT_YET = Facts(id="", kind="incident", type="", category="triage")
"""Of a record of which nothing was recorded by then."""


def _facts(
    workspace: Workspace, catalog: Catalog, path: str, as_of: datetime | None, actions: _Actions | None
) -> Facts | None:
    reading = catalog.reading(path)
    record = reading.record
    if record is None:
        return None
    if as_of is not None:
        record = replace(recorded_by(record, as_of), actions=(actions or {}).get(record.id, ()))
    state = workspace.state(record)
    if as_of is not None and not state.timeline:
        return _NOT_YET
    return facts_of(state, sum(problem.severity == "error" for problem in reading.problems))


def _why(catalog: Catalog, path: str) -> Problem | None:
    problems = catalog.reading(path).problems
    return problems[0] if problems else None


def _committed_actions(workspace: Workspace, as_of: datetime, notes: list[str]) -> _Actions:
    """Incident -> its action items as the main branch had them: the timeline does not hold all of their keys."""
    if not workspace.git.present or workspace.git.head() is None:
        notes.append("action items are not known: nothing is committed")
        return {}
    names = workspace.config.git
    try:
        held = main_at.held_at(workspace.git, names.branch, names.remote, as_of)
    except (NotFound, GitTrouble) as error:
        notes.append(f"action items are not known: {error.message}")
        return {}
    files = main_at.contents(workspace.git, held.commit, layout.INCIDENTS, layout.ACTIONS_FILE)
    found: dict[str, tuple[ActionItem, ...]] = {}
    for path, data in files.items():
        rows: object = None
        with contextlib.suppress(yaml_io.YamlError):
            rows = yaml_io.read(data)
        items = []
        for row in rows if isinstance(rows, list) else []:
            with contextlib.suppress(msgspec.ValidationError):
                items.append(msgspec.convert(row, ActionItem))
        found[path.split("/")[-2]] = tuple(items)
    return found
