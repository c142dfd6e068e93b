"""JSON Schemas of every record file, made from the model's classes, and validation against them (jsonschema).

`python -m sevlog.stores.records.schemas` writes them to schemas/; a test fails when they are out of step with the
model. They refer to nothing outside of themselves, so that editors and validators need no network.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

import msgspec

from ...model.config.settings import Config
from ...model.forms import Instant
from ...model.guidance.runbook import RunbookCard
from ...model.learning.problems import ProblemCard
from ...model.oncall.roster import OnCall
from ...model.rules.not_in_effect import MARK, reason
from ...model.timeline.entries import KIND_BY_NAME, KINDS, AnyEntry
from ...model.timeline.incident import ActionItem, IncidentCard, Postmortem, PublicPostmortem

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_ENTRIES = 10_000
"""How many entries one incident may have (records.md, Reading rules)."""

_TIMELINE = (
    AnyEntry
    | Annotated[list[AnyEntry], msgspec.Meta(min_length=1, max_length=MOST_ENTRIES, description="Several entries.")]
)
SHAPES: dict[str, tuple[Any, str]] = {
    "incident": (IncidentCard, "incident.yaml: an incident's identity card"),
    "entry": (AnyEntry, "A timeline entry: one thing that happened"),
    "timeline": (_TIMELINE, "A timeline file: one entry, or a list of entries"),
    "actions": (tuple[ActionItem, ...], "actions.yaml: follow-up actions"),
    "postmortem": (Postmortem, "Front matter of postmortem.md"),
    "public-postmortem": (PublicPostmortem, "Front matter of postmortem.public.md"),
    "runbook": (RunbookCard, "Front matter of a runbook"),
    "problem": (ProblemCard, "Front matter of a problem record"),
    "config": (Config, "sevlog.yaml: page, components, process"),
    "oncall": (OnCall, "oncall.yaml: people, teams, schedules, escalations"),
}
"""The type and the title of each schema; the file is schemas/<name>.schema.json."""

# What msgspec reads as a time: RFC 3339, with a space or a lower-case letter for the T as that standard allows.
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:?[0-9]{2})$"
_KIND_BY_CLASS = {cls.__name__: kind for kind, cls in KIND_BY_NAME.items()}
_ORDER = {key: place for place, key in enumerate(("$ref", "title", "description", "type", "const", "enum", "oneOf"))}


@cache
def schema(name: str) -> Schema:
    """The JSON Schema of a kind of file; KeyError where there is no such kind. Treat it as read-only."""
    shape, title = SHAPES[name]
    made = msgspec.json.schema(shape, ref_template="#/$defs/{name}")
    definitions = made.pop("$defs", {})
    for (owner, key), words in _word_keys().items():
        if owner in definitions:
            definitions[owner]["properties"][key]["propertyNames"] = {"enum": list(words)}
    for owner, definition in definitions.items():
        _mark(owner, definition)
    root = _tidied(made)
    if root.keys() == {"$ref"}:
        root = _tidied(definitions.pop(root["$ref"].rpartition("/")[2]))
    return {
        "$schema": DIALECT,
        "$id": f"urn:sevlog:schema:{name}:1",
        **root,
        "title": title,
        **({"$defs": {key: _tidied(value) for key, value in definitions.items()}} if definitions else {}),
    }


def _mark(owner: str, definition: Schema) -> None:
    """Say in the descriptions of keys that have no effect yet that they have none."""
    for key, node in definition.get("properties", {}).items():
        why = reason(owner, key)
        if why is not None:
            node["description"] = f"{node.get('description', '')} {MARK}{why}.".strip()


def text(name: str) -> str:
    """The schema as its file holds it. Patterns are in ECMA's dialect, which JSON Schema prescribes."""
    written = json.dumps(schema(name), indent=2, ensure_ascii=False)
    return written.replace("\\\\Z", "$") + "\n"


def write(folder: Path) -> list[Path]:
    """Write every schema into a folder; the files that changed."""
    changed = []
    for name in SHAPES:
        path = folder / f"{name}.schema.json"
        if not path.exists() or path.read_text("utf-8") != text(name):
            path.write_text(text(name), "utf-8")
            changed.append(path)
    return changed


def _tidied(node: Any) -> Any:
    """A part of msgspec's schema in the form that reads best in editors and messages."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _tidied_part(key, value) for key, value in node.items() if key != "discriminator"}
    if "default" in node and not node["default"] and node["default"] is not False:
        del node["default"]
    if node.get("format") == "date-time":
        node["pattern"] = _TIME
    if "enum" in node:
        node = _ordered_words(node)
    if node.get("title") in _KIND_BY_CLASS:
        node["title"] = _KIND_BY_CLASS[node["title"]]
        node["properties"]["kind"]["description"] = node["description"]
    elif "properties" in node:
        node.pop("title", None)
    node = _flattened(node) if "anyOf" in node else node
    return {key: node[key] for key in sorted(node, key=lambda key: _ORDER.get(key, len(_ORDER)))}


def _tidied_part(key: str, value: Any) -> Any:
    if key in ("properties", "$defs"):
        return {name: _tidied(inner) for name, inner in value.items()}
    return value if key in ("default", "enum") else _tidied(value)


def _flattened(node: Schema) -> Schema:
    """A choice with nothing or with choices inside, told as one level; entries as `oneOf`, told apart by kind."""
    branches: list[Schema] = []
    for branch in node["anyOf"]:
        inner = branch.get("anyOf") or branch.get("oneOf")
        branches += inner if inner else [branch]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    if len([b for b in branches if "$ref" in b]) > 1:
        return {"oneOf": branches, **rest}
    real = [branch for branch in branches if branch != {"type": "null"}]
    if len(real) == 1 and len(branches) == 2 and "$ref" not in real[0]:
        only = dict(real[0])
        only["type"] = [only["type"], "null"]
        if "enum" in only:
            only["enum"] = [*only["enum"], None]
        return {**only, **rest}
    return {"anyOf": branches, **rest}


def _ordered_words(node: Schema) -> Schema:
    """A set of words in the order of the model (msgspec sorts them); one word alone is a constant."""
    words = node["enum"]
    if len(words) == 1:
        return {"const": words[0], **{k: v for k, v in node.items() if k != "enum"}}
    return {**node, "type": "string", "enum": list(_word_lists().get(frozenset(words)) or words)}


@cache
def _word_lists() -> dict[frozenset[str], tuple[str, ...]]:
    """Every Literal of the model: its set of words -> the words in order."""
    hints = [hint for _, _, hint in _hints()]
    return {frozenset(get_args(hint)): get_args(hint) for hint in hints if get_origin(hint) is Literal}


@cache
def _word_keys() -> dict[tuple[str, str], tuple[str, ...]]:
    """Class and key of each mapping whose keys are words of a Literal (which msgspec leaves out of its schema)."""
    return {
        (owner, key): get_args(get_args(hint)[0])
        for owner, key, hint in _hints()
        if get_origin(hint) is dict and get_origin(get_args(hint)[0]) is Literal
    }


@cache
def _hints() -> tuple[tuple[str, str, Any], ...]:
    """Every type that the model's classes name, however deep: class, key as written in files, type."""
    found: list[tuple[str, str, Any]] = []
    seen: set[Any] = set()
    waiting: list[tuple[str, str, Any]] = [("", "", shape) for shape in (*KINDS, *(s for s, _ in SHAPES.values()))]
    while waiting:
        owner, key, hint = waiting.pop()
        found.append((owner, key, hint))
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            if hint not in seen:
                seen.add(hint)
                waiting += [(hint.__name__, f.encode_name, f.type) for f in msgspec.structs.fields(hint)]
        elif get_origin(hint) is not Literal:
            waiting += [(owner, key, arg) for arg in get_args(hint) if not isinstance(arg, msgspec.Meta)]
    return tuple(found)


class Violation(NamedTuple):
    """One rule of a schema that a value breaks.

    path: keys and indexes from the top to the value. rule: the schema's keyword, such as `pattern`; limit: its operand.
    found: the value, or the key of it that is wrong (on_key). part: the part of the schema that holds the rule.
    choices: for `anyOf`, what is wrong with the value by each of them.
    """

    path: tuple[str | int, ...]
    rule: str
    limit: Any
    found: Any
    part: Schema
    on_key: bool
    choices: tuple[tuple[Violation, ...], ...] = ()


def violations(name: str, value: object, kind: str | None = None, *, most: int | None = None) -> list[Violation]:
    """Every rule of a schema that a value breaks (the first `most` of them); with `kind`, of entries of that one kind.

    Accepts exactly what msgspec accepts: `format: date-time` is checked, and 5.0 is not an integer.
    """
    return [_violation(error) for error in islice(_validator(name, kind).iter_errors(value), most)]


def _violation(error: Any) -> Violation:
    choices: dict[int, list[Violation]] = {}
    for inner in error.context or ():
        choices.setdefault(inner.schema_path[0], []).append(_violation(inner))
    return Violation(
        tuple(error.absolute_path),
        error.validator,
        error.validator_value,
        error.instance,
        error.schema,
        "propertyNames" in list(error.absolute_schema_path)[-2:-1],
        tuple(tuple(found) for _, found in sorted(choices.items())),
    )


@cache
def _validator(name: str, kind: str | None) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend

    formats = FormatChecker(formats=())
    formats.checks("date-time")(is_instant)
    integers = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    whole = schema(name)
    if kind is not None:
        whole = {"$ref": f"#/$defs/{KIND_BY_NAME[kind].__name__}", "$defs": whole["$defs"]}
    own = extend(Draft202012Validator, type_checker=integers)  # type: ignore[no-untyped-call]  # its stub has no types
    return own(whole, format_checker=formats)


def is_instant(value: object) -> bool:
    """Whether a text is a time as records have it. Anything but a text is (its type is another rule's business)."""
    if not isinstance(value, str):
        return True
    try:
        msgspec.convert(value, Instant)
    except msgspec.ValidationError:
        return False
    return True


def described_patterns() -> Iterator[tuple[str, str]]:
    """Each pattern of the model's own types, with what it stands for in words."""
    from ...model import forms, hours
    from ...model.oncall import roster as oncall_roster

    for module in (forms, hours, oncall_roster):
        for value in vars(module).values():
            for meta in getattr(value, "__metadata__", ()):
                if isinstance(meta, msgspec.Meta) and meta.pattern and meta.description:
                    yield meta.pattern, meta.description


if __name__ == "__main__":
    from .. import resources

    for written in write(resources.shared("schemas")):
        sys.stdout.write(f"{written.name}\n")
