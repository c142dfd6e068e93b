"""What came from a Statuspage comes out of our API with the same ids, names, updates, components and times."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fixtures.statuspages import (
    COMPONENTS,
    PAGE,
    affected,
    incident,
    maintenance,
    plain_config,
    records_of,
    summary,
    update,
)
from sevlog.adapters.importers.base import build, with_components
from sevlog.adapters.importers.source import Source
from sevlog.adapters.importers.statuspage.gather import Gathered
from sevlog.adapters.importers.statuspage.sources import open_source
from sevlog.model.config.settings import Page
from sevlog.model.public.publication import publish
from sevlog.site.api.documents import StatusApi

REAL = Path(os.environ.get("SEVLOG_REAL_DATA", Path(__file__).resolve().parents[5] / "shared/data"))
CLAUDE, CAPTURES = REAL / "claude-statuspage", REAL / "statuspage-captures"
NOT_GIVEN_BACK = {"wants_twitter_update", "twitter_updated_at"}
"""Keys of the page's own undocumented JSON that publish nothing: always false and null with us."""

T = [f"2026-05-02T{hour:02d}:00:00.{hour:03d}Z" for hour in range(24)]
LATE = "2026-05-04T09:00:00.000Z"
MESS = (
    incident(
        "renamed00001",
        "A component was called otherwise then",
        update(
            "rn1",
            "investigating",
            T[1],
            affected_components=affected(
                ("c0mptracking", "operational", "major_outage"), names={"c0mptracking": "Where is it"}
            ),
        ),
        update(
            "rn2",
            "resolved",
            T[2],
            affected_components=affected(
                ("c0mptracking", "major_outage", "operational"), names={"c0mptracking": "Where is it"}
            ),
        ),
        impact="critical",
    ),
    incident(
        "gone00000001",
        "One of its components is gone",
        update(
            "go1",
            "identified",
            T[1],
            affected_components=affected(
                ("c0mptelex000", "operational", "degraded_performance"),
                ("c0mplabels00", "operational", "degraded_performance"),
            ),
        ),
        update(
            "go2",
            "resolved",
            T[3],
            "Over.",
            affected_components=affected(
                ("c0mptelex000", "degraded_performance", "operational"),
                ("c0mplabels00", "degraded_performance", "operational"),
            ),
        ),
    ),
    incident(
        "backdated001",
        "Told afterwards",
        update(
            "bd1",
            "resolved",
            T[4],
            "It was short.\r\nSorry  \n",
            created_at=LATE,
            updated_at=LATE,
            deliver_notifications=False,
            custom_tweet="It was short",
            tweet_id=1785990000000000001,
        ),
        created_at=T[3],
        started_at=LATE,
        updated_at=LATE,
        impact="none",
        components=[],
    ),
    incident(
        "impossible01", "Ended before it began", update("im1", "resolved", T[5]), started_at=T[9], resolved_at=T[5]
    ),
    incident(
        "leftover0001",
        "Resolved with a component still down",
        update(
            "lo1",
            "investigating",
            T[6],
            affected_components=affected(("c0mpbooking0", "operational", "partial_outage")),
        ),
        update("lo2", "resolved", T[7], affected_components=affected(("c0mplabels00", "operational", "operational"))),
        impact="major",
        reminder_intervals="[8]",
    ),
    incident(
        "edited000001",
        "Edited, shown later than written",
        update("ed1", "investigating", T[9], created_at=T[8], updated_at=T[10]),
        update("ed2", "monitoring", T[10]),
        update("ed3", "identified", T[11]),
        update("ed4", "monitoring", T[12]),
        update("ed5", "resolved", T[13]),
        update("ed6", "postmortem", T[14]),
        started_at=T[7],
        resolved_at=T[13],
        updated_at=LATE,
    ),
    incident(
        "overlap00001",
        "Its old state is another incident's",
        update(
            "ov1", "identified", T[9], affected_components=affected(("c0mpbooking0", "partial_outage", "major_outage"))
        ),
        impact="critical",
    ),
    incident("endedlater01", "Ended later than was said", update("el1", "resolved", T[17]), resolved_at=T[18]),
    incident(
        "unlisted0001",
        "Its own list leaves out what its updates name",
        update("ul1", "resolved", T[17], affected_components=affected(("c0mplabels00", "operational", "operational"))),
        components=[],
        impact="none",
    ),
    incident(
        "silent000001",
        "Over without a word on what was down",
        update(
            "si1", "identified", T[15], affected_components=affected(("c0mplabels00", "operational", "partial_outage"))
        ),
        update("si2", "resolved", T[16]),
        impact="major",
    ),
    incident("unfinished01", "Nothing is known", update("un1", "investigating", T[20]), impact="none", components=[]),
)
PLANNED = (
    maintenance(
        "ma1ntenance1",
        "Move to new racks",
        update("ma1", "scheduled", T[1], affected_components=affected(("c0mpbooking0", "operational", "operational"))),
        update(
            "ma2",
            "in_progress",
            T[3],
            affected_components=affected(("c0mpbooking0", "operational", "under_maintenance")),
        ),
        update(
            "ma3", "completed", T[5], affected_components=affected(("c0mpbooking0", "under_maintenance", "operational"))
        ),
        start=T[3],
        end=T[6],
        started_at=T[1],
        resolved_at=T[5],
    ),
    maintenance(
        "ma1ntenance2",
        "More racks",
        update("ma4", "scheduled", T[1]),
        start="2026-06-03T03:00:00.000Z",
        end="2026-06-03T06:00:00.000Z",
        components=[],
    ),
)


def given_back(source: Source) -> tuple[dict[str, Any], StatusApi]:
    """Our API's own document of each incident and maintenance, by id, after a while."""
    config = plain_config()
    batch = build(source, config)
    assert batch.quarantined == ()
    page = batch.page or Page(name="Ours", url="https://status.ours.example")
    config = with_components(replace(config, page=page), batch.components, batch.groups)
    records = records_of(batch)
    last = max(entry.recorded_at or entry.at for record in records for entry in record.entries)
    edited = max(r.card.origin.updated_at or last for r in records if r.card.origin)
    api = StatusApi(publish(records, config, max(last, edited) + timedelta(days=2)))
    found = (*api.site.incidents, *api.site.maintenances)
    return {i.id: json.loads(api.incident(i)[1]) for i in found}, api


def differences(source: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """Each key in which our object is not what the source's was."""
    for key, value in source.items():
        if key == "components":
            ids = [c["id"] for c in ours[key]]
            if sorted(c["id"] for c in value) != sorted(ids):
                yield f"{source['id']}: components {value} -> {ids}"
        elif key == "incident_updates":
            newest_first = sorted(value, key=lambda u: (u["display_at"], u["created_at"]), reverse=True)
            for theirs, mine in zip(newest_first, ours[key], strict=True):
                for name in theirs.keys() - NOT_GIVEN_BACK:
                    if not _same(theirs[name], mine[name]):
                        yield f"{source['id']}: update {theirs['id']}.{name}: {theirs[name]!r} -> {mine[name]!r}"
        elif not _same(value, ours.get(key)):
            yield f"{source['id']}.{key}: {value!r} -> {ours.get(key)!r}"


def _same(theirs: object, ours: object) -> bool:
    """Equal; a time is, when it is the same instant."""
    if isinstance(theirs, str) and isinstance(ours, str) and theirs[4:5] == "-" and theirs != ours:
        try:
            return datetime.fromisoformat(theirs) == datetime.fromisoformat(ours)
        except ValueError:
            return False
    return theirs == ours


def test_a_made_up_page_with_all_the_mess_comes_back_word_for_word() -> None:
    document = summary(*MESS, maintenances=PLANNED)
    gathered = Gathered("made up")
    gathered.add_document(document, "summary.json")

    ours, api = given_back(gathered.source())

    told = [line for row in (*MESS, *PLANNED) for line in differences(row, ours[row["id"]])]
    assert told == []
    components = json.loads(api.documents()["api/v2/components.json"])
    assert sorted(c["id"] for c in components["components"]) == sorted(c["id"] for c in COMPONENTS)
    for row in components["components"]:
        source = next(c for c in COMPONENTS if c["id"] == row["id"])
        assert {k: row.get(k) for k in source if k not in ("status", "updated_at")} == {
            k: v for k, v in source.items() if k not in ("status", "updated_at")
        }
    assert {k: components["page"][k] for k in ("id", "name", "url", "time_zone")} == {
        k: PAGE[k] for k in ("id", "name", "url", "time_zone")
    }


def test_what_is_live_is_unresolved_and_what_is_planned_is_upcoming() -> None:
    gathered = Gathered("made up")
    gathered.add_document(summary(*MESS, maintenances=PLANNED), "summary.json")

    _, api = given_back(gathered.source())

    documents = api.documents()
    unresolved = json.loads(documents["api/v2/incidents/unresolved.json"])["incidents"]
    upcoming = json.loads(documents["api/v2/scheduled-maintenances/upcoming.json"])["scheduled_maintenances"]
    assert sorted(i["id"] for i in unresolved) == ["overlap00001", "unfinished01"]
    assert [m["id"] for m in upcoming] == ["ma1ntenance2"]


@pytest.mark.skipif(not CLAUDE.is_dir(), reason="no real data here")
def test_a_real_page_of_nine_hundred_incidents_comes_back_word_for_word() -> None:
    ours, api = given_back(open_source(str(CLAUDE / "incidents.jsonl")))

    rows = [json.loads(line) for line in (CLAUDE / "incidents.jsonl").read_text("utf-8").splitlines()]
    assert len(ours) == len(rows) == 902
    assert [line for row in rows for line in differences(row, ours[row["id"]])] == []
    given = json.loads((CLAUDE / "components.json").read_text("utf-8"))
    back = json.loads(api.documents()["api/v2/components.json"])
    assert back["page"] == given["page"]
    assert back["components"] == given["components"]


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="no real data here")
@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.json")), ids=lambda path: path.stem)
def test_real_captures_with_live_incidents_come_back_word_for_word(path: Path) -> None:
    captured = json.loads(path.read_text("utf-8"))
    ours, api = given_back(open_source(str(path)))

    rows = [*captured["incidents"], *captured["scheduled_maintenances"]]
    assert [line for row in rows for line in differences(row, ours[row["id"]])] == []
    documents = api.documents()
    back = json.loads(documents["api/v2/summary.json"])
    assert {i["id"] for i in back["incidents"]} == {i["id"] for i in captured["incidents"]}
    assert [(c["id"], c["name"], c["group"]) for c in sorted(back["components"], key=lambda c: c["id"])] == [
        (c["id"], c["name"], c["group"]) for c in sorted(captured["components"], key=lambda c: c["id"])
    ]
    assert back["status"] == captured["status"]
