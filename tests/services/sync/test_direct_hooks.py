"""Hooks on messages of commits hide nothing: an act that meets others' is judged again."""

from __future__ import annotations

import pytest

from fixtures.repositories import git
from fixtures.teams import Team


@pytest.mark.parametrize(
    "hook",
    [
        'printf "\\nReviewed-by: nobody\\n" >> "$1"',
        'printf "\\n\\nA footer of our company.\\n" >> "$1"',
        'echo "ours" > "$1"',
    ],
    ids=["a trailer", "a footer", "replaced"],
)
def test_an_act_is_judged_again_whatever_a_hook_made_of_its_message(team: Team, hook: str) -> None:
    path = team.root / "bo" / ".git/hooks/commit-msg"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{hook}\n", "utf-8")
    path.chmod(0o755)
    team.does("ana", "decline", "--reason", "false alarm")

    code, said = team.say("bo", "ack", "--channel", "chat=https://chat.example/1")

    assert code == 3 and "ana: status declined" in said, said
    assert team.status("bo") == ""
    assert git(team.root / "bo", "rev-parse", "HEAD") == git(team.hub, "rev-parse", "main")
