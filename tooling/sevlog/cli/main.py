"""The entry point: finds the command, and turns every error into one message and one exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from .. import __version__
from ..errors import Exit, SevlogError
from .table import COMMANDS


class LazyGroup(click.Group):
    """Imports a command's module only when that command runs, so that `--help` and completion stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [row.name for row in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        row = next((r for r in COMMANDS if r.name == cmd_name), None)
        if row is None:
            return None
        module, _, attribute = row.where.partition(":")
        command: click.Command = getattr(import_module(f"sevlog.cli.commands.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f"did you mean: sevlog {close[0]}?" if close else "all commands: sevlog --help"
            raise SevlogError(f"there is no command `{args[0]}`", hint) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading in dict.fromkeys(row.heading for row in COMMANDS):
            with formatter.section(heading):
                formatter.write_dl([(row.name, row.help) for row in COMMANDS if row.heading == heading])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='A first incident:  sevlog raise "Checkout fails" --severity SEV2 --component checkout '
    '--summary "Card payments are refused"',
)
@click.version_option(__version__, prog_name="sevlog")
@click.option("--repo", metavar="PATH", help="The records repository (default: found upwards).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output, nothing else.")
@click.pass_context
def cli(ctx: click.Context, repo: str | None, as_json: bool) -> None:
    """Incident management on files in git: each command is an entry in the timeline, and a commit."""
    ctx.obj = {"repo": repo, "json": as_json}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run sevlog and exit with the code of cli.md."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code. Nothing but SystemExit-free code below may print an error."""
    as_json = "--json" in arguments
    verbose = "-v" in arguments or "--verbose" in arguments
    try:
        result: Any = cli.main(args=arguments, prog_name="sevlog", standalone_mode=False)
        return int(result) if isinstance(result, int) else Exit.OK
    except SevlogError as error:
        return _report(error, as_json)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _report_text("interrupted; nothing was written", (), Exit.INTERRUPTED, as_json)
    except click.ClickException as error:
        return _report_usage(error, as_json)
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.OK
    except Exception as error:  # noqa: BLE001 - the one boundary: a bug becomes a message that can be reported
        return _report_bug(error, arguments, verbose, as_json)


def _report(error: SevlogError, as_json: bool) -> int:
    if not as_json:
        return _report_text(error.message, error.hints, error.exit_code, as_json)
    return _print_json(error.message, error.hints, error.exit_code, error.details)


def _report_usage(error: click.ClickException, as_json: bool) -> int:
    hints: tuple[str, ...] = ()
    context = getattr(error, "ctx", None)
    if context is not None:
        hints = (f"{context.command_path} --help",)
    return _report_text(error.format_message().rstrip("."), hints, Exit.USAGE, as_json)


def _report_bug(error: Exception, arguments: list[str], verbose: bool, as_json: bool) -> int:
    import traceback

    if verbose:
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.rpartition('sevlog')[2].lstrip('/')}:{frame.lineno}"
    hints = (
        f"sevlog {__version__}, {type(error).__name__} at {place}; the whole story: run it again with -v",
        "please report it with the command you ran; what was committed before is safe: git log -1",
    )
    return _report_text(f"a bug in sevlog: {error}", hints, Exit.BUG, as_json)


def _report_text(message: str, hints: Sequence[str], code: Exit, as_json: bool) -> int:
    if as_json:
        return _print_json(message, hints, code, {})
    click.echo(f"{click.style('error:', fg='red', bold=True)} {message}", err=True)
    for hint in hints:
        click.echo(f"{click.style('hint:', fg='cyan')} {hint}", err=True)
    return code


def _print_json(message: str, hints: Sequence[str], code: Exit, details: dict[str, object]) -> int:
    import json

    error = {"code": code.name.lower(), "exit_code": int(code), "message": message, "hints": list(hints), **details}
    click.echo(json.dumps({"schema": "1", "error": error}, ensure_ascii=False, indent=2))
    return code


if __name__ == "__main__":
    main()
