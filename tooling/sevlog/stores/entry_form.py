"""YAML brought into one form: keys in a given order, times in UTC, texts of several lines as blocks; nothing is lost.

Lines are moved and single values rewritten; comments and the rest of the layout stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct

from ..model.vocabulary import instant
from .yaml import document as yaml_document
from .yaml import io as yaml_io
from .yaml import nodes as yaml_nodes
from .yaml.nodes import Node

_COMMENT = re.compile(r"[ ]*#")
_BLOCK_HEADER = re.compile(rb":[ ]+[|>][-+0-9]*[ ]*(?:#[^\n]*)?\r?$", re.MULTILINE)


class Form(Struct, frozen=True):
    """How a value is to look. keys: those of a mapping, in order, with their own forms. items: of a list.

    instant: a time. choose: the form, where it depends on the value.
    """

    keys: dict[str, Form] | None = None
    items: Form | None = None
    instant: bool = False
    choose: Callable[[object], Form] | None = None

    def of(self, value: object) -> Form:
        """The form of this very value."""
        return self.choose(value) if self.choose is not None else self


ANY = Form()


def formed(text: str, form: Form, same: Callable[[object, object], bool]) -> str:
    """The text in this form; unchanged where the form would change its meaning.

    same: whether two values of the document mean the same (a time may have another offset).
    """
    body = text.removeprefix("\ufeff")
    windows = "\r\n" in body
    new = body.replace("\r\n", "\n")
    if "\r" in new:
        return text  # old line ends: everything below goes by lines
    if new and not new.endswith("\n"):
        new = _if_same(new, f"{new}\n", same)
    for step in (_ordered, _retimed, _blocks):
        new = _if_same(new, step(new, form), same)
    return new.replace("\n", "\r\n") if windows else new


def is_formed(data: bytes, value: object, form: Form) -> bool:
    """Whether a file is surely in its form already, seen without the careful reader. `value`: what it says."""
    if not data.endswith(b"\n") or data.startswith(b"\xef\xbb\xbf") or b"\\n" in data:
        return False
    broken = _looks_fine(value, form)
    return broken is not None and broken <= len(_BLOCK_HEADER.findall(data))


def _looks_fine(value: object, form: Form) -> int | None:
    """None where keys or times are not in form; else how many texts have several lines."""
    form = form.of(value)
    if isinstance(value, str):
        if form.instant and value != _instant(value):
            return None
        return int("\n" in value)
    rows: Iterator[tuple[object, Form]] = iter(())
    if isinstance(value, dict):
        if form.keys is not None and list(value) != [key for key in form.keys if key in value]:
            return None
        rows = ((inner, (form.keys or {}).get(key, ANY)) for key, inner in value.items())
    elif isinstance(value, list):
        rows = ((inner, form.items or ANY) for inner in value)
    total = 0
    for inner, own in rows:
        found = _looks_fine(inner, own)
        if found is None:
            return None
        total += found
    return total


def _if_same(old: str, new: str, same: Callable[[object, object], bool]) -> str:
    """The new text, if it says what the old one did."""
    if new == old:
        return old
    try:
        return new if same(yaml_io.read_carefully(old.encode()), yaml_io.read_carefully(new.encode())) else old
    except yaml_io.YamlError:
        return old


def _tree(text: str) -> Node | None:
    tree, problems = yaml_document.compose(text.encode())
    return None if problems else tree


def _instant(text: str) -> str:
    """The time as files have it; the text as it is, where it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return instant(at) if at.tzinfo is not None and at.microsecond % 1000 == 0 else text


# Keys in order


def _ordered(text: str, form: Form) -> str:
    tree = _tree(text)
    if tree is None or tree.style == "alias":
        return text
    lines = text.split("\n")
    moved = _Lines(lines, text)
    return "\n".join(moved.block(tree, form, 0, len(lines)))


class _Lines:
    """The lines of a text, in another order."""

    def __init__(self, lines: list[str], text: str) -> None:
        self._lines, self._text = lines, text

    def block(self, node: Node, form: Form, start: int, end: int) -> list[str]:
        """The lines from `start` to `end`, which hold this value and nothing else."""
        form = form.of(yaml_nodes.construct(node))
        if node.style == "flow":
            return self._flow(node, form, start, end)
        if node.kind == "map" and node.style != "alias":
            return self._map(node, form, start, end)
        if node.kind == "list" and node.style != "alias" and node.items:
            return self._list(node, form, start, end)
        return self._lines[start:end]

    def _list(self, node: Node, form: Form, start: int, end: int) -> list[str]:
        column = node.column - 1
        starts = [self._lead(self._dash(item, column, start), column, start) for item in node.items]
        parts = self._lines[start : starts[0]]
        for place, item in enumerate(node.items):
            until = starts[place + 1] if place + 1 < len(starts) else end
            parts += self.block(item, form.items or ANY, starts[place], until)
        return parts

    def _map(self, node: Node, form: Form, start: int, end: int) -> list[str]:
        column = node.pairs[0][0].column - 1
        first = node.pairs[0][0].line - 1
        starts = [first, *(self._lead(key.line - 1, column, first + 1) for key, _ in node.pairs[1:])]
        over = max(self._last_line(node.pairs[-1][1], node.pairs[-1][0]) + 1, starts[-1] + 1)
        segments = []
        for place, (key, value) in enumerate(node.pairs):
            until = starts[place + 1] if place + 1 < len(starts) else over
            own = (form.keys or {}).get(key.text, ANY)
            segments.append((key.text, self._segment(key, value, own, starts[place], until)))
        before = self._lines[first][:column]
        head, tail = self._lines[start:first], self._lines[over:end]
        if form.keys is not None:
            order = {key: place for place, key in enumerate(form.keys)}
            segments[0][1][0] = " " * column + segments[0][1][0][column:]
            segments.sort(key=lambda pair: order.get(pair[0], len(order)))
            opening = segments[0][1]
            opening[0] = before + opening[0].lstrip(" ")
        return [*head, *(line for _, segment in segments for line in segment), *tail]

    def _segment(self, key: Node, value: Node, form: Form, start: int, end: int) -> list[str]:
        """The lines of a key and its value."""
        line = key.line - 1
        if value.kind == "scalar" or value.style == "alias":
            return self._lines[start:end]
        if value.style == "flow":
            inner = self._flow(value, form.of(yaml_nodes.construct(value)), line, end)
            return [*self._lines[start:line], *inner]
        return [*self._lines[start : line + 1], *self.block(value, form, line + 1, end)]

    def _flow(self, node: Node, form: Form, start: int, end: int) -> list[str]:
        """In brackets, pairs change places and what stands between them stays."""
        if node.kind != "map" or form.keys is None or not node.pairs:
            return self._lines[start:end]
        order = {key: place for place, key in enumerate(form.keys)}
        texts = [self._text[key.start : max(value.end, key.end)] for key, value in node.pairs]
        ends = [max(value.end, key.end) for key, value in node.pairs]
        between = [self._text[ends[n] : node.pairs[n + 1][0].start] for n in range(len(texts) - 1)]
        places = sorted(range(len(texts)), key=lambda n: order.get(node.pairs[n][0].text, len(order)))
        if places == list(range(len(texts))) or any("#" in gap for gap in between):
            return self._lines[start:end]
        offset = sum(len(line) + 1 for line in self._lines[:start])
        whole = "\n".join(self._lines[start:end])
        new = "".join(texts[n] + gap for n, gap in zip(places, [*between, ""], strict=True))
        cut = node.pairs[0][0].start - offset
        return (whole[:cut] + new + whole[ends[-1] - offset :]).split("\n")

    def _dash(self, item: Node, column: int, least: int) -> int:
        line = item.line - 1
        while line > least and not re.match(rf" {{{column}}}-(?:\s|$)", self._lines[line]):
            line -= 1
        return line

    def _lead(self, line: int, column: int, least: int) -> int:
        """The first of the comment lines right above a line that belong to it: not indented more than it is."""
        start = line
        while start > least and re.match(rf" {{0,{column}}}#", self._lines[start - 1]):
            start -= 1
        return start

    def _last_line(self, value: Node, key: Node) -> int:
        end = max(value.end, key.end)
        return self._text.count("\n", 0, end - 1 if self._text[end - 1 : end] == "\n" else end)


# Times and texts


def _retimed(text: str, form: Form) -> str:
    tree = _tree(text)
    cuts = [
        (node.start, node.end, _instant(node.text))
        for node, own, _ in (_scalars(tree, form, None) if tree is not None else ())
        if own.instant
        and isinstance(node.value, str)
        and node.style not in ("|", ">", "alias")
        and (node.text != _instant(node.text))
    ]
    return _with(text, cuts)


def _blocks(text: str, form: Form) -> str:
    tree = _tree(text)
    cuts = []
    for node, _, key in _scalars(tree, form, None) if tree is not None else ():
        if (
            key is None
            or node.style in ("|", ">", "alias")
            or not isinstance(node.value, str)
            or "\n" not in node.value
        ):
            continue
        header, *lines = yaml_io.dump({"x": node.value}).rstrip("\n").split("\n")
        if not lines or not header.startswith("x: |"):
            continue
        indent = " " * (key.column - 1)
        line_end = text.find("\n", node.end)
        line_end = len(text) if line_end < 0 else line_end
        rest = text[node.end : line_end].rstrip()
        body = "\n".join(indent + line if line else line for line in lines)
        start = yaml_nodes.behind_colon(text, key)
        cuts.append((start, line_end, f" {header[3:]}{rest}\n{body}"))
    return _with(text, cuts)


def _scalars(node: Node, form: Form, key: Node | None) -> Iterator[tuple[Node, Form, Node | None]]:
    """Every scalar with its form, and with its key where that is one of a mapping in block style."""
    form = form.of(yaml_nodes.construct(node)) if form.choose is not None else form
    if node.style == "alias":
        return
    if node.kind == "scalar":
        yield node, form, key
    for own, value in node.pairs:
        yield from _scalars(value, (form.keys or {}).get(own.text, ANY), None if node.style == "flow" else own)
    for item in node.items:
        yield from _scalars(item, form.items or ANY, None)


def _with(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(cuts, reverse=True):
        text = text[:start] + new + text[end:]
    return text
