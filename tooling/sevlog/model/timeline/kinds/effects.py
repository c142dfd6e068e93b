"""The effects of entries on the state: one function per kind."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from itertools import count

from msgspec.structs import replace

from ...vocabulary import FINAL_PHASES, Impact
from ..attachments import UNKNOWN, alert_name, is_attachment, is_named
from ..entries import (
    Acknowledged,
    ActionTaken,
    Alert,
    Collaborator,
    ImpactChanged,
    Link,
    Override,
    Paged,
    PriorityChanged,
    Raised,
    SeverityChanged,
    Task,
    Theory,
    Update,
)
from ..entry_parts import Entry
from ..fold_state import Draft
from ..lifecycle import way_back
from ..state import AlertState, LevelStep, PageState, PublishedUpdate, TaskState


def raised(draft: Draft, entry: Raised, entry_id: str) -> None:
    draft.severity, draft.priority = entry.severity, entry.priority
    draft.severity_steps.append(LevelStep(at=entry.at, level=entry.severity))
    draft.priority_steps.append(LevelStep(at=entry.at, level=entry.priority))
    draft.set_components(entry.components, entry.at, entry_id)
    if entry.started_at is not None:
        draft.assess(started_at=entry.started_at)
    if entry.scope is not None:
        draft.assess(scope=entry.scope)


def severity(draft: Draft, entry: SeverityChanged, _: str) -> None:
    draft.severity = entry.to
    draft.severity_steps.append(LevelStep(at=entry.at, level=entry.to, reason=entry.reason))


def priority(draft: Draft, entry: PriorityChanged, _: str) -> None:
    draft.priority = entry.to
    draft.priority_steps.append(LevelStep(at=entry.at, level=entry.to, reason=entry.reason))


def impact(draft: Draft, entry: ImpactChanged, entry_id: str) -> None:
    affected = _not_operational(entry.components)
    if entry.ended_at is not None:
        draft.clocks["ended_at"] = entry.ended_at
    elif affected and draft.live:
        draft.clocks["ended_at"] = None
    _refuse_impact_after_the_end(draft, entry, affected, entry_id)
    draft.set_components(entry.components, entry.at, entry_id)


def _not_operational(states: Mapping[str, Impact]) -> list[str]:
    return [key for key, impact in states.items() if impact != "operational"]


def _refuse_impact_after_the_end(draft: Draft, entry: Entry, affected: list[str], entry_id: str) -> None:
    """Report an impact after the end of the incident. Imported entries (without `by`) are not checked."""
    if affected and not draft.live and entry.by is not None:
        draft.report(
            "impact_after_end",
            f"impact on {' and '.join(affected)} after the end: the incident was already `{draft.status}`",
            entry=entry_id,
            hint=way_back(draft.lifecycle, draft.status, draft.record.id),
        )


def _refuse_open_phase_after_the_end(draft: Draft, entry: Update, entry_id: str) -> None:
    """Report an update, to whatever audience, that presents an ended incident as ongoing."""
    if entry.phase not in FINAL_PHASES and not draft.live and entry.by is not None:
        draft.report(
            "update_after_end",
            f"update with phase `{entry.phase}` after the end: the incident was already `{draft.status}`",
            entry=entry_id,
            hint=way_back(draft.lifecycle, draft.status, draft.record.id),
        )


def collaborator(draft: Draft, entry: Collaborator, _: str) -> None:
    if entry.person:
        draft.collaborators[entry.person] = entry.audience
    if entry.team:
        draft.collaborators[f"team:{entry.team}"] = entry.audience


def paged(draft: Draft, entry: Paged, _: str) -> None:
    draft.pages.append(
        PageState(
            at=entry.at,
            target=entry.target,
            policy=entry.policy,
            step=entry.step,
            via=entry.via,
            asked=entry.asked,
            failed=entry.result == "failed",
            grouped=entry.result == "grouped",
        )
    )


def acknowledged(draft: Draft, entry: Acknowledged, _: str) -> None:
    """Answers the pages to its target, or all unanswered pages if it names none."""
    draft.set_clock("page_answered_at", entry.at)
    draft.pages = [
        replace(page, answered_at=entry.at, answered_by=entry.by)
        if page.answered_at is None and _answers(entry, page)
        else page
        for page in draft.pages
    ]


def _answers(entry: Acknowledged, page: PageState) -> bool:
    return (
        entry.target in (None, page.target) and entry.policy in (None, page.policy) and entry.step in (None, page.step)
    )


def update(draft: Draft, entry: Update, entry_id: str) -> None:
    _refuse_open_phase_after_the_end(draft, entry, entry_id)
    draft.updates.append(PublishedUpdate(id=entry_id, entry=entry, edited_at=draft.edited.get(entry_id)))
    if entry.components:
        affected = _not_operational(entry.components)
        worse = any(draft.components.get(key) == "operational" for key in affected)
        if worse and draft.live and entry.phase not in FINAL_PHASES:
            draft.clocks["ended_at"] = None
        _refuse_impact_after_the_end(draft, entry, affected, entry_id)
        draft.set_components(entry.components, entry.at, entry_id)
    if entry.audience in ("public", "internal"):
        draft.set_clock(f"first_{entry.audience}_update_at", entry.at)
    if entry.next_update_at is not None and entry.phase not in FINAL_PHASES and draft.live:
        draft.next_update_due[entry.audience] = entry.next_update_at
    else:
        draft.next_update_due.pop(entry.audience, None)


def theory(draft: Draft, entry: Theory, name: str) -> None:
    earlier = draft.theories.get(entry.ref)
    if earlier is not None:
        if _report_second(draft, entry, earlier.text, name, draft.theories):
            return
        entry = replace(
            entry,
            text=earlier.text or entry.text,
            proposed_fix=entry.proposed_fix or earlier.proposed_fix,
            from_=entry.from_ or earlier.from_,
            evidence=(*earlier.evidence, *entry.evidence),
        )
    draft.theories[entry.ref] = entry


def action_taken(draft: Draft, entry: ActionTaken, _: str) -> None:
    if entry.type in ("mitigation", "rollback"):
        draft.clocks["mitigation_at"] = entry.at  # the last one counts


def _report_second(draft: Draft, entry: Theory | Task, words: str | None, name: str, taken: Container[str]) -> bool:
    """Report a `ref` that is in use with another text: two people may have used it at the same time.

    The ref keeps its first meaning, so this entry changes nothing. Returns whether it was reported.
    """
    if entry.state != "open" or None in (entry.text, words) or entry.text == words:
        return False
    report_taken(draft, entry.ref, words or "", name, taken)
    return True


def report_taken(draft: Draft, ref: str, words: str, name: str, taken: Container[str]) -> None:
    """Report a `ref` that an entry gives, although it is in use for other words."""
    stem = ref.rstrip("0123456789") or ref
    free = next(f"{stem}{number}" for number in count(2) if f"{stem}{number}" not in taken)
    draft.report(
        "ref_taken",
        f"`{ref}` is already in use for “{words}”",
        entry=name,
        warning=True,
        hint=f"if this is another one, give it another ref: sevlog correct -i {draft.record.id} {name} ref={free}",
    )


def task(draft: Draft, entry: Task, name: str) -> None:
    earlier = draft.tasks.get(entry.ref)
    if earlier is not None and _report_second(draft, entry, earlier.text, name, draft.tasks):
        return
    draft.tasks[entry.ref] = TaskState(
        ref=entry.ref,
        text=(earlier.text if earlier else None) or entry.text,
        state=entry.state,
        assignee=entry.assignee or (earlier.assignee if earlier else None),
        cleanup=entry.cleanup or (earlier.cleanup if earlier else False),
        opened_at=earlier.opened_at if earlier else entry.at,
        changed_at=entry.at,
    )


def alert(draft: Draft, entry: Alert, _: str) -> None:
    for name in (entry.fingerprint, alert_name(entry.source, entry.fingerprint)):
        if name in draft.alerts and draft.alerts[name].state == UNKNOWN:
            del draft.alerts[name]  # attached by hand: this is its first delivery
    earlier = draft.alerts.get(entry.fingerprint)
    draft.set_clock("alerted_at", entry.at)
    draft.alerts[entry.fingerprint] = AlertState(
        fingerprint=entry.fingerprint,
        source=entry.source,
        state=entry.state,
        url=entry.url or (earlier.url if earlier else None),
        since=earlier.since if earlier else entry.at,
        changed_at=entry.at,
    )


def link(draft: Draft, entry: Link, _: str) -> None:
    """Collects the link. The fingerprint of an alert also attaches it, in a state that is unknown until a delivery."""
    draft.links.append(entry)
    name = entry.target
    known = any(is_named(name, alert.source, alert.fingerprint) for alert in draft.alerts.values())
    if is_attachment(entry.rel, name) and not known:
        draft.alerts[name] = AlertState(
            fingerprint=name, source=None, state=UNKNOWN, url=None, since=entry.at, changed_at=entry.at
        )


def added_to(name: str) -> Callable[[Draft, Entry, str], None]:
    """The effect of a kind whose entries are collected in a list of the draft."""

    def effect(draft: Draft, entry: Entry, _: str) -> None:
        getattr(draft, name).append(entry)

    return effect


def override(draft: Draft, entry: Override, _: str) -> None:
    """Permits a guard to be passed."""
    draft.overrides.append(entry.rule)
