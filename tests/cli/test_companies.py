"""Companies with words of their own go through all ten stages: nothing hangs on the key of a status, role or level."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fixtures.companies import BANK, COMPANIES, HOSPITAL, SHOP, Company
from fixtures.repositories import Repository
from sevlog.services.publishing.public_view import publishable
from sevlog.services.workspace.workspace import Workspace
from sevlog.site.api.documents import StatusApi


def founded(records: Repository, company: Company, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The repository as that of a company; its first person types."""
    (records.root / "sevlog.yaml").write_text(company.config, "utf-8")
    (records.root / "oncall.yaml").write_text(company.oncall, "utf-8")
    records.git("commit", "-qam", "Our own words")
    monkeypatch.setenv("SEVLOG_PERSON", company.people[0])
    return records


@pytest.fixture(params=sorted(COMPANIES))
def company(request: pytest.FixtureRequest) -> Company:
    return COMPANIES[request.param]


def raised(records: Repository, company: Company, title: str = "Doors stay shut", *more: str) -> str:
    """An incident of the worst level; its id."""
    level = ("--severity", company.severity, "--priority", company.priority, "--component", company.component)
    return str(records.tells("raise", title, *level, "--summary", "They do not open", *more)["id"])


def status(records: Repository, incident: str) -> str:
    return str(records.tells("show", incident)["status"])


def errors(records: Repository) -> list[str]:
    """What `check` finds that CI would refuse."""
    found: dict[str, Any] = json.loads(records.sevlog("check", "--format", "json").out)
    return [f"{row['code']}: {row['message']}" for row in found["problems"] if row["severity"] == "error"]


def has(company: Company, act: str) -> bool:
    return act in company.statuses


def test_the_files_pass_the_check(records: Repository, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    here = founded(records, company, monkeypatch)

    assert errors(here) == []


def test_the_ten_stages(records: Repository, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    here = founded(records, company, monkeypatch)
    first, second, third = company.people
    if has(company, "triage"):
        sighted = here.tells("raise", "Strange noise", "--triage", "--source", "personnel")
        assert sighted["status"] == company.statuses["triage"]
        here.does("decline", "-i", sighted["id"], "--reason", "It was the fan")
        assert status(here, sighted["id"]) == company.statuses["decline"]
    incident = raised(here, company)
    assert status(here, incident) == company.statuses["raise"]
    acked = here.tells("ack", "-i", incident, "--channel", "chat=https://chat.example/doors")
    assert acked["status"] == company.statuses.get("ack", company.statuses["raise"])
    shown = here.tells("show", incident)
    assert (shown["lead"], shown["roles"]) == (first, {company.lead[0]: [first]})
    here.does("assess", "-i", incident, "--customer-impact", "Nobody gets in", "--scope", "all")
    here.does("update", "-i", incident, "--audience", "internal", "We are looking into it.")
    here.does(
        "update", "-i", incident, "--title", company.public, "--component", f"{company.component}=major_outage",
        "--approved-by", first, "We know, and are looking into it.",
    )  # fmt: skip
    here.does("assign", "-i", incident, company.roles[0], second)
    here.does("handover", "-i", incident, company.lead[0], second)
    here.does("handover", "-i", incident, "--accept", "--as", second)
    assert here.tells("show", incident)["lead"] == second
    here.does("escalate", "-i", incident, "--to", f"person:{third}", "--reason", "Needs the key")
    here.does("theory", "-i", incident, "The battery is empty")
    here.does("act", "-i", incident, "--type", "mitigation", "Opened by hand")
    if has(company, "monitor"):
        here.does("monitor", "-i", incident)
        assert status(here, incident) == company.statuses["monitor"]
        here.does("reopen", "-i", incident, "--reason", "Shut again")
        assert here.tells("show", incident)["relapses"] == 1
    here.does(
        "resolve", "-i", incident, "--ended-at", "now", "--attestation", "Open since an hour", "--final-update",
        "It is over.", "--as", second,
    )  # fmt: skip
    assert status(here, incident) == company.statuses["resolve"]
    here.does("reopen", "-i", incident, "--reason", "It is back")
    assert status(here, incident) == company.statuses["reopen"]
    assert errors(here) == []


def test_names_and_not_keys_are_what_people_read(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    here = founded(records, BANK, monkeypatch)
    incident = raised(here, BANK)

    said = here.does("next", "-i", incident)
    assert "duty manager" in said.lower()
    assert "incident manager" not in said.lower()
    here.does("ack", "-i", incident, "--channel", "chat=https://chat.example/x")
    assert "Being worked on" in here.does("board")
    shown = here.does("show", incident)
    assert "duty manager: reto" in shown.lower()
    assert "to Being worked on" in shown
    assert "Possible transitions: false alarm, Watched, restored, Folded into another" in shown
    refused = here.refuses(3, "monitor", "-i", incident)
    assert "sevlog act" in refused


def test_a_step_that_the_lifecycle_does_not_have_is_explained(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = founded(records, SHOP, monkeypatch)
    incident = raised(here, SHOP)

    for words in (("monitor", "-i", incident), ("close", "-i", incident), ("raise", "Another", "--triage")):
        said = here.sevlog(*words)
        assert said.code in (2, 3)
        assert "there is no status" not in said.err
        assert "lifecycle" in said.err


def test_a_type_with_a_lifecycle_of_its_own_goes_through_it(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = founded(records, HOSPITAL, monkeypatch)
    incident = raised(here, HOSPITAL, "Keime im Wasser", "--type", "hygiene")

    here.does("ack", "-i", incident, "--channel", "chat=https://chat.example/x")
    here.does("act", "-i", incident, "--type", "mitigation", "Filter gewechselt")
    here.does("monitor", "-i", incident)

    assert status(here, incident) == "beobachtet"


def test_maintenance_in_words_of_its_own(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    here = founded(records, HOSPITAL, monkeypatch)
    planned = here.tells(
        "maintenance", "schedule", "Neue Filter", "--start", "tomorrow 02:00", "--end", "tomorrow 04:00",
        "--component", "labor",
    )  # fmt: skip
    assert planned["status"] == "geplant"
    for step, reached in (("start", "laeuft"), ("verify", "pruefung"), ("complete", "fertig")):
        assert here.tells("maintenance", step, "-i", planned["id"])["status"] == reached


def alert(state: str) -> bytes:
    return json.dumps({
        "version": "4", "status": state, "groupKey": "g", "commonLabels": {"severity": "critical"},
        "alerts": [{
            "status": state, "fingerprint": "f1", "labels": {"alertname": "Doors"}, "annotations": {"summary": "Shut"},
            "startsAt": "2026-11-23T13:59:00Z", "endsAt": "0001-01-01T00:00:00Z",
        }],
    }).encode()  # fmt: skip


def test_an_alert_opens_an_incident_in_their_words(
    records: Repository, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = founded(records, company, monkeypatch)

    said = json.loads(here.does("intake", "alertmanager", "-", "--json", text=alert("firing")))

    assert status(here, said["alerts"][0]["incident"]) == company.statuses.get("triage", company.statuses["raise"])


def by_hand(company: Company) -> dict[str, str]:
    """A record written by hand: a card and a history in the company's words."""
    words = company.statuses
    person = company.people[0]
    steps = [
        f"- {{kind: raised, at: 2026-11-20T10:00:00Z, by: {person}, severity: {company.severity}, "
        f"priority: {company.priority}, components: {{{company.component}: major_outage}}}}",
        f"- {{kind: assigned, at: 2026-11-20T10:01:00Z, by: {person}, role: {company.lead[0]}, person: {person}, "
        "lead: true}",
        f"- {{kind: channel, at: 2026-11-20T10:01:00Z, by: {person}, type: chat, url: 'https://chat.example/x'}}",
    ]
    if "ack" in words:
        steps.append(f"- {{kind: status, at: 2026-11-20T10:02:00Z, by: {person}, to: {words['ack']}}}")
    steps += [
        f"- {{kind: update, at: 2026-11-20T10:10:00Z, by: {person}, audience: public, phase: investigating, "
        f"text: We know., components: {{{company.component}: major_outage}}, approved_by: {person}}}",
        f"- {{kind: assessment, at: 2026-11-20T10:20:00Z, by: {person}, customer_impact: All, scope: all}}",
        f"- {{kind: action_taken, at: 2026-11-20T10:30:00Z, by: {person}, type: mitigation, text: Opened}}",
        f"- {{kind: impact, at: 2026-11-20T11:00:00Z, by: {person}, components: {{{company.component}: operational}}, "
        "ended_at: 2026-11-20T11:00:00Z}",
    ]
    for second, audience in enumerate(("internal", "public")):
        steps.append(
            f"- {{kind: update, at: 2026-11-20T11:00:0{second}Z, by: {person}, audience: {audience}, phase: resolved, "
            f"text: It is over., approved_by: {person}, components: {{{company.component}: operational}}}}"
        )
    steps.append(
        f"- {{kind: status, at: 2026-11-20T11:05:00Z, by: {person}, to: {words['resolve']}, attestation: It holds}}"
    )
    kind = re.search(r"types: \[\{key: (\w+)", company.config)
    assert kind is not None
    card = f"schema: 1\ntitle: By hand\npublic_title: {company.public}\nkind: incident\ntype: {kind[1]}\nsummary: s\n"
    folder = "incidents/2026/2026-11-20-by-hand"
    return {f"{folder}/incident.yaml": card, f"{folder}/timeline/history.yaml": "\n".join(steps) + "\n"}


def written(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def test_a_record_by_hand_passes_and_reaches_the_page_and_the_api(
    records: Repository, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = founded(records, company, monkeypatch)
    written(here.root, by_hand(company))

    site = publishable(Workspace(here.root, clock=here.clock)).site
    api = json.loads(StatusApi(site).documents()["api/v2/incidents.json"])

    assert errors(here) == []
    assert [(one.name, one.phase, one.impact) for one in site.incidents] == [
        (company.public, "resolved", "critical" if company is not SHOP else "major")
    ]
    assert [(row["name"], row["status"]) for row in api["incidents"]] == [(company.public, "resolved")]


def test_what_is_live_is_open_on_the_page(
    records: Repository, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = founded(records, company, monkeypatch)
    incident = raised(here, company)
    here.does(
        "update", "-i", incident, "--title", company.public, "--component", f"{company.component}=partial_outage",
        "--approved-by", company.people[0], "We know.",
    )  # fmt: skip

    site = publishable(Workspace(here.root, clock=here.clock)).site

    assert [(one.name, one.phase, one.open) for one in site.incidents] == [(company.public, "investigating", True)]
    assert {part.key: part.status for part in site.components}[company.component] == "partial_outage"
