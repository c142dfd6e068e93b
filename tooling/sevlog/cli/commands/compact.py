"""sevlog compact: the timeline of a closed incident as one file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ..options import writing
from ..output import render
from ..parameters import INCIDENT
from ..screen import say
from ..shared import Shared

if TYPE_CHECKING:
    from ...services.upkeep.compaction import Compaction

_MANY = 200
_WITHOUT = {
    "--at": "compacting changes no time: leave it out",
    "--as": "compacting adds no entry: leave it out; the commit's author is git's",
}


@click.command(
    epilog="\b\nExamples:\n  sevlog compact -i checkout-errors\n  sevlog compact --all-closed --older-than 90d\n"
    "  sevlog compact --all-closed --dry-run"
)
@click.option("-i", "--incident", type=INCIDENT, help="Any part of an id.")
@click.option("--all-closed", is_flag=True, help="Every incident that is closed, declined, merged or cancelled.")
@click.option("--older-than", metavar="TIME", help="Only what was closed this long ago: 90d, 12w.")
@writing(without=_WITHOUT)
def compact(shared: Shared, all_closed: bool, older_than: str | None) -> None:
    """Put the many files of a closed incident's timeline into one list, entry for entry the same.

    Comments and words stay as they are, ids too, so links, feeds and pages do not change, and `check --base` finds
    nothing. A commit for each incident. Live incidents are refused, and files that are not in order; entries that
    somebody adds at the same time stay files of their own, until the next time.
    """
    from ...services.common.documents import as_json
    from ...services.upkeep import compaction as upkeep_compaction

    span = _span(older_than)
    if all_closed == (shared.incident is not None):
        raise UsageError("say what to compact", "one incident: -i ID", "or: --all-closed --older-than 90d")
    if all_closed:
        done = upkeep_compaction.compact_all(shared.workspace, shared.acting, older_than=span, watch=_with_progress)
    else:
        done = upkeep_compaction.compact(shared.workspace, shared.incident or "", shared.acting, older_than=span)
    if shared.json:
        say(as_json(done))
        return
    _told(done)


def _span(text: str | None) -> timedelta | None:
    from msgspec import ValidationError, convert

    from ...model.config.settings import duration
    from ...model.forms import Duration

    if text is None:
        return None
    try:
        return duration(convert(text, Duration))
    except ValidationError:
        raise UsageError(f"`{text}` is no length of time", "such as 90d, 12w or 24h") from None


def _told(done: Compaction) -> None:
    for folded in done.compacted:
        where = f"commit {folded.commit[:10]}" if folded.commit else "not committed"
        files = f"{len(folded.files)} files" if len(folded.files) > 1 else folded.files[0].rpartition("/")[2]
        say(f"{folded.id}  {folded.entries} entries, {folded.before} files into {files}  ({where})")
    for left in done.left:
        say(f"{left.id}  left as it is: {left.reason}")
    if not done.compacted and not done.left:
        say("nothing to compact")
    for text in done.warnings:
        render.warn(text)
    if done.dry_run:
        say("nothing was written (--dry-run)", err=True)


def _with_progress(ids: Sequence[str]) -> Iterator[str]:
    """The ids one by one, with a bar on standard error where they are many and a person looks on."""
    if len(ids) < _MANY or not sys.stderr.isatty():
        yield from ids
        return
    with click.progressbar(ids, label="reading", file=sys.stderr) as bar:
        yield from bar
