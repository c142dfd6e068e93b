"""How long a post may be on each network, and a text cut to that: at a word, with the link behind it."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Callable, Mapping

from ..config.comms import Network

SHIPPED: dict[str, Network] = {
    "bluesky": Network(limit=300),
    "linkedin": Network(limit=3000),
    "mastodon": Network(limit=500, link=23),
    "sms": Network(limit=160),
    "threads": Network(limit=500),
    "x": Network(limit=280, link=23, weighted=True),
}
"""Limits as the networks give them. Where one counts what a reader sees as one character, we count code points: an
emoji made of several counts more than it would, so that a post is never too long, at worst a little too short."""

_LINK = re.compile(r"https?://\S+")
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that X counts once; all others count twice (twitter-text, configuration 3)."""
_MORE = "…"
_LEAST = 15
_LOOSE = " ,;:-–("
"""What is removed from the end of a text that was cut."""


def networks(own: Mapping[str, Network]) -> dict[str, Network]:
    """All networks: the shipped ones, as changed or added to in `comms.networks`."""
    return {**SHIPPED, **own}


def length(text: str, network: Network) -> int:
    """What the network counts."""
    text = unicodedata.normalize("NFC", text)
    if network.link is None:
        return _weight(text, network)
    links = _LINK.findall(text)
    return _weight(_LINK.sub("", text), network) + network.link * len(links)


def _weight(text: str, network: Network) -> int:
    if not network.weighted:
        return len(text)
    return sum(1 if any(low <= ord(char) <= high for low, high in _LIGHT) else 2 for char in text)


def fitted(text: str, link: str | None, network: Network) -> str:
    """The text as one line, with the link behind it, within the network's limit. Longer text is cut at a word."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    behind = f" {link}" if link and link not in text else ""
    if length(text + behind, network) <= network.limit:
        return (text + behind).strip()
    behind = f" {link}" if link else ""
    room = network.limit - length(behind, network) - length(_MORE, network)
    if room < _LEAST:  # a link that leaves no room for words helps nobody
        behind, room = "", network.limit - length(_MORE, network)
    return f"{_cut(text, room, network)}{_MORE}{behind}".strip()


def _cut(text: str, room: int, network: Network) -> str:
    """As many whole words as there is room for; where not even half of it would be used, as many characters."""
    kept, used = "", 0
    for word in re.findall(r"\s*\S+", text):
        size = length(word, network)
        if used + size > room:
            if used < room // 2 and not _LINK.search(word):
                kept += _characters(word, room - used, network)
            break
        kept, used = kept + word, used + size
    return kept.rstrip(_LOOSE)


def _characters(word: str, room: int, network: Network) -> str:
    """The beginning of a word; nothing that a reader sees as one character is torn apart."""
    end = used = 0
    for place, char in enumerate(word):
        used += length(char, network)
        if used > room:
            break
        end = place + 1
    while 0 < end < len(word) and _joins(word[end - 1], word[end]):
        end -= 1
    return word[:end]


def _joins(left: str, right: str) -> bool:
    joiner = "\u200d"
    skin = "\U0001f3fb" <= right <= "\U0001f3ff"
    flag = all("\U0001f1e6" <= char <= "\U0001f1ff" for char in (left, right))
    return joiner in (left, right) or unicodedata.category(right) in ("Mn", "Me", "Mc") or skin or flag


def fitted_lines(text: str, link: str | None, limit: int, size: Callable[[str], int]) -> str:
    """The text with its lines, and the link behind it, within a limit. Longer text is cut at a word.

    size: what is counted of a text; never less for a longer one.
    """
    text = unicodedata.normalize("NFC", text.strip())
    behind = f"\n\n{link}" if link and link not in text else ""
    if size(text + behind) <= limit:
        return (text + behind).strip()
    behind = f"{_MORE}\n\n{link}" if link else _MORE
    if limit - size(behind) < _LEAST:  # a link that leaves no room for words helps nobody
        behind = _MORE
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    count = bisect.bisect_right(ends, limit, key=lambda end: size(text[:end].rstrip(_LOOSE) + behind))
    if count:
        return text[: ends[count - 1]].rstrip(_LOOSE) + behind
    room = bisect.bisect_right(range(len(text)), limit, key=lambda end: size(text[:end] + behind)) - 1
    return _characters(text[: max(room, 0) + 1], max(room, 0), Network(limit=limit)) + behind
