"""No test asks what time it really is: what passes today passes tomorrow, at midnight, and on 29 February."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
READERS = {
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.strftime",
    "time.ctime",
}
"""What asks the machine for the time of day. `time.monotonic`, which only measures, is fine."""
COMMAND_LINES = {"sevlog.cli.main": {"run", "main"}, "sevlog.services.workspace.workspace": {"system_clock"}}
"""What goes by the machine's clock unless it is given another: tests take `run` from fixtures.commands."""
OPENERS = {"main.run", "main.main", "Workspace", "Workspace.find", "demonstrate", "serve_site"}
"""What takes a clock, and goes by the machine's without one."""
ALLOWED = {
    "conventions/walkthrough.py": "gives the command line the times of the document",
    "conventions/test_startup.py": "looks at which modules are loaded, and runs no command",
}


def readings(source: str) -> list[str]:
    """Where a module asks for the time of day."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if f"{owner}.{node.attr}" in READERS:
                found.append(f"{node.lineno}: {owner}.{node.attr}")
        elif isinstance(node, ast.ImportFrom):
            names = COMMAND_LINES.get(node.module or "", set()) & {alias.name for alias in node.names}
            found += [f"{node.lineno}: {node.module}.{name}" for name in sorted(names)]
        elif isinstance(node, ast.List) and [_text(item) for item in node.elts[1:3]] == ["-m", "sevlog"]:
            found.append(f"{node.lineno}: python -m sevlog")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in OPENERS and not _has_clock(node):
            found.append(f"{node.lineno}: {ast.unparse(node.func)} without a clock")
    return found


def _has_clock(call: ast.Call) -> bool:
    return "clock" in {keyword.arg for keyword in call.keywords}


def _text(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def test_no_test_reads_the_clock_of_the_machine() -> None:
    modules = [path for path in sorted(TESTS.rglob("*.py")) if path.relative_to(TESTS).parts[0] != "bench"]
    names = [path.relative_to(TESTS).as_posix() for path in modules]
    found = {name: readings(path.read_text("utf-8")) for name, path in zip(names, modules, strict=True)}

    assert set(ALLOWED) <= set(names)
    assert {name: places for name, places in found.items() if places and name not in ALLOWED} == {}


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "x = time.time",
        "date.today()",
        "from sevlog.cli.main import run",
        "Popen([sys.executable, '-m', 'sevlog', 'board'])",
        "Workspace.find(root)",
        "main.run(words)",
    ],
)
def test_a_reading_of_the_clock_is_noticed(source: str) -> None:
    assert len(readings(source)) == 1


def test_a_deadline_is_no_reading_of_the_clock() -> None:
    assert readings("deadline = time.monotonic() + 20\nfrom sevlog.cli.main import cli") == []
