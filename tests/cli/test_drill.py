"""sevlog drill: from the start to the comparison, with a clock that the test moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.repositories import Repository
from sevlog.services.learning.drills.drill_acts import Released, follow
from sevlog.services.publishing.public_view import publishable
from sevlog.services.recording.recorder import Options
from sevlog.services.workspace.workspace import Workspace


@pytest.fixture
def past(records: Repository) -> str:
    """A closed incident: seen at once, after 10 and after 20 minutes, then mitigated; its id."""
    incident = records.raised("--severity", "SEV3", title="The pool ran dry")
    records.does("ack", "--channel", "chat=https://chat.example/room")
    for text in ("Connections pile up", "The pool is full"):
        records.clock.advance(timedelta(minutes=10))
        records.does("observe", text)
    records.does("act", "Bigger pool", "--type", "mitigation")
    records.does("assess", "--customer-impact", "Nobody can pay", "--scope", "some", "--confirmed")
    records.does("resolve", "--attestation", "No error for an hour", "--ended-at", "now")
    records.does("close")
    return incident


def started(records: Repository, past: str) -> str:
    return str(records.tells("drill", "start", past)["id"])


def test_a_drill_starts_from_a_closed_incident_and_links_to_it(records: Repository, past: str) -> None:
    said = records.sevlog("drill", "start", past, "--title", "Cards at the till")

    assert said.out.startswith("DRILL 2026-11-23-drill-cards-at-the-till  triage")
    shown = records.tells("show", "till")
    assert (shown["kind"], shown["visibility"], shown["title"]) == ("drill", "internal", "Drill: Cards at the till")
    assert shown["relations"][0]["target"] == past
    assert [o["text"] for o in shown["observations"]] == ["DRILL inject 1 of 3 (report): Cards are refused"]


def test_a_drill_does_not_start_from_a_live_incident(records: Repository) -> None:
    live = records.raised()

    assert "a drill starts from a closed incident" in records.refuses(3, "drill", "start", live)
    assert f"sevlog drill start {live}" in records.refuses(3, "drill", "inject", "-i", live)
    assert "no drills are live" in records.refuses(4, "drill", "hint")


def test_a_part_of_the_id_of_a_drill_and_its_original_names_neither(records: Repository, past: str) -> None:
    records.does("drill", "start", past, "--title", "The pool")

    assert "`pool` is part of 2 incident ids" in records.refuses(4, "note", "-i", "pool", "x")


def test_injects_come_at_their_time_or_when_asked_for(records: Repository, past: str) -> None:
    drill = started(records, past)

    assert records.tells("drill", "inject")["injects"] == []
    assert "Connections pile up" in records.does("drill", "inject", "--next")
    records.clock.advance(timedelta(minutes=21))
    out = records.does("drill", "inject")

    assert out.startswith("DRILL +20m")
    assert "The pool is full" in out
    assert f"DRILL {drill}: no inject is left" in out


def test_it_follows_the_clock_until_all_is_told(records: Repository, past: str) -> None:
    drill, told = started(records, past), list[Released]()
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        records.clock.advance(timedelta(seconds=max(seconds, 15) * 20))

    workspace = Workspace.find(records.root, clock=records.clock)
    done = follow(workspace, drill, Options(person="ana"), told=told.append, pause=pause)

    assert [inject.text for each in told for inject in each.injects] == ["Connections pile up", "The pool is full"]
    assert (done.waiting, done.next_at) == (0, None)
    assert 0 < max(pauses) <= 15


def test_hints_are_counted_until_there_are_no_more(records: Repository, past: str) -> None:
    started(records, past)

    assert records.does("drill", "hint").startswith("DRILL hint 1 of 1: mitigation: Bigger pool\nDRILL ")
    assert "all 1 hints were given" in records.refuses(3, "drill", "hint")
    assert records.tells("drill", "score")["hints"] == {"used": 1, "of": 1}


def test_the_score_says_what_is_not_reached_and_works_half_way(records: Repository, past: str) -> None:
    drill = started(records, past)

    assert records.does("timeline").startswith(f"[drill] {drill}\n")
    early = records.does("drill", "score")
    assert early.startswith(f"DRILL {drill}  Drill: The pool ran dry\nno severity yet, Triage, running for")
    assert "acknowledged           not yet" in early

    raised = records.sevlog("raise", "-i", drill, "--severity", "SEV2", "--component", "checkout")
    assert f"similar: {past}" not in raised.err
    records.does("ack", "-i", drill, "--channel", "chat=https://chat.example/drill")
    records.does("observe", "-i", drill, "A cron job eats the memory")
    late = records.does("drill", "score", drill)

    (row,) = [line.split() for line in late.splitlines() if line.startswith("acknowledged")]
    assert row == ["acknowledged", "1s", "1s", "15m", "yes"]
    assert "observation (not in the original): O1: A cron job eats the memory" in late
    assert "ana" not in late.replace("manager", "")


def test_of_a_restricted_incident_the_drill_is_restricted(records: Repository, past: str) -> None:
    card = records.folder(past) / "incident.yaml"
    card.write_text(f"{card.read_text('utf-8')}visibility: restricted\n", "utf-8")
    records.git("commit", "-qam", "restrict it")

    assert records.tells("show", started(records, past))["visibility"] == "restricted"


def test_nothing_of_a_drill_is_public(records: Repository, past: str) -> None:
    drill = started(records, past)
    records.does("raise", "-i", drill, "--severity", "SEV1", "--component", "checkout=major_outage")
    records.does("update", "-i", drill, "We look into it", "--title", "Cards")

    public = repr(publishable(Workspace.find(records.root, clock=records.clock)).site)

    assert drill not in public
    assert "We look into it" not in public
    assert "major_outage" not in public
