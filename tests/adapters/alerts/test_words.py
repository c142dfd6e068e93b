"""What each source says of an alert: that it fires, that it ended, or neither; and when that was."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.alert_payloads import pingdom, sns, sns_about_the_topic, uptimerobot, zabbix
from sevlog.adapters.alerts.moments import moment
from sevlog.adapters.alerts.readers import read
from sevlog.adapters.alerts.words import WORDS
from sevlog.model.intake.alert import Signal


def pagerduty(word: str, **data: Any) -> dict[str, Any]:
    whole = {"id": "P1", "title": "Orders hang", **data}
    return {"event": {"event_type": word, "occurred_at": "2026-11-23T13:01:02Z", "data": whole}}


def opsgenie(word: str) -> dict[str, Any]:
    alert = {"alertId": "a1", "message": "Orders hang", "createdAt": 1795438800000, "updatedAt": 1795439400000000000}
    return {"action": word, "alert": alert}


def sentry(word: str, kind: str = "issue", **about: Any) -> dict[str, Any]:
    return {"action": word, "data": {kind: {"id": "77", "title": "TypeError", **about}}}


def datadog(word: str | None) -> dict[str, Any]:
    return {"title": "Disk full", "aggregation_key": "k", **({} if word is None else {"transition": word})}


def cloudevent(kind: str, **data: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "type": kind, "source": "/probes", "id": "1", "data": data}


def one(source: str, payload: dict[str, Any]) -> Signal:
    (signal,) = read(source, payload)
    return signal


def told(source: str, payload: dict[str, Any]) -> str:
    signal = one(source, payload)
    if signal.unknown_word is not None:
        return f"unknown {signal.unknown_word}"
    return "nothing" if signal.remark else signal.state


@pytest.mark.parametrize(
    ("source", "payload", "expected"),
    [
        ("sns", sns("ALARM"), "firing"),
        ("sns", sns("OK"), "resolved"),
        ("sns", sns("INSUFFICIENT_DATA"), "nothing"),
        ("sns", sns("LOUD"), "unknown LOUD"),
        ("sns", sns_about_the_topic("SubscriptionConfirmation"), "nothing"),
        ("sns", sns_about_the_topic("UnsubscribeConfirmation"), "nothing"),
        ("sns", {"Type": "Notification", "TopicArn": "t", "Message": "a text of somebody"}, "nothing"),
        ("zabbix", zabbix("1"), "firing"),
        ("zabbix", zabbix("0"), "resolved"),
        ("zabbix", zabbix("1", event_update_status="1"), "nothing"),
        ("uptimerobot", uptimerobot("1", "Down"), "firing"),
        ("uptimerobot", uptimerobot("2", "Up"), "resolved"),
        ("uptimerobot", uptimerobot("3", "SSL & Domain Expiry"), "nothing"),
        ("uptimerobot", uptimerobot("1", ""), "firing"),
        ("pingdom", pingdom("DOWN"), "firing"),
        ("pingdom", pingdom("FAILING"), "firing"),
        ("pingdom", pingdom("UP"), "resolved"),
        ("pingdom", pingdom("UNKNOWN"), "nothing"),
        ("datadog", {"title": "", "transition": "", "aggregation_key": ""}, "nothing"),
        ("pagerduty", pagerduty("incident.triggered"), "firing"),
        ("pagerduty", pagerduty("incident.reopened"), "firing"),
        ("pagerduty", pagerduty("incident.resolved"), "resolved"),
        ("pagerduty", pagerduty("incident.acknowledged"), "nothing"),
        ("pagerduty", pagerduty("incident.priority_updated"), "nothing"),
        ("pagerduty", {"event": {"event_type": "service.updated", "data": {"id": "S", "type": "service"}}}, "nothing"),
        ("pagerduty", {"event": {"event_type": "pagey.ping", "data": {"message": "Hello", "type": "ping"}}}, "nothing"),
        (
            "pagerduty",
            {"event": {"event_type": "incident.annotated", "data": {"id": "N", "incident": {"id": "P1"}}}},
            "nothing",
        ),
        ("pagerduty", pagerduty("incident.sang"), "unknown incident.sang"),
        ("pagerduty", {"event_action": "trigger", "dedup_key": "k", "payload": {"summary": "x"}}, "firing"),
        ("pagerduty", {"event_action": "acknowledge", "dedup_key": "k"}, "nothing"),
        ("pagerduty", {"event_action": "resolve", "dedup_key": "k"}, "resolved"),
        ("opsgenie", opsgenie("Create"), "firing"),
        ("opsgenie", opsgenie("Close"), "resolved"),
        ("opsgenie", opsgenie("Delete"), "resolved"),
        ("opsgenie", opsgenie("AddNote"), "nothing"),
        ("opsgenie", opsgenie("Snooze"), "nothing"),
        ("opsgenie", opsgenie("Dance"), "unknown Dance"),
        ("sentry", sentry("created"), "firing"),
        ("sentry", sentry("unresolved"), "firing"),
        ("sentry", sentry("resolved"), "resolved"),
        ("sentry", sentry("assigned"), "nothing"),
        ("sentry", sentry("archived"), "nothing"),
        ("sentry", sentry("critical", "metric_alert"), "firing"),
        ("sentry", sentry("warning", "metric_alert"), "firing"),
        ("sentry", sentry("resolved", "metric_alert"), "resolved"),
        ("sentry", sentry("triggered", "event", issue_id="77"), "firing"),
        ("sentry", {"action": "created", "data": {"comment": "look", "comment_id": "1"}}, "nothing"),
        ("datadog", datadog("Triggered"), "firing"),
        ("datadog", datadog("Re-Warn"), "firing"),
        ("datadog", datadog("No Data"), "firing"),
        ("datadog", datadog("Recovered"), "resolved"),
        ("datadog", datadog("Renotify"), "nothing"),
        ("datadog", datadog(""), "nothing"),
        ("datadog", datadog(None), "firing"),
        ("datadog", datadog("Levitated"), "unknown Levitated"),
        ("cloudevents", cloudevent("com.cart.probe.failed"), "firing"),
        ("cloudevents", cloudevent("com.cart.probe.recovered"), "resolved"),
        ("cloudevents", cloudevent("com.cart.probe", state="firing"), "firing"),
        ("cloudevents", cloudevent("com.cart.someevent"), "unknown someevent"),
        ("alertmanager", {"status": "pending", "alerts": [{"labels": {"alertname": "a"}}]}, "unknown pending"),
        ("grafana", {"status": "firing", "alerts": [{"labels": {"alertname": "TestAlert"}}]}, "nothing"),
    ],
)
@pytest.mark.demand("S22")
def test_only_words_that_mean_it_fire_or_end_an_alert(source: str, payload: dict[str, Any], expected: str) -> None:
    assert told(source, payload) == expected


def test_no_word_has_two_meanings() -> None:
    for words in WORDS.values():
        assert not (words.firing & words.ending or words.firing & words.quiet or words.ending & words.quiet)


@pytest.mark.parametrize(
    ("source", "payload", "expected"),
    [
        ("pagerduty", pagerduty("incident.triggered"), "2026-11-23T13:01:02+00:00"),
        ("opsgenie", opsgenie("Create"), "2026-11-23T13:00:00+00:00"),
        ("opsgenie", opsgenie("Close"), "2026-11-23T13:10:00+00:00"),
        ("sentry", sentry("created", firstSeen="2026-11-23T12:00:00.123456Z"), "2026-11-23T12:00:00.123000+00:00"),
        ("datadog", {**datadog("Warn"), "date": "1795438800000"}, "2026-11-23T13:00:00+00:00"),
        (
            "alertmanager",
            {
                "status": "firing",
                "alerts": [
                    {
                        "labels": {"a": "b"},
                        "startsAt": "2026-11-23T06:33:21.873077559-05:00",
                        "endsAt": "0001-01-01T00:00:00Z",
                    }
                ],
            },
            "2026-11-23T11:33:21.873000+00:00",
        ),
    ],
)
def test_an_alert_has_the_time_of_its_source(source: str, payload: dict[str, Any], expected: str) -> None:
    at = one(source, payload).at
    assert at is not None
    assert at.isoformat() == expected


@pytest.mark.parametrize("text", ["", "0001-01-01T00:00:00Z", "soon", "99999999999999999999999", "0", "1e400"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text) is None


def test_an_event_alert_of_sentry_is_about_its_issue() -> None:
    about_issue = one("sentry", sentry("created"))
    about_event = one("sentry", sentry("triggered", "event", issue_id="77"))
    metric = one("sentry", sentry("critical", "metric_alert"))

    assert about_issue.fingerprint == about_event.fingerprint != metric.fingerprint
