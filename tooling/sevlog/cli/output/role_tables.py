"""Prints role cards, and a table of the roles and their holders."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ..screen import style
from .table import padded, width

if TYPE_CHECKING:
    from ...model.guidance.role_cards import RoleCard, RoleStanding
    from ...services.views.guide_documents import Roles

_COLUMNS = 80
_LEAST = 20
"""The columns of a row, and the columns for its text even where the keys are long."""


def card(one: RoleCard) -> str:
    """A role card: first steps, then duties, limits, channels and team."""
    greeting = f"{one.person}, you are " if one.person else ""
    more = "".join([" (you lead)" if one.lead else "", f", for {one.workstream}" if one.workstream else ""])
    lines = [style(f"{greeting}{one.name}{more}", bold=True)]
    lines += _section("First steps", one.first_moves)
    lines += _section("Duties", one.duties)
    lines += _section("Limits", one.limits)
    lines += _section("Channels", one.channels)
    lines += _section("Team", one.team)
    return "\n".join(lines)


def roles(document: Roles) -> str:
    """The roles with their holders in the incident; without one, when they are required, and their limits."""
    size = max(width(row.card.role) for row in document.roles)
    lines = [style(f"Roles in {document.incident}" if document.incident else "Roles", bold=True)]
    for row in document.roles:
        held = ", ".join(row.holders) or ("nobody (needed)" if row.needed else "-")
        cells = [held] if document.incident else _limits(row, document, _COLUMNS - size - 4)
        first, *more = cells or [""]
        lines.append(f"  {padded(row.card.role, size)}  {first}".rstrip())
        lines += [f"{'':{size + 4}}{text}" for text in more]
    return "\n".join([*lines, "", "To see the card of a role: sevlog roles ROLE"])


def _limits(row: RoleStanding, document: Roles, room: int) -> list[str]:
    """When a role is required, then its limits, in lines of this many columns."""
    names = {other.card.role: other.card.name for other in document.roles}
    needed = ", ".join((*row.severities, *row.types))
    limits = (
        "leads" if row.leads else "",
        f"deputy for {names.get(row.deputy_for, row.deputy_for)}" if row.deputy_for else "",
        "one lead" if row.single_lead else "",
        f"at most {row.max_holders}" if row.max_holders else "",
        *(f"not with {names.get(other, other)}" for other in row.not_with),
    )
    texts = (f"required for {needed}" if needed else "", "; ".join(text for text in limits if text))
    return [line for text in texts for line in textwrap.wrap(text, max(room, _LEAST))]


def _section(title: str, rows: tuple[str, ...]) -> list[str]:
    return ["", f"{title}:", *(f"  - {row}" for row in rows)] if rows else []
