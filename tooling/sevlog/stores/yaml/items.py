"""The entries of YAML files as items of one list: their text is moved, not rewritten, so comments and words stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from ...errors import InvalidRecord
from . import document as yaml_document
from . import io as yaml_io
from . import nodes as yaml_nodes
from .nodes import Node

_MODELINE = re.compile(r"#\s*yaml-language-server:")
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)


class Item(Struct, frozen=True):
    """One value of a list as YAML text, from its `- ` (or the comments above it) to its last line break."""

    text: str
    value: object


def items(text: str) -> list[Item]:
    """The value of a file, or each value of its list, as items. Raises InvalidRecord where it cannot be read."""
    body = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    tree, problems = yaml_document.compose(body.encode())
    if problems:
        raise InvalidRecord(problems[0].message)
    if tree is None:
        return []
    values = yaml_nodes.construct(tree)
    rows = values if isinstance(values, list) else [values]
    cut = list(_cut(body, tree))
    comments = [match[0] for match in _comments(body, tree)]
    if len(cut) != len(rows) or not all(map(_reads, cut, rows)):  # in brackets, or otherwise not to be cut by lines
        cut = [_written(row) for row in rows]
        if cut and comments:
            cut[0] = "".join(f"{line}\n" for line in comments if not _MODELINE.match(line)) + cut[0]
    return [Item(_without_blank_end(part, row), row) for part, row in zip(cut, rows, strict=True)]


def bundled(parts: Sequence[Item], schema: str) -> str:
    """One file with these items in this order. Raises InvalidRecord where it would not read as they do."""
    text = f"# yaml-language-server: $schema={schema}\n" + "".join(part.text for part in parts)
    if yaml_io.read(text.encode()) != [part.value for part in parts]:
        raise InvalidRecord("the combined list would not equal the entries", "this is a bug: sevlog doctor")
    return text


def _cut(body: str, tree: Node) -> Iterator[str]:
    """The text of each item, brought to the left margin."""
    lines = body.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    column = tree.column - 1
    if tree.kind != "list":
        start = tree.line - 1
        head = _remarks(lines[:start])
        inner = [_moved(line, -column + 2) for line in _without_end(lines[start:])]
        yield _joined([*head, "- " + inner[0][2:], *inner[1:]])
        return
    if tree.style == "flow":
        return
    dashes = [_dash(lines, item.line - 1, column) for item in tree.items]
    starts = [_lead(lines, dash, column) for dash in dashes]
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(lines)
        own = _without_end(lines[start:end])
        head = _remarks(lines[:start]) if place == 0 else []
        yield _joined([*head, *(_moved(line, -column) for line in own)])


def _dash(lines: list[str], line: int, column: int) -> int:
    """The line with the `- ` of the item whose value begins on this line."""
    while line > 0 and not re.match(rf" {{{column}}}-(?:\s|$)", lines[line]):
        line -= 1
    return line


def _lead(lines: list[str], dash: int, column: int) -> int:
    """The first of the comment lines right above an item: what is indented more belongs to the item before."""
    start = dash
    while start > 0 and re.match(rf" {{0,{column}}}#", lines[start - 1]) and not _MODELINE.match(lines[start - 1]):
        start -= 1
    return start


def _remarks(lines: list[str]) -> list[str]:
    """The comments among what stands above everything, without the line for editors."""
    found = (line.strip() for line in lines)
    return [line for line in found if line.startswith("#") and not _MODELINE.match(line)]


def _without_end(lines: list[str]) -> list[str]:
    """The lines without a mark of the document's end."""
    return [line for line in lines if line.rstrip() != "..."] if "..." in (line.rstrip() for line in lines) else lines


def _moved(line: str, by: int) -> str:
    """A line further right or left; a blank one stays, and none loses more than its indentation."""
    if by >= 0:
        return " " * by + line if line else line
    return line[min(-by, len(line) - len(line.lstrip(" "))) :]


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _reads(text: str, value: object) -> bool:
    """Whether the text is a list of just this value."""
    try:
        return yaml_io.read(text.encode()) == [value]
    except yaml_io.YamlError:
        return False


def _written(value: object) -> str:
    return yaml_io.dump([value])


def _without_blank_end(text: str, value: object) -> str:
    """The item without blank lines at its end, unless they are part of what it says."""
    shorter = text.rstrip("\n") + "\n"
    return shorter if shorter != text and _reads(shorter, value) else text


def _comments(body: str, tree: Node) -> Iterator[re.Match[str]]:
    """The comments of a text, without texts in values that look like one."""
    spans = sorted(_scalars(tree))
    for match in _COMMENT.finditer(body):
        if not any(start <= match.start() < end for start, end in spans):
            yield match


def _scalars(node: Node) -> Iterator[tuple[int, int]]:
    if node.kind == "scalar":
        yield node.start, node.end
    for key, value in node.pairs:
        yield from _scalars(key)
        yield from _scalars(value)
    for item in node.items:
        yield from _scalars(item)
