"""Prints role cards, and a table of the roles and their holders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..screen import style

if TYPE_CHECKING:
    from ...model.guidance.role_cards import RoleCard
    from ...services.views.guide_documents import Roles


def card(one: RoleCard) -> str:
    """A role card: first steps, then duties, channels and team."""
    greeting = f"{one.person}, you are " if one.person else ""
    more = "".join([" (you lead)" if one.lead else "", f", for {one.workstream}" if one.workstream else ""])
    lines = [style(f"{greeting}{one.name}{more}", bold=True)]
    lines += _section("First steps", one.first_moves)
    lines += _section("Duties", one.duties)
    lines += _section("Channels", one.channels)
    lines += _section("Team", one.team)
    return "\n".join(lines)


def roles(document: Roles) -> str:
    """One line for each role, with its holders in the incident if there is one."""
    width = max(len(row.card.role) for row in document.roles)
    lines = [style(f"Roles in {document.incident}" if document.incident else "Roles", bold=True)]
    for row in document.roles:
        held = ", ".join(row.holders) or ("nobody (needed)" if row.needed else "-")
        needed = ", ".join((*row.severities, *row.types))
        text = held if document.incident else f"required for {needed}" if needed else ""
        lines.append(f"  {row.card.role:{width}}  {text}".rstrip())
    return "\n".join([*lines, "", "To see the card of a role: sevlog roles ROLE"])


def _section(title: str, rows: tuple[str, ...]) -> list[str]:
    return ["", f"{title}:", *(f"  - {row}" for row in rows)] if rows else []
