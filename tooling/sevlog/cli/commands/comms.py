"""sevlog comms: the communication plan, templates, previews, and the lint."""

from __future__ import annotations

import sys
from typing import get_args

import click

from ...errors import Exit, UsageError
from ...model.vocabulary import Audience, Phase
from ..options import looking
from ..parameters import ENTRY, INCIDENT, PERSON, TEMPLATE
from ..screen import say
from ..shared import SharedOptions
from ..text_input import typed_text

_ID = click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")
_AUDIENCE = click.option(
    "--audience", type=click.Choice(get_args(Audience)), default="public", show_default=True, help="Who reads it."
)
_PHASE = click.option("--phase", type=click.Choice(get_args(Phase)), help="Public phase (default: from the status).")
_FILE = click.option("--file", metavar="PATH", help="Read the text from a file.")


@click.group(
    epilog="\b\nExamples:\n  sevlog comms plan\n  sevlog comms preview --network bluesky\n"
    '  sevlog comms lint "Orders work again shortly."'
)
def comms() -> None:
    """Work with the communication plan, its templates, and the lint of texts."""


@comms.command(epilog="\b\nExamples:\n  sevlog comms plan\n  sevlog comms plan -i checkout --json")
@_ID
@looking
def plan(shared: SharedOptions, named: str | None) -> None:
    """Show the communication plan: channels, interval, approver and template by audience, severity and phase."""
    from ...services.common import documents
    from ...services.comms import plan as comms_plan
    from ..output.reaching import comms_tables

    document = comms_plan.plan(shared.workspace, named)
    say(documents.as_json(document) if shared.json else comms_tables.plan(document))


@comms.command(
    epilog="\b\nExamples:\n  sevlog comms templates\n  sevlog comms templates public/initial\n"
    "  sevlog comms templates --facts --audience internal\n"
    "  mkdir -p comms/public; sevlog comms templates public/initial > comms/public/initial.md"
)
@click.argument("name", type=TEMPLATE, required=False)
@_AUDIENCE
@click.option("--facts", is_flag=True, help="List the facts that templates of the audience can use.")
@looking
def templates(shared: SharedOptions, name: str | None, audience: Audience, facts: bool) -> None:
    """List the templates of updates, your own and the shipped ones. With NAME, print its text."""
    from ...services.common import documents
    from ...services.comms import plan as comms_plan
    from ..output.reaching import comms_tables

    document = comms_plan.templates(shared.workspace, name, audience)
    if shared.json:
        say(documents.as_json(document))
    elif facts:
        say(comms_tables.facts(document))
    else:
        say(comms_tables.templates(document, name is not None))


@comms.command(
    epilog="\b\nExamples:\n  sevlog comms preview\n  sevlog comms preview --network x\n"
    '  sevlog comms preview "Card payments fail." --title "Card payments fail"\n'
    "  sevlog comms preview --audience internal --template initial\n"
    "  sevlog comms preview --entry 140730Z-correction"
)
@click.argument("text", nargs=-1)
@_ID
@_AUDIENCE
@_PHASE
@click.option("--template", type=TEMPLATE, help="Start from a template; TEXT becomes a part of it.")
@click.option("--say", "said", multiple=True, metavar="NAME=TEXT", help="A value that the template asks for.")
@click.option("--title", metavar="TEXT", help="Public title of the incident.")
@click.option("--entry", type=ENTRY, help="Preview a recorded entry, such as a correction (default: the last update).")
@click.option(
    "--network",
    "--channel",
    "channel",
    metavar="NAME",
    default="email",
    show_default=True,
    help="Channel that sets the length: email, chat, sms, bluesky, mastodon, x …",
)
@click.option("--as", "person", type=PERSON, help="Who would send it (default: you).")
@looking
def preview(
    shared: SharedOptions,
    text: tuple[str, ...],
    named: str | None,
    audience: Audience,
    phase: Phase | None,
    template: str | None,
    said: tuple[str, ...],
    title: str | None,
    entry: str | None,
    channel: str,
) -> None:
    """Preview a message as its audience reads it: a new text, or a recorded entry."""
    from ...services.comms import plan as comms_plan
    from ...services.response.updates import Message
    from ..output.reaching import comms_tables
    from ..writing import Writing, pairs, show_preview

    shared.incident = named
    if entry is not None and (text or template):
        raise UsageError(
            "--entry previews a recorded entry; it cannot be combined with a text", "leave one of them out"
        )
    if entry is not None or not (text or template):
        comms_tables.show(shared, comms_plan.told(shared.workspace, named, entry, audience, channel))
        return
    writing = Writing(shared, Message(audience=audience, phase=phase, title=title, template=template), pairs(said))
    writing.begin(text, None, edit=False)
    show_preview(shared, writing.preview(channel), audience, channel)


@comms.command(
    epilog='\b\nExamples:\n  sevlog comms lint "Orders work again shortly."\n'
    "  sevlog comms lint --file text.md --json\n  sevlog comms lint -"
)
@click.argument("text", nargs=-1)
@_ID
@_PHASE
@_FILE
@looking
def lint(shared: SharedOptions, text: tuple[str, ...], named: str | None, phase: Phase | None, file: str | None) -> int:
    """Check a text for customers and suggest better words. Exit code 1 if there are errors."""
    from ...services.common import documents
    from ...services.comms import plan as comms_plan
    from ..output.reaching import comms_tables
    from ..writing import text_of

    if not text and file is None and sys.stdin.isatty():
        raise UsageError("no text given", 'sevlog comms lint "…", or --file PATH, or - for standard input')
    given = typed_text(text or ("-",)) if file is None else text_of(file)
    document = comms_plan.linted(shared.workspace, named, given, phase)
    say(documents.as_json(document) if shared.json else comms_tables.linted(document))
    return Exit.FINDINGS if any(f.severity == "error" for f in document.findings) else Exit.OK
