"""Names that tell nobody what they are made from: for threads, deduplication keys and message ids outside."""

from __future__ import annotations

import hashlib

DEDUP_PREFIX = "sevlog-"


def opaque(text: str) -> str:
    """The same text always has the same name."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def dedup_of(incident: str) -> str:
    """What pagers call the alert that sevlog opened there for an incident."""
    return f"{DEDUP_PREFIX}{opaque(incident)}"
