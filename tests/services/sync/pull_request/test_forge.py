"""Pull requests are opened through gh or glab where they are there, and by an address to open where they are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixtures.forges import Forge
from fixtures.repositories import git
from fixtures.teams import BY_REQUEST, Team
from sevlog.adapters.forges import programs as forges_programs


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Team:
    team = Team(tmp_path, monkeypatch, capsys, BY_REQUEST)
    address(team, "git@github.com:acme/status.git")
    return team


def address(team: Team, url: str) -> None:
    """The remote is at a forge; ssh leads to the hub all the same."""
    git(team.root / "ana", "remote", "set-url", "origin", url)


def forge(team: Team, *programs: str, login: str = "") -> Forge:
    return Forge(team.root / "forge", team.hub, team.patch, *programs, login=login)


def test_a_request_is_opened_with_what_the_record_says_and_found_again_by_the_next_act(team: Team) -> None:
    github = forge(team, "gh", "glab")

    said = team.does(
        "ana", "raise", "Web is slow @ops", "--severity", "SEV3", "--component", "web", "--summary", "see #1"
    )
    assert "hint: pull request opened: https://github.com/acme/status/pull/1\n" in said
    incident = team.tells("ana", "board")["incidents"][0]["id"]
    said = team.does("ana", "note", "caches are cold")
    assert "hint: pull request: https://github.com/acme/status/pull/1\n" in said

    [sent] = github.opened()
    assert (sent["head"], sent["base"], sent["title"]) == (f"incident/{incident}", "main", "SEV3: Web is slow @ops")
    assert "> see \\#\u200b1" in sent["body"], "a forge links nothing and calls nobody by words of the record"
    assert f"- Incident: {incident.replace('-', chr(92) + '-')}" in sent["body"]
    assert "ana  SEV3 P4, web partial outage" in sent["body"]
    assert all(call["quiet"] and not call["terminal"] for call in github.calls)
    assert {call["name"] for call in github.calls} == {"gh"}


def test_gitlab_is_asked_through_glab_in_its_own_words(team: Team) -> None:
    address(team, "ssh://git@gitlab.acme.example:2222/ops/on-call/status.git")
    gitlab = forge(team, "gh", "glab")

    incident = team.raises("ana")
    said = team.does("ana", "note", "x")

    assert "hint: merge request: https://gitlab.acme.example/acme/status/-/merge_requests/1\n" in said
    [sent] = gitlab.opened()
    assert (sent["source_branch"], sent["target_branch"]) == (f"incident/{incident}", "main")
    assert "p95 is 4 s" in sent["description"]
    words = gitlab.calls[0]["words"]
    assert words[:3] == ["api", "--hostname", "gitlab.acme.example"]
    assert words[-1].startswith("projects/ops%2Fon-call%2Fstatus/merge_requests?")


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("fails", "gh failed: gh: Validation Failed (HTTP 422); No commits between main and x"),
        ("logged out", "gh is not logged in: gh auth login --hostname github.com"),
        ("hangs", "gh did not respond in time"),
        ("nonsense", "gh did not return JSON"),
    ],
)
def test_a_program_that_does_not_do_it_is_told_with_the_page_to_open(
    team: Team, monkeypatch: pytest.MonkeyPatch, mode: str, why: str
) -> None:
    github = forge(team, "gh")
    os.mkfifo(github.place / "never")
    if mode == "hangs":
        monkeypatch.setattr(forges_programs.ask, "__kwdefaults__", {"patience": 1.0})
    github.behave(mode)

    said = team.does("ana", "raise", "Web is slow", "--severity", "SEV3", "--component", "web", "--summary", "s")

    branch = git(team.root / "ana", "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/incident/")
    assert f"warning: could not open the pull request: {why}\n" in said
    assert f"hint: open a pull request: https://github.com/acme/status/compare/main...{branch}?expand=1&" in said
    assert ", pushed)" in said and team.at_remote(branch) > {"sevlog.yaml"}


def test_without_a_program_the_page_to_open_is_told(team: Team) -> None:
    forge(team)

    done = team.tells("ana", "raise", "Web is slow", "--severity", "SEV3", "--component", "web", "--summary", "s")

    assert done["warnings"] == []
    assert done["hints"][0].startswith("open a pull request: https://github.com/acme/status/compare/main...incident/")


def test_two_who_open_it_at_once_end_up_with_one(team: Team) -> None:
    github = forge(team, "gh")
    github.behave("raced")

    said = team.does("ana", "raise", "Web is slow", "--severity", "SEV3", "--component", "web", "--summary", "s")

    assert "hint: pull request: https://github.com/pull/9\n" in said
    assert "warning" not in said


def test_a_request_that_was_closed_is_told_and_asked_for_again(team: Team) -> None:
    github = forge(team, "gh")
    team.raises("ana")
    github.turn(1, "closed")

    said = team.does("ana", "note", "it goes on")

    assert "warning: https://github.com/acme/status/pull/1 was closed without a merge" in said
    assert "hint: pull request opened: https://github.com/acme/status/pull/2\n" in said


def test_a_request_that_was_merged_is_followed_by_another_without_a_word(team: Team) -> None:
    github = forge(team, "gh")
    incident = team.raises("ana")
    git(team.hub, "update-ref", "refs/heads/main", f"refs/heads/incident/{incident}")
    github.turn(1, "merged")

    said = team.does("ana", "note", "it goes on")

    assert "warning" not in said
    assert "pull request opened: https://github.com/acme/status/pull/2\n" in said
    assert "1 entry when this was opened" in github.opened()[1]["body"]


@pytest.mark.parametrize("name", ["gh", "glab"])
def test_a_forge_of_unknown_name_is_known_by_who_is_logged_in_there(team: Team, name: str) -> None:
    address(team, "git@code.acme.example:acme/status.git")
    github = forge(team, "gh", "glab", login=name)

    team.raises("ana")

    assert len(github.requests) == 1
    assert {call["name"] for call in github.calls if call["words"][0] == "api"} == {name}


def test_a_forge_that_names_the_page_itself_is_believed(team: Team) -> None:
    address(team, "git@code.acme.example:acme/status.git")
    forge(team)
    hook = team.hub / "hooks" / "post-receive"
    hook.write_text(
        "#!/bin/sh\necho 'Create a new pull request:'\necho '  https://code.acme.example/a/b/compare/main...x'\n"
    )
    hook.chmod(0o755)

    said = team.does("ana", "raise", "Web is slow", "--severity", "SEV3", "--component", "web", "--summary", "s")

    assert "hint: open a pull request: https://code.acme.example/a/b/compare/main...x\n" in said


def test_of_an_unknown_forge_branch_and_remote_are_told_and_no_password(team: Team) -> None:
    forge(team)
    hub = f"url.{team.hub}.insteadOf"
    git(team.root / "ana", "config", hub, "https://ana:secret@code.acme.example/")
    address(team, "https://ana:secret@code.acme.example/")
    said = team.does("ana", "raise", "Web is slow", "--severity", "SEV3", "--component", "web", "--summary", "s")
    assert f"into `main`, at origin ({team.hub})" in said

    address(team, "ssh://ana:secret@code.acme.example/acme/status.git")
    said = team.does("ana", "note", "x")
    assert "at origin (ssh://code.acme.example/acme/status.git)" in said


def test_sync_finds_a_request_that_is_not_open_any_more(team: Team) -> None:
    github = forge(team, "gh")
    team.raises("ana")
    github.turn(1, "closed")

    said = team.does("ana", "sync")

    assert "was closed without a merge" in said
    assert [row["state"] for row in github.requests] == ["closed", "open"]
