"""Adds items to a list of a YAML text, as one line each, and leaves every other character of it as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import InvalidRecord
from . import document as yaml_document
from . import io as yaml_io
from . import nodes as yaml_nodes
from .nodes import Node

Row = Mapping[str, str]
_BARE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.+/-]|:(?=[A-Za-z0-9]))*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def appended(text: str, path: Sequence[str | int], key: str, rows: Sequence[Row]) -> str:
    """The text with rows at the end of the list `key` of the mapping that `path` leads to; the list is made if needed.

    rows: plain texts; each becomes {key: value, …} on its own line, or goes into the existing brackets.
    Raises InvalidRecord where the text cannot be read, or cannot be changed without touching the rest of it.
    """
    body = text.removeprefix("\ufeff")
    tree, problems = yaml_document.compose(body.encode())
    if problems or tree is None:
        raise InvalidRecord(f"the file cannot be read: {problems[0].message if problems else 'it is empty'}")
    expected: Any = yaml_nodes.construct(tree)
    holder, node = expected, tree
    for step in path:
        holder = holder[step]
        node = _child(node, step)
    holder[key] = [*(holder.get(key) or []), *map(dict, rows)]
    changed = _inserted(body, node, key, [_flow(row) for row in rows])
    try:
        read_back = yaml_io.read_carefully(changed.encode())
    except yaml_io.YamlError:
        read_back = None
    if read_back != expected:
        raise InvalidRecord(
            f"`{key}` cannot be extended without changing the rest of the file", "add the value by hand"
        )
    return text[: len(text) - len(body)] + changed


def _child(node: Node, step: str | int) -> Node:
    if isinstance(step, int):
        return node.items[step]
    return next(value for name, value in node.pairs if name.text == step)


def _inserted(text: str, parent: Node, key: str, items: list[str]) -> str:
    found = next(((name, value) for name, value in parent.pairs if name.text == key), None)
    if found is None:
        return _new_key(text, parent, key, items)
    name, node = found
    if node.kind == "list" and node.style == "flow":
        last = node.items[-1].end if node.items else node.end - 1
        lead = ", " if node.items else ""
        return text[:last] + lead + ", ".join(items) + text[last:]
    if node.kind == "list" and node.items and not node.style:
        return _lines(text, _line_end(text, _end(text, node.items[-1])), _before(text, node.items[0].start), items)
    if node.start == node.end and parent.style != "flow":  # nothing stands behind the key
        lead = " " * (name.column + 1) + "- "
        return _lines(text, _line_end(text, yaml_nodes.behind_colon(text, name)), lead, items)
    return text


def _new_key(text: str, parent: Node, key: str, items: list[str]) -> str:
    if parent.style == "flow" and not parent.pairs:
        return f"{text[: parent.end - 1]}{key}: [{', '.join(items)}]{text[parent.end - 1 :]}"
    if parent.style == "flow":
        last = max(parent.pairs[-1][1].end, parent.pairs[-1][0].end)
        return f"{text[:last]}, {key}: [{', '.join(items)}]{text[last:]}"
    name, value = parent.pairs[-1]
    last = _end(text, value) if value.end > value.start else yaml_nodes.behind_colon(text, name)
    margin = " " * (parent.pairs[0][0].column - 1)
    return _lines(text, _line_end(text, last), "", [f"{margin}{key}:", *(f"{margin}  - {item}" for item in items)])


def _lines(text: str, at: int, lead: str, items: list[str]) -> str:
    """The text with lines put in behind the line that ends at `at`."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    return text[:at] + "".join(f"{line_end}{lead}{item}" for item in items) + text[at:]


def _before(text: str, start: int) -> str:
    """What stands on the line before an item of a list: its margin and the hyphen."""
    return re.sub(r"[^ ]", " ", (line := text[text.rfind("\n", 0, start) + 1 : start])[: line.rfind("-")]) + "- "


def _end(text: str, node: Node) -> int:
    """Where a value ends, without the blank lines behind it."""
    return node.start + len(text[node.start : node.end].rstrip())


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def _flow(row: Row) -> str:
    return "{" + ", ".join(f"{key}: {_written(value)}" for key, value in row.items()) + "}"


def _written(value: str) -> str:
    plain = _BARE.fullmatch(value) and value.lower() not in _WORDS and isinstance(yaml_nodes.resolve(value), str)
    return value if plain else json.dumps(value, ensure_ascii=False)
