"""Plain `git` calls: one process each, arguments never read as options, every failure an error that says what to do."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from ...errors import GitTrouble
from . import stale_locks, trace
from .waiting import Waiting

_UNDER_WAY = (
    ("MERGE_HEAD", "a merge", "git merge --continue, or git merge --abort"),
    ("rebase-merge", "a rebase", "git rebase --continue, or git rebase --abort"),
    ("rebase-apply/applying", "git am", "git am --continue, or git am --abort"),
    ("rebase-apply", "a rebase", "git rebase --continue, or git rebase --abort"),
    ("CHERRY_PICK_HEAD", "a cherry-pick", "git cherry-pick --continue, or git cherry-pick --abort"),
    ("REVERT_HEAD", "a revert", "git revert --continue, or git revert --abort"),
    ("BISECT_LOG", "a bisect", "git bisect reset"),
)
_OF_ANOTHER_REPOSITORY = frozenset(
    [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_NAMESPACE",
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
    ]
)
_GRACE = 1.0
"""Seconds that a git which did not answer in time gets to take its locks away."""

_PAUSES = (0.03, 0.06, 0.12, 0.25, 0.5, 1.0, 2.0)
"""Seconds between tries while another git process holds the index; editors hold it for a blink, again and again."""


_NOT_SIGNED = (
    "failed to sign the data",
    "gpg failed to sign",
    "user.signingkey",
    "cannot run gpg",
    "Couldn't load public key",
    "Load key",
    "incorrect passphrase",
    "agent refused operation",
    "No private key found for",
)
"""Git's words where a signature could not be made, by OpenPGP, X.509 or SSH."""

_MOST_ABANDONED = 5
"""Locks of a dead git that are taken away for one command; it could hold as many as it has refs."""


class IndexLocked(GitTrouble):
    """Another git process holds the index, or one died and left its lock."""


class Git:
    """The git repository that holds the records. `root` is the records repository, which may be below its top."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.held = False
        """Whether this process holds the lock of the checkout (see stores/git/transaction)."""
        self._folder: Path | None = None

    def run(
        self,
        *arguments: str,
        data: bytes | None = None,
        timeout: float | None = None,
        check: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git here. Raises GitTrouble with git's own words when it fails and `check` is set.

        Where the lock of a dead git is in its way, that is taken away first.

        timeout: seconds; git and all that it started (ssh, hooks) end when they are over. environment: more variables.
        """
        around = {**_environment(), **(environment or {})}
        for _ in range(_MOST_ABANDONED):
            try:
                done = finished(["git", *arguments], self.root, data, timeout, around)
            except FileNotFoundError:
                raise GitTrouble("git is not installed or not on the PATH", "install git 2.30 or newer") from None
            except subprocess.TimeoutExpired:
                raise GitTrouble(f"git {arguments[0]} did not answer within {timeout:g} s") from None
            locked = done.returncode != 0 and b".lock'" in done.stderr
            if not locked or not stale_locks.take_away(done.stderr, self.places):
                break
        if check and done.returncode != 0:
            raise _explained(arguments, done)
        return done

    def run_patiently(
        self, *arguments: str, data: bytes | None = None, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """As `run`, and again while another git process holds the index, for about four seconds."""
        lock = self.folder / "index.lock"
        wait = Waiting(
            f"waiting for another git process that holds {lock}, up to {sum(_PAUSES):.0f} seconds "
            f"(if no git is running: rm {shlex.quote(str(lock))})"
        )
        for pause in _PAUSES:
            try:
                return self.run(*arguments, data=data, environment=environment)
            except IndexLocked:
                wait.go_on(pause)
                time.sleep(pause)
        return self.run(*arguments, data=data, environment=environment)

    def text(self, *arguments: str) -> str:
        """What git prints, without the last line end."""
        return self.run(*arguments).stdout.decode("utf-8", "replace").rstrip("\n")

    @property
    def folder(self) -> Path:
        """The git directory of this checkout (of the worktree or submodule, where it is one)."""
        if self._folder is None:
            self._folder = _git_folder(self.root)
        return self._folder

    @property
    def common_folder(self) -> Path:
        """The git directory that all worktrees share, with hooks, refs and configuration."""
        marker = self.folder / "commondir"
        if not marker.is_file():
            return self.folder
        return (self.folder / marker.read_text("utf-8").strip()).resolve()

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders in which a git works that works here."""
        return self.top, self.folder, self.common_folder

    @property
    def top(self) -> Path:
        """The top folder of this checkout."""
        return next((folder for folder in (self.root, *self.root.parents) if (folder / ".git").exists()), self.root)

    @property
    def prefix(self) -> str:
        """The path from the top of the git repository to the records repository: empty, or with a slash at its end."""
        return "" if self.top == self.root else self.root.relative_to(self.top).as_posix() + "/"

    @property
    def present(self) -> bool:
        """Whether there is a git repository here at all."""
        try:
            return self.folder.is_dir()
        except GitTrouble:
            return False

    def require_ready(self, *, on_branch: bool = True) -> None:
        """Refuse where a commit would do harm: merge or rebase under way, or no branch checked out."""
        for marker, what, cure in _UNDER_WAY:
            if (self.folder / marker).exists():
                raise GitTrouble(f"{what} is in progress in this repository; finish or abort it first", cure)
        if on_branch and self.branch is None:
            raise GitTrouble(
                "no branch is checked out (detached HEAD): a commit here would be lost at the next checkout",
                "git switch main, or keep these commits: git switch -c NAME",
            )

    @property
    def branch(self) -> str | None:
        """The branch that is checked out; None on a detached head."""
        try:
            head = (self.folder / "HEAD").read_text("utf-8", "replace").strip()
        except OSError as error:
            raise GitTrouble(
                f"{self.folder} is no longer a git directory: HEAD: {error.strerror}", "git status"
            ) from None
        if head == "ref: refs/heads/.invalid":  # refs are kept in a reftable
            return self.run("symbolic-ref", "--short", "--quiet", "HEAD", check=False).stdout.decode().strip() or None
        return head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else None

    def mail_address(self) -> str | None:
        """The mail address that commits get here, or None where git knows none."""
        done = self.run("var", "GIT_AUTHOR_IDENT", check=False)
        match = re.search(rb"<([^>]*)>", done.stdout) if done.returncode == 0 else None
        return match[1].decode("utf-8", "replace") if match else None

    def remote_url(self, name: str) -> str | None:
        """The address of a remote, or None where there is no such remote."""
        done = self.run("config", "--get", f"remote.{name}.url", check=False)
        return done.stdout.decode("utf-8", "replace").strip() or None

    def address(self, name: str) -> str:
        """The address that a remote is fetched from, with the user's own abbreviations (insteadOf) written out."""
        return self.text("remote", "get-url", name)

    def head(self) -> str | None:
        """The commit that HEAD names, None before the first one."""
        return self.commit_of("HEAD")

    def commit_of(self, name: str) -> str | None:
        """The commit that a full ref (or HEAD) names; None where there is none."""
        done = self.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False)
        return done.stdout.decode().strip() or None

    def changed(self, *paths: str) -> list[str]:
        """Those of the paths that differ from HEAD, in the index or in the working tree."""
        literal = [f":(literal){path}" for path in paths]
        done = self.run("--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=all", "--", *literal)
        return [row[3:].decode("utf-8", "replace") for row in done.stdout.split(b"\0") if len(row) > 3]


def finished(
    command: list[str], folder: Path, data: bytes | None, timeout: float | None, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end. With a timeout it has no terminal, and ends with all that it started.

    Raises FileNotFoundError, and TimeoutExpired.
    """
    started = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.PIPE if data is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=timeout is not None,
    )
    with trace.timed(command), started as process:
        try:
            output, said = process.communicate(data, timeout)
        except BaseException:
            _end(process, group=timeout is not None)
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, said)


def _end(process: subprocess.Popen[bytes], *, group: bool) -> None:
    """End a program, and the group it leads: politely first, so that git removes its locks."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if group:
                os.killpg(process.pid, sign)
            else:
                process.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
            if not group:
                return


def _environment() -> dict[str, str]:
    """Our own, without what a git hook or alias around us says of another repository, and with words we can match."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_REPOSITORY}
    # LANGUAGE would win over the locale: gettext looks at it first for every locale but plain C
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", "LANGUAGE": ""}


def _git_folder(root: Path) -> Path:
    for folder in (root, *root.parents):
        marker = folder / ".git"
        if marker.is_dir():
            return marker
        if marker.is_file():  # a worktree or a submodule: the file names the directory
            target = marker.read_text("utf-8", "replace").strip().removeprefix("gitdir: ")
            return (folder / target).resolve()
    raise GitTrouble(f"{root} is not in a git repository", "git init, then run this again (or use --no-commit)")


def _explained(arguments: tuple[str, ...], done: subprocess.CompletedProcess[bytes]) -> GitTrouble:
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
    if "Please tell me who you are" in said or "empty ident name" in said or "unable to auto-detect email" in said:
        return GitTrouble(
            "cannot commit: git has no user name and email",
            'git config --global user.name "Your Name"',
            "git config --global user.email you@example.org",
        )
    if "index.lock" in said and "File exists" in said:
        return IndexLocked(
            "another git process is using this repository, or one crashed and left its lock",
            "wait and try again; if no git is running, remove the file that git names:",
            *said.splitlines()[:1],
        )
    if any(sign in said for sign in _NOT_SIGNED):
        return GitTrouble(
            "git could not sign the commit, so nothing was recorded (commit.gpgsign is set)",
            "unlock the key, or check which key git uses: git config --get user.signingkey",
            "to record it unsigned: git config commit.gpgsign false",
            *(f"git says: {line}" for line in said.splitlines()[:2]),
        )
    if "must be run in a work tree" in said:
        return GitTrouble(
            "git treats this as a bare repository (core.bare)",
            "git config core.bare false",
            *(f"git says: {line}" for line in said.splitlines()[:1]),
        )
    name = next((a for a in arguments if not a.startswith("-") and "=" not in a), "git")
    lines = [line for line in said.splitlines() if line.strip()][:12]
    return GitTrouble(f"git {name} failed (exit {done.returncode})", *(f"git says: {line}" for line in lines))
