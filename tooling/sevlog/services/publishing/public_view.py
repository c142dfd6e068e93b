"""From a records repository to the public view that its site is built from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from ...errors import InvalidRecord
from ...model.problem import Problem
from ...model.public.components import Published, assemble, directory
from ...model.public.publication import merge_of, published
from ...model.public.site import PublicSite
from ...stores.worker_processes import parts_for, shared
from ..common.pictures import pictures
from ..workspace.catalog import Catalog
from ..workspace.workspace import Workspace

if TYPE_CHECKING:
    from ...adapters.pictures import Picture


class Publishable(Struct, frozen=True, kw_only=True):
    """The public view, and what was found in records that could not be read and are therefore missing from it.

    pictures: public id -> name in the text of its postmortem -> the picture.
    """

    site: PublicSite
    pictures: dict[str, dict[str, Picture]] = {}
    unreadable: tuple[Problem, ...] = ()


class _Part(Struct, frozen=True, kw_only=True):
    """Some records as the public may see them."""

    views: list[Published]
    merged: dict[str, str]
    unreadable: list[Problem]


def publishable(
    workspace: Workspace, as_of: datetime | None = None, processes: int | None = None, *, remember: bool = True
) -> Publishable:
    """Everything the public may see of the workspace's records as it stood at `as_of` (default: the clock's now).

    processes: how many share the work (default: as many as pay off); the result is the same. remember: whether the
    index may be used.
    Raises InvalidRecord where sevlog.yaml cannot be read; a record that cannot be read never hides another one.
    """
    config, at = workspace.config, as_of or workspace.clock()
    _check_zone(config.page.time_zone)
    catalog = Catalog(workspace, remember=remember)
    catalog.index.survey()
    catalog.index.file.share()
    paths, listed = catalog.paths, directory(config)

    def read(part: int, parts: int) -> _Part:
        """Each record is published as soon as it is read, so that no two of them are held at once."""
        made = _Part(views=[], merged={}, unreadable=[])
        for path in paths[len(paths) * part // parts : len(paths) * (part + 1) // parts]:
            reading = catalog.reading(path)
            if reading.record is None:
                made.unreadable.extend(reading.problems[:1])
                continue
            made.merged.update(merge_of(reading.record, config, at))
            if view := published(reading.record, config, at, listed):
                made.views.append(view)
        catalog.save()
        return made

    found = shared(read, _Part, processes or parts_for(len(paths)))
    merged = {incident: into for part in found for incident, into in part.merged.items()}
    views = [view for part in found for view in part.views]
    site = assemble(views, config, at, merged)
    shown: dict[str, dict[str, Picture]] = {}
    for public_id, name, one in pictures(workspace.root, site, {view.incident.id: view.record for view in views}):
        shown.setdefault(public_id, {})[name] = one
    return Publishable(
        site=site, pictures=shown, unreadable=tuple(problem for part in found for problem in part.unreadable)
    )


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidRecord(
            f"sevlog.yaml: page.time_zone: `{name}` is not an IANA time zone",
            "example: Europe/Berlin; if no name works: pip install tzdata",
        ) from None
