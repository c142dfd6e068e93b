"""Text for people: role cards, and the roles with who holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..screen import style

if TYPE_CHECKING:
    from ...model.guidance.role_cards import RoleCard
    from ...services.views.guide_documents import Roles


def card(one: RoleCard) -> str:
    """A role card: first what to do now, then what the role answers for."""
    whom = f"{one.person}, you are " if one.person else ""
    more = "".join([" (you lead)" if one.lead else "", f", for {one.workstream}" if one.workstream else ""])
    lines = [style(f"{whom}{one.name}{more}", bold=True)]
    lines += _part("First moves", one.first_moves)
    lines += _part("Duties", one.duties)
    lines += _part("Talk in", one.channels)
    lines += _part("With you", one.team)
    return "\n".join(lines)


def roles(document: Roles) -> str:
    """The catalogue: one line for each role, with who holds it in the incident, if there is one."""
    width = max(len(row.card.role) for row in document.roles)
    lines = [style(f"Roles in {document.incident}" if document.incident else "Roles", bold=True)]
    for row in document.roles:
        held = ", ".join(row.holders) or ("nobody, and it is needed" if row.needed else "-")
        needed = ", ".join((*row.severities, *row.types))
        told = held if document.incident else f"needed for {needed}" if needed else ""
        lines.append(f"  {row.card.role:{width}}  {told}".rstrip())
    return "\n".join([*lines, "", "The card of one: sevlog roles ROLE"])


def _part(title: str, rows: tuple[str, ...]) -> list[str]:
    return ["", f"{title}:", *(f"  - {row}" for row in rows)] if rows else []
