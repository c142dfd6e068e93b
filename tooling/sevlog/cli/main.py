"""The entry point: finds the command, and turns each error into one message and one exit code."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from .. import __version__
from ..errors import Exit, SevlogError, UsageError
from .command_table import COMMANDS
from .screen import say, style

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..services.workspace.workspace import Clock

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_NO_ARGUMENTS = getattr(click.exceptions, "NoArgsIsHelpError", ())
"""What click 8.2 and later raises for a group without a command."""


class LazyGroup(click.Group):
    """Imports the module of a command only when it runs, so that `--help` and completion are fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [row.name for row in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        row = next((r for r in COMMANDS if r.name == cmd_name), None)
        if row is None:
            return None
        module, _, attribute = row.where.partition(":")
        command: click.Command = getattr(import_module(f"sevlog.cli.commands.{module}"), attribute)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        options = click.Command.shell_complete(self, ctx, incomplete)
        named = [row for row in COMMANDS if row.name.startswith(incomplete)]
        return [*(CompletionItem(row.name, help=row.help) for row in named), *options]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            found = super().resolve_command(ctx, args)
        except click.UsageError:
            found = None, None, []
        if found[1] is None:
            from ..model.suggestions import nearest

            close = nearest(args[0], self.list_commands(ctx))
            hint = f"did you mean: sevlog {close}?" if close else "all commands: sevlog --help"
            raise SevlogError(f"unknown command `{args[0]}`", hint)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading in dict.fromkeys(row.heading for row in COMMANDS):
            with formatter.section(heading):
                formatter.write_dl([(row.name, row.help) for row in COMMANDS if row.heading == heading])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Example:  sevlog raise "Checkout fails" --severity SEV2 --component checkout '
    '--summary "Card payments are refused"',
)
@click.version_option(__version__, prog_name="sevlog")
@click.option("--repo", metavar="PATH", help="Records repository (default: this folder or a parent).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_context
def cli(ctx: click.Context, repo: str | None, as_json: bool) -> None:
    """Manage incidents as files in git. Each act is an entry in the timeline and a commit."""
    ctx.obj = {"clock": None, "arguments": (), **(ctx.obj or {}), "repo": repo, "json": as_json}


def main(arguments: Sequence[str] | None = None, *, clock: Clock | None = None) -> NoReturn:
    """Run sevlog and exit with the code of cli.md. clock: as for `run`."""
    asked_by_shell = os.environ.get("_SEVLOG_COMPLETE")
    if asked_by_shell:
        from .completion.shells import answer

        answered = answer(cli, asked_by_shell)
        os._exit(answered)  # skips the teardown of the interpreter, which takes longer than the answer
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given, clock=clock))


def run(arguments: list[str], *, clock: Clock | None = None) -> int:
    """Run one command and return its exit code. Prints all errors; never raises.

    clock: the current time (default: the clock of the system).
    """
    if not {"-v", "--verbose"}.isdisjoint(_options(arguments)):
        from .tracing import traced

        with traced():
            return _run(arguments, clock)
    return _run(arguments, clock)


def _options(arguments: list[str]) -> list[str]:
    """The arguments before `--`, after which all are texts."""
    return arguments[: arguments.index("--") if "--" in arguments else None]


def _run(arguments: list[str], clock: Clock | None) -> int:
    as_json = "--json" in _options(arguments)
    color = False if os.environ.get("NO_COLOR") else None
    try:
        _check_encoding(arguments)
        result: object = cli.main(
            args=arguments,
            prog_name="sevlog",
            standalone_mode=False,
            color=color,
            obj={"arguments": arguments, "clock": clock},
        )
        return int(result) if isinstance(result, int) else Exit.OK
    except SevlogError as error:
        return _report(error.message, error.hints, error.exit_code, as_json, error.details)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt, EOFError):
        message = "interrupted; earlier commits are safe, and nothing is half-written"
        return _report(message, (), Exit.INTERRUPTED, as_json)
    except click.ClickException as error:
        return _report_usage(error, arguments, as_json)
    except SystemExit:  # click exits when the reader closed the pipe, such as `sevlog list | head`
        return Exit.OK
    except OSError as error:
        return _report_disk(error, as_json) if error.errno in _NO_SPACE else _report_bug(error, arguments, as_json)
    except Exception as error:  # noqa: BLE001 - the one boundary: a bug becomes a message that can be reported
        return _report_bug(error, arguments, as_json)


def _check_encoding(arguments: list[str]) -> None:
    for text in arguments:
        try:
            text.encode()
        except UnicodeEncodeError:
            shown = text.encode("utf-8", "backslashreplace").decode()
            raise UsageError(f"an argument is not UTF-8: {shown}", "use a terminal with a UTF-8 locale") from None


def _report_usage(error: click.ClickException, arguments: list[str], as_json: bool) -> int:
    context: click.Context | None = getattr(error, "ctx", None)
    if context is None:
        return _report(error.format_message().rstrip("."), (), Exit.USAGE, as_json)
    command = context.command
    if isinstance(error, _NO_ARGUMENTS) and not as_json:
        say(context.get_help(), err=True)
        return Exit.USAGE
    from .usage_hints import hints_for

    guesses = hints_for(error, context, arguments)
    if guesses:  # without click's own "did you mean", which compares spelling only
        return _report(error.message.rstrip("."), guesses, Exit.USAGE, as_json)
    if isinstance(command, click.Group):
        message = error.format_message().rstrip(".") if not _asks_for_command(error) else "missing command"
        hints = (*_near_commands(error, command, context), f"commands: {', '.join(command.list_commands(context))}")
        return _report(message, hints, Exit.USAGE, as_json)
    hints = (*_examples(command)[:1], f"{context.command_path} --help")
    return _report(error.format_message().rstrip("."), hints, Exit.USAGE, as_json)


def _asks_for_command(error: click.ClickException) -> bool:
    return isinstance(error, _NO_ARGUMENTS) or "Missing command" in error.format_message()


def _near_commands(error: click.ClickException, group: click.Group, context: click.Context) -> tuple[str, ...]:
    from ..model.suggestions import nearest

    typed = re.search(r"No such command '([^']*)'", error.format_message())
    close = nearest(typed[1], group.list_commands(context)) if typed else None
    return (f"did you mean: {context.command_path} {close}?",) if close else ()


def _examples(command: click.Command) -> list[str]:
    """The examples of a command's help, each on one line."""
    text = (command.epilog or "").replace("\\\n", " ")
    return [" ".join(line.split()) for line in text.splitlines() if line.strip().startswith("sevlog ")]


def _report_disk(error: OSError, as_json: bool) -> int:
    """Report a disk that is full or read-only."""
    where = error.filename2 or error.filename
    message = f"{where}: {error.strerror}" if where else str(error.strerror)
    hint = "free some space or remount the disk, then run it again; earlier commits are safe: git log -1"
    return _report(f"cannot write to disk: {message}", (hint,), Exit.GIT, as_json)


def _report_bug(error: Exception, arguments: list[str], as_json: bool) -> int:
    import traceback

    if "-v" in arguments or "--verbose" in arguments:
        say("".join(traceback.format_exception(error)), err=True, nl=False)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.rpartition('sevlog')[2].lstrip('/')}:{frame.lineno}"
    hints = (
        f"sevlog {__version__}, {type(error).__name__} at {place}; for the traceback, run it again with -v",
        "please report it with the command you ran; earlier commits are safe: git log -1",
    )
    return _report(f"a bug in sevlog: {error}", hints, Exit.BUG, as_json)


def _report(
    message: str, hints: Sequence[str], code: Exit, as_json: bool, details: dict[str, object] | None = None
) -> int:
    if as_json:
        import json

        texts = {"message": message, "hints": list(hints), "details": details or {}}
        document = {"schema": "1", "error": {"code": code.name.lower(), "exit_code": int(code), **texts}}
        say(json.dumps(document, ensure_ascii=False, indent=2, default=str))
        return code
    color = False if os.environ.get("NO_COLOR") else None
    say(f"{style('error:', fg='red', bold=True)} {message}", err=True, color=color)
    for hint in hints:
        say(f"{style('hint:', fg='cyan')} {hint}", err=True, color=color)
    return code


if __name__ == "__main__":
    main()
