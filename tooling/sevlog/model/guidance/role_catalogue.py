"""Makes role cards: for new holders of a role (S63), and all of them as the catalog of roles (S87, S88)."""

from __future__ import annotations

from collections.abc import Sequence

from ..config.roles import Role
from ..config.settings import Config
from ..timeline.entries import Assigned, Handover
from ..timeline.entry_parts import Entry
from ..timeline.state import Holder, State
from ..vocabulary import in_words
from .role_cards import RoleCard, RoleStanding
from .workload import missing_roles


def handed(entries: Sequence[Entry], state: State, config: Config) -> tuple[RoleCard, ...]:
    """The cards for the people who get a role by these entries. state: after the entries."""
    found = []
    for entry in entries:
        if isinstance(entry, Assigned):
            found.append(card_for(entry.role, entry.person, state, config, entry.workstream))
        elif isinstance(entry, Handover) and entry.accepted and entry.to:
            found.append(card_for(entry.role, entry.to, state, config, None))
    return tuple(found)


def catalogue(state: State | None, config: Config) -> tuple[RoleStanding, ...]:
    """All roles in the order of sevlog.yaml; with a state, their holders and whether they are missing."""
    missing = missing_roles(state, config) if state and state.live else ()
    return tuple(
        RoleStanding(
            card=_card(role, config),
            needed=role.key in missing,
            leads=role.key in config.lead_roles,
            single_lead=role.single_lead,
            max_holders=role.max_holders,
            not_with=excluded_by(role, config),
            deputy_for=role.deputy_for,
            severities=role.required.severities if role.required else (),
            types=types_that_need(role.key, role, config),
            holders=tuple(
                _holder_text(h.person, _leads(h, state), h.workstream)
                for h in (state.holders if state else ())
                if h.role == role.key
            ),
        )
        for role in config.roles
    )


def _leads(holder: Holder, state: State | None) -> bool:
    """Whether a holder leads: the one that is named as lead, else the first of the role that leads (S65)."""
    is_lead = state is not None and holder.role in state.lead_roles and holder.person == state.lead
    return holder.lead or (is_lead and holder.workstream is None)


def types_that_need(key: str, role: Role, config: Config) -> tuple[str, ...]:
    """The incident types that require a role, by the settings of the role or of the type."""
    own = role.required.types if role.required else ()
    theirs = (kind.key for kind in config.types if kind.roles and key in kind.roles.required)
    return tuple(dict.fromkeys((*own, *theirs)))


def card_for(key: str, person: str, state: State, config: Config, workstream: str | None) -> RoleCard:
    """The card of a role for a person in an incident."""
    role = next((role for role in config.roles if role.key == key), Role(key=key))
    leads = any(h.lead for h in state.holders if (h.role, h.person, h.workstream) == (key, person, workstream))
    return _card(
        role,
        config,
        person=person,
        lead=leads,
        workstream=workstream,
        channels=tuple(f"{channel.type} {channel.url}" for channel in state.channels),
        team=tuple(
            f"{in_words(h.role)}: {_holder_text(h.person, h.lead, h.workstream)}"
            for h in state.holders
            if (h.role, h.person) != (key, person)
        ),
    )


def excluded_by(role: Role, config: Config) -> tuple[str, ...]:
    """The roles that its holder should not have too, whichever of the two roles names the other (S87)."""
    theirs = (other.key for other in config.roles if role.key in other.not_with)
    return tuple(dict.fromkeys((*role.not_with, *theirs)))


def limits(role: Role, config: Config) -> tuple[str, ...]:
    """What limits a role, in sentences for its card (S13)."""
    severities = role.required.severities if role.required else ()
    types = types_that_need(role.key, role, config)
    most = role.max_holders
    said = (
        "Leads the response" if role.key in config.lead_roles else "",
        f"Deputy for {_named(role.deputy_for, config)}" if role.deputy_for else "",
        f"Required at severity {', '.join(severities)}" if severities else "",
        f"Required for incidents of type {', '.join(types)}" if types else "",
        "Exactly one holder is the lead at any time" if role.single_lead else "",
        f"At most {most} {'person' if most == 1 else 'people'} at a time, workstreams not counted" if most else "",
        *(
            f"Not for a person who is also {_named(other, config)} on a major incident"
            for other in excluded_by(role, config)
        ),
    )
    return tuple(text for text in said if text)


def _named(key: str, config: Config) -> str:
    """A role by its name, with the key that one types."""
    return f"{config.role_name(key)} ({key})"


def _card(
    role: Role,
    config: Config,
    *,
    person: str | None = None,
    lead: bool = False,
    workstream: str | None = None,
    channels: tuple[str, ...] = (),
    team: tuple[str, ...] = (),
) -> RoleCard:
    return RoleCard(
        role=role.key,
        name=role.name or in_words(role.key).capitalize(),
        person=person,
        lead=lead,
        workstream=workstream,
        duties=role.duties,
        first_moves=role.first_moves,
        limits=limits(role, config),
        channels=channels,
        team=team,
    )


def _holder_text(person: str, lead: bool, workstream: str | None) -> str:
    more = ", ".join(part for part in ("leads" if lead else "", workstream or "") if part)
    return f"{person} ({more})" if more else person
