"""The handbook: how incidents are handled here, made from sevlog.yaml and oncall.yaml, so that both say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ...model.comms.plan import plan_for
from ...model.config.settings import Config, Lifecycle, Severity
from ...model.guidance.comms_stages import audience_name
from ...model.guidance.role_catalogue import catalogue
from ...model.oncall.roster import EscalationStep, OnCall
from ...model.vocabulary import Audience, in_words
from ..markup.html import Child, Html, join, tag
from .elements import bullets, section, table, terms


def handbook(config: Config, oncall: OnCall) -> Html:
    """The whole page below its heading."""
    return join(
        section("What a major incident is", *_major(config), anchor="major"),
        section("Severities", *map(_severity, config.severities), anchor="severities"),
        section("Priorities", _priorities(config), anchor="priorities"),
        section("Roles", *_roles(config), anchor="roles"),
        section("Who hears what", _audiences(config), anchor="updates"),
        section("From raised to closed", *_lifecycles(config), anchor="lifecycle"),
        section("Who is paged", *_paging(config, oncall), anchor="paging"),
        section("After an incident", _after(config), anchor="after"),
    )


def _major(config: Config) -> Iterator[Html]:
    majors = [level for level in config.severities if level.major]
    if not majors:
        yield tag("p", "No severity of this company is major.")
        return
    names = " or ".join(level.key for level in majors)
    yield tag("p", f"An incident is major if its severity is {names}: if one of these is true.")
    yield bullets(f"{criterion} ({level.key})" for level in majors for criterion in level.criteria)
    yield tag("p", "If you are not sure, take the higher one. It can be changed at any time, with a reason.")


def _severity(level: Severity) -> Html:
    said = terms(
        (
            ("Criteria", bullets(level.criteria)),
            ("Major", "yes" if level.major else "no"),
            ("Paging", in_words(level.page)),
            ("Somebody takes command within", level.ack_within),
            ("First update within", _each(level.first_update_within)),
            ("Updates every", _each(level.update_every)),
            ("Postmortem", level.postmortem or ("required" if level.major else "optional")),
            ("Postmortem due after", level.postmortem_within),
        )
    )
    return section(f"{level.key}{f': {level.name}' if level.name else ''}", said, level=3)


def _each(spans: dict[Audience, str]) -> str:
    return ", ".join(f"{audience_name(audience)} {span}" for audience, span in spans.items())


def _priorities(config: Config) -> Html:
    rows = [
        (scope, ", ".join(f"{urgency}: {priority}" for urgency, priority in row.items()))
        for scope, row in config.priority_matrix.items()
    ]
    names = [f"{one.key}{f': {one.name}' if one.name else ''}" for one in config.priorities]
    return join(bullets(names), table("Priority by scope and urgency", ("Customers affected", "Priority"), rows))


def _roles(config: Config) -> Iterator[Html]:
    for one in catalogue(None, config):
        card = one.card
        yield section(
            card.name,
            tag("p", "; ".join(card.limits)) if card.limits else None,
            tag("p", tag("strong", "First steps")) if card.first_moves else None,
            bullets(card.first_moves),
            tag("p", tag("strong", "Duties")) if card.duties else None,
            bullets(card.duties),
            level=3,
        )


def _audiences(config: Config) -> Html:
    rows = [_told(config, audience, level) for audience in get_args(Audience) for level in config.severities]
    headings = ("Audience", "Severity", "Channels and groups", "First within", "Then every", "Approved by")
    return table("Updates by audience and severity", headings, rows)


def _told(config: Config, audience: Audience, level: Severity) -> tuple[Child, ...]:
    plan = plan_for(config, audience, severity=level.key, phase="investigating")
    every = f"{int(plan.every.total_seconds() // 60)} min" if plan.every else None
    approver = config.role_name(plan.approver) if plan.approver else "nobody"
    first = level.first_update_within.get(audience)
    return audience_name(audience), level.key, ", ".join((*plan.channels, *plan.groups)), first, every, approver


def _lifecycles(config: Config) -> Iterator[Html]:
    for name, lifecycle in config.lifecycles.items():
        yield section(f"Lifecycle {name}", _steps(lifecycle), level=3)


def _steps(lifecycle: Lifecycle) -> Html:
    names = {status.key: status.name or in_words(status.key) for status in lifecycle.statuses}
    rows = [
        (
            f"{names.get(step.from_, in_words(step.from_))} → {names.get(step.to, in_words(step.to))}",
            f"sevlog {step.act}" if step.act else None,
            ", ".join(map(in_words, step.guards)) or "nothing",
        )
        for step in lifecycle.transitions
    ]
    return table("Steps, and what each requires", ("Step", "Command", "Requires"), rows)


def _paging(config: Config, oncall: OnCall) -> Iterator[Html]:
    owners = {c.name: c.owner for c in config.components if c.owner and not c.retired_on}
    yield table("Teams of components", ("Component", "Team"), owners.items())
    for policy in oncall.escalations:
        steps = [tag("li", _notified(step)) for step in policy.steps]
        yield section(f"Escalation policy {policy.key}", tag("ol", steps), level=3)


def _notified(step: EscalationStep) -> str:
    wait = f", then wait {step.wait}" if step.wait else ""
    return f"{step.notify}{wait}{f', {step.repeat} times' if step.repeat else ''}"


def _after(config: Config) -> Html:
    classes = config.policies.actions.items()
    rows = [(name, level, span) for name, spans in classes for level, span in spans.items()]
    return join(
        tag("p", f"A resolved incident can be reopened for {config.policies.reopen_within}."),
        table("How long an accepted action item may take", ("Class", "Severity", "Time"), rows),
    )
