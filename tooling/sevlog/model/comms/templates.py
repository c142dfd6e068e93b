"""The template language: facts, and parts that are there only where a fact is known, or only where it is not.

A subset of Mustache, with no logic, no code and no way to anything but the facts it is given:

    {{fact}}                         the fact; that it is not known is an error, never an empty place
    {{#fact}} … {{/fact}}            only where it is known
    {{^fact}} … {{/fact}}            only where it is not
    {{! a word to the next author }} nothing

What a fact says is put in as it is and never read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

_DEEPEST = 8
"""How many parts may stand in one another; more than anybody can read."""
_TAG = re.compile(r"(?<!\{)\{\{(?P<sign>[#^/!]?)(?P<body>[^{}]{0,500})\}\}(?!\})")
_ALONE = re.compile(r"^[ \t]*(\{\{[#^/!][^{}]{0,500}\}\})[ \t]*(?:\n|\Z)", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
HOLE = re.compile(r"\{\{[^{}\n]*(?:\}\})?")
"""What is left in a text where something was to be filled in."""


class TemplateMistake(ValueError):
    """The template cannot be read: what is wrong, at which place of its text."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.message, self.place = message, place


class Fact(Struct, frozen=True):
    """A fact that stands in the text."""

    name: str
    place: int


class Part(Struct, frozen=True):
    """A part of the text that depends on whether a fact is known."""

    name: str
    place: int
    known: bool
    nodes: tuple[str | Fact | Part, ...]


Node = str | Fact | Part


class _Open(Struct):
    name: str
    place: int
    known: bool
    nodes: list[Node]


def parse(text: str) -> tuple[Node, ...]:
    """The text as its parts. Raises TemplateMistake."""
    text = text.replace("\r\n", "\n")
    stack = [_Open(name="", place=0, known=True, nodes=[])]
    for piece in _pieces(text):
        if isinstance(piece, str):
            stack[-1].nodes.append(piece)
            continue
        sign, name, place = piece
        if sign == "!":
            continue
        if not _NAME.match(name):
            raise TemplateMistake(
                f"`{{{{{sign}{name}}}}}` is no fact: lower-case letters, digits and underscores", place
            )
        if sign == "/":
            _close(stack, name, place)
        elif sign:
            if len(stack) > _DEEPEST:
                raise TemplateMistake(f"more than {_DEEPEST} parts stand in one another", place)
            stack.append(_Open(name=name, place=place, known=sign == "#", nodes=[]))
        else:
            stack[-1].nodes.append(Fact(name, place))
    if len(stack) > 1:
        raise TemplateMistake(f"`{_opened(stack[-1])}` never ends: `{{{{/{stack[-1].name}}}}}`", stack[-1].place)
    return tuple(stack[0].nodes)


def _pieces(text: str) -> Iterator[str | tuple[str, str, int]]:
    """Texts, and tags as sign, name and place. A tag of a part that is alone on its line takes the line with it."""
    alone = {match.start(1): match for match in _ALONE.finditer(text)}
    here = 0
    for tag in _TAG.finditer(text):
        whole = alone.get(tag.start(), tag)
        yield from _plain(text, here, whole.start())
        yield tag["sign"], tag["body"].strip(), tag.start()
        here = whole.end()
    yield from _plain(text, here, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[str]:
    stray = text.find("{{", start, end)
    if stray >= 0:
        raise TemplateMistake("`{{` without `}}` (or with braces or too much in between)", stray)
    if end > start:
        yield text[start:end]


def _close(stack: list[_Open], name: str, place: int) -> None:
    opened = stack[-1]
    if len(stack) == 1 or opened.name != name:
        expected = f": first comes `{{{{/{opened.name}}}}}`" if len(stack) > 1 else ": nothing is open here"
        raise TemplateMistake(f"`{{{{/{name}}}}}` ends nothing{expected}", place)
    stack.pop()
    stack[-1].nodes.append(Part(opened.name, opened.place, opened.known, tuple(opened.nodes)))


def _opened(part: _Open) -> str:
    return f"{{{{{'#' if part.known else '^'}{part.name}}}}}"


def names(nodes: tuple[Node, ...]) -> Iterator[tuple[str, int]]:
    """Every fact that a template names, with its place."""
    for node in nodes:
        if isinstance(node, Fact):
            yield node.name, node.place
        elif isinstance(node, Part):
            yield node.name, node.place
            yield from names(node.nodes)


def render(
    nodes: tuple[Node, ...], facts: Mapping[str, str | None], holes: Literal["keep", "report"] = "report"
) -> tuple[str, tuple[str, ...]]:
    """The text, and the names of the facts that it lacks, each once and in their order.

    holes: whether what is lacking stays in the text as it stood, for somebody to fill in.
    """
    lacking: dict[str, None] = {}
    text = "".join(_rendered(nodes, facts, lacking, holes == "keep"))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip(), tuple(lacking)


def _rendered(
    nodes: tuple[Node, ...], facts: Mapping[str, str | None], lacking: dict[str, None], keep: bool
) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Fact):
            value = (facts.get(node.name) or "").strip()
            if not value:
                lacking[node.name] = None
            yield value or (f"{{{{{node.name}}}}}" if keep else "")
        elif bool((facts.get(node.name) or "").strip()) == node.known:
            yield from _rendered(node.nodes, facts, lacking, keep)


def line_and_column(text: str, place: int) -> tuple[int, int]:
    """Where a place of a text is, both from 1."""
    before = text[:place]
    return before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1
