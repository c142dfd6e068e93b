"""Recognizes a JSON document that was passed to the wrong reader: an alert, or a status page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Document = Mapping[str, object]


def _has(document: Document, path: str, kind: type = object) -> bool:
    value: object = document
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value is not None and isinstance(value, kind)


def _of_alertmanager(document: Document) -> bool:
    return _has(document, "alerts", list) and any(_has(document, key) for key in ("status", "receiver", "groupKey"))


_SOURCES: tuple[tuple[str, Callable[[Document], bool]], ...] = (
    ("grafana", lambda d: _of_alertmanager(d) and _has(d, "orgId")),
    ("alertmanager", _of_alertmanager),
    ("pagerduty", lambda d: _has(d, "event.event_type") or _has(d, "event_action")),
    ("opsgenie", lambda d: _has(d, "alert.alertId") and _has(d, "action")),
    ("cloudevents", lambda d: _has(d, "specversion") and _has(d, "type")),
    ("github-issue", lambda d: _has(d, "issue.html_url") and _has(d, "action")),
    ("sentry", lambda d: _has(d, "data.issue") or (_has(d, "event") and _has(d, "culprit"))),
    ("sns", lambda d: _has(d, "TopicArn") and _has(d, "Type")),
    ("zabbix", lambda d: _has(d, "event_id") and _has(d, "event_value")),
    ("uptimerobot", lambda d: _has(d, "monitorID") and _has(d, "alertType")),
    ("pingdom", lambda d: _has(d, "check_id") and _has(d, "current_state")),
    ("datadog", lambda d: _has(d, "aggregation_key") or _has(d, "alert_transition")),
)


def alert_source(value: object) -> str | None:
    """The source of `sevlog intake` whose payload this looks like, if any."""
    if not isinstance(value, Mapping):
        return None
    return next((name for name, fits in _SOURCES if fits(value)), None)


def is_status_page(value: object) -> bool:
    """Whether this looks like a document of a Statuspage: its page with incidents, maintenances or components."""
    if not isinstance(value, Mapping):
        return False
    parts = ("incidents", "scheduled_maintenances", "components", "incident_updates")
    return any(_has(value, part, list) for part in parts)
