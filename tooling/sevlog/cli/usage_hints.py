"""Guesses the intended command from one that does not parse: misplaced options, a dash in a text, an id."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ..errors import SevlogError
from .options import WRITING_OPTIONS, only_reads, options_without

_MOST_COMMANDS = 4
"""An option that more commands have says little about which one was meant."""


def hints_for(error: click.ClickException, context: click.Context, typed: Sequence[str]) -> tuple[str, ...]:
    """Hints with commands that would work, best guess first; may be empty. typed: the arguments of `sevlog`."""
    if isinstance(error, click.NoSuchOption):
        if isinstance(context.command, click.Group):
            return _move_options(context.command, context, typed)
        if (name := error.option_name.replace("--no-push", "--push")) in WRITING_OPTIONS:
            return _instead_of_option(name, error, context)
        return _escape_text(error, context, typed) or _option_elsewhere(error, context)
    extra = re.search(r"unexpected extra arguments? \((\S+)", error.format_message())
    return _suggest_incident_option(extra[1].rstrip(")"), context) if extra else ()


def _instead_of_option(name: str, error: click.NoSuchOption, context: click.Context) -> tuple[str, ...]:
    """What to do instead of a writing option that this command does not take."""
    command, path = context.command, context.command_path
    if not only_reads(command):
        instead = options_without(command).get(name)
        return (instead,) if instead else ()
    options = {option for parameter in command.params for option in parameter.opts}
    if name == "--at" and "--as-of" in options:
        return (f"{path} only reads records; for a past state: {path} --as-of TIME",)
    return (f"{path} only reads records; leave {error.option_name} out",)


def _move_options(group: click.Group, context: click.Context, typed: Sequence[str]) -> tuple[str, ...]:
    known = set(group.list_commands(context))
    place = next((n for n, word in enumerate(typed) if word in known), None)
    if not place:
        return ()
    line = shlex.join([typed[place], *typed[:place], *typed[place + 1 :]])
    return (f"options go after the command: sevlog {line}",)


def _option_elsewhere(error: click.NoSuchOption, context: click.Context) -> tuple[str, ...]:
    """Which commands have the option, or which options this command has; nothing if the option is nearly right."""
    if error.possibilities:
        return ()
    found = [path for path, command in _commands(context) if error.option_name in _options(command)]
    if 0 < len(found) <= _MOST_COMMANDS:
        return (f"{error.option_name} is an option of: {', '.join(found)}", f"{context.command_path} --help")
    own = ", ".join(sorted(_options(context.command) - {"--repo", "--verbose"}))
    return (f"options of {context.command_path}: {own}", f"{context.command_path} --help")


def _commands(context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Every command with its path."""
    root = context.find_root()
    assert isinstance(root.command, click.Group)
    for name in root.command.list_commands(root):
        command = root.command.get_command(root, name)
        if isinstance(command, click.Group):
            yield from ((f"sevlog {name} {inner}", one) for inner, one in command.commands.items())
        elif command is not None:
            yield f"sevlog {name}", command


def _options(command: click.Command) -> set[str]:
    shown = (p for p in command.params if isinstance(p, click.Option) and not p.hidden)
    return {name for option in shown for name in option.opts if name.startswith("--")}


def _escape_text(error: click.NoSuchOption, context: click.Context, typed: Sequence[str]) -> tuple[str, ...]:
    if not any(isinstance(p, click.Argument) and p.nargs == -1 for p in context.command.params):
        return ()
    place = next((n for n, word in enumerate(typed) if word.startswith(error.option_name)), None)
    if place is None or not (re.match(r"-+[0-9]", typed[place]) or " " in typed[place]):
        return ()
    words = context.command_path.split()[1:]
    before = [word for word in typed[:place] if word not in words]
    line = " ".join((*words, *map(shlex.quote, before), "--", *map(shlex.quote, typed[place:])))
    return (f"put a text that starts with a dash after `--`: sevlog {line}",)


def _suggest_incident_option(word: str, context: click.Context) -> tuple[str, ...]:
    """If a surplus word is part of an incident id, the command with -i."""
    if not any(parameter.name == "incident" for parameter in context.command.params):
        return ()
    from ..services.workspace import lookup
    from ..services.workspace.workspace import Workspace

    named = context.params.get("repo") or context.find_root().params.get("repo")
    try:
        found = lookup.resolve(Workspace.find(Path(str(named)) if named else None), word)
    except (SevlogError, OSError):
        return ()
    return (f"name the incident with -i: {context.command_path} -i {found}",)
