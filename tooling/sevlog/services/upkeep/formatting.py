"""Record files in one form (`sevlog fmt`): keys in the model's order, times in UTC, long texts as blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, inspect

from ...model.timeline.entries import KIND_BY_NAME
from ...model.timeline.incident import ActionItem, IncidentCard, Postmortem, PublicPostmortem
from ...stores import entry_form, files, layout
from ...stores.entry_form import ANY, Form
from ...stores.markdown import frontmatter
from ...stores.records import codec
from ...stores.yaml import io as yaml_io
from ..checking.run import Watch, check, scope_of
from ..workspace.workspace import Workspace

_FIRST = ("kind", "at", "by", "recorded_at", "id")
_LAST = ("text", "evidence", "public", "origin")


class Formatting(Struct, kw_only=True):
    """`sevlog fmt --json`."""

    schema: str = "1"
    changed: Annotated[list[str], Meta(description="Files that were changed; with --check, that would be.")]
    left: Annotated[list[str], Meta(description="Files with errors, which are left as they are.")]
    looked_at: Annotated[int, Meta(description="How many files there are.")]


def formatted(
    workspace: Workspace, paths: Sequence[str | Path] = (), *, write: bool = True, watch: Watch = iter
) -> Formatting:
    """Bring record files into form: all of them, or those below `paths`. A file with an error is left as it is.

    write: whether to write them, or only to say which would change. Nothing is committed.
    Raises NotFound for a path that is not there.
    """
    if write:
        workspace.hold()
    scope = scope_of(workspace.root, paths) if paths else None
    folders = layout.incident_paths(workspace.root) if scope is None or scope.folders is None else scope.folders
    wanted = _wanted(workspace.root, paths)
    found = check(workspace, [workspace.root / folder for folder in folders]) if folders else None
    broken = {problem.path for problem in (found.problems if found else ()) if problem.severity == "error"}
    done = Formatting(changed=[], left=[], looked_at=0)
    for folder in watch(list(folders)):
        for path, form, shape in _files(workspace.root, folder):
            if not wanted(path):
                continue
            done.looked_at += 1
            if path in broken:
                done.left.append(path)
                continue
            before = files.read_plain(workspace.root / path, yaml_io.MAX_BYTES)
            after = _formed(path, before, form, shape)
            if after != before:
                done.changed.append(path)
                if write:
                    files.write_whole(workspace.root / path, after)
    workspace.close()
    return done


def _wanted(root: Path, paths: Sequence[str | Path]) -> Callable[[str], bool]:
    """Whether a path (from the top of the records) is one of those named, or below one."""
    if not paths:
        return lambda _: True
    named = [Path(path).absolute() for path in paths]
    return lambda path: any((root / path) == name or name in (root / path).parents for name in named)


def _files(root: Path, folder: str) -> Iterator[tuple[str, Form, object]]:
    """The record files of an incident's folder, each with its form and what it decodes to."""
    shapes = (
        (layout.CARD_FILE, IncidentCard),
        (layout.ACTIONS_FILE, tuple[ActionItem, ...]),
        (layout.POSTMORTEM_FILE, Postmortem),
        (layout.PUBLIC_POSTMORTEM_FILE, PublicPostmortem),
    )
    for name, shape in shapes:
        path = root / folder / name
        if path.is_file() and not path.is_symlink():
            yield f"{folder}/{name}", form_of(shape), shape
    timeline = root / folder / layout.TIMELINE
    for path in sorted(timeline.glob("*.yaml")) if not timeline.is_symlink() else ():
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield f"{folder}/{layout.TIMELINE}/{path.name}", ENTRIES, None


def _formed(path: str, data: bytes, form: Form, shape: object) -> bytes:
    """The file in its form."""
    if path.endswith(".md"):
        matter, _ = frontmatter.split(data)
        if not matter:
            return data
        new = _text(matter, form, shape).encode()
        start = data.index(matter, data.index(b"\n") + 1)
        return data[:start] + new + data[start + len(matter) :]
    return _text(data, form, shape).encode()


def _text(data: bytes, form: Form, shape: object) -> str:
    text = data.decode()
    if entry_form.is_formed(data, yaml_io.read(data), form):
        return text
    return entry_form.formed(text, form, lambda old, new: _decoded(old, shape) == _decoded(new, shape))


def _decoded(value: object, shape: object) -> object:
    """What a value says, in the model's terms. Raises nothing for files without findings."""
    if shape is not None:
        return None if value is None else msgspec.convert(value, shape)  # of a list of actions, nothing but comments
    entries = [codec.entry_of(row) for row in (value if isinstance(value, list) else [value])]
    return isinstance(value, list), [(type(entry), entry) for entry in entries]


@cache
def form_of(shape: object) -> Form:
    """The form of a class's files: keys in the order of its fields."""
    return _form(inspect.type_info(shape))


def _form(shape: inspect.Type) -> Form:
    if isinstance(shape, inspect.Metadata):
        return _form(shape.type)
    if isinstance(shape, inspect.UnionType):
        told = [form for form in map(_form, shape.types) if form != ANY]
        return told[0] if len(told) == 1 else ANY
    if isinstance(shape, inspect.StructType):
        return Form(keys={field.encode_name: _form(field.type) for field in shape.fields})
    if isinstance(shape, inspect.VarTupleType):
        inner = _form(shape.item_type)
        return Form(items=inner) if inner != ANY else ANY
    return Form(instant=True) if isinstance(shape, inspect.DateTimeType) else ANY


@cache
def _entry_form(kind: str) -> Form:
    """The form of an entry: kind, when and who first, the words last, what is its kind's own in between."""
    keys = {"kind": ANY, **(_form(inspect.type_info(KIND_BY_NAME[kind])).keys or {})}
    middle = [key for key in keys if key not in (*_FIRST, *_LAST)]
    return Form(keys={key: keys[key] for key in (*_FIRST, *middle, *_LAST)})


def _by_kind(value: object) -> Form:
    kind = value.get("kind") if isinstance(value, dict) else None
    return _entry_form(kind) if isinstance(kind, str) and kind in KIND_BY_NAME else ANY


_ENTRY = Form(choose=_by_kind)
ENTRIES = Form(choose=lambda value: Form(items=_ENTRY) if isinstance(value, list) else _by_kind(value))
"""The form of a timeline file: an entry, or a list of them."""
