"""Each error is one message with its exit code, as text or JSON, never a traceback."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from fixtures.repositories import Repository
from sevlog.services.views import board as views_board

CASES = [
    (2, "usage", ("nocommand",)),
    (2, "usage", ("note", "--nooption")),
    (2, "usage", ("severity",)),
    (2, "usage", ("maintenance",)),
    (2, "usage", ("maintenance", "lst")),
    (2, "usage", ()),
    (2, "usage", ("note", "x", "--at", "soon")),
    (3, "refused", ("raise", "x")),
    (4, "not_found", ("show", "nothing")),
    (4, "not_found", ("note", "x")),
    (5, "git", ("raise", "x", "--severity", "SEV3", "--component", "search", "--summary", "s")),
]


@pytest.mark.parametrize(("code", "name", "words"), CASES, ids=[" ".join(words) for _, _, words in CASES])
def test_with_json_an_error_is_one_document(records: Repository, code: int, name: str, words: tuple[str, ...]) -> None:
    if code == 5:
        records.git("checkout", "--quiet", "--detach")

    error = records.fails(code, *words)

    assert error["code"] == name
    assert error["message"]
    assert error["hints"]


def test_a_refusal_tells_programs_what_stands_against_it(records: Repository) -> None:
    records.fixing()

    error = records.fails(3, "resolve")

    assert error["details"]["status"] == "fixing"
    assert [p["code"] for p in error["details"]["problems"]] == [
        "guard_assessment",
        "guard_attestation",
        "guard_impact_end",
    ]


def test_json_may_stand_before_the_command_and_is_a_text_behind_two_hyphens(records: Repository) -> None:
    incident = records.raised()

    assert records.sevlog("--json", "show", incident).out.startswith("{")
    assert records.sevlog("note", "--", "--json").out.startswith(incident)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lst",), "did you mean: sevlog list?"),
        (("xyzzy",), "all commands: sevlog --help"),
        (("maintenance", "strat"), "did you mean: sevlog maintenance start?"),
        (("maintenance", "xyzzy"), "commands: cancel, complete, schedule, start, verify"),
        (("note", "--nooption"), "sevlog note --help"),
        (("escalate", "--to", "bo"), 'sevlog escalate --to team:payments --reason "needs a database owner"'),
        (("raise", "x", "--scope", "few"), "--scope all --summary"),
    ],
)
def test_a_slip_is_answered_with_a_command_that_would_work(
    records: Repository, words: tuple[str, ...], said: str
) -> None:
    assert said in records.refuses(2, *words)


@pytest.mark.parametrize("words", [(), ("maintenance",), ("postmortem",)])
def test_a_group_without_a_command_shows_its_help(records: Repository, words: tuple[str, ...]) -> None:
    done = records.sevlog(*words)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: sevlog")
    assert "error:" not in done.err


def bug(*_: object) -> Any:
    raise RuntimeError("the moon is wrong")


def test_a_bug_says_where_and_how_to_report_it(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_board, "board", bug)

    done = records.sevlog("board")

    assert done.code == 70
    assert done.err.startswith("error: a bug in sevlog: the moon is wrong\n")
    assert "RuntimeError at " in done.err
    assert "please report it" in done.err
    assert "Traceback" not in done.err
    assert "Traceback" in records.sevlog("board", "-v").err
    assert records.fails(70, "board")["code"] == "bug"


def test_a_full_disk_is_no_bug(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device", "/there/x")

    monkeypatch.setattr(views_board, "board", full)

    error = records.fails(5, "board")

    assert error["message"] == "cannot write to disk: /there/x: No space left on device"
    assert "free some space" in error["hints"][0]


def test_an_interruption_has_its_own_code(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(views_board, "board", interrupted)

    done = records.sevlog("board")

    assert done.code == 130
    assert done.err.lstrip().startswith("error: interrupted")
    assert '"code": "interrupted"' in records.sevlog("board", "--json").out
