"""sevlog demo: a demo repository and its status site."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import folder_named, outside
from ..output import render
from ..screen import say
from .site import load_preview

if TYPE_CHECKING:
    from ...services.setup.demo.run import Demonstration

_DEFAULT_FOLDER = "sevlog-demo"
_EXAMPLES = """\b
Examples:
  sevlog demo                       (makes ./sevlog-demo and serves it at http://127.0.0.1:8000/)
  sevlog demo /tmp/demo --no-serve
  sevlog -h; sevlog --repo sevlog-demo board
"""

_SEPARATE = "demo records nothing in your repository; leave it out"
_WITHOUT = {
    "--at": _SEPARATE,
    "--as": _SEPARATE,
    "--no-commit": _SEPARATE,
    "--push": _SEPARATE,
    "--any-branch": _SEPARATE,
    "--dry-run": "demo writes only to its own folder: sevlog demo /tmp/demo --no-serve",
}


@click.command(epilog=_EXAMPLES)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--serve/--no-serve", default=True, help="Serve its status page until you stop it (default: yes).")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--repo", metavar="PATH", help="The folder; same as DIR.")
@click.option("--json", "as_json_", is_flag=True, help="Print one JSON document and do not serve.")
@click.option("-v", "--verbose", is_flag=True, help="Show more output, and the git commands with their times.")
@click.pass_context
@outside(without=_WITHOUT)
def demo(
    ctx: click.Context, folder: Path | None, serve: bool, port: int, repo: str | None, as_json_: bool, verbose: bool
) -> None:
    """Create a demo repository with past incidents and a live SEV1, and serve its status page.

    The company is fictional. Look around, then resolve the live incident. An existing demo is served as it is. The
    command writes only to its own folder.
    """
    from ...services.common.documents import as_json
    from ...services.setup.demo.run import demonstrate
    from ...services.workspace.workspace import system_clock

    shared = ctx.find_root().obj or {}
    folder = folder_named(folder, repo or shared.get("repo"), _DEFAULT_FOLDER)
    clock = shared.get("clock") or system_clock
    as_json_ = as_json_ or bool(shared.get("json"))
    serving = serve and not as_json_
    preview = load_preview() if serving else None
    made = demonstrate(folder, f"http://127.0.0.1:{port}/", clock=clock)
    if as_json_:
        say(as_json(made))
        return
    _report(made, folder)
    if preview is not None:
        preview.serve_site(Path(made.root), port=port, say=say, clock=clock)
    else:
        render.hint(f"see the status page: {_program()} site serve --repo {folder} --port {port}")


def _program() -> str:
    """How to type this program again: by its path where the shell does not find it by its name."""
    return "sevlog" if shutil.which("sevlog") or Path(sys.argv[0]).name != "sevlog" else sys.argv[0]


def _report(made: Demonstration, folder: Path) -> None:
    from ...services.setup.demo.run import PLAYED_BY
    from ...services.setup.demo.scenario import LIVE

    if not made.made:
        say(f"{folder}: existing demo, unchanged ({made.records} records)")
        render.hint(f"to start over: rm -r {folder}, then sevlog demo again")
        return
    say(f"{folder}: {made.records} records, {made.commits} commits; {made.incident} is live")
    render.hint(f"see the live incidents: {_program()} board --repo {folder}")
    render.hint(f'take part: {_program()} note --repo {folder} -i {LIVE} --as {PLAYED_BY} "I can see it from here"')
