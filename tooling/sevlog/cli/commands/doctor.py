"""sevlog doctor: problems with this machine or repository, and how to fix them."""

from __future__ import annotations

from pathlib import Path

import click

from ...errors import Exit
from ..options import outside_reading
from ..screen import say, style

_COLORS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command(epilog="\b\nExamples:\n  sevlog doctor\n  sevlog doctor --repo ../acme-status --json")
@click.option("--repo", metavar="PATH", help="Records repository (default: this folder or a parent).")
@click.option("--json", "as_json_", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Show more output, and the git commands with their times.")
@click.pass_context
@outside_reading
def doctor(ctx: click.Context, repo: str | None, as_json_: bool, verbose: bool) -> int:
    """Find problems with this machine or repository, and show how to fix them. Exit code 1 if any must be fixed."""
    from ...services.common.documents import as_json
    from ...services.setup.doctor import diagnose
    from ...services.workspace.workspace import system_clock

    shared = ctx.find_root().obj or {}
    report = diagnose(Path(repo or shared.get("repo") or "."), clock=shared.get("clock") or system_clock)
    if as_json_ or shared.get("json"):
        say(as_json(report))
    else:
        for check in report.checks:
            state = style(f"{check.state:5}", fg=_COLORS[check.state], bold=check.state != "ok")
            say(f"{state} {check.name:12} {check.message}")
            for hint in check.cure:
                say(f"      {style('hint:', fg='cyan')} {hint}")
    return Exit.OK if report.healthy else Exit.FINDINGS
