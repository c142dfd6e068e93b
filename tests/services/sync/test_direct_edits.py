"""Redactions and compactions between people: judged again on what others did, never a conflict to settle by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.repositories import git
from fixtures.teams import Team

LEAK = "Acme Industries, 12 Harbour Street"


def folder(team: Team, person: str) -> Path:
    return min((team.root / person / "incidents").glob("*/*"))


def files(team: Team, person: str) -> list[str]:
    return sorted(path.name for path in (folder(team, person) / "timeline").iterdir())


def shared(team: Team, *words: str) -> None:
    """Ana does something, and bo has it too."""
    assert team.say("ana", *words)[0] == 0
    assert team.say("bo", "sync")[0] == 0


def healthy(team: Team, *people: str) -> None:
    """Everybody has what the remote has, nothing hangs over, and check is content."""
    tip = git(team.root / "hub.git", "rev-parse", "main")
    for person in people:
        assert team.say(person, "sync")[0] == 0
        assert git(team.root / person, "rev-parse", "HEAD") == tip
        assert git(team.root / person, "status", "--porcelain") == ""
        assert team.say(person, "check") == (0, "1 record checked, no problems\n")
        git(team.root / person, "fsck", "--strict")


@pytest.fixture
def leaked(team: Team) -> Team:
    """A note that says too much, and its evidence, with both people."""
    shared(team, "note", LEAK)
    note = min((folder(team, "ana") / "timeline").glob("*-note.yaml"))
    (folder(team, "ana") / "evidence").mkdir()
    (folder(team, "ana") / "evidence" / "list.csv").write_text("x\n")
    note.write_text(note.read_text() + "evidence: [{file: evidence/list.csv}]\n")
    git(team.root / "ana", "add", "-A")
    git(team.root / "ana", "commit", "-qm", "evidence")
    git(team.root / "ana", "push", "-q", "origin", "main")
    team.say("bo", "sync")
    return team


def test_a_redaction_goes_on_top_of_what_others_recorded(leaked: Team) -> None:
    assert leaked.say("ana", "note", "meanwhile")[0] == 0
    code, said = leaked.say("bo", "redact", "Z-note", "--reason", "an address")
    assert code == 0 and "pushed" in said
    assert not any("Acme" in path.read_text() for path in (folder(leaked, "bo") / "timeline").iterdir())
    assert not any("list.csv" in path for path in leaked.at_remote())
    assert sum("meanwhile" in path.read_text() for path in (folder(leaked, "bo") / "timeline").iterdir()) == 1
    healthy(leaked, "ana", "bo")
    assert leaked.say("ana", "check", "--base", "HEAD~2") == (0, "1 record checked, no problems\n")


def test_two_who_redact_the_same_entry_take_nothing_from_each_other(leaked: Team) -> None:
    leaked.say("ana", "redact", "Z-note", "--reason", "an address")
    code, _ = leaked.say("bo", "redact", "Z-note", "--reason", "customers")
    assert code == 0
    healthy(leaked, "ana", "bo")
    assert len([path for path in leaked.at_remote() if path.endswith("-redaction.yaml")]) == 2


def test_a_redaction_of_what_was_compacted_meanwhile_is_dropped_and_can_be_made_again(leaked: Team) -> None:
    shared(leaked, "decline", "--reason", "a false alarm")
    incident = folder(leaked, "ana").name
    assert leaked.say("ana", "compact", "-i", incident)[0] == 0
    code, said = leaked.say("bo", "redact", "-i", incident, "Z-note", "--reason", "an address")
    assert code == 3 and "others recorded first" in said
    healthy(leaked, "ana", "bo")
    assert leaked.say("bo", "redact", "-i", incident, "Z-note", "--reason", "an address")[0] == 0
    healthy(leaked, "ana", "bo")
    assert len(files(leaked, "bo")) == 2
    assert not any("Acme" in path.read_text() for path in (folder(leaked, "ana") / "timeline").iterdir())


def test_a_compaction_of_what_was_redacted_meanwhile_does_not_bring_it_back(leaked: Team) -> None:
    shared(leaked, "decline", "--reason", "a false alarm")
    incident = folder(leaked, "ana").name
    assert leaked.say("ana", "redact", "-i", incident, "Z-note", "--reason", "an address")[0] == 0
    code, said = leaked.say("bo", "compact", "-i", incident)
    assert code == 0 and "someone else changed it at the same time; run the command again" in said
    healthy(leaked, "ana", "bo")
    assert leaked.say("bo", "compact", "-i", incident)[0] == 0
    assert len(files(leaked, "bo")) == 1
    assert "Acme" not in next((folder(leaked, "bo") / "timeline").iterdir()).read_text()
    healthy(leaked, "ana", "bo")


@pytest.fixture
def over(team: Team) -> tuple[Team, str]:
    """A declined incident of several entries, with both people; its id."""
    team.say("ana", "note", "one")
    shared(team, "decline", "--reason", "a false alarm")
    return team, folder(team, "ana").name


def test_two_who_compact_at_once_end_with_one_file(over: tuple[Team, str]) -> None:
    team, incident = over
    assert team.say("ana", "compact", "-i", incident)[0] == 0
    code, said = team.say("bo", "compact", "-i", incident)
    assert code == 0 and "error" not in said
    healthy(team, "ana", "bo")
    assert files(team, "ana") == files(team, "bo") and len(files(team, "ana")) == 1


def test_two_who_compact_different_states_of_it_lose_and_double_nothing(over: tuple[Team, str]) -> None:
    team, incident = over
    team.clone("chi")
    assert team.say("chi", "note", "-i", incident, "afterwards")[0] == 0
    assert team.say("chi", "compact", "-i", incident)[0] == 0
    code, said = team.say("bo", "compact", "-i", incident)
    assert code == 0 and "run the command again" in said
    healthy(team, "ana", "bo", "chi")
    assert len(files(team, "ana")) == 1
    assert (folder(team, "ana") / "timeline" / files(team, "ana")[0]).read_text().count("kind:") == 4


def test_an_entry_added_while_someone_compacts_stays(over: tuple[Team, str]) -> None:
    team, incident = over
    assert team.say("ana", "compact", "-i", incident)[0] == 0
    assert team.say("bo", "note", "-i", incident, "afterwards")[0] == 0
    healthy(team, "ana", "bo")
    assert len(files(team, "ana")) == 2
    team.say("ana", "note", "-i", incident, "and again")
    assert team.say("bo", "compact", "-i", incident)[0] == 0
    healthy(team, "ana", "bo")
    assert sum(path.read_text().count("kind:") for path in (folder(team, "bo") / "timeline").iterdir()) == 5


def test_a_pull_request_that_adds_merges_with_a_compaction_on_any_forge(over: tuple[Team, str]) -> None:
    team, incident = over
    bo = team.root / "bo"
    git(bo, "checkout", "-q", "-b", "side")
    assert team.say("bo", "note", "-i", incident, "on the side", "--no-push", "--any-branch")[0] == 0
    team.say("ana", "compact", "-i", incident)
    git(bo, "fetch", "-q")
    git(bo, "merge", "-q", "-m", "merge", "origin/main")
    assert len(files(team, "bo")) == 2
    assert team.say("bo", "check", "--base", "HEAD^2") == (0, "1 record checked, no problems\n")
