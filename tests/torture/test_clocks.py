"""Clocks that disagree: nothing is lost, no two entries share an id, and the order is one that can be explained."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any

from torture.clocks import off_by, stopped
from torture.figures import Figures
from torture.team import Clone, Team, require_clean

NOON = "2026-05-02T12:00:00+00:00"
BEFORE = "2026-05-02T11:00:00+00:00"


def said_by(*people: Clone) -> list[str]:
    """Everybody writes two notes, in turns; the tokens."""
    tokens = []
    for number, person in product(range(2), people):
        token = f"tok-{person.person}-{number}-1"
        person.does("note", token)
        tokens.append(token)
    return tokens


def timeline(clone: Clone) -> list[dict[str, Any]]:
    clone.does("sync")
    rows: list[dict[str, Any]] = clone.tells("timeline")["timeline"]
    return rows


def require_told_apart(team: Team, people: Sequence[Clone], tokens: list[str]) -> None:
    """Everything is there once, in every clone, under ids of its own, in the order of the times it has."""
    for person in people:
        rows = timeline(person)
        assert len({row["id"] for row in rows}) == len(rows)
        times = [datetime.fromisoformat(row["at"]) for row in rows]
        assert times == sorted(times)
        assert {row["text"] for row in rows if row["kind"] == "note"} == set(tokens)
        require_clean(person)
    assert team.texts() == Counter(tokens)


def test_clocks_an_hour_apart_lose_nothing(team: Team, figures: Figures) -> None:
    ana, bo = off_by(team.clone("ana"), hours=1), off_by(team.clone("bo"), hours=-1)
    chi = off_by(team.clone("chi"))
    ana.raises()
    people = [ana, bo, chi]
    for person in people:
        person.does("sync")

    tokens = said_by(*people)

    require_told_apart(team, people, tokens)
    ana.does("check")
    figures(sent=len(tokens), stored=len(team.texts()), lost=0, doubled=0)


def test_clocks_that_stand_still_at_the_same_instant_make_ids_of_their_own(team: Team, figures: Figures) -> None:
    """Two laptops and two entries on each, all in one millisecond."""
    ana, bo = (stopped(team.clone(name), NOON) for name in ("ana", "bo"))
    ana.raises()
    bo.does("sync")

    tokens = said_by(ana, bo)

    require_told_apart(team, [ana, bo], tokens)
    ana.does("check")
    figures(sent=len(tokens), stored=len(team.texts()), lost=0, doubled=0)


def test_a_clock_that_is_put_back_loses_nothing(team: Team, figures: Figures) -> None:
    """Put back by an hour and by exactly as much as makes the same instant come twice."""
    ana = team.clone("ana")
    stopped(ana, BEFORE).raises()
    tokens = [f"tok-ana-{number}-1" for number in range(3)]
    for token, instant in zip(tokens, (NOON, BEFORE, NOON), strict=True):
        stopped(ana, instant).does("note", token)

    require_told_apart(team, [ana], tokens)
    figures(sent=len(tokens), stored=len(team.texts()), lost=0, doubled=0)


def test_who_is_behind_can_take_every_step_and_learns_of_it(team: Team) -> None:
    """An incident from the first entry to the last, by turns on a clock that is ahead and one that is behind."""
    ana, bo = off_by(team.clone("ana"), hours=1), off_by(team.clone("bo"))
    incident = ana.raises()
    ana.does("ack", "--channel", "chat=https://chat.example/room")
    bo.does("sync")

    for words in (
        ("monitor", "--mitigation", "rolled back"),
        ("assess", "--customer-impact", "some cannot pay", "--scope", "some"),
        ("assign", "--lead", "incident_manager", "bo"),
        ("resolve", "--attestation", "no errors", "--ended-at", "now"),
        ("close",),
    ):
        said = bo.types(*words, "-i", incident)
        assert said.code == 0, said
        assert "is 60 min ahead of this machine's clock" in said.err, said
    ana.does("sync")
    assert ana.tells("show", incident)["status"] == "closed"


def test_what_is_said_last_counts_last_though_its_clock_is_behind(team: Team) -> None:
    ana, bo = off_by(team.clone("ana"), hours=1), off_by(team.clone("bo"))
    ana.raises()
    bo.does("sync")

    bo.does("severity", "SEV2", "--reason", "it grows")

    ana.does("sync")
    assert ana.tells("show")["severity"] == "SEV2"


def test_a_step_after_one_that_lies_far_ahead_is_refused_with_the_cure(team: Team) -> None:
    ana, bo = off_by(team.clone("ana"), days=400), off_by(team.clone("bo"))
    incident = ana.raises()
    bo.does("sync")

    said = bo.types("decline", "--reason", "nothing")

    assert said.code == 3, said
    cure = next(line for line in said.err.splitlines() if "sevlog correct" in line).partition("sevlog ")[2]
    bo.does(*shlex.split(cure.replace("TIME", "now")))
    bo.does("decline", "--reason", "nothing")
    assert bo.tells("show", incident)["status"] == "declined"
