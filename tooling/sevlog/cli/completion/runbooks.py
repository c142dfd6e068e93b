"""Completions for runbooks and their steps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_MOST = 200


def runbooks(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The files in runbooks/, without their suffix."""
    from click.shell_completion import CompletionItem

    folder = _folder(ctx)
    known = sorted(p.stem for p in folder.glob("*.md") if p.name != "README.md") if folder else []
    part = typed.lower()
    found = [name for name in known if name.lower().startswith(part)] or [n for n in known if part in n.lower()]
    return [CompletionItem(name) for name in found[:_MOST]]


def steps(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The numbers of a runbook's steps, with their titles."""
    from click.shell_completion import CompletionItem

    from ...model.guidance.runbook_steps import steps_of
    from ...stores import files
    from ...stores.markdown import frontmatter

    folder, wanted = _folder(ctx), str(ctx.params.get("runbook") or "").lower().removesuffix(".md")
    known = sorted(folder.glob("*.md")) if folder and wanted else []
    found = [p for p in known if p.stem.lower() == wanted] or [p for p in known if wanted in p.stem.lower()]
    if len(found) != 1:
        return []
    try:
        _, text = frontmatter.split(files.read_plain(found[0], 1024 * 1024))
    except (OSError, frontmatter.FrontMatterError):
        return []
    numbered = [(step.label or str(step.number), step.title) for step in steps_of(text)]
    return [CompletionItem(number, help=title) for number, title in numbered if number.startswith(typed)]


def _folder(ctx: click.Context) -> Path | None:
    """runbooks/ of the repository on the command line, or of the current one."""
    from ...errors import SevlogError
    from ...stores import layout

    named = ctx.params.get("repo") or ctx.find_root().params.get("repo")
    try:
        return layout.find_root(Path(str(named)).expanduser() if named else Path.cwd()) / "runbooks"
    except (SevlogError, OSError):
        return None
