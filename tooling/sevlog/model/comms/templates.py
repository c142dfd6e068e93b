"""The template language: facts, and sections that depend on whether a fact is known.

A subset of Mustache without logic or code, and without access to anything but its facts:

    {{fact}}                         the fact; an unknown fact is an error, never an empty place
    {{#fact}} … {{/fact}}            only if the fact is known
    {{^fact}} … {{/fact}}            only if the fact is not known
    {{! a comment }}                 nothing

The value of a fact is inserted as it is and never parsed as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

_DEEPEST = 8
"""How deep sections may be nested."""
_TAG = re.compile(r"(?<!\{)\{\{(?P<sign>[#^/!]?)(?P<body>[^{}]{0,500})\}\}(?!\})")
_ALONE = re.compile(r"^[ \t]*(\{\{[#^/!][^{}]{0,500}\}\})[ \t]*(?:\n|\Z)", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
HOLE = re.compile(r"\{\{[^{}\n]*(?:\}\})?")
"""A placeholder that is still in a text."""


class TemplateMistake(ValueError):
    """The template cannot be parsed. place: offset in its text."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.message, self.place = message, place


class Fact(Struct, frozen=True):
    """A fact in the text."""

    name: str
    place: int


class Section(Struct, frozen=True):
    """A section that depends on whether a fact is known."""

    name: str
    place: int
    known: bool
    nodes: tuple[str | Fact | Section, ...]


Node = str | Fact | Section


class _OpenSection(Struct):
    name: str
    place: int
    known: bool
    nodes: list[Node]


def parse(text: str) -> tuple[Node, ...]:
    """The parsed text. Raises TemplateMistake."""
    text = text.replace("\r\n", "\n")
    stack = [_OpenSection(name="", place=0, known=True, nodes=[])]
    for piece in _pieces(text):
        if isinstance(piece, str):
            stack[-1].nodes.append(piece)
            continue
        sign, name, place = piece
        if sign == "!":
            continue
        if not _NAME.match(name):
            raise TemplateMistake(
                f"`{{{{{sign}{name}}}}}` is not a fact name: use lower-case letters, digits and underscores", place
            )
        if sign == "/":
            _close(stack, name, place)
        elif sign:
            if len(stack) > _DEEPEST:
                raise TemplateMistake(f"sections are nested more than {_DEEPEST} levels deep", place)
            stack.append(_OpenSection(name=name, place=place, known=sign == "#", nodes=[]))
        else:
            stack[-1].nodes.append(Fact(name, place))
    if len(stack) > 1:
        raise TemplateMistake(
            f"`{_section_tag(stack[-1])}` is not closed: add `{{{{/{stack[-1].name}}}}}`", stack[-1].place
        )
    return tuple(stack[0].nodes)


def _pieces(text: str) -> Iterator[str | tuple[str, str, int]]:
    """Texts, and tags as (sign, name, place). A section tag alone on its line removes the line."""
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
        raise TemplateMistake("`{{` without `}}` (or too far apart, or with braces between)", stray)
    if end > start:
        yield text[start:end]


def _close(stack: list[_OpenSection], name: str, place: int) -> None:
    opened = stack[-1]
    if len(stack) == 1 or opened.name != name:
        expected = f": close `{{{{/{opened.name}}}}}` first" if len(stack) > 1 else ": no section is open here"
        raise TemplateMistake(f"`{{{{/{name}}}}}` does not match an open section{expected}", place)
    stack.pop()
    stack[-1].nodes.append(Section(opened.name, opened.place, opened.known, tuple(opened.nodes)))


def _section_tag(part: _OpenSection) -> str:
    return f"{{{{{'#' if part.known else '^'}{part.name}}}}}"


def names(nodes: tuple[Node, ...]) -> Iterator[tuple[str, int]]:
    """Every fact in a template, with its place."""
    for node in nodes:
        if isinstance(node, Fact):
            yield node.name, node.place
        elif isinstance(node, Section):
            yield node.name, node.place
            yield from names(node.nodes)


def render(
    nodes: tuple[Node, ...], facts: Mapping[str, str | None], holes: Literal["keep", "report"] = "report"
) -> tuple[str, tuple[str, ...]]:
    """The text, and the names of missing facts, each once, in order.

    holes: `keep` leaves placeholders of missing facts in the text, to be filled in.
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
    """Line and column of an offset, both from 1."""
    before = text[:place]
    return before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1
