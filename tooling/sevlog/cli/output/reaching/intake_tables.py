"""Prints what `sevlog intake` says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from ...screen import style
from ..table import columns
from ..times import span

if TYPE_CHECKING:
    from ....model.intake.alert import Taken
    from ....services.automation.snoozes import Snoozed
    from ....services.common.documents import Snooze


def taken(one: Taken, *, rules: bool) -> list[str]:
    """What became of an alert, in one line. rules: add what rules can match."""
    where = f"  {one.incident}" if one.incident else ""
    why = f"{one.reason}; rule {one.rule}" if one.rule else one.reason
    lines = [f"{style(one.decision, bold=True):9}{where}  {one.title} ({one.state}; {why})"]
    if rules:
        labels = ", ".join(f"{name}={value}" for name, value in one.labels.items())
        applied = f"rule {one.rule} of intake.rules" if one.rule else "no rule applied"
        lines.append(f"           fingerprint {one.fingerprint}; labels: {labels or 'none'}; {applied}")
    return lines


def snoozed(document: Snoozed, now: datetime) -> str:
    """What is snoozed, and what fired meanwhile."""
    lines = snoozes(document.snoozes, now) or ["Nothing is snoozed."]
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


def snoozes(rows: Iterable[Snooze], now: datetime) -> list[str]:
    """What is snoozed, for how long, and the person and reason."""
    found = []
    for one in rows:
        parts = [one.fingerprint, one.component and f"component {one.component}", one.title and f"title {one.title}"]
        what = ", ".join(part for part in parts if part)
        found.append(f"snoozed for {span((one.until - now).total_seconds())}: {what} ({one.by}: {one.reason})")
    return found
