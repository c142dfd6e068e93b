"""sevlog update, note, link: what is told and written down."""

from __future__ import annotations

from typing import get_args

import click

from ...model.vocabulary import Audience, Phase, Relation
from .. import render
from ..options import Shared, acting, text_or_editor
from ..parameters import PERSON, STATE, TARGET, TEMPLATE


@click.command(
    epilog="\b\nExamples:\n"
    '  sevlog update "Card payments fail. We are on it." --title "Card payments fail" --next-in 30m\n'
    '  sevlog update "Rolled back; watching." --phase monitoring --component checkout=operational\n'
    '  sevlog update "Bridge is open, db team joins." --audience internal'
)
@click.argument("text", nargs=-1)
@click.option("--phase", type=click.Choice(get_args(Phase)), help="Default: as the status says.")
@click.option("--audience", type=click.Choice(get_args(Audience)), default="public", show_default=True,
              help="Who reads it.")  # fmt: skip
@click.option("--component", "components", multiple=True, type=STATE, help="State of a component from now on.")
@click.option(
    "--next-in", metavar="DURATION", help="When the next update comes: 30m (default: the severity's cadence)."
)
@click.option("--no-promise", is_flag=True, help="Promise no next update.")
@click.option("--template", type=TEMPLATE, help="The template it was written from.")
@click.option("--approved-by", type=PERSON, help="Who approved the text.")
@click.option("--title", metavar="TEXT", help="What customers read as the title of the incident.")
@acting()
def update(
    shared: Shared, text: tuple[str, ...], phase: Phase | None, audience: Audience, components: tuple[str, ...],
    next_in: str | None, no_promise: bool, template: str | None, approved_by: str | None, title: str | None,
) -> None:  # fmt: skip
    """Tell customers (or another audience) how it stands, and when they hear more."""
    from ...services import moments, responding

    done = responding.publish_update(
        shared.workspace, shared.incident, text_or_editor(text) or "", audience=audience, phase=phase,
        components=components, next_in=moments.span(next_in) if next_in else None, promise=not no_promise,
        title=title, template=template, approved_by=approved_by, options=shared.acting,
    )  # fmt: skip
    render.outcome(shared, done)


@click.command(
    epilog='\b\nExamples:\n  sevlog note "Vendor has a ticket open: 4711"\n  journalctl -n 20 | sevlog note -'
)
@click.argument("text", nargs=-1)
@acting()
def note(shared: Shared, text: tuple[str, ...]) -> None:
    """Write down a part of the story."""
    from ...services import responding

    keys: dict[str, object] = {"kind": "note", "text": text_or_editor(text)}
    render.outcome(shared, responding.add_entry(shared.workspace, shared.incident, keys, shared.acting))


@click.command(
    epilog="\b\nExamples:\n  sevlog link https://tickets.example/4711 --rel ticket\n"
    "  sevlog link 2026-10-02-db-full --rel caused_by"
)
@click.argument("target", type=TARGET)
@click.option("--rel", type=click.Choice(get_args(Relation)), default="related", show_default=True,
              help="What it is to this incident.")  # fmt: skip
@click.option("--text", metavar="TEXT", help="Why it matters.")
@acting()
def link(shared: Shared, target: str, rel: str, text: str | None) -> None:
    """Link another incident, a ticket, an alert or a change."""
    from ...services import responding

    render.outcome(shared, responding.link(shared.workspace, shared.incident, rel, target, text, shared.acting))
