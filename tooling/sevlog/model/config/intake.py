"""The section `intake` of sevlog.yaml: rules for alerts, flapping and quiet hours (S22)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, field

from ..field_paths import PATTERN
from ..forms import Duration, Handle, Instant, Key, LevelKey, ShortText
from ..hours import Hours
from ..vocabulary import Impact
from .comms import Settings

_Path = Annotated[
    str,
    Meta(
        pattern=PATTERN,
        max_length=500,
        description="Where it is: job.name, runs[0].id, tags[*], labels.\"a.b\", one || another || 'a text'.",
    ),
]


class AlertRule(Settings, frozen=True, kw_only=True):
    """What to do with an alert of no live incident. The first rule with all conditions met applies."""

    sources: Annotated[tuple[Key, ...], Meta(description="Only from these sources.")] = ()
    title: Annotated[ShortText | None, Meta(description="Only with a matching title; * matches anything.")] = None
    labels: Annotated[dict[str, ShortText], Meta(description="Only with matching labels; * matches anything.")] = field(
        default_factory=dict
    )
    during: Annotated[
        tuple[Hours, ...],
        Meta(description="Only in these hours (time zone of the page); outside, the next rules apply."),
    ] = ()
    ignore: Annotated[bool, Meta(description="Ignore the alert.")] = False
    components: Annotated[dict[Key, Impact], Meta(description="The affected components and their states.")] = field(
        default_factory=dict
    )
    severity: Annotated[
        LevelKey | None, Meta(description="Raise an incident with this severity; default: open it for triage.")
    ] = None
    after: Annotated[
        Annotated[int, Meta(ge=2, le=100)] | None,
        Meta(description="The alert counts after it was sent this many times while firing."),
    ] = None
    within: Annotated[Duration, Meta(description="The time window for `after`.")] = "30m"


class Flapping(Settings, frozen=True, kw_only=True):
    """Flapping alerts are not recorded each time."""

    changes: Annotated[
        int, Meta(ge=2, le=1000, description="The number of changes after which an alert is held back.")
    ] = 6
    within: Annotated[Duration, Meta(description="The time window for `changes`.")] = "1h"


class PayloadMapping(Settings, frozen=True, kw_only=True):
    """How to read an alert from custom JSON."""

    title: Annotated[_Path, Meta(description="Path of the title.")]
    fingerprint: Annotated[_Path | None, Meta(description="Path of the identity of the alert; default: its title.")] = (
        None
    )
    state: Annotated[_Path | None, Meta(description="Path of the state; default: firing.")] = None
    resolved: Annotated[tuple[ShortText, ...], Meta(description="Values of the state that mean resolved.")] = (
        "resolved",
        "ok",
        "closed",
        "recovered",
    )
    firing: Annotated[
        tuple[ShortText, ...],
        Meta(description="Values of the state that mean firing; others change nothing. Default: all but `resolved`."),
    ] = ()
    at: Annotated[_Path | None, Meta(description="Path of the time of the state; default: when it arrives.")] = None
    summary: Annotated[_Path | None, Meta(description="Path of a description.")] = None
    url: Annotated[_Path | None, Meta(description="Path of the URL.")] = None
    labels: Annotated[dict[str, _Path], Meta(description="Name of a label -> its path.")] = field(default_factory=dict)
    alerts: Annotated[
        _Path | None, Meta(description="Path of the list of alerts; default: the payload is one alert.")
    ] = None


class Snooze(Settings, frozen=True, kw_only=True):
    """Alerts that open nothing for a time: `sevlog intake snooze` adds a row. All conditions must match."""

    until: Annotated[Instant, Meta(description="When it ends.")]
    fingerprint: Annotated[ShortText | None, Meta(description="Fingerprint of an alert, or source:fingerprint.")] = None
    component: Annotated[Key | None, Meta(description="Alerts that affect this component.")] = None
    title: Annotated[ShortText | None, Meta(description="Alerts with a matching title; * matches anything.")] = None
    by: Annotated[Handle | None, Meta(description="Who snoozed them.")] = None
    reason: Annotated[ShortText, Meta(description="Why.")]


class Intake(Settings, frozen=True, kw_only=True):
    """Alerts."""

    rules: Annotated[tuple[AlertRule, ...], Meta(description="The first matching rule applies.")] = ()
    flapping: Annotated[Flapping, Meta(description="When an alert that comes and goes is held back.")] = field(
        default_factory=Flapping
    )
    quiet_hours: Annotated[
        tuple[Hours, ...],
        Meta(description="In these hours (time zone of the page) new alerts wait, unless they page immediately."),
    ] = ()
    snoozes: Annotated[tuple[Snooze, ...], Meta(description="Alerts that open nothing for a time.")] = ()
    mappings: Annotated[
        dict[Key, PayloadMapping], Meta(description="Name -> how to read `sevlog intake json --mapping NAME`.")
    ] = field(default_factory=dict)


def names_in_rules(intake: Intake) -> Iterator[tuple[str, str, str]]:
    """Kind, name and pointer of every component and severity in the rules and snoozes."""
    for place, snooze in enumerate(intake.snoozes):
        if snooze.component:
            yield "component", snooze.component, f"/intake/snoozes/{place}/component"
    for place, rule in enumerate(intake.rules):
        for key in rule.components:
            yield "component", key, f"/intake/rules/{place}/components/{key}"
        if rule.severity:
            yield "severity", rule.severity, f"/intake/rules/{place}/severity"
