"""By pull request, the checkout is left alone: whatever is checked out, half done or configured in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.repositories import git
from fixtures.teams import BY_REQUEST, Team, branch


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Team:
    return Team(tmp_path, monkeypatch, capsys, BY_REQUEST)


def test_on_the_branch_of_the_incident_the_checkout_goes_along(team: Team) -> None:
    incident = team.raises("ana")
    team.clone("bo")
    git(team.root / "ana", "switch", "-q", branch(incident))
    team.does("bo", "note", "-i", incident, "from bo")

    team.does("ana", "note", "from ana")

    assert team.tip("ana") == git(team.hub, "rev-parse", branch(incident))
    assert team.status("ana") == ""
    assert team.notes("ana", incident) == ["from bo", "from ana"]
    other = team.raises("ana", "Web is gone")
    assert git(team.root / "ana", "branch", "--show-current") == branch(incident)
    assert {row["id"] for row in team.tells("ana", "board")["incidents"]} == {incident, other}
    assert all(other in path for path in team.at_remote(branch(other)) - {"sevlog.yaml"})


def test_a_record_that_only_the_checked_out_branch_has_is_added_to_there(team: Team) -> None:
    incident = team.raises("ana")
    clone = team.clone("bo")
    git(clone, "switch", "-q", "-c", "by-hand", f"origin/{branch(incident)}")
    git(clone, "update-ref", "-d", f"refs/remotes/origin/{branch(incident)}")
    git(team.hub, "branch", "-q", "-D", branch(incident))

    team.does("bo", "note", "here")

    assert team.tip("bo") == git(team.hub, "rev-parse", "by-hand")


def test_a_branch_that_is_checked_out_elsewhere_is_left_alone(team: Team) -> None:
    incident = team.raises("ana")
    git(team.root / "ana", "worktree", "add", "-q", str(team.root / "tree"), branch(incident))

    code, said = team.say("ana", "note", "x")

    assert code == 5 and f"is checked out in {team.root / 'tree'}" in said
    assert team.does("tree", "note", "there")


def test_hooks_see_the_commit_in_a_tree_that_has_it(team: Team) -> None:
    incident = team.raises("ana")
    hooks = team.root / "ana" / ".git" / "hooks"
    (hooks / "pre-commit").write_text(
        f'#!/bin/sh\ngit diff --cached --name-only > "{team.root}/seen"\nls > "{team.root}/tree"\n', "utf-8"
    )
    (hooks / "commit-msg").write_text('#!/bin/sh\necho "Checked: yes" >> "$1"\n', "utf-8")
    for name in ("pre-commit", "commit-msg"):
        (hooks / name).chmod(0o755)

    for text in ("one", "two"):
        team.does("ana", "note", text)
        [seen] = (team.root / "seen").read_text("utf-8").split()
        assert seen.endswith("-note.yaml") and incident in seen
        assert (team.root / "tree").read_text("utf-8").split() == ["incidents", "sevlog.yaml"]
    assert git(team.hub, "log", "-1", "--format=%(trailers:key=Checked,valueonly)", branch(incident)) == "yes"
    assert team.status("ana") == ""

    (hooks / "pre-commit").write_text("#!/bin/sh\necho the moon is wrong >&2\nexit 1\n", "utf-8")
    before = team.tip("ana", branch(incident))
    code, said = team.say("ana", "note", "three")
    assert code == 5 and "the moon is wrong" in said
    assert team.tip("ana", branch(incident)) == before and team.notes("ana", incident) == ["one", "two"]


def test_a_file_with_changes_of_ones_own_is_not_overwritten_unseen(team: Team) -> None:
    incident = team.raises("ana")
    team.merge(incident, "merge")
    team.does("ana", "sync")
    card = min((team.root / "ana" / "incidents").glob("*/*/incident.yaml"))
    card.write_text(card.read_text("utf-8") + "tags: [mine]\n", "utf-8")

    code, said = team.say("ana", "update", "--title", "Web is slow", "--next-in", "30m", "We are on it")

    assert code == 5 and "differs from the version on `main`" in said
    assert "tags: [mine]" in card.read_text("utf-8")


def test_a_record_that_is_not_committed_yet_is_not_added_to_without_it(team: Team) -> None:
    incident = team.raises("ana")
    clone = team.clone("bo")
    git(clone, "checkout", "-q", f"origin/{branch(incident)}", "--", "incidents")
    git(clone, "reset", "-q")
    git(clone, "remote", "remove", "origin")

    code, said = team.say("bo", "note", "x")

    assert code == 5 and f"{incident} is not committed on `main`" in said


def test_below_the_top_of_a_larger_repository(team: Team) -> None:
    root = team.root / "ana"
    (root / "ops").mkdir()
    git(root, "mv", "sevlog.yaml", "ops/sevlog.yaml")
    git(root, "commit", "-qm", "below")
    git(root, "push", "-q")

    incident = team.raises("ana/ops")
    team.does("ana/ops", "note", "x")

    assert team.notes("ana/ops", incident) == ["x"]
    assert (
        sum(path.startswith(f"ops/incidents/{incident[:4]}/{incident}/") for path in team.at_remote(branch(incident)))
        == 3
    )
    assert team.status("ana") == ""


def test_without_a_remote_acts_wait_on_their_branches(team: Team) -> None:
    git(team.root / "ana", "remote", "remove", "origin")

    incident = team.raises("ana")

    assert team.tip("ana", branch(incident)) != team.tip("ana")
    assert team.does("ana", "note", "x")
    assert team.notes("ana", incident) == ["x"]


def test_a_view_is_never_written_through_a_link(team: Team) -> None:
    """A folder of the checkout that is a link must not lead the files of a branch elsewhere."""
    incident = team.raises("ana")
    outside = team.root / "outside"
    outside.mkdir()
    folder = team.root / "ana" / "incidents" / incident[:4] / incident
    folder.mkdir(parents=True)
    (folder / "timeline").symlink_to(outside)

    team.does("ana", "show", incident)

    assert sorted(outside.iterdir()) == []
