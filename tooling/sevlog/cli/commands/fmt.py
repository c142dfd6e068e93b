"""sevlog fmt: formats record files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from ...errors import Exit
from ..options import writing
from ..output import render
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.upkeep.formatting import Formatting

_MANY = 1000
_NOT_COMMITTED = "fmt does not commit; commit its changes with git"
_WITHOUT = {
    "--at": "fmt does not record a time; leave it out",
    "--as": _NOT_COMMITTED,
    "--no-commit": _NOT_COMMITTED,
    "--push": _NOT_COMMITTED,
    "--any-branch": _NOT_COMMITTED,
}


@click.command(
    epilog="\b\nExamples:\n  sevlog fmt\n  sevlog fmt incidents/2026/2026-11-23-checkout-errors\n  sevlog fmt --check"
)
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path())
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit code 1 if a file would change.")
@writing(without=_WITHOUT)
def fmt(shared: SharedOptions, paths: tuple[str, ...], only_check: bool) -> int:
    """Format record files: keys in the order of the reference, times in UTC, long texts as blocks.

    Comments and content stay the same: `check --base` reports no edit. Files with errors are skipped. Nothing is
    committed.
    """
    from ...services.common.documents import as_json
    from ...services.upkeep import formatting

    workspace = shared.workspace
    named = [shared.path(path) for path in paths]
    write = not (only_check or shared.dry_run)
    done = formatting.formatted(workspace, named, write=write, watch=_with_progress)
    if shared.json:
        say(as_json(done))
    else:
        for path in done.changed:
            say(f"{'changed' if write else 'would change'}: {path}")
        for path in done.left:
            render.warn(f"{path} was skipped: it has errors, see: sevlog check {path}")
        say(_summary(done, write))
    return Exit.FINDINGS if only_check and done.changed else Exit.OK


def _summary(done: Formatting, write: bool) -> str:
    number = len(done.changed)
    files = f"{done.looked_at} file{'' if done.looked_at == 1 else 's'}"
    return f"{files}: {number or 'none'} {'changed' if write else 'would change'}"


def _with_progress(folders: Sequence[str]) -> Iterator[str]:
    """Yield the folders, with a progress bar on standard error if it is a terminal and there are many."""
    if len(folders) < _MANY or not sys.stderr.isatty():
        yield from folders
        return
    with click.progressbar(folders, label="formatting", file=sys.stderr) as bar:
        yield from bar
