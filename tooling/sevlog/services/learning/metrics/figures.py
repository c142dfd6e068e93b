"""The figures of past incidents: of a period, filtered, by groups, and as they stood at an earlier time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from msgspec import Struct

from ....errors import UsageError
from ....model.config.settings import Component, Config
from ....model.guidance.workload import night_of
from ....model.learning.metrics import definitions, durations, figures, selection
from ....model.learning.metrics.facts import Facts
from ....model.learning.metrics.order_statistics import Spread
from ....model.learning.metrics.proportions import Proportion
from ....model.learning.metrics.selection import GroupBy, Wanted
from ....model.oncall import schedule_clock
from ....model.vocabulary import UNKNOWN_COMPONENT
from ...common import name_lookup
from ...common.documents import SCHEMA
from ...workspace.workspace import Workspace
from . import documents
from .facts import Collected, collect
from .series import series, uptime_by_month, uptimes

_INSTANT = timedelta(milliseconds=1)


class Asked(Struct, frozen=True, kw_only=True):
    """What was asked for; without `since`, the last 12 months, the current one included."""

    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None
    severities: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    by: GroupBy | None = None


def metrics(workspace: Workspace, asked: Asked, *, remember: bool = True) -> documents.Metrics:
    """The figures. Raises UsageError for an unknown word, or a period that ends before it begins."""
    config = workspace.config
    now = asked.as_of or workspace.clock()
    zone = schedule_clock.zone_of(config.page.time_zone)
    wanted = _wanted(workspace, asked, now, zone)
    found = collect(workspace, asked.as_of, remember=remember)
    zones = {person.key: person.time_zone for person in workspace.oncall.people if person.time_zone}

    def is_night(person: str, at: datetime) -> bool:
        return night_of(at, zones.get(person, zone.key)) is not None

    chosen = selection.select(found.facts, wanted, now)
    before = _before(found, wanted, now)

    def told(name: str, facts: Sequence[Facts], earlier: Sequence[Facts] | None = None) -> documents.Figures:
        return _document(name, figures.figures(facts, config, now, is_night), earlier)

    total = told("", chosen.counted, before)
    groups = selection.grouped(chosen.counted, asked.by, zone, _order(config, asked.by)) if asked.by else {}
    return documents.Metrics(
        schema=SCHEMA,
        since=wanted.since,
        until=min(wanted.until, now),
        as_of=now,
        time_zone=zone.key,
        filters=_filters(asked),
        by=asked.by,
        left_out=chosen.left_out,
        unreadable=[f"{problem.path}: {problem.message}" for problem in found.unreadable],
        notes=found.notes,
        **_in_short(total),
        uptime=uptime_by_month(found.facts, _components(config, wanted), wanted, config, now),
        total=total,
        groups=[told(name, facts) for name, facts in groups.items()],
        component_uptime=uptimes(found.facts, _components(config, wanted), wanted, config, now),
        series=series(found.facts, chosen.counted, wanted, config, now, zone),
        rules=definitions.RULES,
    )


class _Short(TypedDict):
    definitions: dict[str, str]
    durations: dict[str, documents.Spread]
    counts: dict[str, int]
    data_quality: dict[str, float | None]


def _in_short(total: documents.Figures) -> _Short:
    """The figures of all incidents by name, for programs that need one number."""
    return _Short(
        definitions={row.key: row.definition for row in total.durations}
        | {row.key: row.definition for row in total.shares}
        | {"uptime": definitions.OTHERS["uptime"]},
        durations={
            row.key: documents.Spread(n=row.n, median=row.median, p90=row.p90, values=[dot.seconds for dot in row.dots])
            for row in total.durations
        },
        counts={"incidents": total.incidents} | {share.key: share.part for share in total.shares},
        data_quality={row.milestone: row.known / total.incidents if total.incidents else None for row in total.quality},
    )


def _filters(asked: Asked) -> dict[str, list[str]]:
    given = {"severity": asked.severities, "component": asked.components, "type": asked.types, "team": asked.teams}
    return {name: sorted(words) for name, words in given.items() if words}


def _wanted(workspace: Workspace, asked: Asked, now: datetime, zone: ZoneInfo) -> Wanted:
    config = workspace.config
    since = asked.since or _a_year_before(asked.until or now, zone)
    until = asked.until or now + _INSTANT
    if since >= until:
        late = " in the future" if asked.until is None else " after --until"
        raise UsageError(f"--since is{late}", "give an earlier time: --since 2026-01-01")
    known = [*(component.key for component in config.components), UNKNOWN_COMPONENT]
    components = {name_lookup.choose("component", word, known) for word in asked.components}
    teams = {name_lookup.choose("team", word, (team.key for team in workspace.oncall.teams)) for word in asked.teams}
    owned = {component.key for component in config.components if component.owner in teams}
    either = (components & owned if components else owned) if teams else components
    return Wanted(
        since=since,
        until=until,
        severities=frozenset(name_lookup.severity(config, word) for word in asked.severities),
        components=frozenset(either) if components or teams else None,
        types=frozenset(name_lookup.choose("type", word, (kind.key for kind in config.types)) for word in asked.types),
    )


def _a_year_before(until: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the month eleven months earlier, so that twelve months are touched."""
    last = (until - _INSTANT).astimezone(zone)
    year, month = divmod(last.year * 12 + last.month - 12, 12)
    return datetime(year, month + 1, 1, tzinfo=zone).astimezone(UTC)


def _before(found: Collected, wanted: Wanted, now: datetime) -> tuple[Facts, ...]:
    """The incidents of the period of the same length before."""
    end = min(wanted.until, now)
    earlier = Wanted(
        since=wanted.since - (end - wanted.since),
        until=wanted.since,
        severities=wanted.severities,
        components=wanted.components,
        types=wanted.types,
    )
    return selection.select(found.facts, earlier, now).counted


def _order(config: Config, by: GroupBy | None) -> Iterable[str]:
    if by == "severity":
        return [level.key for level in config.severities]
    return [component.key for component in config.components] if by == "component" else ()


def _components(config: Config, wanted: Wanted) -> list[Component]:
    return [
        component
        for component in config.components
        if (component.key in wanted.components if wanted.components is not None else not component.retired_on)
    ]


def _document(name: str, found: figures.Figures, earlier: Sequence[Facts] | None) -> documents.Figures:
    return documents.Figures(
        name=name,
        incidents=found.incidents,
        durations=[
            _duration(key, durations.SPANS[key].title, definitions.MEASURES[key], row, _trend(key, row.spread, earlier))
            for key, row in found.measures.items()
        ],
        severities=[
            _duration(level, level, definitions.OTHERS["time_in_severity"], row) for level, row in found.levels.items()
        ],
        shares=_shares(found),
        quality=[
            documents.Known(milestone=key, known=row.known, derived=row.derived) for key, row in found.quality.items()
        ],
        errors=list(found.errors),
    )


def _trend(key: str, now: Spread, earlier: Sequence[Facts] | None) -> documents.Trend | None:
    if earlier is None:
        return None
    before = figures.measured(earlier, key).spread
    return documents.Trend(
        direction=figures.direction(now, before), n=before.n, median=before.median, low=before.low, high=before.high
    )


def _duration(
    key: str, title: str, definition: str, row: figures.Measured, trend: documents.Trend | None = None
) -> documents.Duration:
    spread = row.spread
    return documents.Duration(
        key=key,
        title=title,
        definition=definition,
        n=spread.n,
        median=spread.median,
        low=spread.low,
        high=spread.high,
        p90=spread.p90,
        p90_bound=spread.p90_bound,
        min=spread.least,
        max=spread.most,
        open=row.open,
        missing=row.missing,
        impossible=list(row.impossible),
        dots=[
            documents.Dot(incident=incident, severity=level, seconds=seconds) for incident, level, seconds in row.values
        ],
        trend=trend,
    )


def _shares(found: figures.Figures) -> list[documents.Share]:
    return [
        _share("promises_kept", "Promises kept", found.promises_kept, _rest(found.promises, "kept")),
        _share("relapses", "Relapses", found.relapsed, {"relapses": found.relapses}),
        _share("handovers", "Handovers", found.handed_over, {"handovers": found.handovers}),
        _share("pages_at_night", "Pages at night", found.at_night, {}),
        _share("actions_in_time", "Actions in time", found.actions_in_time, _rest(found.actions, "in_time")),
    ]


def _rest(counts: Mapping[str, int], shown: str) -> dict[str, int]:
    return {key: count for key, count in sorted(counts.items()) if key != shown and count}


def _share(key: str, title: str, row: Proportion, counts: dict[str, int]) -> documents.Share:
    return documents.Share(
        key=key,
        title=title,
        definition=definitions.OTHERS[key],
        part=row.part,
        whole=row.whole,
        share=row.share,
        low=row.low,
        high=row.high,
        counts=counts,
    )
