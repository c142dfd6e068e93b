"""The structure of a YAML text as a row of plain events, by ruamel's scanner and parser, and its mistakes in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from msgspec.structs import replace
from ruamel.yaml import YAML
from ruamel.yaml import events as parsed
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

from ...model.problem import Problem

DEPTH_LIMIT = 128
"""The fast reader's own limit: both refuse the same files."""

MOST_EVENTS = 30_000
"""How many steps of one file are looked at with care: each takes some 30 µs, and nobody waits longer than a second."""

_LONGEST_TAG = 256
_WORDS_BETWEEN = re.compile(r"[ \t]+(?:[^\s\0:#,?\[\]{}]+[ \t]+)*(?=[^\s\0:#,?\[\]{}])")
"""Words of a plain text up to the last one of the line that cannot be anything else."""


class Event(NamedTuple):
    """One step through a document. line, column: from 1. bare: a scalar without quotes.

    start, end: its place in the text, in characters. style: `|`, `>` or the quote of a scalar, `flow` of a
    mapping or list in brackets.
    """

    what: Literal["document", "scalar", "map", "list", "end", "alias"]
    line: int
    column: int
    text: str = ""
    bare: bool = False
    tag: str | None = None
    anchor: str | None = None
    start: int = 0
    end: int = 0
    style: str = ""


class Broken(Exception):
    """Reading cannot go on; holds the mistake."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def mistake(code: str, message: str, line: int, column: int, hint: str | None = None) -> Problem:
    """A finding about the text of a file, not yet tied to its path."""
    return Problem(code=code, message=message, line=line, column=column, hint=hint)


def too_deep(line: int, column: int) -> Problem:
    """The finding about values within values within values."""
    message = f"values are nested more than {DEPTH_LIMIT} levels deep"
    return mistake("yaml_too_deep", message, line, column, "records need only a few levels")


class Allowance:
    """How many events may still be looked at, over all parts of a file."""

    def __init__(self) -> None:
        self.left = MOST_EVENTS

    def spend(self, line: int) -> None:
        """Take one off. Raises Broken where none is left; line: how far the reader came."""
        self.left -= 1
        if self.left < 0:
            what = f"more than {MOST_EVENTS:,} values of this file need a detailed check"
            hint = "split the file; the cause is an error, a tab, a tag, an anchor or a number such as 0123"
            raise Broken(mistake("yaml_too_much", what, line, 1, hint))


class Before(NamedTuple):
    """What of the file stands before a part of it: lines, and characters."""

    lines: int = 0
    characters: int = 0


NOTHING = Before()


class SwiftReader(Reader):
    """ruamel's reader, which steps over a text at once where it has no line breaks."""

    def forward(self, length: int = 1) -> None:
        end = self.pointer + length
        passed = self.buffer[self.pointer : end]
        if len(passed) < length or "\n" in passed or "\r" in passed or "\ufeff" in passed:
            super().forward(length)
            return
        self.pointer = end
        self.index += length
        self.column += length


class StrictScanner(Scanner):
    """ruamel's scanner, bounded in time, with tabs allowed where YAML 1.2 does and it does not: between words."""

    def fetch_flow_collection_start(self, TokenClass: object, to_push: str) -> None:  # noqa: N803 - ruamel's name
        if len(self.flow_context) >= DEPTH_LIMIT:
            raise Broken(too_deep(self.reader.line + 1, self.reader.column + 1))
        super().fetch_flow_collection_start(TokenClass, to_push)

    def scan_tag(self) -> object:
        start = self.reader.prefix(_LONGEST_TAG)
        if len(start) == _LONGEST_TAG and not any(ch.isspace() for ch in start):
            raise Broken(
                mistake(
                    "yaml_tag",
                    f"the tag `{start[:20]}…` is not supported",
                    self.reader.line + 1,
                    self.reader.column + 1,
                    "put a text that starts with `!` in quotes",
                )
            )
        return super().scan_tag()

    def scan_plain_spaces(self, indent: object, start_mark: object) -> object:
        words = _WORDS_BETWEEN.match(self.reader.buffer, self.reader.pointer)
        if words:
            self.reader.forward(len(words[0]))
            return [words[0]]
        peek = self.reader.peek
        length = 0
        while peek(length) in " \t":
            length += 1
        if "\t" not in self.reader.prefix(length) or peek(length) in "\0\r\n#" or self._separates(length):
            return super().scan_plain_spaces(indent, start_mark)
        between = self.reader.prefix(length)
        self.reader.forward(length)
        return [between]

    def _separates(self, offset: int) -> bool:
        """Whether structure follows: a `: `, or a flow indicator."""
        peek = self.reader.peek
        if peek(offset) == ":" and peek(offset + 1) in "\0 \t\r\n":
            return True
        return bool(self.flow_level) and peek(offset) in ",:?[]{}"


def events(text: str, allowance: Allowance, before: Before = NOTHING) -> Iterator[Event]:
    """The events of all documents in a text, with their places in the file. Raises Broken where it is not YAML."""
    lines, characters = before
    try:
        for step in _events(text):
            allowance.spend(step.line + lines)
            yield (
                step
                if not characters
                else step._replace(line=step.line + lines, start=step.start + characters, end=step.end + characters)
            )
    except Broken as broken:
        if not lines or allowance.left < 0:
            raise
        raise Broken(replace(broken.problem, line=(broken.problem.line or 1) + lines)) from None


def _events(text: str) -> Iterator[Event]:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    yaml.Reader, yaml.Scanner = SwiftReader, StrictScanner
    try:
        for event in yaml.parse(text):
            step = _plain(event)
            if step is not None:
                yield step
    except MarkedYAMLError as error:
        raise Broken(_explain(error, text)) from None
    except (YAMLError, ValueError, IndexError, OverflowError, RecursionError) as error:
        first = (str(error).splitlines() or ["it cannot be read"])[0]
        raise Broken(mistake("yaml_syntax", f"invalid YAML: {first}", 1, 1)) from None


def _plain(event: parsed.Event) -> Event | None:
    line, column = event.start_mark.line + 1, event.start_mark.column + 1
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, parsed.AliasEvent):
        return Event("alias", line, column, anchor=event.anchor, start=start, end=end)
    if isinstance(event, parsed.ScalarEvent):
        bare, style = bool(event.implicit[0]), event.style or ""
        return Event("scalar", line, column, event.value, bare, _tag(event), event.anchor, start, end, style)
    if isinstance(event, (parsed.MappingStartEvent, parsed.SequenceStartEvent)):
        style = "flow" if event.flow_style else ""
        what: Literal["map", "list"] = "map" if isinstance(event, parsed.MappingStartEvent) else "list"
        return Event(what, line, column, "", False, _tag(event), event.anchor, start, end, style)
    if isinstance(event, (parsed.MappingEndEvent, parsed.SequenceEndEvent)):
        return Event("end", line, column, start=start, end=end)
    if isinstance(event, parsed.DocumentStartEvent):
        version = getattr(event, "version", None)
        text = (
            f"%YAML {version[0]}.{version[1]}"
            if version and version != (1, 2)
            else "%TAG"
            if getattr(event, "tags", None)
            else ""
        )
        return Event("document", line, column, text)
    return None


def _tag(event: parsed.NodeEvent) -> str | None:
    tag = getattr(event, "tag", None)
    return None if tag is None else str(tag)


_TAB = "use spaces: YAML allows tabs only inside text"
_WORDS: tuple[tuple[str, str, str | None], ...] = (
    ("character '\\t' that cannot start", "a tab where only spaces are allowed", _TAB),
    ("a tab character where", "a tab where only spaces are allowed", _TAB),
    ("that cannot start any token", "a text cannot start with {char} here", "put the text in quotes"),
    (
        "mapping values are not allowed",
        "`: ` is not allowed here: it starts a value inside a text, or the indentation is wrong",
        "put the text in quotes; if the line is a separate key, align it with the keys around it",
    ),
    (
        "sequence entries are not allowed",
        "a list item (`- `) is not allowed here",
        "start the list on a new line, or put the text in quotes",
    ),
    ("mapping keys are not allowed", "a key (`? `) is not allowed here", "put the text in quotes"),
    (
        "could not find expected ':'",
        "a key without `:` and value, or a text that should be in quotes",
        "write `key: value`; a text over several lines goes below `key: |`, indented",
    ),
    (
        "unexpected end of stream",
        "the quotes that open here are never closed",
        "close them; inside '…' write '' for one '",
    ),
    ("unexpected document separator", "the quotes that open here are never closed", "close them"),
    (
        "expected <block end>",
        "the indentation does not match any line above, or the line before has extra text",
        "align it with the lines around it",
    ),
    ("expected ',' or ']'", "the list `[…]` that opens here is not closed, or a comma is missing", "write [one, two]"),
    (
        "expected ',' or '}'",
        "the mapping `{…}` that opens here is not closed, or a comma is missing",
        "write {key: value}",
    ),
    (
        "unknown escape character",
        "unknown escape in double quotes",
        "double the backslash, or use single quotes, which keep the text as it is",
    ),
    ("escape sequence of", "this escape needs hexadecimal digits", "double the backslash, or use single quotes"),
    ("expected the node content", "a value is missing, or {char} is not allowed here", "put the text in quotes"),
    (
        "indentation indicators",
        "after `|` or `>` only a line break (or `-`, `+`, a digit) is allowed",
        "start the text on the next line, indented",
    ),
    (
        "expected a comment or a line break",
        "after `|` or `>` only a line break is allowed",
        "start the text on the next line, indented",
    ),
    (
        "undefined tag handle",
        "tags (`!…`) are not supported",
        "delete the tag; put a text that starts with `!` in quotes",
    ),
    ("scanning an anchor", "`&` and `*` need a name right behind them", "put the text in quotes"),
    ("expected alphabetic or numeric", "`&` and `*` need a name right behind them", "put the text in quotes"),
    (
        "expected the document start",
        "a second document starts here, or there is extra text",
        "use one document per file",
    ),
    ("did not find expected <document start>", "a second document starts here", "use one document per file"),
    ("duplicate", "a directive is used twice", "delete the lines that start with %"),
)


_TOLD_AT_START = ("open here", "opens here", "a key without")
"""Errors that are reported at the start of the construct, not where the reader gave up."""


def _explain(error: MarkedYAMLError, text: str) -> Problem:
    """A mistake of the scanner or parser in words a person can act on."""
    problem = str(error.problem or error.context or error)
    found = next(((says, hint) for part, says, hint in _WORDS if part in f"{error.context} {problem}"), None)
    message, hint = found or (f"invalid YAML: {problem}", None)
    opened = error.context_mark is not None and any(part in message for part in _TOLD_AT_START)
    mark = error.context_mark if opened else error.problem_mark or error.context_mark
    if mark is None:
        return mistake("yaml_syntax", message, 1, 1, hint)
    here = text[mark.index : mark.index + 1]
    shown = f"`{here}`" if here.strip() else "the end of the line"
    return mistake("yaml_syntax", message.replace("{char}", shown), mark.line + 1, mark.column + 1, hint)
