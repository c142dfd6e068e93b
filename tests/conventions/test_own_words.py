"""No code hangs on the key of a shipped status, role or level: a company's own words work everywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.filled import filled
from sevlog.stores.records.settings import shipped_defaults

PACKAGE = Path(__file__).resolve().parents[2] / "tooling/sevlog"
SPARED = ("services/setup/demo", "model/oncall/escalation.py")
"""The demo company uses the shipped process, so its story names its keys. `incident_manager` is why somebody is paged:
because they are on the schedule of that name in oncall.yaml."""

ALSO_OTHER_THINGS = frozenset({
    "triage", "raised", "monitoring", "resolved", "closed", "scheduled", "in_progress", "verifying", "completed",
    "merged", "responder", "reporter", "stakeholder", "observer", "service", "security", "data", "maintenance",
})  # fmt: skip
"""Shipped keys that are also phases, categories, kinds of entries, audiences or states of an action."""


def shipped_keys() -> frozenset[str]:
    """The keys of the shipped statuses, roles, severities and priorities."""
    defaults = shipped_defaults()
    rows = [*defaults["roles"], *defaults["severities"], *defaults["priorities"]]
    rows += [status for lifecycle in defaults["lifecycles"].values() for status in lifecycle["statuses"]]
    return frozenset(str(row["key"]) for row in rows)


def literals(source: str) -> Iterator[tuple[int, str]]:
    """The strings of a module that are a shipped key and nothing else, and statuses that a step is compared with."""
    keys = shipped_keys()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in keys - ALSO_OTHER_THINGS:
            yield node.lineno, str(node.value)
        elif isinstance(node, ast.Compare) and _is_status(node.left):
            for part in node.comparators:
                yield from _keys_in(part, keys)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "StatusChanged":
            for given in node.keywords:
                yield from _keys_in(given.value, keys)


def _is_status(node: ast.expr) -> bool:
    """Whether an expression is the status of an incident: `state.status`, `draft.status`, `step.status`."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "status"
        and getattr(node.value, "id", getattr(node.value, "attr", "")) in ("state", "draft", "step")
    )


def _keys_in(node: ast.AST, keys: frozenset[str]) -> Iterator[tuple[int, str]]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and part.value in keys:
            yield part.lineno, str(part.value)


def test_no_shipped_key_is_a_literal_in_code() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {word}"
        for path in filled(sorted(PACKAGE.rglob("*.py")))
        if not path.relative_to(PACKAGE).as_posix().startswith(SPARED)
        for line, word in literals(path.read_text("utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('role = "incident_manager"\n', [(1, "incident_manager")]),
        ('if state.status == "monitoring":\n    pass\n', [(1, "monitoring")]),
        ('if session.state.status in ("triage", "raised"):\n    pass\n', [(1, "triage"), (1, "raised")]),
        ('StatusChanged(at=at, to="closed")\n', [(1, "closed")]),
        ('phase = "monitoring"\nif category == "triage":\n    "The incident manager leads"\n', []),
    ],
)
def test_a_literal_is_found(source: str, expected: list[tuple[int, str]]) -> None:
    assert list(literals(source)) == expected
