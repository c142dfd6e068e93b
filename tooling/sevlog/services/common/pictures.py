"""The pictures of published postmortems: files of the evidence folder that their text names, fit to publish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ...model.public.postmortem_text import local_images
from ...model.public.site import PublicSite
from ...stores import files, layout, links

if TYPE_CHECKING:
    from ...adapters.pictures import Picture

_EVIDENCE = re.compile(r"evidence(/[A-Za-z0-9_][A-Za-z0-9._-]*)+")


class UnfitPicture(Exception):
    """Why a picture that a text names cannot be published."""


def picture(root: Path, incident: str, name: str) -> Picture:
    """A picture that the text of a postmortem names. root: of the records. Raises UnfitPicture."""
    from ...adapters.pictures import MOST_BYTES, BadPicture, published

    if not _EVIDENCE.fullmatch(name):
        raise UnfitPicture("only pictures below evidence/ of the incident are published")
    relative = str(layout.folder_of(incident) / name)
    if links.first_on_the_way(root, relative) is not None:
        raise UnfitPicture("it is a symbolic link")
    try:
        return published(files.read_plain(root / relative, MOST_BYTES))
    except OSError as error:
        raise UnfitPicture(f"it cannot be read: {error.strerror}") from None
    except BadPicture as error:
        raise UnfitPicture(str(error)) from None


def pictures(root: Path, site: PublicSite, records: dict[str, str]) -> Iterator[tuple[str, str, Picture]]:
    """Public id, name in the text, and picture, of every postmortem that is published; unfit ones are left out.

    records: public id -> the record's own id.
    """
    for incident in site.incidents:
        if incident.postmortem is None or incident.id not in records:
            continue
        for name in local_images(incident.postmortem.body):
            try:
                yield incident.id, name, picture(root, records[incident.id], name)
            except UnfitPicture:
                continue  # it stays a text; `publish` refuses it
