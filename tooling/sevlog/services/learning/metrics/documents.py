"""The documents of `sevlog metrics`. Every figure carries its definition."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class Dot(Struct, kw_only=True):
    """One value."""

    incident: str
    severity: str | None
    seconds: float


class Trend(Struct, kw_only=True):
    """Against the period of the same length before."""

    direction: Annotated[
        str | None,
        Meta(description="shorter, longer or unclear (the intervals overlap); null below 20 values in either."),
    ]
    n: Annotated[int, Meta(description="Number of values before.")]
    median: float | None
    low: float | None
    high: float | None


class Duration(Struct, kw_only=True):
    """A duration over all incidents, in seconds."""

    key: str
    title: str
    definition: str
    n: int
    median: float | None
    low: Annotated[float | None, Meta(description="The 95 % interval of the median; null below 6 values.")]
    high: float | None
    p90: float | None
    p90_bound: Annotated[float | None, Meta(description="Its 95 % upper bound; null below 29 values.")]
    min: float | None
    max: float | None
    open: Annotated[int, Meta(description="Not over, and not reached: the time is not known yet.")]
    missing: Annotated[int, Meta(description="Over, and the record lacks a milestone.")]
    impossible: Annotated[list[str], Meta(description="Incidents whose end is before the start; left out.")]
    dots: list[Dot]
    trend: Trend | None = None


class Share(Struct, kw_only=True):
    """A proportion with its exact 95 % interval, from 0 to 1."""

    key: str
    title: str
    definition: str
    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None
    counts: Annotated[dict[str, int], Meta(description="What else there is: open, late, unknown …")] = {}


class Known(Struct, kw_only=True):
    """How often a milestone is known."""

    milestone: str
    known: int
    derived: Annotated[int, Meta(description="Of these, how many follow from another step.")]


class Figures(Struct, kw_only=True):
    """The figures of a group of incidents; `name` is empty for all."""

    name: str
    incidents: int
    durations: list[Duration]
    severities: Annotated[list[Duration], Meta(description="Time at each severity; `key` is the severity.")]
    shares: list[Share]
    quality: list[Known]
    errors: Annotated[list[str], Meta(description="Incidents whose records have findings that are errors.")]


class ComponentUptime(Struct, kw_only=True):
    """The uptime of a component in the period."""

    key: str
    name: str
    uptime: Annotated[float | None, Meta(description="From 0 to 1; null where no day of the period counts.")]
    days: int


class MonthOfSeverities(Struct, kw_only=True):
    """Incidents raised in a month, by severity."""

    month: str
    counts: dict[str, int]


class MonthOfPromises(Struct, kw_only=True):
    """Promises of the incidents raised in a month."""

    month: str
    kept: int
    late: int


class OpenActions(Struct, kw_only=True):
    """Open action items at a time."""

    at: datetime
    open: int


class Series(Struct, kw_only=True):
    """What the plots show over time."""

    incidents: list[MonthOfSeverities]
    promises: list[MonthOfPromises]
    actions: list[OpenActions]
    actions_left_out: Annotated[int, Meta(description="Done, but the timeline does not say when.")]


class Spread(Struct, kw_only=True):
    """A duration over all incidents in short, in seconds."""

    n: int
    median: float | None
    p90: float | None
    values: list[float]


class Metrics(Struct, kw_only=True):
    """`sevlog metrics --json`."""

    schema: str
    since: datetime
    until: datetime
    as_of: datetime
    time_zone: str
    filters: dict[str, list[str]]
    by: str | None
    left_out: Annotated[dict[str, int], Meta(description="Reason -> number of records that do not count.")]
    unreadable: Annotated[list[str], Meta(description="Records that cannot be read, and why.")]
    notes: list[str]
    definitions: Annotated[dict[str, str], Meta(description="Name of a figure -> what it is.")]
    durations: Annotated[dict[str, Spread], Meta(description="Those of `total` in short, by name.")]
    counts: Annotated[dict[str, int], Meta(description="Incidents, and how many of what `total.shares` counts.")]
    uptime: Annotated[
        dict[str, dict[str, float]],
        Meta(
            description="Component -> month (2026-11) -> uptime, from 0 to 1; months where no day counts are left out."
        ),
    ]
    data_quality: Annotated[
        dict[str, float | None], Meta(description="Milestone -> for which share of the incidents it is known.")
    ]
    total: Figures
    groups: list[Figures]
    component_uptime: list[ComponentUptime]
    series: Series
    rules: Annotated[dict[str, str], Meta(description="How to read the figures.")]
