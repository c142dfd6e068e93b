"""Several people, one remote: nothing is lost, and what is no longer possible is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sevlog.cli.main import run

CONFIG = "schema: 1\npage: {name: D, url: https://status.example}\ncomponents: [{key: web, name: Web}]\n"


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Team:
    """A bare remote and a clone of it for each person."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys = root, capsys
        for key in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{key}_NAME", "Test")
            monkeypatch.setenv(f"GIT_{key}_EMAIL", "test@example.org")
        git(root, "init", "-q", "--bare", "-b", "main", "hub.git")
        first = self.clone("ana")
        (first / "sevlog.yaml").write_text(CONFIG)
        git(first, "checkout", "-q", "-B", "main")
        git(first, "add", "-A")
        git(first, "commit", "-qm", "start")
        git(first, "push", "-q", "origin", "main")
        self.say("ana", "raise", "Web is slow", "--severity", "SEV3", "--component", "web", "--summary", "p95 is 4 s")
        self.clone("bo")

    def clone(self, person: str) -> Path:
        git(self.root, "clone", "-q", "hub.git", person)
        return self.root / person

    def say(self, person: str, *words: str) -> tuple[int, str]:
        """The exit code, and all that was printed."""
        code = run(["--repo", str(self.root / person), *words, "--as", person])
        out, err = self.capsys.readouterr()
        return code, out + err

    def at_remote(self) -> set[str]:
        return set(git(self.root / "hub.git", "ls-tree", "-r", "--name-only", "main").splitlines())


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Team:
    return Team(tmp_path, monkeypatch, capsys)


def test_who_was_slower_ends_up_on_top_and_both_entries_are_there(team: Team) -> None:
    (team.root / "bo" / "sevlog.yaml").write_text(CONFIG + "# bo is editing this\n")
    assert team.say("ana", "note", "from ana")[0] == 0
    code, said = team.say("bo", "note", "from bo")
    assert code == 0 and "pushed" in said
    assert len([p for p in team.at_remote() if p.endswith("-note.yaml")]) == 2
    assert git(team.root / "bo", "status", "--porcelain") == "M sevlog.yaml", "bo's own edit is kept, uncommitted"
    assert git(team.root / "bo", "rev-parse", "HEAD") == git(team.root / "hub.git", "rev-parse", "main")
    git(team.root / "bo", "fsck", "--strict")


def test_an_act_that_others_made_illegal_is_dropped_and_its_author_learns_why(team: Team) -> None:
    team.say("ana", "decline", "--reason", "a false alarm")
    code, said = team.say("bo", "ack", "--channel", "chat=https://chat.example/1")
    assert code == 3
    assert "others were faster" in said and "ana: status declined" in said
    assert git(team.root / "bo", "rev-parse", "HEAD") == git(team.root / "hub.git", "rev-parse", "main")
    assert git(team.root / "bo", "status", "--porcelain") == ""
    assert not any("channel" in path for path in team.at_remote())


def test_two_who_raise_the_same_thing_keep_both_records(team: Team) -> None:
    words = ("raise", "Web is gone", "--severity", "SEV1", "--component", "web", "--summary", "nothing answers")
    team.say("ana", *words)
    code, said = team.say("bo", *words)
    assert code == 0 and "web-is-gone-2" in said and "sevlog merge" in said and "sevlog join" in said
    cards = [path for path in team.at_remote() if path.endswith("incident.yaml")]
    assert len(cards) == 3
    assert team.say("bo", "note", "-i", "gone-2", "still here")[0] == 0


def test_entries_of_one_name_are_told_apart(team: Team) -> None:
    path = "incidents/{0}/{1}/timeline/20261123T100000Z-note.yaml"
    for person in ("ana", "bo"):
        root = team.root / person
        incident = next((root / "incidents").glob("*/*"))
        place = root / path.format(incident.parent.name, incident.name)
        place.write_text(f"kind: note\nat: 2026-11-23T10:00:00Z\nby: {person}\ntext: by {person}\n")
        git(root, "add", "-A")
        git(root, "commit", "-qm", f"note\n\nIncident: {incident.name}\nEntry: 20261123T100000Z-note")
        code, _ = team.say(person, "sync")
        assert code == 0
    notes = [p for p in team.at_remote() if "20261123T100000Z-note" in p]
    assert len(notes) == 2
    assert team.say("bo", "check")[0] == 0


def test_without_a_remote_that_answers_the_entry_stays_and_sync_sends_it_later(team: Team) -> None:
    (team.root / "hub.git").rename(team.root / "away.git")
    code, said = team.say("bo", "note", "offline")
    assert code == 0 and "sevlog sync" in said
    (team.root / "away.git").rename(team.root / "hub.git")
    team.say("ana", "note", "meanwhile")
    assert team.say("bo", "sync")[0] == 0
    assert len([p for p in team.at_remote() if p.endswith("-note.yaml")]) == 2


def test_a_remote_that_refuses_says_how_to_ask_instead(team: Team) -> None:
    hook = team.root / "hub.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho protected branch >&2\nexit 1\n")
    hook.chmod(0o755)
    code, said = team.say("bo", "note", "protected")
    assert code == 0 and "flow: pull-request" in said


def test_commits_of_another_making_among_ours_are_rebased_by_git(team: Team) -> None:
    team.say("ana", "note", "first")
    (team.root / "bo" / "runbook.md").write_text("# Restart\n")
    git(team.root / "bo", "add", "-A")
    git(team.root / "bo", "commit", "-qm", "A runbook")
    code, said = team.say("bo", "note", "second")
    assert code == 0 and "pushed" in said
    assert "runbook.md" in team.at_remote()


def test_many_at_once_through_one_remote_lose_nothing(team: Team) -> None:
    people = [f"p{number}" for number in range(4)]
    incident = next((team.root / "ana" / "incidents").glob("*/*")).name
    script = (
        "import sys\nfrom sevlog.cli.main import run\n"
        "codes = [run(['note', '-i', sys.argv[1], '--as', sys.argv[2], f'{sys.argv[2]} {n}']) for n in range(4)]\n"
        "run(['sync'])\nsys.exit(max(codes))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, incident, person], cwd=team.clone(person)) for person in people
    ]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert len([p for p in team.at_remote() if p.endswith("-note.yaml")]) == 16
    git(team.root / "hub.git", "fsck", "--strict")
