"""What holds of any record whatever: any well-formed entries, in any order, at any time."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fixtures.any_entries import any_entry, any_record
from fixtures.filled import filled
from fixtures.timelines import INCIDENT, config
from sevlog.model.timeline.entries import AnyEntry, known_at
from sevlog.model.timeline.entry_parts import Entry
from sevlog.model.timeline.incident import Record
from sevlog.model.timeline.lifecycle import NEW, find_step
from sevlog.model.timeline.replay import replay
from sevlog.model.timeline.state import State
from sevlog.model.vocabulary import LIVE_CATEGORIES

RECORDS = any_record()
many = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def encoded(state: State) -> bytes:
    return msgspec.json.encode(state)


def facts(state: State) -> dict[str, object]:
    """Everything but what was found wrong."""
    return {name: getattr(state, name) for name in state.__struct_fields__ if name != "problems"}


@many
@given(any_entry())
def test_what_is_drawn_is_well_formed(entry: Entry) -> None:
    assert msgspec.convert(msgspec.to_builtins(entry), AnyEntry) == entry


@many
@given(RECORDS)
def test_any_timeline_folds_to_a_state_and_findings(record: Record) -> None:
    state = replay(record, config())

    assert encoded(state)
    assert {item.id for item in state.timeline if item.effective is None} == {
        item.id for item in state.timeline if item.retracted_by
    }
    for problem in state.problems:
        assert problem.message and problem.code and problem.incident == INCIDENT
        assert problem.entry is None or state.item(problem.entry) is not None
        assert "-i ID" not in (problem.hint or "")


@many
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_reading_changes_nothing(record: Record, random: Random) -> None:
    shuffled = list(record.entries)
    random.shuffle(shuffled)
    state, other = replay(record, config()), replay(replace(record, entries=tuple(shuffled)), config())

    assert other == state
    assert encoded(other) == encoded(state)


@many
@given(RECORDS)
def test_the_end_of_time_is_the_same_as_no_time(record: Record) -> None:
    state = replay(record, config())
    last = max((max(i.at, (i.effective or i.entry).at) for i in state.timeline), default=None)
    known = max((known_at(entry) for entry in record.entries), default=None)

    assert replay(record, config(), as_of=last) == state
    assert replay(record, config(), known_by=known) == state
    assert replay(record, config(), as_of=last, known_by=known) == state


@many
@given(RECORDS)
def test_each_time_in_between_has_the_history_up_to_then(record: Record) -> None:
    whole = replay(record, config())
    for at in filled({(item.effective or item.entry).at for item in whole.timeline}):
        then = replay(record, config(), as_of=at)

        assert then.timeline == tuple(i for i in whole.timeline if (i.effective or i.entry).at <= at)
        assert then.status_steps == tuple(step for step in whole.status_steps if step.at <= at)
        assert then.severity_steps == tuple(step for step in whole.severity_steps if step.at <= at)
        assert then.updates == tuple(update for update in whole.updates if update.entry.at <= at)
        assert replay(record, config(), as_of=at, known_by=at).timeline == tuple(
            item for item in replay(record, config(), known_by=at).timeline if (item.effective or item.entry).at <= at
        )


@many
@given(RECORDS)
def test_the_timeline_is_a_set(record: Record) -> None:
    once, twice = replay(record, config()), replay(replace(record, entries=record.entries * 2), config())

    assert facts(twice) == facts(once)
    assert [p for p in twice.problems if p.code != "repeated_entry"] == [
        p for p in once.problems if p.code != "repeated_entry"
    ]


@many
@given(RECORDS)
def test_only_legal_steps_are_taken(record: Record) -> None:
    state = replay(record, config())
    lifecycle = config().lifecycle_for(record.card.kind, record.card.type)
    way = [NEW, *(step.status for step in state.status_steps)]

    assert all(find_step(lifecycle, origin, target) for origin, target in pairwise(way))
    assert state.status == way[-1] or way == [NEW]
    assert [step.at for step in state.status_steps] == sorted(step.at for step in state.status_steps)
    guarded = [p for p in state.problems if p.code.startswith("guard_")]
    assert record.card.origin is None or all(_signed(state, p.entry) for p in guarded)


def _signed(state: State, entry: str | None) -> bool:
    item = state.item(entry or "")
    return item is not None and item.effective is not None and item.effective.by is not None


@many
@given(RECORDS)
def test_there_is_one_lead_and_what_is_over_is_over(record: Record) -> None:
    state = replay(record, config())
    leads = [(h.role, h.workstream) for h in state.holders if h.lead]
    held = [(h.role, h.person, h.workstream) for h in state.holders]

    assert len(leads) == len(set(leads)) and len(held) == len(set(held))
    assert state.lead is None or any(h.person == state.lead for h in state.holders)
    assert all(h.until is not None and h.until >= h.since for h in state.former_holders)
    if state.category not in LIVE_CATEGORIES:
        assert set(state.components.values()) <= {"operational"}
        assert (state.next_update_due == {} and state.milestones.closed_at) or state.milestones.resolved_at
    assert (state.milestones.resolved_at is None) or state.category in ("learning", "closed")
