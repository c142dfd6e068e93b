"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ..errors import InvalidRecord


def write_whole(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a file so that a reader, or a power cut, sees the old content or the new one, never a part.

    new: refuse (FileExistsError) where something is there already, even if it appeared this very moment.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{path.name}.{os.urandom(4).hex()}.tmp"
    try:
        with draft.open("xb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        if new:
            os.link(draft, path)  # fails where the name is taken; a rename would overwrite
            draft.unlink()
        else:
            draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def remove_file(path: Path, top: Path) -> None:
    """Remove a file and the folders that it leaves empty, up to but without `top`."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    folder = path.parent
    while folder != top and top in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def inside(root: Path, relative: str) -> Path:
    """The path below `root`. Raises InvalidRecord where it would lie outside, by `..` or through a symbolic link."""
    path = root / relative
    parent = path.parent.resolve()
    if root.resolve() not in (parent, *parent.parents) or path.is_symlink():
        raise InvalidRecord(f"{relative} leads out of the repository", "remove the symbolic link")
    return path
