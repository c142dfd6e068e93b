"""The plan: audience x severity x phase -> channels, groups, template, cadence, approver; shipped, and as changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from sevlog.model.comms.plan import plan_for
from sevlog.model.config.settings import Config
from sevlog.stores.records.settings import with_defaults

pytestmark = pytest.mark.demand("S16")


def config(**comms: Any) -> Config:
    page = {"name": "Cart", "url": "https://status.cart.example"}
    types = [{"key": "service", "default": True}, {"key": "security", "comms": "quiet"}]
    return msgspec.convert(with_defaults({"schema": 1, "page": page, "types": types, "comms": comms}), Config)


def test_with_nothing_configured_there_is_a_plan_for_everybody() -> None:
    shipped = config()

    public = plan_for(shipped, "public", severity="SEV1", phase="investigating")
    assert (public.channels, public.approver, public.every) == (
        ("page", "email"),
        "incident_manager",
        timedelta(minutes=30),
    )
    assert public.approve_within == timedelta(minutes=5)
    assert plan_for(shipped, "internal", severity="SEV1").channels == ("chat", "email")
    assert plan_for(shipped, "internal", severity="SEV1").approver is None
    assert plan_for(shipped, "executive", severity="SEV1").groups == ("stakeholders",)


def test_what_is_not_major_needs_no_approval() -> None:
    assert plan_for(config(), "public", severity="SEV3").approver is None
    assert plan_for(config(), "social", severity="SEV2").approver == "communications_manager"


def test_of_rows_that_fit_the_later_one_counts_for_what_it_says() -> None:
    found = config(
        plan=[
            {"audiences": ["public"], "phases": ["monitoring"], "every": "2h"},
            {
                "audiences": ["public"],
                "severities": ["SEV1"],
                "channels": ["page", "email", "sms"],
                "approver": "scribe",
            },
            {"severities": ["SEV1"], "phases": ["monitoring"], "every": "1h", "template": "watching"},
        ]
    )

    one = plan_for(found, "public", severity="SEV1", phase="monitoring")
    assert (one.channels, one.approver, one.every, one.template) == (
        ("page", "email", "sms"),
        "scribe",
        timedelta(hours=1),
        "watching",
    )
    two = plan_for(found, "public", severity="SEV2", phase="monitoring")
    assert (two.channels, two.approver, two.every) == (("page", "email"), "incident_manager", timedelta(hours=2))
    assert plan_for(found, "public", severity="SEV2", phase="identified").every == timedelta(hours=1)


def test_a_type_has_exceptions_of_its_own() -> None:
    found = config(plans={"quiet": [{"audiences": ["public"], "channels": ["page"], "self_approval": False}]})

    assert plan_for(found, "public", severity="SEV1", kind="security").channels == ("page",)
    assert plan_for(found, "public", severity="SEV1", kind="security").self_approval is False
    assert plan_for(found, "public", severity="SEV1", kind="service").channels == ("page", "email")


def test_what_is_said_of_one_audience_leaves_the_others_and_its_other_keys_as_shipped() -> None:
    found = config(audiences={"public": {"approver": "tech_lead"}})

    assert plan_for(found, "public", severity="SEV1").approver == "tech_lead"
    assert plan_for(found, "public", severity="SEV1").channels == ("page", "email")
    assert plan_for(found, "internal").channels == ("chat", "email")
