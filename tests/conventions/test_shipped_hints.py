"""Hints, help and shipped files name only what a new repository has: `sevlog init` writes no docs/ folder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.filled import filled

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tooling/sevlog"
DOCUMENT = re.compile(r"(?<![/\w])docs/[a-z/]+\.md(?! of sevlog)")


def texts(source: str) -> Iterator[tuple[int, str]]:
    """The texts of a module that a user can see, with their lines: no docstrings, except of commands."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    inside = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented)
        and not getattr(node, "decorator_list", ())
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def named(source: str) -> list[str]:
    return [f"{line}: {name}" for line, text in texts(source) for name in DOCUMENT.findall(text)]


def test_no_hint_or_help_names_a_document_that_a_new_repository_lacks() -> None:
    modules = filled(path for path in sorted(PACKAGE.rglob("*.py")) if "templates" not in path.parts)
    found = {path.name: names for path in modules if (names := named(path.read_text("utf-8")))}

    assert found == {}


def test_no_shipped_file_names_a_document_that_a_new_repository_lacks() -> None:
    shipped = [path for name in ("templates", "data") for path in sorted((PACKAGE / name).rglob("*")) if path.is_file()]

    assert [path.name for path in filled(shipped) if DOCUMENT.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('raise X("a", "see docs/oncall.md")', ["1: docs/oncall.md"]),
        ('x = 1\ny = f"{x} docs/redaction.md has it"', ["2: docs/redaction.md"]),
        ('@command\ndef f():\n    """Help: docs/a.md"""', ["3: docs/a.md"]),
        ('def f():\n    """For developers: docs/a.md"""', []),
        ('x = "docs/notifications.md of sevlog"', []),
        ('x = "https://acme.example/docs/a.md"', []),
    ],
)
def test_a_text_that_names_a_document_is_found(source: str, lines: list[str]) -> None:
    assert named(source) == lines
