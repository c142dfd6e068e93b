"""Delivers one page: contact point by contact point, until one takes it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from ...adapters.delivery import addresses, trying
from ...adapters.delivery.base import PREFIX, BadAddress, Message
from ...model.comms.opaque import opaque
from ...model.oncall.page_text import PageText, page_text
from ...model.timeline.state import State
from ..workspace.record_address import record_link
from ..workspace.workspace import Workspace
from .calls import Call
from .documents import Delivery, Result


class Page(Struct, frozen=True, kw_only=True):
    """The content of a page. also: the other incidents that wait for the person."""

    state: State
    rank: str
    also: Sequence[State] = ()


def outcome(call: Call, result: Result, contact: str | None = None, reason: str = "", tries: int = 0) -> Delivery:
    """What became of a page on one contact point."""
    return Delivery(
        person=call.person,
        asked=call.asked,
        policy=call.policy,
        step=call.step,
        contact=contact,
        result=result,
        reason=reason,
        tries=tries,
    )


def deliver(workspace: Workspace, page: Page, call: Call, pause: trying.Pause, *, dry_run: bool) -> list[Delivery]:
    """One person, contact point by contact point until one takes it."""
    text = text_of(workspace, page, call)
    found: list[Delivery] = []
    for contact in call.contact:
        if not addresses.is_set(workspace.environment, contact):
            found.append(outcome(call, "failed", contact, f"{PREFIX}{contact} is not set in the environment"))
            continue
        try:
            carrier = addresses.carrier(workspace.environment, contact)
        except BadAddress as error:
            found.append(outcome(call, "failed", contact, error.message))
            continue
        if dry_run:
            return [*found, outcome(call, "would", contact, carrier.kind)]
        receipt, tries = trying.send(carrier, _message(workspace, page, text, call, contact), twice=True, pause=pause)
        if receipt.outcome == "sent":
            return [*found, outcome(call, "sent", contact, receipt.reason, tries)]
        found.append(outcome(call, "failed", contact, receipt.reason, tries))
    return found or [outcome(call, "failed", reason="no contact point in oncall.yaml")]


def text_of(workspace: Workspace, page: Page, call: Call | None = None) -> PageText:
    """The words of a page."""
    asked, said = (call.asked, call.said) if call else (None, None)
    link = record_link(workspace, page.state.id)
    return page_text(page.state, page.rank, asked=asked, said=said, link=link, also=page.also)


def _message(workspace: Workspace, page: Page, text: PageText, call: Call, contact: str) -> Message:
    site, now, state = workspace.config.page, workspace.clock(), page.state
    document = {
        "event": "page",
        "incident": state.id,
        "severity": state.severity,
        "priority": state.priority,
        "rank": text.rank,
        "text": text.plain,
        "answer": text.answer,
        "kind": state.card.kind,
        "link": text.link,
        "also_waiting": [other.id for other in page.also if other.card.visibility != "restricted"],
    }
    if state.card.visibility == "restricted":
        del document["incident"]
    return Message(
        key=opaque(f"{state.id}:{call.key}:{contact}"),
        thread=opaque(f"{state.id}:{contact}"),
        alert=opaque(state.id),
        topic=f"[{site.name}] page",
        headline=text.headline,
        text=text.text,
        plain=text.plain,
        short=text.short,
        at=now,
        domain=urlsplit(site.url).hostname or "sevlog.invalid",
        sender=site.name,
        document=msgspec.json.encode(document),
        url=text.link,
        first=True,
        signal="trigger",
        urgent=True,
        level="critical" if state.major else "error",
    )
