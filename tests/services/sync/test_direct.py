"""Several people, one remote: nothing is lost, and what cannot be sent is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.commands import surroundings
from fixtures.repositories import git
from fixtures.teams import CONFIG, Team
from sevlog.stores.yaml import io as yaml_io


def test_who_was_slower_ends_up_on_top_and_both_entries_are_there(team: Team) -> None:
    (team.root / "bo" / "sevlog.yaml").write_text(CONFIG + "# bo is editing this\n")
    assert team.say("ana", "note", "from ana")[0] == 0
    code, said = team.say("bo", "note", "from bo")
    assert code == 0 and "pushed" in said
    assert len([p for p in team.at_remote() if p.endswith("-note.yaml")]) == 2
    assert team.status("bo") == " M sevlog.yaml", "bo's own edit is kept, uncommitted"
    assert git(team.root / "bo", "rev-parse", "HEAD") == git(team.root / "hub.git", "rev-parse", "main")
    git(team.root / "bo", "fsck", "--strict")


def test_an_act_that_others_made_illegal_is_dropped_and_its_author_learns_why(team: Team) -> None:
    team.say("ana", "decline", "--reason", "a false alarm")
    code, said = team.say("bo", "ack", "--channel", "chat=https://chat.example/1")
    assert code == 3
    assert "others recorded first" in said and "ana: status declined" in said
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
        incident = min((root / "incidents").glob("*/*"))
        place = root / path.format(incident.parent.name, incident.name)
        place.write_text(f"kind: note\nat: 2026-11-23T10:00:00Z\nby: {person}\ntext: by {person}\n")
        git(root, "add", "-A")
        git(root, "commit", "-qm", f"note\n\nIncident: {incident.name}\nEntry: 20261123T100000Z-note")
        code, _ = team.say(person, "sync")
        assert code == 0
    notes = [p for p in team.at_remote() if "20261123T100000" in p]
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
    incident = min((team.root / "ana" / "incidents").glob("*/*")).name
    script = (
        "import sys\nfrom fixtures.commands import run\n"
        "codes = [run(['note', '-i', sys.argv[1], '--as', sys.argv[2], f'{sys.argv[2]} {n}']) for n in range(4)]\n"
        "run(['sync'])\nsys.exit(max(codes))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, incident, person], cwd=team.clone(person), env=surroundings())
        for person in people
    ]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    team.does("ana", "sync")
    assert sorted(team.notes("ana", incident)) == [f"{person} {number}" for person in people for number in range(4)]
    git(team.root / "hub.git", "fsck", "--strict")


def test_what_was_dropped_is_kept_within_reach_of_its_author(team: Team) -> None:
    team.does("ana", "decline", "--reason", "a false alarm")
    code, said = team.say("bo", "ack", "--channel", "chat=https://chat.example/1")
    assert code == 3

    commit = next(line for line in said.splitlines() if "git show" in line).rpartition("git show ")[2]

    assert "chat.example/1" in git(team.root / "bo", "show", commit)
    git(team.root / "bo", "reflog", "expire", "--expire=now", "--all")
    git(team.root / "bo", "gc", "-q", "--prune=now")
    assert "chat.example/1" in git(team.root / "bo", "show", commit)


def test_an_earlier_entry_that_is_dropped_by_a_later_act_is_told(team: Team) -> None:
    team.does("bo", "ack", "--channel", "chat=https://chat.example/1", "--no-push")
    team.does("ana", "decline", "--reason", "a false alarm")

    code, said = team.say("bo", "note", "unaware")

    assert code == 0
    assert "warning: “incident(" in said and "bo takes command” was recorded locally, but cannot be sent" in said
    assert "ana: status declined" in said and "git show " in said
    assert len([path for path in team.at_remote() if path.endswith("-note.yaml")]) == 1


def test_two_who_change_one_card_in_different_places_both_count(team: Team) -> None:
    team.does("ana", "update", "--title", "Web is slow for some", "--next-in", "30m", "We are on it")
    card = min((team.root / "bo" / "incidents").glob("*/*/incident.yaml"))
    text = card.read_text("utf-8").replace("p95 is 4 s", "p95 is 9 s")
    card.write_text(text + "tags: [caching]\n", "utf-8")
    incident = card.parent.name
    git(team.root / "bo", "commit", "-qam", f"incident({incident}): correct the card\n\nIncident: {incident}")

    said = team.does("bo", "sync")

    assert "up to date with the remote" in said
    text = git(team.hub, "show", f"main:{card.relative_to(team.root / 'bo')}")
    both = yaml_io.read(text.encode())
    assert isinstance(both, dict)
    assert (both["public_title"], both["summary"], both["tags"]) == ("Web is slow for some", "p95 is 9 s", ["caching"])


def test_two_who_change_one_line_of_a_card_learn_of_it(team: Team) -> None:
    team.does("ana", "update", "--title", "Web is slow for some", "--next-in", "30m", "We are on it")

    code, said = team.say("bo", "update", "--title", "Web is gone", "--next-in", "30m", "We are on it")

    assert code == 3 and "they changed the same file" in said and "ana: update We are on it" in said
    assert team.status("bo") == ""


def test_an_act_that_another_command_of_the_same_clone_sent_on_is_not_doubled(team: Team) -> None:
    """Two commands in one clone: what the one has committed, the other may put on top of what others recorded."""
    team.does("ana", "note", "meanwhile")
    people = [team.start("bo", "note", f"bo {number}") for number in range(4)]

    said = [process.communicate()[0] for process in people]

    assert [process.returncode for process in people] == [0] * 4, said
    assert len([path for path in team.at_remote() if path.endswith("-note.yaml")]) == 5
    assert team.tip("bo") == git(team.hub, "rev-parse", "main")
    assert team.status("bo") == ""
    commits = [text.partition("(commit ")[2][:10] for text in said]
    assert all(git(team.root / "bo", "merge-base", "--is-ancestor", commit, "HEAD") == "" for commit in commits)


def test_an_act_that_another_command_of_the_same_clone_dropped_is_told_to_its_author(team: Team) -> None:
    """The first cannot push for a while; the second puts both on top of what ana did, and one is not legal any more."""
    pipe = team.root / "go"
    os.mkfifo(pipe)
    hook = team.root / "bo" / ".git" / "hooks" / "pre-push"
    hook.write_text(f'#!/bin/sh\nrm "$0"\necho here > "{pipe}"\ncat "{pipe}" > /dev/null\n', "utf-8")
    hook.chmod(0o755)
    first = team.start("bo", "ack", "--channel", "chat=https://chat.example/1")
    assert pipe.read_text("utf-8") == "here\n"
    team.does("ana", "decline", "--reason", "a false alarm")

    said = team.does("bo", "note", "unaware")
    pipe.write_text("go", "utf-8")
    answer, _ = first.communicate()

    assert "was recorded locally, but cannot be sent" in said
    assert first.returncode == 3 and "ana: status declined" in answer
    assert team.tip("bo") == git(team.hub, "rev-parse", "main")


def test_nobody_in_the_clone_waits_for_a_remote_that_hangs(team: Team) -> None:
    root = team.root / "bo"
    for name in ("reached", "go"):
        os.mkfifo(team.root / name)
    ssh = team.root / "ssh"
    ssh.write_text(f'#!/bin/sh\necho yes > "{team.root}/reached"\ncat "{team.root}/go"\nexit 1\n', "utf-8")
    ssh.chmod(0o755)
    git(root, "config", "core.sshCommand", str(ssh))
    git(root, "remote", "set-url", "origin", "ssh://nowhere.example/status.git")
    first = team.start("bo", "note", "first")
    assert (team.root / "reached").read_text("utf-8") == "yes\n", "it waits for the remote now"

    code, said = team.say("bo", "note", "--no-push", "second")

    assert code == 0, said
    assert first.poll() is None, "the first still waits"
    (team.root / "go").write_text("", "utf-8")
    answer, _ = first.communicate()
    assert first.returncode == 0 and "recorded locally, not sent yet" in answer
    git(root, "remote", "set-url", "origin", str(team.hub))
    team.does("bo", "sync")
    assert len([path for path in team.at_remote() if path.endswith("-note.yaml")]) == 2


def test_a_branch_that_was_switched_while_the_remote_was_asked_is_left_alone(team: Team) -> None:
    team.does("ana", "note", "meanwhile")
    root = team.root / "bo"
    hook = root / ".git" / "hooks" / "pre-push"
    hook.write_text('#!/bin/sh\nrm "$0"\ngit switch -q -c elsewhere\n', "utf-8")
    hook.chmod(0o755)

    code, said = team.say("bo", "note", "mine")

    assert code == 0 and "`elsewhere` was checked out during the sync" in said
    git(root, "switch", "-q", "main")
    team.does("bo", "sync")
    assert len([path for path in team.at_remote() if path.endswith("-note.yaml")]) == 2


def test_a_pre_push_hook_that_refuses_is_named_with_its_words(team: Team) -> None:
    hook = team.root / "bo" / ".git" / "hooks" / "pre-push"
    hook.write_text("#!/bin/sh\necho 'run the tests first' >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)

    code, said = team.say("bo", "note", "held")

    assert code == 0 and "your pre-push hook refused it (run the tests first)" in said and "sevlog sync" in said
    hook.unlink()
    team.does("bo", "sync")
    assert any(path.endswith("-note.yaml") for path in team.at_remote())


def test_sync_that_sends_nothing_is_no_success(team: Team) -> None:
    team.hub.rename(team.root / "away.git")
    team.does("bo", "note", "offline")

    code, said = team.say("bo", "sync")

    assert code == 5 and "error: not everything was pushed; your records are safe in this repository" in said
    assert "does not appear to be a git repository" in team.tells("bo", "sync")["error"]["details"]["warnings"][0]


def test_short_names_that_both_gave_are_told_apart_wherever_they_are_spoken_of(team: Team) -> None:
    team.does("ana", "theory", "the disk is full")
    team.does("ana", "observe", "df says 100 %")
    team.does("bo", "observe", "the date is wrong", "--no-push")
    team.does("bo", "theory", "the certificate ran out", "--from", "O1", "--no-push")
    team.does("bo", "experiment", "set the clock back", "--theory", "T1", "--expect", "it works", "--no-push")

    said = team.does("bo", "theory", "--ref", "T1", "--state", "supported")

    assert "someone else used the name T1 first; yours is now T2" in said
    document = team.tells("bo", "show")
    theories = {row["ref"]: row for row in document["theories"]}
    assert {ref: row["text"] for ref, row in theories.items()} == {
        "T1": "the disk is full",
        "T2": "the certificate ran out",
    }
    assert (theories["T1"].get("state", "open"), theories["T2"]["state"]) == ("open", "supported")
    assert theories["T2"]["from"] == ["O2"]
    subjects = git(team.root / "bo", "log", "-4", "--format=%s").splitlines()
    assert "theory T2" in subjects[0] and "T1" not in "".join(subjects)
    assert team.say("bo", "check")[0] == 0


class TestRewrittenHistory:
    """Someone purged the remote's history: what this clone fetched before is not in it any more."""

    @pytest.fixture
    def purged(self, team: Team) -> Team:
        team.does("ana", "note", "a secret")
        team.does("bo", "sync")
        forge = team.clone("forge")
        git(forge, "reset", "-q", "--hard", "HEAD~1")
        git(forge, "commit", "-q", "--allow-empty", "-m", "Purged")
        git(forge, "push", "-q", "--force", "origin", "main")
        return team

    def test_the_commit_is_kept_and_nothing_of_the_old_history_goes_back(self, purged: Team) -> None:
        code, said = purged.say("bo", "note", "mine")

        assert code == 0
        assert "the history of `main` at origin was rewritten" in said and "sevlog sync" in said
        assert not any(path.endswith("-note.yaml") for path in purged.at_remote())
        assert git(purged.root / "bo", "log", "-1", "--format=%s").endswith("note: mine")

    @pytest.mark.parametrize("fetched", [False, True], ids=["as it comes", "after somebody fetched"])
    def test_sync_puts_what_was_recorded_here_on_the_new_history_alone(self, purged: Team, fetched: bool) -> None:
        if fetched:
            git(purged.root / "bo", "fetch", "-q")
        purged.does("bo", "note", "mine")
        purged.does("bo", "note", "mine too")

        said = purged.does("bo", "sync")

        assert "the history of `main` was rewritten on the remote" in said
        assert len([path for path in purged.at_remote() if path.endswith("-note.yaml")]) == 2
        assert purged.tip("bo") == git(purged.hub, "rev-parse", "main")
        assert purged.status("bo") == ""
        assert purged.notes("bo", purged.tells("bo", "list")["incidents"][0]["id"]) == ["mine", "mine too"]

    def test_an_entry_of_an_incident_that_was_purged_is_dropped_and_told(self, team: Team) -> None:
        forge = team.clone("forge")
        git(forge, "reset", "-q", "--hard", "HEAD~1")
        git(forge, "commit", "-q", "--allow-empty", "-m", "Purged")
        git(forge, "push", "-q", "--force", "origin", "main")
        team.does("bo", "note", "mine")

        code, said = team.say("bo", "sync")

        assert code == 3 and "no longer exists" in said
        assert team.at_remote() == {"sevlog.yaml"}


class TestShallowClones:
    """Clones without the past, as pipelines make them."""

    def test_acts_go_on_top_as_ever(self, team: Team) -> None:
        team.clone("chi", "--depth=1")
        team.does("ana", "note", "meanwhile")

        team.does("chi", "note", "from chi")

        assert len([path for path in team.at_remote() if path.endswith("-note.yaml")]) == 2

    def shallow(self, team: Team) -> Path:
        """A clone in which its own branch and the remote's have no commit in common, as far as it can see."""
        root = team.clone("chi", "--depth=1")
        team.does("chi", "note", "--no-push", "from chi")
        for number in range(3):
            team.does("ana", "note", f"ana {number}")
        git(root, "fetch", "-q", "--depth=1")
        assert git(root, "merge-base", "HEAD", "origin/main", check=False) == ""
        return root

    def test_one_that_does_not_reach_back_far_enough_asks_for_more_of_the_past(self, team: Team) -> None:
        self.shallow(team)

        team.does("chi", "sync")

        assert len([path for path in team.at_remote() if path.endswith("-note.yaml")]) == 4

    def test_where_that_is_not_enough_it_says_what_to_do(self, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
        root = self.shallow(team)
        monkeypatch.setattr("sevlog.services.sync.direct._DEEPER", ())

        code, said = team.say("chi", "sync")

        assert code == 5 and "does not contain the merge base" in said and "git fetch --unshallow origin" in said
        assert git(root, "log", "-1", "--format=%s").endswith("note: from chi")

    def test_a_check_against_a_branch_says_that_it_cannot_see_where_they_parted(self, team: Team) -> None:
        self.shallow(team)

        code, said = team.say("chi", "check", "--base", "origin/main")

        assert code == 5 and "no commit in common" in said and "git fetch --unshallow" in said
