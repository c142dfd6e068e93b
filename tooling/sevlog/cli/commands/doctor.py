"""sevlog doctor: what is wrong with this machine or repository, and the cure."""

from __future__ import annotations

from pathlib import Path

import click

from ...errors import Exit
from ..options import outside_reading
from ..screen import say, style

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command(epilog="\b\nExamples:\n  sevlog doctor\n  sevlog doctor --repo ../acme-status --json")
@click.option("--repo", metavar="PATH", help="The records repository (default: found upwards).")
@click.option("--json", "as_json_", is_flag=True, help="One JSON document on standard output, nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Say more where it fails.")
@click.pass_context
@outside_reading
def doctor(ctx: click.Context, repo: str | None, as_json_: bool, verbose: bool) -> int:
    """Say what is wrong with this machine or repository, and the cure. Exit code 1 where something must be mended."""
    from ...services.common.documents import as_json
    from ...services.setup.doctor import diagnose
    from ...services.workspace.workspace import system_clock

    shared = ctx.find_root().obj or {}
    report = diagnose(Path(repo or shared.get("repo") or "."), clock=shared.get("clock") or system_clock)
    if as_json_ or shared.get("json"):
        say(as_json(report))
    else:
        for check in report.checks:
            state = style(f"{check.state:5}", fg=_COLOURS[check.state], bold=check.state != "ok")
            say(f"{state} {check.name:12} {check.message}")
            for cure in check.cure:
                say(f"      {style('hint:', fg='cyan')} {cure}")
    return Exit.OK if report.healthy else Exit.FINDINGS
