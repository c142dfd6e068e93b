"""Copies folders without their symbolic links, for a site generator that follows links."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ...stores import links


class Copies:
    """Folders without links, until `close`. root: base of reported paths. source: the folder of the pages."""

    def __init__(self, root: Path, source: str) -> None:
        self._root, self.source = root, source
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self.left_out: list[str] = []

    def plain(self, folder: Path) -> Path:
        """The folder itself if there is no link in it or on the path to it, else a copy without links."""
        relative = folder.relative_to(self._root).as_posix() if folder.is_relative_to(self._root) else folder.name
        base = self._root if folder.is_relative_to(self._root) else folder.parent
        found = list(links.in_places(base, [relative]))
        if not found:
            return folder
        self.left_out += found
        self._scratch = self._scratch or tempfile.TemporaryDirectory(prefix="sevlog-plain-")
        copy = Path(self._scratch.name) / str(len(self.left_out))
        copy.mkdir()
        if links.first_on_the_way(base, relative) is None:
            links.copy_without(folder, copy)
        return copy

    def close(self) -> None:
        """Delete the copies."""
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None
