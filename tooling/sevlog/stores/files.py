"""Files: read with bounds and never through a link, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from ..errors import InvalidRecord
from . import links

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES})
_LINKED = "symbolic link; records must be regular files"
_NO_FILE = "not a regular file"
_READ_ONLY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PORTION = 65_536
"""What is read at once, in bytes; most files are smaller."""


def read_plain(path: str | Path, limit: int) -> bytes:
    """The bytes of a plain file; of one that is longer than `limit`, that many and one more.

    Nothing is followed and nothing waited for: a symbolic link, a folder, a pipe, a socket and a device are refused.
    Raises FileNotFoundError where nothing is, else OSError with the reason as its `strerror`.
    """
    try:
        handle = os.open(path, _READ_ONLY)
    except OSError as error:
        said = {errno.ELOOP: _LINKED, errno.ENXIO: _NO_FILE}.get(error.errno or 0)  # ENXIO: a socket
        if said is None:
            raise
        raise OSError(error.errno, said, str(path)) from None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            code = errno.EISDIR if stat.S_ISDIR(state.st_mode) else errno.ENXIO
            raise OSError(code, os.strerror(code) if code == errno.EISDIR else _NO_FILE, str(path))
        return _up_to(handle, limit + 1, state.st_size)
    finally:
        os.close(handle)


def code_of(error: OSError) -> str:
    """What a finding about a file that `read_plain` refused is called."""
    return "symbolic_link" if error.errno == errno.ELOOP else "unreadable"


def _up_to(handle: int, most: int, size: int) -> bytes:
    data = os.read(handle, min(most, _PORTION))
    if len(data) == size:
        return data
    parts, left = [data], most - len(data)
    while data and left:
        data = os.read(handle, left)
        parts.append(data)
        left -= len(data)
    return b"".join(parts)


def write_whole(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a file so that a reader, or a power cut, sees the old content or the new one, never a part.

    new: refuse (FileExistsError) where something is there already, even if it appeared this very moment.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # a file stands where a folder must be
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), error.filename) from None
    draft = path.parent / f".{path.name}.{os.urandom(4).hex()}.tmp"
    try:
        with draft.open("xb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        if new:
            _publish(draft, path)
        else:
            _keep_mode(path, draft)
            draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _publish(draft: Path, path: Path) -> None:
    """Give the draft its name. A link fails where the name is taken; a rename would overwrite."""
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():  # a file system without links
            raise FileExistsError(errno.EEXIST, "already exists", str(path)) from None
        draft.replace(path)
    else:
        draft.unlink()


def _keep_mode(path: Path, draft: Path) -> None:
    with contextlib.suppress(OSError):
        draft.chmod(path.stat().st_mode & 0o777)


def drafts_of(path: Path) -> list[Path]:
    """What a process left beside `path` that died in `write_whole`."""
    if not path.parent.is_dir():
        return []
    head = f".{path.name}."
    return [other for other in path.parent.iterdir() if other.name.startswith(head) and other.name.endswith(".tmp")]


def missing_folders(path: Path) -> list[Path]:
    """The folders that would have to be made for this file, the innermost first."""
    missing = []
    folder = path.parent
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    return missing


def remove_folders(folders: list[Path]) -> None:
    """Remove those of the folders that are empty, in this order."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def inside(root: Path, relative: str) -> Path:
    """The path below `root`. Raises InvalidRecord where it would lie outside, or behind a symbolic link."""
    if ".." in relative.split("/"):
        raise InvalidRecord(f"{relative} is outside the repository", "use a path inside the repository")
    link = links.first_on_the_way(root, relative)
    if link is not None:
        raise InvalidRecord(
            f"{link} is a symbolic link; sevlog does not write through links",
            "replace it with the file or folder itself",
        )
    return root / relative
