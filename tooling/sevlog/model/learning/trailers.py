"""Commits that do action items: the trailer `Incident-Action`, reverts, reverts of reverts, and copies (S86).

Forms of these messages: git 2.39 (revert, --reference, cherry-pick -x), and the squash and revert buttons of forges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

TRAILER = "Incident-Action"
_TRAILER = re.compile(rf"^[ \t*>-]{{0,4}}{TRAILER}[ \t]*:[ \t]*(\S.*?)[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
_REFERENCE = re.compile(r"(?P<incident>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[a-z0-9]+)+)/(?P<item>[Aa][1-9][0-9]{0,3})")
_REVERTS = re.compile(r"\bThis reverts commit ([0-9a-f]{7,40})\b", re.IGNORECASE)
_REVERTS_REQUEST = re.compile(r"\bThis reverts merge request (?:\S*)(![0-9]+)\b", re.IGNORECASE)
_REQUEST = re.compile(r"^See merge request \S*(![0-9]+)[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
_COPY = re.compile(r"^\(cherry picked from commit ([0-9a-f]{7,40})\)[ \t\r]*$", re.IGNORECASE | re.MULTILINE)

Action = tuple[str, str]
"""An incident and the id of one of its items."""


class Commit(Struct, frozen=True, kw_only=True):
    """A commit of a branch. parents: of a merge more than one."""

    sha: str
    message: str
    author: str = ""
    parents: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The first line."""
        return self.message.lstrip().partition("\n")[0].strip()


class Work(Struct, frozen=True, kw_only=True):
    """What the commits of a branch say of one action item.

    done_by: the commits whose work is there now, each as the commit that brought it (back). undone: commit of the work
    -> the commit that took it away. carried_by: commit of the work -> all commits that ever brought it.
    """

    done_by: tuple[Commit, ...] = ()
    undone: Mapping[str, Commit] = {}
    carried_by: Mapping[str, frozenset[str]] = {}


class Wrong(Struct, frozen=True, kw_only=True):
    """A trailer that names no action item."""

    commit: Commit
    text: str


def wrong_trailers(commits: Iterable[Commit]) -> Iterator[Wrong]:
    """The trailers that cannot be read."""
    for commit in commits:
        for text in _TRAILER.findall(commit.message):
            if not _REFERENCE.search(text):
                yield Wrong(commit=commit, text=text)


def named(commit: Commit) -> frozenset[Action]:
    """The action items that a commit does by itself. A revert does none, whatever it quotes."""
    if _REVERTS.search(commit.message) or _REVERTS_REQUEST.search(commit.message):
        return frozenset()
    texts = _TRAILER.findall(commit.message)
    return frozenset((m["incident"], m["item"].upper()) for text in texts for m in _REFERENCE.finditer(text))


def work(commits: Iterable[Commit], merged: Callable[[str], Iterable[str]] = lambda _: ()) -> dict[Action, Work]:
    """Action item -> what the commits of a branch, oldest first, say of it.

    merged: a merge -> the commits that it brought, the merge itself among them; asked where a merge is reverted.
    """
    return _Branch(merged).after(commits)


class _Branch:
    """The work that is on a branch, commit after commit."""

    def __init__(self, merged: Callable[[str], Iterable[str]]) -> None:
        self._merged = merged
        self._seen: dict[str, Commit] = {}
        self._takes_away: dict[str, tuple[str, ...]] = {}
        """A revert -> the commits whose work it took away."""
        self._brought_back: dict[str, tuple[str, ...]] = {}
        """A revert of a revert -> the commits whose work it brought back."""
        self._carried_by: dict[str, set[str]] = {}
        self._live: dict[Action, dict[str, Commit]] = {}
        self._gone: dict[Action, dict[str, Commit]] = {}

    def after(self, commits: Iterable[Commit]) -> dict[Action, Work]:
        """What all of them come to."""
        for commit in commits:
            self._seen[commit.sha] = commit
            targets = [one for text in _REVERTS.findall(commit.message) for one in self._targets(text)]
            targets += [one for text in _REVERTS_REQUEST.findall(commit.message) for one in self._of_request(text)]
            if targets or _REVERTS.search(commit.message):
                self._revert(commit, targets)
            else:
                self._do(commit)
        carried = {sha: frozenset(by) for sha, by in self._carried_by.items()}
        return {
            action: Work(
                done_by=tuple(self._live.get(action, {}).values()),
                undone=self._gone.get(action, {}),
                carried_by=carried,
            )
            for action in dict.fromkeys((*self._live, *self._gone))
        }

    def _do(self, commit: Commit) -> None:
        copied = _COPY.search(commit.message)
        origin = next((sha for sha in self._seen if copied and sha.startswith(copied[1].lower())), commit.sha)
        self._carried_by.setdefault(origin, {origin}).add(commit.sha)
        for action in named(commit):
            if origin not in self._live.setdefault(action, {}):
                self._live[action][origin] = commit
                self._gone.get(action, {}).pop(origin, None)

    def _revert(self, commit: Commit, targets: Iterable[str]) -> None:
        taken: list[str] = []
        for target in targets:
            back = self._takes_away.get(target)
            if back is not None:  # the revert of a revert brings the work back
                self._bring_back(back, commit)
                continue
            taken += self._take(target, commit)
        if taken:
            self._takes_away[commit.sha] = tuple(taken)

    def _bring_back(self, works: tuple[str, ...], commit: Commit) -> None:
        for action, gone in self._gone.items():
            for sha in works:
                if gone.pop(sha, None) is not None:
                    self._live.setdefault(action, {})[sha] = commit
        self._brought_back[commit.sha] = works
        for sha in works:
            self._carried_by.setdefault(sha, {sha}).add(commit.sha)

    def _take(self, target: str, commit: Commit) -> list[str]:
        """Take away the work of a commit, or what it brought back."""
        taken = []
        for sha in self._brought_back.get(target, (target,)):
            for action, live in self._live.items():
                if live.pop(sha, None) is not None:
                    self._gone.setdefault(action, {})[sha] = commit
                    taken.append(sha)
        return taken

    def _targets(self, text: str) -> list[str]:
        """The commits that a revert names: of a merge, all that it brought."""
        found = next((sha for sha in self._seen if sha.startswith(text.lower())), None)
        brought = [sha for sha in self._merged(found or text) if sha in self._seen]
        return brought or ([found] if found else [])

    def _of_request(self, number: str) -> list[str]:
        merges = [sha for sha, c in self._seen.items() if number in _REQUEST.findall(c.message)]
        return [one for sha in merges[-1:] for one in (self._targets(sha) or [sha])]
