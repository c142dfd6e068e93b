"""A merged incident names the public one that goes on, and nothing that is hidden."""

from __future__ import annotations

from typing import Unpack

import msgspec
import pytest

from fixtures.cards import CardKeys
from fixtures.publishing import at, config, record
from sevlog.model.public.ids import opaque
from sevlog.model.public.publication import publish
from sevlog.model.public.site import PublicSite
from sevlog.model.timeline.incident import Record

TOLD = """
- {kind: raised, at: "10:00", by: ana, severity: SEV2, priority: P2, components: {booking: partial_outage}}
- {kind: update, at: "10:05", by: ana, audience: public, phase: investigating, text: We look into it.}
"""
ENDS, BETWEEN, GOES_ON = "2026-05-02-ends", "2026-05-02-between-vault", "2026-05-02-goes-on-vault"


def merged(name: str, into: str, **card: Unpack[CardKeys]) -> Record:
    """A record that was merged at 10:30, and said before that it is a part of the other one."""
    rows = f"""{TOLD}
- {{kind: link, at: "10:06", by: ana, rel: child_of, target: {into}, text: the vault}}
- {{kind: status, at: "10:30", by: ana, to: merged, from: raised, into: {into}}}
"""
    return record(rows, name, **card)


def continued(site: PublicSite) -> dict[str, str | None]:
    return {incident.id: incident.continued_in for incident in site.incidents}


def test_a_merged_incident_names_the_one_that_goes_on() -> None:
    site = publish([merged(ENDS, GOES_ON), record(TOLD, GOES_ON)], config(), at("11:00"))

    ended, goes_on = (opaque("incident", name) for name in (ENDS, GOES_ON))
    assert continued(site) == {ended: goes_on, goes_on: None}
    phases = {incident.id: incident.phase for incident in site.incidents}
    assert phases == {ended: "resolved", goes_on: "investigating"}


def test_before_the_merge_it_names_none() -> None:
    site = publish([merged(ENDS, GOES_ON), record(TOLD, GOES_ON)], config(), at("10:20"))
    assert set(continued(site).values()) == {None}


def test_a_chain_through_a_hidden_incident_leads_to_its_public_end() -> None:
    hidden = merged(BETWEEN, GOES_ON, visibility="restricted")
    site = publish([merged(ENDS, BETWEEN), hidden, record(TOLD, GOES_ON)], config(), at("11:00"))

    assert continued(site)[opaque("incident", ENDS)] == opaque("incident", GOES_ON)
    assert opaque("incident", BETWEEN) not in msgspec.json.encode(site).decode()


def test_merges_in_a_circle_name_none() -> None:
    site = publish([merged(ENDS, GOES_ON), merged(GOES_ON, ENDS)], config(), at("11:00"))
    assert set(continued(site).values()) == {None}


@pytest.mark.parametrize("card", [{"visibility": "restricted"}, {"public_title": None}, {"kind": "drill"}])
def test_a_hidden_incident_is_revealed_neither_by_a_merge_nor_by_a_link(card: CardKeys) -> None:
    hidden = merged(BETWEEN, ENDS, **card)
    into_hidden = [merged(ENDS, GOES_ON), record(TOLD, GOES_ON, **card)]
    for records, name in ((into_hidden, GOES_ON), ([hidden, record(TOLD, ENDS)], BETWEEN)):
        site = publish(records, config(), at("11:00"))

        said = msgspec.json.encode(site).decode()
        assert [(i.id, i.continued_in) for i in site.incidents] == [(opaque("incident", ENDS), None)]
        assert not any(word in said for word in (name, opaque("incident", name), "vault"))
