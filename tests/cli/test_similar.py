"""sevlog similar: past incidents with causes, attempts and unfinished actions, and possible recurrences."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.repositories import Repository

STORY = (
    (5, "ack", "--channel", "chat=https://chat.example/1"),
    (6, "observe", "All connections are taken"),
    (10, "theory", "A slow query holds connections", "--ref", "T1"),
    (11, "theory", "The deploy halved the pool", "--ref", "T2", "--fix", "Roll back"),
    (15, "experiment", "Pool of 80 on one host", "--theory", "T2", "--expect", "It recovers", "--result", "It did"),
    (20, "theory", "--ref", "T1", "--state", "refuted"),
    (21, "theory", "--ref", "T2", "--state", "supported"),
    (30, "act", "--type", "rollback", "Rolled back web@41"),
    (31, "assess", "--customer-impact", "Nobody can pay", "--scope", "some"),
    (50, "resolve", "--attestation", "No error for a while", "--ended-at", "2026-11-20T10:40:00Z"),
)
"""What was done in an incident, by the minute after ten."""


def past(records: Repository) -> str:
    """An incident of Friday that is over but for an action; its id."""
    raised = records.raised("--at", "2026-11-20T10:00:00Z", title="Checkout times out: connection pool full")
    for minute, command, *words in STORY:
        records.does(command, "-i", raised, *words, "--at", f"2026-11-20T10:{minute:02d}:00Z")
    folder = records.folder("connection-pool")
    (folder / "actions.yaml").write_text(
        "- {id: A1, title: Alert at 80 % of the pool, status: accepted, owner: bo, due: 2026-12-01}\n"
        "- {id: A2, title: Write it down, status: done}\n"
    )
    (records.root / "problems").mkdir()
    (records.root / "problems/pools.md").write_text(
        f"---\ntitle: Pools without shares\nstatus: open\nincidents: [{raised}]\n---\n\nText.\n"
    )
    return raised


@pytest.mark.demand("S61", "S80")
def test_similar_tells_why_and_what_was_learned(records: Repository) -> None:
    earlier = past(records)
    now = records.raised("--at", "2026-11-23T10:00:00Z", title="Connection pool exhausted, checkout times out")

    [found] = records.tells("similar", now)["incidents"]

    assert found["id"] == earlier
    assert found["why"][0] == "same component checkout"
    assert {"pool", "connection", "times"} <= set(found["why"][1].removeprefix("shared words: ").split(", "))
    assert [(b["ref"], b["proposed_fix"]) for b in found["proved_right"]] == [("T2", "Roll back")]
    assert [b["ref"] for b in found["ruled_out"]] == ["T1"]
    assert [(t["type"], t.get("result")) for t in found["tried"]] == [("experiment", "It did"), ("rollback", None)]
    assert [(a["id"], a["owner"]) for a in found["unfinished"]] == [("A1", "bo")]
    assert [p["key"] for p in found["problems"]] == ["pools"]
    assert found["seconds"] == 40 * 60
    assert found["recurs"] is True
    assert found["command"] == f"sevlog link -i {now} --rel related {earlier}"


def test_the_same_on_a_terminal(records: Repository) -> None:
    earlier = past(records)
    records.raised("--at", "2026-11-23T10:00:00Z", title="Connection pool exhausted, checkout times out")

    said = records.does("similar", "exhausted")

    assert f"1. {earlier}" in said
    told = (
        "May have recurred.",
        "confirmed after 10m: T2 The deploy halved the pool; fix: Roll back",
        "tried (experiment): Pool of 80 on one host -> It did",
        "tried (rollback): Rolled back web@41",
        "ruled out: T1 A slow query holds connections",
        "unfinished: A1 Alert at 80 % of the pool [accepted, bo, due 2026-12-01]",
        "problem: pools (open): Pools without shares",
    )
    assert [line for line in told if line not in said] == []


def test_the_command_it_offers_links_the_two_and_then_it_offers_none(records: Repository) -> None:
    past(records)
    now = records.raised("--at", "2026-11-23T10:00:00Z", title="Connection pool exhausted, checkout times out")
    offered = records.tells("similar", now)["incidents"][0]["command"]

    records.does(*offered.split()[1:])

    [found] = records.tells("similar", now)["incidents"]
    assert (found["linked"], found["command"]) == (True, None)


def test_words_instead_of_an_incident(records: Repository) -> None:
    earlier = past(records)

    document = records.tells("similar", "--text", "database connections are exhausted")

    assert [one["id"] for one in document["incidents"]] == [earlier]
    assert document["incidents"][0]["command"] is None


def test_nothing_is_like_it(records: Repository) -> None:
    records.raised(title="Fonts look odd")

    assert records.does("similar") == "No similar incidents found.\n"
    assert records.tells("similar", "--text", "quota")["incidents"] == []


def test_maintenances_and_drills_are_not_past_incidents(records: Repository) -> None:
    records.raised("--kind", "drill", title="Connection pool full")
    records.does(
        "maintenance",
        "schedule",
        "Connection pool full",
        "--start",
        "2027-01-01T10:00:00Z",
        "--end",
        "2027-01-01T11:00:00Z",
        "--component",
        "checkout",
    )

    assert records.tells("similar", "--text", "connection pool")["incidents"] == []


def test_limits_and_wrong_requests(records: Repository) -> None:
    past(records)
    for number in range(3):
        records.raised(title=f"Connection pool full {number}")

    assert len(records.tells("similar", "--text", "connection pool", "--limit", "2")["incidents"]) == 2
    assert "give an incident or a text, not both" in records.refuses(2, "similar", "pool", "--text", "pool")
    assert "no incident id contains" in records.refuses(4, "similar", "nothing-like-that")
    assert "the text is empty" in records.refuses(2, "similar", "--text", "  ")


def test_a_broken_record_or_problem_hides_no_other(records: Repository) -> None:
    earlier = past(records)
    (records.root / "problems/broken.md").write_text("---\ntitle: [\n---\n")
    (records.root / "problems/link.md").symlink_to("/etc/passwd")
    broken = Path(records.root / "incidents/2026/2026-01-01-broken")
    broken.mkdir()
    (broken / "incident.yaml").write_text("title: [")

    [found] = records.tells("similar", "--text", "connection pool")["incidents"]

    assert found["id"] == earlier


def test_a_false_alarm_is_told_as_such_and_never_as_back(records: Repository) -> None:
    first = records.raised("--at", "2026-11-20T10:00:00Z", title="Connection pool full")
    records.does("decline", "-i", first, "--reason", "The graph was wrong")
    now = records.raised("--at", "2026-11-20T12:00:00Z", title="Connection pool full again")

    [found] = records.tells("similar", now)["incidents"]

    assert (found["status"], found["recurs"]) == ("declined", False)


def test_an_open_one_that_is_alike_may_be_the_same_and_is_not_back(records: Repository) -> None:
    first = records.raised(title="Connection pool full")
    second = records.raised(title="Connection pool full again")

    [found] = records.tells("similar", second)["incidents"]

    assert (found["id"], found["live"], found["recurs"]) == (first, True, False)
    assert found["command"] == f"sevlog merge -i {second} {first}"
    said = records.does("similar", second)
    assert "Still live; may be the same incident." in said
    assert "May have recurred" not in said
    records.does("merge", "-i", second, first)


def test_words_are_a_text_unless_they_are_part_of_an_id(records: Repository) -> None:
    earlier = past(records)

    for words in ("the connection pool", "connections"):
        found = records.tells("similar", words)
        assert (found["text"], [row["id"] for row in found["incidents"]]) == (words, [earlier])
    assert records.tells("similar", "checkout-times")["text"] is None
