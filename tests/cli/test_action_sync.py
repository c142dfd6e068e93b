"""sevlog action sync: commits of any named repository move action items, and reverts move them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fixtures.repositories import Repository, git

pytestmark = pytest.mark.demand("S86")


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A repository of code beside the records."""
    folder = tmp_path / "code"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for key, value in (("user.name", "Bo"), ("user.email", "bo@cart.example")):
        git(folder, "config", key, value)
    git(folder, "commit", "-q", "--allow-empty", "-m", "start")
    return folder


@pytest.fixture
def followed(records: Repository, code: Path) -> str:
    """An accepted item A1, and the repository of code in sevlog.yaml; the incident."""
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8") + "follow_up: {repositories: [{url: ../code}]}\n", "utf-8")
    records.git("commit", "-qam", "follow the code")
    incident = records.resolved()
    records.does("action", "add", "Alert on refused cards", "--owner", "ana", "--accept")
    return incident


def commit(folder: Path, incident: str, item: str = "A1", text: str = "Alert") -> str:
    (folder / text).write_text(text, "utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", f"{text}\n\nIncident-Action: {incident}/{item}")
    return git(folder, "rev-parse", "HEAD")


def item(records: Repository) -> dict[str, Any]:
    rows: list[dict[str, Any]] = records.tells("action", "list", "--all")["actions"]
    return rows[0]


def synced(records: Repository) -> list[tuple[str, str]]:
    rows = records.tells("action", "sync")["items"]
    return [(row["id"], row["did"]) for row in rows]


def test_a_commit_does_an_item_once(records: Repository, code: Path, followed: str) -> None:
    sha = commit(code, followed)

    assert synced(records) == [("A1", "done")]
    assert (item(records)["status"], item(records)["done_by"]) == ("done", [f"../code@{sha}"])
    assert f"A1 done by ../code@{sha}" in records.does("timeline", "-i", followed)
    assert synced(records) == []
    records.does("action", "reopen", "-i", followed, "A1", "--reason", "the alert never fired")
    assert synced(records) == []
    commit(code, followed, text="Alert again")
    assert synced(records) == [("A1", "done")]


def test_its_revert_reopens_it_and_the_revert_of_that_does_it_again(
    records: Repository, code: Path, followed: str
) -> None:
    commit(code, followed)
    synced(records)
    records.does("action", "verify", "-i", followed, "A1")
    git(code, "revert", "--no-edit", "HEAD")

    assert synced(records) == [("A1", "reopened")]
    assert item(records)["status"] == "accepted"
    assert "was reverted by" in records.does("timeline", "-i", followed)
    assert synced(records) == []
    git(code, "revert", "--no-edit", "HEAD")
    assert synced(records) == [("A1", "done")]
    git(code, "revert", "--no-edit", "HEAD")
    assert synced(records) == [("A1", "reopened")]


def test_a_merge_that_is_reverted_takes_its_commits_with_it(records: Repository, code: Path, followed: str) -> None:
    git(code, "switch", "-q", "-c", "alert")
    commit(code, followed)
    git(code, "switch", "-q", "main")
    git(code, "merge", "-q", "--no-ff", "-m", "Merge branch 'alert'", "alert")
    assert synced(records) == [("A1", "done")]

    git(code, "revert", "--no-edit", "-m", "1", "HEAD")
    assert synced(records) == [("A1", "reopened")]


def test_the_records_count_too_and_a_remote_is_fetched_without_its_files(
    records: Repository, code: Path, followed: str, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--bare", "code", "hub.git")
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8").replace("../code", f"file://{tmp_path}/hub.git"), "utf-8")
    records.git("commit", "-qam", "from the hub")
    sha = commit(code, followed)
    git(code, "push", "-q", str(tmp_path / "hub.git"), "main")

    assert synced(records) == [("A1", "done")]
    assert item(records)["done_by"] == [f"file://{tmp_path}/hub.git@{sha}"]
    records.does("action", "reopen", "-i", followed, "A1", "--reason", "no")
    records.git("commit", "-q", "--allow-empty", "-m", f"Alert here\n\nIncident-Action: {followed}/A1")
    assert synced(records) == [("A1", "done")]


def test_what_cannot_be_read_or_names_nothing_is_a_warning(records: Repository, code: Path, followed: str) -> None:
    path = records.root / "sevlog.yaml"
    text = path.read_text("utf-8").replace(
        "{url: ../code}", "{url: ../nowhere}, {url: ../code}, {url: ../code, branch: old}"
    )
    path.write_text(text, "utf-8")
    records.git("commit", "-qam", "more")
    commit(code, followed, "A9")
    git(code, "commit", "-q", "--allow-empty", "-m", "x\n\nIncident-Action: A1")
    commit(code, "2026-01-01-no-such-thing", text="other")

    document = records.tells("action", "sync")
    said = " ".join(document["warnings"])
    assert "../nowhere cannot be read" in said
    assert f"names {followed}/A9, which does not exist" in said
    assert "`Incident-Action: A1` names no item" in said
    assert "2026-01-01-no-such-thing/A1, which does not exist" in said
    assert document["items"] == []


def test_an_idea_that_nobody_accepted_is_not_done(records: Repository, code: Path, followed: str) -> None:
    records.does("action", "add", "-i", followed, "Tidy up")
    commit(code, followed, "A2")

    document = records.tells("action", "sync")
    assert document["items"] == []
    assert "is an idea that nobody accepted" in document["warnings"][0]


def test_a_dry_run_changes_nothing(records: Repository, code: Path, followed: str) -> None:
    commit(code, followed)

    said = records.does("action", "sync", "--dry-run")
    assert f"{followed}/A1 done" in said
    assert item(records)["status"] == "accepted"


def test_another_evidence_keeps_it_done(records: Repository, code: Path, followed: str) -> None:
    records.does("action", "done", "-i", followed, "A1", "--by", "https://git.example/pull/7")
    commit(code, followed)
    git(code, "revert", "--no-edit", "HEAD")

    assert synced(records) == []
    assert item(records)["status"] == "done"
