"""Numbers that the looking commands derive: durations between milestones and time in each severity."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from sevlog.model.config.settings import Config
from sevlog.model.learning.durations import durations, time_in_severity
from sevlog.model.timeline.entries import Raised, SeverityChanged, StatusChanged, Update
from sevlog.model.timeline.entry_parts import Entry
from sevlog.model.timeline.incident import IncidentCard, Record
from sevlog.model.timeline.replay import replay
from sevlog.model.timeline.state import State
from sevlog.services.common.documents import as_json, brief
from sevlog.stores.records.settings import with_defaults

T0 = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CONFIG = msgspec.convert(with_defaults({"schema": 1, "page": {"name": "P", "url": "https://p.example"}}), Config)


def at(minutes: int) -> datetime:
    return T0 + timedelta(minutes=minutes)


def state(*entries: Entry) -> State:
    card = IncidentCard(schema=1, title="t", kind="incident")
    return replay(Record(id="2026-11-23-t", card=card, entries=entries), CONFIG)


RAISED = Raised(at=at(10), severity="SEV2", priority="P2", components={"x": "major_outage"}, started_at=at(0))


def test_durations_are_seconds_between_milestones_and_nothing_while_open() -> None:
    said = Update(at=at(13), audience="public", phase="investigating", text="x")
    steps = [StatusChanged(at=at(12), to="fixing"), StatusChanged(at=at(70), to="resolved")]

    spent = durations(state(RAISED, said, *steps))

    assert spent["time_to_detect"] == 600
    assert spent["time_to_acknowledge"] == 120
    assert spent["time_to_first_public_update"] == 180
    assert spent["time_to_first_internal_update"] is None
    assert spent["time_to_resolve"] == 3600
    assert spent["time_to_close"] is None


@pytest.mark.demand("S46", "S79")
def test_time_in_a_severity_ends_when_it_is_resolved() -> None:
    worse = SeverityChanged(at=at(20), to="SEV1", reason="x")
    better = SeverityChanged(at=at(50), to="SEV2", reason="x")
    steps = [StatusChanged(at=at(12), to="fixing"), StatusChanged(at=at(70), to="resolved")]

    open_one = time_in_severity(state(RAISED, worse, better), at(100))
    over = time_in_severity(state(RAISED, worse, better, *steps), at(1000))

    assert open_one == {"SEV2": (10 + 50) * 60, "SEV1": 30 * 60}
    assert over == {"SEV2": (10 + 20) * 60, "SEV1": 30 * 60}


def test_without_a_severity_there_is_no_time_in_one() -> None:
    assert time_in_severity(state(StatusChanged(at=at(0), to="triage")), at(10)) == {}


def test_json_has_times_in_utc() -> None:
    document = {"at": datetime(2026, 11, 23, 13, 0, tzinfo=ZoneInfo("Europe/Berlin")), "text": "äöü"}

    assert json.loads(as_json(document)) == {"at": "2026-11-23T12:00:00Z", "text": "äöü"}


def test_the_short_form_begins_with_the_impact() -> None:
    assert brief(state(RAISED)).started_at == at(0)
