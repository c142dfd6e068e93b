"""Who acts: named, from the environment, or matched from git's mail address without storing any address."""

from __future__ import annotations

import re

from ...errors import GitTrouble, UsageError
from ...model.rules.known_names import person_line
from ...model.suggestions import did_you_mean
from ...model.vocabulary import AUTOMATION
from ..workspace.workspace import Workspace


def acting_person(workspace: Workspace, named: str | None) -> str:
    """The handle of the person who acts.

    named: what --as says; else SEVLOG_PERSON; else the person of oncall.yaml whose `email_sha256` is the hash of git's
    user.email, or whose handle or forge handle is its local part. With no people in oncall.yaml the local part is
    taken as it is. Raises UsageError (unknown person) or GitTrouble (git has no address).
    """
    chosen = named or workspace.environment.get("SEVLOG_PERSON")
    if chosen:
        return known_person(workspace, chosen)
    address = workspace.git.mail_address() if workspace.git.present else None
    if not address:
        raise GitTrouble(
            "it is not known who you are: git has no user.email",
            "say it each time: sevlog … --as PERSON",
            "or once for this terminal: export SEVLOG_PERSON=PERSON",
            "or for git: git config --global user.email you@example.org",
        )
    import hashlib

    digest = hashlib.sha256(address.strip().lower().encode()).hexdigest()
    local = re.sub(r"[^A-Za-z0-9._-]", "-", address.split("@")[0].split("+")[-1]).strip("-._") or "unknown"
    people = workspace.oncall.people
    for person in people:
        if person.email_sha256 == digest or local.lower() in (person.key.lower(), (person.forge or "").lower()):
            return person.key
    if not people:
        return local
    raise UsageError(
        f"git's user.email ({address}) does not match anybody in oncall.yaml",
        f"say it each time: sevlog … --as PERSON (people: {_listed([p.key for p in people])})",
        "or once for this terminal: export SEVLOG_PERSON=PERSON",
        f"to be recognized in future, add to your entry in oncall.yaml: email_sha256: {digest}",
    )


def _require_here(workspace: Workspace, handle: str) -> None:
    """Raise UsageError for somebody who left before today."""
    person = workspace.oncall.person(handle)
    last = person.last_day if person else None
    if last is not None and workspace.clock().date() > last:
        raise UsageError(
            f"{handle} left on {last.isoformat()} (`until` in oncall.yaml)", "see who is on call: sevlog oncall who"
        )


def known_person(workspace: Workspace, handle: str) -> str:
    """The handle, if oncall.yaml lists it (or nobody), or sevlog's own. Raises UsageError with the nearest names."""
    people = [p.key for p in workspace.oncall.people]
    if handle == AUTOMATION:
        return handle
    if not people or handle in people:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", handle):
            raise UsageError(f"`{handle}` is not a valid handle: use letters, digits, dots, hyphens and underscores")
        _require_here(workspace, handle)
        return handle
    raise UsageError(
        f"person `{handle}` is not listed in oncall.yaml",
        did_you_mean(handle, people),
        f"people: {_listed(people)}",
        f"for a new person, add to `people` in oncall.yaml: {person_line(handle)}",
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
