"""Every test can fail: it asserts something whatever a list holds, and says the same in every order of files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
ASSERTING = {
    "assert_valid",
    "does",
    "fails",
    "filled",
    "hold_to_the_files",
    "mail",
    "refuses",
    "require_agreement",
    "require_exactly_once",
    "require_places",
    "require_told_apart",
    "survive",
    "validate",
    "check_schema",
}
"""Helpers that assert what their names say, beside pytest's own: a test may leave it to them."""
PYTEST = {"pytest.raises", "pytest.fail", "pytest.warns"}
LISTINGS = {"glob", "rglob", "iterdir", "scandir", "listdir"}
ORDERED = {"min", "max", "sorted", "set", "frozenset", "any", "all", "len", "Counter", "sum", "dict"}
"""What makes the same of a listing in any order; so do comprehensions of sets and dictionaries."""
THROUGH = {
    "enumerate",
    "reversed",
    "sorted",
    "list",
    "tuple",
    "zip",
    "product",
    "permutations",
    "items",
    "keys",
    "values",
}
"""What goes through all that it is given."""
KEPT = {"range", "get_args", "filled", "set", "fields"}
"""What yields at least one item as tests use it: `filled` makes sure of it."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def findings(source: str) -> list[str]:
    """What is wrong with the tests of a module, with their lines."""
    tree = ast.parse(source)
    literals = _literals(tree)
    found = [*_unsorted(tree), *_undecided(tree)]
    for function in ast.walk(tree):
        if isinstance(function, Function) and function.name.startswith("test_"):
            known = literals | _literals(function)
            if not any(_asserts(node) for node in ast.walk(function)):
                found.append(f"{function.lineno}: asserts nothing")
            elif not _asserts_for_sure(function.body, known):
                found.append(f"{function.lineno}: asserts only inside a loop over what may be empty")
    return found


def _asserts(node: ast.AST) -> bool:
    return isinstance(node, ast.Assert) or (
        isinstance(node, ast.Call) and (ast.unparse(node.func) in PYTEST or _name(node.func) in ASSERTING)
    )


def _name(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]


def _asserts_for_sure(body: list[ast.stmt], known: set[str]) -> bool:
    return any(_is_sure(statement, known) for statement in body)


def _is_sure(node: ast.stmt, known: set[str]) -> bool:
    if isinstance(node, ast.For | ast.AsyncFor):
        return _is_filled(node.iter, known) and _asserts_for_sure(node.body, known)
    if isinstance(node, Function):  # such as a property that the test then runs
        return _asserts_for_sure(node.body, known)
    if isinstance(node, ast.Try):
        ways = [handler.body for handler in node.handlers]
        return _asserts_for_sure(node.body, known) or all(_asserts_for_sure(way, known) for way in [*ways, node.orelse])
    if isinstance(node, ast.With | ast.AsyncWith | ast.While | ast.If):
        heads = [item.context_expr for item in node.items] if isinstance(node, ast.With | ast.AsyncWith) else []
        return any(_asserts(part) for head in heads for part in ast.walk(head)) or _asserts_for_sure(node.body, known)
    return any(_asserts(part) for part in ast.walk(node))


def _is_filled(node: ast.expr, known: set[str]) -> bool:
    """Whether there is an item for sure: it stands there, or something makes sure of it."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return bool(node.elts)
    if isinstance(node, ast.Dict):
        return bool(node.keys)
    if isinstance(node, ast.Name):
        return node.id in known or node.id.isupper()
    if isinstance(node, ast.Attribute):
        return node.attr.isupper()
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, ast.BinOp):
        return _is_filled(node.left, known) or _is_filled(node.right, known)
    if isinstance(node, ast.Call):
        name = _name(node.func)
        if name in THROUGH:
            given = [node.func.value] if isinstance(node.func, ast.Attribute) and not node.args else node.args
            return bool(given) and all(_is_filled(item, known) for item in given)
        return name in KEPT
    return False


def _literals(node: ast.Module | Function) -> set[str]:
    """The names that are given something with items in it."""
    names: set[str] = set()
    for statement in node.body:
        if isinstance(statement, ast.Assign) and _is_filled(statement.value, names):
            names |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    return names


def _unsorted(tree: ast.Module) -> Iterator[str]:
    """Listings of folders whose order matters: it is another one on another machine."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in LISTINGS and not _is_ordered(node, parents):
            yield f"{node.lineno}: {_name(node.func)} without sorted()"


def _is_ordered(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    while (above := parents.get(node)) is not None and not isinstance(above, ast.stmt):
        if isinstance(above, ast.Call) and _name(above.func) in ORDERED:
            return True
        if isinstance(above, ast.SetComp | ast.DictComp):
            return True
        if isinstance(above, ast.Compare) and isinstance(above.ops[0], ast.In | ast.NotIn):
            return True
        node = above
    return False


def _undecided(tree: ast.Module) -> Iterator[str]:
    """`assert A in said or B in said` does not say which it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or):
            contained = [v for v in node.test.values if isinstance(v, ast.Compare) and isinstance(v.ops[0], ast.In)]
            if len(contained) > len({ast.unparse(v.comparators[0]) for v in contained}):
                yield f"{node.lineno}: `A in … or B in …`"


def test_every_test_can_fail_and_says_the_same_everywhere() -> None:
    found = {
        path.relative_to(TESTS).as_posix(): findings(path.read_text("utf-8")) for path in sorted(TESTS.rglob("*.py"))
    }

    assert [f"{name}:{finding}" for name, rows in found.items() for finding in rows] == []


@pytest.mark.parametrize(
    "body",
    [
        "print(said)",
        "for row in rows(): assert row",
        "for row in said.splitlines():\n  for name in NAMES: assert name in row",
        "assert 'a' in said or 'b' in said",
        "assert next(folder.glob('*'))",
        "assert [path.name for path in folder.iterdir()] == ['a', 'b']",
    ],
)
def test_a_test_that_may_say_nothing_is_noticed(body: str) -> None:
    assert len(findings(_as_test(body))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "for row in filled(rows()): assert row",
        "for name in ('a', 'b'): assert name in said",
        "rows = [1, 2]\nfor number, row in enumerate(rows): assert row",
        "with pytest.raises(ValueError): read(said)",
        "records.refuses(2, 'note')",
        "assert 'a' in said or 'b' in other",
        "assert [path.name for path in sorted(folder.iterdir())] == ['a', 'b']",
        "try: read(said)\nexcept ValueError as error: assert error.args\nelse: assert said",
    ],
)
def test_a_test_that_says_something_passes(body: str) -> None:
    assert findings(_as_test(body)) == []


def _as_test(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return f"def test_it(said):\n{lines}\n"
