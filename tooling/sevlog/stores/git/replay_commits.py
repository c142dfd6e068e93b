"""Commits as data: what one changed, and the same change made again on top of another commit, beside the checkout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from ...errors import GitTrouble
from .. import layout
from . import scratch
from .command import Git
from .fast_commit import quoted

_FORMAT = "%H%x00%P%x00%an <%ae> %ad%x00%B"

_FILTERS = ("filter", "working-tree-encoding")
"""Attributes that make git keep something else than what a file holds."""


class Change(Struct, frozen=True, kw_only=True):
    """A commit with one parent: paths (from the top of the repository) it added, changed and removed, and its words.

    added, changed: path -> what it holds now. removed: path -> what it held before.
    """

    commit: str
    parents: tuple[str, ...]
    author: str
    message: str
    added: dict[str, str]
    changed: dict[str, str]
    removed: dict[str, str]

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]

    @property
    def trailers(self) -> dict[str, list[str]]:
        """The trailers of the message, by name; a hook may have put a paragraph of its own behind them."""
        found: dict[str, list[str]] = {}
        for line in self.message.partition("\n")[2].splitlines():
            name, colon, value = line.partition(": ")
            if colon and " " not in name:
                found.setdefault(name, []).append(value)
        return found


def base(git: Git, one: str, other: str) -> str | None:
    """The commit where two parted; None where they have none in common, as far as this clone can see."""
    done = git.run("merge-base", one, other, check=False)
    return done.stdout.decode().strip() or None


def contains(git: Git, tip: str, commit: str) -> bool:
    """Whether `commit` is `tip` or behind it."""
    return git.run("merge-base", "--is-ancestor", commit, tip, check=False).returncode == 0


def parted(git: Git, tracking: str, head: str) -> str | None:
    """The last commit of `head` that a remote branch had at any time we asked: what came after it is ours.

    It is found in the log of the tracking ref, so that it is right also after the remote's history was rewritten.
    """
    done = git.run("merge-base", "--fork-point", tracking, head, check=False)
    return done.stdout.decode().strip() or base(git, tracking, head)


def is_shallow(git: Git) -> bool:
    """Whether the past of this clone was cut off."""
    return (git.common_folder / "shallow").exists()


def unsent(git: Git, base: str, tip: str, *, merges: bool = True, known: str | None = None) -> list[Change]:
    """The commits of `tip` that `base` lacks, oldest first; with or without merges. known: it has some of them too."""
    options = ["--reverse", "--topo-order", *([] if merges else ["--no-merges"])]
    names = git.text("rev-list", *options, tip, f"^{base}", *([f"^{known}"] if known else [])).split()
    return [read(git, name) for name in names]


def landed(git: Git, base: str, main: str, tip: str, change: Change) -> bool:
    """Whether what a commit of the branch `tip` brings came into `main` after `base` in some other commit.

    Such a commit is a squash or a rebase. Entries count, where it has some, for they never change; of other files, what
    the branch made of them in the end is enough. What was there once counts, for it may have been redacted or put
    together with others since.
    """
    entries = {path: blob for path, blob in change.added.items() if f"/{layout.TIMELINE}/" in path}
    brought = entries or {**change.added, **change.changed}
    there, finally_ = blobs_at(git, main, brought), blobs_at(git, tip, brought)
    missing = {path: blob for path, blob in brought.items() if there.get(path) not in (blob, finally_.get(path, blob))}
    if any(path in blobs_at(git, main, change.removed) for path in change.removed):
        return False
    return all(
        git.text("log", "-1", "--format=%H", f"--find-object={blob}", f"{base}..{main}", "--", f":(top,literal){path}")
        for path, blob in missing.items()
    )


def read(git: Git, name: str) -> Change:
    """One commit."""
    shown = git.run("show", "--no-patch", "--date=raw", f"--format={_FORMAT}", name).stdout.decode("utf-8", "replace")
    commit, parents, author, message = shown.split("\0", 3)
    rows = git.run("diff-tree", "-r", "-z", "--root", "--no-commit-id", "--no-renames", commit).stdout.split(b"\0")
    added: dict[str, str] = {}
    changed: dict[str, str] = {}
    removed: dict[str, str] = {}
    for header, path in zip(rows[::2], rows[1::2], strict=False):
        _, _, before, blob, kind = header.decode().split(" ")
        name = path.decode("utf-8", "surrogateescape")
        if kind == "A":
            added[name] = blob
        elif kind == "D":
            removed[name] = before
        else:
            changed[name] = blob
    return Change(
        commit=commit,
        parents=tuple(parents.split()),
        author=author,
        message=message.rstrip("\n") + "\n",
        added=added,
        changed=changed,
        removed=removed,
    )


def changed_between(git: Git, base: str | None, tip: str, folder: str) -> dict[str, tuple[str | None, str | None]]:
    """Path below a folder (empty: all) -> what it held in `base` and what it holds in `tip`; None: no file.

    base: None for an empty tree.
    """
    before = base or git.run("hash-object", "-t", "tree", "--stdin", data=b"").stdout.decode().strip()
    where = ["--", f":(top,literal){folder.rstrip('/')}"] if folder else []
    done = git.run("diff-tree", "-r", "-z", "--no-renames", before, tip, *where)
    rows = done.stdout.split(b"\0")
    found: dict[str, tuple[str | None, str | None]] = {}
    for header, path in zip(rows[::2], rows[1::2], strict=False):
        _, _, old, new, kind = header.decode().split(" ")
        name = path.decode("utf-8", "surrogateescape")
        found[name] = (None if kind == "A" else old, None if kind == "D" else new)
    return found


def files_below(git: Git, commit: str, folder: str) -> dict[str, str]:
    """Path -> blob of every file below a folder (from the top of the repository) in a commit."""
    rows = git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", folder.rstrip("/") + "/").stdout.split(b"\0")
    found = {}
    for row in rows:
        header, tab, path = row.partition(b"\t")
        if tab:
            found[path.decode("utf-8", "surrogateescape")] = header.split(b" ")[2].decode()
    return found


def blobs_at(git: Git, commit: str, paths: Iterable[str]) -> dict[str, str]:
    """Those of the paths that a commit has, with their blobs."""
    names = list(paths)
    listing = "".join(f"{commit}:{name}\n" for name in names).encode("utf-8", "surrogateescape")
    rows = git.run("cat-file", "--batch-check=%(objectname)", data=listing).stdout.decode("utf-8", "replace")
    found = zip(names, rows.splitlines(), strict=False)
    return {name: row for name, row in found if not row.endswith(" missing")}


def materialise(git: Git, blobs: Mapping[str, str], target: Path, *, prefix: str = "") -> None:
    """Write blobs as files below `target`, at their paths; those that git keeps in another form as they are read.

    prefix: what comes before the paths, from the top of the repository.
    """
    special = filtered(git, [prefix + name for name in blobs])
    names = [name for name in blobs if prefix + name not in special]
    data = "\n".join(blobs[name] for name in names).encode() + b"\n"
    answer = git.run("cat-file", "--batch", data=data).stdout if names else b""
    place = 0
    for name in names:
        end = answer.index(b"\n", place)
        header = answer[place:end].split()
        if len(header) < 3:
            raise GitTrouble(f"git does not have the content of {name}", "git fsck")
        size = int(header[2])
        _write(target / name, answer[end + 1 : end + 1 + size])
        place = end + 1 + size + 1
    for path in special:
        name = path.removeprefix(prefix)
        _write(target / name, git.run("cat-file", "--filters", f"--path={path}", blobs[name]).stdout)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def filtered(git: Git, paths: list[str]) -> frozenset[str]:
    """Those of the paths (from the top of the repository) that git keeps in another form, such as encrypted."""
    places = (
        git.top / ".gitattributes",
        git.root / layout.INCIDENTS / ".gitattributes",
        git.common_folder / "info" / "attributes",
    )
    if not paths or not any(place.exists() for place in places):
        return frozenset()
    data = b"\0".join(path.encode("utf-8", "surrogateescape") for path in paths) + b"\0"
    done = git.run("-C", str(git.top), "check-attr", "--stdin", "-z", *_FILTERS, data=data)
    cells = done.stdout.split(b"\0")
    rows = zip(cells[::3], cells[2::3], strict=False)
    return frozenset(
        path.decode("utf-8", "surrogateescape") for path, value in rows if value not in (b"unspecified", b"unset")
    )


def store_blob(git: Git, data: bytes) -> str:
    """Put content into the object store; its id."""
    return git.run("hash-object", "-w", "--stdin", data=data).stdout.decode().strip()


def commit_on(
    git: Git,
    parent: str | None,
    blobs: Mapping[str, str],
    message: str,
    author: str,
    *,
    sign: bool,
    durable: tuple[str, ...],
    gone: Iterable[str] = (),
    also: str | None = None,
) -> str:
    """A commit on top of `parent` with these blobs at these paths and without those in `gone`, beside the checkout.

    author: `name <mail> time`, as `git var GIT_AUTHOR_IDENT` says it. also: a second parent (a merge).
    """
    committer = git.text("var", "GIT_COMMITTER_IDENT")
    text = message.encode()
    lines = ["feature done", "commit refs/sevlog/replant", "mark :1", f"author {author}", f"committer {committer}"]
    start = "\n".join([*lines, f"data {len(text)}", ""]).encode("utf-8", "surrogateescape") + text + b"\n"
    rows = [*([f"from {parent}"] if parent else []), *([f"merge {also}"] if also else [])]
    rows += [f"M 100644 {blob} {quoted(path)}" for path, blob in blobs.items()]
    rows += [f"D {quoted(path)}" for path in gone]
    zero = "0" * len(parent or next(iter(blobs.values())))
    rows += ['ls ""', "", "get-mark :1", "reset refs/sevlog/replant", f"from {zero}", "", "done", ""]
    data = start + "\n".join(rows).encode("utf-8", "surrogateescape")
    done = git.run(*durable, "fast-import", "--quiet", "--done", "--force", "--date-format=raw", data=data)
    answer = done.stdout.decode("utf-8", "replace").split()
    tree, commit = answer[2], answer[-1]
    if not sign:
        return commit
    parents = [word for name in (parent, also) if name for word in ("-p", name)]
    done = git.run(*durable, "commit-tree", "-S", tree, *parents, data=text, environment=_as_author(author))
    return done.stdout.decode().strip()


def _as_author(author: str) -> dict[str, str]:
    """What makes git name this author, at their time, and not who runs it now."""
    name, _, rest = author.partition(" <")
    mail, _, when = rest.partition("> ")
    return {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": f"@{when}"}


def merged(git: Git, ours: str, base: str, theirs: str) -> str | None:
    """A blob that has what both sides changed, line by line; None where they meet in one place."""
    with scratch.Space(git) as place:
        for name, blob in (("ours", ours), ("base", base), ("theirs", theirs)):
            (place / name).write_bytes(git.run("cat-file", "blob", blob).stdout)
        paths = [str(place / name) for name in ("ours", "base", "theirs")]
        done = git.run("merge-file", "-p", "-q", *paths, check=False)
    return store_blob(git, done.stdout) if done.returncode == 0 else None
