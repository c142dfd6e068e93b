"""Alerts that a person attached to an incident: a link with the fingerprint, before the first delivery."""

from __future__ import annotations

UNKNOWN = "unknown"
"""The state of an attached alert until its source sends it."""


def is_attachment(rel: str, target: str) -> bool:
    """Whether a link attaches an alert by its fingerprint. An address of an alert is only a link."""
    return rel == "alert" and not target.lower().startswith(("https://", "http://"))


def alert_name(source: str | None, fingerprint: str) -> str:
    """An alert as people name it. One that was attached by hand has no source of its own."""
    return f"{source}:{fingerprint}" if source else fingerprint


def is_named(target: str, source: str | None, fingerprint: str) -> bool:
    """Whether a target names an alert: by its fingerprint, or by source and fingerprint."""
    if target in (fingerprint, alert_name(source, fingerprint)):
        return True
    return not source and (target.endswith(f":{fingerprint}") or fingerprint.endswith(f":{target}"))
