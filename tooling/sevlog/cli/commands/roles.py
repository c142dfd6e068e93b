"""sevlog assign, release, handover, join, escalate: roles and people of an incident."""

from __future__ import annotations

from typing import get_args

import click

from ...errors import UsageError
from ...model.vocabulary import CollaboratorAudience
from ..options import acting
from ..output import offering, render
from ..parameters import PERSON, RECIPIENT, ROLE, TEAM
from ..shared import SharedOptions


@click.command(epilog="\b\nExamples:\n  sevlog assign tech_lead bo\n  sevlog assign incident_manager chi --lead")
@click.argument("role", type=ROLE)
@click.argument("holder", type=PERSON)
@click.option("--lead", is_flag=True, help="Make this person the lead; the previous lead keeps the role.")
@click.option("--workstream", metavar="NAME", help="Only for this workstream.")
@acting()
def assign(shared: SharedOptions, role: str, holder: str, lead: bool, workstream: str | None) -> None:
    """Assign a role to a person."""
    from ...services.common import name_lookup
    from ...services.response import roles as response_roles

    name_lookup.check_order(shared.workspace.config, role, holder, "assign")
    done = response_roles.assign_role(shared.workspace, shared.incident, role, holder, lead, workstream, shared.acting)
    render.outcome(shared, done)


@click.command(epilog="\b\nExamples:\n  sevlog release scribe dana")
@click.argument("role", type=ROLE)
@click.argument("holder", type=PERSON)
@click.option("--workstream", metavar="NAME", help="Only for this part of the response.")
@acting()
def release(shared: SharedOptions, role: str, holder: str, workstream: str | None) -> None:
    """Remove a role from a person."""
    from ...services.common import name_lookup
    from ...services.response import roles as response_roles

    name_lookup.check_order(shared.workspace.config, role, holder, "release")
    done = response_roles.release_role(shared.workspace, shared.incident, role, holder, workstream, shared.acting)
    render.outcome(shared, done)


@click.command(epilog="\b\nExamples:\n  sevlog handover incident_manager chi\n  sevlog handover --accept --as chi")
@click.argument("role", type=ROLE, required=False)
@click.argument("receiver", type=PERSON, required=False)
@click.option("--accept", is_flag=True, help="Accept the role that was offered to you.")
@click.option("--text", metavar="TEXT", help="Handover notes: state, next steps, open questions.")
@acting()
def handover(shared: SharedOptions, role: str | None, receiver: str | None, accept: bool, text: str | None) -> None:
    """Offer your role to another person. It passes when they accept it."""
    from ...services.common import name_lookup
    from ...services.response import roles as response_roles

    if accept and not role:
        done = response_roles.accept_handover(shared.workspace, shared.incident, text, shared.acting)
    elif role and receiver and not accept:
        name_lookup.check_order(shared.workspace.config, role, receiver, "handover")
        done = response_roles.offer_handover(shared.workspace, shared.incident, role, receiver, text, shared.acting)
    else:
        raise UsageError(
            "handover needs a role and a person, or --accept alone",
            "to offer: sevlog handover ROLE PERSON; to accept: sevlog handover --accept",
        )
    render.outcome(shared, done)


@click.command(epilog="\b\nExamples:\n  sevlog join\n  sevlog join --audience observer\n  sevlog join chi bo")
@click.argument("people", nargs=-1, type=PERSON, metavar="[PERSON]...")
@click.option(
    "--audience",
    type=click.Choice(get_args(CollaboratorAudience)),
    default="responder",
    show_default=True,
    help="In what capacity.",
)
@click.option("--team", type=TEAM, help="Add a team instead of yourself.")
@acting()
def join(shared: SharedOptions, people: tuple[str, ...], audience: str, team: str | None) -> None:
    """Join an incident as a responder, observer or stakeholder, or add PERSON to it."""
    from ...services.response import roles as response_roles

    done = response_roles.join(shared.workspace, shared.incident, audience, people, team, shared.acting)
    render.outcome(shared, done)


@click.command(epilog='\b\nExamples:\n  sevlog escalate --to team:payments --reason "needs a database owner"')
@click.option("--to", required=True, type=RECIPIENT, help="Person, team or policy: KEY, team:KEY or policy:KEY.")
@click.option("--reason", required=True, metavar="TEXT", help="Reason, kept in the record.")
@acting(reason=False)
def escalate(shared: SharedOptions, to: str, reason: str) -> None:
    """Ask a person, a team or a policy for help. It pages them, as far as contact points are set on this machine."""
    from ...services.response import roles as response_roles

    done = response_roles.escalate(shared.workspace, shared.incident, to, reason, shared.acting)
    render.outcome(shared, done)
    offering.experts(shared, done.incident)
