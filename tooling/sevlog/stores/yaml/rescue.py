"""A file whose YAML is broken, part by part: every syntax error in it, and the tree of the parts that are sound.

YAML indents all that belongs to an item or a key, so that a new part starts wherever a line begins in the same column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from ...model.problem import Problem
from .nodes import MOST_PROBLEMS, Node, compose_text
from .scanner import Allowance, Before, Broken, mistake

BROKEN = "broken"
"""The style of a node that stands for what cannot be read."""

HOLES = "(unreadable lines)"
"""The text of a mapping of which some lines cannot be read."""

_DEEPEST = 8
_FEW_LINES = 1_000
_MOST_PARTS = 20_000
_ANCHOR = re.compile(r"(?:\A|[\s\[{,:])&[^\s,\[\]{}&]")
_CONTENT = re.compile(r"^( *)(?![ \r\n#]|---|%)", re.MULTILINE)
_KEY = (
    r"(?:\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|"
    r"[^\s\-?:,\[\]{}#&*!|>'\"%@`][^:\n]*?|[-?:][^\s:][^:\n]*?)[ ]*:(?=[ \r\n]|\Z)"
)
_SECOND = re.compile(r"^(?:---|\.\.\.)(?=[ \r\n]|\Z)", re.MULTILINE)
_ALONE = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")


class _Part(NamedTuple):
    """One item of a list, or one key with its value. key: where it is one, and where its value begins."""

    text: str
    before: Before
    key: Node | None
    value_at: int


class _Stop(NamedTuple):
    """A part that cannot be read, and why."""

    first_line: int
    problem: Problem


def rescued(text: str, put_back: dict[int, str], whole: Problem) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of the sound parts (what is not has the style BROKEN), and every mistake.

    whole: why the file cannot be read in one piece. The tree is None where its parts cannot be separated.
    """
    if whole.code == "yaml_too_much" or _ANCHOR.search(text) or _has_documents(text):
        return None, (whole,)
    rescue = _Rescue(put_back, Allowance())
    try:
        tree = rescue.block(text, Before(), 0)
    except Broken as broken:
        if broken.problem.code == "yaml_too_much":
            return None, (whole, broken.problem)
        return None, in_lines(rescue.mistakes(whole))
    if tree is None or tree.style == BROKEN:
        return None, (whole,)
    return tree, in_lines(rescue.mistakes(whole))


def item(text: str, before: Before, allowance: Allowance) -> tuple[Node | None, tuple[Problem, ...]]:
    """The valid parts of one broken list item, and its errors; without a tree where it has no parts.

    Raises Broken where there are too many.
    """
    rescue = _Rescue({}, allowance)
    tree = rescue.block(text, before, 0)
    return (tree.items[0] if tree is not None else None), in_lines((*rescue.found, *(s.problem for s in rescue.stops)))


def in_lines(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Mistakes in the order of the file."""
    return tuple(sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0)))


def may_hide_keys(node: Node) -> bool:
    """Whether what cannot be read in a mapping has several lines, so that keys may be among them."""
    return node.kind == "map" and node.text == HOLES


def _has_documents(text: str) -> bool:
    first = _CONTENT.search(text)
    return first is not None and _SECOND.search(text, first.end()) is not None


class _Rescue:
    def __init__(self, put_back: dict[int, str], allowance: Allowance) -> None:
        self._put_back, self._allowance = put_back, allowance
        self.found: list[Problem] = []
        self.stops: list[_Stop] = []

    def mistakes(self, whole: Problem) -> list[Problem]:
        """All that was found. Of the first part that is broken, what comes first: its own mistake or the file's."""
        first, *others = self.stops or [_Stop(0, whole)]
        told = [min(whole, first.problem, key=lambda problem: problem.line or 0)]
        if first.first_line > (whole.line or 0):
            told = [whole, first.problem]
        return [*self.found, *told, *(stop.problem for stop in others)]

    def block(self, text: str, before: Before, depth: int) -> Node | None:
        """The tree of some lines that cannot be read in one piece; None where they have no parts."""
        parts = _parts(text, before) if depth < _DEEPEST else []
        if not parts:
            return None
        first = parts[0]
        column = first.key.column if first.key is not None else _column(first)
        tree = Node(
            "list" if first.key is None else "map", first.before.lines + 1, column, start=first.before.characters
        )
        seen: dict[str, Node] = {}
        for part in parts:
            stops = len(self.stops)
            value = self._read(part, depth)
            if len(self.stops) > stops and part.key is not None and "\n" in part.text.strip():
                tree.text = HOLES
            tree.size += value.size
            tree.end = value.end
            if part.key is None:
                tree.items.append(value)
            elif part.key.text in seen:
                where = f"it is already on line {seen[part.key.text].line}: keep one of the two"
                self._add(
                    mistake(
                        "duplicate_key",
                        f"the key `{part.key.text}` is used twice",
                        part.key.line,
                        part.key.column,
                        where,
                    )
                )
            else:
                seen[part.key.text] = part.key
                tree.pairs.append((part.key, value))
        return tree

    def _read(self, part: _Part, depth: int) -> Node:
        """The value of a part."""
        found: list[Problem] = []
        try:
            tree = compose_text(part.text, self._allowance, found, self._put_back, part.before)
        except Broken as broken:
            if broken.problem.code == "yaml_too_much":
                raise
            return self._within(part, broken.problem, depth)
        for problem in found:
            self._add(problem)
        assert tree is not None
        return tree.items[0] if part.key is None else tree.pairs[0][1]

    def _within(self, part: _Part, problem: Problem, depth: int) -> Node:
        """The valid parts of a broken part."""
        inner = " " * part.value_at + part.text[part.value_at :]
        value = None
        if part.key is None or _ALONE.match(part.text, part.value_at):
            value = self.block(inner, part.before, depth + 1)
        if value is None:
            value = self._above(part, problem)
            self.stops.append(_Stop(part.before.lines + 1, problem))
            if len(self.stops) + len(self.found) >= MOST_PROBLEMS:
                raise Broken(problem)
        if value is None:
            value = Node(
                "scalar",
                part.before.lines + 1,
                _column(part),
                style=BROKEN,
                start=part.before.characters,
                end=part.before.characters + len(part.text),
            )
        return value

    def _above(self, part: _Part, problem: Problem) -> Node | None:
        """The value of a part, if what stands above the line with the mistake is sound by itself."""
        lines = part.text.split("\n")[: (problem.line or 0) - 1 - part.before.lines]
        if part.key is None or not lines or len(lines) > _FEW_LINES:
            return None
        try:
            tree = compose_text("\n".join((*lines, "")), self._allowance, [], self._put_back, part.before)
        except Broken:
            return None
        return tree.pairs[0][1] if tree is not None and tree.kind == "map" else None

    def _add(self, problem: Problem) -> None:
        self.found.append(problem)
        if len(self.stops) + len(self.found) >= MOST_PROBLEMS:
            raise Broken(problem)


def _parts(text: str, before: Before) -> list[_Part]:
    """The items or keys that begin in the column of the first one; none where the text has another form."""
    first = _CONTENT.search(text)
    if first is None or "\t" in first[1] or "\r" in text.replace("\r\n", "\n"):
        return []
    indent = first[1]
    is_list = re.compile(r"-(?=[ \r\n]|\Z)").match(text, first.end()) is not None
    start = re.compile(rf"^{indent}(?:-(?=[ \r\n]|\Z)|{_KEY})" if is_list else rf"^{indent}{_KEY}", re.MULTILINE)
    starts = [found for found in start.finditer(text, first.start()) if not is_list or found[0].endswith("-")]
    if not starts or starts[0].start() != first.start() or len(starts) > _MOST_PARTS:
        return []
    return list(_cut(text, before, indent, is_list, starts))


def _cut(text: str, before: Before, indent: str, is_list: bool, starts: list[re.Match[str]]) -> Iterator[_Part]:
    line, at = before.lines, 0
    for found, end in pairwise((*starts, None)):
        assert found is not None
        line += text.count("\n", at, found.start())
        at = found.start()
        key = None
        if not is_list:
            named = found[0][len(indent) :].removesuffix(":").rstrip(" ")
            plain = named[1:-1] if named[:1] in "\"'" else named
            begins = before.characters + at + len(indent)
            key = Node(
                "scalar", line + 1, len(indent) + 1, text=plain, value=plain, start=begins, end=begins + len(named)
            )
        piece = text[at : end.start() if end is not None else len(text)]
        yield _Part(piece, Before(line, before.characters + at), key, found.end() - at)


def _column(part: _Part) -> int:
    return len(part.text) - len(part.text.lstrip(" ")) + 1
