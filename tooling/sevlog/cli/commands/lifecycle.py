"""sevlog monitor, resolve, close, reopen, decline, merge: the transitions of the lifecycle."""

from __future__ import annotations

import click

from ..options import APPROVED_BY, acting
from ..output import render
from ..parameters import HIT, TARGET
from ..shared import SharedOptions
from ..text_input import text_or_editor


@click.command(
    epilog='\b\nExamples:\n  sevlog monitor "Errors are back to normal since 15:02" --mitigation "rolled back web"'
)
@click.argument("text", nargs=-1)
@click.option("--mitigation", metavar="TEXT", help="The mitigation, unless `sevlog act` recorded one.")
@acting()
def monitor(shared: SharedOptions, text: tuple[str, ...], mitigation: str | None) -> None:
    """Move the incident to monitoring. Requires a mitigation."""
    from ...services.response import transitions as response_transitions

    done = response_transitions.monitor(
        shared.workspace, shared.incident, text_or_editor(text, required=False), mitigation, shared.acting
    )
    render.outcome(shared, done)


@click.command(
    epilog="\b\nExamples:\n"
    '  sevlog resolve --ended-at 15:02 --attestation "Error rate normal for 30 min, no backlog left" \\\n'
    '      --final-update "Card payments work again since 15:02."'
)
@click.argument("text", nargs=-1)
@click.option(
    "--attestation", "--attest", metavar="TEXT", help="How the lead knows that there is no current or imminent impact."
)
@click.option("--ended-at", metavar="TIME", help="When the impact ended.")
@click.option("--final-update", metavar="TEXT", help="Final update to each audience that got updates.")
@APPROVED_BY
@acting()
def resolve(
    shared: SharedOptions,
    text: tuple[str, ...],
    attestation: str | None,
    ended_at: str | None,
    final_update: str | None,
    approved_by: tuple[str, ...],
) -> None:
    """Resolve the incident. Requires an attestation by the lead, the end of impact, and final updates."""
    from ...services.comms.drafts import for_networks
    from ...services.response import transitions as response_transitions

    shared.approved_by = approved_by
    done = response_transitions.resolve(
        shared.workspace,
        shared.incident,
        text_or_editor(text, required=False),
        attestation,
        shared.time("--ended-at", ended_at, past=True),
        final_update,
        shared.acting,
        beside=for_networks,
    )
    render.outcome(shared, done)


@click.command(
    epilog='\b\nExamples:\n  sevlog close\n  sevlog close --override postmortem --reason "same cause as last week\'s"'
)
@click.argument("text", nargs=-1)
@acting()
def close(shared: SharedOptions, text: tuple[str, ...]) -> None:
    """Close the incident.

    Requires that tasks are done. A major also requires an approved postmortem and an owner for each action item.
    """
    from ...services.response import transitions as response_transitions

    done = response_transitions.close(
        shared.workspace, shared.incident, text_or_editor(text, required=False), shared.reason, shared.acting
    )
    render.outcome(shared, done)


@click.command(epilog='\b\nExamples:\n  sevlog reopen --reason "errors are back since 15:40"')
@click.option(
    "--component", "components", multiple=True, type=HIT, help="The state of a component now (default: partial_outage)."
)
@acting()
def reopen(shared: SharedOptions, components: tuple[str, ...]) -> None:
    """Reopen the incident: from monitoring or resolved back to fixing."""
    from ...services.response import transitions as response_transitions

    render.outcome(
        shared, response_transitions.reopen(shared.workspace, shared.incident, shared.reason, components, shared.acting)
    )


@click.command(
    epilog='\b\nExamples:\n  sevlog decline --reason "the probe was wrong, the service was not"\n'
    '  sevlog decline --reason "a test sent it" --final-update "Nothing was wrong: a test raised this."'
)
@click.option("--final-update", metavar="TEXT", help="Final update to each audience that got updates.")
@APPROVED_BY
@acting()
def decline(shared: SharedOptions, final_update: str | None, approved_by: tuple[str, ...]) -> None:
    """Decline the incident as a false alarm. Requires a reason, and a final update to each informed audience."""
    from ...services.comms.drafts import for_networks
    from ...services.response import transitions as response_transitions

    shared.approved_by = approved_by
    done = response_transitions.decline(
        shared.workspace, shared.incident, shared.reason, final_update, shared.acting, beside=for_networks
    )
    render.outcome(shared, done)


@click.command(epilog="\b\nExamples:\n  sevlog merge -i login-slow 2026-11-23-database-full")
@click.argument("target", type=TARGET, required=False)
@acting()
def merge(shared: SharedOptions, target: str | None) -> None:
    """Merge the incident into TARGET, which stays open.

    Later alerts of the incident go to TARGET, and so do its promised updates. Open tasks are listed with the command
    that takes each over.
    """
    from ...services.response import merging as response_merging

    done = response_merging.merge(shared.workspace, shared.incident, target, shared.reason, shared.acting)
    render.outcome(shared, done)
