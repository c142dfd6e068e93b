"""A page and what comes after it are one alert at the pager: same key, acknowledged and resolved with the incident."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository
from fixtures.vendors.every import at
from sevlog.services.notifying.run import notify
from sevlog.services.paging.page import page
from sevlog.services.recording.recorder import Options
from sevlog.services.workspace.workspace import Workspace

ROUTE = "notify: {routes: [{on: [acknowledged, assigned, resolved], to: BO_PAGER}]}\n"
ROTA = """\
schema: 1
people:
  - {key: ana, name: Ana, contact: []}
  - {key: bo, name: Bo, contact: [BO_PAGER]}
"""


@pytest.mark.demand("S28")
@pytest.mark.parametrize("kind", ["events", "opsgenie"])
def test_an_acknowledged_incident_is_acknowledged_at_the_pager_and_a_resolved_one_closed(
    records: Repository, kind: str
) -> None:
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8") + ROUTE, "utf-8")
    (records.root / "oncall.yaml").write_text(ROTA, "utf-8")
    records.git("commit", "-qam", "rota")
    records.raised("--as", "ana")
    with at(kind) as (fake, address):
        environment = {"SEVLOG_NOTIFY_BO_PAGER": address}

        def here() -> Workspace:
            records.clock.advance()
            return Workspace(records.root, clock=records.clock, environment=environment)

        page(here(), None, "bo", Options(), pause=lambda _: None)
        records.does("ack", "--as", "bo", "--channel", "chat=https://chat.example/room")
        notify(here(), pause=lambda _: None)
        records.does("assess", "--customer-impact", "Nobody can pay", "--scope", "some", "--confirmed")
        records.does("resolve", "--as", "bo", "--attestation", "No error for an hour", "--ended-at", "now")
        notify(here(), pause=lambda _: None)

        if kind == "events":
            acts = [(one.fields["event_action"], one.fields["dedup_key"]) for one in fake.taken]
        else:
            acts = [(one.path.rpartition("/")[2], one.path.split("/")[3:4]) for one in fake.taken]
            acts[0] = ("trigger", [fake.taken[0].fields["alias"]])
    assert [act for act, _ in acts] in (["trigger", "acknowledge", "resolve"], ["trigger", "acknowledge", "close"])
    assert len({str(key) for _, key in acts}) == 1
