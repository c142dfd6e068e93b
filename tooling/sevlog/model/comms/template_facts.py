"""The facts that templates can use. Facts for customers come only from the public view.

Two tables: PUBLIC takes only a `PublicSite`, so no template can publish anything that the public view does not have.
INSIDE adds the facts for colleagues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..config.settings import Config
from ..public.site import PublicIncident, PublicPage, PublicSite, PublicUpdate
from ..timeline.entries import ActionTaken
from ..timeline.state import State
from ..vocabulary import in_words

Facts = dict[str, str | None]
"""Name -> text; None if it is not known."""


class Outside(Struct, frozen=True, kw_only=True):
    """The source of the public facts. `incident` has the update to send as its newest one."""

    site: PublicSite
    incident: PublicIncident
    update: PublicUpdate

    @property
    def page(self) -> PublicPage:
        return self.site.page

    @property
    def hit(self) -> list[tuple[str, str]]:
        """Names and states of the affected components: those that do not work now, else all."""
        touched = [c for c in self.site.components if c.id in self.incident.components]
        now = [c for c in touched if c.status != "operational"]
        return [(c.name, in_words(c.status)) for c in now or touched]

    def clock(self, at: datetime | None) -> str | None:
        """A time in the time zone of the page."""
        return moment(at, self.page.time_zone)


PUBLIC: dict[str, tuple[str, Callable[[Outside], str | None]]] = {
    "page_name": ("the name of the page", lambda o: o.page.name),
    "page_url": ("its address", lambda o: o.page.url),
    "support_url": ("where readers get help", lambda o: o.page.support_url),
    "title": ("the title: for customers the public one", lambda o: o.incident.name),
    "url": ("the address of the incident on the page", lambda o: o.incident.shortlink),
    "phase": ("investigating, identified …", lambda o: in_words(o.update.phase)),
    "components": ("the affected components, by name", lambda o: listed(name for name, _ in o.hit)),
    "states": ("the same with their states", lambda o: "; ".join(f"{n}: {s}" for n, s in o.hit) or None),
    "started_at": ("since when", lambda o: o.clock(o.incident.started_at)),
    "ended_at": ("until when; only once it is over", lambda o: o.clock(o.incident.ended_at)),
    "lasted": ("how long it took; only once it is over", lambda o: _lasted(o.incident)),
    "window_start": ("when the maintenance begins", lambda o: o.clock(o.incident.scheduled_for)),
    "window_end": ("when the maintenance should be over", lambda o: o.clock(o.incident.scheduled_until)),
    "next_update_at": ("when the next update is promised", lambda o: o.clock(o.update.next_update_at)),
    "said_before": ("the text of the previous update", lambda o: _said_before(o)),
}
"""Fact -> description and text. Every template may use these."""


class Inside(Struct, frozen=True, kw_only=True):
    """The source of the facts for colleagues. phase, next_update_at: of the update to send."""

    state: State
    config: Config
    phase: str | None = None
    next_update_at: datetime | None = None

    def clock(self, at: datetime | None) -> str | None:
        """A time in the time zone of the page."""
        return moment(at, self.config.page.time_zone)

    @property
    def window(self) -> tuple[datetime | None, datetime | None]:
        """The window of a maintenance."""
        planned = self.state.card.scheduled
        return (planned.start, planned.end) if planned else (None, None)

    def channel(self, *kinds: str) -> str | None:
        """The address of the last channel of a type."""
        return next((c.url for c in reversed(self.state.channels) if not kinds or c.type in kinds), None)


INSIDE: dict[str, tuple[str, Callable[[Inside], str | None]]] = {
    "id": ("the incident's id", lambda i: i.state.id),
    "title": ("the internal title", lambda i: i.state.card.title),
    "drill": ("present if it is a drill", lambda i: "yes" if i.state.card.kind == "drill" else None),
    "public_title": ("what customers read as the title", lambda i: i.state.card.public_title),
    "severity": ("SEV1 …", lambda i: i.state.severity),
    "severity_name": ("Critical …", lambda i: _level_name(i)),
    "priority": ("P1 …", lambda i: i.state.priority),
    "status": ("fixing, monitoring …", lambda i: in_words(i.state.status)),
    "summary": ("what the emergency is", lambda i: i.state.card.summary),
    "lead": ("who leads it", lambda i: i.state.lead),
    "roles": ("who has which role", lambda i: _roles(i.state)),
    "place": ("the main channel: the first chat room, else any channel", lambda i: _place(i)),
    "chat": ("the chat room", lambda i: i.channel("chat")),
    "video": ("the call", lambda i: i.channel("video")),
    "document": ("the state document", lambda i: i.channel("document")),
    "customer_impact": ("what customers can no longer do", lambda i: i.state.assessment.customer_impact),
    "employee_impact": ("what colleagues can no longer do", lambda i: i.state.assessment.employee_impact),
    "symptoms": ("what customers see", lambda i: i.state.assessment.symptoms),
    "scope": ("all, some or none of the customers", lambda i: i.state.assessment.scope),
    "affected": ("how many customers are affected", lambda i: _affected(i.state)),
    "support_cases": ("how many support cases there are", lambda i: _cases(i.state)),
    "factors": ("security, legal …", lambda i: listed(map(in_words, i.state.assessment.factors or ()))),
    "phase": ("investigating, identified …", lambda i: in_words(i.phase) if i.phase else None),
    "components": ("the affected components, including private ones", lambda i: listed(n for n, _ in _hit(i))),
    "states": ("the same with their states", lambda i: "; ".join(f"{n}: {s}" for n, s in _hit(i)) or None),
    "window_start": ("when the maintenance begins", lambda i: i.clock(i.window[0])),
    "window_end": ("when the maintenance should be over", lambda i: i.clock(i.window[1])),
    "next_update_at": ("when the next update is promised", lambda i: i.clock(i.next_update_at)),
    "started_at": ("since when", lambda i: i.clock(i.state.milestones.started_at)),
    "raised_at": ("when it was raised", lambda i: i.clock(i.state.milestones.raised_at)),
    "mitigated_at": ("when it was mitigated", lambda i: i.clock(i.state.milestones.mitigated_at)),
    "ended_at": ("until when; only once it is over", lambda i: i.clock(i.state.milestones.ended_at)),
    "lasted": ("how long the impact took; only once it is over", lambda i: _took(i.state)),
    "mitigation": ("the last mitigation", lambda i: _mitigation(i.state)),
    "theories": ("the theories that are open or supported", lambda i: _theories(i.state)),
    "reason": ("the reason of the last status change", lambda i: _reason(i.state)),
    "relapses": ("how often it returned", lambda i: str(i.state.relapses) if i.state.relapses else None),
    "postmortem_owner": ("who owns the postmortem", lambda i: getattr(i.state.postmortem, "owner", None)),
    "postmortem_due": ("when the postmortem is due", lambda i: getattr(i.state.postmortem, "due", None)),
}
"""Fact -> description and text. Facts that are not in PUBLIC are only for templates for colleagues."""

SAID: dict[str, str] = {
    "text": "the text from the author: of the command, or of the update that is sent",
    "update_at": "when the update was written",
    "correction": "present if this corrects an earlier update",
    "retraction": "present if this retracts an earlier update",
    "told_to": "the audience of the update, for colleagues who read it: customers …",
}
"""Facts of the message, for every audience."""


NOTICE: dict[str, str] = {
    "person": "who gets the message, in messages to people",
    "role": "the role that the person gets or is offered",
    "card": "the card of that role: first steps, duties, channels",
    "from": "who offers the role",
    "tasks": "the open tasks of the person",
    "due": "when the update that a reminder is about, or the review of a postmortem, is due",
    "told": "the audience of that update: customers …",
    "told_key": "the same, as it is typed: public …",
}
"""Facts of messages to people: role_card, handover, stand_down, reminder, review and notice_subject."""


def public_facts(outside: Outside) -> Facts:
    """The facts for customers."""
    return {name: tell(outside) for name, (_, tell) in PUBLIC.items()}


def inside_facts(inside: Inside) -> Facts:
    """The facts for colleagues, besides the public ones."""
    return {name: tell(inside) for name, (_, tell) in INSIDE.items()}


def moment(at: datetime | None, zone: str) -> str | None:
    """A time in a time zone, to the minute: 2026-11-23 15:07 CET."""
    if at is None:
        return None
    local = at.astimezone(ZoneInfo(zone))
    name = local.tzname() or ""
    return f"{local:%Y-%m-%d %H:%M} {name if name[:1].isalpha() else 'UTC' + local.isoformat()[-6:]}"


def span(length: timedelta) -> str:
    """A length of time in words: 1 minute, 2 hours 5 minutes, 3 days 4 hours."""
    minutes = max(round(length.total_seconds() / 60), 1)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in [p for p in parts if p[0]][:2])


def listed(names: Iterable[str]) -> str | None:
    """Names as in a sentence: a, b and c. None if there are none."""
    found = list(names)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found) or None


def _lasted(incident: PublicIncident) -> str | None:
    if incident.ended_at is None or incident.ended_at < incident.started_at:
        return None
    return span(incident.ended_at - incident.started_at)


def _said_before(outside: Outside) -> str | None:
    updates = outside.incident.updates
    place = next((n for n, update in enumerate(updates) if update.id == outside.update.id), 0)
    return updates[place + 1].body if place + 1 < len(updates) else None


def _level_name(inside: Inside) -> str | None:
    level = inside.config.severity(inside.state.severity)
    return level.name if level else None


def _place(inside: Inside) -> str | None:
    return next((c.url for c in inside.state.channels if c.type == "chat"), inside.channel())


def _roles(state: State) -> str | None:
    return "; ".join(f"{in_words(h.role)}: {h.person}" for h in state.holders) or None


def _affected(state: State) -> str | None:
    known = state.assessment
    parts = [f"{known.affected_count:,} customers" if known.affected_count is not None else None]
    parts.append(f"{known.affected_percent:g} % of them" if known.affected_percent is not None else None)
    return ", ".join(part for part in parts if part) or None


def _cases(state: State) -> str | None:
    cases = state.assessment.support_cases
    return str(cases if isinstance(cases, int) else len(cases)) if cases is not None else None


def _hit(inside: Inside) -> list[tuple[str, str]]:
    names = {c.key: c.name for c in inside.config.components}
    states = inside.state.components
    now = {key: state for key, state in states.items() if state != "operational"} or states
    return [(names.get(key, key), in_words(state)) for key, state in now.items()]


def _took(state: State) -> str | None:
    clocks = state.milestones
    if state.live or clocks.started_at is None or clocks.ended_at is None or clocks.ended_at < clocks.started_at:
        return None
    return span(clocks.ended_at - clocks.started_at)


def _mitigation(state: State) -> str | None:
    found = [i.effective for i in state.timeline if isinstance(i.effective, ActionTaken)]
    return next((a.text for a in reversed(found) if a.type in ("mitigation", "rollback")), None)


def _theories(state: State) -> str | None:
    held = [f"- {ref} ({t.state}): {t.text or ''}" for ref, t in state.theories.items() if t.state != "refuted"]
    return "\n".join(held) or None


def _reason(state: State) -> str | None:
    return state.status_steps[-1].reason if state.status_steps else None
