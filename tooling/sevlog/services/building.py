"""From a records repository to the public view that its site is built from."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from ..errors import InvalidRecord
from ..model.incident import Record
from ..model.problem import Problem
from ..model.public import PublicSite
from ..model.publication import publish
from ..stores import records
from .workspace import Workspace


class Publishable(Struct, frozen=True, kw_only=True):
    """The public view, and what was found in records that could not be read and are therefore missing from it."""

    site: PublicSite
    unreadable: tuple[Problem, ...] = ()


def publishable(workspace: Workspace, as_of: datetime | None = None) -> Publishable:
    """Everything the public may see of the workspace's records as it stood at `as_of` (default: the clock's now).

    Raises InvalidRecord where sevlog.yaml cannot be read; a record that cannot be read never hides another one.
    """
    _check_zone(workspace.config.page.time_zone)
    found: list[Record] = []
    unreadable: list[Problem] = []
    for reading in records.read_all(workspace.root):
        if reading.record is not None:
            found.append(reading.record)
        else:
            unreadable.extend(reading.problems[:1])
    site = publish(found, workspace.config, as_of or workspace.clock())
    return Publishable(site=site, unreadable=tuple(unreadable))


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidRecord(
            f"sevlog.yaml: page.time_zone: `{name}` is not an IANA time zone",
            "such as Europe/Berlin or Etc/UTC; where none is known: pip install tzdata",
        ) from None
