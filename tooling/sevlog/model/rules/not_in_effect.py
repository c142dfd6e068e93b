"""The list of keys of sevlog.yaml and oncall.yaml that are accepted but have no effect yet.

`check` reports them if a repository sets them; the schemas and docs/reference/files.md mark them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import msgspec
from msgspec import Struct

from ..config.settings import Config
from ..oncall.roster import OnCall
from ..problem import Problem

MARK = "Not in effect yet: "


class Unread(Struct, frozen=True, kw_only=True):
    """A key without effect. pointer: through mappings only. same: a value that matches the current behavior."""

    path: str
    pointer: str
    why: str
    same: object = None


NOT_IN_EFFECT: tuple[Unread, ...] = (
    Unread(path="sevlog.yaml", pointer="/sources", why="no other repository or page is shown or imported"),
)
"""Remove a row when its key takes effect."""

_ROOTS: dict[str, type[Struct]] = {"sevlog.yaml": Config, "oncall.yaml": OnCall}


def not_in_effect(path: str, data: object, shipped: object = None) -> Iterator[Problem]:
    """A warning for each such key that is set to another value than `init` writes (`shipped`)."""
    for row in NOT_IN_EFFECT:
        if row.path != path:
            continue
        steps = row.pointer.split("/")[1:]
        value = _set(data, steps)
        if value not in (None, [], {}, row.same, _set(shipped, steps)):
            yield Problem(
                code="not_in_effect",
                severity="warning",
                path=path,
                pointer=row.pointer,
                message=f"`{row.pointer[1:].replace('/', '.')}` has no effect yet: {row.why}",
                hint="remove it until a later version supports it",
            )


def reason(shape: str, key: str) -> str | None:
    """Why a key of a class (by its name) has no effect; None if it has one."""
    return _marked().get((shape, key))


@cache
def _marked() -> dict[tuple[str, str], str]:
    """(class, key) of each row -> why. Cached, because it inspects the types of all settings."""
    roots = {path: msgspec.inspect.type_info(shape) for path, shape in _ROOTS.items()}
    return {(_owner(row, roots[row.path]), row.pointer.rpartition("/")[2]): row.why for row in NOT_IN_EFFECT}


def _owner(row: Unread, kind: msgspec.inspect.Type) -> str:
    """The name of the class that has the key. kind: the type of the file."""
    for step in row.pointer.split("/")[1:-1]:
        assert isinstance(kind, msgspec.inspect.StructType)
        kind = _inner(next(field.type for field in kind.fields if field.encode_name == step))
    assert isinstance(kind, msgspec.inspect.StructType)
    return kind.cls.__name__


def _inner(kind: msgspec.inspect.Type) -> msgspec.inspect.Type:
    """A type without its annotations."""
    return _inner(kind.type) if isinstance(kind, msgspec.inspect.Metadata) else kind


def _set(value: object, steps: list[str]) -> object:
    """The value at the end of the path; None if the file does not have it."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
