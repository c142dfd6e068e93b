"""YAML in and out: one strict dialect (YAML 1.2 without tags), read fast where it is plain and with care where not.

`read` hands a file to the fast reader (ryaml) unless a cheap look at its bytes finds one of the few things that reader
would take differently from YAML 1.2; those files, and those it refuses, go to the careful reader (stores/yamlnodes),
which also knows the line and column of everything. Both give the same value for every file: tests hold them to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ryaml import loads  # type: ignore[attr-defined]

from ..errors import InvalidRecord
from ..model.problem import Problem
from .yamltext import dump

__all__ = ["MAX_BYTES", "YamlError", "amend", "dump", "is_plain", "read", "read_carefully"]

MAX_BYTES = 1024 * 1024
"""The largest file that is read, in bytes (records.md, Reading rules)."""

_NUMBER = re.compile(rb"0(?:b[01]+|o[0-7]+|x[0-9A-Fa-f]+|[0-9]+)[ \t\r]*(?:[,\]}\n]|\Z|#|:[ \r\n])")
_STARTS_VALUE = re.compile(rb"(?:(?:\A|\n) *|[-?:] +|[\[{,] *|[\"']:|[&!]\S* +)([-+]?)\Z")
_ANCHOR = re.compile(rb"(?:\A|[\s\[{,:])&[^\s,\[\]{}&]")
_ODD_BREAKS = (b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\xef\xbb\xbf")
_LOOK_BACK = 80
_MOST_BRACKETS = 20_000


class YamlError(InvalidRecord):
    """A file that is not YAML as sevlog reads it. problems: every mistake with line and column, without path."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        place = f"line {first.line}, column {first.column}: " if first.line else ""
        super().__init__(f"{place}{first.message}", first.hint or "")
        self.problems = problems


def read(data: bytes) -> object:
    """The value of one YAML document: dict (keys are str), list, str, int, float, bool or None; None for an empty one.

    Raises YamlError for whatever is not one plain YAML 1.2 document within bounds.
    """
    if len(data) <= MAX_BYTES and is_plain(data):
        try:
            value = loads(data.decode())
        except ValueError:  # of ryaml, or of decode
            return read_carefully(data)
        if _is_ordinary(value):
            return value
    return read_carefully(data)


def read_carefully(data: bytes) -> object:
    """As `read`, by the slow reader alone. Raises YamlError."""
    from . import yamlnodes

    tree, problems = yamlnodes.compose(data)
    if problems:
        raise YamlError(problems)
    return None if tree is None else yamlnodes.construct(tree)


def amend(text: str, change: Callable[[Any], None]) -> str:
    """The text of a file after a change to its value; comments, order, quotes and layout of the rest stay.

    change: gets the document (it acts like a dict or list) and alters it in place.
    Raises YamlError where the text was, or would become, not readable.
    """
    from . import yamledit

    read(text.encode())
    changed = yamledit.amended(text, change)
    read(changed.encode())
    return changed


def is_plain(data: bytes) -> bool:
    """Whether the fast reader is known to read these bytes as YAML 1.2 does, or to refuse them.

    Not plain: tabs, directives, document ends, tags that would be dropped in silence, anchors (the careful reader
    bounds what they expand to), integers such as 0123 or -0x1F, and the line breaks that YAML 1.2 no longer knows.
    """
    if b"\t" in data or b"\r" in data.replace(b"\r\n", b"\n"):
        return False
    if b"%" in data and (data.startswith(b"%") or b"\n%" in data):
        return False
    if b"\n..." in data or data.startswith(b"..."):
        return False
    if b"!" in data and (b"!!" in data or b"!<" in data):
        return False
    if b"&" in data and _ANCHOR.search(data):
        return False
    if not data.isascii() and any(mark in data for mark in _ODD_BREAKS):
        return False
    if data.count(b"{") + data.count(b"[") > _MOST_BRACKETS:  # nested, they cost the fast reader quadratic time
        return False
    return not any(_is_odd_number(data, match) for match in _NUMBER.finditer(data))


def _is_odd_number(data: bytes, match: re.Match[bytes]) -> bool:
    """Whether these digits stand alone as an integer that the fast reader takes for text, or the other way round."""
    start = match.start()
    lead = _STARTS_VALUE.search(data, max(0, start - _LOOK_BACK), start)
    if lead is None:
        return False
    return bool(lead[1]) or data[start + 1 : start + 2] not in (b"x", b"o")


def _is_ordinary(value: object) -> bool:
    """Whether this is a mapping or list whose keys are texts, none of which may stand for a custom tag.

    The fast reader gives {'!tag': value} for a tag, and reads a lone block scalar in its own way.
    """
    if value.__class__ is not dict and value.__class__ is not list:
        return False
    waiting: list[object] = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            for key, inner in here.items():
                if key.__class__ is not str or key[:1] == "!":
                    return False
                if inner.__class__ is dict or inner.__class__ is list:
                    waiting.append(inner)
        elif isinstance(here, list):
            waiting.extend(inner for inner in here if inner.__class__ is dict or inner.__class__ is list)
    return True
