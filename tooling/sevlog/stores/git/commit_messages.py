"""Messages of commits of any repository: of a folder on this machine, or of an address that is fetched."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from ...errors import GitTrouble, NotFound
from .command import Git

_HEAD = "refs/sevlog/head"
_PATIENCE = 300.0
"""Seconds that one fetch may take."""


class RawCommit(NamedTuple):
    """A commit as git logs it."""

    sha: str
    parents: tuple[str, ...]
    author: str
    message: str


class Branch:
    """A branch of a repository, to be read."""

    def __init__(self, git: Git, revision: str) -> None:
        self._git, self._revision = git, revision

    def with_words(self, *patterns: str) -> list[RawCommit]:
        """The commits whose message has one of these (extended regular expressions, case ignored), oldest first."""
        words = [f"--grep={pattern}" for pattern in patterns]
        form = "--format=%H%x00%P%x00%an%x00%B%x00%x01"
        output = self._git.run(
            "-c", "i18n.logOutputEncoding=UTF-8", "log", "--topo-order", "--reverse", "-i", "-E", *words, form,
            self._revision, "--",
        ).stdout  # fmt: skip
        rows = (row.lstrip("\n").split("\0") for row in output.decode("utf-8", "replace").split("\x01"))
        return [RawCommit(row[0], tuple(row[1].split()), row[2], row[3]) for row in rows if len(row) > 3]

    def brought_by(self, merge: str) -> list[str]:
        """The commits that a merge brought, itself among them; none where it is not a merge, or not here."""
        done = self._git.run("rev-list", f"{merge}^1..{merge}", "--", check=False)
        found = done.stdout.decode().split()
        is_merge = self._git.run("rev-parse", "--verify", "--quiet", f"{merge}^2", check=False).returncode == 0
        return found if is_merge else []

    @property
    def origin(self) -> str | None:
        """The address that it came from."""
        return self._git.remote_url("origin")


def branch_of(git: Git, url: str, branch: str | None, root: Path) -> Branch:
    """The branch of a repository. url: a path below or beside `root`, or an address, whose commits are fetched.

    git: the repository of the records, whose git directory keeps what was fetched: commits alone, no files.
    Raises GitTrouble for what cannot be read, NotFound for a branch that is not there.
    """
    folder = (root / url).resolve()
    if "://" not in url and folder.is_dir():
        return _here(Git(folder), url, branch)
    place = git.folder / "sevlog" / "repositories" / hashlib.sha256(url.encode()).hexdigest()[:20]
    place.mkdir(parents=True, exist_ok=True)
    copy = Git(place)
    if not (place / "HEAD").is_file():
        copy.run("init", "--quiet", "--bare", ".")
        copy.run("remote", "add", "origin", url)
    wanted = f"refs/heads/{branch}" if branch else "HEAD"
    copy.run("fetch", "--quiet", "--no-tags", "--filter=tree:0", "origin", f"+{wanted}:{_HEAD}", timeout=_PATIENCE)
    return Branch(copy, _HEAD)


def _here(git: Git, url: str, branch: str | None) -> Branch:
    if not git.present:
        raise GitTrouble(f"{url} is not a git repository", "correct `follow_up.repositories` in sevlog.yaml")
    names = [branch] if branch else ["HEAD"]
    found = next((name for name in names if git.commit_of(name)), None)
    if found is None:
        raise NotFound(f"{url} has no branch `{branch or 'HEAD'}`", "correct `follow_up.repositories` in sevlog.yaml")
    return Branch(git, found)
