"""Markdown as plain text: what mails without HTML, chats, SMS and social networks get. No markup, links written out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _link(match: re.Match[str]) -> str:
    label, address = match[1].strip(), match[2]
    return address if not label or label == address else f"{label} ({address})"


_RULES: tuple[_Rule, ...] = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^)\s]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{0,300})\]\(<?([^)\s>]{1,2000})>?(?:\s\"[^\"\n]{0,300}\")?\)"), _link),
    (re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>"), r"\1"),
    (re.compile(r"<!--[^>]{0,2000}-->|</?[A-Za-z][^<>]{0,300}>"), ""),
    (re.compile(r"(?<!\\)(\*\*|__|~~)(?=\S)([^\n]{0,500}?\S)\1"), r"\2"),
    (re.compile(r"(?<![\\\w*])\*(?=[^\s*])([^\n*]{1,500})(?<!\s)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\\\w])_(?=[^\s_])([^\n_]{1,500})(?<!\s)_(?!\w)"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!~<>|-])"), r"\1"),
)
_CODE = re.compile(r"(`{1,3})([^`\n]{1,500})\1")
_HEAD = re.compile(r"^ {0,3}(?:#{1,6}[ \t]+|>[ \t]?)")
_LONGEST = 10_000
"""A line longer than this is left as it is: nobody reads it, and looking for markup in it takes long."""
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")


def plain(markdown: str) -> str:
    """The text without its markup; list items keep their hyphens, and lines stay lines."""
    lines: list[str] = []
    fenced = False
    for line in markdown.replace("\r\n", "\n").split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        else:
            lines.append(line.rstrip() if fenced else _inline(_HEAD.sub("", line)).rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(markdown: str) -> str:
    """The same as one line."""
    return " ".join(plain(markdown).split())


def _inline(line: str) -> str:
    """A line without the markup in it. Code is left unchanged."""
    if len(line) > _LONGEST:
        return line
    parts, here = [], 0
    for code in _CODE.finditer(line):
        parts += [_marked(line[here : code.start()]), code[2]]
        here = code.end()
    return "".join([*parts, _marked(line[here:])])


def _marked(text: str) -> str:
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return html.unescape(text)
