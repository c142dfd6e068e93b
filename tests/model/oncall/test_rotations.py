"""Layers, restrictions, time off, holidays and overrides: each rule by an example that can be checked by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fixtures.oncalls import at, local, one_holiday, read_oncall, shifts
from sevlog.errors import InvalidRecord
from sevlog.model.oncall.rotations import Rotations
from sevlog.model.oncall.schedule_clock import in_utc, reached, weekdays

WEEKLY = "layers: [{key: w, members: [ana, bo, chi], start: 2026-01-05T09:00}]"


def schedule(body: str, *, zone: str = "Europe/Berlin", more: str = "") -> str:
    return f"schedules: [{{key: a, time_zone: {zone}, {body}}}]\n{more}"


def test_turns_go_round_at_the_hand_over() -> None:
    assert shifts(schedule(WEEKLY), "2026-01-04T00:00", "2026-01-27T00:00") == [
        "01-04 00:00 -",
        "01-05 09:00 ana",
        "01-12 09:00 bo",
        "01-19 09:00 chi",
        "01-26 09:00 ana",
    ]


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [
        ("rotate: daily", ["01-31 00:00 bo", "01-31 09:00 ana", "02-01 09:00 bo"]),
        ("rotate: daily, every: 3", ["01-31 00:00 ana", "02-01 09:00 bo"]),
        ("rotate: weekly, every: 2", ["01-31 00:00 bo"]),
    ],
)
def test_a_turn_lasts_so_many_days_or_weeks(rotation: str, expected: list[str]) -> None:
    body = f"layers: [{{key: w, members: [ana, bo], start: 2026-01-05T09:00, {rotation}}}]"
    assert shifts(schedule(body), "2026-01-31T00:00", "2026-02-02T00:00") == expected


def test_a_monthly_turn_begins_on_the_same_day_or_the_last_of_the_month() -> None:
    body = "layers: [{key: w, members: [ana, bo, chi], start: 2026-01-31T09:00, rotate: monthly}]"
    assert shifts(schedule(body), "2026-02-01T00:00", "2026-06-01T00:00") == [
        "02-01 00:00 ana",
        "02-28 09:00 bo",
        "03-31 09:00 chi",
        "04-30 09:00 ana",
        "05-31 09:00 bo",
    ]


@pytest.mark.demand("S20")
def test_a_weekend_layer_wins_where_it_covers() -> None:
    body = """layers: [{key: w, members: [ana], start: 2026-01-05T09:00},
      {key: weekend, members: [bo, chi], start: 2026-01-05T09:00, restrict: [{days: fri, from: "18:00"},
        {days: sat-sun}, {days: mon, to: "08:00"}]}]"""
    assert shifts(schedule(body), "2026-01-08T00:00", "2026-01-20T00:00") == [
        "01-08 00:00 ana",
        "01-09 18:00 bo",
        "01-12 08:00 ana",
        "01-12 09:00 ana",
        "01-16 18:00 chi",
        "01-19 08:00 ana",
        "01-19 09:00 ana",
    ]


def test_hours_over_midnight_belong_to_the_day_they_start_on() -> None:
    body = """layers: [{key: n, members: [ana], start: 2026-01-01T00:00, rotate: daily, every: 50,
      restrict: [{days: fri, from: "22:00", to: "06:00"}]}]"""
    assert shifts(schedule(body), "2026-01-05T00:00", "2026-01-12T00:00") == [
        "01-05 00:00 -",
        "01-09 22:00 ana",
        "01-10 06:00 -",
    ]


def test_hours_that_end_when_they_start_last_a_day() -> None:
    body = """layers: [{key: n, members: [ana], start: 2026-01-01T00:00, every: 50,
      restrict: [{days: fri, from: "18:00", to: "18:00"}]}]"""
    assert shifts(schedule(body), "2026-01-09T00:00", "2026-01-11T00:00") == [
        "01-09 00:00 -",
        "01-09 18:00 ana",
        "01-10 18:00 -",
    ]


def test_days_of_the_week_may_go_over_the_weekend() -> None:
    assert weekdays("fri-mon") == {4, 5, 6, 0}
    assert weekdays("wed,sat-sun") == {2, 5, 6}


def test_a_changed_rota_is_a_new_period_and_leaves_the_old_one_as_it_was() -> None:
    """The turns of the new layer go on as if it had begun in January."""
    before = "{key: old, members: [ana, bo], start: 2026-01-05T09:00"
    after = "{key: new, members: [bo, ana, chi], start: 2026-01-05T09:00, from: 2026-02-02T09:00}"
    old = shifts(schedule(f"layers: [{before}}}]"), "2026-01-05T09:00", "2026-02-02T09:00")

    assert shifts(
        schedule(f"layers: [{before}, until: 2026-02-02T09:00}}, {after}]"), "2026-01-05T09:00", "2026-02-16T09:00"
    ) == [*old, "02-02 09:00 ana", "02-09 09:00 chi"]


def test_an_override_wins_over_layers_and_a_later_one_over_an_earlier_one() -> None:
    body = (
        WEEKLY
        + """, overrides: [{from: 2026-01-06T18:00, to: 2026-01-08T09:00, person: dana},
      {from: 2026-01-07T12:00, to: 2026-01-07T14:00, person: chi, reason: dentist}]"""
    )
    oncall = schedule(body)

    assert shifts(oncall, "2026-01-05T09:00", "2026-01-09T00:00") == [
        "01-05 09:00 ana",
        "01-06 18:00 dana",
        "01-07 12:00 chi",
        "01-07 14:00 dana",
        "01-08 09:00 ana",
    ]
    duty = Rotations(read_oncall(oncall)).holder("a", at("2026-01-07T12:00"))
    assert duty is not None
    assert (duty.layer, duty.reason, duty.pointer) == (None, "dentist", "/schedules/0/overrides/1")


def test_times_with_an_offset_are_those_instants() -> None:
    body = """layers: [{key: w, members: [ana, bo], start: 2026-01-05T03:00-05:00, rotate: daily}],
      overrides: [{from: 2026-01-06T00:00Z, to: 2026-01-06T02:00+01:00, person: chi}]"""
    assert shifts(schedule(body), "2026-01-05T00:00", "2026-01-07T00:00") == [
        "01-05 00:00 -",
        "01-05 09:00 ana",
        "01-06 01:00 chi",
        "01-06 02:00 ana",
        "01-06 09:00 bo",
    ]


@pytest.mark.demand("S20")
def test_the_turn_of_who_is_away_goes_to_the_next_who_is_there() -> None:
    off = "time_off: [{person: ana, from: 2026-01-06, to: 2026-01-07}, {person: bo, from: 2026-01-07, to: 2026-01-07}]"
    oncall = schedule(WEEKLY, more=off)

    assert shifts(oncall, "2026-01-05T09:00", "2026-01-09T00:00") == [
        "01-05 09:00 ana",
        "01-06 00:00 bo",
        "01-07 00:00 chi",
        "01-08 00:00 ana",
    ]
    duty = Rotations(read_oncall(oncall)).holder("a", at("2026-01-07T12:00"))
    assert duty is not None
    assert duty.instead_of == "ana"


def test_where_all_of_a_layer_are_away_the_layer_below_holds() -> None:
    body = (
        "layers: [{key: w, members: [bo], start: 2026-01-05T09:00}, {key: t, members: [ana], start: 2026-01-05T09:00}]"
    )
    off = "time_off: [{person: ana, from: 2026-01-06T12:00, to: 2026-01-06T14:00}]"
    assert shifts(schedule(body, more=off), "2026-01-06T00:00", "2026-01-07T00:00") == [
        "01-06 00:00 ana",
        "01-06 12:00 bo",
        "01-06 14:00 ana",
    ]


def test_time_off_is_of_the_person_s_own_days() -> None:
    people = "people: [{key: ana, time_zone: America/New_York}, {key: bo}]\n"
    off = "time_off: [{person: ana, from: 2026-01-06, to: 2026-01-06}]"
    assert shifts(schedule(WEEKLY, more=people + off), "2026-01-05T09:00", "2026-01-08T00:00") == [
        "01-05 09:00 ana",
        "01-06 06:00 bo",
        "01-07 06:00 ana",
    ]


def test_an_override_stands_although_the_person_is_away() -> None:
    body = WEEKLY + ", overrides: [{from: 2026-01-06T00:00, to: 2026-01-07T00:00, person: bo}]"
    off = "time_off: [{person: bo, from: 2026-01-06, to: 2026-01-06}]"
    assert "01-06 00:00 bo" in shifts(schedule(body, more=off), "2026-01-05T09:00", "2026-01-08T00:00")


@pytest.mark.demand("S20")
def test_on_a_holiday_another_schedule_stands_in_where_it_has_somebody() -> None:
    oncall = f"""
people: [{{key: ana}}]
teams: [{{key: t, members: [ana], schedule: a, holidays: DE}}]
schedules:
  - {{key: a, time_zone: Europe/Berlin, {WEEKLY},
      overrides: [{{from: 2026-12-25T20:00, to: 2026-12-26T08:00, person: bo}}]}}
  - key: h
    time_zone: Europe/Berlin
    layers: [{{key: h, members: [dana], start: 2026-01-05T09:00, restrict: [{{from: "06:00", to: "24:00"}}]}}]
holidays: {{DE: {{country: DE, schedule: h, days: {{2026-12-24: Christmas Eve}}}}}}
"""
    christmas = one_holiday("Christmas", "2026-12-25", "2026-12-26", "2027-12-25")
    assert shifts(oncall, "2026-12-23T12:00", "2026-12-28T00:00", public=christmas) == [
        "12-23 12:00 chi",
        "12-24 06:00 dana",
        "12-25 00:00 chi",
        "12-25 06:00 dana",
        "12-25 20:00 bo",
        "12-26 08:00 dana",
        "12-27 00:00 chi",
    ]
    duty = Rotations(read_oncall(oncall), christmas).holder("a", at("2026-12-25T12:00"))
    assert duty is not None
    assert (duty.holiday, duty.schedule) == ("Christmas", "h")


@pytest.mark.demand("S19")
@pytest.mark.parametrize(
    ("zone", "since", "until", "expected"),
    [
        # 02:30 does not come on 29 March: the clock reaches it with the jump from 02:00 to 03:00
        (
            "Europe/Berlin",
            "2026-03-28T02:30",
            "2026-03-31T00:00",
            ["03-28 02:30 ana", "03-29 03:00 bo", "03-30 02:30 ana"],
        ),
        # 02:30 comes twice on 25 October: the first counts
        (
            "Europe/Berlin",
            "2026-10-24T02:30",
            "2026-10-27T00:00",
            ["10-24 02:30 ana", "10-25 02:30 bo", "10-26 02:30 ana"],
        ),
        # Lord Howe moves its clock by half an hour, from 02:00 to 02:30 …
        (
            "Australia/Lord_Howe",
            "2026-10-03T02:30",
            "2026-10-06T00:00",
            ["10-03 02:30 bo", "10-04 02:30 ana", "10-05 02:30 bo"],
        ),
        # … and Samoa left out 30 December 2011: that turn has the hours until the next hand-over
        (
            "Pacific/Apia",
            "2011-12-29T02:30",
            "2012-01-01T12:00",
            ["12-29 02:30 bo", "12-31 00:00 ana", "12-31 02:30 bo", "01-01 02:30 ana"],
        ),
    ],
)
def test_hand_overs_at_half_past_two_on_days_on_which_the_clock_jumps(
    zone: str, since: str, until: str, expected: list[str]
) -> None:
    body = "layers: [{key: w, members: [ana, bo], start: 2011-01-01T02:30, rotate: daily}]"
    found = shifts(schedule(body, zone=zone), since, until, zone=zone)
    assert [row[:11] for row in found] == [row[:11] for row in expected]
    assert len({row[12:] for row in found}) == 2  # they take turns


def test_the_first_of_two_half_past_twos_counts_and_nobody_comes_back_in_the_second() -> None:
    body = "layers: [{key: w, members: [ana, bo], start: 2026-10-24T02:30, rotate: daily}]"
    rotas = Rotations(read_oncall(schedule(body)))
    said = [rotas.holder("a", at(f"2026-10-25T{clock}")) for clock in ("02:29+02:00", "02:30+02:00", "02:10+01:00")]
    assert [duty.person if duty else None for duty in said] == ["ana", "bo", "bo"]


def test_a_window_in_the_hour_that_does_not_come_is_empty() -> None:
    body = """layers: [{key: w, members: [ana], start: 2026-01-01T00:00},
      {key: n, members: [bo], start: 2026-01-01T00:00, restrict: [{from: "02:10", to: "02:50"}]}]"""
    found = shifts(schedule(body), "2026-03-28T20:00", "2026-03-30T04:00")
    assert [row for row in found if row.endswith("bo")] == ["03-30 02:10 bo"]


def test_a_window_over_the_hour_that_comes_twice_is_longer_by_it() -> None:
    body = """layers: [{key: n, members: [bo], start: 2026-01-01T00:00, restrict: [{from: "01:30", to: "03:30"}]}]"""
    pieces = Rotations(read_oncall(schedule(body))).pieces("a", at("2026-10-25T00:00"), at("2026-10-26T00:00"))
    assert [piece.end - piece.start for piece in pieces] == [3 * 3600]


def test_the_day_that_samoa_skipped_has_no_length() -> None:
    apia = ZoneInfo("Pacific/Apia")
    skipped, after = (datetime.fromisoformat(day) for day in ("2011-12-30", "2011-12-31"))
    assert reached(skipped, apia) == reached(after, apia)


def test_a_stretch_goes_over_turns_of_the_same_person_and_ends_where_another_begins() -> None:
    body = WEEKLY + ", overrides: [{from: 2026-01-12T09:00, to: 2026-01-13T09:00, person: ana}]"
    start, end, duty = Rotations(read_oncall(schedule(body))).stretch("a", at("2026-01-12T12:00"))
    assert start is not None and end is not None and duty is not None
    assert (local(start), local(end), duty.person, duty.layer) == ("01-05 09:00", "01-13 09:00", "ana", None)


def test_a_rota_of_one_has_no_end() -> None:
    oncall = read_oncall(schedule("layers: [{key: w, members: [ana], start: 2026-01-05T09:00}]"))
    start, end, _ = Rotations(oncall).stretch("a", at("2026-02-01T00:00"))
    assert (start and local(start), end) == ("01-05 09:00", None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("layers: [{key: w, members: [ana], start: 2026-02-30T09:00}]", "day is out of range"),
        ("layers: [{key: w, members: [ana], start: 0000-01-01T09:00}]", "year"),
        ("layers: [{key: w, members: [ana], start: 2026-01-01T24:00}]", "hour 24"),
    ],
)
def test_a_time_that_is_none_is_told_and_no_bug(body: str, said: str) -> None:
    with pytest.raises(InvalidRecord, match=said):
        Rotations(read_oncall(schedule(body))).pieces("a", at("2026-01-01T00:00"), at("2026-01-02T00:00"))


def test_an_unknown_zone_is_told() -> None:
    with pytest.raises(InvalidRecord, match="unknown time zone `Berlin`"):
        Rotations(read_oncall(schedule(WEEKLY, zone="Berlin"))).pieces("a", 0, 1)


def test_quiet_hours_are_cut_out_of_working_hours_by_the_wall_clock_on_the_day_it_changes() -> None:
    text = (
        "people: [{key: bo, time_zone: Europe/Berlin, contact: [B],"
        ' working_hours: {from: "00:00", to: "24:00"}, quiet_hours: [{from: "22:00", to: "06:00"}]}]\n'
    )
    rotas = Rotations(read_oncall(text))
    zone = ZoneInfo("Etc/UTC")
    low, high = (int(datetime(2026, 10, day, tzinfo=UTC).timestamp()) for day in (24, 26))

    spans = rotas.can_be_paged("bo", zone, low, high)

    assert [(f"{in_utc(start):%d %H:%M}", f"{in_utc(end):%d %H:%M}") for start, end in spans] == [
        ("24 04:00", "24 20:00"),
        ("25 05:00", "25 21:00"),
    ]
