"""Writes docs/reference/: commands, entry kinds, files, guards and exit codes, from the code that defines them.

`python -m sevlog.cli.reference.pages` rewrites the files; a test fails if they are out of date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from ...errors import Exit
from ...model.config import settings as config_settings
from ...model.oncall import roster as oncall_roster
from ...model.rules.not_in_effect import MARK, reason
from ...model.timeline import entries, entry_parts, incident
from ...model.timeline.guards import GUARDS
from ...model.vocabulary import UNCONDITIONAL
from ..command_table import COMMANDS
from ..main import cli
from ..options import common_option_names, only_reads, options_without, writing_option_names

_NOTE = "<!-- Generated from the code by `make reference`; edit the code instead. -->\n"
_EXITS: dict[Exit, str] = {
    Exit.OK: "Success.",
    Exit.FINDINGS: "Problems found (`check`, `doctor` …), or a part failed (`page`, `hook run`, `action sync` …).",
    Exit.USAGE: "Invalid request: an unknown option, severity, time …",
    Exit.REFUSED: "Refused by the lifecycle or a guard; nothing was written.",
    Exit.NOT_FOUND: "The name or path matches nothing, or the name more than one thing.",
    Exit.GIT: "A problem with git or the disk: no identity, an unfinished merge, a failing hook, no space …",
    Exit.INVALID: "A record is invalid, or was changed by someone else in the meantime.",
    Exit.BUG: "A bug in sevlog; the message says how to report it.",
    Exit.INTERRUPTED: "Interrupted. An act is recorded completely or not at all; if it is, `sevlog sync` pushes it.",
}


_ABOUT_GUARDS = (
    "A guard is a condition of a transition. `--override NAME --reason …` passes a guard; the override is recorded and "
    f"reported. These cannot be overridden: {', '.join(f'`{name}`' for name in GUARDS if name in UNCONDITIONAL)}."
)


def pages() -> dict[str, str]:
    """File name -> text of each reference page."""
    return {
        "commands.md": _commands(),
        "entries.md": _entries(),
        "files.md": _files(),
        "guards.md": _guards(),
        "exit-codes.md": _exit_codes(),
    }


def _commands() -> str:
    lines = [
        "# Commands",
        "",
        _NOTE,
        "All commands take these options, except `completion`, which reads no repository:",
        "",
    ]
    board, note = (cli.get_command(click.Context(cli), name) for name in ("board", "note"))
    lines += [*_options(board, only=common_option_names()), ""]
    lines += ["Commands that write also take these options. Exceptions are listed with the command:", ""]
    lines += [*_options(note, only=writing_option_names()), ""]
    for row in COMMANDS:
        command = cli.get_command(click.Context(cli), row.name)
        lines += list(_command(f"sevlog {row.name}", command))
    return "\n".join(lines).rstrip() + "\n"


def _command(path: str, command: click.Command | None) -> Iterator[str]:
    assert command is not None
    context = click.Context(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context)).replace("[OPTIONS] ", "").replace("[OPTIONS]", "").strip()
    yield from (f"## `{path}{' ' + usage if usage else ''}`", "", _prose(command.help or ""), "")
    options = _options(command, without=common_option_names() | writing_option_names())
    yield from ([*options, ""] if options else [])
    lacking = ", ".join(f"`{name}`" for name in options_without(command)) if not only_reads(command) else ""
    yield from ((f"Does not take {lacking}.", "") if lacking else ())
    example, *more = re.sub(r"^\x08?\s*Examples:\n", "", (command.epilog or "")).split("\n\n\b\n")
    example = example.replace("\b", "").strip("\n")
    if example:
        yield from ("```sh", *(line[2:] if line.startswith("  ") else line for line in example.splitlines()), "```", "")
    for section in more:
        yield from ("```text", *section.strip("\n").splitlines(), "```", "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from _command(f"{path} {name}", command.get_command(context, name))


def _options(
    command: click.Command | None, *, only: frozenset[str] | None = None, without: frozenset[str] = frozenset()
) -> list[str]:
    assert command is not None
    rows = []
    for parameter in command.params:
        if not isinstance(parameter, click.Option) or parameter.hidden or parameter.name in without:
            continue
        if only is not None and parameter.name not in only:
            continue
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        if isinstance(parameter.type, click.Choice):
            value = " " + " / ".join(str(choice) for choice in parameter.type.choices)
        else:
            value = "" if parameter.is_flag else f" {parameter.make_metavar(click.Context(command))}"
        rows.append(f"- {names}{value}: {_prose(parameter.help or '')}".rstrip(": "))
    return rows


def _prose(text: str) -> str:
    return " ".join(text.replace("\b", "").split())


def _entries() -> str:
    lines = ["# Timeline entries", "", _NOTE, "Every entry has these keys:", "", *_fields(entry_parts.Entry), ""]
    common = {f.encode_name for f in msgspec.structs.fields(entry_parts.Entry)}
    for name, kind in entries.KIND_BY_NAME.items():
        lines += [f"## `{name}`", "", _prose(kind.__doc__ or ""), ""]
        own = [row for row in _fields(kind) if re.match(r"- `([^`]+)`", row)[1] not in common]  # type: ignore[index]
        lines += [*own, ""] if own else []
    return "\n".join(lines).rstrip() + "\n"


def _files() -> str:
    lines = ["# Files", "", _NOTE]
    shown: set[type] = set()
    for title, shape in (
        ("incident.yaml", incident.IncidentCard),
        ("actions.yaml (a list of these)", incident.ActionItem),
        ("postmortem.md, front matter", incident.Postmortem),
        ("postmortem.public.md, front matter", incident.PublicPostmortem),
        ("sevlog.yaml", config_settings.Config),
        ("oncall.yaml", oncall_roster.OnCall),
    ):
        lines += [f"## {title}", "", _prose(shape.__doc__ or ""), "", *_fields(shape), ""]
        for nested in _nested(shape, shown):
            lines += [f"### {nested.__name__}", "", _prose(nested.__doc__ or ""), "", *_fields(nested), ""]
    return "\n".join(lines).rstrip() + "\n"


def _nested(shape: type[msgspec.Struct], shown: set[type]) -> Iterator[type[msgspec.Struct]]:
    info = msgspec.inspect.type_info(shape)
    assert isinstance(info, msgspec.inspect.StructType)
    for field in info.fields:
        for found in _structs(field.type):
            if found not in shown:
                shown.add(found)
                yield found
                yield from _nested(found, shown)


def _structs(kind: object) -> Iterator[type[msgspec.Struct]]:
    if isinstance(kind, msgspec.inspect.Metadata):
        yield from _structs(kind.type)
    elif isinstance(kind, msgspec.inspect.UnionType):
        for option in kind.types:
            yield from _structs(option)
    elif isinstance(kind, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
        yield from _structs(kind.item_type)
    elif isinstance(kind, msgspec.inspect.DictType):
        yield from _structs(kind.value_type)
    elif isinstance(kind, msgspec.inspect.StructType):
        yield kind.cls


def _fields(shape: type[msgspec.Struct]) -> list[str]:
    info = msgspec.inspect.type_info(shape)
    assert isinstance(info, msgspec.inspect.StructType)
    rows = []
    for field in info.fields:
        described = (field.type.extra_json_schema or {}) if isinstance(field.type, msgspec.inspect.Metadata) else {}
        text = described.get("description", "")
        why = reason(shape.__name__, field.encode_name)
        text = f"{text} **{MARK.removesuffix(': ')}**: {why}." if why else text
        rows.append(f"- `{field.encode_name}`{' (required)' if field.required else ''}: {text}".rstrip(": "))
    return rows


def _guards() -> str:
    lines = ["# Guards", "", _NOTE, _ABOUT_GUARDS, ""]
    lines += [f"- `{name}`: {_prose(guard.__doc__ or '')}" for name, guard in GUARDS.items()]
    return "\n".join(lines).rstrip() + "\n"


def _exit_codes() -> str:
    rows = [f"| {int(code)} | {_EXITS[code]} |" for code in Exit]
    return "\n".join(["# Exit codes", "", _NOTE, "| code | meaning |", "|---|---|", *rows]) + "\n"


def write(folder: Path) -> None:
    """Write every page below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(__file__).parents[4] / "docs" / "reference")
