"""What the figures take from one record: milestones, promises, time at a severity, action items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fixtures.timelines import FIXING, RAISED, RESOLVED, at, config, fold, record
from sevlog.model.learning.metrics import durations, outcomes
from sevlog.model.learning.metrics.facts import ActionFact, Facts, facts_of, recorded_by
from sevlog.model.learning.metrics.figures import figures
from sevlog.model.learning.metrics.order_statistics import spread
from sevlog.model.timeline.replay import replay

UPDATE = "- {kind: update, at: %s, audience: public, phase: investigating, text: Soon, next_update_at: %s}\n"
BERLIN = ZoneInfo("Europe/Berlin")
LEVELS = st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["A", "B", "C"])), min_size=1, max_size=8)


def said(*rows: tuple[str, str]) -> str:
    return "".join(UPDATE % (f'"{when}"', f'"{due}"') for when, due in rows)


def as_written(moment: datetime, zone: ZoneInfo) -> datetime:
    """The time as a record has it, with the offset that held then."""
    return datetime.fromisoformat(moment.astimezone(zone).isoformat())


def promised(timeline: str, now: str) -> dict[str, int]:
    return dict(outcomes.promises_of([facts_of(fold(timeline))], at(now)))


def test_a_promise_is_kept_until_its_minute_and_late_after_it() -> None:
    timeline = FIXING + said(("10:06", "10:20"), ("10:20", "10:40"), ("10:41", "11:00"))

    assert promised(timeline, "10:50") == {"kept": 1, "late": 1, "open": 1}
    assert promised(timeline, "11:01") == {"kept": 1, "late": 2}


def test_a_promise_ends_with_the_response_unless_it_was_due_before() -> None:
    assert promised(RESOLVED + said(("10:41", "11:10")), "12:00") == {"ended": 1}
    assert promised(RESOLVED + said(("10:41", "10:50")), "12:00") == {"late": 1}


def test_another_audience_keeps_no_promise() -> None:
    other = '- {kind: update, at: "10:10", audience: internal, phase: investigating, text: We look}\n'

    assert promised(FIXING + said(("10:06", "10:20")) + other, "10:30") == {"late": 1}


def test_milestones_that_follow_from_a_step_are_told_from_those_on_record() -> None:
    facts = facts_of(fold(RESOLVED))

    assert {"mitigated_at", "ended_at", "resolved_at"} <= {*facts.typed}
    assert "detected_at" not in facts.typed
    assert facts.milestones.detected_at == at("10:00")


def test_an_end_before_its_start_is_left_out_and_named() -> None:
    late = '- {kind: assessment, at: "10:02", started_at: "10:30", confirmed: true}\n'

    found = figures([facts_of(fold(RAISED + late))], config(), at("12:00"), lambda _, at: False)

    row = found.measures["time_to_detect"]
    assert (row.values, row.spread.n, len(row.impossible)) == ((), 0, 1)
    assert found.measures["time_to_resolve"].open == 1


@given(LEVELS, st.integers(0, 600))
def test_time_in_each_severity_is_that_of_counting_minutes(steps: list[tuple[int, str]], end: int) -> None:
    start = datetime(2026, 10, 25, tzinfo=BERLIN).astimezone(UTC)  # the clock goes back in this night
    steps = sorted(steps, key=lambda step: step[0])
    found = durations.by_level(
        [(as_written(start + timedelta(minutes=m), BERLIN), level) for m, level in steps],
        start + timedelta(minutes=end),
    )

    counted: dict[str, int] = {}
    for minute in range(steps[0][0], end):
        level = next(level for m, level in reversed(steps) if m <= minute)
        counted[level] = counted.get(level, 0) + 60
    assert {level: seconds for level, seconds in found.items() if seconds} == counted


@given(st.lists(st.integers(0, 300), min_size=13, max_size=13), st.integers(0, 300))
def test_a_record_cut_at_a_time_gives_the_facts_that_the_fold_gives_as_known_by_then(
    delays: list[int], minute: int
) -> None:
    whole, then = (
        record(RESOLVED + said(("10:06", "10:20"), ("10:25", "11:30"))),
        at("10:00") + timedelta(minutes=minute),
    )
    late = [
        msgspec.structs.replace(entry, recorded_at=entry.at + timedelta(minutes=delay))
        for entry, delay in zip(whole.entries, delays, strict=False)
    ]
    whole = msgspec.structs.replace(whole, entries=tuple(late))

    assert len(whole.entries) <= len(delays)
    cut = facts_of(replay(recorded_by(whole, then), config()))
    asked = facts_of(replay(whole, config(), known_by=then))
    assert msgspec.structs.replace(cut, errors=0) == msgspec.structs.replace(asked, errors=0)


def test_an_action_item_is_in_time_by_the_policy_after_acceptance_else_by_its_date() -> None:
    item = ActionFact(id="A1", status="done", class_="cleanup", due="2026-05-03", done_at=at("10:00"))
    accepted = msgspec.structs.replace(item, accepted_at=at("10:00") - timedelta(days=14))
    late = msgspec.structs.replace(item, accepted_at=at("10:00") - timedelta(days=15))

    def became(one: ActionFact) -> str:
        return outcomes.action_outcome(one, "SEV1", config(), at("12:00"))

    assert [became(item), became(accepted), became(late)] == ["in_time", "in_time", "late"]
    assert became(msgspec.structs.replace(item, done_at=None)) == "unknown"
    assert became(msgspec.structs.replace(item, status="accepted", due="2026-05-02")) == "open"
    assert became(msgspec.structs.replace(item, status="accepted", due="2026-05-01")) == "overdue"


def test_the_timeline_says_when_an_action_item_was_accepted_and_done() -> None:
    notes = "".join(
        f'- {{kind: note, at: "{when}", text: "Action item A1 {what}"}}\n'
        for when, what in (("11:10", "accepted: Alert (ana)"), ("11:20", "done"), ("11:30", "verified"))
    )
    item = {"id": "A1", "title": "Alert", "status": "verified"}
    (found,) = facts_of(replay(record(RESOLVED + notes, actions=[item]), config())).actions

    assert (found.accepted_at, found.done_at) == (at("11:10"), at("11:20"))
    counts, left_out = outcomes.open_over_time(
        [Facts(id="x", kind="incident", type="", category="closed", actions=(found,))],
        [at("11:00"), at("11:15"), at("11:20")],
    )
    assert (counts, left_out) == ([0, 1, 0], 0)


def test_no_trend_is_told_of_fewer_than_20_values_or_where_the_intervals_overlap() -> None:
    from sevlog.model.learning.metrics.figures import direction

    slow, quick = spread(map(float, range(100, 120))), spread(map(float, range(20)))

    assert direction(quick, slow) == "shorter"
    assert direction(slow, quick) == "longer"
    assert direction(quick, quick) == "unclear"
    assert direction(spread(map(float, range(19))), slow) is None
