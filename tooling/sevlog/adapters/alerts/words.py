"""The words of each source: which of them say that an alert fires, that it ended, or neither.

Source: the vendors' documentation of their webhooks. A word that is not in the table changes nothing and is reported:
an alarm that nobody meant is worse than a late one.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Meaning = Literal["firing", "ending", "quiet", "unknown"]


class Words(Struct, frozen=True):
    """The words of one source, in lower case. quiet: known words that change no state."""

    firing: frozenset[str]
    ending: frozenset[str]
    quiet: frozenset[str] = frozenset()


def _words(firing: str, ending: str, quiet: str = "") -> Words:
    return Words(
        *(frozenset(word.strip() for word in text.split(",") if word.strip()) for text in (firing, ending, quiet))
    )


WORDS: dict[str, Words] = {
    "alertmanager": _words("firing", "resolved"),
    "pagerduty": _words(
        "incident.triggered, incident.reopened, trigger",
        "incident.resolved, resolve",
        "acknowledge, action_invocation.created, action_invocation.terminated, action_invocation.updated, "
        "incident.acknowledged, incident.action_invocation.created, incident.action_invocation.terminated, "
        "incident.action_invocation.updated, incident.annotated, incident.conference_bridge.updated, "
        "incident.custom_field_values.updated, incident.delegated, incident.escalated, "
        "incident.incident_type.changed, incident.priority_updated, incident.reassigned, incident.responder.added, "
        "incident.responder.replied, incident.role.assigned, incident.service_updated, "
        "incident.status_update_published, incident.task.completed, incident.task.created, incident.task.updated, "
        "incident.unacknowledged, incident.workflow.completed, incident.workflow.started, pagey.ping, "
        "service.created, service.custom_field_values.updated, service.deleted, service.updated",
    ),
    "opsgenie": _words(
        "create",
        "close, delete",
        "acknowledge, adddetails, addnote, addresponder, addtags, addteam, assignownership, customaction, escalate, "
        "removedetails, removetags, snooze, snoozeended, takeownership, unacknowledge, updatedescription, "
        "updatemessage, updatepriority",
    ),
    "sentry": _words(
        "created, critical, triggered, unresolved, warning",
        "resolved",
        "archived, assigned, deleted, escalating, ignored, installed, updated",
    ),
    "datadog": _words(
        "triggered, re-triggered, warn, re-warn, no data, re-no data",
        "recovered",
        "renotify, null, info, muted, unmuted",
    ),
    "cloudevents": _words(
        "firing, triggered, alerting, alarm, critical, error, warning, open, opened, down, failed, problem",
        "resolved, closed, recovered, ok, up, ended",
        "acknowledged, annotated, assigned, commented, updated, test",
    ),
    "sns": _words("alarm", "ok", "insufficient_data, subscriptionconfirmation, unsubscribeconfirmation, notification"),
    "zabbix": _words("1, problem", "0, ok, resolved", "update"),
    "uptimerobot": _words("1, down", "2, up", "3, ssl, ssl expiry, ssl & domain expiry"),
    "pingdom": _words("down, failing", "up, success", "unknown, paused, unconfirmed"),
}
"""Source -> its words. Grafana sends Alertmanager's."""


def meaning(source: str, word: str) -> Meaning:
    """What a word of a source says of an alert."""
    words, said = WORDS[source], word.strip().lower()
    if said in words.firing:
        return "firing"
    if said in words.ending:
        return "ending"
    return "quiet" if said in words.quiet else "unknown"
