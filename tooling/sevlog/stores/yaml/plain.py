"""The fast reader of YAML (ryaml), for the files that it is known to read as YAML 1.2 does. It loads nothing else.

Callers that need every file use stores/yaml/io, which falls back to the careful reader.
"""

from __future__ import annotations

import re
from typing import Any

from ryaml import loads  # type: ignore[attr-defined]

MAX_BYTES = 1024 * 1024
"""The largest file that is read, in bytes (records.md, Reading rules)."""

_NUMBER = re.compile(rb"0(?:b[01]+|o[0-7]+|x[0-9A-Fa-f]+|[0-9]+)[ \t\r]*(?:[,\]}\n]|\Z|#|:[ \r\n])")
_STARTS_VALUE = re.compile(rb"(?:(?:\A|\n) *|[-?:] +|[\[{,] *|[\"']:|[&!]\S* +)([-+]?)\Z")
_ANCHOR = re.compile(rb"(?:\A|[\s\[{,:])&[^\s,\[\]{}&]")
_ODD_BREAKS = "\x85\u2028\u2029\ufeff"
_LOOK_BACK = 80
_MOST_BRACKETS = 20_000
_TEXTS = {str}
_EXACT = 2.0**53


class NotPlain(ValueError):
    """A file for the careful reader: the fast one would refuse it, or could take it differently."""


def read_plain(data: bytes) -> object:
    """The value of one YAML document, as `io.read` gives it. Raises NotPlain for whatever needs care."""
    if len(data) > MAX_BYTES or not is_plain(data):
        raise NotPlain
    try:
        text = data.decode()
        if not text.isascii() and any(mark in text for mark in _ODD_BREAKS):
            raise NotPlain
        value: object = loads(text)
    except ValueError:  # of ryaml, or of decode
        raise NotPlain from None
    if not _is_ordinary(value, tagged=b"!" in data):
        raise NotPlain
    return value


def is_plain(data: bytes) -> bool:
    """Whether the fast reader is known to read these bytes as YAML 1.2 does, or to refuse them.

    Not plain: tabs, directives, document ends, tags that would be dropped in silence, anchors (the careful reader
    bounds what they expand to), and integers such as 0123 or -0x1F. (In what is not ASCII, neither are the line breaks
    that YAML 1.2 no longer knows: `read_plain` looks for them.)
    """
    if b"\t" in data or (b"\r" in data and b"\r" in data.replace(b"\r\n", b"\n")):
        return False
    if b"%" in data and (data.startswith(b"%") or b"\n%" in data):
        return False
    if b"..." in data and (b"\n..." in data or data.startswith(b"...")):
        return False
    if b"!" in data and (b"!!" in data or b"!<" in data):
        return False
    if b"&" in data and _ANCHOR.search(data):
        return False
    if len(data) > _MOST_BRACKETS < data.count(b"{") + data.count(b"["):
        return False  # nested, they cost the fast reader quadratic time
    return not any(_is_odd_number(data, match) for match in _NUMBER.finditer(data))


def _is_odd_number(data: bytes, match: re.Match[bytes]) -> bool:
    """Whether these digits stand alone as an integer that the fast reader takes for text, or the other way round."""
    start = match.start()
    lead = _STARTS_VALUE.search(data, max(0, start - _LOOK_BACK), start)
    if lead is None:
        return False
    return bool(lead[1]) or data[start + 1 : start + 2] not in (b"x", b"o")


def _is_ordinary(value: object, *, tagged: bool) -> bool:
    """Whether this is a mapping or list whose keys are texts, none of which may stand for a custom tag.

    The fast reader gives {'!tag': value} for a tag, and reads a lone block scalar in its own way.
    """
    if value.__class__ is not dict and value.__class__ is not list:
        return False
    waiting: list[Any] = [value]
    for here in waiting:  # it grows; a loop over each key would cost a fifth of all reading
        if here.__class__ is dict:
            if (here and {*map(type, here)} != _TEXTS) or (tagged and any(key[:1] == "!" for key in here)):
                return False
            here = here.values()
        kinds = {*map(type, here)}
        if float in kinds and any(inner.__class__ is float and not abs(inner) < _EXACT for inner in here):
            return False  # a whole number that is too large for the fast reader becomes one with a fraction
        if dict in kinds or list in kinds:
            waiting += [inner for inner in here if inner.__class__ is dict or inner.__class__ is list]
    return True
