"""Grafana OnCall: who is on call at the source is on call here, and what has no form here is named."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sevlog.adapters.importers.oncall.batch import OnCallBatch
from sevlog.adapters.importers.oncall.grafana import open_grafana
from sevlog.model.oncall.roster import OnCall
from sevlog.model.oncall.rotations import Rotations

PEOPLE = {"U1": "ana", "U2": "bo", "U3": "chi", "U4": "dee"}
USERS = [{"id": code, "email": f"{name}@example.com", "username": name} for code, name in PEOPLE.items()]
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def shift(code: str, kind: str, start: str, hours: float, **more: Any) -> dict[str, Any]:
    row = {"id": code, "name": f"Shift {code}", "type": kind, "start": start, "duration": int(hours * 3600)}
    return {**row, "level": 0, "time_zone": None, "team_id": None, **more}


SHIFTS = [
    shift(
        "week",
        "rolling_users",
        "2026-01-07T09:30:00",
        9,
        frequency="weekly",
        interval=1,
        week_start="MO",
        by_day=["MO", "WE", "FR"],
        rolling_users=[["U1", "U2"], ["U3"]],
        start_rotation_from_user_index=1,
    ),
    shift(
        "night", "rolling_users", "2026-01-05T20:00:00", 14, frequency="daily", rolling_users=[["U2"], ["U3"], ["U1"]]
    ),
    shift("sun", "recurrent_event", "2026-01-11T08:00:00", 30, frequency="weekly", by_day=["SU"], users=["U4"]),
    shift(
        "boss",
        "recurrent_event",
        "2026-01-06T09:00:00",
        12,
        level=1,
        frequency="weekly",
        by_day=["TU", "WE"],
        users=["U1"],
        until="2026-09-01T00:00:00",
    ),
    shift(
        "late", "recurrent_event", "2026-01-07T19:00:00", 4, level=1, frequency="weekly", by_day=["WE"], users=["U4"]
    ),
    shift("once", "single_event", "2026-02-10T12:00:00", 50, level=2, users=["U3", "U4"]),
]
ODD = [
    shift("month", "recurrent_event", "2026-01-05T09:00:00", 8, frequency="monthly", users=["U1"]),
    shift("two", "recurrent_event", "2026-01-05T09:00:00", 8, frequency="weekly", interval=2, users=["U1"]),
    shift(
        "zone", "recurrent_event", "2026-01-05T09:00:00", 24, frequency="daily", time_zone="Asia/Tokyo", users=["U1"]
    ),
    shift("nobody", "rolling_users", "2026-01-05T09:00:00", 24, frequency="daily", rolling_users=[["U1"], []]),
]
SCHEDULE: dict[str, Any] = {
    "id": "S1",
    "name": "Primary",
    "type": "calendar",
    "time_zone": "Europe/Berlin",
    "team_id": "T1",
    "shifts": [row["id"] for row in (*SHIFTS, *ODD)] + ["lost"],
    "ical_url_overrides": None,
}
ICAL = {"id": "S2", "name": "Elsewhere", "type": "ical", "ical_url_primary": "https://cal.example/secret.ics"}
CHAIN = {"id": "F1", "name": "Default", "team_id": "T1"}
STEPS: list[dict[str, Any]] = [
    {"type": "notify_on_call_from_schedule", "notify_on_call_from_schedule": "S1", "important": True},
    {"type": "wait", "duration": 300},
    {"type": "wait", "duration": 60},
    {"type": "notify_persons", "persons_to_notify": ["U1", "U2"]},
    {"type": "notify_person_next_each_time", "persons_to_notify_next_each_time": ["U3"]},
    {"type": "notify_team_members", "team_to_notify": "T1"},
    {"type": "repeat_escalation"},
]


@pytest.fixture
def batch(tmp_path: Path) -> OnCallBatch:
    policies = [{"id": f"E{n}", "escalation_chain_id": "F1", "position": n, **row} for n, row in enumerate(STEPS)]
    answers = {
        "users": USERS,
        "teams": [{"id": "T1", "name": "Platform", "email": None, "avatar_url": "/x"}],
        "schedules": [SCHEDULE, ICAL],
        "shifts": [*SHIFTS, *ODD],
        "chains": [CHAIN],
        "policies": policies,
    }
    for name, rows in answers.items():
        page = {"count": 1, "next": None, "results": rows}
        (tmp_path / f"{name}.json").write_text(json.dumps(page), "utf-8")
    return open_grafana(tmp_path, OnCall(schema=1))


def on_call(at: datetime) -> set[str]:
    """Who the source notifies: every occurrence of every shift, day by day, and of those the highest level."""
    here = at.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
    found: dict[int, set[str]] = {}
    for row in SHIFTS:
        first = datetime.fromisoformat(row["start"])
        for back in range(4):
            start = datetime.combine(here.date() - timedelta(days=back), first.time())
            if not start <= here < start + timedelta(seconds=row["duration"]) or start < first:
                continue
            if row["type"] == "single_event" and start != first:
                continue
            if row.get("by_day") and DAYS[start.weekday()] not in row["by_day"]:
                continue
            if row.get("until") and start > datetime.fromisoformat(row["until"]):
                continue
            days = (start.date() - first.date()).days
            if row.get("frequency") == "weekly":
                days = ((start.date() - first.date()).days + first.weekday()) // 7
            groups = row.get("rolling_users") or [row["users"]]
            index = days + row.get("start_rotation_from_user_index", 0)
            found.setdefault(row["level"], set()).update(groups[index % len(groups)])
    return {PEOPLE[code] for code in found[max(found)]} if found else set()


def test_the_same_people_are_on_call_at_any_time(batch: OnCallBatch) -> None:
    rotas, choice = Rotations(batch.oncall), random.Random(3)
    minutes = [choice.randrange(450_000) for _ in range(80)] + [choice.randrange(57_000, 60_500) for _ in range(10)]
    instants = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute) for minute in minutes]
    instants += [datetime(2026, 1, 7, hour, 30, tzinfo=UTC) + timedelta(weeks=4) for hour in (17, 18, 19, 20, 21, 22)]

    ours = [
        {duty.person for s in batch.oncall.schedules if (duty := rotas.holder(s.key, int(at.timestamp())))}
        for at in instants
    ]

    assert ours == [on_call(at) for at in instants]
    assert len({frozenset(people) for people in ours}) >= 6


def test_a_chain_becomes_a_policy_with_the_waits_in_its_steps(batch: OnCallBatch) -> None:
    (policy,) = batch.oncall.escalations
    keys = [schedule.key for schedule in batch.oncall.schedules]

    assert [(step.notify, step.wait, step.repeat) for step in policy.steps] == [
        *[(f"schedule:{key}", "1s", None) for key in keys[:-1]],
        (f"schedule:{keys[-1]}", "360s", None),
        ("person:ana", "1s", None),
        ("person:bo", "1s", None),
        ("team:platform", None, 5),
    ]
    assert [(team.key, team.schedule, team.escalation) for team in batch.oncall.teams] == [
        ("platform", "primary", "default")
    ]


def test_what_has_no_form_here_is_left_out_with_the_reason(batch: OnCallBatch) -> None:
    left = {row.id: row.reason for row in batch.quarantined}

    assert "`monthly`" in left["Primary / Shift month"]
    assert "the rest is a gap" in left["Primary / Shift two"]
    assert "Asia/Tokyo" in left["Primary / Shift zone"]
    assert "has no users" in left["Primary / Shift nobody"]
    assert "not in the export" in left["Primary"]
    assert "calendar elsewhere" in left["Elsewhere"]
    assert "notify_person_next_each_time" in left["Default / notify_person_next_each_time"]
    assert "secret.ics" not in str(batch.quarantined)
