"""sevlog check: all problems in the records, in one run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ...errors import Exit
from ..options import looking
from ..output import render
from ..output.reporters import REPORTERS, ReportStyle, markdown
from ..screen import say
from ..shared import SharedOptions

_MANY = 1000
_FORGE_FORMATS = frozenset({"github", "gitlab", "sarif"})
"""Formats that show a finding at a line of a file. A finding about a folder moves to a file in it, or is not shown."""


@click.command(
    epilog="\b\nExamples:\n  sevlog check\n  sevlog check incidents/2026/2026-11-23-checkout-errors\n"
    "  sevlog check --base origin/main\n  sevlog check --base HEAD^1 --format github\n  sevlog check --no-cache\n"
    "  sevlog check --base origin/main --signatures"
)
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path())
@click.option("--base", metavar="REV", help="Check what changed since REV, including edits of old entries.")
@click.option(
    "--signatures",
    is_flag=True,
    help="Check the signature of each commit since --base, or since the list of signers exists.",
)
@click.option("--format", "style", type=click.Choice(list(REPORTERS)), default="text", help="Output format.")
@click.option("--no-cache", is_flag=True, help="Check everything again; ignore results of earlier runs.")
@looking
def check(
    shared: SharedOptions, paths: tuple[str, ...], base: str | None, signatures: bool, style: str, no_cache: bool
) -> int:
    """Check the records. Each finding has a place, a message and a hint. Exit code 1 if there are errors.

    With a PATH, check only those files or folders. With --base, check what changed since REV, and report edited or
    deleted entries, duplicate ids, and transitions that conflict with what REV recorded in the meantime.

    With --signatures, check that each commit with records is signed by the person that its entries name. The accepted
    keys are read from REV (`git.allowed_signers` in its sevlog.yaml), never from the commits under check.
    """
    import msgspec

    from ...services.checking.locating import in_a_file
    from ...services.checking.run import check as find_problems

    workspace = shared.workspace
    result = find_problems(
        workspace, [shared.path(path) for path in paths], base=base, watch=_with_progress, remember=not no_cache
    )
    if base is not None and not paths:
        from ...services.learning.back_test import with_back_test

        result = with_back_test(result, workspace, base)
    if signatures:
        from ...services.checking.changes.signatures import with_signatures

        result = with_signatures(result, workspace, base)
    frame = ReportStyle(workspace.git.prefix if workspace.git.present else "", render.styled)
    name = "json" if shared.json else style
    if name in _FORGE_FORMATS:
        problems = tuple(in_a_file(workspace.root, problem) for problem in result.problems)
        result = msgspec.structs.replace(result, problems=problems)
    say(REPORTERS[name](result, frame))
    step_summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if name == "github" and step_summary:
        with Path(step_summary).open("a", encoding="utf-8") as handle:
            handle.write(markdown(result, frame))
    return Exit.FINDINGS if result.errors else Exit.OK


def _with_progress(folders: Sequence[str]) -> Iterator[str]:
    """Yield the folders, with a progress bar on standard error if it is a terminal and there are many."""
    if len(folders) < _MANY or not sys.stderr.isatty():
        yield from folders
        return
    with click.progressbar(folders, label="checking", file=sys.stderr) as bar:
        yield from bar
