"""sevlog import: imports the history of another status page, or the data of an on-call service."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import writing
from ..output import render
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...adapters.importers.oncall.batch import OnCallBatch
    from ...adapters.importers.source import Source
    from ...model.oncall.roster import OnCall
    from ...services.importing.run import ImportResult

Progress = Callable[[int, int | None], None]
_SHOWN = 10
_WITHOUT = {
    "--at": "imported records keep the times of the source; leave it out",
    "--as": "imported entries have no author, and the commit has git's author; leave it out",
}


@click.group(
    "import",
    epilog="\b\nExamples:\n  sevlog import statuspage https://status.example.com\n"
    "  sevlog import statuspage incidents.jsonl --components components.json --dry-run\n"
    "  sevlog import cstate ../our-cstate-site\n"
    "  sevlog import upptime ../upptime\n"
    "  sevlog import opsgenie export/\n"
    "  sevlog import grafana-oncall export/",
)
def import_() -> None:
    """Import the history of another status page, or the data of an on-call service.

    A repeated import adds only what is new.
    """


@import_.command(
    epilog="\b\nExamples:\n  sevlog import statuspage https://status.example.com\n"
    "  sevlog import statuspage captures/ --no-commit\n"
    "  sevlog import statuspage history.atom --json"
)
@click.argument("source")
@click.option("--components", type=click.Path(path_type=Path), help="A saved copy of /api/v2/components.json.")
@writing(without=_WITHOUT)
def statuspage(shared: SharedOptions, source: str, components: Path | None) -> None:
    """Import a page of Atlassian Statuspage.

    SOURCE is the URL of the page, or a file or folder with captured /api/v2 documents, JSON Lines of incidents, or an
    Atom feed of its history.
    """
    from ...adapters.importers.statuspage.sources import open_source

    _run(shared, lambda progress: open_source(source, components, progress))


@import_.command(epilog="\b\nExamples:\n  sevlog import cstate ../our-cstate-site\n  sevlog import cstate . --dry-run")
@click.argument("folder", type=click.Path(path_type=Path))
@writing(without=_WITHOUT)
def cstate(shared: SharedOptions, folder: Path) -> None:
    """Import a cState site: FOLDER holds its config.yml and content/issues."""
    from ...adapters.importers.cstate.importer import open_cstate

    _run(shared, lambda progress: open_cstate(folder, progress))


@import_.command(
    epilog="\b\nExamples:\n  sevlog import upptime ../upptime --dry-run\n  sevlog import upptime issues.json\n\n"
    "\b\nTo save the issues, in the clone of the status page:\n"
    "  gh api --paginate 'repos/OWNER/REPO/issues?state=all' > issues.json\n"
    "  gh api --paginate repos/OWNER/REPO/issues/comments > comments.json"
)
@click.argument("source", type=click.Path(path_type=Path))
@writing(without=_WITHOUT)
def upptime(shared: SharedOptions, source: Path) -> None:
    """Import an Upptime status page: its sites, and its issues on GitHub as incidents.

    SOURCE is a clone of its repository with saved issues in it (issues.json, comments.json), or one file with issues.
    """
    from ...adapters.importers.upptime.importer import open_upptime

    _run(shared, lambda progress: open_upptime(source))


@import_.command(
    epilog="\b\nExamples:\n  sevlog import opsgenie export/ --dry-run\n  sevlog import opsgenie backup.zip\n\n"
    "\b\nTo save the answers of the API (with GET, and the header Authorization: GenieKey …):\n"
    "  /v2/users, /v2/teams/ID of each team, /v2/schedules?expand=rotation,\n"
    "  /v2/schedules/ID/overrides, /v2/escalations"
)
@click.argument("source", type=click.Path(path_type=Path))
@writing(without=_WITHOUT)
def opsgenie(shared: SharedOptions, source: Path) -> None:
    """Import people, teams, schedules and escalations of Opsgenie into oncall.yaml.

    SOURCE is a JSON file, a folder with JSON files, or a zip file: answers of the API, or a configuration backup.
    """
    from ...adapters.importers.oncall.opsgenie import open_opsgenie

    _run_oncall(shared, lambda here: open_opsgenie(source, here))


@import_.command(
    "grafana-oncall",
    epilog="\b\nExamples:\n  sevlog import grafana-oncall export/ --dry-run\n\n"
    "\b\nTo save the answers of the API (every page of each list, as a .json file):\n"
    "  /api/v1/users/, /api/v1/teams/, /api/v1/schedules/, /api/v1/on_call_shifts/,\n"
    "  /api/v1/escalation_chains/, /api/v1/escalation_policies/",
)
@click.argument("source", type=click.Path(path_type=Path))
@writing(without=_WITHOUT)
def grafana_oncall(shared: SharedOptions, source: Path) -> None:
    """Import people, teams, schedules and escalation chains of Grafana OnCall into oncall.yaml.

    SOURCE is a JSON file, a folder with JSON files, or a zip file, with answers of the API.
    """
    from ...adapters.importers.oncall.grafana import open_grafana

    _run_oncall(shared, lambda here: open_grafana(source, here))


def _run_oncall(shared: SharedOptions, open_: Callable[[OnCall], OnCallBatch]) -> None:
    from ...services.common.documents import as_json
    from ...services.importing.oncall_rows import import_oncall

    workspace = shared.workspace
    result = import_oncall(workspace, open_(workspace.oncall), shared.acting)
    if shared.json:
        say(as_json(result))
        return
    _print(result, shared.verbose)
    if result.oncall:
        render.hint("check the next 90 days: sevlog oncall check; give people a `contact`: sevlog doctor")


def _run(shared: SharedOptions, open_: Callable[[Progress], Source]) -> None:
    from ...adapters.importers import base
    from ...services.common.documents import as_json
    from ...services.importing.run import import_batch

    workspace = shared.workspace
    with _bar("reading") as progress:
        source = open_(progress)
    batch = base.build(source, workspace.config)
    with _bar("importing") as progress:
        result = import_batch(workspace, batch, shared.acting, progress)
    if shared.json:
        say(as_json(result))
    else:
        _print(result, shared.verbose)


@contextlib.contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """A progress bar if standard error is a terminal; otherwise nothing."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    bar = click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True)
    with bar:

        def progress(done: int, total: int | None) -> None:
            bar.length = total or max(done + 1, 1)
            bar.update(done - bar.pos)

        yield progress
        bar.update((bar.length or 1) - bar.pos)


def _print(result: ImportResult, verbose: bool) -> None:
    where = f"commit {result.commit[:10]}" if result.commit else "nothing was written" if result.dry_run else None
    if where is None:
        where = "not committed" if result.files else "nothing to write"
    pushed = ", pushed" if result.pushed else ""
    say(
        f"{result.imported} imported, {result.updated} updated, {result.unchanged} unchanged, "
        f"{len(result.repaired)} repaired, {len(result.quarantined)} in quarantine  ({where}{pushed})"
    )
    for change in result.config if verbose else ():
        say(f"  sevlog.yaml  {change}")
    _list("oncall.yaml", list(result.oncall), verbose)
    _list("repaired", [f"{r.incident or r.id}: {r.what}" for r in result.repaired], verbose)
    _list("quarantine", [f"{q.id}: {q.reason}" for q in result.quarantined], verbose)
    for text in result.warnings:
        render.warn(text)
    for text in result.notices if result.incidents or result.oncall else ():
        render.hint(text)
    if result.report:
        render.hint(f"full report, with the rows in quarantine: {result.report}")


def _list(name: str, lines: list[str], verbose: bool) -> None:
    shown = lines if verbose else lines[:_SHOWN]
    for line in shown:
        say(f"  {name}  {line}")
    if len(lines) > len(shown):
        say(f"  {name}  … and {len(lines) - len(shown)} more (-v shows all)")
