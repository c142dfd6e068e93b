"""Pages per person and week, by wall clocks. The clocks of Berlin go back on Sunday 25 October 2026."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fixtures.oncalls import read_oncall
from sevlog.model.guidance.page_load import Received, load_of, on_call, over_budget, weeks
from sevlog.model.oncall.rotations import Rotations
from sevlog.model.oncall.time_spans import length

BERLIN = ZoneInfo("Europe/Berlin")
ROTA = """\
people: [{key: bo, time_zone: Europe/Berlin, contact: [B]}, {key: kim, time_zone: Asia/Seoul, contact: [K]}]
schedules: [{key: a, time_zone: Europe/Berlin, layers: [{key: w, members: [bo], start: 2026-01-05T09:00}]}]
"""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def page(person: str, at: str, incident: str = "a", after: float | None = None, *, grouped: bool = False) -> Received:
    return Received(person=person, incident=incident, at=utc(at), answered_after=after, grouped=grouped)


def test_the_week_in_which_clocks_go_back_has_an_hour_more() -> None:
    week, following = weeks(utc("2026-10-20T00:00"), utc("2026-10-26T00:00"), BERLIN)

    assert (week.name, following.name) == ("2026-W43", "2026-W44")
    assert week.span[1] - week.span[0] == timedelta(days=7, hours=1).total_seconds()
    assert following.span[0] == week.span[1] == utc("2026-10-25T23:00").timestamp()
    assert length(on_call(Rotations(read_oncall(ROTA)), week.span)["bo"]) == 169 * 3600


@pytest.mark.demand("S22")
def test_nights_and_hours_are_those_of_the_person_also_after_the_clock_changed() -> None:
    rotas = Rotations(read_oncall(ROTA))
    week = weeks(utc("2026-10-20T00:00"), utc("2026-10-20T00:01"), BERLIN)[0]
    pages = [
        page("bo", "2026-10-23T05:30"),  # 07:30 in summer time: morning, not at work
        page("bo", "2026-10-25T05:30"),  # 06:30, an hour earlier by the clock: night
        page("bo", "2026-10-23T07:00", "b", 60.0),  # Friday 09:00: at work
        page("bo", "2026-10-25T22:59", "b", 180.0),  # Sunday 23:59: this week
        page("bo", "2026-10-25T23:01"),  # Monday
        page("bo", "2026-10-23T07:01", "c", grouped=True),
        page("kim", "2026-10-21T16:00"),  # 01:00 in Seoul
    ]

    bo, kim = load_of(week, pages, {"bo": [(0, 3600)]}, rotas, BERLIN)

    assert (bo.person, bo.pages, bo.at_night, bo.outside_hours, bo.grouped) == ("bo", 4, 2, 3, 1)
    assert (bo.incidents, bo.acknowledged, bo.median_seconds_to_ack, bo.seconds_on_call) == (3, 2, 120.0, 3600)
    assert (kim.person, kim.pages, kim.at_night, kim.outside_hours, kim.acknowledged) == ("kim", 1, 1, 1, 0)


def test_over_the_budget_is_who_got_more_pages_than_it_not_counting_grouped_ones() -> None:
    week = weeks(utc("2026-10-20T00:00"), utc("2026-10-20T00:01"), BERLIN)[0]
    pages = [page("bo", "2026-10-20T10:00")] * 3 + [page("kim", "2026-10-20T10:00")] * 2
    pages += [page("kim", "2026-10-20T10:00", grouped=True)] * 2 + [page("kim", "2026-10-12T10:00")] * 2

    assert over_budget(pages, week, 2) == {"bo": 3}
