"""sevlog oncall check: what will go wrong in the days ahead, each at its place in the file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.filled import filled
from fixtures.oncalls import CONFIG, ONCALL, when
from sevlog.model.oncall.rotations import Rotations
from sevlog.model.problem import Problem
from sevlog.services.checking.settings import check_settings
from sevlog.services.oncall.checking import check_ahead
from sevlog.services.workspace.workspace import Workspace

NOW = "2026-01-05T12:00"


LAYER = "members: [ana, bo], start: 2026-01-05T09:00"


def restricted(hours: str) -> str:
    """The rota with payments on call in some hours only."""
    return ONCALL.replace(LAYER, f"{LAYER}, restrict: {hours}")


def overridden(*rows: str) -> str:
    """The rota with overrides of payments."""
    return ONCALL.replace("  - key: managers", f"    overrides: [{', '.join(rows)}]\n  - key: managers")


def problems(
    tmp_path: Path, oncall: str = ONCALL, *, config: str = CONFIG, now: str = NOW, days: int = 90
) -> tuple[Problem, ...]:
    """The findings about these two files."""
    (tmp_path / "sevlog.yaml").write_text(config, "utf-8")
    (tmp_path / "oncall.yaml").write_text(oncall, "utf-8")
    return check_ahead(Workspace(tmp_path, clock=lambda: when(now)), days).problems


def told(found: tuple[Problem, ...]) -> list[str]:
    return [f"{p.line}:{p.column} {p.code}: {p.message}" for p in found]


def test_a_rota_without_a_hole_has_nothing_to_mend(tmp_path: Path) -> None:
    assert problems(tmp_path) == ()


@pytest.mark.demand("S20")
def test_hours_in_which_nobody_is_on_call_are_told_with_the_command_that_fills_them(tmp_path: Path) -> None:
    late = ONCALL.replace("members: [ana, bo], start: 2026-01-05T09:00", "members: [ana, bo], start: 2026-01-07T09:00")
    (found,) = problems(tmp_path, late)
    assert told((found,)) == [
        "9:10 oncall_gap: nobody is on call for `payments` from Mon 2026-01-05 12:00 to Wed 2026-01-07 09:00 "
        "(Europe/Berlin)"
    ]
    assert found.hint == (
        "sevlog oncall override payments --person WHO --from 2026-01-05T12:00 --to 2026-01-07T09:00; "
        "if the gap is intended, set `cover:`"
    )


def test_gaps_that_come_back_are_told_once_and_counted(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, restricted("[{from: '09:00', to: '21:00'}]"), days=7)
    assert found.message == (
        "nobody is on call for `payments` from Mon 2026-01-05 21:00 to Tue 2026-01-06 09:00 (Europe/Berlin), "
        "and 6 more times, 84 h in all"
    )


def test_a_gap_outside_of_the_hours_to_cover_is_meant(tmp_path: Path) -> None:
    hours = "[{days: mon-fri, from: '09:00', to: '17:00'}]"
    body = restricted(hours)
    assert [p.code for p in problems(tmp_path, body)] == ["oncall_gap"]
    covered = body.replace("    name: Payments\n", f"    name: Payments\n    cover: {hours}\n")
    assert problems(tmp_path, covered) == ()


@pytest.mark.demand("S20")
def test_one_person_on_call_twice_at_once_is_told(tmp_path: Path) -> None:
    twice = ONCALL.replace("members: [chi]", "members: [chi, ana]")
    (found,) = problems(tmp_path, twice, days=14)
    assert (found.line, found.code) == (17, "double_booking")
    assert found.message == (
        "ana is on call for `payments` and `managers` from Tue 2026-01-06 09:00 to Wed 2026-01-07 09:00 "
        "(Europe/Berlin), and 2 more times, 72 h in all"
    )
    assert problems(tmp_path, twice.replace("key: managers\n", "key: managers\n    together_with: [payments]\n")) == ()


@pytest.mark.demand("S20")
def test_a_turn_that_falls_into_time_off_is_told_and_to_whom_it_falls(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, ONCALL + "time_off:\n  - {person: ana, from: 2026-01-10, to: 2026-01-25}\n")
    assert told((found,)) == [
        "25:5 time_off_clash: ana is away and on call for `payments` from Sat 2026-01-10 00:00 to Mon 2026-01-12 09:00 "
        "(Europe/Berlin), and 1 more time, 216 h in all: bo takes over"
    ]
    assert found.hint == (
        "confirm who takes over: sevlog oncall override payments --person bo "
        "--from 2026-01-10T00:00 --to 2026-01-12T09:00"
    )


def test_a_clash_that_was_agreed_on_by_an_override_is_none(tmp_path: Path) -> None:
    agreed = overridden("{from: 2026-01-10T00:00, to: 2026-01-12T09:00, person: bo}")
    off = "time_off:\n  - {person: ana, from: 2026-01-10, to: 2026-01-11}\n"
    assert [p.code for p in problems(tmp_path, ONCALL + off)] == ["time_off_clash"]
    assert problems(tmp_path, agreed + off) == ()


def test_who_stands_in_while_being_away_is_told(tmp_path: Path) -> None:
    body = overridden("{from: 2026-01-07T00:00, to: 2026-01-08T00:00, person: bo}")
    (found,) = problems(tmp_path, body + "time_off:\n  - {person: bo, from: 2026-01-07, to: 2026-01-07}\n")
    assert found.message.endswith("(Europe/Berlin): an override keeps them on call")


def test_where_everybody_is_away_there_is_a_gap_too(tmp_path: Path) -> None:
    off = (
        "time_off: [{person: ana, from: 2026-01-10, to: 2026-01-10}, {person: bo, from: 2026-01-10, to: 2026-01-10}]\n"
    )
    found = problems(tmp_path, ONCALL + off, days=6)
    assert {p.code for p in found} == {"oncall_gap", "dead_end", "time_off_clash"}
    assert any("nobody takes over" in p.message for p in found)


def test_overrides_that_name_different_people_for_the_same_hours_are_a_warning(tmp_path: Path) -> None:
    body = overridden(
        "{from: 2026-01-07T00:00, to: 2026-01-08T00:00, person: bo}",
        "{from: 2026-01-07T20:00, to: 2026-01-09T00:00, person: ana}",
    )
    (found,) = problems(tmp_path, body)
    assert (found.code, found.severity, found.line) == ("overlapping_overrides", "warning", 14)
    assert found.message == (
        "overrides name bo and ana from Wed 2026-01-07 20:00 to Thu 2026-01-08 00:00 (Europe/Berlin); "
        "the later one in the file wins: ana"
    )


@pytest.mark.demand("S20")
def test_people_who_will_be_paged_without_a_contact_point_are_told(tmp_path: Path) -> None:
    found = problems(tmp_path, ONCALL.replace(", contact: [BO_PAGER, BO_CHAT]", ""))
    assert told(found) == ["4:11 no_contact: bo has no contact point, but they are on call for `payments`"]
    assert found[0].hint == "contact: [BO_PAGER], the name of an environment secret"


def test_who_is_never_paged_needs_no_contact_point(tmp_path: Path) -> None:
    assert problems(tmp_path, ONCALL.replace("people:\n", "people:\n  - {key: dana}\n")) == ()


@pytest.mark.demand("S20")
def test_a_component_for_which_a_page_ends_in_nobody_is_told(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, ONCALL.replace("incident_manager_schedule: managers\n", ""))
    assert (found.path, *told((found,))) == (
        "sevlog.yaml",
        "5:11 dead_end: nobody would be paged for `search` at any time",
    )


def test_hours_in_which_a_chain_ends_in_nobody_are_told(tmp_path: Path) -> None:
    only = ONCALL.replace('      - {notify: "team:payments", wait: 10m, repeat: 1}\n', "")
    nights = only.replace(LAYER, f"{LAYER}, restrict: [{{from: '08:00', to: '20:00'}}]")
    found = {p.code: p.message for p in problems(tmp_path, nights, days=1)}
    assert found["dead_end"] == (
        "nobody would be paged for `checkout` from Mon 2026-01-05 20:00 to Tue 2026-01-06 08:00 (Europe/Berlin)"
    )


def test_a_page_that_waits_for_working_hours_must_find_some_within_a_month(tmp_path: Path) -> None:
    config = CONFIG + "severities: [{key: SEV3, page: working_hours}]\n"
    off = "time_off: [{person: chi, from: 2026-02-01, to: 2026-06-30}]\n"
    found = [p for p in problems(tmp_path, ONCALL + off, config=config) if p.code == "dead_end"]
    assert [p.message.partition(" from ")[0] for p in found] == [
        "nobody would be paged for `search` within working hours of the next 31 days"
    ]


def test_a_component_that_is_retired_needs_nobody(tmp_path: Path) -> None:
    config = CONFIG.replace("name: Search}", "name: Search, retired_on: '2025-01-01'}")
    assert problems(tmp_path, ONCALL.replace("incident_manager_schedule: managers\n", ""), config=config) == ()


def test_a_schedule_that_only_stands_in_on_holidays_may_be_empty_and_shared(tmp_path: Path) -> None:
    body = ONCALL.replace("escalation: payments}", "escalation: payments, holidays: DE}").replace(
        "escalations:\n",
        "  - key: holiday-rota\n"
        "    layers: [{key: h, members: [ana], start: 2026-01-05T09:00, until: 2026-01-07T09:00}]\n"
        "holidays: {DE: {country: DE, schedule: holiday-rota}}\nescalations:\n",
    )
    assert problems(tmp_path, body) == ()


def test_a_country_or_a_part_of_it_that_is_unknown_is_told(tmp_path: Path) -> None:
    found = problems(tmp_path, ONCALL + "holidays:\n  X: {country: ZZ}\n  Y: {country: DE, subdivision: Saxony}\n")
    assert told(found) == [
        "25:16 unknown_holidays: unknown country `ZZ` for public holidays",
        "26:33 unknown_holidays: unknown subdivision `Saxony` of DE for public holidays",
    ]
    assert "SN" in (found[1].hint or "")


def test_a_repository_without_a_rota_is_warned_once(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "schema: 1\npeople: [{key: ana}]\n")
    assert (found.code, found.severity) == ("no_rota", "warning")


def test_a_file_that_names_nobody_real_is_told_before_anything_else(tmp_path: Path) -> None:
    found = problems(tmp_path, ONCALL.replace("members: [chi]", "members: [chii]"))
    assert [p.code for p in found] == ["unknown_person"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("layers: [{key: w, members: [ana], start: 2026-02-30T09:00}]", "wrong_day"),
        ("layers: [{key: w, members: [ana], start: 2026-02-01T25:00}]", "wrong_day"),
        ("overrides: [{person: ana, from: 2026-02-01T09:00, to: 2026-02-29T09:00}]", "wrong_day"),
        ("layers: [{key: w, members: [ana], start: 2026-02-01T09:00, from: 2026-01-01T09:00}]", "window"),
        (
            "layers: [{key: w, members: [ana], start: 2026-01-01T09:00, from: 2026-02-01T09:00, "
            "until: 2026-01-31T09:00}]",
            "window",
        ),
        ("holidays: DE", "unknown_calendar"),
        ("together_with: [b]", "unknown_schedule"),
    ],
)
def test_every_check_finds_what_is_wrong_with_a_schedule_by_itself(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "sevlog.yaml").write_text(CONFIG.partition("components")[0], "utf-8")
    (tmp_path / "oncall.yaml").write_text(
        f"schema: 1\npeople: [{{key: ana}}]\nschedules: [{{key: a, {text}}}]\n", "utf-8"
    )
    found = check_settings(tmp_path).problems
    assert [p.code for p in found] == [expected]
    assert found[0].line == 3


def test_a_policy_that_repeats_before_its_end_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "sevlog.yaml").write_text(CONFIG, "utf-8")
    (tmp_path / "oncall.yaml").write_text(ONCALL.replace("wait: 5m}", "wait: 5m, repeat: 2}"), "utf-8")
    (found,) = check_settings(tmp_path).problems
    assert (found.code, found.severity, found.line) == ("early_repeat", "warning", 21)


def problems_from(root: Path, at: datetime) -> tuple[Problem, ...]:
    return check_ahead(Workspace(root, clock=lambda: at), 90).problems


def test_the_own_example_and_the_demo_company_have_nothing_to_mend() -> None:
    root = Path(__file__).resolve().parents[3]
    for day in ("2026-11-24", "2027-02-01", "2027-06-01"):
        at = datetime.fromisoformat(f"{day}T00:00:00+00:00").astimezone(UTC)
        assert [p.message for p in problems_from(root, at)] == []


def test_somebody_who_left_has_no_turn_any_more_and_those_that_they_had_stay(tmp_path: Path) -> None:
    body = ONCALL.replace("{key: ana", "{key: ana, until: 2026-01-09")
    assert body != ONCALL

    found = [p for p in problems(tmp_path, body) if p.code == "person_left"]

    assert [p.severity for p in found] == ["error"] * len(filled(found))
    assert found[0].message.startswith(
        "ana left after 2026-01-09 and is on call for `payments` from Sat 2026-01-10 00:00"
    )
    rotas = Rotations(Workspace(tmp_path, clock=lambda: when(NOW)).oncall)
    before, after = datetime(2026, 1, 9, 12, tzinfo=UTC), datetime(2026, 1, 10, 12, tzinfo=UTC)
    held = [rotas.holder("payments", int(moment.timestamp())) for moment in (before, after)]
    assert [duty.person for duty in held if duty is not None] == ["ana", "bo"]
