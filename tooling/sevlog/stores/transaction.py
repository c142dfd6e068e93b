"""One act, one commit: files are written and committed together, or the tree is as it was before.

A journal in the git directory names what is being written. A process that dies leaves the journal, and the next one
puts the tree right before it does anything: a file that did not make it into HEAD is taken away again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..errors import GitTrouble, InvalidRecord
from . import files, plumbing
from .git import Git

_DURABLE = ("-c", "core.fsync=committed,reference", "-c", "core.fsyncMethod=fsync")


@contextlib.contextmanager
def exclusive(git: Git) -> Iterator[None]:
    """Hold the lock of this checkout, so that two commands never write at once; repair what a dead one left.

    The lock ends with the process that holds it, however that ends: it cannot go stale.
    """
    folder = git.folder / "sevlog"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            _recover(git)
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


def write_only(git_root: Path, contents: Mapping[str, bytes]) -> None:
    """Write files without a commit (`--no-commit`); on a failure those already written are taken away again."""
    written: dict[Path, bytes | None] = {}
    try:
        for name, data in contents.items():
            path = files.inside(git_root, name)
            written[path] = path.read_bytes() if path.exists() else None
            files.write_whole(path, data)
    except BaseException:
        _put_back(git_root, written)
        raise


def commit(git: Git, contents: Mapping[str, bytes], message: str, *, replace: frozenset[str] = frozenset()) -> str:
    """Write the files and commit exactly them; the commit's id. Call it while holding `exclusive`.

    contents: path relative to the repository -> whole content. Paths not in `replace` must be new.
    message: subject, blank line, body and trailers. The user's hooks and signing apply; the index, the working tree
    and the configuration keep whatever else is in them.
    Raises GitTrouble (hook, identity, merge under way …) or InvalidRecord; the tree is then as before.
    """
    git.require_ready()
    before = _originals(git, contents, replace)
    journal = _write_journal(git, contents, before)
    fresh = [name for name in contents if name not in replace]
    try:
        for name, data in contents.items():
            files.write_whole(git.root / name, data, new=name not in replace)
        commit_id = _commit(git, list(contents), fresh, message)
    except FileExistsError as error:
        _undo(git, before, fresh)
        _drop_journal(git, journal)
        raise InvalidRecord(
            f"{error.filename2 or error.filename} appeared meanwhile", "run the command again"
        ) from None
    except BaseException:
        _undo(git, before, fresh)
        _drop_journal(git, journal)
        raise
    try:
        plumbing.into_index(git, list(contents))
    except GitTrouble:  # the commit stands; the journal stays, and the next command brings the index up to date
        return commit_id
    _drop_journal(git, journal)
    return commit_id


def _commit(git: Git, names: list[str], fresh: list[str], message: str) -> str:
    """Commit the files: object by object, or by `git commit` where hooks want to see it. The commit's id."""
    configured = plumbing.settings(git)
    if not plumbing.has_commit_hooks(git, configured.get("core.hookspath")):
        sign = configured.get("commit.gpgsign", "false").lower() in ("true", "yes", "on", "1", "")
        return plumbing.commit_beside(git, names, message, sign=sign, durable=_DURABLE)
    if fresh:
        git.run("add", "--intent-to-add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul", data=_nul(fresh))
    _commit_only(git, names, message)
    return git.text("rev-parse", "HEAD")


def _commit_only(git: Git, names: list[str], message: str) -> None:
    """`commit --only`: git builds the commit from HEAD plus these paths, beside the user's index, with all hooks."""
    folder = git.folder / "sevlog"
    text = folder / "message"
    text.write_text(message, "utf-8")
    try:
        git.run(
            *_DURABLE, "commit", "--quiet", "--no-status", "--cleanup=whitespace", f"--file={text}",
            "--only", "--pathspec-from-file=-", "--pathspec-file-nul", data=_nul(names),
        )  # fmt: skip
    finally:
        text.unlink(missing_ok=True)


def _nul(names: list[str]) -> bytes:
    return b"\0".join(name.encode() for name in names)


def _originals(git: Git, contents: Mapping[str, bytes], replace: frozenset[str]) -> dict[Path, bytes | None]:
    before: dict[Path, bytes | None] = {}
    dirty = git.changed(*sorted(replace)) if replace else []
    if dirty:
        raise GitTrouble(
            f"{', '.join(dirty)} has changes of yours that are not committed; they would end up in this commit",
            f"commit them first: git commit {' '.join(dirty)}",
        )
    for name in contents:
        path = files.inside(git.root, name)
        before[path] = path.read_bytes() if name in replace else None
        if name not in replace and path.exists():
            raise InvalidRecord(f"{name} is there already", "run the command again")
    return before


def _put_back(root: Path, before: Mapping[Path, bytes | None]) -> None:
    for path, data in before.items():
        if data is None:
            files.remove_file(path, root)
        else:
            files.write_whole(path, data)


def _undo(git: Git, before: Mapping[Path, bytes | None], fresh: list[str]) -> None:
    _put_back(git.root, before)
    if fresh:
        git.run("rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--pathspec-from-file=-",
                "--pathspec-file-nul", data=_nul(fresh), check=False)  # fmt: skip


def _write_journal(git: Git, contents: Mapping[str, bytes], before: Mapping[Path, bytes | None]) -> Path:
    """What is about to be written: for each path a mark of the new content and where the old one is kept."""
    folder = git.folder / "sevlog"
    rows = {}
    for number, (name, (path, old)) in enumerate(zip(contents, before.items(), strict=True)):
        kept = None
        if old is not None:
            kept = f"before-{number}"
            files.write_whole(folder / kept, old)
        rows[name] = {"kept": kept, "mark": _mark(contents[name]), "path": str(path.name)}
    journal = folder / "journal.json"
    files.write_whole(journal, json.dumps({"root": str(git.root), "pid": os.getpid(), "rows": rows}).encode())
    return journal


def _mark(data: bytes) -> str:
    """Tells our content from another's: length and checksum (loading a hash library costs more)."""
    return f"{len(data)}-{zlib.crc32(data):08x}"


def _drop_journal(git: Git, journal: Path) -> None:
    journal.unlink(missing_ok=True)
    for kept in journal.parent.glob("before-*"):
        kept.unlink(missing_ok=True)


def _recover(git: Git) -> None:
    """Put right what a process left that died between its first write and its commit."""
    journal = git.folder / "sevlog" / "journal.json"
    if not journal.exists():
        return
    rows = json.loads(journal.read_text("utf-8"))["rows"]
    landed = []
    for name, row in rows.items():
        path = git.root / name
        committed = git.run("cat-file", "blob", f"HEAD:./{name}", check=False)
        if committed.returncode == 0 and _mark(committed.stdout) == row["mark"]:
            landed.append(name)
            continue
        if row["kept"] is not None:
            files.write_whole(path, (journal.parent / row["kept"]).read_bytes())
            continue
        if path.exists() and _mark(path.read_bytes()) == row["mark"]:
            files.remove_file(path, git.root)
        git.run("rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--", name, check=False)
    if landed:
        plumbing.into_index(git, landed)
    _drop_journal(git, journal)
