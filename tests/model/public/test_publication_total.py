"""Publication is total: whatever well-formed entries there are, the view holds together and documents are valid."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import get_args

import jsonschema
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.publishing import CARD, PAGE, config
from sevlog.model.public.publication import publish
from sevlog.model.public.site import PublicSite
from sevlog.model.public.uptime import days
from sevlog.model.timeline.entries import AnyEntry, entry_id
from sevlog.model.timeline.entry_parts import Entry
from sevlog.model.timeline.incident import IncidentCard, Record
from sevlog.model.vocabulary import IMPACTS, Phase
from sevlog.site.api.documents import StatusApi
from sevlog.site.api.feeds import Feeds

SCHEMA = json.loads((Path(__file__).parents[2] / "contract/statuspage-v2.schema.json").read_text("utf-8"))
VALID = jsonschema.Draft202012Validator({**SCHEMA, "$ref": "#/$defs/full_record"})
CONFIG = config(PAGE)
START = datetime(2026, 5, 2, tzinfo=UTC)
STATUSES = (
    "triage",
    "raised",
    "fixing",
    "monitoring",
    "resolved",
    "closed",
    "declined",
    "merged",
    "scheduled",
    "in_progress",
    "verifying",
    "completed",
    "cancelled",
)
PARTS = st.dictionaries(
    st.sampled_from(("website", "booking", "vault", "telex", "unknown", "gone")), st.sampled_from(IMPACTS), min_size=1
)
TIMES = st.integers(0, 12).map(lambda n: (START + timedelta(minutes=10 * n)).isoformat())
NAMES = st.sampled_from(("e1", "e2", "e3", "e4"))


def kind(name: str, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    common = {"kind": st.just(name), "at": TIMES}
    optional = {"by": st.just("ann"), "recorded_at": TIMES, "id": NAMES}
    return st.fixed_dictionaries({**common, **fields}, optional=optional)


ENTRIES = st.one_of(
    kind("raised", severity=st.sampled_from(("SEV1", "SEV3")), priority=st.just("P1"), components=PARTS),
    kind("status", to=st.sampled_from(STATUSES)),
    kind("status", to=st.sampled_from(STATUSES)),
    kind("update", audience=st.just("public"), text=st.just("x"), phase=st.sampled_from(get_args(Phase))),
    kind(
        "update",
        audience=st.just("public"),
        text=st.just("x"),
        phase=st.sampled_from(get_args(Phase)),
        components=PARTS,
        next_update_at=TIMES,
    ),
    kind("impact", components=PARTS),
    kind("impact", components=PARTS, ended_at=TIMES),
    kind("assessment", started_at=TIMES),
    kind("correction", of=NAMES, set=st.just({"text": "y"})),
    kind("retraction", of=NAMES, reason=st.just("z")),
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    rows = draw(st.lists(ENTRIES, min_size=1, max_size=12))
    entries: list[Entry] = [msgspec.convert(row, AnyEntry) for row in rows]
    entries.sort(key=lambda entry: (entry.at, entry_id(entry)))
    card = {
        **CARD,
        "kind": draw(st.sampled_from(("incident", "maintenance", "retrospective"))),
        "origin": draw(st.none() | st.just({"system": "statuspage", "id": "abc"})),
    }
    return Record(id=draw(st.sampled_from("abcd")), card=msgspec.convert(card, IncidentCard), entries=tuple(entries))


HISTORIES = st.lists(records(), min_size=1, max_size=3, unique_by=lambda record: record.id)


@given(HISTORIES, st.integers(0, 13))
@settings(max_examples=100, deadline=None)
def test_any_timeline_gives_a_view_that_holds_together(found: list[Record], later: int) -> None:
    as_of = START + timedelta(minutes=10 * later)
    site = publish(found, CONFIG, as_of)
    assert msgspec.convert(msgspec.to_builtins(site), PublicSite) == site
    api = StatusApi(site)
    shown = (*site.incidents, *site.maintenances)
    assert len({incident.id for incident in shown}) == len(shown)
    for incident in shown:
        told = [update.at for update in incident.updates]
        assert told == sorted(told, reverse=True) and told[0] <= as_of
        assert incident.open == (incident.resolved_at is None) == (incident.ended_at is None)
        assert incident.next_update_at is None or incident.open
        VALID.validate(json.loads(api.incident(incident)[1]))
    for component in site.components:
        for incident_id in {change.incident for change in component.changes}:
            line = [change for change in component.changes if change.incident == incident_id]
            assert line[0].impact != "operational"
            for before, after in pairwise(line):
                assert before.at < after.at and before.impact != after.impact
            assert incident_id in {incident.id for incident in shown if component.id in incident.components}
        assert all(day.uptime is None or 0 <= day.uptime <= 1 for day in days(component, as_of, count=3))
    assert dict(Feeds(site, str).documents())


@given(HISTORIES, st.randoms())
@settings(max_examples=30, deadline=None)
def test_the_order_of_records_changes_nothing(found: list[Record], chance: Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    as_of = START + timedelta(hours=3)
    assert publish(found, CONFIG, as_of) == publish(shuffled, CONFIG, as_of)
