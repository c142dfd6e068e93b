"""sevlog postmortem: from draft to published, or waived."""

from __future__ import annotations

import click

from ...stores import resources
from ..options import acting
from ..output import render
from ..shared import Shared

_GROUP_EXAMPLES = """\b
Examples:
  sevlog postmortem submit -i checkout-fails
  sevlog postmortem approve -i checkout-fails
  sevlog postmortem waive -i checkout-fails --reason "same cause as 2026-11-02-checkout-slow"
"""

_TEMPLATES = resources.shipped_names("postmortems")


@click.group(epilog=_GROUP_EXAMPLES)
def postmortem() -> None:
    """Take a postmortem from draft through review to approved and published, or waive it."""


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem new -i search-slow --template atlassian")
@click.option("--template", type=click.Choice(_TEMPLATES), help="Default: as the type says.")
@acting()
def new(shared: Shared, template: str | None) -> None:
    """Start one from a template; resolving a severe incident does so by itself."""
    from ...services.response import postmortems

    render.outcome(shared, postmortems.new(shared.workspace, shared.incident, template, shared.acting))


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem submit -i checkout-fails")
@acting()
def submit(shared: Shared) -> None:
    """It is written: hand it to its reviewers."""
    from ...services.response import postmortems

    render.outcome(shared, postmortems.submit(shared.workspace, shared.incident, shared.acting))


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem approve -i checkout-fails --as dana")
@acting()
def approve(shared: Shared) -> None:
    """It explains what happened and how the risk becomes smaller."""
    from ...services.response import postmortems

    render.outcome(shared, postmortems.approve(shared.workspace, shared.incident, shared.acting))


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem publish -i checkout-fails")
@acting()
def publish(shared: Shared) -> None:
    """Let customers read postmortem.public.md."""
    from ...services.response import postmortems

    render.outcome(shared, postmortems.publish(shared.workspace, shared.incident, shared.acting))


@postmortem.command(
    epilog='\b\nExamples:\n  sevlog postmortem waive -i checkout-fails --reason "covered by 2026-11-02-checkout-slow"'
)
@click.option("--reason", required=True, metavar="TEXT", help="Why none is needed.")
@acting(reason=False)
def waive(shared: Shared, reason: str) -> None:
    """Do without one, with a reason that is kept."""
    from ...services.response import postmortems

    render.outcome(shared, postmortems.waive(shared.workspace, shared.incident, reason, shared.acting))
