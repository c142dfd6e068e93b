"""Gives a site generator that follows symbolic links folders that have none."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ...stores import links


class Copies:
    """Folders without links, until `close`. root: what paths are told from. source: where the pages come from."""

    def __init__(self, root: Path, source: str) -> None:
        self._root, self.source = root, source
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self.left_out: list[str] = []

    def plain(self, folder: Path) -> Path:
        """The folder itself where no link is in it or on the way to it, else a copy without any."""
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
        """Take the copies away."""
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None
