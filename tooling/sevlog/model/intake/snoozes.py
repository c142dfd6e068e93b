"""Snoozes: which alerts open nothing for a time, and what fired meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase

from msgspec import Struct

from ..config.intake import AlertRule, Snooze
from ..config.settings import Config
from ..timeline.attachments import is_named
from .alert import Signal, likely_component
from .alert_rules import rule_for


class SnoozedAlert(Struct, frozen=True, kw_only=True):
    """An alert that fired while it was snoozed, as it was sent last, and how often."""

    signal: Signal
    count: int
    first_at: datetime
    last_at: datetime


def active(config: Config, now: datetime) -> Iterator[Snooze]:
    """The snoozes that have not ended, the one that ends first at the front."""
    yield from sorted((one for one in config.intake.snoozes if one.until > now), key=lambda one: one.until)


def snooze_of(config: Config, signal: Signal, rule: AlertRule | None, now: datetime) -> Snooze | None:
    """The snooze of an alert, of several the one that ends last. rule: the rule of sevlog.yaml that applies to it."""
    found = [one for one in active(config, now) if _matches(config, one, signal, rule)]
    return found[-1] if found else None


def ended(config: Config, alert: SnoozedAlert, now: datetime) -> bool:
    """Whether an alert that was snoozed is not any more."""
    return snooze_of(config, alert.signal, rule_for(config, alert.signal, now), now) is None


def _matches(config: Config, snooze: Snooze, signal: Signal, rule: AlertRule | None) -> bool:
    if not (snooze.fingerprint or snooze.component or snooze.title):
        return False
    if snooze.fingerprint and not is_named(snooze.fingerprint, signal.source, signal.fingerprint):
        return False
    if snooze.title and not fnmatchcase(signal.title.lower(), snooze.title.lower()):
        return False
    if not snooze.component:
        return True
    if rule and rule.components:
        return snooze.component in rule.components
    return snooze.component == likely_component(signal, (component.key for component in config.components))
