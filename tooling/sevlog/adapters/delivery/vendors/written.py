"""Text for vendors: within their limits, without mentions that notify people, without markup of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

from ....model.comms.networks import fitted_lines
from ..base import Message

_SPLIT = "\u200b"
"""A space without width. It breaks the words that notify people, and nobody sees it."""
_MENTION = re.compile(r"https?://[^\s<>()@]+(?:(?<=/)@[^\s<>()@]+)?|(?<!\w)@(?=\w)|<(?=[!@#]|users/|at>|https?:)")
_MARKUP = re.compile(r"https?://\S+|[\\`*_~|\[\]]|^[ ]*(?:[#>+-]|\d+(?=[.)]))", re.MULTILINE)


def units(text: str) -> int:
    """UTF-16 code units, the strictest way in which chats count characters."""
    return len(text.encode("utf-16-le", "replace")) // 2


def octets(text: str) -> int:
    """UTF-8 bytes."""
    return len(text.encode("utf-8", "replace"))


def quiet(text: str) -> str:
    """The text without mentions: `@everyone`, `@here`, `<!channel>`, `<@U123>`, `<users/all>` notify nobody."""
    return _MENTION.sub(lambda found: found[0] if found[0].startswith("http") else found[0] + _SPLIT, text)


def escaped(text: str) -> str:
    """The text for a chat that reads Markdown, so that it shows as written. Links stay links."""
    return _MARKUP.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    what = found[0]
    if what.startswith("http"):
        return what
    return f"{what}\\" if what[-1].isdigit() else f"{what[:-1]}\\{what[-1]}"


def told(
    message: Message,
    limit: int,
    *,
    shown: Callable[[str], str] = quiet,
    size: Callable[[str], int] = units,
    headline: bool = True,
    link: bool = True,
) -> str:
    """Headline and text, as shown by the vendor, within its limit: cut at a word, with the link last.

    shown: makes of a text what is sent. size: what the vendor counts of that.
    """
    text = message.plain.strip()
    if headline and not text.startswith(message.headline):
        text = f"{message.headline}\n\n{text}"
    return shown(fitted_lines(text, message.url if link else None, limit, lambda said: size(shown(said))))


def line(text: str, limit: int, size: Callable[[str], int] = units) -> str:
    """A text as one line within a limit."""
    return fitted_lines(" ".join(text.split()), None, limit, size)
