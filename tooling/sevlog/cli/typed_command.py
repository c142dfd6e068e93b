"""Completes hints with the command that was typed: `sevlog … -i ID` becomes a command that works as it is."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import click

from ..errors import SevlogError

PLACE = "sevlog … "
_LONGEST = 60
"""A longer argument is shortened to `…`: a hint is one line."""


def complete(error: SevlogError, ctx: click.Context) -> None:
    """Put the typed command into the hints of an error."""
    arguments: Sequence[str] = (ctx.find_root().obj or {}).get("arguments", ())
    name = error.details.pop("typed", None)
    error.hints = tuple(_completed(hint, arguments, ctx.command_path.split()[1:], name) for hint in error.hints)


def _completed(hint: str, arguments: Sequence[str], path: list[str], name: object) -> str:
    before, found, added = hint.partition(PLACE)
    if not found:
        return hint
    option, _, rest = added.partition(" ")
    value, _, rest = rest.partition(" ")
    words = [word for word in arguments if word != "--json"]
    if name in words and option == "-i":
        words[words.index(str(name))] = value
    else:
        at = _behind(path, words)
        words[at:at] = [option, value]
    return f"{before}sevlog {' '.join(map(_quoted, words))}{f' {rest}' if rest else ''}"


def _behind(path: list[str], words: list[str]) -> int:
    """The place behind the name of the command; options before it stay there."""
    at = 0
    for part in path:
        at = words.index(part, at) + 1 if part in words[at:] else at
    return at


def _quoted(word: str) -> str:
    if len(word) > _LONGEST:
        return '"…"'
    plain = not set(word) & set('"\\$`!')
    return word if shlex.quote(word) == word else f'"{word}"' if plain else shlex.quote(word)
