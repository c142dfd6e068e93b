"""What each source sends: Alertmanager, Grafana, PagerDuty, Opsgenie, Sentry, Datadog, CloudEvents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from ...errors import UsageError
from ...model.intake.alert import Signal, clean
from .monitors import pingdom, sns, uptimerobot, zabbix
from .payload import PayloadPart, identity
from .signals import AnswerKind, answer_of, signal_of
from .words import meaning


def alertmanager(payload: PayloadPart) -> Iterator[Signal]:
    """Alertmanager's webhook, version 4; Grafana sends the same shape. A group of alerts is one payload."""
    for alert in payload.rows("alerts"):
        labels, notes = alert.mapping("labels").value, alert.mapping("annotations")
        name = clean(labels.get("alertname", ""), otherwise="alert without a name")
        yield signal_of(
            alert,
            "alertmanager",
            alert.text("status") or payload.text("status", required=True),
            begun=alert.text("startsAt"),
            ended=alert.text("endsAt"),
            fingerprint=alert.text("fingerprint") or identity(sorted(labels.items())),
            title=notes.text("summary") or name,
            summary=notes.text("description", "message"),
            url=[alert.text("panelURL"), alert.text("dashboardURL"), alert.text("generatorURL")],
            labels=labels,
        )


def grafana(payload: PayloadPart) -> Iterator[Signal]:
    """Grafana's unified alerting, whose payload is Alertmanager's with more addresses. Its test alert is a remark."""
    for signal in alertmanager(payload):
        is_test = ("alertname", _GRAFANA_TEST) in signal.labels
        yield replace(signal, source="grafana", remark=signal.remark or is_test)


_PAGERDUTY_ANSWERS: dict[str, AnswerKind] = {
    "incident.acknowledged": "acknowledged",
    "incident.annotated": "said",
    "incident.responder.replied": "said",
    "incident.status_update_published": "said",
}
_OPSGENIE_ANSWERS: dict[str, AnswerKind] = {"acknowledge": "acknowledged", "addnote": "said"}
"""Words with which people answer, in lower case."""


def pagerduty(payload: PayloadPart) -> Iterator[Signal]:
    """PagerDuty: a webhook of version 3 (`event`), or an event of version 2 (`event_action`)."""
    if "event" in payload.value:
        event = payload.mapping("event")
        word, data = event.text("event_type", required=True), event.mapping("data", required=True)
        about = data.mapping("incident") if isinstance(data.value.get("incident"), dict) else data
        is_news = meaning("pagerduty", word) in ("firing", "ending")
        signal = signal_of(
            data,
            "pagerduty",
            word,
            begun=event.text("occurred_at"),
            ended=event.text("occurred_at"),
            fingerprint=about.text("incident_key", "id", required=is_news) or word,
            title=about.text("title", "summary", required=is_news) or word,
            summary="",
            url=[about.text("html_url")],
            labels={"service": data.text("service.summary")},
        )
        kind: AnswerKind | None = _PAGERDUTY_ANSWERS.get(word.strip().lower())
        yield replace(signal, answer=answer_of(kind, event.text("agent.summary"), data.text("content", "message")))
        return
    told = payload.mapping("payload")
    yield signal_of(
        payload,
        "pagerduty",
        payload.text("event_action", required=True),
        begun=told.text("timestamp"),
        ended=told.text("timestamp"),
        fingerprint=payload.text("dedup_key") or identity(told.text("summary"), told.text("source")),
        title=told.text("summary") or payload.text("dedup_key", required=True),
        summary="",
        url=[payload.text("client_url")],
        labels={name: told.text(name) for name in ("component", "service", "group", "source")},
    )


def opsgenie(payload: PayloadPart) -> Iterator[Signal]:
    """Opsgenie's outgoing webhook."""
    alert = payload.mapping("alert", required=True)
    details = alert.mapping("details").value
    word = payload.text("action", required=True)
    signal = signal_of(
        alert,
        "opsgenie",
        word,
        begun=alert.text("createdAt"),
        ended=alert.text("updatedAt"),
        fingerprint=alert.text("alias", "alertId", required=True),
        title=alert.text("message", required=True),
        summary=alert.text("description"),
        url=[alert.text("url")],
        labels={**details, "service": alert.text("entity") or details.get("service", "")},
    )
    kind: AnswerKind | None = _OPSGENIE_ANSWERS.get(word.strip().lower())
    yield replace(signal, answer=answer_of(kind, alert.text("username"), alert.text("note")))


def sentry(payload: PayloadPart) -> Iterator[Signal]:
    """Sentry: an issue, a metric alert, an event alert, or the older plugin's flat payload."""
    data = payload.mapping("data") if isinstance(payload.value.get("data"), dict) else PayloadPart({}, "data")
    kind = next((name for name in ("metric_alert", "event", "issue", "issue_alert") if name in data.value), None)
    if kind is not None:
        yield _of_sentry(payload, data.mapping(kind, required=True), kind)
        return
    if data.value and payload.text("action"):  # an installation, a comment, an error: not about an alert
        yield _other_of_sentry(payload)
        return
    event = payload.mapping("event")
    yield signal_of(
        payload,
        "sentry",
        payload.text("action", "status") or "triggered",
        begun=event.text("datetime", "timestamp", "received"),
        ended=event.text("datetime", "timestamp", "received"),
        fingerprint=payload.text("id", required=True),
        title=event.text("title") or payload.text("message", required=True),
        summary=payload.text("culprit"),
        url=[payload.text("url")],
        labels={"service": payload.text("project_slug", "project")},
    )


def _of_sentry(payload: PayloadPart, about: PayloadPart, kind: str) -> Signal:
    """An issue is known by its id, also where an event alert is about it; a metric alert by its own."""
    key = (
        about.text("issue_id", "issue.id", "id", required=True) if kind == "event" else about.text("id", required=True)
    )
    title = about.text("title", "alert_rule.name") or payload.text("data.description_title", "data.description_text")
    return signal_of(
        about,
        "sentry",
        payload.text("action", required=True),
        begun=about.text("date_started", "lastSeen", "datetime", "firstSeen", "date_created"),
        ended=about.text("date_closed", "lastSeen", "datetime"),
        fingerprint=f"metric {key}" if kind == "metric_alert" else key,
        title=title or about.text("title", required=True),
        summary=about.text("culprit") or payload.text("data.description_text"),
        url=[about.text("web_url", "permalink"), payload.text("data.web_url")],
        labels={"service": about.text("project.slug", "project_slug")},
    )


def _other_of_sentry(payload: PayloadPart) -> Signal:
    word = payload.text("action")
    found = signal_of(
        payload, "sentry", word, fingerprint=f"action {word}", title=f"{word} of Sentry", summary="", url=[], labels={}
    )
    return replace(found, state="firing", remark=True, unknown_word=None)


def datadog(payload: PayloadPart) -> Iterator[Signal]:
    """Datadog, with the template of docs/intake.md as the webhook's payload."""
    pairs = [one.partition(":") for one in payload.text("tags").replace(" ", "").split(",") if ":" in one]
    word = _transition(payload)
    is_news = meaning("datadog", word) in ("firing", "ending")  # an event made by hand leaves most variables empty
    yield signal_of(
        payload,
        "datadog",
        word,
        begun=payload.text("date", "last_updated"),
        ended=payload.text("date", "last_updated"),
        fingerprint=payload.text("aggregation_key", "alert_id", "monitor_id", required=is_news) or word,
        title=payload.text("title", required=is_news) or word,
        summary=payload.text("message", "description", "body"),
        url=[payload.text("url", "link")],
        labels={key: value for key, _, value in pairs},
    )


def _transition(payload: PayloadPart) -> str:
    """Datadog's word. A template without one stands for an alert; one that Datadog left empty says nothing."""
    known = [name for name in ("transition", "alert_transition") if name in payload.value]
    return payload.text(*known) or "null" if known else "Triggered"


def cloudevents(payload: PayloadPart) -> Iterator[Signal]:
    """A CloudEvent 1.0 in structured form: `data.state`, or else the end of its type, says what it is."""
    data = payload.mapping("data") if isinstance(payload.value.get("data"), dict) else PayloadPart({}, "data")
    kind = payload.text("type", required=True)
    stem, _, last = kind.rpartition(".")
    known = meaning("cloudevents", last) != "unknown"
    yield signal_of(
        payload,
        "cloudevents",
        data.text("state", "status") or last,
        begun=payload.text("time"),
        ended=payload.text("time"),
        fingerprint=data.text("fingerprint")
        or identity(payload.text("source", required=True), payload.text("subject"), stem if known else kind),
        title=data.text("title", "summary", "message") or payload.text("subject") or kind,
        summary=data.text("description"),
        url=[data.text("url")],
        labels={"component": data.text("component"), "service": data.text("service")},
    )


_GRAFANA_TEST = "TestAlert"
"""The alert that Grafana sends when somebody tries a contact point."""

Reader = Callable[[PayloadPart], Iterator[Signal]]
READERS: dict[str, Reader] = {
    "alertmanager": alertmanager,
    "grafana": grafana,
    "pagerduty": pagerduty,
    "opsgenie": opsgenie,
    "sentry": sentry,
    "datadog": datadog,
    "cloudevents": cloudevents,
    "sns": sns,
    "zabbix": zabbix,
    "uptimerobot": uptimerobot,
    "pingdom": pingdom,
}
"""Source -> its reader."""


def read(source: str, payload: dict[str, Any]) -> list[Signal]:
    """The alerts of a payload, each once with its last state. Raises UsageError for an invalid payload."""
    found = {signal.fingerprint: signal for signal in READERS[source](PayloadPart(payload))}
    if not found:
        raise UsageError("the payload contains no alert", "pass the payload of the source unchanged")
    return list(found.values())


def truncated(payload: dict[str, Any]) -> int:
    """How many alerts Alertmanager or Grafana left out of the payload, because there were too many."""
    left_out = payload.get("truncatedAlerts")
    return left_out if isinstance(left_out, int) and left_out > 0 else 0
