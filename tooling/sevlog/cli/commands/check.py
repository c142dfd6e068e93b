"""sevlog check: every mistake of the records in one run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ...errors import Exit
from ..options import looking
from ..output.reporters import REPORTERS, Frame, markdown
from ..screen import say, style
from ..shared import Shared

_MANY = 1000
_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}


_OF_FORGES = frozenset({"github", "gitlab", "sarif"})
"""Formats whose readers place a finding on a line of a file, and show nothing of one about a folder."""


@click.command(
    epilog="\b\nExamples:\n  sevlog check\n  sevlog check incidents/2026/2026-11-23-checkout-errors\n"
    "  sevlog check --base origin/main\n  sevlog check --base HEAD^1 --format github\n  sevlog check --no-cache\n"
    "  sevlog check --base origin/main --signatures"
)
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path())
@click.option("--base", metavar="REV", help="Check what changed since REV, and the rules about changes.")
@click.option("--signatures", is_flag=True, help="Check who signed each commit, since --base or since there is a list.")
@click.option("--format", "style", type=click.Choice(list(REPORTERS)), default="text", help="How to print it.")
@click.option("--no-cache", is_flag=True, help="Look at everything anew, whatever earlier runs found.")
@looking
def check(
    shared: Shared, paths: tuple[str, ...], base: str | None, signatures: bool, style: str, no_cache: bool
) -> int:
    """Find every mistake in the records: where, what, and what would mend it. Exit code 1 where there are errors.

    With a PATH, only those files or folders. With --base, what changed since then, and whether old entries were edited
    or deleted, ids were taken twice, or steps do not fit with what was done there meanwhile.

    With --signatures, whether each commit that touches records is signed by the person its entries name. Whose keys
    count is read from REV (`git.allowed_signers` in its sevlog.yaml), never from the commits themselves.
    """
    import msgspec

    from ...services.checking.locating import in_a_file
    from ...services.checking.run import check as find_problems

    workspace = shared.workspace
    result = find_problems(
        workspace, [shared.path(path) for path in paths], base=base, watch=_with_progress, remember=not no_cache
    )
    if signatures:
        from ...services.checking.changes.signatures import with_signatures

        result = with_signatures(result, workspace, base)
    frame = Frame(workspace.git.prefix if workspace.git.present else "", _styled)
    name = "json" if shared.json else style
    if name in _OF_FORGES:
        problems = tuple(in_a_file(workspace.root, problem) for problem in result.problems)
        result = msgspec.structs.replace(result, problems=problems)
    say(REPORTERS[name](result, frame))
    step_summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if name == "github" and step_summary:
        with Path(step_summary).open("a", encoding="utf-8") as handle:
            handle.write(markdown(result, frame))
    return Exit.FINDINGS if result.errors else Exit.OK


def _with_progress(folders: Sequence[str]) -> Iterator[str]:
    """The folders one by one, with a bar on standard error where they are many and a person looks on."""
    if len(folders) < _MANY or not sys.stderr.isatty():
        yield from folders
        return
    with click.progressbar(folders, label="checking", file=sys.stderr) as bar:
        yield from bar


def _styled(text: str, role: str) -> str:
    return style(text, fg=_COLOURS.get(role), bold=role in ("error", "path"))
