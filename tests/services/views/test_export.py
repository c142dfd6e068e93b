"""`sevlog export`: everything that is recorded, as JSON, a table or a calendar."""

from __future__ import annotations

import csv
import io
import json

import pytest

from fixtures.clocks import Clock
from fixtures.repositories import Repository
from sevlog.services.views.export import gathered, rendered
from sevlog.services.views.incidents import Filter
from sevlog.services.workspace.workspace import Workspace


@pytest.fixture
def workspace(records: Repository) -> Workspace:
    records.fixing()
    records.does("note", "Only for us")
    return Workspace(records.root, clock=Clock())


def test_json_has_each_incident_whole_with_its_timeline(workspace: Workspace) -> None:
    made = json.loads(rendered(workspace, "json", gathered(workspace, Filter())))

    (incident,) = made["incidents"]
    assert incident["milestones"]["acknowledged_at"]
    assert "Only for us" in [row["text"] for row in incident["timeline"]]


def test_the_table_has_one_row_an_incident_and_no_cell_that_a_spreadsheet_would_run(workspace: Workspace) -> None:
    found = gathered(workspace, Filter())
    found.incidents[0].title = '=HYPERLINK("http://x")'
    found.incidents[0].summary = "a, b\nc"

    (row,) = csv.DictReader(io.StringIO(rendered(workspace, "csv", found)))

    assert row["title"] == '\'=HYPERLINK("http://x")'
    assert row["summary"] == "a, b\nc"
    assert row["acknowledged_at"].endswith("Z")
    assert float(row["time_to_acknowledge_seconds"]) >= 0


def test_an_incident_that_is_open_ends_now_in_the_calendar(workspace: Workspace) -> None:
    found = gathered(workspace, Filter())
    text = rendered(workspace, "ics", found)

    assert text.count("BEGIN:VEVENT") == 1
    assert f"DTEND:{found.exported_at:%Y%m%dT%H%M%SZ}" in text
    assert f"UID:{found.incidents[0].id}@sevlog"[:60] in text


def test_a_filter_leaves_out_the_rest(workspace: Workspace) -> None:
    assert gathered(workspace, Filter(kind=("maintenance",))).incidents == []
