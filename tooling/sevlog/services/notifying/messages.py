"""Makes the message of one delivery: the wording for its audience, its thread, and a document for webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import msgspec

from ...adapters.delivery.base import Message
from ...model.comms.events import Event, is_outside
from ...model.comms.ledger import Row, Sheet, parts_of
from ...model.comms.opaque import opaque
from ...model.comms.template_facts import Outside
from ...model.config.notify import Route
from ...model.notices.personal import Personal
from ...model.notices.planned import Planned
from ...model.public.publication import publish
from ...model.public.site import PublicSite
from ...model.public.webhook_document import webhook_document
from ...model.vocabulary import Audience
from ..comms.template_texts import Wording, wording_and_view
from ..workspace import lookup
from .threads import corrected_by, root_of, standing_of

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace
    from .owed import Known


def reader(route: Route, event: Event) -> Audience:
    """The readers of an event on a route: customers, executives, else colleagues."""
    if isinstance(route, Planned):
        return route.reader
    if is_outside(route):
        return event.audience if event.audience in route.audiences and event.audience else "public"
    if route.audiences == ("executive",) or (event.audience == "executive" and "executive" in route.audiences):
        return "executive"
    return "internal"


def message(
    workspace: Workspace, incident: Known, key: str, route: Route, sheet: Sheet, sites: dict[str, PublicSite]
) -> Message:
    """The message for one row. Raises NotForAudience where its readers do not hear of it.

    sites: incident -> the page with it, for messages that are sent together; filled here.
    """
    name, to = parts_of(key)
    event, site = incident.events[name], workspace.config.page
    audience = reader(route, event)
    to_person = route if isinstance(route, Personal) else None
    said, view = wording_and_view(
        workspace, incident.record, event.subject, audience=audience, channel=route.channel, to=to_person
    )
    known = said.subject if to_person else _topic_to(incident, sheet, to) or said.subject or _topic(incident, sheet)
    return Message(
        key=opaque(f"{incident.record.id}:{key}"),
        thread=opaque(f"{said.thread}:{to}:{key}" if to_person else f"{said.thread}:{to}"),
        alert=opaque(incident.record.id),
        topic=known or site.name,
        headline=said.subject,
        text=said.text,
        plain=said.plain,
        short=said.short,
        at=event.at,
        domain=urlsplit(site.url).hostname or "sevlog.invalid",
        sender=site.name,
        document=_for_customers(workspace, incident, view, sites)
        if view is not None
        else _document(incident, event, said, to_person),
        url=said.url,
        first=to_person is not None or not _went_before(incident, key, sheet),
        signal=event.signal,
        urgent=event.signal == "trigger",
        level=_level(workspace, event),
        root=root_of(incident, key, sheet),
        replaces=corrected_by(incident, key, sheet),
        standing=standing_of(workspace, incident, key, route),
    )


def _went_before(incident: Known, key: str, sheet: Sheet) -> bool:
    """Whether the thread at this address has begun: with a message that went there, or that is sent before this one."""
    name, to = parts_of(key)
    rows = _of_threads(incident, sheet).items()
    others = {parts_of(k)[0]: row.state for k, row in rows if k != key and parts_of(k)[1] == to}
    return any(
        state in ("sent", "unknown") or (state == "claimed" and _place(incident, other) < _place(incident, name))
        for other, state in others.items()
    )


def _place(incident: Known, name: str) -> tuple[float, str]:
    """Where an event stands among those that are sent; first those that this checkout does not have."""
    event = incident.events.get(name)
    return event.at.timestamp() if event else 0.0, name


def _of_threads(incident: Known, sheet: Sheet) -> dict[str, Row]:
    """The rows without messages to people: each of these has a subject of its own, and is not part of a thread."""
    return {key: row for key, row in sheet.rows.items() if not isinstance(incident.route(key), Personal)}


def _topic_to(incident: Known, sheet: Sheet, to: str) -> str | None:
    """The subject of the thread at this address, once it has one."""
    rows = _of_threads(incident, sheet).items()
    return next((row.topic for key, row in rows if parts_of(key)[1] == to and row.topic), None)


def _topic(incident: Known, sheet: Sheet) -> str | None:
    """The subject of a thread at any address."""
    return next((row.topic for row in _of_threads(incident, sheet).values() if row.topic), None)


def _for_customers(workspace: Workspace, incident: Known, view: Outside, sites: dict[str, PublicSite]) -> bytes:
    """Statuspage's delivery. The state of the page counts all incidents that go on."""
    now, name = workspace.clock(), incident.record.id
    if name not in sites:
        others = (state.id for state in lookup.live_states(workspace) if state.id != name)
        sites[name] = publish([incident.record, *map(workspace.record, others)], workspace.config, now)
    return webhook_document(sites[name], view.incident, now)


def _document(incident: Known, event: Event, said: Wording, to: Personal | None) -> bytes:
    """What a webhook for colleagues gets. A restricted incident is not named."""
    state = incident.state
    document = {
        "schema": "1",
        "events": sorted(event.names),
        "entry": event.entry,
        "at": event.at,
        "incident": state.id,
        "title": state.card.title,
        "status": state.status,
        "severity": state.severity,
        "priority": state.priority,
        "lead": state.lead,
        "components": state.components,
        "audience": event.audience,
        "text": said.text,
        "url": said.url,
        "correction": said.correction,
    }
    if to is not None:
        document |= {"notice": to.notice, "person": to.person}
    return msgspec.json.encode(document)


def _level(workspace: Workspace, event: Event) -> Literal["critical", "error", "warning", "info"]:
    if event.severity is None:
        return "info"
    return "critical" if workspace.config.is_major(event.severity) else "warning"
