"""Keeps the typed text in a file if its command fails, and prints how to use it again."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ..errors import NotFound, Refused, SevlogError, UsageError
from .screen import say

if TYPE_CHECKING:
    from .shared import SharedOptions

_TYPED = "sevlog.cli.typed"
_IN_THE_SHELL = (UsageError, Refused, NotFound)
"""Errors in the command line itself: its text is still in the history of the shell, so no file is needed."""


def typed(text: str, *, only_copy: bool = False) -> str:
    """Remember the text of the running command and return it. only_copy: it came from an editor or standard input."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_TYPED] = (text, only_copy)
    return text


@contextlib.contextmanager
def kept(context: click.Context, shared: SharedOptions) -> Iterator[None]:
    """Run a command; if it fails, write its text to a file and name the file in the error."""
    try:
        yield
    except SevlogError as error:
        if _should_keep(context, shared, error) and not any("your text is saved" in hint for hint in error.hints):
            error.hints = (*error.hints, *_keep(context, shared))
        raise
    except (click.Abort, KeyboardInterrupt, EOFError, OSError):
        if _should_keep(context, shared, None):
            for line in _keep(context, shared):
                say(line, err=True)
        raise
    if _TYPED in context.meta and not shared.dry_run and "workspace" in shared.__dict__:
        from ..stores.index import kept_texts

        kept_texts.forget_same(shared.workspace.root, context.meta[_TYPED][0])


def _should_keep(context: click.Context, shared: SharedOptions, error: SevlogError | None) -> bool:
    if _TYPED not in context.meta or shared.dry_run:
        return False
    return bool(context.meta[_TYPED][1]) or not isinstance(error, _IN_THE_SHELL)


def _keep(context: click.Context, shared: SharedOptions) -> tuple[str, ...]:
    """Lines that say where the text is kept; the text itself if it cannot be written to disk."""
    from ..stores.index import kept_texts

    text = context.meta[_TYPED][0]
    try:
        workspace = shared.workspace
        path = kept_texts.keep(workspace.root, context.info_name or "text", workspace.clock(), f"{text}\n")
    except (OSError, SevlogError):
        return (f"your text could not be saved to a file; here it is: {text}",)
    return (
        f"your text is saved; run again with the same options: {context.command_path} - < {shlex.quote(str(path))}",
    )
