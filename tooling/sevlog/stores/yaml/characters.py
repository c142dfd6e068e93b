"""The characters of a YAML file, or why its bytes are none: not UTF-8, a control character, too many of them."""

from __future__ import annotations

import re
from itertools import chain, islice

from ...model.problem import Problem
from .plain import MAX_BYTES
from .scanner import Broken, mistake

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ODD_BREAKS = "\x85\u2028\u2029"


def problem(data: bytes) -> Problem | None:
    """What keeps the bytes from being read as text; None where nothing does."""
    try:
        of(data)
    except Broken as broken:
        return broken.problem
    return None


def of(data: bytes) -> tuple[str, dict[int, str]]:
    """The text of a file, with the three old line breaks swapped for placeholders, and the table that restores them.

    YAML 1.2 counts NEL, LS and PS as ordinary characters; ruamel's scanner would break lines at them.
    Raises Broken for bytes that are not text.
    """
    if len(data) > MAX_BYTES:
        raise Broken(
            mistake(
                "too_large",
                f"the file has {len(data):,} bytes; the limit is {MAX_BYTES:,} (1 MiB)",
                1,
                1,
                "move logs to the evidence folder, or split the list into several files",
            )
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Broken(mistake("not_utf8", "the file is saved as UTF-16", 1, 1, "save it as UTF-8"))
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        raise Broken(_not_utf8(data)) from None
    odd = _UNPRINTABLE.search(text)
    if odd:
        code, (line, column) = f"{ord(odd[0]):04X}", _place(text[: odd.start()])
        raise Broken(
            mistake(
                "yaml_syntax",
                f"the control character U+{code} is not allowed in a file",
                line,
                column,
                f'delete it, or write "\\u{code}" in double quotes',
            )
        )
    if not any(mark in text for mark in _ODD_BREAKS):
        return text, {}
    taken = set(text)
    free = (mark for code in chain(range(0xE000, 0xF900), range(0x10000, 0x110000)) if (mark := chr(code)) not in taken)
    stand_ins = list(islice(free, len(_ODD_BREAKS)))
    forth = {ord(mark): stand_in for mark, stand_in in zip(_ODD_BREAKS, stand_ins, strict=True)}
    return text.translate(forth), {ord(stand_in): chr(mark) for mark, stand_in in forth.items()}


def _not_utf8(data: bytes) -> Problem:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode(errors="replace"))
        found = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        return mistake("not_utf8", found, line, column, "save the file as UTF-8")
    raise AssertionError("only for bytes that are not UTF-8")


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows this text."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
