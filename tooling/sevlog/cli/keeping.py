"""Keeps the text that was typed for a command that then fails, in a file, and says how to use it."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ..errors import NotFound, Refused, SevlogError, UsageError
from .screen import say

if TYPE_CHECKING:
    from .shared import Shared

_TYPED = "sevlog.cli.typed"
_IN_THE_SHELL = (UsageError, Refused, NotFound)
"""Failures after which a text that stood on the command line is one key away, and the rest of the line is to change."""


def typed(text: str, *, only_copy: bool = False) -> str:
    """The text, remembered as that of the command. only_copy: it came from an editor or from standard input."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_TYPED] = (text, only_copy)
    return text


@contextlib.contextmanager
def kept(context: click.Context, shared: Shared) -> Iterator[None]:
    """What a command does with its text: where that fails, the text is in a file that the error names."""
    try:
        yield
    except SevlogError as error:
        if _matters(context, shared, error) and not any("your text is kept" in hint for hint in error.hints):
            error.hints = (*error.hints, *_keep(context, shared))
        raise
    except (click.Abort, KeyboardInterrupt, EOFError, OSError):
        if _matters(context, shared, None):
            for line in _keep(context, shared):
                say(line, err=True)
        raise
    if _TYPED in context.meta and not shared.dry_run and "workspace" in shared.__dict__:
        from ..stores.index import kept_texts

        kept_texts.forget_same(shared.workspace.root, context.meta[_TYPED][0])


def _matters(context: click.Context, shared: Shared, error: SevlogError | None) -> bool:
    if _TYPED not in context.meta or shared.dry_run:
        return False
    return bool(context.meta[_TYPED][1]) or not isinstance(error, _IN_THE_SHELL)


def _keep(context: click.Context, shared: Shared) -> tuple[str, ...]:
    """Lines that say where the text is; the text itself where no disk takes it."""
    from ..stores.index import kept_texts

    text = context.meta[_TYPED][0]
    try:
        workspace = shared.workspace
        path = kept_texts.keep(workspace.root, context.info_name or "text", workspace.clock(), f"{text}\n")
    except (OSError, SevlogError):
        return (f"your text could be kept in no file; here it is: {text}",)
    return (f"your text is kept; with the same options: {context.command_path} - < {shlex.quote(str(path))}",)
