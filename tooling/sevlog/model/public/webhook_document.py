"""What a webhook for customers gets: the body that Statuspage delivers to its webhook subscribers, key for key.

Source: recorded deliveries of Statuspage, which are older than its API v2 and have more keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.json import encode

from .site import PublicComponent, PublicIncident, PublicSite, PublicUpdate
from .uptime import page_status

DOCUMENTATION = "https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/"
_UTC = frozenset({"Etc/UTC", "UTC"})


def webhook_document(site: PublicSite, incident: PublicIncident, now: datetime, *, unsubscribe: str = "") -> bytes:
    """The JSON body for one incident or maintenance of a page. unsubscribe: where a subscriber ends it."""
    clock = _Clock(site.page.time_zone)
    status = page_status(component.status for component in site.components if not component.retired)
    touched = [component for component in site.components if component.id in incident.components]
    document = {
        "meta": {"unsubscribe": unsubscribe, "documentation": DOCUMENTATION, "generated_at": clock(now)},
        "page": {"id": site.page.id, "status_indicator": status.indicator, "status_description": status.description},
        "incident": _incident(site, incident, touched, clock),
    }
    return encode(document)


class _Clock:
    """Times as Statuspage writes them: with milliseconds and the offset of the page's zone; Z only for UTC."""

    def __init__(self, time_zone: str) -> None:
        self._zone, self._utc = ZoneInfo(time_zone), time_zone in _UTC

    def __call__(self, at: datetime) -> str:
        local = at.astimezone(self._zone).isoformat(timespec="milliseconds")
        return local[:-6] + "Z" if self._utc else local

    def maybe(self, at: datetime | None) -> str | None:
        return None if at is None else self(at)


def _incident(
    site: PublicSite, incident: PublicIncident, touched: Iterable[PublicComponent], clock: _Clock
) -> dict[str, object]:
    postmortem = incident.postmortem
    published = clock.maybe(postmortem.published_at if postmortem else None)
    return {
        "name": incident.name,
        "status": incident.phase,
        "created_at": clock(incident.created_at),
        "updated_at": clock(incident.updated_at),
        "monitoring_at": clock.maybe(incident.monitoring_at),
        "resolved_at": clock.maybe(incident.resolved_at),
        "impact": incident.impact,
        "shortlink": incident.shortlink,
        "postmortem_ignored": False,
        "postmortem_body": postmortem.body if postmortem else None,
        "postmortem_body_last_updated_at": published,
        "postmortem_published_at": published,
        "postmortem_notified_subscribers": False,
        "postmortem_notified_twitter": False,
        "backfilled": False,
        "scheduled_for": clock.maybe(incident.scheduled_for),
        "scheduled_until": clock.maybe(incident.scheduled_until),
        "scheduled_remind_prior": False,
        "scheduled_reminded_at": None,
        "impact_override": None,
        "scheduled_auto_in_progress": incident.auto,
        "scheduled_auto_completed": incident.auto,
        "id": incident.id,
        "page_id": site.page.id,
        "incident_updates": [_update(incident, update, clock) for update in incident.updates],
        "components": [_component(site, component, clock) for component in touched],
    }


def _update(incident: PublicIncident, update: PublicUpdate, clock: _Clock) -> dict[str, object]:
    affected = None
    if update.affected is not None:
        affected = [
            {"code": a.code, "name": a.name, "old_status": a.old_status, "new_status": a.new_status}
            for a in update.affected
        ]
    return {
        "status": update.phase,
        "body": update.body,
        "created_at": clock(update.created_at),
        "wants_twitter_update": False,
        "twitter_updated_at": None,
        "updated_at": clock(update.updated_at),
        "display_at": clock(update.at),
        "affected_components": affected,
        "custom_tweet": update.custom_tweet,
        "deliver_notifications": update.deliver_notifications,
        "id": update.id,
        "incident_id": incident.id,
    }


def _component(site: PublicSite, component: PublicComponent, clock: _Clock) -> dict[str, object]:
    return {
        "status": component.status,
        "name": component.name,
        "created_at": clock(component.created_at),
        "updated_at": clock(component.updated_at),
        "position": component.position,
        "description": component.description,
        "showcase": component.showcase,
        "id": component.id,
        "page_id": site.page.id,
        "group_id": component.group_id,
    }
