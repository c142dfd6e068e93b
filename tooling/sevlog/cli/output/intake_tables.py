"""Prints what `sevlog intake` says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .incident_tables import snoozed as rows
from .table import columns

if TYPE_CHECKING:
    from ...services.automation.snoozes import Snoozed


def snoozed(document: Snoozed, now: datetime) -> str:
    """What is snoozed, and what fired meanwhile."""
    lines = rows(document.snoozes, now) or ["Nothing is snoozed."]
    if document.alerts:
        table = [
            (f"{one.source}:{one.fingerprint}", str(one.count), "ended" if one.ended else "snoozed", one.title)
            for one in document.alerts
        ]
        lines += ["", columns(table, ("ALERT", "FIRED", "SNOOZE", "TITLE"))]
    if document.commit:
        lines.append(f"commit {document.commit[:10]}{', pushed' if document.pushed else ''}")
    if document.dry_run:
        lines.append("nothing was written (--dry-run)")
    return "\n".join(lines)
