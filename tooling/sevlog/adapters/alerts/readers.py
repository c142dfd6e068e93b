"""What each source sends: Alertmanager, Grafana, PagerDuty, Opsgenie, Sentry, Datadog, CloudEvents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from ...errors import UsageError
from ...model.config.intake import PayloadMapping
from ...model.intake.alert import AlertStateName, Signal, clean, label_words, web_address
from .payload import PayloadPart, identity

_LABELS = ("component", "service", "app", "application", "job", "workload", "host")
"""Labels that may name a component, the most specific first."""


def alertmanager(payload: PayloadPart) -> Iterator[Signal]:
    """Alertmanager's webhook, version 4; Grafana sends the same shape. A group of alerts is one payload."""
    for alert in payload.rows("alerts"):
        labels, notes = alert.mapping("labels").value, alert.mapping("annotations")
        name = clean(labels.get("alertname", ""), otherwise="alert without a name")
        yield _signal(
            alert,
            "alertmanager",
            alert.text("status") or payload.text("status", required=True),
            {"resolved"},
            fingerprint=alert.text("fingerprint") or identity(sorted(labels.items())),
            title=notes.text("summary") or name,
            summary=notes.text("description", "message"),
            url=[alert.text("panelURL"), alert.text("dashboardURL"), alert.text("generatorURL")],
            labels=labels,
        )


def grafana(payload: PayloadPart) -> Iterator[Signal]:
    """Grafana's unified alerting, whose payload is Alertmanager's with more addresses."""
    for signal in alertmanager(payload):
        yield _from(signal, "grafana")


def pagerduty(payload: PayloadPart) -> Iterator[Signal]:
    """PagerDuty: a webhook of version 3 (`event`), or an event of version 2 (`event_action`)."""
    if "event" in payload.value:
        event = payload.mapping("event")
        data = event.mapping("data", required=True)
        yield _signal(
            data,
            "pagerduty",
            event.text("event_type", required=True),
            {"incident.resolved"},
            begins={"incident.triggered", "incident.reopened"},
            fingerprint=data.text("incident_key", "id", required=True),
            title=data.text("title", "summary", required=True),
            summary="",
            url=[data.text("html_url")],
            labels={"service": data.text("service.summary")},
        )
        return
    told = payload.mapping("payload")
    action = payload.text("event_action", required=True)
    yield _signal(
        payload,
        "pagerduty",
        action,
        {"resolve"},
        begins={"trigger"},
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
    yield _signal(
        alert,
        "opsgenie",
        payload.text("action", required=True),
        {"Close", "Delete"},
        begins={"Create"},
        fingerprint=alert.text("alias", "alertId", required=True),
        title=alert.text("message", required=True),
        summary=alert.text("description"),
        url=[alert.text("url")],
        labels={**details, "service": alert.text("entity") or details.get("service", "")},
    )


def sentry(payload: PayloadPart) -> Iterator[Signal]:
    """Sentry: an issue webhook (`data.issue`), a metric alert, or the older plugin's flat payload."""
    issue = payload.mapping("data").mapping("issue")
    event = payload.mapping("event")
    if issue.value:
        yield _signal(
            issue,
            "sentry",
            payload.text("action", required=True),
            {"resolved", "archived"},
            begins={"created", "unresolved", "triggered"},
            fingerprint=issue.text("id", required=True),
            title=issue.text("title", required=True),
            summary=issue.text("culprit"),
            url=[issue.text("web_url", "permalink")],
            labels={"service": issue.text("project.slug")},
        )
        return
    yield _signal(
        payload,
        "sentry",
        payload.text("action", "status") or "triggered",
        {"resolved", "archived"},
        fingerprint=payload.text("id", required=True),
        title=event.text("title") or payload.text("message", required=True),
        summary=payload.text("culprit"),
        url=[payload.text("url")],
        labels={"service": payload.text("project_slug", "project")},
    )


def datadog(payload: PayloadPart) -> Iterator[Signal]:
    """Datadog, with the template of docs/intake.md as the webhook's payload."""
    pairs = [one.partition(":") for one in payload.text("tags").replace(" ", "").split(",") if ":" in one]
    yield _signal(
        payload,
        "datadog",
        payload.text("transition", "alert_transition") or "Triggered",
        {"Recovered"},
        fingerprint=payload.text("aggregation_key", "alert_id", "monitor_id", required=True),
        title=payload.text("title", required=True),
        summary=payload.text("message", "description", "body"),
        url=[payload.text("url", "link")],
        labels={key: value for key, _, value in pairs},
    )


def cloudevents(payload: PayloadPart) -> Iterator[Signal]:
    """A CloudEvent 1.0 in structured form. `data.state: resolved`, or a type that ends in `.resolved`, ends it."""
    data = payload.mapping("data") if isinstance(payload.value.get("data"), dict) else PayloadPart({}, "data")
    kind = payload.text("type", required=True)
    over = "resolved" if kind.rpartition(".")[2] in ("resolved", "closed", "recovered") else "firing"
    yield _signal(
        payload,
        "cloudevents",
        data.text("state", "status") or over,
        {"resolved", "closed", "recovered", "ok"},
        fingerprint=data.text("fingerprint")
        or identity(
            payload.text("source", required=True),
            payload.text("subject"),
            kind.removesuffix(".resolved").removesuffix(".firing"),
        ),
        title=data.text("title", "summary", "message") or payload.text("subject") or kind,
        summary=data.text("description"),
        url=[data.text("url")],
        labels={"component": data.text("component"), "service": data.text("service")},
    )


def mapped(name: str, mapping: PayloadMapping, payload: dict[str, Any]) -> list[Signal]:
    """The alerts of custom JSON, by a mapping of sevlog.yaml, whose name is their source. Raises UsageError."""
    whole = PayloadPart(payload)
    found = {}
    for part in whole.rows(mapping.alerts) if mapping.alerts else [whole]:
        title = part.text(mapping.title, required=True)
        signal = _signal(
            part,
            name,
            part.text(mapping.state) if mapping.state else "",
            set(mapping.resolved),
            fingerprint=part.text(mapping.fingerprint, required=True) if mapping.fingerprint else identity(title),
            title=title,
            summary=part.text(mapping.summary) if mapping.summary else "",
            url=[part.text(mapping.url)] if mapping.url else [],
            labels={label: part.text(path) for label, path in mapping.labels.items()},
        )
        found[signal.fingerprint] = signal
    if not found:
        raise UsageError("the payload contains no alert", "pass the payload of the source unchanged")
    return list(found.values())


Reader = Callable[[PayloadPart], Iterator[Signal]]
READERS: dict[str, Reader] = {
    "alertmanager": alertmanager,
    "grafana": grafana,
    "pagerduty": pagerduty,
    "opsgenie": opsgenie,
    "sentry": sentry,
    "datadog": datadog,
    "cloudevents": cloudevents,
}
"""Source -> its reader."""


def read(source: str, payload: dict[str, Any]) -> list[Signal]:
    """The alerts of a payload, each once with its last state. Raises UsageError for an invalid payload."""
    found = {signal.fingerprint: signal for signal in READERS[source](PayloadPart(payload))}
    if not found:
        raise UsageError("the payload contains no alert", "pass the payload of the source unchanged")
    return list(found.values())


def _signal(
    part: PayloadPart,
    source: str,
    state: str,
    over: set[str],
    *,
    begins: set[str] | None = None,
    fingerprint: str,
    title: str,
    summary: str,
    url: list[str],
    labels: dict[str, Any],
) -> Signal:
    told: AlertStateName = "resolved" if state in over else "firing"
    return Signal(
        fingerprint=clean(fingerprint, "fingerprint", identity(fingerprint)),
        source=source,
        state=told,
        remark=begins is not None and state not in begins | over,
        title=clean(title, otherwise=f"alert of {source}"),
        summary=clean(summary, "summary") or None,
        url=next((address for one in url if (address := web_address(one))), None),
        components=label_words(labels, _LABELS),
        labels=tuple((clean(k, "label"), clean(v, "label")) for k, v in labels.items() if isinstance(v, str | int)),
    )


def _from(signal: Signal, source: str) -> Signal:
    return replace(signal, source=source)
