"""Shipped defaults, adapted to the roles, severities and priorities that a company has replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def adapt(given: Mapping[str, Any], merged: dict[str, Any]) -> None:
    """Change what in `merged` comes from the defaults and names roles, severities or priorities that were replaced.

    given: sevlog.yaml as written. merged: it with the defaults; its parts are replaced and not changed in place.
    An approver that does not exist becomes the role that leads. Other names that do not exist are left out.
    """
    if _keys(given, "roles"):
        _adapt_roles(given, merged)
    if _keys(given, "severities"):
        _adapt_severities(given, merged)
    if _keys(given, "priorities") and "priority_matrix" not in given:
        _adapt_matrix(merged)


def _adapt_roles(given: Mapping[str, Any], merged: dict[str, Any]) -> None:
    known, lead = _keys(merged, "roles"), _lead(merged["roles"])
    comms = merged.get("comms")
    if isinstance(comms, dict) and isinstance(comms.get("audiences"), dict):
        written = _mapping(_mapping(given.get("comms")).get("audiences"))
        audiences = {
            name: {**plan, "approver": lead}
            if isinstance(plan, dict)
            and plan.get("approver") not in (None, "nobody", *known)
            and "approver" not in _mapping(written.get(name))
            else plan
            for name, plan in comms["audiences"].items()
        }
        merged["comms"] = {**comms, "audiences": audiences}
    policies = merged.get("policies")
    if isinstance(policies, dict) and isinstance(policies.get("postmortem"), dict):
        written = _mapping(_mapping(given.get("policies")).get("postmortem"))
        merged["policies"] = {**policies, "postmortem": _with_known_reviewers(policies["postmortem"], written, known)}
    if "types" not in given:
        merged["types"] = [_with_known_roles(kind, known) for kind in merged["types"]]


def _with_known_reviewers(rules: dict[str, Any], written: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """`policies.postmortem` without the default roles that do not exist."""
    found = dict(rules)
    if "board_role" not in written and rules.get("board_role") not in known:
        found["board_role"] = None
    if "reviewer_roles" not in written:
        found["reviewer_roles"] = [role for role in rules.get("reviewer_roles", ()) if role in known]
    return found


def _with_known_roles(kind: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    required = [role for role in _mapping(kind.get("roles")).get("required", ()) if role in known]
    return {**kind, "roles": {"required": required}} if "roles" in kind else kind


def _adapt_severities(given: Mapping[str, Any], merged: dict[str, Any]) -> None:
    known = _keys(merged, "severities")
    majors = [row["key"] for row in merged["severities"] if isinstance(row, dict) and row.get("major") is True]
    if "roles" not in given:
        merged["roles"] = [
            {**role, "required": {**role["required"], "severities": majors}}
            if "severities" in _mapping(role.get("required"))
            else role
            for role in merged["roles"]
        ]
    if "actions" not in _mapping(given.get("policies")):
        actions = _mapping(_mapping(merged.get("policies")).get("actions"))
        kept = {name: _only(row, (*known, "default")) for name, row in actions.items()}
        merged["policies"] = {**merged["policies"], "actions": kept}


def _adapt_matrix(merged: dict[str, Any]) -> None:
    """The default matrix by place: its most urgent level is the first of the list, and so on to the last."""
    known = _keys(merged, "priorities")
    shipped = sorted({level for row in merged["priority_matrix"].values() for level in row.values()})
    place = {level: known[min(number, len(known) - 1)] for number, level in enumerate(shipped)}
    merged["priority_matrix"] = {
        scope: {urgency: place[level] for urgency, level in row.items()}
        for scope, row in merged["priority_matrix"].items()
    }


def _lead(roles: object) -> str:
    rows = [role for role in roles if isinstance(role, dict)] if isinstance(roles, list) else []
    leading = [role for role in rows if role.get("leads") is True] or [r for r in rows if r.get("single_lead") is True]
    return str(next(iter((*leading, *rows)), {}).get("key", ""))


def _keys(data: Mapping[str, Any], section: str) -> tuple[str, ...]:
    rows = data.get(section)
    return (
        tuple(str(row["key"]) for row in rows if isinstance(row, dict) and "key" in row)
        if isinstance(rows, list)
        else ()
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _only(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in _mapping(row).items() if name in names}
