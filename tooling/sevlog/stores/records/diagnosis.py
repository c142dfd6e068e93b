"""Finds every error of one broken file: line and column, a message, and a hint with the probable meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

import msgspec
from msgspec.structs import replace

from ...model.problem import Problem
from ...model.suggestions import nearest
from ...model.timeline.entries import KIND_BY_NAME
from ...model.timeline.entry_parts import Entry
from ..markdown import frontmatter
from ..yaml import characters as yaml_characters
from ..yaml import document as yaml_document
from ..yaml import nodes as yaml_nodes
from ..yaml import rescue as yaml_rescue
from ..yaml.rescue import BROKEN
from . import schemas
from .schema_messages import SchemaMistake, Subject, described, found_words, shown

_NOUNS = {
    "incident": "incident.yaml",
    "actions": "actions.yaml",
    "postmortem": "the front matter",
    "public-postmortem": "the front matter",
    "runbook": "the front matter",
    "problem": "the front matter",
    "config": "sevlog.yaml",
    "oncall": "oncall.yaml",
}
_FRONT_MATTER = frozenset({"postmortem", "public-postmortem", "runbook", "problem"})
_MAY_BE_EMPTY = frozenset({"actions", "public-postmortem", "runbook"})
_EMPTY_HINTS = {
    "timeline": "write an entry: kind, at, by, text",
    "entry": "write an entry: kind, at, by, text",
    "incident": "write at least: schema, title, kind",
    "config": "write at least: schema, page",
    "oncall": "write at least: schema",
}

_KINDS = tuple(KIND_BY_NAME)

MOST_REPORTED = 500
"""The most errors reported for one file: a file with more repeats one error."""

Path = tuple[str | int, ...]


def diagnose(path: str, data: bytes, shape: str) -> list[Problem]:
    """The errors of one file by line, up to MOST_REPORTED; empty for a valid file.

    path: relative to the repository; it ends up in the findings. shape: a name of `schemas.SHAPES`; `postmortem`,
    `public-postmortem` and `runbook` are Markdown files with front matter.
    """
    offset = 0
    if shape in _FRONT_MATTER:
        try:
            matter, _ = frontmatter.split(data)
        except frontmatter.FrontMatterError:
            return [replace(_broken_front_matter(data), path=path)]
        if not matter and shape == "postmortem" and not data.startswith(b"---"):
            return [_no_front_matter(path)]
        offset, data = (1, matter) if data.startswith(b"---") else (0, b"")
    tree, mistakes = yaml_document.compose(data)
    about = _about(tree, shape) if tree is not None or not mistakes else iter(())
    found = [*mistakes, *islice(about, MOST_REPORTED)]
    found.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    return [replace(problem, path=path, line=(problem.line or 1) + offset) for problem in found]


def _broken_front_matter(data: bytes) -> Problem:
    return yaml_characters.problem(data) or Problem(
        code="front_matter",
        message="the front matter that starts here is not closed",
        line=1,
        column=1,
        hint="close it with a line of three hyphens: ---",
    )


def _no_front_matter(path: str) -> Problem:
    return Problem(
        code="front_matter",
        message="the file has no front matter with the status of the postmortem",
        path=path,
        line=1,
        column=1,
        hint="start the file with three lines: ---, status: draft, ---",
    )


def _about(tree: yaml_nodes.Node | None, shape: str) -> Iterator[Problem]:
    """The errors in the value of a readable file."""
    value = None if tree is None else yaml_nodes.construct(tree)
    if tree is None or value is None:
        if shape not in _MAY_BE_EMPTY:
            yield from _empty(shape)
        return
    if shape not in ("timeline", "entry"):
        subject = Subject(_NOUNS[shape], lambda path: _source(tree, path), _stranger(shape))
        yield from _readable(tree, described(schemas.violations(shape, value, most=MOST_REPORTED), subject))
    elif shape == "timeline" and isinstance(value, list):
        if not value:
            yield Problem(
                code="empty_value",
                message="the list of entries is empty",
                line=tree.line,
                column=tree.column,
                hint="write an entry, or delete the file",
            )
        for number, row in enumerate(value):
            yield from _readable(tree, _entry(tree, row, (number,)))
    else:
        yield from _readable(tree, _entry(tree, value, ()))


def _readable(tree: yaml_nodes.Node, mistakes: Iterable[SchemaMistake]) -> Iterator[Problem]:
    """The errors with their places, without those about unreadable parts, which have findings of their own."""
    for mistake in mistakes:
        value, _ = yaml_nodes.find(tree, pointer(mistake.path))
        if value.style != BROKEN and not (mistake.code == "missing_key" and yaml_rescue.may_hide_keys(value)):
            yield _placed(tree, mistake)


def _empty(shape: str) -> Iterator[Problem]:
    if shape == "postmortem":
        yield Problem(
            code="empty_value",
            message="the front matter is empty",
            line=1,
            column=1,
            hint="write at least: status: draft",
        )
    else:
        yield Problem(code="empty_value", message="the file is empty", line=1, column=1, hint=_EMPTY_HINTS.get(shape))


def _entry(tree: yaml_nodes.Node, row: Any, at: Path) -> Iterator[SchemaMistake]:
    """The errors of one timeline entry, by the schema of its kind."""
    if not isinstance(row, dict):
        source = _source(tree, at)
        yield SchemaMistake(
            "wrong_type",
            f"an entry must be a mapping with `kind` and `at`, not {found_words(row, source)}",
            "write it as: kind: note, at: …, by: …, text: … (one key a line)",
            at,
        )
        return
    kind = row.get("kind")
    if "kind" not in row and (misspelt := misspelt_kind(row)):
        yield SchemaMistake(
            "unknown_key",
            f"`{shown(misspelt)}` is not a key of an entry",
            "did you mean `kind`?",
            (*at, misspelt),
            on_key=True,
        )
        kind = row[misspelt]
        row = {"kind" if key == misspelt else key: value for key, value in row.items()}
    if "kind" not in row:
        yield SchemaMistake("missing_key", "the entry needs the key `kind`", _kind_hint(row), at)
        yield from _of_any_kind(tree, row, at)
        return
    if isinstance(kind, str) and kind in KIND_BY_NAME and _is_valid(row, kind):
        return
    if not isinstance(kind, str) or kind not in KIND_BY_NAME:
        close = nearest(kind, KIND_BY_NAME) if isinstance(kind, str) else None
        named = f" `{shown(kind)}`" if isinstance(kind, str) else f": {found_words(kind, _source(tree, (*at, 'kind')))}"
        yield SchemaMistake(
            "unknown_kind",
            f"unknown entry kind{named}",
            f"did you mean `{close}`?" if close else f"known kinds: {', '.join(KIND_BY_NAME)}",
            (*at, "kind"),
        )
        yield from _of_any_kind(tree, row, at) if close is None else _of_kind(tree, {**row, "kind": close}, close, at)
        return
    yield from _of_kind(tree, row, kind, at)


def _of_any_kind(tree: yaml_nodes.Node, row: dict[str, Any], at: Path) -> Iterator[SchemaMistake]:
    """The errors in the keys that all entries have, for an entry of unknown kind."""
    common = {key: value for key, value in row.items() if key in Entry.__struct_encode_fields__}
    return _of_kind(tree, {**common, "kind": "note", "text": common.get("text", "-")}, "note", at)


def _of_kind(tree: yaml_nodes.Node, row: dict[str, Any], kind: str, at: Path) -> Iterator[SchemaMistake]:
    article = "an" if kind[0] in "aeiou" else "a"
    subject = Subject(
        f"{article} `{kind}` entry", lambda path: _source(tree, (*at, *path)), lambda key: _other_kinds(key, row)
    )
    for mistake in described(schemas.violations("entry", row, kind, most=MOST_REPORTED), subject):
        yield mistake._replace(path=(*at, *mistake.path))


def misspelt_kind(row: dict[str, Any]) -> str | None:
    """The misspelled key `kind`, recognized by its value; None where there is none."""
    return next((key for key, value in row.items() if nearest(key, ("kind",)) and value in _KINDS), None)


def _is_valid(row: dict[str, Any], kind: str) -> bool:
    """Whether an entry is valid: a fast check, because most entries are."""
    try:
        msgspec.convert(row, KIND_BY_NAME[kind])
    except msgspec.ValidationError:
        return False
    return True


def _kind_hint(row: dict[str, Any]) -> str:
    fitting = [
        kind for kind, keys in _keys_by_kind().items() if all(key in keys for key in row) and kind not in ("note",)
    ]
    likely = [kind for kind in fitting if _own_keys(kind) & row.keys()]
    if likely:
        return f"its keys match: {', '.join(f'kind: {kind}' for kind in likely[:4])}"
    return "for free text use: kind: note"


def _other_kinds(key: str, row: dict[str, Any]) -> str | None:
    """A hint that a key belongs to entries of other kinds."""
    kinds = [kind for kind, keys in _keys_by_kind().items() if key in keys]
    if kinds:
        return f"`{key}` belongs to entries of kind {_listed(kinds)}"
    if key in ("author", "user", "who", "person", "actor"):
        return "use `by` for the person"
    if key in ("time", "timestamp", "date", "when", "created_at"):
        return "use `at` for the time"
    if key in ("message", "body", "description", "comment", "summary", "content"):
        return "use `text` for the text"
    return None


def _stranger(shape: str) -> Any:
    """Hints about keys that people look for in a file where they are not."""
    if shape != "incident":
        return lambda key: None

    def hint(key: str) -> str | None:
        kinds = [kind for kind, keys in _keys_by_kind().items() if key in keys]
        if key == "status":
            return "the status is not stored: it is derived from the timeline (entries of kind `status`)"
        if key in ("severity", "priority"):
            return f"the {key} belongs in the timeline (kind `raised` or `{key}`)"
        return f"`{key}` belongs in the timeline ({_listed(kinds)})" if kinds else None

    return hint


def _listed(kinds: list[str]) -> str:
    named = [f"`{kind}`" for kind in kinds[:4]]
    return f"{', '.join(named)} …" if len(kinds) > 4 else " or ".join(named)


@cache
def _keys_by_kind() -> dict[str, frozenset[str]]:
    parts = schemas.schema("entry")["$defs"]
    return {kind: frozenset(parts[cls.__name__]["properties"]) for kind, cls in KIND_BY_NAME.items()}


@cache
def _own_keys(kind: str) -> frozenset[str]:
    return _keys_by_kind()[kind] - _keys_by_kind()["note"]


def _source(tree: yaml_nodes.Node, path: Path) -> str:
    """The text of a scalar as the file has it; empty for anything else."""
    node, _ = yaml_nodes.find(tree, pointer(path))
    return node.text if node.kind == "scalar" else ""


def pointer(path: Path) -> str:
    """The JSON Pointer of a path."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _placed(tree: yaml_nodes.Node, mistake: SchemaMistake) -> Problem:
    value, key = yaml_nodes.find(tree, pointer(mistake.path))
    at = key if key is not None and (mistake.on_key or _is_hollow(value)) else value
    return Problem(
        code=mistake.code,
        message=mistake.message,
        hint=mistake.hint,
        line=at.line,
        column=at.column,
        pointer=pointer(mistake.path),
    )


def _is_hollow(node: yaml_nodes.Node) -> bool:
    """Whether the value is invisible in the file, so that its key is the better place."""
    return node.kind == "scalar" and node.value is None and not node.text
