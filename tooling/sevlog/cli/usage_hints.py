"""What was probably meant by a line that does not parse: options before the command, a dash in a text, an id."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from ..errors import SevlogError
from .options import WRITING_OPTIONS, only_reads, options_without


def meant(error: click.ClickException, context: click.Context, typed: Sequence[str]) -> tuple[str, ...]:
    """The lines that would work, best guess first; none where there is no guess. typed: the arguments of `sevlog`."""
    if isinstance(error, click.NoSuchOption):
        if isinstance(context.command, click.Group):
            return _options_after_the_command(context.command, context, typed)
        if (name := error.option_name.replace("--no-push", "--push")) in WRITING_OPTIONS:
            return _not_for_this(name, error, context)
        return _text_behind_dashes(error, context, typed)
    extra = re.search(r"unexpected extra arguments? \((\S+)", error.format_message())
    return _incident_named(extra[1].rstrip(")"), context) if extra else ()


def _not_for_this(name: str, error: click.NoSuchOption, context: click.Context) -> tuple[str, ...]:
    """What to do instead of an option that only commands which write, or most of them, take."""
    command, path = context.command, context.command_path
    if not only_reads(command):
        instead = options_without(command).get(name)
        return (instead,) if instead else ()
    options = {option for parameter in command.params for option in parameter.opts}
    if name == "--at" and "--as-of" in options:
        return (f"{path} only reads; for a past state: {path} --as-of TIME",)
    return (f"{path} only reads: leave {error.option_name} out",)


def _options_after_the_command(group: click.Group, context: click.Context, typed: Sequence[str]) -> tuple[str, ...]:
    known = set(group.list_commands(context))
    place = next((n for n, word in enumerate(typed) if word in known), None)
    if not place:
        return ()
    line = shlex.join([typed[place], *typed[:place], *typed[place + 1 :]])
    return (f"options go after the command: sevlog {line}",)


def _text_behind_dashes(error: click.NoSuchOption, context: click.Context, typed: Sequence[str]) -> tuple[str, ...]:
    if not any(isinstance(p, click.Argument) and p.nargs == -1 for p in context.command.params):
        return ()
    place = next((n for n, word in enumerate(typed) if word.startswith(error.option_name)), None)
    if place is None or not (re.match(r"-+[0-9]", typed[place]) or " " in typed[place]):
        return ()
    words = context.command_path.split()[1:]
    before = [word for word in typed[:place] if word not in words]
    line = " ".join((*words, *map(shlex.quote, before), "--", *map(shlex.quote, typed[place:])))
    return (f"a text that begins with a dash goes after `--`: sevlog {line}",)


def _incident_named(word: str, context: click.Context) -> tuple[str, ...]:
    """The incident whose id a surplus word is a part of, for -i."""
    if not any(parameter.name == "incident" for parameter in context.command.params):
        return ()
    from ..services.workspace import lookup
    from ..services.workspace.workspace import Workspace

    named = context.params.get("repo") or context.find_root().params.get("repo")
    try:
        found = lookup.resolve(Workspace.find(Path(str(named)) if named else None), word)
    except (SevlogError, OSError):
        return ()
    return (f"an incident is named with -i: {context.command_path} -i {found}",)
