"""sevlog next, theories, workload, roles."""

from __future__ import annotations

import click

from ..options import looking
from ..output import incident_tables, render
from ..parameters import INCIDENT, ROLE
from ..screen import say
from ..shared import SharedOptions

_ID = click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")


@click.command("next", epilog="\b\nExamples:\n  sevlog next\n  sevlog next checkout\n  sevlog next --all --json")
@click.argument("incident_id", type=INCIDENT, required=False)
@_ID
@click.option("--all", "everything", is_flag=True, help="Include resolved incidents that are not closed yet.")
@looking
def next_(shared: SharedOptions, incident_id: str | None, named: str | None, everything: bool) -> None:
    """Show what to do next, stage by stage, with the commands: for one incident, or all live ones."""
    from ...services.common import documents
    from ...services.views import guide as views_guide
    from ..output import guidance_tables

    render.config_mistake(shared)
    document = views_guide.next_steps(shared.workspace, incident_id or named, everything=everything)
    say(documents.as_json(document) if shared.json else guidance_tables.guides(document, shared.workspace.clock()))
    incident_tables.warn_of(document.problems, shared.json)


@click.command(epilog="\b\nExamples:\n  sevlog theories\n  sevlog theories checkout --json")
@click.argument("incident_id", type=INCIDENT, required=False)
@_ID
@looking
def theories(shared: SharedOptions, incident_id: str | None, named: str | None) -> None:
    """Show the tree of theories: how long each is open, its experiments, and the result."""
    from ...services.common import documents
    from ...services.views import guide as views_guide
    from ..output import guidance_tables

    render.config_mistake(shared)
    document = views_guide.theories(shared.workspace, incident_id or named)
    say(documents.as_json(document) if shared.json else guidance_tables.theories(document))


@click.command(epilog="\b\nExamples:\n  sevlog workload\n  sevlog workload --json")
@looking
def workload(shared: SharedOptions) -> None:
    """Show roles, tasks, hours and nights of each person across all live incidents, and who needs a break."""
    from ...services.common import documents
    from ...services.views import guide as views_guide
    from ..output import guidance_tables

    document = views_guide.workload(shared.workspace)
    say(documents.as_json(document) if shared.json else guidance_tables.workload(document))
    incident_tables.warn_of(document.problems, shared.json)


@click.command(epilog="\b\nExamples:\n  sevlog roles\n  sevlog roles tech_lead\n  sevlog roles --json")
@click.argument("role", type=ROLE, required=False)
@_ID
@looking
def roles(shared: SharedOptions, role: str | None, named: str | None) -> None:
    """Show who has which role in an incident; if none is live, when each role is required, and its limits.

    With ROLE, show its card: first steps, duties and limits. Limits are how many people may have the role, whether
    one of them is the lead, and which other roles the same person should not have.
    """
    from ...services.common import documents
    from ...services.views import guide as views_guide
    from ..output import role_tables

    document = views_guide.roles(shared.workspace, role, named)
    if shared.json:
        say(documents.as_json(document))
    else:
        say(role_tables.card(document.roles[0].card) if role else role_tables.roles(document))
