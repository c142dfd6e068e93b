"""Commits as data: what one changed, and the same change made again on top of another commit, beside the checkout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from ..errors import GitTrouble
from .git import Git
from .plumbing import quoted

_FORMAT = "%H%x00%P%x00%an <%ae> %ad%x00%B"


class Change(Struct, frozen=True, kw_only=True):
    """A commit with one parent: paths (from the top of the repository) it added, changed and removed, and its words."""

    commit: str
    parents: tuple[str, ...]
    author: str
    message: str
    added: dict[str, str]
    changed: dict[str, str]
    removed: tuple[str, ...]

    @property
    def trailers(self) -> dict[str, list[str]]:
        """The trailers of the message, by name."""
        found: dict[str, list[str]] = {}
        for line in self.message.rstrip().split("\n\n")[-1].splitlines():
            name, colon, value = line.partition(": ")
            if colon and " " not in name:
                found.setdefault(name, []).append(value)
        return found


def unsent(git: Git, base: str, tip: str) -> list[Change]:
    """The commits of `tip` that `base` lacks, oldest first."""
    names = git.text("rev-list", "--reverse", "--topo-order", f"{base}..{tip}").split()
    return [read(git, name) for name in names]


def read(git: Git, name: str) -> Change:
    """One commit."""
    shown = git.run("show", "--no-patch", "--date=raw", f"--format={_FORMAT}", name).stdout.decode("utf-8", "replace")
    commit, parents, author, message = shown.split("\0", 3)
    rows = git.run("diff-tree", "-r", "-z", "--root", "--no-commit-id", "--no-renames", commit).stdout.split(b"\0")
    added: dict[str, str] = {}
    changed: dict[str, str] = {}
    removed: list[str] = []
    for header, path in zip(rows[::2], rows[1::2], strict=False):
        _, _, _, blob, kind = header.decode().split(" ")
        name = path.decode("utf-8", "surrogateescape")
        if kind == "A":
            added[name] = blob
        elif kind == "D":
            removed.append(name)
        else:
            changed[name] = blob
    return Change(
        commit=commit, parents=tuple(parents.split()), author=author, message=message.rstrip("\n") + "\n", added=added,
        changed=changed, removed=tuple(removed),
    )  # fmt: skip


def files_below(git: Git, commit: str, folder: str) -> dict[str, str]:
    """Path -> blob of every file below a folder (from the top of the repository) in a commit."""
    rows = git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", folder.rstrip("/") + "/").stdout.split(b"\0")
    found = {}
    for row in rows:
        header, tab, path = row.partition(b"\t")
        if tab:
            found[path.decode("utf-8", "surrogateescape")] = header.split(b" ")[2].decode()
    return found


def materialise(git: Git, blobs: Mapping[str, str], target: Path) -> None:
    """Write blobs as files below `target`, at their paths."""
    names = list(blobs)
    data = "\n".join(blobs[name] for name in names).encode() + b"\n"
    answer = git.run("cat-file", "--batch", data=data).stdout if names else b""
    place = 0
    for name in names:
        end = answer.index(b"\n", place)
        header = answer[place:end].split()
        if len(header) < 3:
            raise GitTrouble(f"git does not have the content of {name}", "git fsck")
        size = int(header[2])
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(answer[end + 1 : end + 1 + size])
        place = end + 1 + size + 1


def store_blob(git: Git, data: bytes) -> str:
    """Put content into the object store; its id."""
    return git.run("hash-object", "-w", "--stdin", data=data).stdout.decode().strip()


def commit_on(
    git: Git, parent: str, blobs: Mapping[str, str], message: str, author: str, *, sign: bool, durable: tuple[str, ...]
) -> str:
    """A commit on top of `parent` that puts these blobs at these paths; the checkout is not touched."""
    committer = git.text("var", "GIT_COMMITTER_IDENT")
    text = message.encode()
    head = ["feature done", "commit refs/sevlog/replant", "mark :1", f"author {author}", f"committer {committer}"]
    start = "\n".join([*head, f"data {len(text)}", ""]).encode() + text + b"\n"
    rows = [f"from {parent}", *(f"M 100644 {blob} {quoted(path)}" for path, blob in blobs.items())]
    rows += ['ls ""', "", "get-mark :1", "reset refs/sevlog/replant", f"from {'0' * len(parent)}", "", "done", ""]
    data = start + "\n".join(rows).encode("utf-8", "surrogateescape")
    done = git.run(*durable, "fast-import", "--quiet", "--done", "--force", "--date-format=raw", data=data)
    answer = done.stdout.decode("utf-8", "replace").split()
    tree, commit = answer[2], answer[-1]
    if not sign:
        return commit
    return git.run(*durable, "commit-tree", "-S", tree, "-p", parent, data=text).stdout.decode().strip()
