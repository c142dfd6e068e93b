"""The page of a record at the forge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...adapters.forges.requests import Place, address_of_folder, address_of_new_file, place_of
from ...stores import layout

if TYPE_CHECKING:
    from .workspace import Workspace


def record_link(workspace: Workspace, incident: str) -> str | None:
    """The page of the record at the forge that the remote is on; None where there is none."""
    how, place = workspace.config.git, _place(workspace)
    if place is None:
        return None
    folder = f"{workspace.git.prefix}{layout.folder_of(incident)}"
    branch = f"incident/{incident}" if how.flow == "pull-request" else how.branch
    return address_of_folder(place, branch, folder)


def new_file_link(workspace: Workspace) -> str | None:
    """The forge's page for a new file on the branch of the records, with {path} and {text} to fill in."""
    place = _place(workspace)
    return address_of_new_file(place, workspace.config.git.branch) if place else None


def _place(workspace: Workspace) -> Place | None:
    url = workspace.git.remote_url(workspace.config.git.remote) if workspace.git.present else None
    return place_of(url) if url else None
