"""sevlog compact: the timeline of a closed incident as one file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ..options import or_as_argument, writing
from ..output import render
from ..parameters import INCIDENT
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.upkeep.compaction import Compaction

_MANY = 200
_WITHOUT = {
    "--at": "compact does not record a time; leave it out",
    "--as": "compact adds no entry, and the commit has git's author; leave it out",
}


@click.command(
    epilog="\b\nExamples:\n  sevlog compact checkout-errors\n  sevlog compact --all-closed --older-than 90d\n"
    "  sevlog compact --all-closed --dry-run"
)
@click.option("-i", "--incident", type=INCIDENT, help="Any part of an incident id.")
@click.option("--all-closed", is_flag=True, help="All incidents that are closed, declined, merged or canceled.")
@click.option("--older-than", metavar="TIME", help="Only incidents closed at least this long ago: 90d, 12w.")
@or_as_argument("incident")
@writing(without=_WITHOUT)
def compact(shared: SharedOptions, all_closed: bool, older_than: str | None) -> None:
    """Move the entries of a closed incident from many files into one. The entries do not change.

    Texts, comments and ids stay, so links, feeds and pages do not change, and `check --base` reports nothing. Each
    incident is one commit. Live incidents and files with errors are refused. Entries that somebody adds at the same
    time stay in separate files until the next run.
    """
    from ...services.common.documents import as_json
    from ...services.upkeep import compaction as upkeep_compaction

    span = _span(older_than)
    if all_closed == (shared.incident is not None):
        raise UsageError(
            "name one incident, or use --all-closed",
            "one incident: sevlog compact ID",
            "all of them: sevlog compact --all-closed --older-than 90d",
        )
    if all_closed:
        done = upkeep_compaction.compact_all(shared.workspace, shared.acting, older_than=span, watch=_with_progress)
    else:
        done = upkeep_compaction.compact(shared.workspace, shared.incident or "", shared.acting, older_than=span)
    if shared.json:
        say(as_json(done))
        return
    _report(done)


def _span(text: str | None) -> timedelta | None:
    from msgspec import ValidationError, convert

    from ...model.config.settings import duration
    from ...model.forms import Duration

    if text is None:
        return None
    try:
        return duration(convert(text, Duration))
    except ValidationError:
        raise UsageError(f"--older-than {text}: not a duration", "use one such as 90d, 12w or 24h") from None


def _report(done: Compaction) -> None:
    for compacted in done.compacted:
        where = f"commit {compacted.commit[:10]}" if compacted.commit else "not committed"
        files = f"{len(compacted.files)} files" if len(compacted.files) > 1 else compacted.files[0].rpartition("/")[2]
        say(f"{compacted.id}  {compacted.entries} entries, {compacted.before} files into {files}  ({where})")
    for skipped in done.left:
        say(f"{skipped.id}  skipped: {skipped.reason}")
    if not done.compacted and not done.left:
        say("nothing to compact")
    for text in done.warnings:
        render.warn(text)
    if done.dry_run:
        say("nothing was written (--dry-run)", err=True)


def _with_progress(ids: Sequence[str]) -> Iterator[str]:
    """Yield the ids, with a progress bar on standard error if it is a terminal and there are many."""
    if len(ids) < _MANY or not sys.stderr.isatty():
        yield from ids
        return
    with click.progressbar(ids, label="reading", file=sys.stderr) as bar:
        yield from bar
