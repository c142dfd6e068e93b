"""Checks runbooks/, problems/ and the templates of updates: they can be read, and name what exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ...model.config.settings import Config
from ...model.problem import Problem
from ...model.rules.known_names import Names
from ...stores import files
from ...stores.markdown import frontmatter
from ...stores.markdown.comms_templates import Templates
from ...stores.records.diagnosis import diagnose
from ...stores.yaml import io as yaml_io
from .locating import Locator
from .runbooks import check_runbook
from .secrets import in_documents

FOLDERS = ("runbooks", "problems")
"""Their links are found with those of the site (stores/links)."""
_KINDS = {"components": "component", "owner": "person"}


def check_documents(
    root: Path, config: Config | None, names: Names | None, ids: frozenset[str], now: datetime
) -> tuple[Problem, ...]:
    """Every finding about these folders and the templates of updates.

    config, names: None where sevlog.yaml or oncall.yaml is broken.
    """
    locator = Locator(root)
    found: list[Problem] = []
    for folder in FOLDERS:
        if (root / folder).is_symlink():
            continue  # told with all links
        for path in sorted((root / folder).glob("*.md")):
            relative = f"{folder}/{path.name}"
            if path.name == "README.md" or path.is_symlink():
                continue
            if folder == "runbooks":
                found += check_runbook(root, relative, config, names, now)
            else:
                found += [locator.in_file(p) if p.line is None else p for p in _check(path, relative, names, ids)]
    if config is not None:
        found += Templates(root, config.comms.templates).problems()
    return (*found, *in_documents(root))


def document_folders(config: Config | None) -> tuple[str, ...]:
    """The folders that are checked as documents: also that of the templates of updates."""
    return (*FOLDERS, config.comms.templates.strip("/")) if config is not None else FOLDERS


def _check(path: Path, relative: str, names: Names | None, ids: frozenset[str]) -> Iterator[Problem]:
    try:
        data = files.read_plain(path, yaml_io.MAX_BYTES)
        if len(data) > yaml_io.MAX_BYTES:
            size = f"the file is larger than {yaml_io.MAX_BYTES // 1024} KiB"
            yield Problem(code="too_large", message=size, path=relative)
            return
        matter, _ = frontmatter.split(data)
        value = yaml_io.read(matter)
    except frontmatter.FrontMatterError as error:
        yield Problem(code="front_matter", message=str(error), path=relative, line=1, column=1)
        return
    except yaml_io.YamlError as error:
        for problem in error.problems:
            yield Problem(
                code=problem.code,
                message=problem.message,
                hint=problem.hint,
                path=relative,
                line=(problem.line or 0) + 1,
                column=problem.column,
            )
        from ...stores.records import salvage

        value = salvage.readable(matter)
        if not isinstance(value, dict):
            return
    except OSError as error:
        yield Problem(code="unreadable", message=f"the file cannot be read: {error.strerror}", path=relative)
        return
    if value is None:
        return
    if isinstance(value, dict):
        yield from diagnose(relative, data, "problem")
    if not isinstance(value, dict):
        yield Problem(
            code="wrong_type",
            message="the front matter must be a mapping (`key: value` lines)",
            path=relative,
            line=2,
            column=1,
            hint="title: …",
        )
        return
    yield from _names(value, relative, names, ids)


def _names(value: dict[str, object], relative: str, names: Names | None, ids: frozenset[str]) -> Iterator[Problem]:
    for key, kind in _KINDS.items():
        for at, name in _each(value, key):
            if names is not None and names.lacks(kind, name):
                yield names.unknown(kind, name, path=relative, pointer=at)
    for at, name in _each(value, "incidents"):
        if name not in ids:
            yield Problem(code="unknown_incident", message=f"there is no incident `{name}`", path=relative, pointer=at)


def _each(value: dict[str, object], key: str) -> Iterator[tuple[str, str]]:
    """The texts under a key, which may be one or a list, with their pointers."""
    found = value.get(key)
    if isinstance(found, str):
        yield f"/{key}", found
    elif isinstance(found, list):
        yield from ((f"/{key}/{place}", item) for place, item in enumerate(found) if isinstance(item, str))
