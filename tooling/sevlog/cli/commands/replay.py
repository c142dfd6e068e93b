"""sevlog replay."""

from __future__ import annotations

import sys
from datetime import timedelta

import click

from ...errors import UsageError
from ..options import looking, or_as_argument
from ..output.learning import playing
from ..parameters import INCIDENT
from ..screen import say
from ..shared import SharedOptions


@click.command(
    epilog="\b\nExamples:\n  sevlog replay checkout\n  sevlog replay checkout --speed 300 --idle 1s\n"
    "  sevlog replay checkout --from 14:10 --until 15:00 --as-it-was\n  sevlog replay checkout | less"
)
@click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0.0, min_open=True),
    default=60.0,
    show_default=True,
    help="How many times faster than it was; 1 is real time.",
)
@click.option(
    "--idle", metavar="DURATION", default="3s", show_default=True, help="The longest wait between two entries."
)
@click.option("--from", "start", metavar="TIME", help="Start here; a clock time is of the first day of the incident.")
@click.option("--until", "end", metavar="TIME", help="Stop here.")
@click.option(
    "--as-known/--as-it-was",
    "as_known",
    default=True,
    show_default=True,
    help="Show each entry when it was recorded, or when it happened, with later corrections.",
)
@or_as_argument("named")
@looking
def replay(
    shared: SharedOptions,
    named: str | None,
    speed: float,
    idle: str,
    start: str | None,
    end: str | None,
    as_known: bool,
) -> None:
    """Play an incident in the terminal: entry after entry, with the state as it was then.

    Long gaps are shortened to --idle; the real time since the first entry is shown. Keys: space to pause and go on,
    `.` for the next entry, `q` to quit. Without a terminal, it prints all entries at once.
    """
    from ...services.common.documents import as_json
    from ...services.learning.drills import playback

    seconds = _seconds(idle)
    document = playback.replayed(shared.workspace, named, "as_known" if as_known else "as_it_was")
    first_day_ends = document.frames[0].at + timedelta(days=1)
    since = shared.time("--from", start, past=True, days=True, now=first_day_ends)
    until = shared.time("--until", end, past=True, days=True, now=first_day_ends)
    document = playback.between(document, since, until)
    if shared.json:
        say(as_json(document))
        return
    if not sys.stdout.isatty():
        playing.play(document)
        return
    from ..output.keys import terminal_keys

    try:
        with terminal_keys(playing.PAUSE + playing.STEP + playing.QUIT) as wait:
            playing.play(document, speed=speed, idle=seconds, wait=wait)
    except KeyboardInterrupt:
        say()


def _seconds(text: str) -> float:
    """The seconds of a duration. Raises UsageError."""
    from ...model.config.settings import duration

    try:
        return duration(text).total_seconds()
    except ValueError:
        raise UsageError(
            f"--idle: `{text}` is not a duration", "a duration is a whole number with s, m or h: 1s, 3s, 1m"
        ) from None
