"""Start-up stays short because the command line loads little: this is the list of what it may load, and no more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MAIN = Path(__file__).resolve().parents[2] / "tooling/sevlog/cli/main.py"
pytestmark = pytest.mark.skipif(not MAIN.exists(), reason="there is no command line yet")

# Each must cost nothing next to click itself.
ALLOWED = ("click", "sevlog", "sevlog.cli", "sevlog.errors")
HEAVY = (
    *("git", "icalendar", "jinja2", "jsonschema", "mkdocs", "msgspec", "ruamel", "ryaml", "urllib3", "wcwidth"),
    *("subprocess", "asyncio", "zoneinfo"),
)

PROBE = """
import json, sys
before = set(sys.modules)
import click
click_alone = set(sys.modules)
from sevlog.cli.main import main
sys.argv = ["sevlog", *json.loads(sys.argv[1])]
out, sys.stdout = sys.stdout, sys.stderr
try:
    main()
except SystemExit:
    pass
sys.stdout = out
print(json.dumps([sorted(click_alone - before), sorted(set(sys.modules) - click_alone)]))
"""


def loaded(*arguments: str) -> tuple[set[str], set[str]]:
    """What click loads, and what `sevlog ARGUMENTS` loads beyond it."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(arguments)], capture_output=True, text=True, check=True
    )
    click_alone, ours = json.loads(done.stdout.splitlines()[-1])
    return set(click_alone), set(ours)


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_help_loads_click_and_the_command_line_only(arguments: tuple[str, ...]) -> None:
    click_alone, ours = loaded(*arguments)
    top = {name.partition(".")[0] for name in ours}

    assert [name for name in HEAVY if name in top and name not in click_alone] == []
    assert [
        n for n in sorted(ours) if n.startswith("sevlog.") and not n.startswith("sevlog.cli") and n not in ALLOWED
    ] == []


@pytest.mark.parametrize(
    "module",
    [
        "sevlog.adapters.delivery.vendors.table",
        "sevlog.adapters.delivery.webhook",
        "sevlog.adapters.importers.statuspage.sources",
        "sevlog.services.notifying.run",
        "sevlog.services.oncall.calendar",
    ],
)
def test_slow_libraries_are_loaded_only_by_what_uses_them(module: str) -> None:
    probe = f"import sys, {module}; print({{'git', 'icalendar', 'urllib3'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
