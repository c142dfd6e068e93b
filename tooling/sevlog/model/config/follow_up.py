"""The section `follow_up` of sevlog.yaml: where action items are done."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from ..forms import ShortText
from .comms import Settings


class CodeRepository(Settings, frozen=True, kw_only=True):
    """A git repository whose commits do action items, by the trailer `Incident-Action`."""

    url: Annotated[ShortText, Meta(description="Its address; or a path, from the folder of the records.")]
    branch: Annotated[ShortText | None, Meta(description="The branch that counts; default: its main branch.")] = None


class FollowUp(Settings, frozen=True, kw_only=True):
    """Where action items are done. `sevlog action sync` reads it."""

    repositories: Annotated[
        tuple[CodeRepository, ...], Meta(description="Besides the repository of the records, which always counts.")
    ] = ()
