"""An on-call service in oncall.yaml: added once, what people wrote stays, one commit, and a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures import opsgenie as account
from fixtures.clocks import Clock
from fixtures.repositories import Repository
from sevlog.adapters.importers.oncall.opsgenie import open_opsgenie
from sevlog.errors import UsageError
from sevlog.services.importing.oncall_rows import import_oncall
from sevlog.services.importing.run import ImportResult
from sevlog.services.recording.recorder import Options
from sevlog.services.workspace.workspace import Workspace

WRITTEN = """\
# ours
schema: 1
people:
  - {key: bossa, name: Bo Berg}  # of the night

# behind
incident_manager_schedule: null
"""


def take(records: Repository, source: Path, *, dry_run: bool = False) -> ImportResult:
    workspace = Workspace(records.root, clock=Clock())
    return import_oncall(workspace, open_opsgenie(source, workspace.oncall), Options(dry_run=dry_run))


@pytest.fixture
def source(records: Repository, tmp_path: Path) -> Path:
    (records.root / "oncall.yaml").write_text(WRITTEN, "utf-8")
    records.git("commit", "-qam", "people")
    return account.saved(tmp_path / "export")


def test_new_rows_are_added_in_one_commit_and_comments_stay(records: Repository, source: Path) -> None:
    before = records.git("rev-parse", "HEAD")

    done = take(records, source)

    text = (records.root / "oncall.yaml").read_text("utf-8")
    assert records.git("rev-list", "--count", f"{before}..HEAD") == "1"
    assert records.git("status", "--porcelain") == ""
    assert text.startswith("# ours\nschema: 1\n")
    assert "# of the night" in text
    assert "schedule payments-schedule-2" in done.oncall
    assert (done.imported, done.unchanged) == (len(done.oncall), 1)


def test_a_second_run_adds_nothing_and_reports_nothing_again(records: Repository, source: Path) -> None:
    first = take(records, source)

    again = take(records, source)

    assert (again.imported, again.files, again.report) == (0, 0, None)
    assert again.unchanged == first.imported + 1
    assert again.warnings == ()


def test_a_row_that_somebody_changed_here_stays_and_is_named(records: Repository, source: Path) -> None:
    take(records, source)
    path = records.root / "oncall.yaml"
    path.write_text(path.read_text("utf-8").replace("name: Payments escalation", "name: Ours"), "utf-8")
    records.git("commit", "-qam", "ours")
    path.write_text(path.read_text("utf-8").replace("name: Chi Ito", "name: Chi I."), "utf-8")
    records.git("commit", "-qam", "a nickname")

    again = take(records, source)

    assert "name: Chi I." in path.read_text("utf-8")
    assert again.warnings == ("escalation payments-escalation differs from the source, and stays as it is here",)


def test_the_report_has_what_was_left_out_and_no_mail_address(records: Repository, source: Path) -> None:
    done = take(records, source)

    assert done.report
    page = (records.root / done.report).read_text("utf-8")
    kept = (records.root / done.report).with_suffix(".json").read_text("utf-8")
    assert "With a pause" in page
    assert "contact methods" in page
    assert '"r-none"' in kept
    assert "@example" not in page + kept


def test_a_dry_run_writes_nothing(records: Repository, source: Path) -> None:
    done = take(records, source, dry_run=True)

    assert done.imported > 5
    assert (records.root / "oncall.yaml").read_text("utf-8") == WRITTEN


def test_a_source_of_which_nothing_can_be_used_is_refused(records: Repository, source: Path) -> None:
    for path in sorted(source.iterdir()):
        path.unlink()
    (source / "schedules.json").write_text('{"data": [{"name": "Old", "enabled": false, "rotations": []}]}', "utf-8")

    with pytest.raises(UsageError, match="nothing to import: the schedule is disabled"):
        take(records, source)
