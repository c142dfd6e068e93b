"""Pagers: one alert per incident, from the page over the acknowledgement to the end."""

from __future__ import annotations

import pytest

from fixtures.messages import behind, message, told
from fixtures.vendors.every import at
from fixtures.vendors.fake import Reply
from sevlog.adapters.delivery.base import PAGES_ONLY, Message

pytestmark = pytest.mark.demand("S28")

ALIAS = "sevlog-k3j9x2m7q1ab"
PAGE = message(signal="trigger", urgent=True, level="critical")
ANSWERED = message(signal="acknowledge", headline="Ana has it")
OVER = message(signal="resolve", headline="Card payments work")


def test_pagerduty_hears_of_the_same_alert_until_it_is_over() -> None:
    with at("events") as (fake, address):
        receipts = [behind(address).send(one) for one in (PAGE, ANSWERED, OVER)]

        sent = [asked.fields for asked in fake.taken]
        assert [(e["event_action"], e["dedup_key"]) for e in sent] == [
            ("trigger", ALIAS),
            ("acknowledge", ALIAS),
            ("resolve", ALIAS),
        ]
        assert sent[0]["payload"]["severity"] == "critical"
        assert {one.id for one in receipts} == {ALIAS}


@pytest.mark.parametrize("level", ["critical", "error", "warning", "info"])
def test_opsgenie_gets_a_priority_and_closes_by_alias(level: str) -> None:
    with at("opsgenie") as (fake, address):
        receipts = [behind(address).send(one) for one in (message(signal="trigger", level=level), ANSWERED, OVER)]

        assert [asked.path for asked in fake.taken] == [
            "/v2/alerts",
            f"/v2/alerts/{ALIAS}/acknowledge",
            f"/v2/alerts/{ALIAS}/close",
        ]
        raised = fake.taken[0].fields
        priority = {"critical": "P1", "error": "P2", "warning": "P3", "info": "P5"}[level]
        assert (raised["alias"], raised["priority"]) == (ALIAS, priority)
        assert {one.id for one in receipts} == {"43a29c5c-3dbf"}


def test_opsgenie_is_reached_through_jira_service_management_too() -> None:
    with at("opsgenie") as (fake, address):
        fake.plans = [Reply(202, {"requestId": "r1"})]
        assert behind(f"{address}/jsm/ops/integration/").send(PAGE).id == "r1"
        assert fake.asked[0].path == "/jsm/ops/integration/v2/alerts"


@pytest.mark.parametrize("kind", ["events", "opsgenie"])
def test_a_pager_for_alerts_is_not_told_what_it_cannot_act_on(kind: str) -> None:
    with at(kind) as (fake, address):
        assert told(behind(address).send(message())) == ("not_for_it", PAGES_ONLY)
        assert fake.asked == []


def test_ntfy_wakes_for_a_page_only_and_a_retry_is_the_same_notification() -> None:
    with at("ntfy") as (fake, address):
        receipts = [behind(address).send(one) for one in (PAGE, PAGE, ANSWERED)]

        page, again, answered = (asked.fields for asked in fake.taken)
        assert (page["priority"], page["tags"], page["click"]) == (5, ["rotating_light"], PAGE.url)
        assert page["actions"] == [{"action": "view", "label": "Open", "url": PAGE.url}]
        assert page["sequence_id"] == again["sequence_id"] == PAGE.key
        assert (answered["priority"], answered["tags"]) == (3, ["eyes"])
        assert receipts[0].id == "xE73Iyuabi"


def test_ntfy_on_a_server_of_ones_own_with_a_user_and_a_folder() -> None:
    with at("ntfy") as (fake, _):
        fake.plans = [Reply(200, {"id": "n1"})]
        behind(f"ntfy+http://ana:pa%3Ass@{fake.host}/push/alarm").send(PAGE)

        (asked,) = fake.asked
        assert (asked.path, asked.fields["topic"]) == ("/push", "alarm")
        assert asked.headers["Authorization"] == "Basic YW5hOnBhOnNz"


def test_a_page_by_pushover_repeats_until_somebody_answered() -> None:
    with at("pushover") as (fake, address):
        receipts = [behind(f"{address}?retry=30&expire=600").send(one) for one in (PAGE, ANSWERED)]

        page, cancel, answered = fake.taken
        assert [page.fields[key] for key in ("priority", "retry", "expire", "tags")] == ["2", "30", "600", ALIAS]
        assert cancel.path == f"/1/receipts/cancel_by_tag/{ALIAS}.json"
        assert "priority" not in answered.fields
        assert receipts[0].id == "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"


def test_a_pushover_page_that_cannot_be_stopped_is_named_and_the_answer_still_goes_out() -> None:
    with at("pushover") as (fake, address):
        fake.plans = [Reply(500, {"status": 0, "errors": ["down"]})]
        receipt = behind(address).send(OVER)

        assert told(receipt) == ("sent", "earlier pages may repeat: it answered 500: down")


@pytest.mark.parametrize(
    "body", [{"status": 0, "errors": ["user identifier is invalid"]}, {"status": 0, "errors": "user is invalid"}]
)
def test_pushover_says_no_although_the_status_says_yes(body: dict[str, object]) -> None:
    with at("pushover") as (fake, address):
        fake.plans = [Reply(200, body)]
        outcome, reason = told(behind(address).send(PAGE))
        assert outcome == "refused" and "is invalid" in reason


def test_a_page_without_a_text_still_has_its_headline() -> None:
    nothing: Message = message(plain="", signal="trigger", urgent=True)
    with at("pushover") as (fake, address):
        assert behind(address).send(nothing).outcome == "sent"
        assert fake.taken[0].fields["message"] == "Card payments fail"
