"""Commits as a row: those between two commits, what each touched and held. For checks of a whole history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from ...errors import NotFound
from ..git.command import Git

_AT_ONCE = 2000


class Row(Struct, frozen=True):
    """A file that a commit changed. before: what it was in each parent that had it; after: None where it went."""

    path: str
    before: tuple[str, ...]
    after: str | None


class Touched(Struct, frozen=True):
    """What a commit changed. own: against its parent; of a merge, what is as in none of them.

    paths: all that it brings to its first parent. Paths are from the top of the repository.
    """

    commit: str
    parents: tuple[str, ...]
    own: tuple[Row, ...]
    paths: frozenset[str]


def commit_of(git: Git, revision: str) -> str:
    """The id of the commit that a revision names. Raises NotFound."""
    done = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", check=False)
    if done.returncode != 0:
        raise NotFound(
            f"unknown git revision `{revision}`", "fetch it first: git fetch origin (in a pipeline: set fetch-depth: 0)"
        )
    return done.stdout.decode().strip().splitlines()[-1]


def between(git: Git, base: str, tip: str) -> list[str]:
    """The commits of `tip` that `base` has not got, oldest first."""
    return git.text("rev-list", "--reverse", "--topo-order", tip, f"^{base}").split()


def steps(git: Git, since: str, head: str) -> Iterator[tuple[str, str]]:
    """(before, after) for each step of the branch since a commit, oldest first; a merge is one step."""
    tips = git.text("rev-list", "--first-parent", "--reverse", head, f"^{since}").split()
    for tip in tips:
        before = parents(git, tip)
        if before:
            yield before[0], tip


def introduced(git: Git, paths: Sequence[str]) -> str | None:
    """The oldest commit that has one of these files."""
    specs = [f":(top,literal){path}" for path in paths]
    found = git.text("rev-list", "--topo-order", "--full-history", "HEAD", "--", *specs).split()
    return found[-1] if found else None


def parents(git: Git, commit: str) -> tuple[str, ...]:
    """The parents of a commit, as far as this clone has them."""
    return tuple(git.text("rev-list", "--max-count=1", "--parents", commit).split()[1:])


def edge(git: Git) -> set[str]:
    """The commits at which a shallow clone ends."""
    path = git.common_folder / "shallow"
    return set(path.read_text("utf-8").split()) if path.is_file() else set()


def times(git: Git, commits: Sequence[str]) -> dict[str, int]:
    """The committers' clocks, in seconds."""
    if not commits:
        return {}
    data = ("\n".join(dict.fromkeys(commits)) + "\n").encode()
    shown = git.run("log", "--no-walk=unsorted", "--stdin", "--format=%H %ct", data=data).stdout.decode().split()
    return dict(zip(shown[::2], map(int, shown[1::2]), strict=True))


def touched(git: Git, commits: Sequence[str]) -> dict[str, Touched]:
    """What each of the commits changed."""
    found: dict[str, Touched] = {}
    for start in range(0, len(commits), _AT_ONCE):
        part = commits[start : start + _AT_ONCE]
        data = ("\n".join(part) + "\n").encode()
        family = git.run("rev-list", "--no-walk=unsorted", "--parents", "--stdin", data=data).stdout.decode()
        above = {words[0]: tuple(words[1:]) for words in map(str.split, family.splitlines())}
        done = git.run("diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "-c", "--always", data=data)
        rows = _rows(done.stdout, part)
        for commit in part:
            paths = frozenset(row.path for row in rows[commit])
            if len(above[commit]) > 1:
                paths |= _paths_changed(git, above[commit][0], commit)
            found[commit] = Touched(commit, above[commit], tuple(rows[commit]), paths)
    return found


def _rows(output: bytes, commits: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {commit: [] for commit in commits}
    words = iter(output.decode("utf-8", "surrogateescape").split("\0"))
    current: list[Row] = []
    for word in words:
        if not word.startswith(":"):
            current = found.get(word.strip(), current)
            continue
        number = len(word) - len(word.lstrip(":"))  # as many as there are parents
        fields = word.lstrip(":").split(" ")
        blobs = fields[number + 1 : 2 * number + 2]
        before = tuple(blob for blob in blobs[:-1] if blob.strip("0"))
        current.append(Row(next(words), before, blobs[-1] if blobs[-1].strip("0") else None))
    return found


def _paths_changed(git: Git, before: str, after: str) -> frozenset[str]:
    done = git.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", before, after)
    return frozenset(name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name)


def blobs(git: Git, commit: str, paths: Sequence[str]) -> tuple[str, ...]:
    """The blob ids of files in a commit; a text that is not an id where there is none."""
    data = "".join(f"{commit}:{path}\n" for path in paths).encode()
    shown = git.run("cat-file", "--batch-check=%(objectname)", data=data).stdout.decode("utf-8", "replace")
    return tuple(line.split(" ")[-1] for line in shown.splitlines())


def contents(git: Git, ids: Sequence[str]) -> dict[str, bytes]:
    """What these blobs hold."""
    wanted = list(dict.fromkeys(ids))
    answer = git.run("cat-file", "--batch", data=("\n".join(wanted) + "\n").encode()).stdout if wanted else b""
    found: dict[str, bytes] = {}
    place = 0
    for name in wanted:
        end = answer.index(b"\n", place)
        header = answer[place:end].split()
        size = int(header[2]) if len(header) == 3 else 0
        found[name] = answer[end + 1 : end + 1 + size]
        place = end + 1 + (size + 1 if len(header) == 3 else 0)
    return found
