"""Public ids: what the public calls a record, an update, a component, a group and the page.

A record's own id is made from its internal title, so it stays inside unless the page says `public_ids: record`. What
was imported keeps the id that links and clients already know, as far as that can be part of an address.
"""

from __future__ import annotations

import re
from hashlib import sha256

from ..config.settings import Component, Config, Group
from ..timeline.entry_parts import Entry
from ..timeline.incident import Record

LENGTH = 12
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_PAIRS = tuple(low + high for high in _ALPHABET for low in _ALPHABET)
"""Two digits at once, the lower one first: ten thousand incidents have eighty thousand ids."""
_SPACE = 36**LENGTH
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
RESERVED = frozenset({"unresolved", "upcoming", "active", "index", "history", "page"})
"""Names next to `<id>.json` or `<id>/` in the published tree."""


def opaque(kind: str, *names: str) -> str:
    """Twelve lower-case letters and digits (62 bits), the same for the same names, that reveal nothing about them."""
    number = int.from_bytes(sha256("\0".join((kind, *names)).encode()).digest()) % _SPACE
    pairs = []
    for _ in range(LENGTH // 2):
        number, rest = divmod(number, 36 * 36)
        pairs.append(_PAIRS[rest])
    return "".join(pairs)


def incident_id(record: Record, public_ids: str) -> str:
    """The public id of a record: its own where the page wants that, else the imported one, else an opaque one."""
    if public_ids == "record":
        return record.id
    origin = record.card.origin
    if origin is not None and usable(origin.id):
        return origin.id
    return opaque("incident", record.id)


def usable(name: str) -> bool:
    """Whether a name from elsewhere can be part of a path and an address without meaning something else there."""
    return bool(_SAFE.fullmatch(name)) and not name.endswith(".") and name.lower() not in RESERVED


def update_id(record: Record, entry: Entry, entry_id: str) -> str:
    """The public id of an update: the source's for an imported entry, else an opaque one that no edit changes."""
    imported = record.card.origin is not None and entry.by is None and entry.id is not None
    return entry_id if imported else opaque("update", record.id, entry_id)


def component_id(component: Component) -> str:
    """The public id of a component: the imported one, else one derived from its key."""
    return component.origin.id if component.origin else opaque("component", component.key)


def group_id(name: str, group: Group | None) -> str:
    """The public id of a group: the imported one, else one derived from its name."""
    return group.origin.id if group and group.origin else opaque("group", name)


def page_id(config: Config) -> str:
    """The public id of the page: the imported one, else one derived from its address."""
    return config.page.origin.id if config.page.origin else opaque("page", config.page.url)
