"""Uptime, day bars and roll-up: by hand, and against an oracle that walks the clock in steps of five minutes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.filled import filled
from sevlog.model.public.site import Change, PublicComponent
from sevlog.model.public.uptime import average, days, months, page_status, percent, spans, state_at, uptime, worst_of
from sevlog.model.vocabulary import IMPACTS, Impact

REAL = Path(os.environ.get("SEVLOG_REAL_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def component(*changes: tuple[str | datetime, Impact, str], start_on: date | None = None) -> PublicComponent:
    made = (
        Change(at=at(when) if isinstance(when, str) else when, impact=impact, incident=incident)
        for when, impact, incident in changes
    )
    return PublicComponent(
        id="c1",
        key="shop",
        name="Shop",
        status="operational",
        position=1,
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
        start_on=start_on,
        changes=tuple(sorted(made, key=lambda change: change.at)),
    )


def test_a_major_outage_counts_whole_and_a_partial_one_three_tenths() -> None:
    shop = component(
        ("2026-05-02T10:00Z", "major_outage", "a"),
        ("2026-05-02T11:00Z", "partial_outage", "a"),
        ("2026-05-02T12:00Z", "degraded_performance", "a"),
        ("2026-05-02T13:00Z", "under_maintenance", "a"),
        ("2026-05-02T14:00Z", "operational", "a"),
    )
    (day,) = days(shop, at("2026-05-02T20:00Z"), count=1)
    assert day.uptime == pytest.approx(1 - (3600 + 0.3 * 3600) / 86400)
    assert day.worst == "major_outage"
    assert day.seconds == {
        "major_outage": 3600,
        "partial_outage": 3600,
        "degraded_performance": 3600,
        "under_maintenance": 3600,
    }
    assert day.incidents == ("a",)


def test_the_worst_of_several_incidents_counts_and_all_of_them_are_named() -> None:
    shop = component(
        ("2026-05-02T10:00Z", "partial_outage", "b"),
        ("2026-05-02T10:30Z", "major_outage", "a"),
        ("2026-05-02T11:00Z", "operational", "a"),
        ("2026-05-02T12:00Z", "operational", "b"),
    )
    (day,) = days(shop, at("2026-05-03T00:00Z") - timedelta(seconds=1), count=1)
    assert day.seconds == {"partial_outage": 5400, "major_outage": 1800}
    assert day.incidents == ("a", "b")


def test_days_before_the_first_have_no_uptime_and_do_not_count() -> None:
    shop = component(
        ("2026-05-02T00:00Z", "major_outage", "a"), ("2026-05-03T12:00Z", "operational", "a"), start_on=date(2026, 5, 3)
    )
    now = at("2026-05-04T08:00Z")
    assert [(day.date.day, day.uptime) for day in days(shop, now, count=4)] == [(1, None), (2, None), (3, 0.5), (4, 1)]
    assert uptime(shop, date(2026, 5, 1), date(2026, 5, 4), now) == pytest.approx(0.75)
    assert uptime(shop, date(2026, 5, 1), date(2026, 5, 2), now) is None


def test_today_counts_whole_and_tomorrow_not_at_all() -> None:
    shop = component(("2026-05-02T00:00Z", "major_outage", "a"))
    now = at("2026-05-02T06:00Z")
    assert uptime(shop, date(2026, 5, 2), date(2026, 5, 31), now) == pytest.approx(0.75)
    assert uptime(shop, date(2026, 5, 3), date(2026, 5, 31), now) is None


def test_changes_after_as_of_are_not_seen() -> None:
    shop = component(("2026-05-02T10:00Z", "major_outage", "a"))
    assert spans(shop, at("2026-05-02T10:00Z")) == ()
    assert state_at(shop, at("2026-05-02T09:59Z")) == "operational"
    assert state_at(shop, at("2026-05-02T10:00Z")) == "major_outage"


def test_a_hold_at_one_instant_that_ends_at_once_leaves_no_mark() -> None:
    shop = component(("2026-05-02T10:00Z", "major_outage", "a"), ("2026-05-02T10:00Z", "operational", "a"))
    assert spans(shop, at("2026-05-03T00:00Z")) == ()


def test_repeating_a_state_does_not_split_a_span() -> None:
    shop = component(("2026-05-02T10:00Z", "major_outage", "a"), ("2026-05-02T11:00Z", "major_outage", "a"))
    (span,) = spans(shop, at("2026-05-02T12:00Z"))
    assert (span.start, span.end) == (at("2026-05-02T10:00Z"), at("2026-05-02T12:00Z"))


def test_days_are_days_of_the_pages_zone() -> None:
    shop = component(("2026-05-01T22:30Z", "major_outage", "a"), ("2026-05-01T23:00Z", "operational", "a"))
    now = at("2026-05-02T10:00Z")
    utc = {day.date.day: day.worst for day in days(shop, now, count=2)}
    berlin = {day.date.day: day.worst for day in days(shop, now, count=2, time_zone="Europe/Berlin")}
    assert utc == {1: "major_outage", 2: "operational"}
    assert berlin == {1: "operational", 2: "major_outage"}


def test_a_day_of_25_hours_lost_whole_is_zero_and_never_below() -> None:
    shop = component(("2026-10-24T00:00Z", "major_outage", "a"))
    lost = {day.date: day for day in days(shop, at("2026-10-26T12:00Z"), count=2, time_zone="Europe/Berlin")}
    assert lost[date(2026, 10, 25)].seconds == {"major_outage": 25 * 3600}
    assert lost[date(2026, 10, 25)].uptime == 0


def test_a_day_of_23_hours_is_still_divided_by_86400_seconds() -> None:
    shop = component(("2026-03-28T00:00Z", "major_outage", "a"))
    lost = {day.date: day for day in days(shop, at("2026-03-30T12:00Z"), count=2, time_zone="Europe/Berlin")}
    assert lost[date(2026, 3, 29)].seconds == {"major_outage": 23 * 3600}
    assert lost[date(2026, 3, 29)].uptime == pytest.approx(1 / 24)


def test_months_run_from_the_components_first_day_to_today() -> None:
    shop = component(
        ("2026-02-10T00:00Z", "major_outage", "a"),
        ("2026-02-11T00:00Z", "operational", "a"),
        ("2026-03-02T00:00Z", "partial_outage", "b"),
        start_on=date(2026, 2, 10),
    )
    found = months(shop, at("2026-03-04T00:00Z") - timedelta(seconds=1), count=12)
    assert list(found) == ["2026-02", "2026-03"]
    assert found["2026-02"] == pytest.approx(1 - 1 / 19)
    assert found["2026-03"] == pytest.approx(1 - 0.3 * 2 / 3, abs=1e-5)


@pytest.mark.parametrize(
    ("states", "indicator", "description"),
    [
        (("major_outage", "major_outage"), "critical", "Major System Outage"),
        (("major_outage", "operational"), "major", "Partial System Outage"),
        (("major_outage", "partial_outage"), "major", "Partial System Outage"),
        (("partial_outage", "partial_outage"), "major", "Partial System Outage"),
        (("partial_outage", "under_maintenance"), "minor", "Minor Service Outage"),
        (("degraded_performance", "degraded_performance"), "minor", "Partially Degraded Service"),
        (("under_maintenance", "under_maintenance"), "maintenance", "Service Under Maintenance"),
        (("operational", "operational"), "none", "All Systems Operational"),
        ((), "none", "All Systems Operational"),
    ],
)
def test_the_page_rolls_up_like_statuspage(states: tuple[Impact, ...], indicator: str, description: str) -> None:
    found = page_status(states)
    assert (found.indicator, found.description) == (indicator, description)


def test_a_group_takes_its_worst_child_and_maintenance_is_better_than_degraded() -> None:
    assert worst_of(["under_maintenance", "degraded_performance"]) == "degraded_performance"
    assert worst_of([]) == "operational"


def test_a_percentage_is_never_rounded_up_to_a_hundred() -> None:
    assert percent(0.9999999) == "99.99"
    assert percent(1.0) == "100.00"
    assert percent(0.9999) == "99.99"
    assert percent(0.29) == "29.00"
    assert percent(0.99999, places=3) == "99.999"


def test_an_average_leaves_out_what_is_not_known() -> None:
    assert average([None, 0.5, 1.0]) == 0.75
    assert average([None]) is None


# Around changes of the clock: by an hour, at midnight, by half an hour, and a day that a country left out.
AROUND = {
    "Etc/UTC": "2026-05-02",
    "Europe/Berlin": "2026-03-29",
    "America/New_York": "2026-11-01",
    "Africa/Cairo": "2024-04-26",
    "Asia/Beirut": "2022-03-27",
    "Australia/Lord_Howe": "2026-04-05",
    "Pacific/Apia": "2011-12-30",
}
STEP = timedelta(minutes=5)


def oracle(shop: PublicComponent, as_of: datetime, zone: ZoneInfo) -> dict[date, dict[str, float]]:
    """Seconds of each state other than operational on each local day, found by asking at every step of the clock."""
    found: dict[date, dict[str, float]] = {}
    now = min((change.at for change in shop.changes), default=as_of)
    while now < as_of:
        held: dict[str, Impact] = {}
        for change in shop.changes:
            if change.at <= now:
                held[change.incident] = change.impact
        state = max(held.values(), key=IMPACTS.index, default="operational")
        if state != "operational":
            day = found.setdefault(now.astimezone(zone).date(), {})
            day[state] = day.get(state, 0.0) + STEP.total_seconds()
        now += STEP
    return found


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, datetime, PublicComponent]:
    zone = draw(st.sampled_from(sorted(AROUND)))
    middle = at(AROUND[zone] + "T00:00:00+00:00")
    steps = st.integers(-2 * 288, 2 * 288)
    changes = draw(st.lists(st.tuples(steps, st.sampled_from(IMPACTS), st.sampled_from("abc")), max_size=8))
    start_on = draw(st.none() | st.integers(-2, 2).map(lambda n: middle.date() + timedelta(days=n)))
    shop = component(*((middle + n * STEP, impact, incident) for n, impact, incident in changes), start_on=start_on)
    return zone, middle + draw(steps) * STEP, shop


@given(histories())
@settings(max_examples=150, deadline=None)
def test_days_agree_with_walking_the_clock(history: tuple[str, datetime, PublicComponent]) -> None:
    zone, as_of, shop = history
    expected = oracle(shop, as_of, ZoneInfo(zone))
    found = days(shop, as_of, count=8, time_zone=zone)
    assert found[-1].date == as_of.astimezone(ZoneInfo(zone)).date()
    assert {day.date: day.seconds for day in found if day.seconds} == expected
    for day in found:
        lost = expected.get(day.date, {})
        share = 1 - (lost.get("major_outage", 0) + 0.3 * lost.get("partial_outage", 0)) / 86400
        counted = shop.start_on is None or day.date >= shop.start_on
        assert day.uptime == (pytest.approx(max(share, 0)) if counted else None)
    counted_days = [day.date for day in found if day.uptime is not None]
    lost_seconds = sum(
        expected.get(day, {}).get("major_outage", 0) + 0.3 * expected.get(day, {}).get("partial_outage", 0)
        for day in counted_days
    )
    overall = uptime(shop, found[0].date, found[-1].date, as_of, zone)
    assert overall == (pytest.approx(max(1 - lost_seconds / (len(counted_days) * 86400), 0)) if counted_days else None)


def captures() -> Iterable[Path]:
    return sorted((REAL / "statuspage-captures").glob("*.json"))


@pytest.mark.skipif(not list(captures()), reason="the real captures are not here")
def test_every_capture_rolls_up_to_what_its_page_said() -> None:
    for path in filled(captures()):
        seen = json.loads(path.read_text(encoding="utf-8"))
        leaves = [row for row in seen["components"] if not row["group"]]
        found = page_status(row["status"] for row in leaves)
        assert {"indicator": found.indicator, "description": found.description} == seen["status"], path.name
        for group in (row for row in seen["components"] if row["group"]):
            children = [row["status"] for row in leaves if row["group_id"] == group["id"]]
            assert worst_of(children) == group["status"], (path.name, group["name"])
