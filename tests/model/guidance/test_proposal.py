"""The severity and the priority that are proposed, each with its reason."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fixtures.timelines import config
from sevlog.model.config.settings import Config, Priority, Severity
from sevlog.model.guidance.proposal import Proposal, propose_priority, propose_severity
from sevlog.model.vocabulary import Scope


def scale(*levels: str) -> Config:
    """The shipped process with other severities; a `!` marks a major one."""
    found = tuple(Severity(key=level.strip("!"), major=level.endswith("!")) for level in levels)
    return replace(config(), severities=found)


@pytest.mark.demand("S5")
@pytest.mark.parametrize(
    ("scope", "essential", "proposal"),
    [
        ("all", True, Proposal("SEV1", "all customers are affected")),
        ("some", True, Proposal("SEV2", "some customers are affected")),
        ("none", True, Proposal("SEV3", "no customer is affected")),
        ("all", False, Proposal("SEV3", "essential tasks are not affected")),
        ("some", False, Proposal("SEV3", "essential tasks are not affected")),
        ("none", False, Proposal("SEV3", "no customer is affected")),
    ],
)
def test_the_scope_proposes_a_severity(scope: Scope, essential: bool, proposal: Proposal) -> None:
    assert propose_severity(config(), scope, essential=essential) == proposal


@pytest.mark.demand("S3")
@pytest.mark.parametrize(
    ("levels", "proposed"),
    [
        (("A!", "B!", "C!", "D", "E"), ("A", "B", "E")),
        (("A!", "B", "C"), ("A", "A", "C")),
        (("A!",), ("A", "A", "A")),
        (("A", "B", "C"), ("A", "B", "C")),
        (("A", "B!", "C"), ("B", "B", "C")),
    ],
)
def test_another_scale_has_its_own_proposals(levels: tuple[str, ...], proposed: tuple[str, ...]) -> None:
    scopes: tuple[Scope, ...] = ("all", "some", "none")

    assert tuple(propose_severity(scale(*levels), scope).level for scope in scopes) == proposed


@pytest.mark.demand("S11")
@pytest.mark.parametrize(
    ("severity", "scope", "level", "reason"),
    [
        ("SEV1", "all", "P1", "scope all, urgency high"),
        ("SEV2", "some", "P2", "scope some, urgency high"),
        ("SEV1", "none", "P3", "scope none, urgency high"),
        ("SEV3", "all", "P2", "scope all, urgency low"),
        ("SEV3", "some", "P3", "scope some, urgency low"),
        ("SEV3", "none", "P4", "scope none, urgency low"),
        ("SEV1", None, "P1", "scope all (as SEV1 suggests), urgency high"),
        ("SEV2", None, "P2", "scope some (as SEV2 suggests), urgency high"),
        ("SEV3", None, "P4", "scope none (as SEV3 suggests), urgency low"),
        ("SEV9", "some", "P3", "scope some, urgency low"),
    ],
)
def test_severity_and_scope_propose_a_priority(severity: str, scope: Scope | None, level: str, reason: str) -> None:
    assert propose_priority(config(), severity, scope) == Proposal(level, reason)


def test_without_a_matrix_the_priority_has_the_severitys_place() -> None:
    bare = replace(config(), priority_matrix={})
    two = replace(bare, priorities=(Priority(key="P1"), Priority(key="P2")))

    assert propose_priority(bare, "SEV2", "all") == Proposal("P2", "SEV2 is severity 2 of 3")
    assert [propose_priority(two, severity, None).level for severity in ("SEV1", "SEV2", "SEV3")] == ["P1", "P2", "P2"]


def test_nothing_is_proposed_from_an_empty_scale() -> None:
    with pytest.raises(ValueError, match="no severities"):
        propose_severity(replace(config(), severities=()), "all")
    with pytest.raises(ValueError, match="no priorities"):
        propose_priority(replace(config(), priorities=()), "SEV1", "all")


@pytest.mark.demand("S2")
@pytest.mark.demand("S4")
def test_sev1_and_sev2_are_major_as_shipped_and_sev3_is_not() -> None:
    assert {level.key: config().is_major(level.key) for level in config().severities} == {
        "SEV1": True,
        "SEV2": True,
        "SEV3": False,
    }
    assert not config().is_major(None) and not config().is_major("SEV9")
