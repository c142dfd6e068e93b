"""Records imported from a Statuspage keep ids, texts, components and times in our documents."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import msgspec
import pytest

from fixtures.filled import filled
from sevlog.adapters.importers.base import build
from sevlog.adapters.importers.statuspage.sources import open_source
from sevlog.model.config.settings import Config
from sevlog.model.public.publication import publish
from sevlog.model.timeline.entries import entry_id
from sevlog.model.timeline.incident import Record
from sevlog.site.api.documents import StatusApi
from sevlog.stores.records.settings import with_defaults

REAL = Path(os.environ.get("SEVLOG_REAL_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
CAPTURES = sorted((REAL / "statuspage-captures").glob("*.json"))
ARCHIVE = REAL / "claude-statuspage"
REFERENCE = REAL.parent / "reference" / "statuspage-v2.schema.json"


def imported(where: Path, components: Path | None = None, as_of: datetime | None = None) -> StatusApi:
    """Our documents for what a Statuspage served, as of its own last change."""
    empty = {"schema": 1, "page": {"name": "x", "url": "https://x.example"}}
    config = msgspec.convert(with_defaults(empty), Config)
    batch = build(open_source(str(where), components), config)
    assert batch.page is not None and batch.page.origin is not None and batch.page.origin.updated_at is not None
    config = msgspec.structs.replace(config, page=batch.page, components=batch.components, groups=batch.groups)
    records = [
        Record(id=f"2026-01-01-r{n}", card=r.card, entries=tuple(sorted(r.entries, key=lambda e: (e.at, entry_id(e)))))
        for n, r in enumerate(batch.records)
    ]
    return StatusApi(publish(records, config, as_of or batch.page.origin.updated_at))


def differences(theirs: Any, ours: Any, path: str = "") -> list[str]:
    """Where two documents differ. Lists of things with ids are compared by id; `position` counts again without gaps."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        keys = [key for key in ours.keys() | theirs.keys() if key != "position"]
        newer = {"reminder_intervals", "wants_twitter_update", "twitter_updated_at"} - theirs.keys()
        return [
            d
            for key in keys
            if key not in newer
            for d in differences(theirs.get(key, "absent"), ours.get(key, "absent"), f"{path}.{key}")
        ]
    if isinstance(theirs, list) and isinstance(ours, list) and all(isinstance(r, dict) for r in theirs):
        if theirs and "id" in theirs[0]:
            left, right = {row["id"]: row for row in theirs}, {row["id"]: row for row in ours}
            return differences(left, right, path)
        pairs = zip(theirs, ours, strict=False)
        return [f"{path}: {len(theirs)} and {len(ours)}"] * (len(theirs) != len(ours)) + [
            d for n, (a, b) in enumerate(pairs) for d in differences(a, b, f"{path}[{n}]")
        ]
    return [] if theirs == ours else [f"{path}: {str(theirs)[:80]} and {str(ours)[:80]}"]


def made_up() -> dict[str, Any]:
    """A page with a group, an incident told late and edited, one that names no component, and a maintenance."""
    base, zone = datetime.fromisoformat("2026-03-27T09:00:00.120-04:00"), ZoneInfo("America/New_York")

    def at(minutes: float) -> str:
        return (base + timedelta(minutes=minutes)).astimezone(zone).isoformat(timespec="milliseconds")

    def component(code: str, name: str, position: int, **more: Any) -> dict[str, Any]:
        return {
            "id": code,
            "name": name,
            "status": "operational",
            "created_at": at(-90000),
            "updated_at": at(95),
            "position": position,
            "description": None,
            "showcase": True,
            "start_date": "2025-11-02",
            "group_id": None,
            "page_id": "pg0hw7k2m4qx",
            "group": False,
            "only_show_if_degraded": False,
            **more,
        }

    def told(code: str, of: str, status: str, shown: float, stored: float, rows: Any) -> dict[str, Any]:
        return {
            "id": code,
            "status": status,
            "body": f'Text of {code}, with <b> & "quotes".\n\nTwo parts.',
            "incident_id": of,
            "created_at": at(stored),
            "updated_at": at(stored + 1),
            "display_at": at(shown),
            "affected_components": rows,
            "deliver_notifications": code != "upd2aaaaaaaa",
            "custom_tweet": "In short" if code == "upd1aaaaaaaa" else None,
            "tweet_id": None,
        }

    def row(old: str, new: str) -> dict[str, str]:
        return {"code": "cmp2aaaaaaaa", "name": "Shops - Till", "old_status": old, "new_status": new}

    parts = [
        component("cmp1aaaaaaaa", "Ferry times", 1),
        component("cmp2aaaaaaaa", "Till", 1, group_id="grp1aaaaaaaa"),
        component("grp1aaaaaaaa", "Shops", 2, group=True, showcase=False, start_date=None, components=["cmp2aaaaaaaa"]),
    ]
    shared = {"page_id": "pg0hw7k2m4qx", "shortlink": "https://stspg.io/abc", "components": [parts[1]]}
    incidents = [
        {
            "id": "inc1aaaaaaaa",
            "name": 'Tills "stop"',
            "status": "resolved",
            "created_at": at(5),
            "updated_at": at(96),
            "monitoring_at": None,
            "resolved_at": at(90),
            "impact": "minor",
            "started_at": at(-30),
            **shared,
            "reminder_intervals": "[8]",
            "incident_updates": [
                told("upd2aaaaaaaa", "inc1aaaaaaaa", "resolved", 90, 95, [row("major_outage", "operational")]),
                told("upd1aaaaaaaa", "inc1aaaaaaaa", "investigating", 0, 5, [row("operational", "major_outage")]),
            ],
        },
        {
            "id": "inc2aaaaaaaa",
            "name": "A word to all",
            "status": "resolved",
            "created_at": at(60),
            "updated_at": at(61),
            "monitoring_at": None,
            "resolved_at": at(60),
            "impact": "none",
            "started_at": at(60),
            **shared,
            "components": [],
            "reminder_intervals": None,
            "incident_updates": [told("upd3aaaaaaaa", "inc2aaaaaaaa", "resolved", 60, 60, None)],
        },
    ]
    works = [
        {
            "id": "mnt1aaaaaaaa",
            "name": "New tills",
            "status": "scheduled",
            "created_at": at(20),
            "updated_at": at(21),
            "monitoring_at": None,
            "resolved_at": None,
            "impact": "maintenance",
            "started_at": at(20),
            **shared,
            "incident_updates": [
                told("upd4aaaaaaaa", "mnt1aaaaaaaa", "scheduled", 20, 20, [row("operational", "operational")])
            ],
            "scheduled_for": at(9000),
            "scheduled_until": at(9060),
        }
    ]
    return {
        "page": {
            "id": "pg0hw7k2m4qx",
            "name": "Island Ferries",
            "url": "https://status.ferries.example",
            "time_zone": "America/New_York",
            "updated_at": at(100),
        },
        "components": parts,
        "incidents": incidents,
        "scheduled_maintenances": works,
        "status": {"indicator": "none", "description": "All Systems Operational"},
    }


def test_a_made_up_page_comes_out_as_it_went_in(tmp_path: Path) -> None:
    page = made_up()
    (tmp_path / "page.json").write_text(json.dumps(page), "utf-8")
    api = imported(tmp_path / "page.json")
    documents = {path.removeprefix("api/v2/"): json.loads(body) for path, body in api.documents().items()}
    assert documents["incidents.json"]["incidents"][0]["name"] == "A word to all"
    ours = {
        **documents["summary.json"],
        "incidents": documents["incidents.json"]["incidents"],
        "scheduled_maintenances": documents["scheduled-maintenances.json"]["scheduled_maintenances"],
    }
    assert differences(page, ours) == []
    assert documents["summary.json"]["incidents"] == []


@pytest.mark.skipif(not CAPTURES, reason="the real captures are not here")
def test_every_captured_page_comes_out_as_it_went_in() -> None:
    for path in CAPTURES:
        page = json.loads(path.read_text("utf-8"))
        ours = json.loads(imported(path).documents()["api/v2/summary.json"])
        assert differences(page, ours) == [], path.name


@pytest.mark.skipif(not ARCHIVE.exists(), reason="the real archive is not here")
def test_every_incident_of_a_real_archive_comes_out_as_it_went_in() -> None:
    """Its components' own state is left out: the archive has it as of many different days."""
    api = imported(ARCHIVE / "incidents.jsonl", ARCHIVE / "components.json")
    ours = {one.id: json.loads(api.incident(one)[1]) for one in (*api.site.incidents, *api.site.maintenances)}
    lines = (ARCHIVE / "incidents.jsonl").read_text("utf-8").splitlines()
    assert len(ours) == len(lines) > 900
    for theirs in map(json.loads, lines):
        found = ours[theirs["id"]]
        assert {c["id"] for c in found.pop("components")} == {c["id"] for c in theirs.pop("components")}
        assert [u["id"] for u in found["incident_updates"]] == [u["id"] for u in theirs["incident_updates"]][::-1]
        for key in ("scheduled_for", "scheduled_until"):
            found.pop(key, None)
        assert differences(theirs, found) == [], theirs["id"]
    assert (
        differences(
            json.loads((ARCHIVE / "components.json").read_text("utf-8")),
            json.loads(api.documents()["api/v2/components.json"]),
        )
        == []
    )


@pytest.mark.skipif(not (ARCHIVE.exists() and REFERENCE.exists()), reason="the real archive is not here")
def test_the_documents_of_a_real_archive_are_valid_against_the_schema_of_the_real_ones() -> None:
    reference = json.loads(REFERENCE.read_text("utf-8"))
    api = imported(ARCHIVE / "incidents.jsonl", ARCHIVE / "components.json")
    for path, body in filled(api.documents().items()):
        name = Path(path.removeprefix("api/v2/")).parts[0].removesuffix(".json") + ".json"
        jsonschema.validate(json.loads(body), {**reference, "$ref": f"#/$defs/{name}"})
