"""sevlog upgrade: brings the files that sevlog wrote, and older records, up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..options import writing
from ..output import render
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.setup.upgrading import Upgraded

_WITHOUT = {
    "--at": "upgrade does not record a time; leave it out",
    "--as": "upgrade adds no entry, and the commit has git's author; leave it out",
}


@click.command(
    epilog="\b\nExamples:\n  sevlog upgrade --dry-run\n  sevlog upgrade\n"
    "  sevlog upgrade -v                     (with the differences of files that you changed)\n"
    "  sevlog upgrade --replace .github/workflows/publish.yml"
)
@click.option(
    "--replace",
    "replaced",
    multiple=True,
    metavar="PATH",
    help="Write this file although it was changed or deleted here; repeatable.",
)
@writing(without=_WITHOUT)
def upgrade(shared: SharedOptions, replaced: tuple[str, ...]) -> None:
    """Bring the schemas, workflows, forms and site files of this repository up to date, in one commit.

    It updates the files that `sevlog init` wrote and nobody changed since. Files that you changed or deleted stay as
    they are, and are listed. sevlog.yaml, oncall.yaml, README.md and requirements.txt are yours and are not touched,
    except for an older schema version.
    """
    from ...services.common.documents import as_json
    from ...services.setup import upgrading

    done = upgrading.upgrade(shared.workspace, shared.acting, replaced=replaced)
    if shared.json:
        say(as_json(done))
        return
    _report(done)
    for path in done.changed_here if shared.verbose else ():
        say(upgrading.difference(shared.workspace, path).rstrip("\n"))


def _report(done: Upgraded) -> None:
    where = f"commit {done.commit[:10]}" if done.commit else "nothing was written" if done.dry_run else "not committed"
    written = len(done.updated) + len(done.added) + len(done.migrated)
    if written:
        say(f"{len(done.updated)} updated, {len(done.added)} added, {len(done.migrated)} records migrated  ({where})")
    else:
        say("up to date: nothing to write")
    for word, paths in (
        ("updated", done.updated),
        ("added", done.added),
        ("migrated", done.migrated),
        ("changed by you, left as it is", done.changed_here),
        ("deleted by you, left out", done.deleted_here),
    ):
        for path in paths:
            say(f"  {word}  {path}")
    for text in done.warnings:
        render.warn(text)
    if done.changed_here:
        render.hint("see the differences: sevlog upgrade --dry-run -v")
    if done.changed_here or done.deleted_here:
        first = (*done.changed_here, *done.deleted_here)[0]
        render.hint(f"to take the file of this sevlog: sevlog upgrade --replace {first}")
