"""The facts that a draft starts with: what the record knows, in sentences and lists, by the name of a placeholder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...timeline.entries import ActionTaken, Decision
from ...timeline.state import State
from ...vocabulary import in_words
from ..durations import durations, promises
from .blocks import targets
from .investigation_facts import investigation
from .markdown_parts import bullets, clock, listed, one_line, paragraphs, sentence, span
from .source import Source


def _summary(source: Source) -> str:
    """What happened, at which severity, for how long, for how many customers, and what ended it."""
    state, card, m = source.state, source.state.card, source.state.milestones
    opening = f"{state.severity} incident" if state.severity else "Incident"
    names = listed(source.component(key) for key in _touched(state))
    began, ended = m.started_at or m.raised_at, m.ended_at
    when = (
        f" from {clock(began)} to {clock(ended)} UTC ({span((ended - began).total_seconds())})"
        if began and ended and ended >= began
        else ""
    )
    mitigation = next((e for e in reversed(_done(state)) if e.type in ("mitigation", "rollback")), None)
    return paragraphs(
        (card.summary or "").strip(),
        " ".join(
            part
            for part in (
                f"{opening}{f' of {names}' if names else ''}{when}.",
                _how_many(state),
                f"Mitigated at {clock(m.mitigated_at)} UTC{f': {sentence(mitigation.text)}' if mitigation else '.'}"
                if m.mitigated_at
                else "",
            )
            if part
        ),
    )


def _touched(state: State) -> list[str]:
    return list(dict.fromkeys(step.component for step in state.component_steps if step.impact != "operational"))


def _done(state: State) -> list[ActionTaken]:
    return [item.effective for item in state.timeline if isinstance(item.effective, ActionTaken)]


def _how_many(state: State) -> str:
    known = state.assessment
    parts = []
    if known.affected_count is not None:
        parts.append(f"{known.affected_count:,} customers")
    if known.affected_percent is not None:
        parts.append(f"{known.affected_percent:g}% of customers")
    if not parts:
        return {"all": "All customers were affected.", "some": "Some customers were affected."}.get(
            known.scope or "", ""
        )
    return f"{' or '.join(parts)} were affected."


def _impact(source: Source) -> str:
    return paragraphs(bullets(_impact_lines(source)), _components(source))


def _impact_lines(source: Source) -> Iterator[str]:
    known, m = source.state.assessment, source.state.milestones
    if known.customer_impact:
        yield f"Customers: {sentence(known.customer_impact)}"
    if known.symptoms:
        yield f"What they saw: {sentence(known.symptoms)}"
    if known.employee_impact:
        yield f"Employees: {sentence(known.employee_impact)}"
    if said := _how_many(source.state):
        yield said
    if known.support_cases:
        cases = known.support_cases
        yield f"Support cases: {cases if isinstance(cases, int) else len(cases)}" + _references(source.state)
    began = m.started_at or m.raised_at
    if began and m.ended_at and m.ended_at >= began:
        lasted = span((m.ended_at - began).total_seconds())
        yield f"Duration: {lasted}, {clock(began)} to {clock(m.ended_at)} UTC."
    if source.state.severity_steps:
        yield f"Severity: {', then '.join(f'{s.level} from {clock(s.at)}' for s in source.state.severity_steps)}."
    if known.factors:
        yield f"Other factors: {', '.join(in_words(factor) for factor in known.factors)}."


def _references(state: State) -> str:
    listed = state.assessment.support_case_refs
    return f" ({', '.join(one_line(ref) for ref in listed)})." if listed else "."


def _components(source: Source) -> str:
    """One line per component: its states over time."""
    lines = []
    for key in _touched(source.state):
        steps = [step for step in source.state.component_steps if step.component == key]
        changes = [step for place, step in enumerate(steps) if not place or steps[place - 1].impact != step.impact]
        lines.append(
            f"{source.component(key)}: {', '.join(f'{in_words(s.impact)} from {clock(s.at)}' for s in changes)}."
        )
    return f"Components:\n\n{bullets(lines)}" if lines else ""


_SOURCES = {
    "monitoring": "Detected by monitoring",
    "customer_report": "Reported by customers",
    "personnel": "Noticed by our own people",
}


def _detection(source: Source) -> str:
    state, m = source.state, source.state.milestones
    found = state.card.detection
    how = _SOURCES.get(found.source or "", "Detected") if found else "Detected"
    reference = f" ({one_line(found.ref)})" if found and found.ref else ""
    lines = [f"{how}{reference}{f' at {clock(m.detected_at)} UTC' if m.detected_at else ''}."]
    spent = durations(state)
    if spent["time_to_detect"] is not None:
        lines.append(f"Time to detect: {span(spent['time_to_detect'])} after the impact began.")
    for alert in state.alerts.values():
        lines.append(
            f"Alert {one_line(alert.fingerprint)} ({alert.source or 'attached by hand'}) since {clock(alert.since)}."
        )
    if spent["time_to_acknowledge"] is not None:
        lines.append(f"Time to acknowledge: {span(spent['time_to_acknowledge'])} after it was raised.")
    return bullets(lines)


def _mitigations(source: Source) -> str:
    """What was done to the system, in order."""
    done = [f"{clock(e.at)} {in_words(e.type).capitalize()}: {sentence(e.text)}" for e in _done(source.state)]
    return f"What was done:\n\n{bullets(done)}" if done else ""


def decisions_of(source: Source) -> list[Decision]:
    """The decisions of the response, until it was over."""
    over = source.state.milestones.resolved_at
    return [made for made in source.state.decisions if over is None or made.at <= over]


def _decisions(source: Source) -> str:
    made = [f"{clock(one.at)} {sentence(one.text)}" for one in decisions_of(source)]
    return f"Decisions:\n\n{bullets(made)}" if made else ""


def _recovery(source: Source) -> str:
    m = source.state.milestones
    resolved = next((s for s in reversed(source.state.status_steps) if s.act == "resolve"), None)
    lines = [
        f"{name} at {clock(at)} UTC."
        for name, at in (("Mitigated", m.mitigated_at), ("Impact ended", m.ended_at), ("Resolved", m.resolved_at))
        if at
    ]
    item = source.state.item(resolved.entry) if resolved else None
    said = getattr(item.effective, "attestation", None) or getattr(item.effective, "text", None) if item else None
    lines += [f"Confirmed by: {sentence(said)}"] if said else []
    lines += [f"It came back {source.state.relapses} times."] if source.state.relapses > 1 else []
    lines += ["It came back once."] if source.state.relapses == 1 else []
    return f"How it ended:\n\n{bullets(lines)}" if lines else ""


_RELATIONS = ("related", "duplicate_of", "child_of", "caused_by", "ticket", "alert", "change")


def _links(source: Source) -> str:
    """Problems, related incidents, changes and tickets."""
    lines = [f"Problem: {one_line(title)}" for title in source.problems]
    known = sorted(source.state.links, key=lambda link: _RELATIONS.index(link.rel) if link.rel in _RELATIONS else 99)
    lines += [
        f"{in_words(link.rel).capitalize()}: {one_line(link.target)}"
        + (f" ({one_line(link.text)})" if link.text else "")
        for link in known
    ]
    lines += [
        f"{one_line(shown.label) or 'Evidence'}: {shown.url or shown.file}"
        for item in source.state.timeline
        if item.effective
        for shown in item.effective.evidence
    ]
    return bullets(dict.fromkeys(lines))


_TARGET_NAMES = {
    "time_to_acknowledge": "Acknowledged",
    "time_to_first_internal_update": "First internal update sent",
    "time_to_first_public_update": "First public update sent",
}


def _against_targets(source: Source, *, met: bool) -> Iterator[str]:
    spent = durations(source.state)
    for key, target in targets(source).items():
        value = spent[key]
        if value is not None and (value <= target) is met:
            yield f"{_TARGET_NAMES[key]} after {span(value)} (target: {span(target)})."
    due = promises(source.state, source.now)
    if due and all(one.kept for one in due) and met:
        yield f"Every promised update was sent in time ({len(due)})."
    if not met and not all(one.kept for one in due):
        late = [one for one in due if not one.kept]
        yield (
            f"{len(late)} of {len(due)} promised updates were late or missing: "
            + "; ".join(
                f"{one.audience} due {clock(one.due_at)}, {f'sent {clock(one.kept_at)}' if one.kept_at else 'not sent'}"
                for one in late
            )
            + "."
        )


def _overrides(source: Source) -> list[str]:
    return [f"Rule passed by an override: {in_words(rule)}." for rule in source.state.overrides]


PLACEHOLDERS: Mapping[str, Callable[[Source], str]] = {
    "title": lambda source: source.state.card.title,
    "summary": _summary,
    "impact": _impact,
    "detection": _detection,
    "mitigations": _mitigations,
    "decisions": _decisions,
    "investigation": investigation,
    "recovery": _recovery,
    "links": _links,
    "targets_met": lambda source: bullets(_against_targets(source, met=True)),
    "targets_missed": lambda source: bullets([*_against_targets(source, met=False), *_overrides(source)]),
}
"""Placeholder of a template -> its text. Metrics, timeline, participants and actions are markers instead."""
