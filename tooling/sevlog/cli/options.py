"""The options that commands share, as decorators: for those that read, write, or act on an incident."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from ..errors import UsageError
from . import keeping
from .parameters import GUARD, INCIDENT, PERSON
from .shared import Shared

F = TypeVar("F", bound=Callable[..., Any])


_COMMON = (
    click.option("--repo", metavar="PATH", help="The records repository (default: found upwards)."),
    click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output, nothing else."),
    click.option("-v", "--verbose", is_flag=True, help="Say more."),
)
_WRITING = {
    "--at": click.option("--at", "at_text", metavar="TIME", help="When it happened: 14:07, -10m, yesterday 23:50 …"),
    "--as": click.option("--as", "person", type=PERSON, help="Who acts (default: SEVLOG_PERSON, else by git's mail)."),
    "--dry-run": click.option("--dry-run", is_flag=True, help="Show the entries and the commit; write nothing."),
    "--no-commit": click.option("--no-commit", is_flag=True, help="Write the files, leave the commit to you."),
    "--push": click.option("--push/--no-push", default=None, help="Send it to the remote (default: as configured)."),
    "--any-branch": click.option(
        "--any-branch", is_flag=True, help="Record on the checked-out branch, whichever that is."
    ),
}
_INCIDENT = click.option(
    "-i", "--incident", type=INCIDENT, help="Any part of an id (default: the only live one, else SEVLOG_INCIDENT)."
)
_OVERRIDE = click.option("--override", multiple=True, type=GUARD, help="Pass this guard; needs --reason.")
_REASON = click.option("--reason", metavar="TEXT", help="Why.")

WRITING_OPTIONS = tuple(_WRITING)
"""The options of commands that write; `--push` stands for `--no-push` too."""


def looking(function: F) -> F:
    """A command that only reads: --repo, --json and -v arrive as one `shared` argument."""
    return _marked(_shared(function), dict.fromkeys(_WRITING, ""), reads=True)


def writing(*, without: Mapping[str, str]) -> Callable[[F], F]:
    """A command that writes and is no act on an incident. without: the options it lacks, and what to do instead."""

    def decorate(function: F) -> F:
        return _marked(_with_writing(_shared(function), without), without, reads=False)

    return decorate


def acting(
    *, reason: bool = True, incident: bool = True, guarded: bool = True, without: Mapping[str, str] | None = None
) -> Callable[[F], F]:
    """A command that acts on an incident: the shared options, -i, --override, and --reason unless it has its own.

    guarded: whether there is anything to override. without: the options it lacks, and what to do instead.
    """

    def decorate(function: F) -> F:
        decorated = _with_writing(_shared(function, reason=reason, on_incident=incident), without or {})
        if reason:
            decorated = _REASON(decorated)
        if guarded:
            decorated = _OVERRIDE(decorated)
        return _marked(_INCIDENT(decorated) if incident else decorated, without or {}, reads=False)

    return decorate


def outside(*, without: Mapping[str, str]) -> Callable[[F], F]:
    """A command that needs no records repository and declares its options itself. without: as for `writing`."""
    return lambda function: _marked(function, without, reads=False)


def outside_reading(function: F) -> F:
    """The same of a command that only reads."""
    return _marked(function, dict.fromkeys(_WRITING, ""), reads=True)


def folder_named(folder: Path | None, repo: str | None, default: str = ".") -> Path:
    """The folder of a command that makes a repository: DIR, or --repo. Raises UsageError where both are given."""
    if folder is not None and repo is not None:
        raise UsageError(f"the folder is named twice: {folder}, and --repo {repo}", "leave one of them out")
    return folder or Path(repo or default)


def only_reads(command: click.Command) -> bool:
    """Whether a command never writes a record."""
    return bool(getattr(command.callback, "only_reads", False))


def options_without(command: click.Command) -> Mapping[str, str]:
    """The options of commands that write which this one lacks, and what to do instead."""
    found: Mapping[str, str] = getattr(command.callback, "options_without", {})
    return found


def _marked(function: F, without: Mapping[str, str], *, reads: bool) -> F:
    function.__dict__.update(options_without=without, only_reads=reads)
    return function


def _with_writing(function: F, without: Mapping[str, str]) -> F:
    for name, option in reversed(_WRITING.items()):
        function = function if name in without else option(function)
    return function


def _shared(function: F, *, reason: bool = False, on_incident: bool = False) -> F:
    @click.pass_context
    @functools.wraps(function)
    def command(ctx: click.Context, /, **given: Any) -> Any:
        parent = ctx.find_root().obj or {}
        shared = Shared(given, parent)
        if "reason" in given:
            shared.reason = given["reason"]
            if reason:
                del given["reason"]
        try:
            if on_incident:
                _check_first_word(ctx, shared, given)
            with keeping.kept(ctx, shared):
                done = function(shared, **given)
            shared.tell_times()
            return done
        finally:
            shared.close()
            _run_hooks(shared)

    decorated: Any = command
    for option in reversed(_COMMON):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def _run_hooks(shared: Shared) -> None:
    """Run the hooks that wait for what was recorded; what goes wrong with one is a warning."""
    if shared.acted and shared.workspace.config.hooks:
        from .hook_warnings import run_hooks

        run_hooks(shared.workspace, shared.acted)


_TEXTS = ("text", "why", "result")
"""The arguments of any number of words that commands which act on an incident take as text."""


def _check_first_word(ctx: click.Context, shared: Shared, given: dict[str, Any]) -> None:
    """Raise UsageError where a text begins with an incident's id: it may be meant for -i. `--` says that it is text."""
    if shared.incident is not None or "--" in (ctx.find_root().obj or {}).get("arguments", ()):
        return
    for name in _TEXTS:
        words = given.get(name)
        if words and isinstance(words, tuple):
            from ..services.workspace.lookup import refuse_id_as_text

            refuse_id_as_text(shared.workspace, words, ctx.command_path)


def common_option_names() -> frozenset[str]:
    """The parameter names of the options that every command takes."""
    return frozenset({"repo", "as_json", "verbose"})


def writing_option_names() -> frozenset[str]:
    """The parameter names of the options that commands which write take."""
    return frozenset({"at_text", "person", "dry_run", "no_commit", "push", "any_branch"})
