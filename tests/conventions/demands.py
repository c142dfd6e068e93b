"""docs/demands.md as data, and the tests that name a demand. `make demands` prints both side by side."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\| (S\d+) \| (.+) \| (done|later|partly: .+) \|$")


@dataclass
class Demand:
    """A line of docs/demands.md with the tests that name it, as `path::name`."""

    number: str
    text: str
    state: str
    tests: list[str] = field(default_factory=list)


def read_demands(text: str) -> dict[str, Demand]:
    """The demands of the document by number. Raises ValueError for a row that is out of shape or stands twice."""
    found: dict[str, Demand] = {}
    for line in text.splitlines():
        if not re.match(r"^\| S\d", line):
            continue
        row = _ROW.match(line)
        if not row:
            raise ValueError(f"not `| number | demand | done, later or partly: what is missing |`: {line}")
        if row[1] in found:
            raise ValueError(f"{row[1]} stands twice")
        found[row[1]] = Demand(row[1], row[2], row[3])
    return found


def named_demands(source: str) -> Iterator[tuple[str, str]]:
    """(test name, demand) for each demand marker of a test module; markers on a class or module count for its tests."""

    def walk(body: list[ast.stmt], inherited: list[str], prefix: str) -> Iterator[tuple[str, str]]:
        for statement in body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name.startswith("test"):
                own = [n for d in statement.decorator_list for n in _numbers(d)]
                yield from ((prefix + statement.name, number) for number in [*inherited, *own])
            elif isinstance(statement, ast.ClassDef) and statement.name.startswith("Test"):
                own = [n for d in statement.decorator_list for n in _numbers(d)]
                yield from walk(statement.body, [*inherited, *own], f"{prefix}{statement.name}::")

    tree = ast.parse(source)
    module = [
        number
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in statement.targets)
        for number in _numbers(statement.value)
    ]
    yield from walk(tree.body, module, "")


def _numbers(node: ast.AST) -> list[str]:
    return [
        argument.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "demand"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def demands_with_tests() -> tuple[dict[str, Demand], list[str]]:
    """Every demand with its tests, and the markers that name none."""
    demands = read_demands((ROOT / "docs/demands.md").read_text("utf-8"))
    unknown: list[str] = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, number in named_demands(path.read_text("utf-8")):
            test = f"{path.relative_to(ROOT).as_posix()}::{name}"
            if number in demands:
                demands[number].tests.append(test)
            else:
                unknown.append(f"{test} names {number}")
    return demands, unknown


if __name__ == "__main__":
    for demand in demands_with_tests()[0].values():
        print(f"{demand.number:4} {demand.state:6} {demand.text}")
        for test in demand.tests:
            print(f"       {test}")
