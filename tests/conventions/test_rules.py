"""docs/rules.md has every code that a finding can carry, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sevlog.model.rules.known_names import _HOMES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tooling/sevlog"
TREES = {
    path: ast.parse(path.read_text("utf-8"))
    for layer in ("model", "stores", "services")
    for path in sorted((PACKAGE / layer).rglob("*.py"))
    if not path.name.startswith("importing")
}


def places_of_codes() -> dict[str, int]:
    """Function or class -> the position of its `code` argument (self not counted)."""
    places: dict[str, int] = {"Problem": -1}
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.args if argument.arg != "self"]
            elif isinstance(node, ast.ClassDef):
                names = [
                    row.target.id
                    for row in node.body
                    if isinstance(row, ast.AnnAssign) and isinstance(row.target, ast.Name)
                ]
            else:
                continue
            if "code" in names and node.name != "Problem":
                places[node.name] = names.index("code")
    return places


def codes_in_source() -> set[str]:
    """Every code that is written as a text somewhere."""
    places = places_of_codes()

    def texts() -> Iterator[str]:
        for tree in TREES.values():
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name not in places:
                    continue
                values = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                values += node.args[places[name] : places[name] + 1] if places[name] >= 0 else []
                yield from (
                    n.value
                    for v in values
                    for n in ast.walk(v)
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                )

    return {text for text in texts() if re.fullmatch(r"[a-z]+(_[a-z]+)*", text)}


def codes_in_document() -> set[str]:
    text = (ROOT / "docs/rules.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    rows += [line for line in text.splitlines() if line.startswith("`unknown_")]
    return {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}


def test_every_code_of_a_finding_is_documented() -> None:
    made = codes_in_source() | {f"unknown_{kind}" for kind in _HOMES}

    assert len(made) > 50
    assert sorted(made - codes_in_document()) == []


def test_no_code_is_documented_that_nothing_finds() -> None:
    source = "\n".join(path.read_text("utf-8") for path in TREES)
    made = codes_in_source() | {f"unknown_{kind}" for kind in _HOMES}

    assert sorted(code for code in codes_in_document() - made if f'"{code}"' not in source) == []
