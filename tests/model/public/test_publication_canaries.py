"""Nothing leaves but what is named here: every field of every record holds a canary, every public byte is searched."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest

from fixtures.canaries import AS_OF, Company, CompanyKeys
from sevlog.model.public.publication import publish
from sevlog.model.public.site import PublicSite
from sevlog.site.api.documents import StatusApi
from sevlog.site.api.feeds import Feeds
from sevlog.site.markup.markdown import update_html


def public_bytes(site: PublicSite) -> Iterator[bytes]:
    yield msgspec.json.encode(site)
    api = StatusApi(site)
    yield from api.documents().values()
    yield from (body for _, body in api.history())
    yield from (api.incident(one)[1] for one in (*site.incidents, *site.maintenances))
    yield from (body for _, body in Feeds(site, update_html).documents())


def found(company: Company) -> tuple[set[str], set[str]]:
    """The fields whose canaries, and those whose times, are in what the public can fetch."""
    everything = b"\n".join(public_bytes(publish(company.records, company.config, AS_OF))).decode()
    texts = {field for canary, field in company.aviary.fields.items() if canary in everything}
    times = {field for canary, field in company.aviary.times.items() if canary in everything}
    return texts, times


PAGE = {
    "page/Page.name",
    "page/Page.url",
    "page/Page.description",
    "page/Page.support_url",
    "page/Page.logo",
    "page origin/ImportedFrom.id",
    "shown/Component.name",
    "shown/Component.description",
    "part origin/ImportedFrom.id",
    "shown/Group.description",
    "group origin/ImportedFrom.id",
}
RECORD = {
    "IncidentCard.public_title",
    "Update.text",
    "PublicPostmortem.title",
    "PublicPostmortem.summary",
    "Record.public_postmortem_text",
    "Correction.set",
}
ENTRY_ORIGIN = {
    "Update.origin/EntryOrigin.custom_tweet",
    "Update.origin/EntryOrigin.tweet_id",
    "Update.origin/EntryOrigin.affected_components/AffectedComponent.code",
    "Update.origin/EntryOrigin.affected_components/AffectedComponent.name",
}
IMPORTED = {"Origin.id", "Origin.url", "Origin.reminder_intervals", "Update.id"}
TIMES = {
    "Update.at",
    "Update.recorded_at",
    "Update.next_update_at",
    "Raised.at",
    "Raised.started_at",
    "ImpactChanged.at",
    "ImpactChanged.ended_at",
    "Assessment.started_at",
    "StatusChanged.at",
    "Correction.at",
    "Correction.recorded_at",
    "Retraction.at",
    "Retraction.recorded_at",
    "PublicPostmortem.published_at",
    "Window.start",
    "Window.end",
    "Origin.created_at",
    "Origin.updated_at",
    "Origin.started_at",
    "Origin.monitoring_at",
    "Origin.resolved_at",
    "Update.origin/EntryOrigin.created_at",
    "Update.origin/EntryOrigin.updated_at",
}
"""Times that may show: of updates, of the components' states, of the window, of the source, of what was amended."""


def of(where: str, fields: set[str]) -> set[str]:
    return {f"{where}/{field}" for field in fields}


def test_of_what_is_published_only_the_named_fields_leave() -> None:
    company = Company()
    company.add("told")
    company.add("imported", imported=True)
    company.add("planned", kind="maintenance")
    company.add("unlearnt", postmortem="approved")
    texts, times = found(company)
    unlearnt = RECORD - {field for field in RECORD if "ostmortem" in field}
    assert texts == (
        PAGE
        | of("told", RECORD)
        | of("imported", RECORD | IMPORTED | ENTRY_ORIGIN)
        | of("planned", RECORD)
        | of("imported before its correction", {"Update.id"} | ENTRY_ORIGIN)
        | of("unlearnt", unlearnt)
    )
    shown = {re.sub(r"^[^/]*/(IncidentCard\.\w+/)?", "", field) for field in times}
    assert shown - TIMES == {"ImportedFrom.updated_at"}  # of components and groups


@pytest.mark.parametrize(
    ("where", "given"),
    [
        ("untitled", {"public_title": None}),
        ("restricted", {"visibility": "restricted"}),
        ("drill", {"kind": "drill"}),
        ("internal", {"audience": "internal"}),
        ("executive", {"audience": "executive"}),
        ("social", {"audience": "social"}),
    ],
)
def test_of_what_is_not_published_nothing_leaves(where: str, given: CompanyKeys) -> None:
    company = Company()
    company.add(where, **given)
    texts, times = found(company)
    assert texts - PAGE == set()
    assert times <= {f"{name} origin/ImportedFrom.updated_at" for name in ("page", "part", "group")}


def test_the_filling_reaches_every_class_of_a_record() -> None:
    """The tests above are worth what the filling is worth."""
    company = Company()
    company.add("full", imported=True)
    filled = set(company.aviary.fields.values())
    for field in (
        "Record.id",
        "IncidentCard.title",
        "IncidentCard.detection/Detection.reporter",
        "Note.text",
        "Channel.url",
        "Paged.target",
        "Theory.proposed_fix",
        "Handover.to",
        "Alert.source",
        "Note.evidence/Evidence.url",
        "ActionItem.owner",
        "Postmortem.contributing_factors/ContributingFactor.text",
        "Record.postmortem_text",
    ):
        assert f"full/{field}" in filled
