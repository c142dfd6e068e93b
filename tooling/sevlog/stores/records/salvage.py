"""What a file with mistakes was probably meant to say: a value that its schema takes, and what of it is a guess.

Only checks use it, to find the mistakes behind the first one; no command and no page shows what nobody wrote.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from ...model.suggestions import nearest, reshaped
from ..yaml import document as yaml_document
from ..yaml import nodes as yaml_nodes
from ..yaml import rescue as yaml_rescue
from . import schemas
from .schemas import Schema, Violation

Path = tuple[str | int, ...]


class Unreadable:
    """Stands for a value that broken YAML hides: no schema takes it."""


UNREADABLE = Unreadable()

_ROUNDS = 12
_MOST = 500
_NAIVE = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d(?:\.\d+)?)? ?([Zz]|[+-]\d\d:?\d\d)?")
_STAND_INS = (
    "unreadable",
    "UNREADABLE",
    "A9999",
    "X999",
    "2000-01-01",
    "2000-01-01T09:00",
    "09:00",
    "1d",
    "person:unreadable",
    "https://unreadable.example",
    "./unreadable",
    "mon",
    "#000000",
    "en",
    "DE",
    "evidence/unreadable",
    "refs/sevlog/unreadable",
    "0" * 64,
)
_TRUTH = {"yes": True, "on": True, "y": True, "no": False, "off": False, "n": False, "true": True, "false": False}
_MISSING: Any = object()


class Salvaged:
    """value: what the schema takes; None where nothing could be made of it. guessed: where it holds a placeholder, as
    paths. shaped: where it was written in another form, such as a text for a number. renamed: where a misspelt key was
    read as the right one -> its place in the file.
    """

    def __init__(self, value: Any) -> None:
        self.value = value
        self.guessed: set[Path] = set()
        self.shaped: set[Path] = set()
        self.renamed: dict[Path, Path] = {}

    def is_guessed(self, path: Path) -> bool:
        """Whether the value at this path, or a mapping or list around it, is a placeholder."""
        return any(path[:length] in self.guessed for length in range(len(path) + 1))

    def is_told(self, path: Path) -> bool:
        """Whether what is at this path has a finding of its own already, so that another one says nothing new."""
        return path in self.shaped or self.is_guessed(path)

    def has_guesses(self, path: Path) -> bool:
        """Whether there are placeholders below this path."""
        return any(guess[: len(path)] == path for guess in self.guessed)

    def lacks(self, section: str) -> bool:
        """Whether a section (a list of items with a `key`, or a mapping) holds names that are unknown."""
        held = self.value.get(section) if isinstance(self.value, dict) else None
        told = held.keys() if isinstance(held, dict) else ()
        return self.is_guessed((section,)) or any(
            path[0] == section and (path[2:] == ("key",) or (len(path) == 2 and path[1] not in told))
            for path in (*self.guessed, *self.shaped)
            if path
        )

    def written(self, path: Path) -> Path:
        """Where in the file what is at this path stands."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.renamed:
                return (*self.written(self.renamed[path[:length]]), *path[length:])
        return path


def salvaged(shape: str, value: Any, kind: str | None = None) -> Salvaged:
    """What was probably meant by a value of this schema (with `kind`: an entry of that kind)."""
    made = Salvaged(copy.deepcopy(value, {id(UNREADABLE): UNREADABLE}))
    whole = schemas.schema(shape)
    tries: dict[Path, int] = {}
    for _ in range(_ROUNDS):
        found = schemas.violations(shape, made.value, kind, most=_MOST)
        if not found:
            return made
        strange = [violation for violation in found if violation.rule == "additionalProperties"]
        one_each = {(v.path, str(v.found) if v.on_key else ""): v for v in reversed(strange or found)}
        for violation in one_each.values():
            _repair(made, violation, whole, tries)
    made.value = None
    made.guessed.add(())
    return made


def readable(data: bytes) -> Any:
    """The value of a file, with UNREADABLE where its YAML is broken; None of an empty one."""
    tree, mistakes = yaml_document.compose(data)
    if tree is None:
        return UNREADABLE if mistakes else None
    return _readable(tree)


def holed_rows(data: bytes, *, alone: bool = False) -> frozenset[int]:
    """The items of a list, by place, of which some lines cannot be read (syntax errors, not wrong keys or values).

    alone: a file that holds one entry, and not a list, counts as an item.
    """
    tree, _ = yaml_document.compose(data)
    if alone and tree is not None and tree.kind == "map":
        return frozenset({0} if _is_holed(tree) else ())
    if tree is None or tree.kind != "list":
        return frozenset()
    return frozenset(place for place, item in enumerate(tree.items) if _is_holed(item))


def _is_holed(node: yaml_nodes.Node) -> bool:
    if node.style == yaml_rescue.BROKEN or yaml_rescue.may_hide_keys(node):
        return True
    return any(_is_holed(child) for child in (*node.items, *(value for _, value in node.pairs)))


def _readable(node: yaml_nodes.Node) -> Any:
    if isinstance(node, yaml_nodes.Unread):
        return node.known
    if node.kind == "map":
        return {key.text: _readable(value) for key, value in node.pairs}
    if node.kind == "list":
        return [_readable(item) for item in node.items]
    return UNREADABLE if node.style == yaml_rescue.BROKEN else node.value


def _repair(made: Salvaged, violation: Violation, whole: Schema, tries: dict[Path, int]) -> None:
    if violation.rule == "anyOf":
        fitting = [c for c in violation.choices if not any(v.rule == "type" and v.path == violation.path for v in c)]
        if fitting:
            for inner in fitting[0]:
                _repair(made, inner, whole, tries)
            return
    parent, value = _at(made.value, violation.path)
    if value is _MISSING:
        return  # another mistake of this round was above it
    if violation.on_key:
        if isinstance(value, dict):
            key = str(violation.found)
            if not _rename(made, violation.path, value, key, _key_words(violation)):
                made.guessed.add((*violation.path, key))
    elif violation.rule == "additionalProperties":
        known = list(violation.part.get("properties", {}))
        for key in [key for key in value if key not in known]:
            _rename(made, violation.path, value, key, [word for word in known if word not in value])
    elif violation.rule == "required":
        for key in violation.limit:
            if key not in value:
                value[key] = stand_in(violation.part["properties"][key], whole)
                made.guessed.add((*violation.path, key))
    else:
        tries[violation.path] = tries.get(violation.path, 0) + 1
        _replace(made, violation, parent, value, whole, tries[violation.path])


def _key_words(violation: Violation) -> list[str]:
    return [str(word) for word in violation.limit] if violation.rule == "enum" else []


def _rename(made: Salvaged, path: Path, value: dict[str, Any], key: str, free: list[str]) -> bool:
    """Read a key as the one that was meant, or leave it out; whether there is one."""
    held = value.pop(key, None)
    close = nearest(key, free)
    if close is None or close in value:
        return False
    value[close] = held
    made.renamed[(*path, close)] = (*path, key)
    return True


def _replace(made: Salvaged, violation: Violation, parent: Any, value: Any, whole: Schema, attempt: int) -> None:
    meant = _meant_value(violation, value) if attempt == 1 else _MISSING
    made.shaped.add(violation.path)
    if meant is _MISSING:
        made.guessed.add(violation.path)
        if attempt > 2 and isinstance(parent, dict):
            del parent[violation.path[-1]]
            return
        meant = stand_in(violation.part, whole)
    if violation.path:
        parent[violation.path[-1]] = meant
    else:
        made.value = meant


def _meant_value(violation: Violation, value: Any) -> Any:
    """What was surely meant; _MISSING where nobody can say."""
    if violation.rule == "enum" and isinstance(value, str):
        return nearest(value, [word for word in violation.limit if word is not None]) or _MISSING
    if violation.rule in ("pattern", "format") and isinstance(value, str):
        if violation.part.get("format") == "date-time":
            return lenient_time(value) or _MISSING
        return reshaped(value, str(violation.limit)) or _MISSING
    if violation.rule == "type":
        limit = violation.limit if isinstance(violation.limit, list) else [violation.limit]
        return next((made for kind in limit for made in _AS.get(kind, _as_nothing)(value)), _MISSING)
    if violation.rule == "maxLength":
        return value[: violation.limit]
    return _MISSING


def _as_nothing(_: Any) -> list[Any]:
    return []


def _as_text(value: Any) -> list[Any]:
    return [str(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _as_truth(value: Any) -> list[Any]:
    return [_TRUTH[value.lower()]] if isinstance(value, str) and value.lower() in _TRUTH else []


def _as_whole(value: Any) -> list[Any]:
    return [int(value)] if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value) else []


def _as_list(value: Any) -> list[Any]:
    return [[value]] if isinstance(value, str) else []


_AS: dict[str, Callable[[Any], list[Any]]] = {
    "string": _as_text,
    "boolean": _as_truth,
    "integer": _as_whole,
    "array": _as_list,
}
"""Type of a schema -> the value as that type, where it is clear what is meant."""


def lenient_time(text: str) -> str | None:
    """The time that somebody wrote without its offset or its seconds, taken for UTC; None where it is none."""
    found = _NAIVE.fullmatch(text.strip())
    made = f"{found[1]}T{found[2]}{found[3] or ':00'}{(found[4] or 'Z').upper()}" if found else ""
    return made if made and schemas.is_instant(made) else None


def stand_in(part: Schema, whole: Schema) -> Any:
    """Something that a part of a schema takes."""
    while "$ref" in part:
        part = whole["$defs"][part["$ref"].rpartition("/")[2]]
    if "const" in part:
        return part["const"]
    if "enum" in part:
        return next(word for word in part["enum"] if word is not None)
    for several in ("anyOf", "oneOf"):
        if several in part:
            return stand_in(next(p for p in part[several] if p != {"type": "null"}), whole)
    kinds = part.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object":
        return {key: stand_in(part["properties"][key], whole) for key in part.get("required", ())}
    if kind == "array":
        return [stand_in(part["items"], whole) for _ in range(part.get("minItems", 0))]
    if kind == "string":
        return _text(part)
    return {"boolean": False, "null": None}.get(kind, part.get("minimum", 0))


def _text(part: Schema) -> str:
    if part.get("format") == "date-time":
        return "2000-01-01T00:00:00Z"
    pattern, least = str(part.get("pattern", "")), part.get("minLength", 0)
    return next((text for text in _STAND_INS if len(text) >= least and re.search(pattern, text)), _STAND_INS[0])


def _at(value: Any, path: Path) -> tuple[Any, Any]:
    """What holds the value at a path, and the value; _MISSING where there is none."""
    parent = None
    for part in path:
        parent = value
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None, _MISSING
    return parent, value
