"""Consistency of a folded record: it was opened, its times are possible, its roles are compatible.

Checks beyond the fold (configured names, single entries, other records) are in `rules`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..vocabulary import in_utc, in_words
from .entries import (
    Acknowledged,
    Assigned,
    Collaborator,
    Escalated,
    Handover,
    Paged,
    PriorityChanged,
    Raised,
    Released,
    SeverityChanged,
    StatusChanged,
    Update,
    kind_of,
)
from .entry_parts import Entry
from .fold_state import Draft
from .lifecycle import NEW
from .state import TimelineItem

_Counting = Sequence[tuple[Entry, str]]


def check_consistency(draft: Draft, items: Sequence[TimelineItem], counting: _Counting, *, complete: bool) -> None:
    """Report problems of the record as a whole.

    complete: all entries are folded, not only those up to an earlier time.
    """
    if complete and draft.status == NEW and items and not _has_steps(counting):
        _report_never_opened(draft, items[0].id)
    _check_clocks(draft, counting)
    _warn_of_acts_before_the_start(draft, counting)
    if draft.live and draft.holders:
        _warn_of_holders(draft)
    if draft.live and draft.former_holders and not draft.imported:
        _warn_of_lost_lead(draft)


def _has_steps(counting: _Counting) -> bool:
    """Whether an entry tries to change the status. If it was refused, it already has a finding."""
    return any(isinstance(entry, (Raised, StatusChanged)) for entry, _ in counting)


def _report_never_opened(draft: Draft, entry: str) -> None:
    draft.report(
        "never_opened",
        "no entry opens the incident",
        entry=entry,
        hint=f"add an entry of kind `raised` (or of kind `status`, such as to: {draft.opening})",
    )


def _check_clocks(draft: Draft, counting: _Counting) -> None:
    """The impossible is an error, the unlikely a warning."""
    started, ended = draft.assessed.started_at, draft.clocks.get("ended_at")
    if ended is None:
        return
    source = _source(counting, "ended_at", ended)
    incident, entry = draft.record.id, source[1] if source else None
    if started is not None and ended < started:
        correct = f"correct -i {incident} {entry} ended_at=TIME" if entry else f"assess -i {incident} --started-at TIME"
        draft.report(
            "impact_ends_before_start",
            f"the impact ends ({_utc_text(ended)}) before it starts ({_utc_text(started)})",
            hint=f"correct the wrong time: sevlog {correct}",
            entry=entry,
        )
    raised = _raised_at(draft)
    if started is None and raised is not None and ended < raised:
        draft.report(
            "impact_ends_before_raised",
            f"the impact ended ({_utc_text(ended)}) before the incident was raised ({_utc_text(raised)}); "
            "its start is unknown",
            warning=True,
            hint=f"give the start: sevlog assess -i {incident} --started-at TIME",
            entry=entry,
        )
    resolved = draft.clocks.get("resolved_at")
    if source and resolved is not None and resolved < ended <= source[0].at:
        draft.report(
            "impact_ends_after_resolved",
            f"it was resolved ({_utc_text(resolved)}) before its impact ended ({_utc_text(ended)})",
            entry=entry,
            warning=True,
            hint=f'check the time; if the incident returned: sevlog reopen -i {incident} --reason "…"',
        )


_OF_THE_RESPONSE = (
    Acknowledged,
    Assigned,
    Collaborator,
    Escalated,
    Handover,
    Paged,
    PriorityChanged,
    Released,
    SeverityChanged,
    Update,
)
"""What people do about an incident that is known. Facts (an alert, a note, impact) can be earlier."""


def _warn_of_acts_before_the_start(draft: Draft, counting: _Counting) -> None:
    """A response to what nobody had raised yet: probably a wrong time."""
    opened = draft.clocks.get("opened_at")
    if opened is None or draft.imported or draft.record.card.kind != "incident":
        return
    for entry, name in counting:
        if entry.at < opened and entry.by is not None and isinstance(entry, _OF_THE_RESPONSE):
            what = kind_of(entry).replace("_", " ")
            draft.report(
                "before_raised",
                f"{what} at {_utc_text(entry.at)}, before the incident was raised at {_utc_text(opened)}",
                entry=name,
                warning=True,
                hint=f"if the time is wrong: sevlog correct -i {draft.record.id} {name} at=TIME",
            )


def _raised_at(draft: Draft) -> datetime | None:
    """When it was raised; None for what is written down afterwards or imported."""
    proves = draft.record.card.kind == "incident" and not draft.imported
    return draft.clocks.get("raised_at") if proves else None


def _utc_text(at: datetime) -> str:
    return f"{in_utc(at):%Y-%m-%d %H:%M} UTC"


def _source(counting: _Counting, key: str, value: datetime) -> tuple[Entry, str] | None:
    """The last entry that sets this key to this value."""
    return next((pair for pair in reversed(counting) if getattr(pair[0], key, None) == value), None)


def _warn_of_holders(draft: Draft) -> None:
    major = draft.config.is_major(draft.severity)
    warned: set[frozenset[str]] = set()
    for role in draft.config.roles:
        if role.max_holders is None and not role.not_with:
            continue
        holders = {h.person for h in draft.holders if h.role == role.key and h.workstream is None}
        if role.max_holders is not None and len(holders) > role.max_holders:
            draft.report(
                "too_many_holders",
                f"{len(holders)} people hold the role {in_words(role.key)} ({', '.join(sorted(holders))}); "
                f"at most {role.max_holders} may",
                warning=True,
                hint=f"sevlog release -i {draft.record.id} {role.key} PERSON",
            )
        for other in role.not_with if major else ():
            for person in sorted(holders & {h.person for h in draft.holders if h.role == other}):
                if frozenset({person, role.key, other}) not in warned:
                    warned.add(frozenset({person, role.key, other}))
                    _warn_of_pair(draft, person, role.key, other)


def _warn_of_pair(draft: Draft, person: str, role: str, other: str) -> None:
    incident = draft.record.id
    draft.report(
        "forbidden_pair",
        f"{person} is both {in_words(role)} and {in_words(other)} on a major incident",
        warning=True,
        hint=f"assign one of the roles to somebody else: sevlog assign -i {incident} {other} PERSON, "
        f"then: sevlog release -i {incident} {other} {person}",
    )


def _warn_of_lost_lead(draft: Draft) -> None:
    if draft.lead is None and any(h.role in draft.lead_roles and h.workstream is None for h in draft.former_holders):
        draft.report(
            "no_lead",
            f"no {draft.config.role_name(draft.config.lead_role).lower()} leads this incident any more",
            warning=True,
            hint=f"sevlog assign -i {draft.record.id} {draft.config.lead_role} PERSON --lead",
        )
