"""A large file that is one block list, item by item: of what the fast reader takes, nothing needs care."""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from ...model.problem import Problem
from . import rescue as yaml_rescue
from .nodes import MOST_PROBLEMS, Node, Unread, compose_text
from .plain import NotPlain, read_plain
from .scanner import Allowance, Before, Broken

WORTH_IT = 65_536
"""Files with fewer characters are looked at as a whole."""

_MOST = 20_000
_START = re.compile(r"^-(?=[ \r\n]|\Z)", re.MULTILINE)
_OTHER = re.compile(r"^(?:[^ \r\n#-]|-[^ \r\n])", re.MULTILINE)
_HEAD = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*(?:---[ ]*\r?\n)?(?:[ ]*(?:#[^\n]*)?\n)*")
_ANCHOR = re.compile(r"(?:\A|[\s\[{,:])&[^\s,\[\]{}&]")


class Piece(NamedTuple):
    """One item of the list as text, and what stands before it."""

    text: str
    before: Before


def pieces(text: str) -> list[Piece]:
    """The items of a block list at the top of a file; none where it is anything else, or has anchors.

    YAML indents all that belongs to an item, so that an item starts wherever a line starts with a hyphen.
    """
    if "\r" in text and "\r" in text.replace("\r\n", "\n"):
        return []
    starts = [found.start() for found in _START.finditer(text)]
    if not starts or len(starts) > _MOST or _HEAD.fullmatch(text[: starts[0]].replace("\r\n", "\n")) is None:
        return []
    if _OTHER.search(text, starts[0]) or _ANCHOR.search(text):
        return []
    found = []
    line = text.count("\n", 0, starts[0])
    for start, end in pairwise((*starts, len(text))):
        found.append(Piece(text[start:end], Before(line, start)))
        line += text.count("\n", start, end)
    return found


def compose(parts: list[Piece]) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of the list, and its mistakes, as `yamldocument.compose` gives them; it goes on behind a broken item."""
    allowance, found = Allowance(), list[Problem]()
    tree = Node("list", parts[0].before.lines + 1, 1, start=parts[0].before.characters)
    for part in parts:
        try:
            item = _item(part, allowance, found)
        except Broken as stop:
            try:
                rest, problems = yaml_rescue.item(part.text, part.before, allowance)
            except Broken as end:
                return None, (*found, end.problem)
            found += problems or (stop.problem,)
            if rest is None or len(found) >= MOST_PROBLEMS or allowance.left < 0:
                return None, tuple(found)
            tree.items.append(rest)
        else:
            tree.items.append(item)
    tree.end = tree.items[-1].end
    return tree, yaml_rescue.in_lines(found)


def _item(part: Piece, allowance: Allowance, found: list[Problem]) -> Node:
    try:
        value = read_plain(part.text.encode())
    except NotPlain:
        return _looked_at(part, allowance, found)
    assert isinstance(value, list)
    return Unread(value[0], partial(_looked_at, part, Allowance(), []))


def _looked_at(part: Piece, allowance: Allowance, found: list[Problem]) -> Node:
    tree = compose_text(part.text, allowance, found, {}, part.before)
    assert tree is not None
    return tree.items[0]
