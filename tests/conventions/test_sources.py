"""House rules that a reader of the sources should be able to rely on."""

from __future__ import annotations

import ast
import subprocess
import tempfile
from pathlib import Path

from fixtures.filled import filled

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tooling/sevlog"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400
VAGUE = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked_texts() -> list[tuple[str, str]]:
    """Path and text of every tracked text file; without git (an unpacked sdist) of every source file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else [name_of(p) for p in MODULES]
    texts = []
    for name in names:
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if b"\0" not in data[:8000]:
                texts.append((name, data.decode("utf-8", "replace")))
    return texts


def test_no_source_file_is_longer_than_400_lines() -> None:
    sources = [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]

    assert [name_of(p) for p in sources if len(p.read_text("utf-8").splitlines()) > LONGEST] == []


def test_the_first_line_of_a_module_says_what_it_owns() -> None:
    silent = [name_of(p) for p in MODULES if p.read_text("utf-8").strip() and not ast.get_docstring(_tree(p))]

    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name_of(p) for p in MODULES if p.stem in VAGUE] == []


def test_the_model_asks_no_clock() -> None:
    """`now`, `today` and their like are passed in; a fold of the same records is the same tomorrow."""
    asking = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if "model" in path.parts
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow", "time_ns", "monotonic"}
    ]

    assert asking == []


def test_one_module_prints() -> None:
    """What passes it cannot steer a terminal, whatever stands in the records."""
    forbidden = {
        "click.echo",
        "click.secho",
        "click.style",
        "click.echo_via_pager",
        "print",
        "traceback.print_exception",
    }
    printing = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if path.name != "screen.py"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call | ast.keyword)
        and ast.unparse(node.func if isinstance(node, ast.Call) else node.value) in forbidden
    ]

    assert printing == []


def test_no_tracked_file_names_this_machine() -> None:
    """A path of the machine that a file was written on is of no use on any other."""
    common = {Path("/"), Path(tempfile.gettempdir())}
    places = {f"{path}/" for path in (ROOT, ROOT.parent, Path.home()) if path not in common}

    assert [name for name, text in tracked_texts() if any(place in text for place in places)] == []


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for path in filled(sorted((ROOT / "requirements").glob("*.lock"))):
        lines = path.read_text("utf-8").splitlines()
        pins = [line for line in lines if line and not line.startswith((" ", "#"))]

        assert pins, path.name
        assert all("==" in line and line.endswith("\\") for line in pins), path.name
        assert not any("://" in line or "index" in line for line in lines), path.name


def test_the_smaller_locks_hold_the_tested_versions() -> None:
    tested = _pins(ROOT / "requirements/dev.lock")

    for name in ("runtime.lock", "site.lock"):
        assert _pins(ROOT / "requirements" / name) <= tested, name


def _pins(lock: Path) -> set[str]:
    return {line.split(" ")[0] for line in lock.read_text("utf-8").splitlines() if "==" in line}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
