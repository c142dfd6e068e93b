"""The page of a record at the forge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...adapters.forges.requests import address_of_folder, place_of
from ...stores import layout

if TYPE_CHECKING:
    from .workspace import Workspace


def record_link(workspace: Workspace, incident: str) -> str | None:
    """The page of the record at the forge that the remote is on; None where there is none."""
    how = workspace.config.git
    url = workspace.git.remote_url(how.remote) if workspace.git.present else None
    place = place_of(url) if url else None
    folder = f"{workspace.git.prefix}{layout.folder_of(incident)}"
    branch = f"incident/{incident}" if how.flow == "pull-request" else how.branch
    return address_of_folder(place, branch, folder) if place else None
