"""The options that all commands share, and what they become: a workspace and the options of an act."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import NotFound, UsageError
from . import keeping
from .parameters import GUARD, INCIDENT, PERSON

if TYPE_CHECKING:
    from ..services.acting import Options
    from ..services.workspace import Clock, Workspace

_MOST_INPUT = 1024 * 1024

F = TypeVar("F", bound=Callable[..., Any])


class Shared:
    """The shared options of one run."""

    def __init__(self, given: dict[str, Any], parent: dict[str, Any]) -> None:
        self.repo: str | None = given.pop("repo") or parent.get("repo")
        self.json: bool = given.pop("as_json") or bool(parent.get("json"))
        self.at_text: str | None = given.pop("at_text", None)
        self.person: str | None = given.pop("person", None)
        self.dry_run: bool = given.pop("dry_run", False)
        self.commit: bool = not given.pop("no_commit", False)
        self.push: bool | None = given.pop("push", None)
        self.any_branch: bool = given.pop("any_branch", False)
        self.verbose: bool = given.pop("verbose")
        self.incident: str | None = given.pop("incident", None)
        self.overrides: tuple[str, ...] = given.pop("override", ())
        self.reason: str | None = None
        self._clock: Clock | None = parent.get("clock")
        self._times: dict[str, datetime] = {}

    @functools.cached_property
    def workspace(self) -> Workspace:
        """The records repository. Raises NotFound."""
        from ..services.workspace import Workspace, system_clock

        keeping.tell_waits()
        if self.repo is not None and not Path(self.repo).is_dir():
            raise NotFound(f"--repo {self.repo}: there is no such folder")
        return Workspace.find(Path(self.repo) if self.repo else None, clock=self._clock or system_clock)

    def time(self, option: str, text: str | None, *, past: bool = False, days: bool = False) -> datetime | None:
        """A time that was typed for an option, None where none was; `tell_times` says how it was understood.

        past: what it says has happened. days: it is an end of a range: a day is enough, and it may lie ahead.
        Raises UsageError for what is not a time, and for one that lies ahead where it must not.
        """
        if text is None:
            return None
        from ..model.rota_clock import zone_of
        from ..services.acting import check_past
        from ..services.moments import read_time

        now = self.workspace.clock()
        zone = lambda: zone_of(self.workspace.config.page.time_zone)  # noqa: E731 - asked for only where it is needed
        found = read_time(text, now, past=past, days=days, page=zone)
        if past and not days:
            check_past(option, found, now)
        if text.strip() != "now":
            self._times[option] = found
        return found

    def tell_times(self) -> None:
        """Say how the times that were typed were understood: by the clock of this machine, and in UTC."""
        if self._times and not self.json:
            from ..services.moments import told
            from .screen import say

            for option, at in self._times.items():
                say(f"{option.strip('-').replace('-', ' ')} {told(at)}", err=True)

    def path(self, name: str) -> Path:
        """A path as typed, from the current folder; where nothing is there, perhaps it is meant from the records."""
        inside = self.workspace.root / name
        return inside if not os.path.lexists(name) and os.path.lexists(inside) else Path(name)

    def close(self) -> None:
        """Let other commands write again."""
        if "workspace" in self.__dict__:
            self.workspace.close()

    def run_hooks(self) -> None:
        """Run the hooks that wait for what was recorded; what goes wrong with one is told, and nothing more."""
        acted = self.workspace.acted if "workspace" in self.__dict__ else []
        if acted and self.workspace.config.hooks:
            from .hook_warnings import run_hooks

            run_hooks(self.workspace, acted)

    @property
    def acting(self) -> Options:
        """What the services need to know of these options."""
        from ..services.acting import Options

        at = None if self.at_text == "now" else self.time("--at", self.at_text, past=True)
        return Options(
            person=self.person,
            at=at,
            dry_run=self.dry_run,
            commit=self.commit,
            push=self.push,
            any_branch=self.any_branch,
            overrides=self.overrides,
            override_reason=self.reason,
        )


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
            shared.run_hooks()

    decorated: Any = command
    for option in reversed(_COMMON):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


_TEXTS = ("text", "why", "result")
"""The arguments of any number of words that commands which act on an incident take as text."""


def _check_first_word(ctx: click.Context, shared: Shared, given: dict[str, Any]) -> None:
    """Raise UsageError where a text begins with an incident's id: it may be meant for -i. `--` says that it is text."""
    if shared.incident is not None or "--" in (ctx.find_root().obj or {}).get("arguments", ()):
        return
    for name in _TEXTS:
        words = given.get(name)
        if words and isinstance(words, tuple):
            from ..services.lookup import refuse_id_as_text

            refuse_id_as_text(shared.workspace, words, ctx.command_path)


def text_or_editor(text: tuple[str, ...], *, required: bool = True, template: str = "") -> str | None:
    """Words from the command line, `-` for standard input, or $EDITOR on a terminal.

    Raises UsageError where there is no text and no terminal to write one on.
    """
    if text == ("-",):
        found = _worded(_standard_input(), required)
        return found and keeping.typed(found, only_copy=True)
    if text:
        found = _worded(" ".join(text), required)
        return found and keeping.typed(found)
    if not required:
        return None
    if not sys.stdin.isatty():
        raise UsageError("there is no text", 'add it in quotes, or - to read it from standard input: … "text"')
    found = _worded(click.edit(template) or "", required)
    return found and keeping.typed(found, only_copy=True)


def typed_text(text: tuple[str, ...]) -> str:
    """The words of the command line, or what stands on standard input for `-`. Raises UsageError for nothing."""
    from_input = text == ("-",)
    return keeping.typed(_worded(_standard_input() if from_input else " ".join(text), True) or "", only_copy=from_input)


def _standard_input() -> str:
    """All of it. Raises UsageError where it is not UTF-8."""
    data = sys.stdin.buffer.read(_MOST_INPUT + 1) if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    if len(data) > _MOST_INPUT:
        raise UsageError(
            f"standard input has more than {_MOST_INPUT // 1024} KiB", "put it into a file and say what it shows"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 (byte {error.start})", "convert it: iconv -t UTF-8") from None


def _worded(text: str, required: bool) -> str | None:
    cleaned = text.strip()
    if cleaned or not required:
        return cleaned or None
    raise UsageError("the text is empty, so nothing was written", 'say it in quotes: … "text"')


def common_option_names() -> frozenset[str]:
    """The parameter names of the options that every command takes."""
    return frozenset({"repo", "as_json", "verbose"})


def writing_option_names() -> frozenset[str]:
    """The parameter names of the options that commands which write take."""
    return frozenset({"at_text", "person", "dry_run", "no_commit", "push", "any_branch"})
