"""sevlog assess, severity, priority, impact: how bad it is."""

from __future__ import annotations

from typing import get_args

import click

from ...errors import UsageError
from ...model.vocabulary import DetectionSource, Scope
from ..options import acting
from ..output import render
from ..parameters import FIELD, PRIORITY, SEVERITY, STATE
from ..shared import SharedOptions


@click.command(
    epilog="\b\nExamples:\n"
    '  sevlog assess --customer-impact "Nobody can pay by card" --scope all --affected 12000 --confirmed\n'
    "  sevlog assess --affected 40% --support-cases 31 --factor social_media\n"
    "  sevlog assess --support-cases ZD-12,ZD-13 --factor security --no-factor legal\n"
    "  sevlog assess --source customer_report --ref CASE-17"
)
@click.option("--customer-impact", metavar="TEXT", help="Impact on customers.")
@click.option("--employee-impact", metavar="TEXT", help="Impact on employees.")
@click.option("--symptoms", metavar="TEXT", help="What customers see.")
@click.option("--scope", type=click.Choice(get_args(Scope)), help="Which customers are affected.")
@click.option("--affected", metavar="NUMBER[%]", help="Number of affected customers, or a percentage.")
@click.option(
    "--support-cases",
    multiple=True,
    metavar="NUMBER|REF[,REF]",
    help="Number of support cases, or ids of more of them; repeatable. A number with a comma is an id: 4711,",
)
@click.option("--started-at", metavar="TIME", help="When the impact started.")
@click.option(
    "--factor",
    "factors",
    multiple=True,
    metavar="WORD",
    help="One more risk factor: security, social_media, legal, data_loss …; repeatable.",
)
@click.option(
    "--no-factor", "no_factors", multiple=True, metavar="WORD", help="A factor that no longer applies; repeatable."
)
@click.option("--confirmed/--not-confirmed", default=None, help="Whether the incident is confirmed.")
@click.option("--text", metavar="TEXT", help="More detail, in Markdown.")
@click.option("--source", type=click.Choice(get_args(DetectionSource)), help="How it was detected; kept on the card.")
@click.option("--ref", metavar="TEXT", help="Reference to the alert, ticket or message; kept on the card.")
@click.option("--field", "fields", multiple=True, type=FIELD, help="A custom field of sevlog.yaml; repeatable.")
@acting()
def assess(
    shared: SharedOptions,
    source: DetectionSource | None,
    ref: str | None,
    fields: tuple[str, ...],
    affected: str | None,
    support_cases: tuple[str, ...],
    started_at: str | None,
    factors: tuple[str, ...],
    no_factors: tuple[str, ...],
    **assessed: object,
) -> None:
    """Record the impact. Options that you leave out keep their last value; support cases and factors add up."""
    from ...model.vocabulary import instant
    from ...services.response import assessing

    keys: dict[str, object] = {"kind": "assessment", **assessed, **_affected(affected), **_cases(support_cases)}
    moment = shared.time("--started-at", started_at, past=True)
    keys["started_at"] = instant(moment) if moment else None
    keys |= _factors(factors, no_factors)
    given = (source, ref, fields, *(value for key, value in keys.items() if key != "kind"))
    if all(value in (None, [], ()) for value in given):
        raise UsageError("no assessment given", 'sevlog assess --customer-impact "…" --scope some')
    done = assessing.assess(
        shared.workspace, shared.incident, keys, shared.acting, source=source, ref=ref, fields=fields
    )
    render.outcome(shared, done)


def _factors(added: tuple[str, ...], removed: tuple[str, ...]) -> dict[str, object]:
    new, gone = ([word.lower().replace("-", "_") for word in words] for words in (added, removed))
    both = [word for word in new if word in gone]
    if both:
        raise UsageError(f"`{both[0]}` is given to --factor and to --no-factor", "leave one of them out")
    return {"factors_added": new, "factors_removed": gone}


def _cases(given: tuple[str, ...]) -> dict[str, object]:
    """The keys for --support-cases: one number, and ids."""
    numbers = [text.strip() for text in given if text.strip().isdecimal() and len(text) < 10]
    refs = [part.strip() for text in given if text.strip() not in numbers for part in text.split(",") if part.strip()]
    wrong = [ref for ref in refs if ref.startswith("-")]
    if wrong:
        raise UsageError(
            f"--support-cases {wrong[0]}: not a number of cases, and not an id",
            "give how many there are, 31, or their ids: ZD-1,ZD-2",
        )
    if len(numbers) > 1:
        raise UsageError(
            f"--support-cases has two numbers: {' and '.join(numbers)}",
            f"give one number; if they are ids: --support-cases {','.join(numbers)}",
        )
    return {"support_cases": int(numbers[0]) if numbers else None, "support_cases_added": refs}


def _affected(text: str | None) -> dict[str, object]:
    if text is None:
        return {}
    try:
        if text.endswith("%"):
            return {"affected_percent": float(text[:-1])}
        return {"affected_count": int(text.replace("_", "").replace(",", ""))}
    except ValueError:
        raise UsageError(
            f"--affected {text}: not a number", "use a number or a percentage: --affected 12000, or --affected 40%"
        ) from None


@click.command(epilog='\b\nExamples:\n  sevlog severity SEV1 --reason "EU is down too"')
@click.argument("level", type=SEVERITY)
@click.option("--reason", required=True, metavar="TEXT", help="Reason, kept in the record.")
@acting(reason=False)
def severity(shared: SharedOptions, level: str, reason: str) -> None:
    """Change the severity. The status page, the update interval and the required roles follow."""
    from ...services.response import acts as response_acts

    done = response_acts.change_severity(shared.workspace, shared.incident, level, reason, shared.acting)
    render.outcome(shared, done)


@click.command(epilog='\b\nExamples:\n  sevlog priority P2 --reason "the data incident comes first"')
@click.argument("level", type=PRIORITY)
@click.option("--reason", required=True, metavar="TEXT", help="Reason, kept in the record.")
@acting(reason=False)
def priority(shared: SharedOptions, level: str, reason: str) -> None:
    """Change the priority, which decides the order of several incidents."""
    from ...services.response import acts as response_acts

    done = response_acts.change_priority(shared.workspace, shared.incident, level, reason, shared.acting)
    render.outcome(shared, done)


@click.command(
    epilog="\b\nExamples:\n  sevlog impact checkout=partial_outage search=degraded\n  sevlog impact --ended-at 15:04"
)
@click.argument("states", nargs=-1, type=STATE)
@click.option("--ended-at", metavar="TIME", help="When the impact on customers ended.")
@acting()
def impact(shared: SharedOptions, states: tuple[str, ...], ended_at: str | None) -> None:
    """Change the state of components: operational, degraded_performance, partial_outage, major_outage."""
    from ...services.response import acts as response_acts

    moment = shared.time("--ended-at", ended_at, past=True)
    done = response_acts.change_impact(shared.workspace, shared.incident, states, moment, shared.acting)
    render.outcome(shared, done)
