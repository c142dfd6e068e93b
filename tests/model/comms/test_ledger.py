"""One delivery in the ledger: who may send it, what became of it, and what is history."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from fixtures.timelines import at, entries, record
from sevlog.model.comms.ledger import (
    FRESH,
    LEASES,
    MOST_TRIES,
    RECENT,
    Baseline,
    OpenSheets,
    Row,
    RowState,
    Sheet,
    baseline_of,
    claimed,
    is_held,
    joined,
    postponed,
    ran_out,
    released,
    retried,
    settled,
    unseen,
)
from sevlog.model.config.notify import Promise
from sevlog.model.timeline.entries import entry_id

NOW = at("12:00")
TIMELINE = """
- {kind: raised, id: early, at: "08:00", severity: SEV1, priority: P1, components: {api: major_outage}}
- {kind: note, id: late, at: "08:01", recorded_at: "11:30", text: found in a log}
- {kind: note, id: fresh, at: "11:45", text: seen}
"""


def row(state: RowState = "owed", promise: Promise = "at_least_once", **more: object) -> Row:
    return Row(state=state, promise=promise, at=NOW, **more)  # type: ignore[arg-type]


def pause(of: Row) -> timedelta:
    assert of.until is not None
    return of.until - of.at


# ---- claims


@pytest.mark.parametrize(("promise", "minutes"), [("at_least_once", 3), ("most_once", 10)])
def test_a_claim_ends_with_its_lease_and_not_before(promise: Promise, minutes: int) -> None:
    claim = claimed(row(promise=promise, reason="it answered 500"), "me", NOW, "digest")
    end = NOW + timedelta(minutes=minutes)

    assert (claim.state, claim.by, claim.until, claim.reason, claim.digest) == ("claimed", "me", end, None, "digest")
    assert ran_out(claim, end - timedelta(milliseconds=1)) == claim
    assert ran_out(claim, end) != claim


def test_a_claim_that_ran_out_is_owed_again_or_unknown_by_its_promise() -> None:
    page = ran_out(claimed(row(), "me", NOW), NOW + LEASES["at_least_once"])
    mail = ran_out(claimed(row(promise="most_once"), "me", NOW), NOW + LEASES["most_once"])

    assert (page.state, page.until, page.at) == ("owed", None, NOW + LEASES["at_least_once"])
    assert (mail.state, mail.until, mail.at) == ("unknown", None, NOW + LEASES["most_once"])
    assert (page.reason, "not sent again" in str(mail.reason)) == ("the sender stopped before it finished", True)


@pytest.mark.parametrize("state", ["owed", "sent", "failed", "unknown", "moot"])
def test_only_a_claim_runs_out(state: RowState) -> None:
    before = row(state, until=NOW)

    assert ran_out(before, NOW + timedelta(days=1)) == before


@pytest.mark.parametrize("promise", ["at_least_once", "most_once"])
def test_who_claimed_may_say_what_became_of_it_until_somebody_else_claims(promise: Promise) -> None:
    claim = claimed(row(promise=promise), "me", NOW)
    over = ran_out(claim, NOW + timedelta(hours=1))

    assert is_held(claim, "me") and is_held(over, "me")
    assert not is_held(claimed(over, "you", NOW), "me")
    assert not is_held(settled(claim, "sent", NOW), "me")
    assert not is_held(row(), None) and not is_held(None, "me")


def test_a_claim_that_was_not_used_is_owed_at_once() -> None:
    assert released(claimed(row(tries=2), "me", NOW), NOW) == row(tries=2)


# ---- results


def test_a_settled_row_has_no_claim_no_pause_and_what_the_receiver_said() -> None:
    sent = settled(
        claimed(row(reason="before"), "me", NOW), "sent", NOW + RECENT, "", tries=3, id="x-1", topic="Checkout"
    )

    assert sent == replace(row("sent", tries=3, id="x-1", topic="Checkout"), at=NOW + RECENT)
    assert settled(row(), "failed", NOW, "it answered 404").reason == "it answered 404"


def test_pauses_double_from_half_a_minute_to_an_hour() -> None:
    pauses, last = [], row()
    for _ in range(9):
        last = postponed(claimed(last, "me", NOW), NOW, "it answered 500", 1)
        pauses.append(pause(last).total_seconds())

    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (last.state, last.by, last.tries, last.reason) == ("owed", None, 9, "it answered 500")


def test_after_too_many_attempts_it_has_failed() -> None:
    last = postponed(row(tries=MOST_TRIES - 4), NOW, "it answered 500", 3)
    assert last.state == "owed"

    failed = postponed(last, NOW, "it answered 500", 1)

    assert (failed.state, failed.until, failed.tries) == ("failed", None, MOST_TRIES)
    assert failed.reason == f"it answered 500; given up after {MOST_TRIES} attempts"


def test_on_demand_what_went_wrong_or_waits_is_owed_now_and_nothing_else() -> None:
    kept = {
        "sent": row("sent"),
        "moot": row("moot"),
        "claimed": row("claimed", by="me", until=NOW + FRESH),
        "owed": row(tries=1, reason="x"),
    }
    wrong = {
        "failed": row("failed", tries=30, reason="x", topic="T"),
        "unknown": row("unknown", "most_once", by="me", topic="T"),
        "waiting": row(tries=4, until=NOW + FRESH, reason="x", topic="T"),
    }

    later = retried(Sheet(rows={**kept, **wrong}, seen=("a",)), NOW + FRESH)

    assert {key: later.rows[key] for key in kept} == kept
    assert (
        later.rows["failed"]
        == later.rows["waiting"]
        == Row(state="owed", promise="at_least_once", at=NOW + FRESH, topic="T")
    )
    assert later.rows["unknown"] == Row(state="owed", promise="most_once", at=NOW + FRESH, topic="T")
    assert later.seen == ("a",)


# ---- ledgers


def test_of_two_ledgers_each_row_that_got_further_counts() -> None:
    one = Sheet(rows={"a": row("sent"), "b": row("owed"), "c": row("claimed"), "d": row("unknown")}, seen=("x", "y"))
    other = Sheet(rows={"a": row("owed"), "b": row("sent"), "c": row("unknown"), "e": row("owed")}, seen=("y", "z"))

    for both in (joined(one, other), joined(other, one)):
        assert {key: row.state for key, row in both.rows.items()} == {
            "a": "sent",
            "b": "sent",
            "c": "unknown",
            "d": "unknown",
            "e": "owed",
        }
    assert joined(one, other).seen == ("x", "y", "z")


def test_of_two_ledgers_each_issue_that_was_created_counts() -> None:
    one, other = Sheet(issues={"A1:t": row("claimed")}), Sheet(issues={"A1:t": row("sent"), "A2:t": row("sent")})

    assert {key: found.state for key, found in joined(one, other).issues.items()} == {"A1:t": "sent", "A2:t": "sent"}


def test_the_open_sheets_count_what_is_not_settled_and_what_went_wrong() -> None:
    first = Sheet(rows={"a": row(), "b": row("claimed"), "c": row("failed"), "d": row("sent"), "e": row("moot")})

    both = OpenSheets().after({"z": first, "a": Sheet(rows={"a": row("unknown")})})

    assert both == OpenSheets(unsettled={"z": 2}, troubled={"a": 1, "z": 1})
    assert list(both.troubled) == ["a", "z"]
    over = both.after({"z": Sheet(rows={"a": row("sent"), "c": row("sent")})})
    assert over == OpenSheets(troubled={"a": 1})


# ---- what is new


def found(baseline: Baseline | None, now: datetime = NOW, *seen: str) -> list[str]:
    return unseen(record(TIMELINE), Sheet(seen=seen), baseline, now)


def test_at_the_first_run_what_was_known_more_than_an_hour_ago_is_history() -> None:
    baseline = baseline_of([record(TIMELINE)], NOW, {})

    assert baseline.entries == {record(TIMELINE).id: ("early",)}
    assert found(baseline) == ["late", "fresh"]
    assert (baseline.at, baseline.since) == (NOW, NOW - RECENT)


def test_what_is_said_to_be_news_is_no_history() -> None:
    baseline = baseline_of([record(TIMELINE)], NOW, {record(TIMELINE).id: frozenset({"early"})})

    assert baseline.entries == {}
    assert found(baseline) == ["early", "late", "fresh"]


@pytest.mark.parametrize(("age", "history"), [(FRESH, True), (FRESH - timedelta(seconds=1), False)])
def test_exactly_an_hour_old_is_history(age: timedelta, history: bool) -> None:
    made = record(TIMELINE)

    assert ("fresh" in baseline_of([made], at("11:45") + age, {}).entries.get(made.id, ())) == history


def test_what_was_processed_is_not_new() -> None:
    assert found(None, NOW, "late", "early") == ["fresh"]


def test_what_is_a_week_old_or_older_than_the_baseline_goes_back_is_never_new() -> None:
    assert found(None, at("08:00") + RECENT) == ["late", "fresh"]
    assert found(None, at("08:00") + RECENT - timedelta(seconds=1)) == ["early", "late", "fresh"]
    assert found(Baseline(at=NOW, since=at("11:30"))) == ["fresh"]


def test_what_was_imported_is_neither_history_nor_new() -> None:
    imported = replace(record(TIMELINE), entries=entries(TIMELINE, by=None))

    assert [entry_id(entry) for entry in imported.entries] == ["early", "late", "fresh"]
    assert unseen(imported, Sheet(), None, NOW) == []
    assert baseline_of([imported], NOW, {}).entries == {}


def test_a_pause_that_the_receiver_asks_for_is_kept_but_for_an_hour_at_most() -> None:
    asked = [postponed(row(), NOW, "it answered 429", 1, wait).until for wait in (None, 5.0, 90.0, 86_400.0)]

    assert asked == [NOW + timedelta(seconds=seconds) for seconds in (30, 30, 90, 3600)]
