"""The real program in its own process: terminals, colors, pipes, editors, signals."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.commands import SEVLOG, surroundings
from fixtures.repositories import Repository, git
from fixtures.terminals import Terminal

ANSI = re.compile(r"\x1b\[")


def as_signals_come() -> None:
    """A hang-up ends a program, also below something that ignores hang-ups (nohup)."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def run(records: Repository, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SEVLOG, *words],
        cwd=records.root,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=surroundings(**more),
        preexec_fn=as_signals_come,
    )


def test_the_program_runs_and_says_its_version(records: Repository) -> None:
    done = run(records, "--version")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("sevlog, version ")


def test_without_a_terminal_nothing_is_asked_and_nothing_is_coloured(records: Repository) -> None:
    done = run(records, "raise", "Checkout fails")

    assert done.returncode == 3
    assert not ANSI.search(done.stdout + done.stderr)
    records.raised()
    assert "no text given" in run(records, "note").stderr


@pytest.mark.demand("S5", "S25")
def test_on_a_terminal_raising_asks_for_the_scope_and_proposes_the_severity(records: Repository) -> None:
    terminal = Terminal(records, "raise", "Checkout fails")
    terminal.answers("Which customers are affected", "some")
    terminal.answers("Are essential tasks blocked", "y")
    terminal.answers("Severity (some customers are affected)", "")
    terminal.answers("Affected component", "checkout=major_outage search")
    terminal.answers("What is happening", "Cards are refused")
    terminal.answers("How was it noticed (monitoring, customer_report, personnel, skip) [skip]", "")

    assert terminal.ends() == 0
    shown = records.tells("show")
    assert shown["detection"] == {"reporter": "ana"}
    assert (shown["severity"], shown["summary"]) == ("SEV2", "Cards are refused")
    assert shown["components"] == {"checkout": "major_outage", "search": "partial_outage"}


@pytest.mark.demand("S24")
def test_on_a_terminal_triage_asks_how_it_was_noticed(records: Repository) -> None:
    terminal = Terminal(records, "raise", "Odd noise", "--triage")
    terminal.answers("How was it noticed", "customer_report")

    assert terminal.ends() == 0
    assert records.tells("show")["detection"] == {"source": "customer_report", "reporter": "ana"}


def test_interrupted_at_a_prompt_nothing_is_written(records: Repository) -> None:
    before = records.snapshot()
    terminal = Terminal(records, "raise", "Checkout fails")
    terminal.answers("Which customers are affected", "some")
    terminal.answers("Are essential tasks blocked", "\x04")

    assert terminal.ends() == 130
    assert "interrupted" in terminal.shown
    assert records.snapshot() == before


def test_no_color_turns_colours_off_on_a_terminal(records: Repository) -> None:
    records.raised()
    for words in (("board",), ("show", "nothing")):
        colourful = Terminal(records, *words)
        colourful.ends()
        assert ANSI.search(colourful.shown)
        plain = Terminal(records, *words, NO_COLOR="1")
        plain.ends()
        assert not ANSI.search(plain.shown)


def test_a_table_is_cut_on_a_terminal_only(records: Repository) -> None:
    title = "Card payments are refused for all customers of the shop in every country"
    records.raised(title=title)
    shown = Terminal(records, "board", COLUMNS="80")
    shown.ends()

    assert title not in shown.shown
    assert "…" in shown.shown
    assert title in run(records, "board").stdout


def test_on_a_terminal_an_editor_opens_for_a_text(records: Repository, tmp_path: Path) -> None:
    records.raised()
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'Two\\nlines\\n' > \"$1\"\n", "utf-8")
    editor.chmod(0o755)

    assert Terminal(records, "note", EDITOR=str(editor)).ends() == 0
    assert records.tells("timeline")["timeline"][-1]["text"] == "Two\nlines"
    before = records.snapshot()
    empty = Terminal(records, "note", EDITOR="true")
    assert empty.ends() == 2
    assert "the text is empty" in empty.shown
    assert records.snapshot() == before


def test_a_reader_that_has_seen_enough_is_no_error(records: Repository) -> None:
    for number in range(3):
        records.raised(title=f"Number {number}")
    process = subprocess.Popen(
        [*SEVLOG, "list", "--json"],
        cwd=records.root,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()

    assert process.wait() == 0
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_killed_while_a_hook_runs_the_next_command_finds_the_entry_whole_or_absent(
    records: Repository, how: signal.Signals
) -> None:
    incident = records.raised()
    hook = records.hook("pre-commit", f"kill -{how.value} $(ps -o ppid= -p $PPID)")
    before = len(records.commits())
    killed = run(records, "note", "killed")
    assert killed.returncode == -how
    hook.unlink()

    assert run(records, "note", "the next one").returncode == 0

    texts = [row["text"] for row in records.tells("timeline", incident)["timeline"] if row["kind"] == "note"]
    assert texts in (["killed", "the next one"], ["the next one"])
    assert len(records.commits()) == before + len(texts)
    assert records.status() == ""
    git(records.root, "fsck", "--full")
    assert {p.name for p in (records.root / ".git/sevlog").iterdir()} <= {"lock", "index.sqlite"}


def test_even_a_look_repairs_what_a_dead_command_left(records: Repository) -> None:
    records.raised()
    before = records.snapshot()
    script = """
import os, signal, sys
from sevlog.stores.git import fast_commit
fast_commit.commit_beside = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from fixtures.commands import program
program()
"""
    done = subprocess.run(
        [sys.executable, "-c", script, "note", "dead"], cwd=records.root, check=False, env=surroundings()
    )
    assert done.returncode == -signal.SIGKILL
    assert records.snapshot() != before

    assert len(records.tells("timeline")["timeline"]) == 1

    assert records.snapshot() == before


def test_many_at_once_all_get_in(records: Repository) -> None:
    incident = records.raised()
    running = [
        subprocess.Popen(
            [*SEVLOG, "theory", f"theory {number}", "-i", incident],
            cwd=records.root,
            env=surroundings(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for number in range(6)
    ]
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said

    theories = records.tells("show", incident)["theories"]

    assert {t["ref"] for t in theories} == {f"T{number}" for number in range(1, 7)}
    assert {t["text"] for t in theories} == {f"theory {number}" for number in range(6)}
    assert records.status() == ""


def test_of_two_who_take_the_same_step_at_once_one_is_refused(records: Repository) -> None:
    incident = records.fixing()
    running = [
        subprocess.Popen(
            [*SEVLOG, "monitor", "-i", incident, "--mitigation", "x"],
            cwd=records.root,
            env=surroundings(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]

    assert sorted(process.wait() for process in running) == [0, 3]
    assert records.tells("show", incident)["problems"] == []


@pytest.mark.parametrize(
    "settings",
    [
        {"gpg.program": "false"},
        {"gpg.program": "/no/such/program"},
        {"gpg.format": "ssh", "user.signingkey": "/no/such/key"},
        {"gpg.format": "ssh"},
    ],
)
@pytest.mark.parametrize("hooks", [False, True])
def test_a_signature_that_cannot_be_made_is_named(records: Repository, settings: dict[str, str], hooks: bool) -> None:
    records.raised()
    if hooks:
        records.hook("pre-commit", "exit 0")
    for name, value in {"commit.gpgsign": "true", **settings}.items():
        records.git("config", name, value)

    said = records.refuses(5, "note", "x")

    assert "git could not sign the commit, so nothing was recorded" in said
    assert "git config commit.gpgsign false" in said
