"""Evidence that two people attach at the same time."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.repositories import git
from fixtures.teams import Team

PICTURE = b"\x89PNG\r\n\0\xff picture"


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Team:
    return Team(tmp_path, monkeypatch, capsys)


def test_files_of_one_name_that_two_people_attach_are_both_kept(team: Team) -> None:
    team.raises("ana")
    team.clone("bo")
    for person in ("ana", "bo"):
        (team.root / f"{person}.d").mkdir()
        (team.root / f"{person}.d" / "graph.png").write_bytes(PICTURE + person.encode())
    team.does("ana", "note", "from Ana", "--evidence", f"{team.root}/ana.d/graph.png")
    team.does("bo", "note", "from Bo", "--evidence", f"{team.root}/bo.d/graph.png", "--no-push")

    team.does("bo", "note", "again", "--evidence", f"{team.root}/bo.d/graph.png=once more")

    timeline = team.tells("bo", "show")["timeline"]
    files = {row["text"]: row["entry"]["evidence"][0]["file"] for row in timeline if row["kind"] == "note"}
    folder = next(iter(sorted((team.root / "bo" / "incidents").glob("*/*"))))
    assert (folder / files["from Ana"]).read_bytes() == PICTURE + b"ana"
    assert (folder / files["from Bo"]).read_bytes() == PICTURE + b"bo"
    assert files["again"] == files["from Bo"] != files["from Ana"]
    assert team.say("bo", "check")[0] == 0
    assert git(team.root / "bo", "status", "--porcelain") == ""
