"""The command `sevlog import`: a summary line, a JSON document, clear errors."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from fixtures.alert_payloads import NEW_SOURCES
from fixtures.commands import SEVLOG, run
from fixtures.importing import LIVE, OVER, PLANNED
from fixtures.repositories import Repository
from fixtures.statuspages import summary, write_json, write_lines

ODD = {**OVER, "impact": "odd"}
BAD = {"id": "inc1dent0099", "name": "Nothing said"}


@pytest.fixture
def repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    run(["init", str(tmp_path / "records"), "--forge", "none"])
    capsys.readouterr()
    return str(tmp_path / "records")


@pytest.fixture
def source(tmp_path: Path) -> str:
    return str(write_json(tmp_path / "summary.json", summary(ODD, LIVE, BAD, maintenances=(PLANNED,))))


@pytest.mark.parametrize("until", ["2026-05-02T08:00:00Z", "soon", None])
def test_a_window_that_ends_before_it_starts_passes_check(
    repository: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], until: str | None
) -> None:
    planned = {**PLANNED, "scheduled_until": until}
    path = write_json(tmp_path / "summary.json", summary(maintenances=(planned,)))

    assert run(["import", "statuspage", str(path), "--repo", repository]) == 0
    assert run(["check", "--repo", repository]) == 0, capsys.readouterr().out


def test_people_read_counts_repairs_and_what_is_in_quarantine(
    repository: str, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "statuspage", source, "--repo", repository]) == 0

    said = capsys.readouterr()
    assert said.out.startswith("3 imported, 0 updated, 0 unchanged, 1 repaired, 1 in quarantine  (commit ")
    assert "  repaired  2026-05-02-labels-are-late: its impact `odd` is unknown" in said.out
    assert "  quarantine  inc1dent0099: it has no updates" in said.out
    assert "hint: full report, with the rows in quarantine: imports/" in said.err


def test_a_second_run_says_that_there_is_nothing_to_write(
    repository: str, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["import", "statuspage", source, "--repo", repository])
    capsys.readouterr()

    assert run(["import", "statuspage", source, "--repo", repository]) == 0
    assert (
        "0 imported, 0 updated, 3 unchanged, 0 repaired, 1 in quarantine  (nothing to write)" in capsys.readouterr().out
    )


def test_programs_get_one_document(repository: str, source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "statuspage", source, "--repo", repository, "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["imported"], document["updated"], document["unchanged"]) == ("1", 3, 0, 0)
    assert [set(row) for row in document["repaired"]] == [{"id", "what", "incident"}]
    assert document["repaired"][0]["id"] == "over00000001"
    assert document["quarantined"] == [{"id": "inc1dent0099", "reason": "it has no updates"}]
    assert {row["change"] for row in document["incidents"]} == {"new"}


def test_a_dry_run_writes_nothing(repository: str, source: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(Path(repository).rglob("*"))

    assert run(["import", "statuspage", source, "--repo", repository, "--dry-run"]) == 0

    assert "(nothing was written)" in capsys.readouterr().out
    assert sorted(Path(repository).rglob("*")) == before


def test_what_was_mended_is_seen_in_the_incident(
    repository: str, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["import", "statuspage", source, "--repo", repository])
    capsys.readouterr()

    run(["show", "labels", "--repo", repository])

    assert "Import repair: its impact `odd` is unknown: taken as `critical`" in capsys.readouterr().out


def test_a_cstate_site_is_imported_too(repository: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    issues = tmp_path / "site/content/issues"
    issues.mkdir(parents=True)
    (tmp_path / "site/config.yml").write_text("title: Harbour\nparams: {systems: [{name: Ferry}]}\n", "utf-8")
    (issues / "late.md").write_text(
        "---\ntitle: Late\ndate: 2026-05-02T10:00:00Z\nseverity: down\naffected: [Ferry]\n---\nIt is late.\n", "utf-8"
    )

    assert run(["import", "cstate", str(tmp_path / "site"), "--repo", repository]) == 0

    assert capsys.readouterr().out.startswith("1 imported, 0 updated, 0 unchanged, 0 repaired, 0 in quarantine")


def test_a_password_in_the_address_of_a_site_stays_behind(
    repository: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issues = tmp_path / "site/content/issues"
    issues.mkdir(parents=True)
    (tmp_path / "site/config.yml").write_text("baseURL: https://ana:hunter22@status.harbour.example/\n", "utf-8")
    (issues / "late.md").write_text("---\ntitle: Late\ndate: 2026-05-02T10:00:00Z\n---\nIt is late.\n", "utf-8")

    assert run(["import", "cstate", str(tmp_path / "site"), "--repo", repository]) == 0
    written = "".join(path.read_text("utf-8") for path in sorted(Path(repository).rglob("*.yaml")))

    assert "https://status.harbour.example/" in written
    assert "hunter22" not in written
    capsys.readouterr()
    assert run(["check", "--repo", repository]) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["statuspage", "nowhere"], 4, "nowhere does not exist"),
        (["cstate", "nowhere"], 4, "folder nowhere does not exist"),
        (["statuspage"], 2, "Missing argument 'SOURCE'"),
        (["statuspage", "http://127.0.0.1:9"], 4, "cannot be reached"),
    ],
)
def test_a_source_that_is_none_is_refused(
    repository: str, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", *arguments, "--repo", repository]) == code
    assert said in capsys.readouterr().err


def test_progress_shows_on_a_terminal_only_and_never_on_standard_output(repository: str, tmp_path: Path) -> None:
    rows = [{**OVER, "id": f"over{n:08}"} for n in range(30)]
    path = write_lines(tmp_path / "incidents.jsonl", rows)
    command = [*SEVLOG, "import", "statuspage", str(path), "--repo", repository, "--json"]
    terminal, other_end = pty.openpty()

    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=other_end, check=True)
    os.close(other_end)
    shown = os.read(terminal, 65536).decode()

    assert json.loads(done.stdout)["imported"] == 30
    assert "importing" in shown
    assert "30/30" in shown
    again = subprocess.run(command, capture_output=True, check=True)
    assert again.stderr == b""


ALERTS = {
    "alertmanager": {"status": "firing", "receiver": "x", "alerts": [{"labels": {"alertname": "Down"}}]},
    "grafana": {"orgId": 1, "status": "firing", "alerts": [{"labels": {"alertname": "Down"}}]},
    "pagerduty": {"event": {"event_type": "incident.triggered", "data": {}}},
    "opsgenie": {"action": "Create", "alert": {"alertId": "a1", "message": "Down"}},
    "sentry": {"action": "created", "data": {"issue": {"id": "1", "title": "Down"}}},
    "datadog": {"aggregation_key": "k", "title": "Down"},
    "cloudevents": {"specversion": "1.0", "type": "x.firing", "source": "/x", "id": "1"},
    **{source: payload for source, payload, _, _ in NEW_SOURCES.values()},
    "github-issue": {"action": "opened", "issue": {"html_url": "https://forge.example/1"}},
}


@pytest.mark.parametrize("kind", ALERTS)
@pytest.mark.parametrize("option", [(), ("--no-commit",), ("--dry-run",)])
def test_an_alert_is_not_a_history_and_goes_to_intake(
    records: Repository, tmp_path: Path, kind: str, option: tuple[str, ...]
) -> None:
    path = write_json(tmp_path / "alert.json", ALERTS[kind])

    said = records.refuses(2, "import", "statuspage", str(path), *option)

    assert f"error: {path} contains nothing to import" in said
    assert f"hint: it looks like an alert of {kind}: sevlog intake {kind} {path}" in said


def test_a_source_of_which_no_row_can_be_used_is_refused_with_the_first_reason(
    records: Repository, tmp_path: Path
) -> None:
    path = write_json(tmp_path / "summary.json", {"incidents": [BAD, {"id": "inc1dent0098", "name": "Nor here"}]})

    said = records.refuses(2, "import", "statuspage", str(path))

    assert "contains nothing to import: it has no updates" in said
    assert "(and 1 more rows)" in said
    failed = records.fails(2, "import", "statuspage", str(path))
    assert [row["id"] for row in failed["details"]["quarantined"]] == ["inc1dent0099", "inc1dent0098"]


def test_a_cstate_site_without_anything_to_import_and_a_file_are_refused(records: Repository, tmp_path: Path) -> None:
    issues = tmp_path / "site/content/issues"
    issues.mkdir(parents=True)
    (tmp_path / "site/config.yml").write_text("title: Ours\n", "utf-8")
    assert "contains nothing to import" in records.refuses(2, "import", "cstate", str(tmp_path / "site"))
    (issues / "a.md").write_text("---\nfoo\n---\n", "utf-8")

    assert "its front matter is not a mapping" in records.refuses(2, "import", "cstate", str(tmp_path / "site"))
    path = write_json(tmp_path / "alert.json", ALERTS["sentry"])
    assert "is a file, but a cState site is a folder" in records.refuses(2, "import", "cstate", str(path))


def test_on_another_branch_than_the_configured_one_nothing_is_imported(records: Repository, source: str) -> None:
    records.git("switch", "-qc", "other")

    assert "branch `other` is checked out" in records.refuses(5, "import", "statuspage", source)
    assert records.does("import", "statuspage", source, "--any-branch").startswith("3 imported")
