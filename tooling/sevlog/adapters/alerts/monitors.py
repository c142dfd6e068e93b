"""What monitors send: CloudWatch (by SNS), Zabbix, UptimeRobot, Pingdom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import DecodeError
from msgspec import json as fast
from msgspec.structs import replace

from ...model.intake.alert import Signal, clean, web_address
from .payload import PayloadPart, identity
from .signals import signal_of
from .words import meaning


def sns(payload: PayloadPart) -> Iterator[Signal]:
    """An alarm of CloudWatch in a notification of SNS. Other notifications, and those about the topic, are remarks."""
    kind = payload.text("Type") or "Notification"
    alarm = PayloadPart(_inside(payload.value.get("Message")), "Message")
    word = alarm.text("NewStateValue")
    if kind != "Notification" or not word:
        yield _about_the_topic(payload, kind)
        return
    is_news = meaning("sns", word) in ("firing", "ending")
    name = alarm.text("AlarmName", required=is_news) or word
    changed = alarm.text("StateChangeTime") or payload.text("Timestamp")
    found = alarm.mapping("Trigger").value.get("Dimensions")
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    yield signal_of(
        alarm,
        "sns",
        word,
        begun=changed,
        ended=changed,
        fingerprint=alarm.text("AlarmArn") or identity(alarm.text("AWSAccountId"), alarm.text("Region"), name),
        title=name,
        summary=alarm.text("NewStateReason") or alarm.text("AlarmDescription"),
        url=[],
        labels={
            **{str(row.get("name")): row.get("value") for row in rows},
            "region": alarm.text("Region"),
            "alarm": name,
        },
    )


def _about_the_topic(payload: PayloadPart, kind: str) -> Signal:
    title = payload.text("Subject") or f"{kind} of {payload.text('TopicArn') or 'SNS'}"
    found = signal_of(payload, "sns", kind, fingerprint=f"topic {kind}", title=title, summary="", url=[], labels={})
    address = web_address(payload.text("SubscribeURL"))
    if kind != "SubscriptionConfirmation" or address is None:
        return found
    return replace(found, notice=f"SNS asks you to confirm the subscription of {clean(title)}: open {address}")


def _inside(message: object) -> dict[str, Any]:
    """The object in the text of a notification; an empty one where it is another text."""
    try:
        found = fast.decode(message) if isinstance(message, str) else message
    except (DecodeError, RecursionError, UnicodeEncodeError):
        found = None
    return found if isinstance(found, dict) else {}


def zabbix(payload: PayloadPart) -> Iterator[Signal]:
    """Zabbix, with the template of docs/intake.md: `event_value` is 1 for a problem, 0 for its end."""
    is_update = payload.text("event_update_status") == "1"
    word = "update" if is_update else payload.text("event_value", "status", required=True)
    is_news = meaning("zabbix", word) in ("firing", "ending")
    host = payload.text("host")
    name = payload.text("event_name", "name", required=is_news) or word
    yield signal_of(
        payload,
        "zabbix",
        word,
        begun=payload.text("time"),
        ended=payload.text("recovery_time"),
        fingerprint=payload.text("trigger_id", "event_id", required=is_news) or word,
        title=f"{name} ({host})" if host and host not in name else name,
        summary=payload.text("opdata", "message"),
        url=[payload.text("url")],
        labels={"host": host, "severity": payload.text("severity"), **_tags(payload.text("tags"))},
    )


def _tags(text: str) -> dict[str, str]:
    """Zabbix writes tags as `name:value, name:value`."""
    pairs = (one.strip().partition(":") for one in text.split(","))
    return {name: value for name, _, value in pairs if name}


def uptimerobot(payload: PayloadPart) -> Iterator[Signal]:
    """UptimeRobot, with its variables as JSON: alert type 1 is down, 2 is up, 3 a certificate that expires."""
    word = payload.text("alertTypeFriendlyName", "alertType", required=True)
    is_news = meaning("uptimerobot", word) in ("firing", "ending")
    at = payload.text("alertDateTime")
    yield signal_of(
        payload,
        "uptimerobot",
        word,
        begun=at,
        ended=at,
        fingerprint=payload.text("monitorID", "monitorURL", required=is_news) or word,
        title=payload.text("monitorFriendlyName", "monitorURL", "monitorID", required=is_news) or word,
        summary=payload.text("alertDetails"),
        url=[payload.text("monitorURL")],
        labels={"monitor": payload.text("monitorFriendlyName")},
    )


def pingdom(payload: PayloadPart) -> Iterator[Signal]:
    """Pingdom's webhook, for uptime checks (UP, DOWN) and transaction checks (SUCCESS, FAILING)."""
    word = payload.text("current_state", required=True)
    is_news = meaning("pingdom", word) in ("firing", "ending")
    at = payload.text("state_changed_timestamp", "state_changed_utc_time")
    tags = payload.value.get("tags")
    yield signal_of(
        payload,
        "pingdom",
        word,
        begun=at,
        ended=at,
        fingerprint=payload.text("check_id", required=is_news) or word,
        title=payload.text("check_name", "check_id", required=is_news) or word,
        summary=payload.text("long_description", "description"),
        url=[payload.text("check_params.full_url", "check_params.url")],
        labels={
            "check": payload.text("check_name"),
            "tags": ",".join(str(tag) for tag in tags) if isinstance(tags, list) else "",
            "host": payload.text("check_params.hostname"),
        },
    )
