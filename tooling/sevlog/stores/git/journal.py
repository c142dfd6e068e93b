"""What is being written, told before the first write; and how to put things right when its writer failed or died.

The journal is in the git directory. As long as it exists, the act that it describes is settled one way or the
other before anything else is written: the commit landed, and the index follows it; or every file is as before.
"""

from __future__ import annotations

import json
import os
import shlex
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from ...errors import GitTrouble
from .. import files
from . import stale_locks
from .command import Git
from .waiting import Waiting


class JournalRow(TypedDict):
    """A file of an act. mark: of its new content; None if the act removes it. kept: the copy of its old content."""

    mark: str | None
    kept: str | None


class Journal(TypedDict):
    """journal.json. rows: by path. made: the new folders. head, pid: the commit before the act, and its process."""

    rows: dict[str, JournalRow]
    made: list[str]
    head: str | None
    pid: int


_PATIENCE = 10.0
"""Seconds to wait for a git process that outlived its sevlog, or is someone else's."""

_PAUSE = 0.05
_FEW = 200
"""Paths that are named to git one by one."""


def folder(git: Git) -> Path:
    """Where sevlog keeps what is its own in the git directory."""
    return git.folder / "sevlog"


def begin(git: Git, contents: Mapping[str, bytes], replaced: frozenset[str], gone: Sequence[str] = ()) -> None:
    """Write the journal of an act: per path a mark of the new content, and a copy of the old if there is one.

    gone: files that the act takes away. HEAD has them word for word, so no copy is kept.
    """
    place = folder(git)
    rows: dict[str, dict[str, object]] = {}
    missing: dict[Path, None] = {}
    for number, (name, data) in enumerate(contents.items()):
        kept = None
        path = git.root / name
        if name in replaced:
            kept = f"before-{number}"
            files.write_whole(place / kept, path.read_bytes())
        missing.update(dict.fromkeys(files.missing_folders(path)))
        rows[git.prefix + name] = {"kept": kept, "mark": _mark(data)}
    rows |= {git.prefix + name: {"kept": None, "mark": None} for name in gone}
    made = sorted(missing, key=lambda path: len(path.parts), reverse=True)
    tale = {"head": git.head(), "pid": os.getpid(), "rows": rows, "made": [_below(git, path) for path in made]}
    files.write_whole(place / "journal.json", json.dumps(tale).encode())


def end(git: Git) -> None:
    """The act is settled."""
    place = folder(git)
    (place / "journal.json").unlink(missing_ok=True)
    for kept in (place / "message", *place.glob("before-*")):
        kept.unlink(missing_ok=True)


def open_one(git: Git) -> bool:
    """Whether there is an act that was not settled."""
    return (folder(git) / "journal.json").exists()


def settle(git: Git, patience: float | None = None) -> bool:
    """Settle the act of the journal; whether its commit landed. Without a journal there is nothing to do (False).

    patience: seconds to wait for another git process.

    Raises GitTrouble, and leaves the journal, where git is in the way.
    """
    if not open_one(git):
        end(git)
        return False
    tale = _read(git)
    top = Git(git.top)
    wait_for_git(top, patience)
    rows = tale["rows"]
    landed = _landed(top, tale)
    gone = {name: None for name, row in rows.items() if row["mark"] is None}
    for name, row in rows.items():
        path = top.root / name
        for draft in files.drafts_of(path):
            draft.unlink(missing_ok=True)
        if not landed and row["mark"] is not None:
            _put_back(path, row, folder(git))
    if not landed:
        _bring_back(top, list(gone))
    _index(top, [n for n, row in rows.items() if landed or row["kept"]], "--add", "--remove")
    if not landed:
        _index(top, [n for n, row in rows.items() if not row["kept"] and n not in gone], "--force-remove")
        files.remove_folders([top.root / name for name in tale["made"]])
    end(git)
    return landed


def withdraw(git: Git) -> bool:
    """Take an act back of which git has seen nothing, because another git held the index: new files that are neither
    in the index nor committed. Whether it was such a one; the index is only read, so there is nothing to wait for."""
    if not open_one(git):
        return False
    tale = _read(git)
    top = Git(git.top)
    rows = tale["rows"]
    if top.head() != tale["head"] or any(row["kept"] or row["mark"] is None for row in rows.values()):
        return False
    names = [f":(top,literal){name}" for name in rows]
    if len(names) > _FEW or top.text("ls-files", "--cached", "--", *names):
        return False
    for name, row in rows.items():
        for draft in files.drafts_of(top.root / name):
            draft.unlink(missing_ok=True)
        _put_back(top.root / name, row, folder(git))
    files.remove_folders([top.root / name for name in tale["made"]])
    end(git)
    return True


def _read(git: Git) -> Journal:
    path = folder(git) / "journal.json"
    try:
        tale: Journal = json.loads(path.read_text("utf-8"))
        assert isinstance(tale["rows"], dict) and isinstance(tale["made"], list)
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise GitTrouble(
            f"{path} describes an unfinished entry and cannot be read: {error}",
            f"check with git status, repair the files, then remove {path}",
        ) from None
    return tale


def _below(git: Git, path: Path) -> str:
    return path.relative_to(git.top).as_posix()


def _mark(data: bytes) -> str:
    """Tells our content from another's: length and checksum (loading a hash library costs more)."""
    return f"{len(data)}-{zlib.crc32(data):08x}"


def _put_back(path: Path, row: JournalRow, place: Path) -> None:
    """As before, unless someone has changed it since."""
    if not path.exists() or path.is_symlink() or _mark(path.read_bytes()) != row["mark"]:
        return
    if row["kept"] is None:
        path.unlink()
        return
    kept = place / row["kept"]
    try:
        kept.replace(path)  # needs no space on a full disk
    except OSError:  # the git directory is on another file system
        files.write_whole(path, kept.read_bytes())


def _bring_back(top: Git, names: list[str]) -> None:
    """What the act had taken away, from HEAD; what someone has put there since is left as it is."""
    missing = [name for name in names if not (top.root / name).exists()]
    if missing:
        data = b"\0".join(f":(top,literal){name}".encode() for name in missing)
        top.run_patiently("checkout", "--quiet", "HEAD", "--pathspec-from-file=-", "--pathspec-file-nul", data=data)


def _landed(top: Git, tale: Journal) -> bool:
    """Whether HEAD has moved to a commit that has the act's files: one path tells, a commit is whole."""
    head, before = top.head(), tale["head"]
    if head is None or head == before:
        return False
    name = next(iter(tale["rows"]))
    then = top.text("ls-tree", before, "--", name) if before else ""
    return top.text("ls-tree", head, "--", name) != then


def _index(top: Git, names: list[str], *how: str) -> None:
    if names:
        data = b"\0".join(name.encode() for name in names) + b"\0"
        top.run_patiently("update-index", *how, "-z", "--stdin", data=data)


def wait_for_git(top: Git, patience: float | None = None) -> None:
    """Wait for a commit that outlived its sevlog; take away a lock that no living process can hold."""
    patience = _PATIENCE if patience is None else patience
    deadline = time.monotonic() + patience
    wait: Waiting | None = None
    while locks := _locks(top):
        if stale_locks.are(locks, top.places):
            for path in locks:
                path.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise GitTrouble(
                "a git process is using this repository, or one crashed and left its lock; "
                "an unfinished entry is waiting",
                "wait and try again; if no git is running, remove the lock: rm "
                + " ".join(f"'{path}'" for path in locks),
            )
        wait = wait or Waiting(
            f"waiting for another git process that holds {locks[0]}, up to {patience:g} seconds "
            f"(if no git is running: rm {shlex.quote(str(locks[0]))})"
        )
        wait.go_on()
        time.sleep(_PAUSE)


def _locks(top: Git) -> list[Path]:
    """The locks that `git commit` and `git update-index` take, as far as they are there."""
    candidates = [top.folder / "index.lock", top.folder / "HEAD.lock", *top.folder.glob("next-index-*.lock")]
    branch = top.branch
    if branch is not None:
        candidates.append(top.common_folder / "refs" / "heads" / f"{branch}.lock")
    return [path for path in candidates if path.exists()]
