"""Several requests that add to one incident: git merges them in any order, check finds forks, sevlog settles them."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from fixtures.repositories import git
from fixtures.teams import CONFIG, Team

CHAT = "chat=https://chat.example/1"
RESOLVE = ("resolve", "--attestation", "No error for an hour", "--ended-at", "now")


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Team:
    """An incident that is being fixed, led by ana, on the main branch; bo and chi have it too."""
    team = Team(tmp_path, monkeypatch, capsys, CONFIG)
    team.raises("ana")
    team.does("ana", "ack", "--channel", CHAT)
    team.does("ana", "act", "--type", "mitigation", "Restarted the pool")
    team.does("ana", "assess", "--customer-impact", "Slow pages", "--scope", "some", "--confirmed")
    for person in ("bo", "chi"):
        team.clone(person)
    return team


def ask(team: Team, person: str, *acts: tuple[str, ...]) -> str:
    """A request: acts on a branch of someone's own, pushed; its name."""
    root = team.root / person
    git(root, "switch", "-q", "-c", f"from-{person}", "origin/main")
    for act in acts:
        team.does(person, *act, "--no-push", "--any-branch")
    git(root, "push", "-q", "origin", f"from-{person}")
    return f"from-{person}"


def merged(team: Team, *branches: str, name: str = "forge", octopus: bool = False) -> Path:
    """What a forge makes of the requests: plain merges, one after the other or all at once."""
    git(team.root, "clone", "-q", "hub.git", name)
    root = team.root / name
    if octopus:
        git(root, "merge", "-q", "--no-ff", "-m", "Merge", *(f"origin/{branch}" for branch in branches))
    else:
        for branch in branches:
            git(root, "merge", "-q", "--no-ff", "-m", "Merge", f"origin/{branch}")
    return root


def check(team: Team, clone: str, *words: str) -> list[tuple[str, str]]:
    """The code and the rest of every finding."""
    problems = team.tells(clone, "check", *words).get("problems", [])
    return [(row["code"], f"{row['message']}; {row.get('hint')}") for row in problems]


def test_requests_that_add_to_one_incident_merge_in_any_order_into_the_same(team: Team) -> None:
    branches = [
        ask(team, "ana", ("note", "cold caches"), ("assess", "--symptoms", "Timeouts")),
        ask(team, "bo", ("join",), ("observe", "the pool is full")),
        ask(team, "chi", ("update", "--title", "Web is slow", "--next-in", "30m", "We are on it")),
    ]

    orders = list(itertools.permutations(branches))
    trees = {git(merged(team, *order, name=f"forge{n}"), "rev-parse", "HEAD^{tree}") for n, order in enumerate(orders)}
    trees.add(git(merged(team, *branches, octopus=True), "rev-parse", "HEAD^{tree}"))

    assert len(trees) == 1
    assert check(team, "forge", "--base", "HEAD^1") == []
    for branch in branches:  # and each was right by itself
        git(team.root / "forge", "checkout", "-q", f"origin/{branch}")
        assert check(team, "forge", "--base", "origin/main") == []


@pytest.mark.parametrize(
    "settled_by",
    ["taking back the step that does not count", "taking back the one that does", "saying what the step meant"],
)
def test_two_steps_from_one_status_are_found_and_settled(team: Team, settled_by: str) -> None:
    first = ask(team, "bo", ("monitor",))
    second = ask(team, "ana", RESOLVE)
    incident = team.tells("bo", "list")["incidents"][0]["id"]
    merged(team, first, second)

    [(code, said)] = check(team, "forge", "--base", "HEAD^1")
    assert code == "fork"
    assert "conflict: `fixing` to `resolved`, but bo had already changed it to `monitoring`" in said
    assert "the incident manager (ana) decides" in said and f"sevlog retract -i {incident}" in said

    steps = [row for row in team.tells("forge", "timeline", incident)["timeline"] if row["kind"] == "status"]
    taken, forked = steps[-2]["id"], steps[-1]["id"]
    settle = {
        "taking back the step that does not count": ("retract", forked, "--reason", "it goes on"),
        "taking back the one that does": ("retract", taken, "--reason", "it did not go well"),
        "saying what the step meant": ("correct", forked, "from=monitoring", "--reason", "ana decided so"),
    }[settled_by]
    team.does("forge", settle[0], "-i", incident, *settle[1:])

    assert check(team, "forge", "--base", "HEAD^1") == check(team, "forge") == []
    status = team.tells("forge", "show", incident)["status"]
    assert status == {"taking back the step that does not count": "monitoring"}.get(settled_by, "resolved")
    assert git(team.hub, "rev-parse", "main") == git(team.root / "forge", "rev-parse", "HEAD")


def test_the_second_request_learns_of_the_fork_before_it_is_merged(team: Team) -> None:
    first = ask(team, "bo", ("monitor",))
    second = ask(team, "ana", RESOLVE)
    root = merged(team, first)
    git(root, "push", "-q", "origin", "main")
    git(root, "checkout", "-q", f"origin/{second}")

    [(code, said)] = check(team, "forge", "--base", "origin/main")

    assert code == "fork"
    assert said.startswith("combined with origin/main: ") and "git merge origin/main" in said


def test_two_requests_that_give_one_short_name_are_found_and_settled(team: Team) -> None:
    first = ask(team, "bo", ("theory", "the disk is full"))
    second = ask(team, "chi", ("theory", "the certificate ran out"))
    incident = team.tells("bo", "list")["incidents"][0]["id"]
    merged(team, first, second)

    [(code, said)] = check(team, "forge")
    assert code == "ref_taken" and "T1" in said and "sevlog correct" in said and "ref=T2" in said
    later = [row for row in team.tells("forge", "timeline", incident)["timeline"] if row["kind"] == "theory"][-1]["id"]

    team.does("forge", "correct", "-i", incident, later, "ref=T2", "--reason", "T1 was taken")

    assert check(team, "forge") == []
    theories = team.tells("forge", "show", incident)["theories"]
    assert [(row["ref"], row["text"]) for row in theories] == [
        ("T1", "the disk is full"),
        ("T2", "the certificate ran out"),
    ]
