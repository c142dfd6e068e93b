"""sevlog postmortem public and publish: a draft of public facts, the lint, and the update that announces it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.repositories import Repository, write_postmortem


def approved(records: Repository) -> str:
    """A public incident that is over, with an approved postmortem and the internal title `Checkout fails`."""
    incident = records.assessed()
    records.does("theory", "Bo deployed the wrong pool size", "--ref", "T1")
    records.does("update", "--title", "Card payments fail", "Card payments fail. We are working on it.")
    records.does("act", "--type", "rollback", "Rolled back")
    records.does("monitor")
    records.does("resolve", "--attestation", "No errors", "--ended-at", "now", "--final-update", "Payments work again.")
    write_postmortem(records.folder())
    records.git("rm", "-q", str(records.folder() / "postmortem.public.md"))
    records.git("commit", "-qm", "none yet")
    for step in ("submit", "approve"):
        records.does("postmortem", step, "-i", incident, "--as", "bo")
    return incident


def public_text(records: Repository) -> Path:
    return records.folder() / "postmortem.public.md"


def answer(records: Repository, words: str) -> None:
    text = public_text(records).read_text("utf-8").replace("## Why it happened\n", f"## Why it happened\n\n{words}\n")
    text = text.replace("## What we change\n", "## What we change\n\nWe warn earlier.\n")
    public_text(records).write_text(text, "utf-8")
    records.git("commit", "-qam", "write it for customers")


@pytest.mark.demand("S82")
def test_the_draft_for_customers_holds_public_facts_only(records: Repository) -> None:
    incident = approved(records)

    records.does("postmortem", "public", "-i", incident)

    text = public_text(records).read_text("utf-8")
    assert "title: Card payments fail" in text
    assert "Affected: Checkout." in text
    assert "> Card payments fail. We are working on it." in text
    assert "<!-- sevlog:timeline -->" in text
    for private in ("Checkout fails", incident, "Bo deployed", "T1", "SEV", "ana", "chat.example"):
        assert private not in text
    assert "exists already" in records.refuses(3, "postmortem", "public", "-i", incident)


def test_customers_must_see_an_incident_before_they_get_a_postmortem_of_it(records: Repository) -> None:
    incident = records.resolved()

    said = records.refuses(3, "postmortem", "public", "-i", incident)

    assert "no public title yet" in said
    assert f'sevlog update -i {incident} --title "…" "…"' in said


def test_publishing_announces_it_and_shows_it_without_comments(records: Repository) -> None:
    incident = approved(records)
    records.does("postmortem", "public", "-i", incident)
    said = records.refuses(3, "postmortem", "publish", "-i", incident)
    assert "sections without words: `Why it happened`, `What we change`" in said
    answer(records, "Connections to the payment provider ran out.")

    records.does("postmortem", "publish", "-i", incident, "--as", "bo", "--approved-by", "ana")

    last = records.tells("show", incident)["updates"][-1]
    assert (last["audience"], last["phase"]) == ("public", "postmortem")
    records.does("site", "build", "--out", "out")
    history = json.loads((records.root / "out/api/v2/incidents.json").read_bytes())
    assert history["incidents"][0]["incident_updates"][0]["status"] == "postmortem"
    (page,) = sorted((records.root / "out/postmortems").glob("*/index.html"))
    shown = page.read_text("utf-8")
    assert "Connections to the payment provider ran out." in shown
    assert "Investigating: Card payments fail. We are working on it." in shown
    assert "sevlog:timeline" not in shown
    assert "Which conditions had to be" not in shown


def test_a_secret_in_the_text_for_customers_keeps_it_back(records: Repository) -> None:
    incident = approved(records)
    records.does("postmortem", "public", "-i", incident)
    answer(records, "The key ghp_0123456789abcdefghijABCDEFGHIJ012345 leaked.")

    said = records.refuses(3, "postmortem", "publish", "-i", incident)

    assert "token of a forge" in said
    assert "postmortem.public.md" in said


@pytest.mark.parametrize("image", ["evidence/graph.png", "../../../private.png", "/etc/passwd"])
def test_a_picture_that_cannot_be_published_keeps_it_back(records: Repository, image: str) -> None:
    incident = approved(records)
    records.does("postmortem", "public", "-i", incident)
    answer(records, f"See ![the graph]({image}).")

    assert f"picture `{image}` cannot be published" in records.refuses(3, "postmortem", "publish", "-i", incident)
