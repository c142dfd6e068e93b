"""Applies the intake rules of sevlog.yaml to an alert (S22)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from ..config.intake import AlertRule
from ..config.settings import Config, duration
from ..hours import Hours
from ..oncall.schedule_clock import windows
from .alert import AlertSighting, Signal


def rule_for(config: Config, signal: Signal, now: datetime) -> AlertRule | None:
    """The first rule that matches an alert now."""
    return next((rule for rule in config.intake.rules if _fits(config, rule, signal, now)), None)


def number_of(config: Config, rule: AlertRule | None) -> int | None:
    """Which rule of sevlog.yaml it is, from 1."""
    return next((number for number, one in enumerate(config.intake.rules, 1) if one is rule), None)


def _fits(config: Config, rule: AlertRule, signal: Signal, now: datetime) -> bool:
    if rule.during and not _is_within(config, rule.during, now):
        return False
    if rule.sources and signal.source not in rule.sources:
        return False
    if rule.title is not None and not fnmatchcase(signal.title.lower(), rule.title.lower()):
        return False
    there = {name.lower(): value for name, value in signal.labels}
    return all(
        name.lower() in there and fnmatchcase(there[name.lower()].lower(), wanted.lower())
        for name, wanted in rule.labels.items()
    )


def why_left_out(
    config: Config, rule: AlertRule | None, now: datetime, sent: Sequence[float]
) -> tuple[str, str] | None:
    """ignored or held, and why, for an alert that would open an incident; None if it may open one.

    sent: when it was sent while firing, this time included, in seconds since 1970.
    """
    if rule is not None and rule.ignore:
        return "ignored", "a rule of sevlog.yaml ignores it"
    if rule is not None and rule.after is not None:
        since = now.timestamp() - duration(rule.within).total_seconds()
        count = sum(1 for at in sent if at >= since)
        if count < rule.after:
            return "held", f"sent {count} of {rule.after} times within {rule.within}"
    quiet = config.intake.quiet_hours
    if quiet and _is_within(config, quiet, now) and not _pages_at_once(config, rule):
        return "held", "quiet hours; it counts when it is sent again after them"
    return None


def is_flapping(config: Config, known: AlertSighting, now: datetime) -> bool:
    """Whether an alert is flapping: it changed too often in the configured time window."""
    flapping = config.intake.flapping
    since = now - duration(flapping.within)
    return sum(1 for at in known.changed if at >= since) >= flapping.changes


def _is_within(config: Config, hours: Sequence[Hours], now: datetime) -> bool:
    at = int(now.timestamp())
    return bool(windows(hours, ZoneInfo(config.page.time_zone), at, at + 1))


def _pages_at_once(config: Config, rule: AlertRule | None) -> bool:
    level = config.severity(rule.severity) if rule and rule.severity else None
    return level is not None and level.page == "immediate"
