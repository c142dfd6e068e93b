"""Markers in a postmortem, such as `<!-- sevlog:timeline -->`: where a block of the record is rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...suggestions import did_you_mean
from .blocks import BLOCKS
from .source import Source

_MARKER = re.compile(r"^[ \t]{0,3}<!--[ \t]*sevlog:(?P<name>[A-Za-z_-]+)(?P<all>[ \t]+all)?[ \t]*-->[ \t]*$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_BLANK_LINES = re.compile(r"\n{3,}")


def rendered(text: str, source: Source, *, every: bool = False) -> str:
    """The text as readers see it: the blocks in place of their markers, without comments. Fenced code stays as it is.

    A block is rendered once: a second marker of the same name points at the first. every: the whole timeline.
    """
    seen: set[str] = set()
    parts = []
    for is_code, part in fenced(text):
        parts.append(
            part if is_code else _without_comments(_MARKER.sub(lambda m: _block(m, source, every, seen), part))
        )
    return f"{_BLANK_LINES.sub(chr(10) * 2, ''.join(parts)).strip()}\n"


def _block(found: re.Match[str], source: Source, every: bool, seen: set[str]) -> str:
    name = found["name"].lower()
    make = BLOCKS.get(name)
    if make is None:
        hint = did_you_mean(name, list(BLOCKS))
        return f"_Unknown marker `{name}`{f': {hint}' if hint else ''}_"
    if name in seen:
        return f"_See the {name} above._"
    seen.add(name)
    return make(source, every or bool(found["all"]))


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
