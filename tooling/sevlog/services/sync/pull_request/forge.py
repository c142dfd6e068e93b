"""Asks the forge to take a branch: a pull request that is open, or the address where a person opens it."""

from __future__ import annotations

from msgspec.structs import replace

from ....adapters.forges import programs as forges_programs
from ....adapters.forges import requests as forges_requests
from ....stores.history import remote
from ...workspace.workspace import Workspace
from ..sync_result import Sync
from .description import words_for
from .record import main_of


def ask(workspace: Workspace, branch: str, done: Sync, told: tuple[str, ...]) -> Sync:
    """See to it that a pull request is open, or say where to open it."""
    git, settings = workspace.git, workspace.config.git
    tip = git.commit_of(remote.tracking(settings.remote, branch)) or main_of(workspace)
    title, body = words_for(workspace, branch, tip, main_of(workspace))
    draft = forges_requests.Draft(branch=branch, base=settings.branch, title=title, body=body)
    place = forges_requests.place_of(git.address(settings.remote))
    asked = forges_programs.Asked()
    if place is not None:
        asked = forges_programs.ask(place, draft, environment=workspace.environment)
    word = place.word if place else "pull request"
    warnings = [*done.warnings]
    if asked.closed:
        warnings.append(f"{asked.closed} was closed without a merge; a new one requests the same changes")
    if asked.trouble:
        warnings.append(f"could not open the {word}: {asked.trouble}")
    if asked.url:
        hint = f"{word}{' opened' if asked.new else ''}: {asked.url}"
        return replace(done, requests=(*done.requests, asked.url), warnings=tuple(warnings), hints=(*done.hints, hint))
    url = forges_requests.offered(told) or (forges_requests.address_to_open(place, draft) if place else None)
    where = (
        url
        or f"from `{branch}` into `{settings.branch}`, at {settings.remote} ({_shown(git.address(settings.remote))})"
    )
    return replace(done, warnings=tuple(warnings), hints=(*done.hints, f"open a {word}: {where}"))


def _shown(address: str) -> str:
    """An address without a password in it."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else address
