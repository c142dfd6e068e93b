"""Removes secrets from what a vendor says, so that its error can be shown and stored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qsl, unquote

_LEAST = 5
"""Parts of an address that are shorter are not secrets: `v1`, `to`, `api`."""
_MOST = 160
"""The most characters of a vendor's error that are kept."""
_TOKEN = re.compile(r"(?=[\w+/=.:-]*\d)[\w+/=.:-]{20,}")
"""A run that is likely a key: long, with a digit, without spaces."""
_MARK = "[…]"


def secrets_of(address: SplitResult) -> frozenset[str]:
    """Everything in an address that may be secret, as written and decoded."""
    parts = [address.username or "", address.password or "", *address.path.split("/")]
    parts += [value for _, value in parse_qsl(address.query.replace("+", "%2B"))]
    parts += re.split(r"[&=]", address.query)
    found = {one for part in parts for one in (part, unquote(part))}
    found |= {piece for one in found for piece in one.split(":")}
    return frozenset(one for one in found if len(one) >= _LEAST)


def without_secrets(said: str, secrets: Iterable[str]) -> str:
    """One line of what a vendor said, with its secrets removed, and cut."""
    for secret in sorted(secrets, key=len, reverse=True):
        said = said.replace(secret, _MARK)
    said = " ".join(_TOKEN.sub(_MARK, said).split())
    said = "".join(char for char in said if char.isprintable())
    return said if len(said) <= _MOST else f"{said[:_MOST]}…"
