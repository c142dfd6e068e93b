"""sevlog update, note, link: updates to audiences, notes and links."""

from __future__ import annotations

from typing import get_args

import click

from ...model.vocabulary import Audience, Phase, Relation
from ..options import acting
from ..output import render
from ..parameters import PERSON, STATE, TARGET, TEMPLATE
from ..shared import SharedOptions
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
@click.option("--phase", type=click.Choice(get_args(Phase)), help="Public phase (default: from the status).")
@click.option(
    "--audience", type=click.Choice(get_args(Audience)), default="public", show_default=True, help="Who reads it."
)
@click.option("--component", "components", multiple=True, type=STATE, help="New state of a component; repeatable.")
@click.option(
    "--next-in", metavar="DURATION", help="Promise the next update in this time: 30m (default: from the severity)."
)
@click.option("--no-promise", is_flag=True, help="Do not promise a next update.")
@click.option("--template", type=TEMPLATE, help="Start from a template, such as initial; TEXT becomes a part of it.")
@click.option("--say", "said", multiple=True, metavar="NAME=TEXT", help="A value that the template asks for.")
@click.option("--file", metavar="PATH", help="Read the text from a file.")
@click.option("--edit", is_flag=True, help="Write the text in $VISUAL or $EDITOR, starting from the matching template.")
@click.option("--preview", is_flag=True, help="Show the message as readers get it; record nothing.")
@click.option("--draft", is_flag=True, help="Save a draft that waits for approval; see `sevlog approve`.")
@click.option("--approved-by", type=PERSON, help="Person who approved the text.")
@click.option("--title", metavar="TEXT", help="Public title of the incident.")
@click.option("-y", "--yes", is_flag=True, help="Publish without asking for confirmation.")
@acting()
def update(
    shared: SharedOptions,
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
    """Publish an update to customers or another audience, with the time of the next one."""
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
            session = IncidentSession(shared.workspace, shared.incident, shared.acting)
            networks = comms_drafts.for_networks(session, writing.text)
            done = publish(session, writing.text, writing.message, beside=networks)
    render.outcome(shared, done)


@click.command(
    epilog='\b\nExamples:\n  sevlog note "Vendor has a ticket open: 4711"\n  journalctl -n 20 | sevlog note -'
)
@click.argument("text", nargs=-1)
@acting()
def note(shared: SharedOptions, text: tuple[str, ...]) -> None:
    """Add a note to the timeline."""
    from ...services.response import acts as response_acts

    keys: dict[str, object] = {"kind": "note", "text": text_or_editor(text)}
    render.outcome(shared, response_acts.add_entry(shared.workspace, shared.incident, keys, shared.acting))


@click.command(
    epilog="\b\nExamples:\n  sevlog link https://tickets.example/4711 --rel ticket\n"
    "  sevlog link 2026-10-02-db-full --rel caused_by\n"
    "  sevlog link alertmanager:9f1c2d --rel alert -i checkout"
)
@click.argument("target", type=TARGET)
@click.option(
    "--rel",
    type=click.Choice(get_args(Relation)),
    default="related",
    show_default=True,
    help="Relation to this incident.",
)
@click.option("--text", metavar="TEXT", help="Comment on the link.")
@acting()
def link(shared: SharedOptions, target: str, rel: str, text: str | None) -> None:
    """Link another incident, a ticket, an alert or a change. Both incidents show the link.

    With --rel alert, TARGET is the fingerprint of an alert as `show` and `intake --json` print it, or
    source:fingerprint. The alert is attached: its later deliveries go to this incident. An address is only a link.
    """
    from ...services.response import linking as response_linking

    render.outcome(shared, response_linking.link(shared.workspace, shared.incident, rel, target, text, shared.acting))
