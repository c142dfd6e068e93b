"""Hooks run after acts with the incident on standard input; they cannot undo or delay an act."""

from __future__ import annotations

import fcntl
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from fixtures.repositories import Repository, git, validator


def hook(records: Repository, script: str, on: str = "[raised]", more: str = "", *, commit: bool = True) -> Path:
    """Add a hook that is a script of Python, as the branch of the records has it."""
    path = records.root / "hooks/hook"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{script}\n", "utf-8")
    path.chmod(0o755)
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8") + f"hooks: [{{on: {on}, run: ./hooks/hook{more}}}]\n", "utf-8")
    if commit:
        records.git("add", ".")
        records.git("commit", "-qm", "a hook")
    return path


def listed(records: Repository) -> list[dict[str, Any]]:
    document = json.loads(records.does("hook", "list", "--json"))
    validator("hook-list").validate(document)
    rows: list[dict[str, Any]] = document["hooks"]
    return rows


SAVES = "open('seen.json', 'w').write(sys.stdin.read()); print(os.environ['SEVLOG_EVENTS'])"


@pytest.mark.demand("S60")
def test_it_gets_the_events_the_entries_and_the_incident(records: Repository) -> None:
    hook(records, SAVES)
    incident = records.raised()

    seen = json.loads((records.root / "seen.json").read_text("utf-8"))

    assert (seen["events"], seen["incident"]["id"]) == (["raised"], incident)
    assert [entry["kind"] for entry in seen["entries"]] == ["raised"]
    assert seen["incident"]["severity"] == "SEV2"


@pytest.mark.demand("S60")
@pytest.mark.parametrize(
    ("on", "acts", "runs"),
    [
        ("[took_command]", [("ack", "--channel", "chat=https://chat.example/1")], True),
        ("[channel]", [("ack", "--channel", "chat=https://chat.example/1")], True),
        ("[fixing]", [("ack", "--channel", "chat=https://chat.example/1")], True),
        ("[severity_changed]", [("severity", "SEV1", "--reason", "worse")], True),
        ("[update]", [("note", "nothing new")], False),
        (
            "[relapsed]",
            [
                ("ack", "--channel", "chat=https://chat.example/1"),
                ("act", "rolled back"),
                ("monitor",),
                ("reopen", "--reason", "it is back"),
            ],
            True,
        ),
    ],
)
def test_it_runs_on_its_events_and_on_no_other(
    records: Repository, on: str, acts: list[tuple[str, ...]], runs: bool
) -> None:
    hook(records, SAVES, on)
    records.raised()
    for words in acts:
        records.does(*words)

    assert (records.root / "seen.json").exists() == runs


@pytest.mark.parametrize(
    ("script", "told"),
    [("print('no room'); sys.exit(3)", "exit code 3"), ("os.kill(os.getpid(), 9)", "ended by signal 9")],
)
def test_a_hook_that_fails_is_told_and_the_act_stands(records: Repository, script: str, told: str) -> None:
    hook(records, script)
    done = records.sevlog("raise", "X", "--severity", "SEV3", "--component", "search", "--summary", "x")

    assert (done.code, len(list((records.root / "incidents").glob("*/*")))) == (0, 1)
    assert f"warning: hook ./hooks/hook: {told}" in done.err
    assert "to retry: sevlog hook run -i" in done.err
    assert records.status() == ""


def test_a_hook_that_hangs_is_stopped_with_all_that_it_started(records: Repository) -> None:
    hook(
        records,
        "import fcntl, subprocess\nheld = open('held', 'w')\nfcntl.flock(held, fcntl.LOCK_EX)\n"
        "subprocess.Popen(['sleep', '100'], pass_fds=[held.fileno()])\ntime.sleep(100)",
        more=", timeout: 2s",
    )
    done = records.sevlog("raise", "X", "--severity", "SEV3", "--component", "search", "--summary", "x")

    assert done.code == 0
    assert "timed out after 2 s" in done.err
    with (records.root / "held").open("w") as held:
        before = signal.signal(signal.SIGALRM, _too_long)
        signal.alarm(50)
        fcntl.flock(held, fcntl.LOCK_EX)  # it is free once nobody is left who holds it
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _too_long(*_: object) -> None:
    raise TimeoutError("somebody that the hook started lives on")


def test_nobody_waits_for_a_child_that_a_hook_leaves_behind(records: Repository) -> None:
    """Its pipe stays open for longer than the hook may take: had anybody waited, it would have been stopped."""
    hook(records, "import subprocess\nsubprocess.Popen(['sleep', '30'])", more=", timeout: 9s")
    done = records.sevlog("raise", "X", "--severity", "SEV3", "--component", "search", "--summary", "x")

    assert "warning" not in done.err


def test_a_flood_of_output_is_read_and_cut(records: Repository) -> None:
    hook(records, "sys.stdout.write('x' * 3_000_000); sys.exit(1)")
    done = records.sevlog("raise", "X", "--severity", "SEV3", "--component", "search", "--summary", "x")

    assert "exit code 1" in done.err
    assert len(done.err) < 100_000


@pytest.mark.demand("S60")
def test_its_output_is_kept_as_evidence_without_secrets(records: Repository) -> None:
    hook(records, "print('\\x1b[31mroom 7\\x1b[0m AKIAABCDEFGHIJKLMNOP')", more=", keep_output: true")
    incident = records.raised()

    rows = records.tells("timeline", incident)["timeline"]
    note = next(row for row in rows if row["kind"] == "note")
    (file,) = sorted(records.folder().glob("evidence/hook-*.txt"))
    assert file.read_text("utf-8") == "room 7 [an access key of a cloud was here]\n"
    assert "succeeded" in note["text"]
    assert records.status() == ""
    assert len([row for row in rows if row["kind"] == "note"]) == 1


def test_what_a_hook_records_itself_starts_no_hook(records: Repository) -> None:
    sevlog = f"{sys.executable} -m sevlog channel chat https://chat.example/room"
    script = f"open('runs', 'a').write('once ')\nsys.exit(os.system({sevlog!r}))"
    hook(records, script, on="[raised, channel]", more=", timeout: 60s")
    incident = records.raised()

    shown = records.tells("show", incident)
    assert [channel["url"] for channel in shown["channels"]] == ["https://chat.example/room"]
    assert (records.root / "runs").read_text("utf-8") == "once "


@pytest.mark.parametrize("words", [("--dry-run",), ("--no-commit",)])
def test_what_is_not_recorded_runs_nothing(records: Repository, words: tuple[str, ...]) -> None:
    hook(records, SAVES)
    records.raised(*words) if words != ("--dry-run",) else records.does(
        "raise", "X", "--severity", "SEV3", "--component", "search", "--summary", "x", *words
    )
    assert not (records.root / "seen.json").exists()


PULL_REQUEST = {"CI": "true", "GITHUB_EVENT_NAME": "pull_request", "SEVLOG_HOOKS": "on"}


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"SEVLOG_HOOKS": "off"}, "SEVLOG_HOOKS turns them off"),
        ({"CI": "true"}, "hooks are off in pipelines; set SEVLOG_HOOKS=on to run them"),
        (PULL_REQUEST, "hooks never run in the pipeline of a pull request, because its code is not trusted"),
        (
            {"CI": "true", "SEVLOG_HOOKS": "on", "CI_MERGE_REQUEST_IID": "7"},
            "hooks never run in the pipeline of a pull request, because its code is not trusted",
        ),
        ({"CI": "true", "SEVLOG_HOOKS": "on", "TRAVIS_PULL_REQUEST": "false"}, None),
    ],
)
def test_in_pipelines_they_are_off_and_for_pull_requests_always(
    records: Repository, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], why: str | None
) -> None:
    for name in ("CI", "GITHUB_ACTIONS", "GITHUB_EVENT_NAME", "GITHUB_HEAD_REF", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    hook(records, SAVES)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    records.raised()

    assert (records.root / "seen.json").exists() == (why is None)
    assert listed(records)[0]["why"] == why


def test_what_the_branch_of_the_records_does_not_have_never_runs(records: Repository, tmp_path: Path) -> None:
    """As when the pull request of a stranger is checked out: their hook, or their change to one of ours."""
    path = hook(records, SAVES)
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    records.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    records.git("push", "--quiet", "-u", "origin", "main")
    assert listed(records)[0]["runs"] is True

    records.git("switch", "--quiet", "-c", "theirs")
    path.write_text(path.read_text("utf-8") + "os.system('touch stolen')\n", "utf-8")
    records.git("commit", "-qam", "changed")
    assert listed(records)[0]["why"] == "hooks/hook differs from the version on origin/main".replace(
        "hooks", "./hooks", 1
    )

    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8").replace("on: [raised]", "on: [note]"), "utf-8")
    records.git("commit", "-qam", "another")
    assert listed(records)[0]["why"] == "sevlog.yaml does not list it on origin/main"


@pytest.mark.parametrize(
    ("run", "why"),
    [
        ("/bin/sh", "/bin/sh is not in the repository"),
        ("../hook", "../hook is not in the repository"),
        ("./hooks/none", "./hooks/none cannot be read: No such file or directory"),
        ("./hooks/link", "./hooks/link is not in the repository"),
        ("'", "`'` is not a command"),
        ("./sevlog.yaml", "./sevlog.yaml is not executable (chmod +x ./sevlog.yaml)"),
    ],
)
def test_what_is_no_file_of_the_repository_never_runs(records: Repository, run: str, why: str) -> None:
    (records.root / "hooks").mkdir()
    (records.root / "hooks/link").symlink_to("/bin/sh")
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8") + f"hooks: [{{on: [raised], run: {json.dumps(run)}}}]\n", "utf-8")
    records.git("add", ".")
    records.git("commit", "-qm", "a hook")

    assert listed(records)[0]["why"] == why


def test_it_is_run_again_by_hand(records: Repository) -> None:
    hook(records, "print(json.load(sys.stdin)['events']); sys.exit(not os.path.exists('ready'))")
    incident = records.raised()
    failed = records.sevlog("hook", "run", "raised", "--json")
    (records.root / "ready").touch()
    (run,) = json.loads(records.does("hook", "run", "raised", "-i", incident, "--json"))["runs"]

    assert failed.code == 1
    validator("hook-run").validate(json.loads(failed.out))
    assert (run["code"], run["output"], run["said"]) == (0, "['raised']", "succeeded")
    assert "unknown event `razed`" in records.refuses(2, "hook", "run", "razed")
    assert "no hook is configured for note" in records.refuses(4, "hook", "run", "note")


def test_check_finds_events_and_files_that_are_not_there(records: Repository) -> None:
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8") + "hooks: [{on: [razed], run: ./hooks/none}]\n", "utf-8")

    found = json.loads(records.sevlog("check", "--json").out)["problems"]

    assert [(p["code"], p["severity"]) for p in found] == [("unknown_event", "error"), ("missing_file", "warning")]
