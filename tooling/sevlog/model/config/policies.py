"""`policies` of sevlog.yaml: thresholds and switches of the process."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ..forms import Duration, Handle, Word
from .comms import Settings
from .postmortem_lint import PostmortemLint


class WorkloadLimits(Settings, frozen=True, kw_only=True):
    """When `next` and `workload` say that somebody has too much."""

    hours: Annotated[int, Meta(ge=1, le=48, description="Hours in the response without a break.")] = 4
    nights: Annotated[int, Meta(ge=1, le=7, description="Nights with work within a week.")] = 2
    things: Annotated[int, Meta(ge=1, le=50, description="Roles and open tasks at once.")] = 5


class OnCallPolicy(Settings, frozen=True, kw_only=True):
    """How `check` reports the on-call plan of the days ahead: gaps, double bookings, clashes with time off."""

    ahead: Annotated[Duration, Meta(description="How far ahead `check` looks, at most 366 days.")] = "90d"
    findings: Annotated[
        Literal["error", "warning", "off"],
        Meta(description="How `check` reports them; `sevlog oncall check` always reports errors as errors."),
    ] = "error"


class PagePolicy(Settings, frozen=True, kw_only=True):
    """How many pages a person gets."""

    group_within: Annotated[
        Duration | None,
        Meta(description="How long after a page to a person further pages to them are grouped; null: never."),
    ] = "2m"
    budget: Annotated[
        int, Meta(ge=1, le=1000, description="Pages per person and week; more is a warning, and pages go out anyway.")
    ] = 10


class PostmortemPolicy(Settings, frozen=True, kw_only=True):
    """Who reviews, approves and waives postmortems."""

    approvals: Annotated[int, Meta(ge=1, le=20, description="How many people must approve a postmortem.")] = 1
    board: Annotated[
        tuple[Handle, ...],
        Meta(description="People or teams of the investigation board; one of them must approve that of a major."),
    ] = ()
    board_role: Annotated[
        Word | None, Meta(description="The role whose holders in the incident are on the investigation board too.")
    ] = None
    reviewer_roles: Annotated[
        tuple[Word, ...], Meta(description="Roles whose holders in the incident are asked to review.")
    ] = ()
    waived_by: Annotated[
        Literal["anyone", "not_owner"],
        Meta(
            description="Who may waive that of a major: not its owner, if oncall.yaml lists somebody else, or anyone."
        ),
    ] = "not_owner"


class Policies(Settings, frozen=True, kw_only=True):
    """Thresholds and switches."""

    reopen_within: Annotated[Duration, Meta(description="How long a resolved incident can be reopened.")] = "7d"
    stale_after: Annotated[
        Duration | None,
        Meta(description="After this time without an entry, `check` reports a live incident; null: never."),
    ] = "7d"
    not_for_minor: Annotated[
        tuple[Word, ...], Meta(description="Guards that an incident passes as long as it is not major.")
    ] = ("channel", "attestation")
    workload: Annotated[WorkloadLimits, Meta(description="Limits for the people in a response.")] = field(
        default_factory=WorkloadLimits
    )
    oncall: Annotated[OnCallPolicy, Meta(description="What `check` says of the on-call plan.")] = field(
        default_factory=OnCallPolicy
    )
    page: Annotated[PagePolicy, Meta(description="How many pages a person gets.")] = field(default_factory=PagePolicy)
    actions: Annotated[
        dict[Word, dict[str, Duration]], Meta(description="Class -> severity or default -> when an action item is due.")
    ] = field(default_factory=lambda: {"priority": {"default": "8w"}})
    postmortem_lint: Annotated[PostmortemLint, Meta(description="What the lint of postmortems reports.")] = field(
        default_factory=PostmortemLint
    )
    postmortem: Annotated[PostmortemPolicy, Meta(description="Who reviews, approves and waives postmortems.")] = field(
        default_factory=PostmortemPolicy
    )
    append_only: Annotated[
        Literal["error", "warning", "off"], Meta(description="How `check --base` reports edited or deleted entries.")
    ] = "error"
    signatures: Annotated[
        Literal["required", "off"],
        Meta(description="Whether `check --base` requires signatures, as with `--signatures`."),
    ] = "off"
    assessment: Annotated[tuple[Word, ...], Meta(description="Assessment keys required before it is resolved.")] = (
        "customer_impact",
        "scope",
    )
    runbooks_reviewed_within: Annotated[
        Duration | None,
        Meta(
            description="How long a runbook review is valid; if set, all need one (default: 52w, for those with one)."
        ),
    ] = None
