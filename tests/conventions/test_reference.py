"""The reference is made from the code, and what the code says of documents is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sevlog.cli.command_table import COMMANDS
from sevlog.cli.reference.pages import pages
from sevlog.errors import Exit
from sevlog.model.timeline.entries import KIND_BY_NAME
from sevlog.model.timeline.guards import GUARDS
from sevlog.model.timeline.state import Milestones

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs/reference"
VIEWING = ROOT / "tooling/sevlog/model/learning/durations.py"


@pytest.mark.parametrize("name", ["commands.md", "entries.md", "files.md", "guards.md", "exit-codes.md"])
def test_the_reference_says_what_the_code_does(name: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == pages()[name], "write it again: make reference"


def test_every_command_entry_kind_guard_and_exit_code_is_in_it() -> None:
    told = pages()

    assert [row.name for row in COMMANDS if f"## `sevlog {row.name}" not in told["commands.md"]] == []
    assert [kind for kind in KIND_BY_NAME if f"## `{kind}`" not in told["entries.md"]] == []
    assert [guard for guard in GUARDS if f"- `{guard}`: " not in told["guards.md"]] == []
    assert [code for code in Exit if f"| {int(code)} | " not in told["exit-codes.md"]] == []


def test_every_option_and_every_key_has_a_description() -> None:
    silent = [
        f"{name}: {line}"
        for name, text in pages().items()
        for line in text.splitlines()
        if re.fullmatch(r"- `[^:]*", line) and " / " not in line  # a choice among words says enough
    ]

    assert silent == []


def test_documents_that_the_code_names_are_there() -> None:
    sources = [
        *sorted((ROOT / "tooling/sevlog").rglob("*.py")),
        *sorted((ROOT / "tooling/sevlog/templates").rglob("*.*")),
    ]
    missing = {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in sources
        if path.suffix != ".pyc"
        for name in re.findall(r"\bdocs/[\w./-]+\.md\b", path.read_text("utf-8"))
        if not (ROOT / name).exists()
    }

    assert missing == set()


def test_every_milestone_and_duration_is_defined() -> None:
    text = (ROOT / "docs/metrics.md").read_text("utf-8")
    names = [*Milestones.__struct_fields__, *re.findall(r'^        "(time_to_\w+)":', VIEWING.read_text("utf-8"), re.M)]

    assert len(names) > 15
    assert [name for name in names if f"`{name}`" not in text] == []
