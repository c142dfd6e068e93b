"""sevlog assign, release, handover, join, escalate: who does what."""

from __future__ import annotations

from typing import get_args

import click

from ...errors import Refused, UsageError
from ...model.vocabulary import CollaboratorAudience
from ...services import responding, words
from .. import render
from ..options import Shared, acting


@click.command(epilog="\b\nExamples:\n  sevlog assign tech_lead bo\n  sevlog assign incident_manager chi --lead")
@click.argument("role")
@click.argument("holder", metavar="PERSON")
@click.option("--lead", is_flag=True, help="This person leads; the one who led stays a holder.")
@click.option("--workstream", metavar="NAME", help="Only for this part of the response.")
@acting()
def assign(shared: Shared, role: str, holder: str, lead: bool, workstream: str | None) -> None:
    """Give a role to a person."""
    done = responding.assign_role(shared.workspace, shared.incident, role, holder, lead, workstream, shared.acting)
    render.outcome(shared, done)


@click.command(epilog="\b\nExamples:\n  sevlog release scribe dana")
@click.argument("role")
@click.argument("holder", metavar="PERSON")
@acting()
def release(shared: Shared, role: str, holder: str) -> None:
    """Take a role from a person."""
    render.outcome(shared, responding.release_role(shared.workspace, shared.incident, role, holder, shared.acting))


@click.command(epilog="\b\nExamples:\n  sevlog handover incident_manager chi\n  sevlog handover --accept --as chi")
@click.argument("role", required=False)
@click.argument("receiver", metavar="PERSON", required=False)
@click.option("--accept", is_flag=True, help="Accept what was offered to you.")
@click.option("--text", metavar="TEXT", help="State, next steps, open questions.")
@acting()
def handover(shared: Shared, role: str | None, receiver: str | None, accept: bool, text: str | None) -> None:
    """Offer a role to someone; it passes when they accept it."""
    desk = responding.Desk(shared.workspace, shared.incident, shared.acting)
    if accept:
        offer = next((o for o in reversed(desk.state.offers) if o.to == desk.who.person), None)
        if offer is None:
            raise Refused(f"{desk.record.id}: nothing is offered to {desk.who.person}", "sevlog handover ROLE PERSON")
        keys = {"role": offer.role, "from": offer.from_, "to": offer.to, "accepted": True}
    elif role and receiver:
        keys = {"role": words.role(shared.workspace.config, role), "from": desk.who.person, "to": receiver}
    else:
        raise UsageError("say which role goes to whom", "sevlog handover ROLE PERSON, or --accept")
    done = responding.add_entry(
        shared.workspace, desk.record.id, {"kind": "handover", "text": text, **keys}, shared.acting
    )
    render.outcome(shared, done)


@click.command(epilog="\b\nExamples:\n  sevlog join\n  sevlog join --audience observer")
@click.option("--audience", type=click.Choice(get_args(CollaboratorAudience)), default="responder", show_default=True)
@click.option("--team", metavar="KEY", help="Bring a team instead of yourself.")
@acting()
def join(shared: Shared, audience: str, team: str | None) -> None:
    """Join an incident as a responder, observer or stakeholder."""
    desk = responding.Desk(shared.workspace, shared.incident, shared.acting)
    keys: dict[str, object] = {"kind": "collaborator", "audience": audience, "team": team}
    if team is None:
        keys["person"] = desk.who.person
    render.outcome(shared, responding.add_entry(shared.workspace, desk.record.id, keys, shared.acting))


@click.command(epilog='\b\nExamples:\n  sevlog escalate --to team:payments --reason "needs a database owner"')
@click.option("--to", required=True, metavar="WHOM", help="A person, team:KEY or policy:KEY.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@acting(reason=False)
def escalate(shared: Shared, to: str, reason: str) -> None:
    """Ask for help."""
    keys: dict[str, object] = {"kind": "escalated", "to": to, "reason": reason}
    render.outcome(shared, responding.add_entry(shared.workspace, shared.incident, keys, shared.acting))
