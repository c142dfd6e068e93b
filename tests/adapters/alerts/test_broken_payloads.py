"""Payloads with a value that is missing, of another type, huge or hostile: an alert, or an error with its place."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from fixtures.alert_payloads import NEW_SOURCES
from fixtures.filled import filled
from sevlog.adapters.alerts.readers import READERS, read
from sevlog.errors import UsageError

ODD: tuple[Any, ...] = (
    *(None, "", [], {}, 7, -1.5, True, [None], [[]], {"a": None}, 10**40, "1e999", "99999999999999999999"),
    *("x" * 200_000, "\u202eevil\u2066\x00\x1b[2J", "\ud800"),
)
ALERT = {
    "status": "firing",
    "labels": {"alertname": "Disk"},
    "annotations": {"summary": "s", "description": "d"},
    "startsAt": "2026-11-23T13:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "https://a.example",
    "fingerprint": "f",
}
GROUP = {"status": "firing", "alerts": [ALERT]}
DATA = {"id": "P1", "title": "Orders hang", "html_url": "https://a.example", "service": {"summary": "shop"}}
WHOLE: dict[str, dict[str, Any]] = {
    "alertmanager": GROUP,
    "grafana": {**GROUP, "orgId": 1},
    "pagerduty": {"event": {"event_type": "incident.triggered", "occurred_at": "2026-11-23T13:00:00Z", "data": DATA}},
    "opsgenie": {"action": "Create", "alert": {"alertId": "a", "message": "m", "createdAt": 1, "details": {"k": "v"}}},
    "sentry": {"action": "created", "data": {"issue": {"id": "1", "title": "t", "lastSeen": "2026-11-23T13:00:00Z"}}},
    "datadog": {"title": "t", "transition": "Triggered", "aggregation_key": "k", "tags": "a:b", "date": 1795438862000},
    "cloudevents": {
        "type": "a.failed",
        "source": "/a",
        "id": "1",
        "time": "2026-11-23T13:00:00Z",
        "data": {"url": "x"},
    },
    **{source: payload for source, payload, _, _ in NEW_SOURCES.values()},
}


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of each value below this one."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        yield (*path, key)
        yield from places(inner, (*path, key))


def broken(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The payload with each value missing, and with each odd value in its place."""
    for *way, last in places(payload):
        for odd in (*ODD, broken):
            whole = copy.deepcopy(payload)
            place: Any = whole
            for step in way:
                place = place[step]
            if odd is broken:
                del place[last]
            else:
                place[last] = odd
            yield whole


@pytest.mark.parametrize("source", READERS)
def test_a_broken_payload_gives_clean_alerts_or_an_error(source: str) -> None:
    texts: list[str] = []
    errors = 0
    for payload in filled(broken(WHOLE[source])):
        try:
            signals = read(source, payload)
        except UsageError as error:
            errors += 1
            texts.append(error.message)
            continue
        for one in signals:
            texts += [one.title, one.fingerprint, one.summary or "", *(text for pair in one.labels for text in pair)]

    assert max(map(len, texts)) <= 2000
    assert [t for t in texts if any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n" for c in t)] == []
    assert errors < len(texts)
