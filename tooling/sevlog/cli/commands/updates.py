"""sevlog update, note, link: what is told and written down."""

from __future__ import annotations

from typing import get_args

import click

from ...model.vocabulary import Audience, Phase, Relation
from ..options import acting
from ..output import render
from ..parameters import PERSON, STATE, TARGET, TEMPLATE
from ..shared import Shared
from ..text_input import text_or_editor


@click.command(
    epilog="\b\nExamples:\n"
    '  sevlog update "Card payments fail. We are on it." --title "Card payments fail" --next-in 30m\n'
    '  sevlog update --template initial --title "Card payments fail"\n'
    '  sevlog update "Rolled back; watching." --phase monitoring --component checkout=operational\n'
    '  sevlog update "Bridge is open, db team joins." --audience internal\n'
    '  sevlog update --audience internal --template follow_up "Two of five pools are back." \\\n'
    '      --say next_steps="bo warms up the caches"\n'
    "  sevlog update --edit --preview\n"
    '  sevlog update "It is the payment provider." --draft'
)
@click.argument("text", nargs=-1)
@click.option("--phase", type=click.Choice(get_args(Phase)), help="Default: as the status says.")
@click.option(
    "--audience", type=click.Choice(get_args(Audience)), default="public", show_default=True, help="Who reads it."
)
@click.option("--component", "components", multiple=True, type=STATE, help="State of a component from now on.")
@click.option(
    "--next-in", metavar="DURATION", help="When the next update comes: 30m (default: the severity's cadence)."
)
@click.option("--no-promise", is_flag=True, help="Promise no next update.")
@click.option("--template", type=TEMPLATE, help="Write it from a template, such as initial; TEXT is a part of it then.")
@click.option("--say", "said", multiple=True, metavar="NAME=TEXT", help="What the template asks for besides the text.")
@click.option("--file", metavar="PATH", help="Take the text from a file.")
@click.option("--edit", is_flag=True, help="Write it in $VISUAL or $EDITOR, from the template that fits.")
@click.option("--preview", is_flag=True, help="Show what its readers would get, and record nothing.")
@click.option("--draft", is_flag=True, help="Let it wait for approval: see `sevlog comms approve`.")
@click.option("--approved-by", type=PERSON, help="Who approved the text.")
@click.option("--title", metavar="TEXT", help="What customers read as the title of the incident.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing before customers read it.")
@acting()
def update(
    shared: Shared,
    text: tuple[str, ...],
    phase: Phase | None,
    audience: Audience,
    components: tuple[str, ...],
    next_in: str | None,
    no_promise: bool,
    template: str | None,
    said: tuple[str, ...],
    file: str | None,
    edit: bool,
    preview: bool,
    draft: bool,
    approved_by: str | None,
    title: str | None,
    yes: bool,
) -> None:
    """Tell customers (or another audience) how it stands, and when they hear more."""
    from ...services.common import time_input
    from ...services.comms import drafts as comms_drafts
    from ...services.recording.incident_session import IncidentSession
    from ...services.response.updates import Message, publish
    from ..writing import Writing, pairs, show_preview

    message = Message(
        audience=audience,
        phase=phase,
        components=components,
        next_in=time_input.span(next_in) if next_in else None,
        promise=not no_promise,
        title=title,
        template=template,
        approved_by=approved_by,
    )
    writing = Writing(shared, message, pairs(said))
    with writing.kept():
        writing.begin(text, file, edit=edit)
        if preview:
            show_preview(shared, writing.preview(), audience, "email")
            return
        if draft:
            done = comms_drafts.put_down(
                shared.workspace, shared.incident, writing.text, writing.message, shared.acting
            )
        else:
            writing.confirm(yes)
            done = publish(
                IncidentSession(shared.workspace, shared.incident, shared.acting), writing.text, writing.message
            )
    render.outcome(shared, done)


@click.command(
    epilog='\b\nExamples:\n  sevlog note "Vendor has a ticket open: 4711"\n  journalctl -n 20 | sevlog note -'
)
@click.argument("text", nargs=-1)
@acting()
def note(shared: Shared, text: tuple[str, ...]) -> None:
    """Write down a part of the story."""
    from ...services.response import acts as response_acts

    keys: dict[str, object] = {"kind": "note", "text": text_or_editor(text)}
    render.outcome(shared, response_acts.add_entry(shared.workspace, shared.incident, keys, shared.acting))


@click.command(
    epilog="\b\nExamples:\n  sevlog link https://tickets.example/4711 --rel ticket\n"
    "  sevlog link 2026-10-02-db-full --rel caused_by"
)
@click.argument("target", type=TARGET)
@click.option(
    "--rel",
    type=click.Choice(get_args(Relation)),
    default="related",
    show_default=True,
    help="What it is to this incident.",
)
@click.option("--text", metavar="TEXT", help="Why it matters.")
@acting()
def link(shared: Shared, target: str, rel: str, text: str | None) -> None:
    """Link another incident, a ticket, an alert or a change."""
    from ...services.response import acts as response_acts

    render.outcome(shared, response_acts.link(shared.workspace, shared.incident, rel, target, text, shared.acting))
