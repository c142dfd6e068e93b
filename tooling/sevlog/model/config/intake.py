"""What sevlog.yaml says of alerts: which count, what they mean, how often they must come, when they wait (S22)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, field

from ..forms import Duration, Key, LevelKey, ShortText
from ..hours import Hours
from ..vocabulary import Impact
from .comms import Settings

_Path = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\Z", description="Keys of the payload, such as data.alert.title."),
]


class AlertRule(Settings, frozen=True, kw_only=True):
    """What an alert means that nothing live knows of. The first rule that fits counts; all its conditions must hold."""

    sources: Annotated[tuple[Key, ...], Meta(description="Only of these sources.")] = ()
    title: Annotated[ShortText | None, Meta(description="Only with such a title; * stands for anything.")] = None
    labels: Annotated[dict[str, ShortText], Meta(description="Only with such labels; * stands for anything.")] = field(
        default_factory=dict
    )
    ignore: Annotated[bool, Meta(description="It is left out.")] = False
    components: Annotated[dict[Key, Impact], Meta(description="What it hits, and how badly.")] = field(
        default_factory=dict
    )
    severity: Annotated[
        LevelKey | None, Meta(description="It is raised at once at this severity; left out: it goes into triage.")
    ] = None
    after: Annotated[
        Annotated[int, Meta(ge=2, le=100)] | None,
        Meta(description="It counts once it has been sent so many times while it fires."),
    ] = None
    within: Annotated[Duration, Meta(description="In how long a time, for `after`.")] = "30m"


class Flapping(Settings, frozen=True, kw_only=True):
    """An alert that comes and goes is not written down each time."""

    changes: Annotated[int, Meta(ge=2, le=1000, description="After so many changes it is held back,")] = 6
    within: Annotated[Duration, Meta(description="in so long a time, until it is quieter.")] = "1h"


class PayloadMapping(Settings, frozen=True, kw_only=True):
    """Where the words of an alert stand in JSON of your own."""

    title: Annotated[_Path, Meta(description="Where its title stands.")]
    fingerprint: Annotated[_Path | None, Meta(description="What makes it the same next time; left out: its title.")] = (
        None
    )
    state: Annotated[_Path | None, Meta(description="Where its state stands; left out: it fires.")] = None
    resolved: Annotated[tuple[ShortText, ...], Meta(description="Words of the state that mean it is over.")] = (
        "resolved",
        "ok",
        "closed",
        "recovered",
    )
    summary: Annotated[_Path | None, Meta(description="Where more words stand.")] = None
    url: Annotated[_Path | None, Meta(description="Where its address stands.")] = None
    labels: Annotated[dict[str, _Path], Meta(description="Name of a label -> where it stands.")] = field(
        default_factory=dict
    )
    alerts: Annotated[Key | None, Meta(description="The key of the list of alerts; left out: the payload is one.")] = (
        None
    )


class Intake(Settings, frozen=True, kw_only=True):
    """Alerts."""

    rules: Annotated[tuple[AlertRule, ...], Meta(description="The first that fits counts.")] = ()
    flapping: Annotated[Flapping, Meta(description="When an alert that comes and goes is held back.")] = field(
        default_factory=Flapping
    )
    quiet_hours: Annotated[
        tuple[Hours, ...],
        Meta(
            description="In these hours (of the page's zone) new alerts wait, but those whose severity pages at once."
        ),
    ] = ()
    mappings: Annotated[
        dict[Key, PayloadMapping], Meta(description="Name -> how to read `sevlog intake json --mapping NAME`.")
    ] = field(default_factory=dict)


def names_in_rules(intake: Intake) -> Iterator[tuple[str, str, str]]:
    """Kind, name and pointer of every component and severity that the rules name."""
    for place, rule in enumerate(intake.rules):
        for key in rule.components:
            yield "component", key, f"/intake/rules/{place}/components/{key}"
        if rule.severity:
            yield "severity", rule.severity, f"/intake/rules/{place}/severity"
