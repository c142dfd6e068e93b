"""The careful YAML reader: values with the line and column of each, and every mistake in words.

What a plain word means (YAML 1.2 core schema) and what is allowed (no tags, no keys but texts, bounded anchors) is
decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ...errors import InvalidRecord
from ...model.problem import Problem
from .scanner import DEPTH_LIMIT, NOTHING, Allowance, Before, Broken, Event, events, mistake, too_deep

EXPANSION_LIMIT = 100_000
"""How many values the aliases of one document may stand for."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE, _FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)(\.inf|\.Inf|\.INF)|(\.nan|\.NaN|\.NAN)")
_MOST_DIGITS = 300
MOST_PROBLEMS = 100
"""The most errors reported for one file before reading stops."""

MOST_LINES = 100_000
"""How many lines a file may have that needs to be looked at with care."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CORE = "tag:yaml.org,2002:"

Scalar = str | int | float | bool | None


@dataclass(slots=True)
class Node:
    """A value and where it stands. line, column: from 1. size: how many values it stands for, aliases written out.

    start, end: its first character in the text (of the first value, where a mapping or list is in block style) and the
    one behind its last. style: `|`, `>` or the quote of a text, `flow` in brackets, `alias` where another is meant,
    `broken` where it cannot be read.
    """

    kind: Literal["scalar", "map", "list"]
    line: int
    column: int
    text: str = ""
    value: Scalar = None
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    size: int = 1
    start: int = 0
    end: int = 0
    style: str = ""


class Unread(Node):
    """A value that the fast reader has read: `known`. Its tree is made when somebody looks at it."""

    __slots__ = ("_look", "known")

    def __init__(self, known: object, look: Callable[[], Node]) -> None:
        self.known, self._look = known, look

    def __getattr__(self, name: str) -> Any:
        """Called for what is not set yet."""
        seen = self._look()
        for part in Node.__slots__:
            setattr(self, part, getattr(seen, part))
        return getattr(seen, name)


def compose_text(
    text: str, allowance: Allowance, found: list[Problem], put_back: dict[int, str], before: Before = NOTHING
) -> Node | None:
    """The tree of a document. found: its mistakes are added here. Raises Broken where reading cannot go on."""
    if text.count("\n") + text.count("\r") > MOST_LINES:
        raise Broken(mistake("yaml_too_much", f"the file has more than {MOST_LINES:,} lines", 1, 1, "split it"))
    return _Composer(events(text, allowance, before), put_back, found).document()


def construct(node: Node) -> object:
    """The plain value of a tree without mistakes."""
    if isinstance(node, Unread):
        return node.known
    if node.kind == "map":
        return {key.text: construct(value) for key, value in node.pairs}
    if node.kind == "list":
        return [construct(item) for item in node.items]
    return node.value


def find(tree: Node, pointer: str) -> tuple[Node, Node | None]:
    """The value at a JSON Pointer and its key, if it has one. Where a part of the way is missing: the last there is."""
    node: Node = tree
    key: Node | None = None
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if node.kind == "map":
            step = next(((k, v) for k, v in node.pairs if k.text == name), None)
            if step is None:
                break
            key, node = step
        elif name.isdecimal() and int(name) < len(node.items):
            key, node = None, node.items[int(name)]
        else:
            break
    return node, key


def behind_colon(text: str, key: Node) -> int:
    """Where what stands behind a key begins. Raises InvalidRecord for a key that stands alone: `{a, b: 1}`, `? a`."""
    colon = text.find(":", key.end)
    if colon < 0:
        raise InvalidRecord(f"`{key.text}` has no colon, so no value can be added", "add the colon")
    return colon + 1


def resolve(text: str) -> Scalar:
    """What a word without quotes means in YAML 1.2: `no`, `on` and dates are texts, 0123 is the number 123."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if len(text) > _MOST_DIGITS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text, 0 if text[:2] in ("0o", "0x") else 10)
    if _FLOAT.fullmatch(text):
        value = float(text)
        return text if value in (float("inf"), float("-inf")) else value
    special = _SPECIAL.fullmatch(text)
    if special:
        return float("nan") if special[3] else float(f"{special[1]}inf")
    return text


class _Composer:
    """Builds the tree of one document and collects what is wrong with it."""

    def __init__(self, steps: Iterator[Event], put_back: dict[int, str], problems: list[Problem]) -> None:
        self._problems = problems
        self._steps = steps
        self._put_back = put_back
        self._anchors: dict[str, Node | None] = {}
        self._expanded = 0

    def document(self) -> Node | None:
        start = next(self._steps, None)
        if start is None:
            return None
        if start.text:
            self._report(
                "yaml_directive",
                f"the directive {start.text} is not allowed",
                start,
                "delete the lines that start with %",
            )
        tree = self._node(next(self._steps), 0)
        second = next(self._steps, None)
        if second is not None:
            raise Broken(
                mistake(
                    "yaml_syntax",
                    "a second document starts here",
                    second.line,
                    second.column,
                    "use one document per file: delete the line ---",
                )
            )
        return tree

    def _report(self, code: str, message: str, at: Event | Node, hint: str) -> None:
        problem = mistake(code, message, at.line, at.column, hint)
        if len(self._problems) >= MOST_PROBLEMS:
            raise Broken(problem)
        self._problems.append(problem)

    def _node(self, event: Event, depth: int) -> Node:
        if depth >= DEPTH_LIMIT and event.what in ("map", "list"):
            raise Broken(too_deep(event.line, event.column))
        if event.what == "alias":
            return self._alias(event)
        if event.anchor:
            self._anchors[event.anchor] = None
        node = Node("scalar", event.line, event.column, start=event.start, end=event.end, style=event.style)
        if event.what == "map":
            node.kind = "map"
            self._fill_map(node, depth)
        elif event.what == "list":
            node.kind = "list"
            self._fill_list(node, depth)
        else:
            node.text = self._whole(event.text.translate(self._put_back) if self._put_back else event.text, event)
        self._apply_tag(node, event)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _whole(self, text: str, event: Event) -> str:
        """The text with the surrogate pairs that JSON writes for an emoji put together; half a pair is a mistake."""
        if not _SURROGATE.search(text):
            return text
        joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if "\ufffd" in joined and "\ufffd" not in text:
            self._report(
                "yaml_syntax",
                "this text contains an unpaired surrogate, which is not a character",
                event,
                "write the character itself",
            )
        return joined

    def _fill_list(self, node: Node, depth: int) -> None:
        while (event := next(self._steps)).what != "end":
            item = self._node(event, depth + 1)
            node.items.append(item)
            node.size += item.size
            node.end = item.end
        if node.style == "flow":
            node.end = event.end

    def _fill_map(self, node: Node, depth: int) -> None:
        seen: dict[str, Node] = {}
        while (event := next(self._steps)).what != "end":
            key = self._key(event, depth + 1)
            value = self._node(next(self._steps), depth + 1)
            node.end = value.end
            if key.text in seen:
                self._report(
                    "duplicate_key",
                    f"the key `{key.text}` is used twice",
                    key,
                    f"it is already on line {seen[key.text].line}: keep one of the two",
                )
                continue
            seen[key.text] = key
            node.pairs.append((key, value))
            node.size += value.size
        if node.style == "flow":
            node.end = event.end

    def _key(self, event: Event, depth: int) -> Node:
        key = self._node(event, depth)
        if key.kind != "scalar":
            what = "a mapping" if key.kind == "map" else "a list"
            self._report(
                "yaml_key", f"{what} is used as a key", key, "put the text in quotes: {…} and […] are YAML syntax"
            )
            key.text = f"({what} on line {key.line}, column {key.column})"
        elif not isinstance(key.value, str):
            shown = key.text or "(nothing)"
            self._report(
                "yaml_key",
                f"the key `{shown}` is {_kind_of(key.value)}, but keys must be text",
                key,
                f'put it in quotes: "{key.text}"',
            )
        return key

    def _alias(self, event: Event) -> Node:
        name = event.anchor or ""
        if name not in self._anchors:
            raise Broken(
                mistake(
                    "yaml_anchor",
                    f"`*{name}` refers to `&{name}`, which does not exist",
                    event.line,
                    event.column,
                    "put the text in quotes",
                )
            )
        target = self._anchors[name]
        if target is None:
            raise Broken(
                mistake(
                    "yaml_anchor",
                    f"`*{name}` is inside the value that it refers to",
                    event.line,
                    event.column,
                    "write the value out",
                )
            )
        self._expanded += target.size
        if self._expanded > EXPANSION_LIMIT:
            raise Broken(
                mistake(
                    "yaml_anchor",
                    f"the aliases of this file expand to more than {EXPANSION_LIMIT:,} values",
                    event.line,
                    event.column,
                    "write out the values; records need no anchors",
                )
            )
        return replace(target, line=event.line, column=event.column, start=event.start, end=event.end, style="alias")

    def _apply_tag(self, node: Node, event: Event) -> None:
        """Give a scalar its value; report a tag that means something else."""
        tag = event.tag
        if tag is None or tag == "!":
            if node.kind == "scalar":
                node.value = resolve(node.text) if event.bare and tag is None else node.text
            return
        name = tag.removeprefix(_CORE)
        if name == {"map": "map", "list": "seq"}.get(node.kind):
            return
        if node.kind == "scalar":
            node.value = node.text
            if name == "str":
                return
            value = resolve(node.text)
            if (name, type(value)) in _TAGGED and (name != "float" or _fits_float(value)):
                node.value = value if name != "float" else float(value or 0)
                return
        self._report(
            "yaml_tag",
            f"the tag `{'!!' + name if tag != name else tag}` is not supported",
            node,
            "delete the tag; put a text that starts with `!` in quotes",
        )


_TAGGED = {("int", int), ("float", float), ("float", int), ("bool", bool), ("null", type(None))}


def _fits_float(value: Scalar) -> bool:
    return not isinstance(value, int) or abs(value) < 10**_MOST_DIGITS


def _kind_of(value: Scalar) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, (int, float)) else "a text"
