"""Role cards: what limits a role, and which roles exclude it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fixtures.timelines import config
from sevlog.model.config.roles import RequiredRoles, Role, RoleRequired
from sevlog.model.config.settings import Config, IncidentType
from sevlog.model.guidance.role_catalogue import catalogue

PILOT = Role(key="pilot", name="Pilot in command", leads=True, single_lead=True, not_with=("radio",))
RADIO = Role(key="radio", max_holders=1, required=RoleRequired(severities=("SEV1",)))
SPARE = Role(key="spare", deputy_for="pilot", max_holders=3)


def with_roles(*roles: Role) -> Config:
    flight = IncidentType(key="flight", roles=RequiredRoles(required=("radio",)))
    return replace(config(), roles=roles, types=(flight,))


@pytest.mark.demand("S13", "S87")
def test_a_card_says_each_limit_in_a_sentence() -> None:
    cards = [row.card.limits for row in catalogue(None, with_roles(PILOT, RADIO, SPARE))]

    assert cards == [
        (
            "Leads the response",
            "Exactly one holder is the lead at any time",
            "Not for a person who is also radio (radio) on a major incident",
        ),
        (
            "Required at severity SEV1",
            "Required for incidents of type flight",
            "At most 1 person at a time, workstreams not counted",
            "Not for a person who is also Pilot in command (pilot) on a major incident",
        ),
        ("Deputy for Pilot in command (pilot)", "At most 3 people at a time, workstreams not counted"),
    ]


@pytest.mark.demand("S87")
def test_a_pair_named_by_both_roles_is_shown_once_on_each() -> None:
    both = with_roles(PILOT, replace(RADIO, not_with=("pilot",)))

    assert [row.not_with for row in catalogue(None, both)] == [("radio",), ("pilot",)]


def test_the_list_says_in_data_who_leads_and_who_is_deputy() -> None:
    rows = catalogue(None, with_roles(PILOT, RADIO, SPARE))

    assert [(row.leads, row.deputy_for) for row in rows] == [(True, None), (False, None), (False, "pilot")]


def test_a_role_without_limits_has_none_on_its_card() -> None:
    assert [row.card.limits for row in catalogue(None, with_roles(PILOT, Role(key="guest")))][1] == ()
