"""sevlog update: audience, public title, text and the time of the next update."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from fixtures.repositories import Repository


def said(records: Repository) -> dict[str, Any]:
    update: dict[str, Any] = records.tells("show", records.incident())["updates"][-1]
    return update


@pytest.mark.demand("S49", "S51")
def test_the_first_public_update_needs_a_title_for_customers(records: Repository) -> None:
    incident = records.raised()
    refusal = records.refuses(3, "update", "We are on it")
    assert "has no public title, and customers must not read the internal one" in refusal
    assert "--title" in refusal

    records.does("update", "We are on it", "--title", "Cards  are refused")

    assert "incidents/" + incident[:4] + f"/{incident}/incident.yaml" in records.committed()
    assert len(records.committed()) == 2
    assert records.tells("show", incident)["public_title"] == "Cards are refused"
    assert (said(records)["phase"], said(records)["audience"]) == ("investigating", "public")
    records.does("update", "Still on it")
    assert len(records.committed()) == 1


def test_another_title_changes_one_line_of_the_card(records: Repository) -> None:
    records.raised()
    card = records.folder() / "incident.yaml"
    card.write_text(card.read_text("utf-8") + "tags: [cards]  # for the monthly review\n", "utf-8")
    records.git("commit", "--quiet", "-am", "tag")
    records.does("update", "We are on it", "--title", "One")

    records.does("update", "Still on it", "--title", "Two")

    assert records.git("diff", "--numstat", "HEAD~1", "--", "*incident.yaml").split("\t")[:2] == ["1", "1"]
    assert "tags: [cards]  # for the monthly review\n" in card.read_text("utf-8")


def test_a_card_that_someone_edits_is_not_swept_along(records: Repository) -> None:
    records.raised()
    card = records.folder() / "incident.yaml"
    card.write_text(card.read_text("utf-8") + "tags: [mine]\n", "utf-8")

    assert "has uncommitted changes" in records.refuses(5, "update", "We are on it", "--title", "x")


@pytest.mark.demand("S17", "S66")
def test_each_update_promises_the_next_one_by_the_cadence_or_as_told(records: Repository) -> None:
    incident = records.raised()

    first = records.sevlog("update", "We are on it", "--title", "x")
    assert re.search(r"the next public update is promised for \d{4}-\d\d-\d\d \d\d:\d\dZ\n", first.err)
    assert promised(said(records)) == timedelta(hours=1)
    records.does("update", "Sooner", "--next-in", "20m")
    assert promised(said(records)) == timedelta(minutes=20)
    records.does("update", "Join the room", "--audience", "internal")
    assert promised(said(records)) == timedelta(minutes=30)
    assert records.tells("show", incident)["next_update_due_at"] is not None
    records.does("update", "No idea when", "--no-promise")
    assert said(records)["next_update_at"] is None
    records.does("update", "Done", "--phase", "resolved")
    assert said(records)["next_update_at"] is None
    assert said(records)["components"] == {"checkout": "operational"}
    assert "no further update is promised" in records.refuses(
        2, "update", "x", "--phase", "resolved", "--next-in", "5m"
    )


def promised(update: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(update["next_update_at"]) - datetime.fromisoformat(update["at"])


def test_the_phase_follows_the_status_and_what_was_said(records: Repository) -> None:
    records.fixing()
    records.does("update", "We are on it", "--title", "x")
    records.does("update", "It is the pool", "--phase", "identified", "--approved-by", "ana")
    records.does("update", "Still the pool")
    assert said(records)["phase"] == "identified"
    records.does("monitor", "--mitigation", "rolled back")
    records.does("update", "Watching")
    assert said(records)["phase"] == "monitoring"
    records.does("reopen", "--reason", "back")
    records.does("update", "It is back", "--component", "checkout=major_outage")
    assert said(records)["phase"] == "identified"
    assert said(records)["components"] == {"checkout": "major_outage"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--phase", "completed"), "`completed` is not a phase of an incident"),
        (("--phase", "nonsense"), "'nonsense' is not one of"),
        (("--audience", "everyone"), "'everyone' is not one of"),
        (("--component", "foo=up"), "unknown component `foo`"),
        (("--component", "checkout"), "`checkout` has no state"),
        (("--next-in", "soon"), "is not a duration"),
        (("--approved-by", "zed"), "is not listed in oncall.yaml"),
        (("--title", " "), "--title must have 1 to 300 characters"),
        (("--title", "x", "--audience", "internal"), "--title sets the public title"),
    ],
)
def test_words_that_make_no_sense_are_a_usage_error(
    records: Repository, words: tuple[str, ...], complaint: str
) -> None:
    records.raised()

    assert complaint in records.refuses(2, "update", "text", *words)


def test_a_text_of_several_lines_comes_from_standard_input(records: Repository) -> None:
    records.raised()

    records.does("update", "-", "--title", "x", text=b"**We are on it.**\n\n- Cards fail: `502`\n- PayPal works\n")

    assert said(records)["text"] == "**We are on it.**\n\n- Cards fail: `502`\n- PayPal works"


@pytest.mark.demand("S51")
def test_a_promise_takes_the_cadence_of_the_severity_at_its_time_and_says_so(records: Repository) -> None:
    records.raised("--at", "-5h")
    records.does("severity", "SEV1", "--reason", "worse", "--at", "-1h")

    back = records.tells("update", "We know", "--title", "x", "--at", "-2h")
    assert promised(said(records)) == timedelta(hours=1)
    assert "that is the cadence of SEV2, the severity at" in " ".join(back["hints"])
    assert "the severity is SEV1 since" in " ".join(back["hints"])

    now = records.tells("update", "We are on it")
    assert promised(said(records)) == timedelta(minutes=30)
    assert "cadence" not in " ".join(now["hints"])


@pytest.mark.demand("S48")
def test_the_first_internal_update_points_everyone_to_one_place(records: Repository) -> None:
    records.fixing()
    place = records.tells("show")["channels"][0]["url"]

    records.does("update", "--audience", "internal", "--template", "initial", "--yes")

    assert f"**Join the response: {place}**" in said(records)["text"]
    assert "ana leads as incident manager" in said(records)["text"].replace("Ana", "ana")


@pytest.mark.demand("S51")
def test_later_updates_have_one_form_that_says_what_is_not_known(records: Repository) -> None:
    records.fixing()
    records.does("update", "We are on it", "--title", "Cards are refused")

    records.does("update", "Refunds work again.", "--template", "follow_up", "--yes")
    assert said(records)["text"].splitlines() == [
        "Refunds work again.",
        "",
        "- Status: investigating",
        "- Next step: we keep working on it",
        "- Not known yet: when everything will work again",
    ]
    words = ("--say", "next_steps=we restart the gateway at 15:00", "--say", "unknown=whether all shops are affected")
    records.does("update", "Still no change.", "--template", "follow_up", *words, "--yes")
    assert "- Next step: we restart the gateway at 15:00\n- Not known yet: whether all" in said(records)["text"]
    told = records.does("comms", "preview")
    assert "Affected: Checkout: partial outage" in told
    assert "Next update by" in told
