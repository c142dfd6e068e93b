"""The facts that a text may have: of a record and one update in it, for one audience. Customers: the public view."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ...model.comms.plan import OUTSIDE
from ...model.comms.template_facts import Facts, Inside, Outside, inside_facts, public_facts
from ...model.config.settings import Config
from ...model.public.ids import update_id
from ...model.public.publication import HIDDEN_KINDS, publish
from ...model.timeline.entries import Update, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import Record
from ...model.timeline.replay import replay
from ...model.timeline.state import State
from ...model.vocabulary import Audience

UNTITLED = "(untitled)"
"""Placeholder for the public title where an incident has none yet; not a fact."""


class KnownFacts(Struct, frozen=True, kw_only=True):
    """The facts, and what they were made from. view: None where the public has nothing of it."""

    facts: Facts
    state: State
    view: Outside | None


def facts_of(record: Record, config: Config, entry: str, audience: Audience, now: datetime) -> KnownFacts:
    """The facts for `audience` about the entry with this id, as of `now`.

    entry: an update for the public facts to have a phase and a promise; any other for colleagues only.
    """
    state = replay(record, config)
    item = state.item(entry)
    said = item.effective if item is not None else None
    view = _outside(record, config, said, entry, now)
    facts: Facts = {} if view is None else public_facts(view)
    if view is None:
        facts |= {"page_name": config.page.name, "page_url": config.page.url, "support_url": config.page.support_url}
    if audience not in OUTSIDE:
        inside = Inside(
            state=state,
            config=config,
            phase=said.phase if isinstance(said, Update) else None,
            next_update_at=said.next_update_at if isinstance(said, Update) else None,
        )
        facts |= inside_facts(inside)
        if not (isinstance(said, Update) and said.audience in OUTSIDE):
            facts["said_before"] = None
    return KnownFacts(facts=facts, state=state, view=view)


def _outside(record: Record, config: Config, said: Entry | None, entry: str, now: datetime) -> Outside | None:
    """The public view, with the update in it as one to the public; None where there is none, or it is not in it."""
    if not isinstance(said, Update) or said.audience not in OUTSIDE:
        site = publish([record], config, now)
        found = (*site.incidents, *site.maintenances)
        return Outside(site=site, incident=found[0], update=found[0].updates[0]) if found else None
    entries = tuple(_to_the_public(e) if entry_id(e) == entry else e for e in record.entries)
    site = publish([replace(record, entries=entries)], config, now)
    for incident in (*site.incidents, *site.maintenances):
        for update in incident.updates:
            if update.id == update_id(record, said, entry):
                return Outside(site=site, incident=incident, update=update)
    return None


def _to_the_public(entry: Entry) -> Entry:
    return replace(entry, audience="public") if isinstance(entry, Update) else entry


def rehearsed(record: Record) -> Record:
    """The record as if customers could read it: with a title, and a drill as if it were one. For previews alone."""
    card = record.card
    return replace(
        record,
        card=replace(
            card,
            public_title=card.public_title or UNTITLED,
            kind="incident" if card.kind in HIDDEN_KINDS else card.kind,
        ),
    )
