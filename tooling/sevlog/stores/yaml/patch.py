"""Changes single values of a YAML text and leaves every other character of it as it is, comments and layout too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from ...errors import InvalidRecord
from . import document as yaml_document
from . import io as yaml_io
from . import nodes as yaml_nodes
from .nodes import Node

Path = tuple[str | int, ...]
"""Keys and places that lead to a value, from the top of the document."""

NewValue = str | None | tuple[str, ...]


class _Gone(Enum):
    GONE = "gone"


GONE: Final = _Gone.GONE
"""Stands for the new value of a key that goes."""

Change = NewValue | _Gone
Changes = Mapping[Path, Change]
"""The new values by the paths of the old ones."""

_BARE = re.compile(r"[A-Za-z(][A-Za-z0-9_() -]*")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(#[^\r\n]*)?")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def patched(text: str, changes: Changes) -> str:
    """The text with these values instead of the old ones; GONE removes a key and its value.

    Raises InvalidRecord where the text cannot be read, a path leads nowhere, or the value is tied to another by an
    anchor: then it must be changed by hand.
    """
    body = text.removeprefix("\ufeff")
    tree, problems = yaml_document.compose(body.encode())
    if problems or tree is None:
        first = problems[0].message if problems else "it is empty"
        raise InvalidRecord(f"the file cannot be changed, because it cannot be read: {first}")
    expected = yaml_nodes.construct(tree)
    cuts = []
    for path, value in changes.items():
        cuts.append(_cut(body, tree, path, value))
        _put(expected, path, value)
    for start, end, new in sorted(cuts, key=lambda cut: cut[0], reverse=True):
        body = body[:start] + new + body[end:]
    try:
        read_back = yaml_io.read_carefully(body.encode())
    except yaml_io.YamlError:
        read_back = None
    if read_back != expected:
        raise InvalidRecord(
            "this part of the file cannot be changed without changing the rest",
            "if it uses anchors (`&name`, `*name`), write out the values and run the command again",
        )
    return text[: len(text) - len(text.removeprefix("\ufeff"))] + body


def _cut(text: str, tree: Node, path: Path, value: NewValue | _Gone) -> tuple[int, int, str]:
    """From where to where the text is replaced, and by what."""
    parent, place = _parent(tree, path)
    flow = parent.style == "flow"
    if value is GONE:
        start, end = _pair_in_flow(parent, place) if flow else _pair_in_block(text, parent, place)
        return start, end, ""
    node = parent.items[place] if parent.kind == "list" else parent.pairs[place][1]
    new = _written(value)
    if node.kind == "scalar" and node.style in ("|", ">"):
        header = _HEADER.match(text, node.start)
        comment = f"  {header[1]}" if header and header[1] else ""
        return node.start, node.start + len(text[node.start : node.end].rstrip()), new + comment
    if node.kind != "scalar" and not node.style:  # in block style: what is new stands behind the key
        start = yaml_nodes.behind_colon(text, parent.pairs[place][0]) if parent.kind == "map" else node.start
        return start, _end(text, node), f" {new}" if parent.kind == "map" else new
    if node.start == node.end and parent.kind == "map":  # nothing stands behind the key
        start = yaml_nodes.behind_colon(text, parent.pairs[place][0])
        return start, start, f" {new}"
    return node.start, node.end, new


def _parent(tree: Node, path: Path) -> tuple[Node, int]:
    """The mapping or list that holds the value, and its place there. Raises InvalidRecord where there is none."""
    node = tree
    for depth, step in enumerate(path):
        if isinstance(step, int):
            place = step if node.kind == "list" and step < len(node.items) else -1
        else:
            place = next((n for n, (key, _) in enumerate(node.pairs) if key.text == step), -1)
        if place < 0 or node.style == "alias":
            raise InvalidRecord(f"there is no /{'/'.join(map(str, path))} in the file")
        if depth == len(path) - 1:
            return node, place
        node = node.items[place] if node.kind == "list" else node.pairs[place][1]
    raise InvalidRecord("a whole file cannot be changed")


def _end(text: str, node: Node) -> int:
    """Where a value ends, without the blank lines behind it."""
    return node.start + len(text[node.start : node.end].rstrip())


def _pair_in_flow(parent: Node, place: int) -> tuple[int, int]:
    key, value = parent.pairs[place]
    if place + 1 < len(parent.pairs):
        return key.start, parent.pairs[place + 1][0].start
    start = parent.pairs[place - 1][1].end if place else key.start
    return start, max(value.end, key.end)


def _pair_in_block(text: str, parent: Node, place: int) -> tuple[int, int]:
    """The lines of a key and its value, with the comment behind it; the `- ` of a list item stays for the next key."""
    key, value = parent.pairs[place]
    if len(parent.pairs) == 1:
        raise InvalidRecord(f"`{key.text}` is the only key and cannot be removed")
    line = text.rfind("\n", 0, key.start) + 1
    last = _end(text, value) if value.end > value.start else yaml_nodes.behind_colon(text, key)
    end = text.find("\n", last)
    end = len(text) if end < 0 else end + 1
    if not text[line : key.start].strip():
        return line, end
    while text[end : end + 1] in (" ", "\n", "\r"):
        end += 1
    return key.start, end


def _written(value: NewValue | _Gone) -> str:
    """A new value on one line, also valid in brackets."""
    if isinstance(value, tuple):
        return f"[{', '.join(_written(item) for item in value)}]"
    if not isinstance(value, str):
        return "null"
    plain = _BARE.fullmatch(value) and not value.endswith(" ") and value.lower() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


def _put(document: Any, path: Path, value: NewValue | _Gone) -> None:
    """The same change, to the value that the text stands for."""
    for step in path[:-1]:
        document = document[step]
    if value is GONE:
        del document[path[-1]]
    else:
        document[path[-1]] = list(value) if isinstance(value, tuple) else value
