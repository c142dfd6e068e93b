"""sevlog maintenance: schedule, start, verify, complete, cancel, with an update to customers at each step."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository

PLAN = (
    "maintenance",
    "schedule",
    "Database upgrade",
    "--start",
    "2026-12-01T22:00:00Z",
    "--end",
    "2026-12-01T23:30:00Z",
    "--component",
    "search",
)


@pytest.mark.demand("S1")
def test_from_plan_to_completion_customers_hear_of_each_step(records: Repository) -> None:
    planned = records.tells(*PLAN, "--summary", "internal: new disks", "--public-title", "Search maintenance")
    incident = planned["id"]
    assert incident == "2026-12-01-database-upgrade"
    assert records.trailers()[-1] == "Transition: new -> scheduled"
    assert len(records.committed()) == 3

    for step in ("start", "verify", "complete"):
        records.does("maintenance", step, "-i", incident)
        assert len(records.committed()) == 2

    shown = records.tells("show", incident)
    assert (shown["kind"], shown["status"], shown["visibility"]) == ("maintenance", "completed", "public")
    assert shown["public_title"] == "Search maintenance"
    assert shown["scheduled"] == {"start": "2026-12-01T22:00:00Z", "end": "2026-12-01T23:30:00Z"}
    assert [(u["phase"], u["components"]["search"]) for u in shown["updates"]] == [
        ("scheduled", "operational"),
        ("in_progress", "under_maintenance"),
        ("verifying", "under_maintenance"),
        ("completed", "operational"),
    ]
    assert not any("new disks" in u["text"] for u in shown["updates"])
    assert records.status() == ""


def test_the_only_open_one_need_not_be_named(records: Repository) -> None:
    assert "no maintenance is open" in records.refuses(4, "maintenance", "start")
    records.does(*PLAN)

    records.does("maintenance", "start", "Hands off until ten")

    assert records.tells("show", "upgrade")["updates"][-1]["text"] == "Hands off until ten"
    records.does(*PLAN)
    said = records.refuses(4, "maintenance", "verify")
    assert "2 maintenance windows are open: choose one" in said


def test_a_maintenance_is_never_the_incident_that_is_meant(records: Repository) -> None:
    records.does(*PLAN)
    incident = records.raised()

    assert records.tells("note", "x")["id"] == incident
    assert [row["id"] for row in records.tells("board")["incidents"]] == [incident]


def test_an_internal_one_tells_customers_nothing(records: Repository) -> None:
    records.does(*PLAN, "--internal")

    shown = records.tells("show", "upgrade")
    assert (shown["visibility"], shown["public_title"]) == ("internal", None)
    assert [u["audience"] for u in shown["updates"]] == ["internal"]


def test_cancelling_needs_a_reason(records: Repository) -> None:
    records.does(*PLAN)
    assert 'add --reason "…"' in records.refuses(3, "maintenance", "cancel")

    records.does("maintenance", "cancel", "--reason", "not this week")

    assert records.tells("show", "upgrade")["status"] == "cancelled"


STEPS = ("start", "verify", "complete")
WHEN = "planned for Wed 2026-12-02 00:00-01:30 CET; it is "


def warned(records: Repository, *words: str) -> list[str]:
    """The warnings of a command that works."""
    done = records.sevlog(*words)
    assert done.code == 0, done.err
    return [line.removeprefix("warning: ") for line in done.err.splitlines() if line.startswith("warning: ")]


def in_berlin(records: Repository) -> None:
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8").replace("page: {", "page: {time_zone: Europe/Berlin, "), "utf-8")
    records.git("commit", "-qam", "where we are")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-28T22:30:00Z", ["3 days early"] * 3),
        ("2026-12-01T20:50:00Z", ["2 hours early"] * 3),
        ("2026-12-01T22:30:00Z", ["30 minutes early"] * 3),
        ("2026-12-01T22:50:00Z", []),
        ("2026-12-01T23:30:00Z", []),
        ("2026-12-02T00:40:00Z", []),
        ("2026-12-02T01:30:00Z", ["2 hours late", "1 hour late", "1 hour late"]),
        ("2026-12-05T23:00:00Z", ["4 days late"] * 3),
    ],
)
def test_a_step_outside_of_the_window_is_recorded_with_a_warning_that_states_the_plan(
    records: Repository, now: str, said: list[str]
) -> None:
    in_berlin(records)
    records.does(*PLAN[:4], "2026-12-01T23:00:00Z", "--end", "2026-12-02T00:30:00Z", "--component", "search")
    records.clock.set(now)

    warnings = [text for step in STEPS for text in warned(records, "maintenance", step)]

    assert warnings == [f"{WHEN}{how}" for how in said]
    assert records.tells("show", "upgrade")["status"] == "completed"


def test_a_window_over_midnight_is_stated_with_both_days_and_cancelling_is_never_early(records: Repository) -> None:
    in_berlin(records)
    records.does(*PLAN)

    (said,) = warned(records, "maintenance", "start")
    assert said == "planned for Tue 2026-12-01 23:00 CET to Wed 2026-12-02 00:30 CET; it is 8 days early"
    assert warned(records, "maintenance", "cancel", "--reason", "not today") == []


@pytest.mark.parametrize("step", ["verify", "complete"])
def test_a_step_out_of_turn_says_what_is_possible(records: Repository, step: str) -> None:
    records.does(*PLAN)

    said = records.refuses(3, "maintenance", step)

    assert "only to `in_progress` or `cancelled`" in said
    assert "sevlog maintenance start -i 2026-12-01-database-upgrade" in said


def test_a_step_is_taken_once(records: Repository) -> None:
    records.does(*PLAN)
    records.does("maintenance", "start")

    assert "has been `in_progress` since" in records.refuses(3, "maintenance", "start")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x",), "Missing option '--start'"),
        (("x", "--start", "+1h", "--end", "+2h"), "needs at least one component"),
        (("x", "--start", "+2h", "--end", "+1h", "--component", "search"), "before it begins"),
        (("x", "--start", "+1h", "--end", "+2h", "--component", "nope"), "unknown component `nope`"),
        (("x", "--start", "tomorrow", "--end", "+2h", "--component", "search"), "`tomorrow` is a day, not a time"),
        (("x", "--start", "2026-12-01T22:00", "--end", "+2h", "--component", "search"), "has no UTC offset"),
        (("", "--start", "+1h", "--end", "+2h", "--component", "search"), "`title`"),
    ],
)
def test_a_plan_that_makes_no_sense_is_a_usage_error(records: Repository, words: tuple[str, ...], said: str) -> None:
    assert said in records.refuses(2, "maintenance", "schedule", *words)


def test_a_window_that_is_over_is_refused_unless_it_was_planned_before(records: Repository) -> None:
    words = ("maintenance", "schedule", "x", "--start", "-2h", "--end", "-1h", "--component", "search")

    said = records.refuses(2, *words)

    assert "the window already ended at 2026-11-23 13:00:01 UTC" in said
    assert "give the time: --at TIME, before its end" in said
    assert records.does(*words, "--at", "-3h")


def test_an_incident_is_not_a_maintenance(records: Repository) -> None:
    incident = records.raised()

    assert "is not a maintenance" in records.refuses(2, "maintenance", "start", "-i", incident)


def by_hand(records: Repository) -> str:
    """A planned maintenance that does not begin or end by itself."""
    incident = str(records.tells(*PLAN, "--manual")["id"])
    assert "\n  auto: false\n" in (records.folder("upgrade") / "incident.yaml").read_text("utf-8")
    return incident


@pytest.mark.parametrize(
    ("now", "step", "said"),
    [
        ("2026-12-01T22:30:00Z", "start", "the window has begun"),
        ("2026-12-03T00:00:00Z", "start", "the window is over, but it never started"),
    ],
)
def test_a_window_that_nobody_attends_to_is_on_board_and_next_and_found_by_check(
    records: Repository, now: str, step: str, said: str
) -> None:
    incident = by_hand(records)
    assert records.tells("board")["incidents"] == []
    assert records.tells("check")["problems"] == []

    records.clock.set(now)

    (row,) = records.tells("board")["incidents"]
    assert (row["id"], row["attention"]) == (incident, f"{said}: sevlog maintenance {step} -i {incident}")
    assert f"! {incident}: {said}" in records.does("board")
    assert f"sevlog maintenance {step} -i {incident}" in records.does("next")
    (problem,) = records.tells("check")["problems"]
    assert (problem["code"], problem["severity"], problem["pointer"]) == ("window_missed", "warning", "/scheduled")


def test_one_that_was_begun_and_goes_on_past_its_window_is_told(records: Repository) -> None:
    incident = records.tells(*PLAN)["id"]
    records.clock.set("2026-12-01T22:00:00Z")
    records.does("maintenance", "start")
    assert records.tells("board")["incidents"] == []

    records.clock.set("2026-12-02T01:00:00Z")

    assert records.tells("board")["incidents"][0]["attention"].startswith(
        "the window is over, but the maintenance still runs"
    )
    assert f"sevlog maintenance verify -i {incident}" in records.does("next")


def test_one_that_moves_by_itself_needs_nobody(records: Repository) -> None:
    records.does(*PLAN)
    records.clock.set("2026-12-05T00:00:00Z")

    assert records.tells("board")["incidents"] == []
    assert records.tells("check")["problems"] == []


def test_a_variable_that_names_another_maintenance_than_the_open_one_is_refused(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = ("--start", "+1h", "--end", "+2h", "--component", "search")
    first = records.tells("maintenance", "schedule", "Move the disks", *plan)["id"]
    records.does("maintenance", "cancel", "--reason", "x")
    second = records.tells("maintenance", "schedule", "Swap the pumps", *plan)["id"]
    monkeypatch.setenv("SEVLOG_INCIDENT", first)

    said = records.refuses(4, "maintenance", "start")
    assert f"SEVLOG_INCIDENT names {first}, but the only open maintenance is {second}: choose one" in said
    incident = records.raised()
    monkeypatch.setenv("SEVLOG_INCIDENT", incident)
    assert records.tells("maintenance", "cancel", "--reason", "x")["id"] == second
