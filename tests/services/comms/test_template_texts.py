"""Words for whoever sends: each audience reads what is for it, customers only what the public view has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from fixtures.canaries import AS_OF, Company, CompanyKeys
from fixtures.clocks import Clock
from fixtures.filled import filled
from fixtures.repositories import Repository, records, template
from sevlog.errors import NotFound
from sevlog.model.comms.template_facts import PUBLIC, SAID
from sevlog.model.timeline.entries import Update, entry_id
from sevlog.model.vocabulary import Audience
from sevlog.services.comms.template_texts import NotForAudience, Wording, wording
from sevlog.services.workspace.workspace import Workspace

__all__ = ["records", "template"]
OTHERS = ("internal", "executive")


def says(records: Repository, entry: str, audience: Audience = "public", channel: str = "email") -> Wording:
    """The message about the last entry whose id has this part."""
    workspace = Workspace.find(records.root, clock=Clock())
    record = workspace.record(records.incident())
    found = [entry_id(e) for e in record.entries if entry in entry_id(e)]
    return wording(workspace, record, found[-1], audience=audience, channel=channel)


def told(records: Repository, *words: str) -> None:
    records.fixing()
    records.does("update", *(words or ("Cards are **refused**.", "--title", "Card payments fail", "--next-in", "30m")))


def test_customers_read_the_public_title_what_is_hit_when_more_comes_and_where(records: Repository) -> None:
    told(records)

    said = says(records, "update")

    assert said.subject == "[Cart and Co] Card payments fail (investigating)"
    lines = said.text.split("\n")
    assert lines[0] == "Cards are **refused**."
    assert "Affected: Checkout: partial outage" in lines
    assert re.search(r"Next update by \d{4}-\d\d-\d\d \d\d:\d\d UTC\.", said.text)
    assert lines[-1] == said.url
    assert said.url and said.url.startswith("https://status.cart.example/incidents/")
    assert said.thread == said.url.rstrip("/").rpartition("/")[2]
    assert said.plain.startswith("Cards are refused.\n")
    assert not said.correction


def test_a_short_channel_gets_one_line_within_its_limit_and_the_link(records: Repository) -> None:
    told(records, "Cards are refused. " * 40, "--title", "Card payments fail")

    said = says(records, "update", "social", "bluesky")

    assert said.short.startswith("Card payments fail: Cards are refused. Cards")
    assert said.short.endswith(f"… {said.url}")
    assert len(said.short) <= 300


@pytest.mark.demand("S14")
def test_colleagues_read_the_internal_title_and_the_one_place_of_the_response(records: Repository) -> None:
    told(records)
    records.does("update", "The pool is full.", "--audience", "internal")

    said = says(records, "update", "internal")

    assert said.subject == "[SEV2] Checkout fails (fixing)"
    assert said.text.startswith("The pool is full.")
    assert "Join the response: https://chat.example/room" in said.text
    assert said.thread == records.incident()


def test_colleagues_are_told_what_customers_were_told_and_of_every_other_entry(records: Repository) -> None:
    told(records)

    assert says(records, "update", "internal").text.startswith("Sent to customers:\n\nCards are **refused**.")
    assert says(records, "status", "executive").text.startswith("status: to fixing")


@pytest.mark.parametrize("audience", ["public", "social"])
def test_customers_hear_of_updates_to_them_and_of_nothing_else(records: Repository, audience: Audience) -> None:
    told(records)
    records.does("update", "The pool is full.", "--audience", "internal")

    for entry in ("raised", "status", "channel"):
        with pytest.raises(NotForAudience, match="internal: customers only see updates"):
            says(records, entry, audience)
    with pytest.raises(NotForAudience, match="for colleagues, not for"):
        says(records, "update", audience)


@pytest.mark.demand("S67")
def test_a_correction_goes_out_as_one_with_the_text_as_it_should_be(records: Repository) -> None:
    told(records)
    records.does("correct", "Z-update", "text=Only **some** cards are refused.")

    late, said = says(records, "-update"), says(records, "-correction")

    assert late.text.startswith("Only **some** cards are refused.")
    assert not late.correction
    assert said.correction
    assert said.replaces == says_id(records, "-update")
    assert said.subject == "[Cart and Co] Correction: Card payments fail (investigating)"
    assert re.match(
        r"\*\*Correction\*\* of our update of [-\d]+ [\d:]+ UTC\. It should read:\n\nOnly \*\*some", said.text
    )
    assert says(records, "-correction", "social", "x").short.startswith("Correction: Card payments fail: ")


def says_id(records: Repository, part: str) -> str:
    found: list[str] = [row["id"] for row in records.tells("timeline")["timeline"] if part in row["id"]]
    return found[-1]


def test_a_correction_that_no_reader_sees_is_not_sent(records: Repository) -> None:
    told(records)
    records.does("correct", "Z-update", "approved_by=ana")

    with pytest.raises(NotForAudience, match="does not change anything that its readers see"):
        says(records, "-correction")


def test_what_was_taken_back_is_not_said_again_and_that_it_was_is_told(records: Repository) -> None:
    told(records)
    records.does("retract", "Z-update", "--reason", "it was the other incident, of Megabank")

    said = says(records, "-retraction")

    assert said.correction
    assert said.text.startswith("We retract our update of ")
    assert "Card payments fail" in said.text
    assert "refused" not in said.text + said.short
    assert "Megabank" not in said.text + said.short
    with pytest.raises(NotForAudience, match="was retracted"):
        says(records, "-update")


def test_what_was_redacted_is_not_said_again(records: Repository) -> None:
    told(records)
    records.does("redact", says_id(records, "-update"), "--reason", "it named a person")

    assert says(records, "-redaction").text.startswith("We retract our update of ")
    assert "refused" not in says(records, "-update").text


def test_a_restricted_incident_is_told_to_no_customer(records: Repository) -> None:
    told(records)
    card = records.folder() / "incident.yaml"
    card.write_text(card.read_text("utf-8") + "visibility: restricted\n", "utf-8")

    with pytest.raises(NotForAudience, match="is not public"):
        says(records, "update")
    assert says(records, "update", "internal").url is None


def test_an_entry_that_is_not_there_is_told(records: Repository) -> None:
    records.fixing()
    workspace = Workspace.find(records.root, clock=Clock())

    with pytest.raises(NotFound, match="has no entry `nothing`"):
        wording(workspace, workspace.record(records.incident()), "nothing", audience="internal")


@pytest.mark.demand("S53")
def test_subject_message_and_post_are_templates_that_can_be_replaced(records: Repository) -> None:
    own(records, "public/subject", "{{title}} | {{page_name}}")
    own(records, "public/message", "{{! ours }}{{text}}\n\n-- {{page_name}}")
    own(records, "public/post", "{{page_name}}: {{text}}")
    told(records)

    said = says(records, "update", "social", "x")

    assert (said.subject, said.text) == ("Card payments fail | Cart and Co", "Cards are **refused**.\n\n-- Cart and Co")
    assert said.short == f"Cart and Co: Cards are refused. {said.url}"
    assert said.warnings == ()


def test_a_template_of_ones_own_that_cannot_be_used_stops_no_delivery(records: Repository) -> None:
    own(records, "public/subject", "{{support_url}}")
    own(records, "public/message", "{{#text}}")
    told(records)

    said = says(records, "update")

    assert said.subject == "[Cart and Co] Card payments fail (investigating)"
    assert said.text.startswith("Cards are **refused**.")
    assert said.warnings == (
        "comms/public/message.md:1:1: `{{#text}}` is not closed: add `{{/text}}`",
        "template public/subject needs: support_url",
    )


def own(records: Repository, name: str, text: str) -> None:
    path = records.root / "comms" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def workspace_of(company: Company, folder: Path) -> Workspace:
    """The company's, with templates to customers that name every fact there is for them."""
    greedy = "\n".join(f"{{{{#{name}}}}}{{{{{name}}}}}{{{{/{name}}}}}" for name in (*PUBLIC, *SAID))
    for audience in ("public", "social"):
        for name in ("subject", "message", "post", "correction", "retraction"):
            path = folder / "comms" / audience / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(greedy, "utf-8")
    workspace = Workspace(folder, clock=lambda: AS_OF)
    company.config = company.config  # as it was filled
    workspace.__dict__["config"] = company.config
    return workspace


MAY_LEAVE = {
    "page/Page.name",
    "page/Page.url",
    "page/Page.support_url",
    "shown/Component.name",
    "told/IncidentCard.public_title",
    "told/Update.text",
    "told/Correction.set",
    "told to social/Update.text",
}


@pytest.mark.parametrize("audience", ["public", "social"])
def test_whatever_a_template_names_customers_read_public_facts_alone(audience: Audience, tmp_path: Path) -> None:
    company = Company()
    company.add("told")
    workspace = workspace_of(company, tmp_path)
    workspace.__dict__["templates"] = workspace.templates.__class__(tmp_path, "comms/")
    record = company.records[0]

    messages = []
    for entry in record.entries:
        try:
            messages.append(wording(workspace, record, entry_id(entry), audience=audience, channel="x"))
        except NotForAudience:
            continue

    assert len(messages) >= 4
    assert not any(message.warnings for message in messages)
    everything = "\n".join(repr(message) for message in messages)
    leaked = {field for canary, field in company.aviary.fields.items() if canary in everything}
    assert leaked - MAY_LEAVE - {f for f in leaked if f.endswith("/Update.id")} == set()
    assert {"page/Page.name", "told/IncidentCard.public_title"} <= leaked
    assert all(m.replaces is None or m.replaces in {entry_id(e) for e in record.entries} for m in messages)


@pytest.mark.parametrize(
    "given", [{"public_title": None}, {"visibility": "restricted"}, {"kind": "drill"}, {"audience": "internal"}]
)
def test_of_what_is_not_public_no_customer_reads_a_word(given: CompanyKeys, tmp_path: Path) -> None:
    company = Company()
    company.add("hidden", **given)
    workspace = workspace_of(company, tmp_path)

    for entry in filled(company.records[0].entries):
        with pytest.raises(NotForAudience):
            wording(workspace, company.records[0], entry_id(entry), audience="public")


def test_an_audience_hears_only_its_own_updates_and_the_public_ones(tmp_path: Path) -> None:
    company = Company()
    company.add("told")
    workspace, record = workspace_of(company, tmp_path), company.records[0]
    for entry in filled(record.entries):
        if not isinstance(entry, Update):
            continue
        for audience in get_args(Audience):
            allowed = entry.audience in {audience, *(("public", "social") if audience in OTHERS else ())} or (
                audience == "social" and entry.audience == "public"
            )
            try:
                wording(workspace, record, entry_id(entry), audience=audience)
            except NotForAudience as refusal:
                assert not allowed or "retracted" in refusal.message
            else:
                assert allowed
