"""`git.flow: pull-request`: acts go to a branch of their incident, and everyone sees what they recorded at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.repositories import git
from fixtures.teams import BY_REQUEST, CONFIG, RAISE, Team, branch

CSTATE_ISSUE = """\
---
title: Slow
date: 2024-03-01 10:00:00
resolved: true
resolvedWhen: 2024-03-01 11:00:00
severity: down
affected: [Web]
section: issue
---
*Resolved* - It is over. {{< track "2024-03-01 11:00:00" >}}
"""
ACK = ("ack", "--channel", "chat=https://chat.example/1")


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Team:
    return Team(tmp_path, monkeypatch, capsys, BY_REQUEST)


def test_an_act_never_touches_the_checkout_and_its_author_sees_it_at_once(team: Team) -> None:
    (team.root / "ana" / "draft.md").write_text("mine", "utf-8")
    before = team.tip("ana")

    incident = team.raises("ana")
    team.does("ana", "note", "caches are cold")

    assert team.tip("ana") == team.tip("ana", "main") == before
    assert team.status("ana") == "?? draft.md"
    assert not (team.root / "ana" / "incidents").exists()
    assert [row["id"] for row in team.tells("ana", "board")["incidents"]] == [incident]
    assert [row["id"] for row in team.tells("ana", "list")["incidents"]] == [incident]
    assert [row["id"] for row in team.tells("ana", "list", "--text", "caches")["incidents"]] == [incident]
    assert team.notes("ana", incident) == ["caches are cold"]
    assert len(team.at_remote(branch(incident))) == 4
    assert team.at_remote() == {"sevlog.yaml"}
    assert (
        git(team.root / "ana", "log", "-1", "--format=%(trailers:key=Incident,valueonly)", branch(incident)) == incident
    )
    git(team.root / "ana", "fsck", "--strict")


def test_several_incidents_at_once_each_have_a_branch(team: Team) -> None:
    first, second = team.raises("ana", "Web is slow"), team.raises("ana", "Web is gone")

    team.does("ana", "note", "-i", first, "one")
    team.does("ana", "note", "-i", second, "two")

    assert {row["id"] for row in team.tells("ana", "board")["incidents"]} == {first, second}
    assert (team.notes("ana", first), team.notes("ana", second)) == (["one"], ["two"])
    assert all(first in path for path in team.at_remote(branch(first)) - {"sevlog.yaml"})
    assert all(second in path for path in team.at_remote(branch(second)) - {"sevlog.yaml"})


def test_a_second_responder_who_has_the_branch_not_yet_is_told_to_sync_and_adds_to_the_same(team: Team) -> None:
    team.clone("bo")
    incident = team.raises("ana")

    code, said = team.say("bo", "note", "-i", incident, "x")
    assert code == 4 and "if someone else raised it just now: sevlog sync" in said
    assert team.status("bo") == ""

    team.does("bo", "sync")
    team.does("bo", *ACK)
    team.does("ana", "note", "meanwhile")

    assert team.tells("ana", "show", incident)["lead"] == "bo"
    assert team.tip("ana", branch(incident)) == git(team.hub, "rev-parse", branch(incident))


def test_a_branch_that_only_the_remote_has_is_gone_on_with(team: Team) -> None:
    incident = team.raises("ana")
    team.merge(incident, "merge")
    git(team.hub, "branch", "-q", "-D", branch(incident))
    team.clone("bo")
    team.does("ana", "note", "after the merge")

    team.does("bo", "note", "-i", incident, "from bo")

    team.does("ana", "sync")
    assert team.notes("ana", incident) == ["after the merge", "from bo"]
    assert team.tip("bo", branch(incident)) == git(team.hub, "rev-parse", branch(incident))


def test_who_was_too_late_learns_who_did_what(team: Team) -> None:
    incident = team.raises("ana")
    team.clone("bo")
    team.does("ana", "decline", "--reason", "a false alarm")

    code, said = team.say("bo", *ACK)

    assert code == 3 and "others recorded first" in said and "ana: status declined" in said
    assert team.tip("bo", branch(incident)) == git(team.hub, "rev-parse", branch(incident))
    assert team.tells("bo", "show", incident)["status"] == "declined"
    words = next(line for line in said.splitlines() if "git show" in line).rpartition("git show ")[2].split()[0]
    assert "chat.example/1" in git(team.root / "bo", "show", words)


def test_two_who_raise_the_same_have_a_branch_each(team: Team) -> None:
    team.clone("bo")
    first = team.raises("ana")

    code, said = team.say("bo", "raise", "Web is slow", *RAISE)

    assert code == 0 and f"someone raised {first} at the same time; yours is {first}-2" in said
    assert f"sevlog merge -i {first}-2 {first}" in said
    assert all(f"{first}-2" in path for path in team.at_remote(branch(f"{first}-2")) - {"sevlog.yaml"})
    assert {row["id"] for row in team.tells("bo", "board")["incidents"]} == {first, f"{first}-2"}
    team.does("bo", "merge", "-i", f"{first}-2", first)
    assert team.tells("bo", "show", f"{first}-2")["status"] == "merged"


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
@pytest.mark.parametrize("kept", [True, False], ids=["branch kept", "branch deleted"])
def test_after_the_request_was_merged_the_next_act_asks_for_itself_alone(team: Team, how: str, kept: bool) -> None:
    incident = team.raises("ana")
    team.does("ana", "update", "--title", "Web is slow", "--next-in", "30m", "We are on it")
    team.merge(incident, how)
    if not kept:
        git(team.hub, "branch", "-q", "-D", branch(incident))

    team.does("ana", "note", "it goes on")

    assert [path for path in team.unmerged(incident) if not path.endswith("-note.yaml")] == []
    assert len(team.unmerged(incident)) == 1
    assert team.notes("ana", incident) == ["it goes on"]
    team.merge(incident, how)
    team.does("ana", "sync")
    assert team.status("ana") == ""
    assert git(team.root / "ana", "for-each-ref", "refs/heads/incident/") == "", "what is merged is tidied away"
    assert team.tip("ana", "main") == git(team.hub, "rev-parse", "main"), "the main branch follows the remote's"
    assert team.notes("ana", incident) == ["it goes on"]
    assert team.say("ana", "check")[0] == 0


def test_where_the_forge_lets_no_branch_be_replaced_the_main_branch_is_taken_into_it(team: Team) -> None:
    git(team.hub, "config", "receive.denyNonFastForwards", "true")
    incident = team.raises("ana")
    team.merge(incident, "squash")
    before = git(team.hub, "rev-parse", branch(incident))

    for text in ("one", "two"):
        team.does("ana", "note", text)

    assert [path.endswith("-note.yaml") for path in team.unmerged(incident)] == [True, True]
    assert git(team.hub, "merge-base", before, branch(incident)) == before
    assert team.tip("ana", branch(incident)) == git(team.hub, "rev-parse", branch(incident))


@pytest.mark.parametrize("how", ["squash", "rebase"])
def test_what_was_recorded_offline_while_the_request_was_merged_is_asked_for_alone(team: Team, how: str) -> None:
    incident = team.raises("ana")
    team.does("ana", "note", "--no-push", "offline")
    team.merge(incident, how)

    team.does("ana", "sync")

    assert [path.endswith("-note.yaml") for path in team.unmerged(incident)] == [True]
    assert team.notes("ana", incident) == ["offline"]


def test_a_branch_that_was_deleted_without_a_merge_comes_back_with_all_it_had(team: Team) -> None:
    incident = team.raises("ana")
    git(team.hub, "branch", "-q", "-D", branch(incident))

    team.does("ana", "note", "it goes on")

    assert len(team.at_remote(branch(incident))) == 4


def test_a_branch_that_the_forge_has_rebased_is_followed_without_doubling(team: Team) -> None:
    incident = team.raises("ana")
    forge = team.root / "forge"
    git(team.root, "clone", "-q", "hub.git", "forge")
    (forge / "README.md").write_text("x", "utf-8")
    git(forge, "add", "README.md")
    git(forge, "commit", "-qm", "Something else")
    git(forge, "push", "-q", "origin", "main")
    git(forge, "checkout", "-q", branch(incident))
    git(forge, "rebase", "-q", "main")
    git(forge, "push", "-q", "--force", "origin", branch(incident))

    team.does("ana", "note", "it goes on")

    assert sorted(path.rpartition("-")[2] for path in team.unmerged(incident) if "timeline" in path) == [
        "note.yaml",
        "raised.yaml",
    ]
    assert team.say("ana", "check")[0] == 0


def test_offline_the_entry_stays_and_sync_sends_it_later(team: Team) -> None:
    team.hub.rename(team.root / "away.git")
    incident = team.raises("ana")
    code, said = team.say("ana", "note", "offline")
    assert code == 0 and f"your entry is safe on `{branch(incident)}`; to send it: sevlog sync" in said
    code, said = team.say("ana", "sync")
    assert code == 5 and "nothing was sent or received" in said
    assert team.notes("ana", incident) == ["offline"]

    (team.root / "away.git").rename(team.hub)
    said = team.does("ana", "sync")

    assert "open a pull request" in said
    assert team.tip("ana", branch(incident)) == git(team.hub, "rev-parse", branch(incident))


def test_an_import_is_asked_for_too(team: Team) -> None:
    site = team.root / "cstate"
    (site / "content/issues").mkdir(parents=True)
    (site / "config.yml").write_text("title: Old\nparams: {categories: [], systems: [{name: Web}]}\n", "utf-8")
    (site / "content/issues/one.md").write_text(CSTATE_ISSUE, "utf-8")
    before = team.tip("ana")

    code, said = team.say("ana", "import", "cstate", str(site))

    assert code == 0, said
    [name] = git(team.hub, "for-each-ref", "--format=%(refname:short)", "refs/heads/import/").split()
    assert f"open a pull request: from `{name}` into `main`" in said
    assert any("incident.yaml" in path for path in team.at_remote(name))
    assert team.tip("ana") == before and team.status("ana") == ""


def test_what_was_committed_to_the_main_branch_before_is_brought_to_branches(team: Team) -> None:
    """The remote refused direct pushes; whoever reads its advice and sets the flow has acts on the main branch."""
    config = team.root / "ana" / "sevlog.yaml"
    config.write_text(CONFIG, "utf-8")
    incident = team.raises("ana", "Web is slow", "--no-push")
    team.does("ana", "note", "--no-push", "first")
    config.write_text(BY_REQUEST, "utf-8")

    team.does("ana", "note", "second")

    assert team.tip("ana", "main") == git(team.hub, "rev-parse", "main")
    assert team.status("ana") == ""
    assert team.notes("ana", incident) == ["first", "second"]
    assert len(team.at_remote(branch(incident))) == 5


def test_other_commits_on_the_main_branch_stay_there_and_acts_among_them_are_sent(team: Team) -> None:
    config = team.root / "ana" / "sevlog.yaml"
    config.write_text(CONFIG, "utf-8")
    incident = team.raises("ana", "Web is slow", "--no-push")
    config.write_text(BY_REQUEST + "# by request from now on\n", "utf-8")
    git(team.root / "ana", "commit", "-qam", "Ask by request")
    before = team.tip("ana")

    said = team.does("ana", "sync")

    assert len(team.at_remote(branch(incident))) == 3
    assert team.tip("ana") == before
    assert "open a pull request" in said


def test_the_main_branch_was_rewritten_so_its_old_history_is_not_sent_again(team: Team) -> None:
    incident = team.raises("ana")
    team.does("ana", "note", "--no-push", "mine")
    git(team.hub, "branch", "-q", "-D", branch(incident))
    forge = team.root / "forge"
    git(team.root, "clone", "-q", "hub.git", "forge")
    git(forge, "commit", "-q", "--amend", "-m", "start, without the secret")
    git(forge, "push", "-q", "--force", "origin", "main")
    old = team.tip("ana", "main")

    code, said = team.say("ana", "note", "more")
    assert code == 0 and "was rewritten" in said and "sevlog sync" in said
    assert git(team.hub, "for-each-ref", "refs/heads/incident/") == ""

    said = team.does("ana", "sync")

    assert git(team.hub, "rev-list", "--all", check=False).count(old) == 0
    assert len(team.at_remote(branch(incident))) == 5
    assert team.tip("ana", "main") == git(team.hub, "rev-parse", "main")
