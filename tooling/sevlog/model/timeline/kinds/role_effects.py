"""Who holds which role: assigned, released and handed over, with exactly one lead at any time (S62, S64, S65)."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from ...vocabulary import in_words
from ..entries import Assigned, Handover, Released
from ..fold_state import Draft
from ..state import Holder, Offer


def assigned(draft: Draft, entry: Assigned, _: str) -> None:
    """The person holds the role. A current holder keeps it, with its start time."""
    _hold(draft, entry.role, entry.person, entry.workstream, entry.at, lead=entry.lead)
    draft.note_lead(entry.at)
    if entry.role in draft.lead_roles and draft.live and not draft.acts.target("ack"):
        draft.set_clock("acknowledged_at", entry.at)  # a lifecycle without a step for it: taking the lead is all


def released(draft: Draft, entry: Released, entry_id: str) -> None:
    """The person no longer holds the role: in the given workstream, else in all. Then who led before leads again."""
    if not _end(draft, entry.role, entry.person, entry.workstream, entry.at):
        where = f" for {entry.workstream}" if entry.workstream else ""
        _report_not_holding(draft, entry.person, entry.role, f"{where} that this entry releases", entry_id)
    draft.note_lead(entry.at)


def handover(draft: Draft, entry: Handover, entry_id: str) -> None:
    """An offer leaves the role with its holder. When accepted, the role passes on, and the lead with it."""
    if not entry.accepted:
        if not any((h.role, h.person) == (entry.role, entry.from_) for h in draft.holders):
            _report_not_holding(draft, entry.from_, entry.role, " that is offered", entry_id)
        draft.offers = [o for o in draft.offers if (o.role, o.to) != (entry.role, entry.to)]
        draft.offers.append(Offer(role=entry.role, from_=entry.from_, to=entry.to, at=entry.at))
        return
    draft.offers = [o for o in draft.offers if o.role != entry.role or (o.to != entry.to and o.from_ != entry.from_)]
    leads = entry.role in draft.lead_roles and draft.lead in (entry.from_, None)
    ended = _end(draft, entry.role, entry.from_, None, entry.at)
    if not ended:
        _report_not_holding(draft, entry.from_, entry.role, " that is handed over", entry_id)
        _hold(draft, entry.role, entry.to, None, entry.at, lead=leads)
    for holder in ended:
        lead = holder.lead or (leads and holder.workstream is None)
        _hold(draft, entry.role, entry.to, holder.workstream, entry.at, lead=lead)
    draft.note_lead(entry.at)


def _hold(draft: Draft, role: str, person: str, workstream: str | None, at: datetime, *, lead: bool) -> None:
    kept: list[Holder] = []
    mine = Holder(role=role, person=person, since=at, lead=lead, workstream=workstream)
    place = len(draft.holders)
    for holder in draft.holders:
        if (holder.role, holder.workstream) != (role, workstream):
            kept.append(holder)
        elif holder.person == person:
            place = len(kept)
            mine = replace(holder, lead=lead or holder.lead)
        else:
            kept.append(replace(holder, lead=False) if lead and holder.lead else holder)
    kept.insert(place, mine)
    draft.holders = kept


def _end(draft: Draft, role: str, person: str, workstream: str | None, at: datetime) -> list[Holder]:
    ended = [
        h
        for h in draft.holders
        if h.role == role and h.person == person and (workstream is None or h.workstream == workstream)
    ]
    if ended:
        draft.holders = [h for h in draft.holders if h not in ended]
        draft.former_holders += [replace(h, until=at) for h in ended]
    return ended


def _report_not_holding(draft: Draft, person: str, role: str, what: str, entry_id: str) -> None:
    draft.report(
        "not_holding",
        f"{person} does not hold the role {in_words(role)}{what}",
        entry=entry_id,
        warning=True,
        hint=f"list the roles: sevlog show -i {draft.record.id}",
    )
