"""Opsgenie: what its schedules say is what ours say, and what has no form here is named."""

from __future__ import annotations

import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fixtures import opsgenie as account
from sevlog.adapters.importers import saved_json
from sevlog.adapters.importers.oncall.batch import OnCallBatch
from sevlog.adapters.importers.oncall.opsgenie import open_opsgenie
from sevlog.errors import NotFound, UsageError
from sevlog.model.oncall.roster import OnCall, Person, Schedule
from sevlog.model.oncall.rotations import Rotations

HERE = OnCall(schema=1, people=(Person(key="bossa", name="Bo Berg"),))
HANDLES = {"u-ana": "ana.lima", "u-bo": "bossa", "u-chi": "chi", "u-dee": "dee", "": "new"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.fixture
def batch(tmp_path: Path) -> OnCallBatch:
    return open_opsgenie(account.saved(tmp_path / "export"), HERE)


def covers(restriction: dict[str, Any], at: datetime) -> bool:
    """Whether a restriction of the source holds at a local time: minute by minute of the week, nothing of ours."""
    now = at.weekday() * 1440 + at.hour * 60 + at.minute
    rows = restriction.get("restrictions") or [restriction["restriction"]]
    for row in rows:
        start = row["startHour"] * 60 + row["startMin"]
        end = row["endHour"] * 60 + row["endMin"]
        if restriction["type"] == "time-of-day":
            of_day = at.hour * 60 + at.minute
            if (start <= of_day < end) if start < end else (of_day >= start or of_day < end):
                return True
            continue
        first, last = DAYS.index(row["startDay"]) * 1440 + start, DAYS.index(row["endDay"]) * 1440 + end
        if (first <= now < last) if first < last else (now >= first or now < last):
            return True
    return False


def on_call(schedule: dict[str, Any], at: datetime) -> set[str]:
    """Who is on call at the source, walked turn by turn from the start of each rotation."""
    zone, people = ZoneInfo(schedule["timezone"]), set()
    here = at.astimezone(zone).replace(tzinfo=None)
    for rotation in schedule["rotations"]:
        turn_start = datetime.fromisoformat(rotation["startDate"]).astimezone(zone).replace(tzinfo=None)
        end = rotation.get("endDate")
        if here < turn_start or (end and at >= datetime.fromisoformat(end)):
            continue
        unit = {"hourly": 1, "daily": 24, "weekly": 168}[rotation["type"]]
        number = 0
        while turn_start + timedelta(hours=unit * rotation["length"]) <= here:
            turn_start += timedelta(hours=unit * rotation["length"])
            number += 1
        if "timeRestriction" in rotation and not covers(rotation["timeRestriction"], here):
            continue
        people.add(HANDLES[rotation["participants"][number % len(rotation["participants"])]["id"]])
    return people


def ours(batch: OnCallBatch, schedules: list[Schedule], at: datetime) -> set[str]:
    rotas = Rotations(batch.oncall)
    found = (rotas.holder(schedule.key, int(at.timestamp())) for schedule in schedules)
    return {duty.person for duty in found if duty}


@pytest.mark.parametrize(("source", "prefix"), [(account.SCHEDULE, "Payments"), (account.HOURLY, "Follow")])
def test_the_same_people_are_on_call_at_any_time(batch: OnCallBatch, source: dict[str, Any], prefix: str) -> None:
    schedules = [s for s in batch.oncall.schedules if (s.name or "").startswith(prefix)]
    choice = random.Random(7)
    instants = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=choice.randrange(600_000)) for _ in range(60)]
    instants = [
        at for at in instants if not datetime(2026, 3, 10, tzinfo=UTC) <= at <= datetime(2026, 3, 12, tzinfo=UTC)
    ]

    assert len(instants) > 40
    assert [ours(batch, schedules, at) for at in instants] == [on_call(source, at) for at in instants]
    assert len({tuple(sorted(on_call(source, at))) for at in instants}) >= 4


def test_rotations_that_overlap_become_schedules_of_their_own_and_the_report_says_so(batch: OnCallBatch) -> None:
    one, two = [s for s in batch.oncall.schedules if s.key.startswith("payments")]

    assert [[layer.key for layer in schedule.layers] for schedule in (one, two)] == [["weekly", "nights"], ["weekend"]]
    assert (one.together_with, two.together_with) == (("payments-schedule-2",), ("payments-schedule",))
    assert "its rotations overlap" in next(r.what for r in batch.repairs if r.id == "Payments schedule")


def test_a_person_who_is_here_already_keeps_the_handle_and_no_address_is_kept(batch: OnCallBatch) -> None:
    people = {person.key: person for person in batch.oncall.people}

    assert people["bossa"] == HERE.people[0]
    assert people["ana.lima"].name == "Ana Lima"
    assert people["ana.lima"].time_zone == "Europe/Lisbon"
    assert len(people["ana.lima"].email_sha256 or "") == 64
    assert "@" not in json.dumps([person.name for person in people.values()]) + "".join(people)


def test_an_escalation_counts_from_step_to_step_and_pages_every_schedule_of_a_split_one(batch: OnCallBatch) -> None:
    (policy,) = batch.oncall.escalations
    said = " ".join(repair.what for repair in batch.repairs)

    assert [(step.notify, step.wait, step.repeat) for step in policy.steps] == [
        ("schedule:payments-schedule", "1s", None),
        ("schedule:payments-schedule-2", "15m", None),
        ("team:payments", "45m", None),
        ("person:ana.lima", "10m", 10),
    ]
    assert "repeats 20 times" in said
    assert "until the alert is closed" in said
    assert "closes the alert after all repeats" in said


def test_a_team_has_its_members_its_schedule_and_its_escalation(batch: OnCallBatch) -> None:
    (team,) = batch.oncall.teams

    assert (team.key, team.members) == ("payments", ("ana.lima", "bossa"))
    assert (team.schedule, team.escalation) == ("payments-schedule", "payments-escalation")


def test_what_has_no_form_here_is_left_out_with_the_reason_and_kept_whole(batch: OnCallBatch) -> None:
    left = {row.id: row.reason for row in batch.quarantined}

    assert "nobody (`none`)" in left["Odd ones / With a pause"]
    assert "a team takes turns" in left["Odd ones / Of a team"]
    assert "5 hours do not divide a day" in left["Odd ones / Five hours"]
    assert "`soon` is not a time" in left["Odd ones / No time"]
    assert "disabled" in left["Old"]
    assert "`next` person" in left["Payments escalation / rule"]
    assert "not a known user" in left["Payments"]
    assert "not JSON" in left["broken.json"]
    assert "are missing" in left["override, overrides.json"]
    assert any("Mars/Base" in repair.what for repair in batch.repairs)


def test_an_override_replaces_the_rotations_that_it_names(batch: OnCallBatch) -> None:
    one, two = [s for s in batch.oncall.schedules if s.key.startswith("payments")]

    assert [(o.from_, o.to, o.person) for o in one.overrides] == [("2026-03-10T11:00", "2026-03-11T11:00", "dee")]
    assert two.overrides == ()


def test_a_zip_of_single_objects_is_read_like_the_answers_of_the_api(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, row in enumerate(account.USERS):
            archive.writestr(f"Opsgenie/users/{number}.json", json.dumps(row))
        archive.writestr("Opsgenie/schedules/a.json", json.dumps(account.HOURLY))
        archive.writestr("Opsgenie/readme.txt", "no JSON")

    found = open_opsgenie(path, HERE).oncall

    assert [person.key for person in found.people] == ["ana.lima", "bossa", "chi", "dee"]
    assert [layer.key for layer in found.schedules[0].layers] == ["shifts-1", "shifts-2", "shifts-3"]


def test_what_is_not_imported_is_named_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "backup.json"
    integration = {"id": "i1", "name": "Monitoring", "type": "API", "apiKey": "11111111-aaaa-2222-bbbb-333333333333"}
    path.write_text(json.dumps([*account.USERS, integration]), "utf-8")

    left = open_opsgenie(path, HERE).quarantined

    assert [row.raw for row in left if "it is not a user" in row.reason] == [None]
    assert "11111111-aaaa" not in str(left)


def test_a_source_that_is_missing_foreign_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "other.json"
    path.write_text('[{"hello": 1}]', "utf-8")

    with pytest.raises(NotFound, match="does not exist"):
        open_opsgenie(tmp_path / "nothing", HERE)
    with pytest.raises(UsageError, match="contains nothing of Opsgenie"):
        open_opsgenie(path, HERE)
    monkeypatch.setattr(saved_json, "MAX_BYTES", 5)
    with pytest.raises(UsageError, match="is larger than"):
        open_opsgenie(path, HERE)
