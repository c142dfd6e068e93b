"""Promises of merged incidents, and the ways that merges lead."""

from __future__ import annotations

from typing import get_args

from fixtures.timelines import FIXING, INCIDENT, RESOLVED, at, config, fold
from sevlog.model.guidance.comms_stages import following_updates
from sevlog.model.links.inheritance import heirs, with_promises
from sevlog.model.links.ties import MERGED_INTO, Tie, Ties, merges, ties_of, way_of
from sevlog.model.vocabulary import Audience

FIRST, SECOND = "2026-05-02-first", "2026-05-02-second"
TOLD_LATER = (
    FIXING
    + """
- {kind: update, at: "10:45", audience: public, phase: identified, text: Found it}
"""
)


def merged(into: str, when: str, **more: str) -> Ties:
    """An incident that was merged. more: audience -> when its next update is due."""
    tie = Tie(rel=MERGED_INTO, target=into, at=at(when), known_at=at(when))
    promised = {audience: at(due) for audience in get_args(Audience) if (due := more.get(audience))}
    return Ties(links=(tie,), promised=promised)


def test_the_earliest_promise_of_an_audience_counts() -> None:
    own = (
        FIXING
        + """
- {kind: update, at: "10:06", audience: internal, phase: investigating, text: On it, next_update_at: "10:50"}
- {kind: update, at: "10:06", audience: public, phase: investigating, text: On it, next_update_at: "10:20"}
"""
    )
    ties = {FIRST: merged(INCIDENT, "10:10", public="10:30", internal="10:40", executive="10:35")}

    state = with_promises(fold(own), ties)

    due = {"internal": at("10:40"), "public": at("10:20"), "executive": at("10:35")}
    assert state.next_update_due == due
    assert state.promised_in == {"internal": FIRST, "executive": FIRST}
    assert (state.next_update_due_at, state.next_update_promised_in) == (at("10:20"), None)
    assert heirs(ties) == {INCIDENT}


def test_an_update_after_the_merge_keeps_the_promise_wherever_it_was_sent() -> None:
    chain = {FIRST: merged(SECOND, "10:10", public="10:30"), SECOND: merged(INCIDENT, "10:20")}
    sent_between = {**chain, SECOND: Ties(links=chain[SECOND].links, told={"public": at("10:15")})}

    assert with_promises(fold(FIXING), chain).promised_in == {"public": FIRST}
    assert with_promises(fold(TOLD_LATER), chain).promised_in == {}
    assert with_promises(fold(FIXING), sent_between).promised_in == {}
    assert with_promises(fold(FIXING), chain, by=at("10:15")).promised_in == {}


def test_an_incident_that_is_over_owes_nothing() -> None:
    assert with_promises(fold(RESOLVED), {FIRST: merged(INCIDENT, "10:10", public="10:30")}).next_update_due == {}


def test_merges_in_a_circle_have_no_end() -> None:
    ties = {FIRST: merged(SECOND, "10:10", public="10:30"), SECOND: merged(FIRST, "10:20", public="10:40")}

    assert way_of(FIRST, merges(ties)) == ()
    assert heirs(ties) == frozenset()
    assert with_promises(fold(FIXING), ties).promised_in == {}


def test_only_a_merge_passes_promises_on_and_only_a_declined_incident_keeps_its_alerts() -> None:
    said = (
        FIXING
        + """
- {kind: update, at: "10:06", audience: public, phase: investigating, text: On it, next_update_at: "10:30"}
- {kind: alert, at: "10:06", source: probe, fingerprint: f1, state: firing}
"""
    )
    into = said + f"- {{kind: status, at: '10:10', to: merged, from: fixing, into: {FIRST}}}\n"
    no = said + """- {kind: status, at: "10:10", to: declined, from: fixing, reason: A test}\n"""

    ends, declined = ties_of(fold(into)), ties_of(fold(no))

    assert (ends.promised, ends.told, ends.alerts) == ({"public": at("10:30")}, {"public": at("10:06")}, ())
    assert (declined.promised, declined.alerts) == ({}, (("probe", "f1"),))
    assert ties_of(fold(said)) == Ties()


def test_what_is_next_names_the_incident_that_promised_unless_an_update_is_due_before() -> None:
    ties = {FIRST: merged(INCIDENT, "10:50", public="11:00"), SECOND: merged(INCIDENT, "10:50", public="23:00")}

    (soon,) = following_updates(with_promises(fold(TOLD_LATER), ties), config(), at("11:10"))
    (later,) = following_updates(with_promises(fold(TOLD_LATER), {SECOND: ties[SECOND]}), config(), at("11:10"))

    assert (soon.what, soon.due_at, soon.overdue) == (
        f"send the next update to customers, promised in {FIRST}",
        at("11:00"),
        True,
    )
    assert (later.what, later.due_at) == ("send the next update to customers", at("11:15"))
