"""One act, one commit: files are written and committed together, or the tree is as it was before."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ...errors import GitTrouble, InvalidRecord, SevlogError
from .. import files
from . import fast_commit, fast_forward, journal, lock, scratch, stale_locks
from .command import Git, IndexLocked

CHECK_HOOK = "sevlog-check"
"""The id of the hook that `init` writes into .pre-commit-config.yaml."""

DURABLE = (
    "-c",
    "core.fsync=committed,reference",
    "-c",
    "core.fsyncMethod=fsync",
    "-c",
    "core.safecrlf=false",
    "-c",
    "i18n.commitEncoding=UTF-8",
)
"""Git options: a commit is on the disk when it is reported, and our text is stored unchanged."""

_AFTER_FAILURE = 1.0
"""Seconds to wait for another git once more, when an act has failed because of it: the next command puts things right
just as well."""

_FEW = 200
"""Paths that are named to git one by one."""


@contextlib.contextmanager
def exclusive(git: Git) -> Iterator[None]:
    """Hold the lock of this checkout, so that two commands never write at once; settle what a dead one left.

    Who holds it already may ask again. Raises GitTrouble where another command holds it for too long.
    """
    if git.held:
        yield
        return
    with lock.take(journal.folder(git) / "lock"):
        git.held = True
        try:
            journal.settle(git)
            fast_forward.settle(git)
            scratch.sweep(git)
            for place in {git.folder, git.common_folder}:
                stale_locks.sweep(place, git.places)
            yield
        finally:
            git.held = False


def repair(git: Git) -> None:
    """Settle what a dead command left, if that is possible at once; else leave it for the next one that writes."""
    with contextlib.suppress(SevlogError, OSError):
        if git.present and journal.open_one(git) and not (git.folder / "index.lock").exists():
            with lock.take(journal.folder(git) / "lock", patience=0):
                journal.settle(git)


def write_only(git_root: Path, contents: Mapping[str, bytes]) -> None:
    """Write files without a commit (`--no-commit`); on a failure those already written are taken away again."""
    before: dict[Path, bytes | None] = {}
    made: list[Path] = []
    try:
        for name, data in contents.items():
            path = files.inside(git_root, name)
            made[:0] = files.missing_folders(path)
            before[path] = path.read_bytes() if path.exists() else None
            files.write_whole(path, data)
    except BaseException as error:
        for path, old in before.items():
            if old is not None:
                files.write_whole(path, old)
            else:
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    path.unlink()
        files.remove_folders(made)
        if isinstance(error, OSError):
            raise unwritable(error) from None
        raise


class NewCommit(NamedTuple):
    """A commit to be made: exactly these files.

    message: subject, blank line, body and trailers. contents: path relative to the repository -> whole content.
    replaced: those of the paths that exist; the others must be new. removed: committed files that go.
    """

    message: str
    contents: Mapping[str, bytes]
    replaced: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()


def commit(git: Git, new: NewCommit, *, on_branch: bool = True) -> str:
    """Write the files and commit exactly them; the commit's id. Call it while holding `exclusive`.

    on_branch: a commit on no branch is refused. The user's hooks and signing apply; the index, the working tree and
    the configuration keep whatever else is in them.
    Raises GitTrouble (hook, identity, merge under way, disk …) or InvalidRecord; the tree is then as before.
    """
    message, contents, replaced, removed = new
    git.require_ready(on_branch=on_branch)
    _check_paths(git, contents, replaced, removed)
    made: str | None = None
    gone = sorted(removed)
    try:
        journal.begin(git, contents, replaced, gone)
        for name, data in contents.items():
            files.write_whole(git.root / name, data, new=name not in replaced)
        for name in gone:
            (git.root / name).unlink()
        made = _commit(git, list(contents), [name for name in contents if name not in replaced], gone, message)
    except BaseException as error:  # noqa: BLE001 - whatever it was: put back, then tell
        if _is_index_taken(git, error) or not _settled_as_landed(git):
            raise _as_sevlog_error(error) from None
    journal.end(git)
    files.remove_folders(list(dict.fromkeys((git.root / name).parent for name in gone)))
    return made or git.text("rev-parse", "HEAD")


def _is_index_taken(git: Git, error: BaseException) -> bool:
    """Whether another git held the index, so that there is nothing to settle with git."""
    try:
        return isinstance(error, IndexLocked) and journal.withdraw(git)
    except (SevlogError, OSError):
        return False


def _settled_as_landed(git: Git) -> bool:
    """Whether the commit is there all the same (an interruption came a moment too late)."""
    try:
        return journal.settle(git, _AFTER_FAILURE)
    except (SevlogError, OSError):  # the journal stays: the next command settles it
        return False


def _as_sevlog_error(error: BaseException) -> BaseException:
    if isinstance(error, FileExistsError):
        name = error.filename2 or error.filename
        return InvalidRecord(f"{name} was created in the meantime", "run the command again")
    return unwritable(error) if isinstance(error, OSError) else error


def unwritable(error: OSError) -> GitTrouble:
    """What to say of a file that cannot be written."""
    where = error.filename2 or error.filename
    return GitTrouble(
        f"{where or 'the repository'} cannot be written: {error.strerror or error}",
        "nothing was recorded; free space or fix the permissions, then run the command again",
    )


def _commit(git: Git, names: list[str], fresh: list[str], gone: list[str], message: str) -> str:
    """Commit the files: object by object, or by `git commit` where hooks want to see it. The commit's id."""
    configured = fast_commit.settings(git)
    if not fast_commit.commit_hooks(git, configured):
        sign = fast_commit.is_true(configured.get("commit.gpgsign"))
        made = fast_commit.commit_beside(git, names, message, sign=sign, durable=DURABLE, gone=gone)
        fast_commit.tidy_when_due(git, configured)
        return made
    if fresh:
        git.run_patiently(*DURABLE, "add", "--intent-to-add", "--force", *_FROM_INPUT, data=_literal(fresh))
    _commit_only(git, [*names, *gone], message, configured)
    return git.text("rev-parse", "HEAD")


def _own_commit() -> dict[str, str]:
    """What hooks see: the act was judged before it was written, so the check that `init` configures is not run again.
    The user's hooks run, and can read SEVLOG_COMMIT."""
    skipped = [name for name in os.environ.get("SKIP", "").split(",") if name]
    return {"SEVLOG_COMMIT": "1", "SKIP": ",".join(dict.fromkeys((*skipped, CHECK_HOOK)))}


_FROM_INPUT = ("--pathspec-from-file=-", "--pathspec-file-nul")


def _literal(names: list[str]) -> bytes:
    """Paths for `--pathspec-from-file`; the environment must not say so, because hooks would inherit it."""
    return b"\0".join(f":(literal){name}".encode() for name in names)


def _commit_only(git: Git, names: list[str], message: str, configured: dict[str, str]) -> None:
    """`commit --only`: git builds the commit from HEAD plus these paths, beside the user's index, with all hooks."""
    text = journal.folder(git) / "message"
    text.write_text(message, "utf-8")
    try:
        git.run_patiently(
            *DURABLE,
            "commit",
            "--quiet",
            "--no-status",
            "--cleanup=whitespace",
            f"--file={text}",
            "--only",
            *_FROM_INPUT,
            data=_literal(names),
            environment=_own_commit(),
        )
    except GitTrouble as trouble:
        hooks = ", ".join(name for name in fast_commit.commit_hooks(git, configured) if name != "post-commit")
        if hooks and trouble.message.startswith("git commit failed"):
            raise GitTrouble(
                f"{trouble.message}; nothing was recorded; a commit hook ({hooks}) may have rejected it",
                *trouble.hints,
                "fix what the hook reports, then run the command again",
            ) from None
        raise
    finally:
        text.unlink(missing_ok=True)


def _check_paths(git: Git, contents: Mapping[str, bytes], replace: frozenset[str], remove: frozenset[str]) -> None:
    dirty = [name for name in _changed(git, sorted(replace | remove)) if not _is_taken_over(git, name, contents)]
    if dirty:
        paths = " ".join(shlex.quote(path) for path in dirty)
        raise GitTrouble(
            f"{', '.join(dirty)} has uncommitted changes, which would become part of this commit",
            f"commit them first: git -C {shlex.quote(str(git.top))} commit -- {paths}",
        )
    for name in contents:
        path = files.inside(git.root, name)
        if name not in replace and path.exists():
            raise InvalidRecord(f"{name} already exists", "run the command again")
    for name in remove:
        if not files.inside(git.root, name).is_file():
            raise InvalidRecord(f"{name} no longer exists", "run the command again")


def _is_taken_over(git: Git, name: str, contents: Mapping[str, bytes]) -> bool:
    """Whether the file holds just what is to be committed: then nothing of the user's is swept along."""
    wanted = contents.get(name.removeprefix(git.prefix))
    with contextlib.suppress(OSError):
        return wanted is not None and files.inside(git.root, name.removeprefix(git.prefix)).read_bytes() == wanted
    return False


def _changed(git: Git, names: list[str]) -> list[str]:
    """Those of the paths that have changes of the user's own."""
    if len(names) <= _FEW:
        return git.changed(*names) if names else []
    above = sorted({name.partition("/")[0] for name in names})  # more than a command line holds
    return sorted({git.prefix + name for name in names} & set(git.changed(*above)))
