"""A page of the site before it is put into its shell, and links between pages."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import blake2b
from typing import Literal

from msgspec import Struct

from ...errors import SevlogError
from ..markup.html import Html

# One shell is rendered for each kind, except for "embed"; all pages of a kind are at the same depth.
PageKind = Literal[
    "home", "history", "maintenance", "postmortems", "subscribe",
    "month", "incident", "component", "postmortem", "internal", "embed",
]  # fmt: skip
_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")


class SitePage(Struct, frozen=True, kw_only=True):
    """A page. `path` is its folder, ending in a slash, or empty for home. `is_open`: the record is not over.

    `title`, `description` and `headline` (home's state in one line) are plain text.
    """

    kind: PageKind
    path: str
    title: str
    description: str
    body: Html
    updated_at: datetime | None = None
    is_open: bool = False
    headline: str = ""


class PageLocation(Struct, frozen=True):
    """Makes relative links from a page, so that the site works below any prefix and from files.

    `index` is "index.html" where links must name the file, else empty. `folder` is that of a further language (de/),
    which has the pages `translated`; links to others lead to the first language.
    """

    path: str
    index: str = ""
    folder: str = ""
    translated: frozenset[str] = frozenset()

    @property
    def original(self) -> str:
        """The path of the page in the first language."""
        return self.path[len(self.folder) :]

    def to(self, path: str) -> str:
        """The address of another page or file of the site, seen from this page. `path` may carry a fragment."""
        target, mark, fragment = path.partition("#")
        if self.folder and target in self.translated:
            target = self.folder + target
        if target == self.path and mark:
            return f"#{fragment}"
        if not target or target.endswith("/"):
            target += self.index
        up = "../" * self.path.count("/")
        return (up + target or "./") + mark + fragment


def segment(public_id: str) -> str:
    """A public id as one part of a path. Unsafe ids, which imports can have, are replaced by a hash."""
    if _SEGMENT.fullmatch(public_id) and not public_id.endswith("."):
        return public_id
    return "x" + blake2b(public_id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def checked_path(path: str) -> str:
    """A path below the root of the site. Raises SevlogError for a path that could leave it."""
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or ":" in path or any(part in ("", ".", "..") for part in parts):
        raise SevlogError(f"`{path}` is not a path below the site's folder")
    return path
