"""Shared options as decorators, for commands that read, write, or act on an incident."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import click

from ..errors import SevlogError, UsageError
from . import keeping
from .parameters import GUARD, INCIDENT, PERSON
from .shared import RootValues, SharedOptions, SharedValues
from .typed_command import complete

if TYPE_CHECKING:
    from ..services.workspace.workspace import Workspace

F = TypeVar("F", bound=Callable[..., object])


_COMMON = (
    click.option("--repo", metavar="PATH", help="Records repository (default: this folder or a parent)."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."),
    click.option("-v", "--verbose", is_flag=True, help="Show more output, and the git commands with their times."),
)
_WRITING = {
    "--at": click.option("--at", "at_text", metavar="TIME", help="When it happened: 14:07, -10m, yesterday 23:50 …"),
    "--as": click.option(
        "--as", "person", type=PERSON, help="Act as this person (default: SEVLOG_PERSON, or by git's email)."
    ),
    "--dry-run": click.option("--dry-run", is_flag=True, help="Show the entries and the commit; write nothing."),
    "--no-commit": click.option("--no-commit", is_flag=True, help="Write the files without a commit."),
    "--push": click.option("--push/--no-push", default=None, help="Push to the remote (default: from sevlog.yaml)."),
    "--any-branch": click.option(
        "--any-branch", is_flag=True, help="Record on the checked-out branch, whatever its name."
    ),
}
_INCIDENT = click.option(
    "-i",
    "--incident",
    type=INCIDENT,
    help="Any part of an incident id (default: the only live one, else SEVLOG_INCIDENT).",
)
_OVERRIDE = click.option("--override", multiple=True, type=GUARD, help="Override this guard; requires --reason.")
_EVIDENCE = click.option(
    "--evidence",
    multiple=True,
    type=click.Path(),
    metavar="URL|FILE[=LABEL]",
    help="Evidence for the entry, never public; repeatable. A file is copied into the record. "
    "Label of an address: 'URL =LABEL', with a space.",
)
APPROVED_BY = click.option(
    "--approved-by", multiple=True, type=PERSON, help="Person who approved the text that this sends; repeatable."
)
"""For steps that send updates. A command with it sets `approved_by` of its `SharedOptions`."""
_REASON = click.option("--reason", metavar="TEXT", help="Reason, kept in the record.")

WRITING_OPTIONS = tuple(_WRITING)
"""The options of commands that write; `--push` includes `--no-push`."""


def looking(function: F) -> F:
    """A command that only reads: --repo, --json and -v arrive as one `shared` argument."""
    return _marked(_shared(function), dict.fromkeys(_WRITING, ""), reads=True)


def writing(*, without: Mapping[str, str]) -> Callable[[F], F]:
    """A command that writes but does not act on an incident. without: options it lacks -> what to do instead."""

    def decorate(function: F) -> F:
        return _marked(_with_writing(_shared(function), without), without, reads=False)

    return decorate


def acting(
    *,
    reason: bool = True,
    incident: bool = True,
    guarded: bool = True,
    evidence: bool = True,
    without: Mapping[str, str] | None = None,
) -> Callable[[F], F]:
    """A command that acts on an incident: the shared options, -i, --override, and --reason unless it has its own.

    guarded: whether it takes --override. evidence: whether it takes --evidence. without: options it lacks -> what to do
    instead.
    """

    def decorate(function: F) -> F:
        decorated = _with_writing(_shared(function, reason=reason, on_incident=incident), without or {})
        if evidence:
            decorated = _EVIDENCE(decorated)
        if reason:
            decorated = _REASON(decorated)
        if guarded:
            decorated = _OVERRIDE(decorated)
        return _marked(_INCIDENT(decorated) if incident else decorated, without or {}, reads=False)

    return decorate


def or_as_argument(name: str) -> Callable[[F], F]:
    """The incident that -i sets as parameter `name` can also be typed as an argument, for commands without a text."""

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def command(*, incident_id: str | None, **given: object) -> object:
            if incident_id is not None and given[name] is not None:
                raise UsageError(
                    f"two incidents given: {incident_id} and -i {given[name]}",
                    f"leave one of them out: -i {given[name]}",
                )
            return function(**{**given, name: given[name] if incident_id is None else incident_id})

        return click.argument("incident_id", metavar="[ID]", type=INCIDENT, required=False)(cast("F", command))

    return decorate


def outside(*, without: Mapping[str, str]) -> Callable[[F], F]:
    """A command that works outside a records repository and declares its options itself. without: as for `writing`."""
    return lambda function: _marked(function, without, reads=False)


def outside_reading(function: F) -> F:
    """Like `outside`, for a command that only reads."""
    return _marked(function, dict.fromkeys(_WRITING, ""), reads=True)


def folder_named(folder: Path | None, repo: str | None, default: str = ".") -> Path:
    """The folder for a new repository: DIR, or --repo. Raises UsageError if both are given."""
    if folder is not None and repo is not None:
        raise UsageError(f"two folders given: {folder} and --repo {repo}", "leave one of them out")
    return folder or Path(repo or default)


def only_reads(command: click.Command) -> bool:
    """Whether a command never writes a record."""
    return bool(getattr(command.callback, "only_reads", False))


def options_without(command: click.Command) -> Mapping[str, str]:
    """The writing options that this command lacks -> what to do instead."""
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
    def command(ctx: click.Context, /, **given: object) -> object:
        parent = cast("RootValues", ctx.find_root().obj or {})
        shared = SharedOptions(cast("SharedValues", given), parent)
        if "reason" in given:
            shared.reason = cast("str | None", given["reason"])
            if reason:
                del given["reason"]
        try:
            if on_incident:
                _check_first_word(ctx, shared, given)
            with keeping.kept(ctx, shared):
                done = function(shared, **given)
            shared.report_times()
            return done
        except SevlogError as error:
            complete(error, ctx)
            raise
        finally:
            shared.close()
            if shared.acted:
                after_acts(shared.workspace)

    decorated = cast("F", command)
    for option in reversed(_COMMON):
        decorated = option(decorated)
    return decorated


def after_acts(workspace: Workspace) -> None:
    """Send what was recorded, and run the hooks for it. Failures are warnings: the acts are done."""
    if not workspace.acted:
        return
    from ..services.notifying.relevance import concerns

    told = concerns(workspace, workspace.acted)
    if told:
        from .after_acts import send_notifications

        send_notifications(workspace, told)
    if workspace.config.hooks:
        from .hook_warnings import run_hooks

        run_hooks(workspace, workspace.acted)


_TEXTS = ("text", "why", "result")
"""Names of the arguments that take free text, in commands that act on an incident."""


def _check_first_word(ctx: click.Context, shared: SharedOptions, given: dict[str, object]) -> None:
    """Raise UsageError if a text begins with the id of an incident, probably meant for -i. After `--` it is a text."""
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
    """The parameter names of the options of commands that write."""
    return frozenset({"at_text", "person", "dry_run", "no_commit", "push", "any_branch"})
