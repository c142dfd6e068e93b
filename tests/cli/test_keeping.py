"""A typed text is never lost: if its command fails, it is in a file that the error names."""

from __future__ import annotations

import io
import re
import shlex
import sys
import time
from pathlib import Path

import pytest

from fixtures.repositories import Repository, living_git
from sevlog.stores.git import command as git_command
from sevlog.stores.git import journal, transaction, waiting

TEXT = "The pool is empty since 14:02,\nand nobody knows why."
ACTS = [
    ("note",),
    ("observe",),
    ("theory",),
    ("decide",),
    ("act", "--type", "mitigation"),
    ("task",),
    ("update", "--audience", "internal"),
    ("experiment", "--theory", "T1", "--expect", "errors stop"),
]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_command, "_PAUSES", (0.01, 0.01))
    monkeypatch.setattr(journal, "_PATIENCE", 0.02)
    monkeypatch.setattr(transaction, "_AFTER_FAILURE", 0.02)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))


def kept_file(said: str) -> Path:
    found = re.search(r"your text is saved; run again with the same options: sevlog [\w ]+ - < (\S+)", said)
    assert found, said
    return Path(shlex.split(found[1])[0])


def texts(records: Repository) -> list[Path]:
    return sorted((records.root / ".git/sevlog/texts").glob("*"))


def ready(records: Repository, act: tuple[str, ...]) -> None:
    records.raised()
    if act[0] == "experiment":
        records.does("theory", "The pool is too small")


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act[0])
def test_a_text_survives_a_hook_that_refuses_and_its_file_goes_once_it_is_recorded(
    records: Repository, monkeypatch: pytest.MonkeyPatch, act: tuple[str, ...]
) -> None:
    ready(records, act)
    hook = records.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    typed(monkeypatch, TEXT)

    refusal = records.refuses(5, *act, "-")

    file = kept_file(refusal)
    assert file.read_text("utf-8").strip() == TEXT
    hook.unlink()
    typed(monkeypatch, file.read_text("utf-8"))
    records.does(*act, "-")
    assert texts(records) == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("words", [(TEXT,), ("-",)])
def test_a_text_survives_another_git_that_holds_the_index(
    records: Repository, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    records.raised()
    typed(monkeypatch, TEXT)
    lock = records.root / ".git/index.lock"
    lock.touch()

    with living_git(records.root):
        refusal = records.refuses(5, "note", *words)

    assert kept_file(refusal).read_text("utf-8").strip() == TEXT
    lock.unlink()
    records.does("note", TEXT)
    assert texts(records) == []


def test_what_was_refused_keeps_a_text_that_stands_nowhere_else(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.raised()
    typed(monkeypatch, TEXT)

    refusal = records.refuses(3, "update", "-")

    assert kept_file(refusal).read_text("utf-8").strip() == TEXT
    assert "your text is saved" not in records.refuses(3, "update", TEXT)


def test_a_wait_is_told_after_a_second_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    now = [100.0]
    monkeypatch.setattr(waiting, "tell", said.append)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    wait = waiting.Waiting("for the lock")
    wait.go_on()
    assert said == []
    now[0] += 1.1
    wait.go_on()
    wait.go_on(5.0)

    assert said == ["for the lock"]


def test_who_waits_for_another_git_reads_what_for_and_how_long(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_command, "_PAUSES", (0.01, 0.01))
    monkeypatch.setattr(transaction, "_AFTER_FAILURE", 0.02)
    monkeypatch.setattr(waiting, "SOON", 0.0)
    records.raised()
    lock = records.root / ".git/index.lock"
    lock.touch()

    with living_git(records.root):
        done = records.sevlog("note", "x")

    said = done.err
    assert done.code == 5
    assert f"waiting for another git process that holds {lock}, up to" in said
    assert f"rm {lock}" in said
    lock.unlink()
    records.does("note", "y")


def test_hooks_see_that_the_commit_is_one_of_sevlog_and_the_check_is_skipped(
    records: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SKIP", "black")
    records.raised()
    hook = records.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\necho "$SEVLOG_COMMIT $SKIP" > {tmp_path}/seen\n')
    hook.chmod(0o755)

    records.does("note", "x")

    assert (tmp_path / "seen").read_text() == "1 black,sevlog-check\n"
