"""`sevlog postmortem lint`: what a writer types and sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.repositories import Repository

TEXT = """\
---
status: draft
contributing_factors: [{id: F1, text: The pool had no limit.}]
---

## Fault

Ana should have checked the pool.
"""


@pytest.fixture
def draft(records: Repository, tmp_path: Path) -> Path:
    """A postmortem outside of the records."""
    path = tmp_path / "draft.md"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    return path


def test_findings_read_like_those_of_a_compiler_and_warnings_do_not_fail(records: Repository, draft: Path) -> None:
    (records.root / "oncall.yaml").write_text("schema: 1\npeople: [{key: ana, name: Ana}]\n", "utf-8")
    done = records.sevlog("postmortem", "lint", str(draft))

    assert done.code == 0
    assert done.out.splitlines() == [
        f"{draft}:8:1: warning[blame_name]: `Ana`: names a person in an analysis",
        "  hint: use the role, such as `a responder` or `the author of the change`",
        f"{draft}:8:5: warning[counterfactual]: `should have`: says what a person should have done, "
        "which explains nothing",
        "  hint: say what was done and why it made sense at the time; put the change you want under Actions",
        "",
        "1 postmortem checked: 2 warnings in 1 file",
    ]


def test_json_has_the_findings_of_the_rules_that_were_asked_for(records: Repository, draft: Path) -> None:
    found = json.loads(records.does("postmortem", "lint", str(draft), "--rule", "counterfactual", "--json"))

    assert [(one["code"], one["line"], one["column"]) for one in found["problems"]] == [("counterfactual", 8, 5)]
    assert found["checked"] == 1


def test_an_untouched_draft_of_an_incident_fails_and_names_each_section(records: Repository) -> None:
    incident = records.resolved()
    done = records.sevlog("postmortem", "lint", "-i", incident)

    assert done.code == 1
    assert "error[untouched_template]: `## Leadup`: section contains only the question of the template" in done.out
    assert "error[no_contributing_factor]" in done.out
    assert records.sevlog("postmortem", "lint").out == done.out
    assert "error" in records.sevlog("postmortem", "lint", "-i", incident, "--format", "github").out


def test_a_broken_file_has_clear_findings(records: Repository, draft: Path) -> None:
    draft.write_bytes(b"\xff\xfe\0" + TEXT.encode() + b"<<<<<<< ours\n" + b"x" * 1_100_000)
    assert "file is larger than 1024 KiB" in records.sevlog("postmortem", "lint", str(draft)).out

    draft.write_bytes(TEXT.encode() + b"caf\xe9 \0\n<<<<<<< ours\n")
    out = records.sevlog("postmortem", "lint", str(draft)).out
    assert [line.split(": ")[-1] for line in out.splitlines() if "[broken_file]" in line] == [
        "file is not UTF-8",
        "file contains a NUL byte",
        "merge conflict is not resolved",
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nowhere.md",), 4, "is not a file"),
        (("--rule", "blame-name"), 2, "did you mean `blame_name`?"),
        (("draft.md", "-i", "x"), 2, "an incident and a file are given"),
    ],
)
def test_what_cannot_be_meant_is_refused(records: Repository, words: tuple[str, ...], code: int, said: str) -> None:
    done = records.sevlog("postmortem", "lint", *words)

    assert done.code == code
    assert said in done.err
