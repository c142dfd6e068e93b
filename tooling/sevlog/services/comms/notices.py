"""The facts and the templates of messages to people: role cards, offers, standing down, reminders."""

from __future__ import annotations

from datetime import datetime

from ...model.comms.template_facts import Facts, moment, span
from ...model.config.settings import Config
from ...model.guidance.comms_stages import audience_name
from ...model.guidance.role_cards import RoleCard
from ...model.guidance.role_catalogue import card_for
from ...model.notices.personal import Personal
from ...model.timeline.entries import Assigned, Handover
from ...model.timeline.entry_parts import Entry
from ...model.timeline.state import State
from ...model.vocabulary import in_words


def notice_facts(to: Personal, said: Entry, state: State, config: Config, now: datetime) -> Facts:
    """What the templates of messages to people may have besides the facts for colleagues."""
    facts: Facts = {
        "person": to.person,
        "text": "",
        "role": None,
        "card": None,
        "from": None,
        "tasks": _tasks(state, to),
        "due": None,
    }
    if to.notice == "role_card" and isinstance(said, Assigned):
        card = card_for(said.role, said.person, state, config, said.workstream)
        part = f" for {said.workstream}" if said.workstream else ""
        facts |= {"role": card.name, "card": card_text(card)}
        facts["text"] = f"you are {card.name}{part}{' and lead the response' if card.lead else ''}"
    elif to.notice == "handover" and isinstance(said, Handover):
        name = config.role_name(said.role)
        facts |= {"role": name, "from": said.from_, "text": f"{said.from_} offers you the role {name}"}
    elif to.notice == "stand_down":
        facts["text"] = f"{in_words(state.status)}, you can stand down"
    elif to.notice == "review":
        facts["text"] = "the postmortem waits for your review"
        if to.due is not None:
            facts |= {"due": moment(to.due, config.page.time_zone), "text": "the review of the postmortem is overdue"}
    elif to.due is not None and to.told is not None:
        facts |= {"due": moment(to.due, config.page.time_zone), "told": audience_name(to.told), "told_key": to.told}
        when = f"overdue for {span(now - to.due)}" if now >= to.due else f"due in {span(to.due - now)}"
        facts["text"] = f"the update to {audience_name(to.told)} is {when}"
    return facts


def _tasks(state: State, to: Personal) -> str | None:
    mine = [f"- {ref}: {task.text}" for ref, task in state.tasks.items() if _is_open(task.state, task.assignee, to)]
    return "\n".join(mine) or None


def _is_open(state: str, assignee: str | None, to: Personal) -> bool:
    return state == "open" and assignee == to.person


def card_text(card: RoleCard) -> str:
    """A role card as Markdown."""
    parts = [
        ("Your first steps", card.first_moves),
        ("Your duties", card.duties),
        ("Good to know", card.limits),
        ("Channels", card.channels),
        ("Who else", card.team),
    ]
    return "\n\n".join(f"**{head}**\n\n" + "\n".join(f"- {row}" for row in rows) for head, rows in parts if rows)
