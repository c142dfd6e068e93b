"""The contracted commands, options and exit codes exist, and the help of each command has an example."""

from __future__ import annotations

import click
import pytest

from fixtures.commands import run
from sevlog.cli.command_table import COMMANDS
from sevlog.cli.main import cli
from sevlog.errors import Exit

READING = ["--repo", "--json", "-v"]
SHARED = [*READING, "--at", "--as", "--dry-run", "--no-commit", "--push", "--no-push", "--any-branch"]
IMPORTING = [*READING, "--dry-run", "--no-commit", "--push", "--no-push", "--any-branch"]
ACTING = [*SHARED, "-i", "--incident", "--evidence"]
OPTIONS = {
    "init": ["--name", "--url", "--component", "--person", "--forge", "--no-commit"],
    "demo": ["--no-serve", "--port"],
    "doctor": [],
    "raise": [
        *ACTING,
        "--severity",
        "--priority",
        "--component",
        "--source",
        "--ref",
        "--summary",
        "--started-at",
        "--scope",
        "--type",
        "--triage",
        "--override",
        "--reason",
    ],
    "ack": [*ACTING, "--channel", "--override", "--reason"],
    "channel": ACTING,
    "assess": [
        *ACTING,
        "--customer-impact",
        "--employee-impact",
        "--symptoms",
        "--scope",
        "--affected",
        "--support-cases",
        "--started-at",
        "--factor",
        "--no-factor",
        "--confirmed",
    ],
    "severity": [*ACTING, "--reason"],
    "priority": [*ACTING, "--reason"],
    "impact": [*ACTING, "--ended-at"],
    "update": [*ACTING, "--phase", "--audience", "--component", "--next-in", "--template", "--approved-by", "--title"],
    "escalate": [*ACTING, "--to", "--reason"],
    "assign": [*ACTING, "--lead", "--workstream"],
    "release": ACTING,
    "handover": [*ACTING, "--accept"],
    "join": ACTING,
    "note": ACTING,
    "observe": ACTING,
    "confirm": ACTING,
    "theory": ACTING,
    "experiment": ACTING,
    "result": [*ACTING, "--supports", "--refutes", "--reverted", "--not-reverted"],
    "decide": ACTING,
    "act": ACTING,
    "task": ACTING,
    "link": ACTING,
    "monitor": [*ACTING, "--override", "--reason"],
    "resolve": [*ACTING, "--override", "--reason"],
    "close": [*ACTING, "--override", "--reason"],
    "reopen": [*ACTING, "--override", "--reason"],
    "decline": [*ACTING, "--override", "--reason"],
    "merge": [*ACTING, "--override", "--reason"],
    "correct": ACTING,
    "retract": [*ACTING, "--reason"],
    "board": READING,
    "list": [*READING, "--status", "--severity", "--component", "--since", "--until", "--tag", "--text"],
    "show": [*READING, "--as-of", "--known-at"],
    "timeline": [*READING, "--as-of"],
    "postmortem new": [*ACTING, "--all", "--template"],
    "postmortem show": ["--all", "--json"],
    "postmortem export": ["--all", "--json", "--out", "--to", "-o"],
    "postmortem import chat": [*IMPORTING, "--all", "--apply", "--as", "--channel", "--date", "--format", "--zone"],
    "postmortem edit": [*ACTING, "--file"],
    "postmortem submit": ACTING,
    "postmortem approve": ACTING,
    "postmortem public": ACTING,
    "postmortem publish": ACTING,
    "postmortem waive": [*ACTING, "--reason"],
    "maintenance schedule": [*SHARED, "--start", "--end", "--component"],
    "maintenance start": ACTING,
    "maintenance verify": ACTING,
    "maintenance complete": ACTING,
    "maintenance cancel": [*ACTING, "--reason"],
    "drill start": [*SHARED, "--title"],
    "drill inject": [*SHARED, "-i", "--incident", "--next", "--follow"],
    "drill hint": [*SHARED, "-i", "--incident"],
    "drill score": READING,
    "replay": [*READING, "--speed", "--idle", "--from", "--until", "--as-known", "--as-it-was"],
    "check": ["--base", "--format", "--json"],
    "import statuspage": IMPORTING,
    "import cstate": IMPORTING,
    "import upptime": IMPORTING,
    "import opsgenie": IMPORTING,
    "import grafana-oncall": IMPORTING,
    "export": ["--to", "--out", "--since", "--until"],
    "upgrade": ["--replace", "--dry-run", "--no-commit"],
    "site build": ["--audience", "--out"],
    "site serve": [],
}


def command(path: str) -> click.Command:
    found: click.Command = cli
    for word in path.split():
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), word)
        assert inner is not None, path
        found = inner
    return found


def leaves(path: str = "") -> list[str]:
    found = command(path) if path else cli
    if not isinstance(found, click.Group):
        return [path]
    return [leaf for name in found.list_commands(click.Context(found)) for leaf in leaves(f"{path} {name}".strip())]


@pytest.mark.parametrize("path", OPTIONS)
def test_a_command_has_the_options_that_are_promised(path: str) -> None:
    there = {option for parameter in command(path).params for option in (*parameter.opts, *parameter.secondary_opts)}

    assert set(OPTIONS[path]) <= there


@pytest.mark.parametrize("path", leaves())
def test_the_help_of_each_command_has_an_example_of_it(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*path.split(), "--help"]) == 0

    text = capsys.readouterr().out
    assert "Examples:" in text
    assert f"sevlog {path}" in text.split("Examples:")[1]


@pytest.mark.parametrize("path", leaves())
def test_each_option_says_what_it_is_for(path: str) -> None:
    silent = [p.opts[0] for p in command(path).params if isinstance(p, click.Option) and not p.help]

    assert silent == []


def test_exit_codes_are_as_promised() -> None:
    assert {code.name: int(code) for code in Exit} == {
        "OK": 0,
        "FINDINGS": 1,
        "USAGE": 2,
        "REFUSED": 3,
        "NOT_FOUND": 4,
        "GIT": 5,
        "INVALID": 6,
        "BUG": 70,
        "INTERRUPTED": 130,
    }


def test_the_table_tells_what_each_command_is() -> None:
    assert len({row.name for row in COMMANDS}) == len(COMMANDS)
    for row in COMMANDS:
        assert command(row.name).help, row.name
