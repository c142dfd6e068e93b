"""Commands that write take the options of an act, commands that only read take none of them, and all take the rest."""

from __future__ import annotations

import click
import pytest

from fixtures.repositories import Repository, records, template
from sevlog.cli.main import cli
from sevlog.cli.options import WRITING_OPTIONS, only_reads, options_without

__all__ = ["records", "template"]

COMMON = {"--repo", "--json", "-v"}
READING = {
    "doctor",
    "completion",
    "board",
    "next",
    "list",
    "show",
    "timeline",
    "theories",
    "similar",
    "workload",
    "roles",
    "comms plan",
    "comms templates",
    "comms preview",
    "comms lint",
    "postmortem lint",
    "drafts",
    "action list",
    "problem list",
    "problem show",
    "export",
    "metrics",
    "postmortem show",
    "replay",
    "drill score",
    "postmortem export",
    "runbook list",
    "runbook find",
    "runbook show",
    "oncall who",
    "oncall next",
    "oncall simulate",
    "oncall check",
    "oncall load",
    "oncall ics",
    "check",
    "hook list",
    "intake snoozed",
    "site build",
    "site serve",
}
"""Whatever is typed, these write no record."""
OF_THEIR_OWN = {"oncall who": "--at", "oncall next": "--at", "oncall simulate": "--at", "comms preview": "--as"}
"""Reading commands with an option of that name which means something there: a time asked about, whose text it is."""
NO_REPOSITORY = {"completion"}
"""It prints a script and reads no records."""


def leaves(command: click.Command = cli, path: str = "") -> dict[str, click.Command]:
    """Every command that does something, by what is typed for it."""
    if not isinstance(command, click.Group):
        return {path: command}
    context = click.Context(command)
    found: dict[str, click.Command] = {}
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        found |= leaves(inner, f"{path} {name}".strip())
    return found


COMMANDS = leaves()


def options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


def test_each_command_is_known_to_read_or_to_write() -> None:
    assert {path for path, command in COMMANDS.items() if only_reads(command)} == READING
    assert len(COMMANDS) > len(READING) + 40


@pytest.mark.parametrize("path", sorted(READING))
def test_a_command_that_only_reads_takes_no_option_of_an_act(path: str) -> None:
    own = {OF_THEIR_OWN[path]} if path in OF_THEIR_OWN else set()

    assert options(COMMANDS[path]) & set(WRITING_OPTIONS) == own


@pytest.mark.parametrize("path", sorted(set(COMMANDS) - READING))
def test_a_command_that_writes_takes_every_option_of_an_act_or_says_what_to_do_instead(path: str) -> None:
    command = COMMANDS[path]
    lacking = set(WRITING_OPTIONS) - options(command)

    assert lacking == set(options_without(command))
    assert [name for name in lacking if not options_without(command)[name]] == []


@pytest.mark.parametrize("path", sorted(set(COMMANDS) - NO_REPOSITORY))
def test_every_command_takes_the_common_options(path: str) -> None:
    assert options(COMMANDS[path]) >= COMMON


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("board", "--at", "nonsense"), "hint: sevlog board only reads records; leave --at out"),
        (("show", "--at", "14:00"), "hint: sevlog show only reads records; for a past state: sevlog show --as-of TIME"),
        (("site", "build", "--at=14:00"), "for a past state: sevlog site build --as-of TIME"),
        (("list", "--dry-run"), "hint: sevlog list only reads records; leave --dry-run out"),
        (("oncall", "check", "--no-push"), "hint: sevlog oncall check only reads records; leave --no-push out"),
        (("sync", "--dry-run"), "hint: to list commits that are not pushed: git log @{upstream}.."),
        (("import", "cstate", "x", "--at", "14:00"), "hint: imported records keep the times of the source"),
        (("fmt", "--no-commit"), "hint: fmt does not commit"),
        (("page", "--at", "14:00"), "hint: a page goes out now"),
        (("init", "x", "--dry-run"), "hint: try it in an empty folder"),
    ],
)
def test_an_option_that_a_command_lacks_is_refused_with_what_to_do_instead(
    records: Repository, words: tuple[str, ...], said: str
) -> None:
    refused = records.refuses(2, *words)

    assert said in refused
    assert "Did you mean" not in refused
