"""Markers in a postmortem, such as `<!-- sevlog:timeline -->`: where a block of the record is rendered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from ...suggestions import did_you_mean
from .blocks import BLOCKS
from .source import Source

_MARKER = re.compile(r"^[ \t]{0,3}<!--[ \t]*sevlog:(?P<name>[A-Za-z_-]+)(?P<all>[ \t]+all)?[ \t]*-->[ \t]*$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_EDGE = "\x00"
"""Around the name of a block until comments are removed. YAML and Markdown have no such character."""
_BLANK_LINES = re.compile(r"\n{3,}")


class Part(Struct, frozen=True):
    """A piece of a rendered postmortem. block: the marker that it stood for; empty for the words of its authors."""

    block: str
    text: str


def rendered(text: str, source: Source, *, every: bool = False) -> str:
    """The text as readers see it: the blocks in place of their markers, without comments. Fenced code stays as it is.

    A block is rendered once: a second marker of the same name points at the first. every: the whole timeline.
    """
    return joined(parts(text, source, every=every))


def joined(pieces: Iterable[Part]) -> str:
    """The pieces as one text."""
    return f"{_BLANK_LINES.sub(chr(10) * 2, ''.join(piece.text for piece in pieces)).strip()}\n"


def parts(text: str, source: Source, *, every: bool = False) -> list[Part]:
    """The rendered text in pieces, in order: what the authors wrote, and the blocks of the record."""
    found: list[Part] = []
    shown: dict[str, Part] = {}
    for is_code, part in fenced(text.replace(_EDGE, "")):
        if is_code:
            found.append(Part("", part))
            continue
        marked = _without_comments(_MARKER.sub(lambda match: _edged(_block(match, source, every, shown), shown), part))
        for number, piece in enumerate(marked.split(_EDGE)):
            found.append(shown.get(piece, Part("", piece)) if number % 2 else Part("", piece))
    return found


def _block(found: re.Match[str], source: Source, every: bool, shown: Mapping[str, Part]) -> Part:
    name = found["name"].lower()
    make = BLOCKS.get(name)
    if make is None:
        hint = did_you_mean(name, list(BLOCKS))
        return Part("", f"_Unknown marker `{name}`{f': {hint}' if hint else ''}_")
    if name in shown:
        return Part("", f"_See the {name} above._")
    return Part(name, make(source, every or bool(found["all"])))


def _edged(part: Part, shown: dict[str, Part]) -> str:
    """A block between two edges, by its name; another text as it is. Comments around it are removed afterwards."""
    if not part.block:
        return part.text
    shown[part.block] = part
    return f"{_EDGE}{part.block}{_EDGE}"


def _without_comments(text: str) -> str:
    return _COMMENT.sub("", text)


def fenced(text: str) -> Iterator[tuple[bool, str]]:
    """The text in parts, in order: whether a part is a fenced block of code, and the part."""
    part: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if not fence and mark:
            yield False, "".join(part)
            part, fence = [line], mark[1]
        elif fence and mark and mark[1].startswith(fence) and not line.strip(" `~\r\n"):
            yield True, "".join([*part, line])
            part, fence = [], ""
        else:
            part.append(line)
    yield bool(fence), "".join(part)
