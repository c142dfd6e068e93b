"""Commits a few files beside the user's index, object by object: what `git commit --only` does, in a third of its time.

`git commit --only` reads and writes the whole index three times, which is most of the cost of an entry in a repository
of ten thousand incidents. Here only the trees on the way to the new files are made. It is used where no hook wants to
see the commit; with hooks, git's own command runs.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import GitTrouble
from .git import Git

_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")


def has_commit_hooks(git: Git, hooks_path: str | None) -> bool:
    """Whether any hook of `git commit` is there to run. hooks_path: core.hooksPath as configured."""
    folder = (git.root / Path(hooks_path).expanduser()) if hooks_path else git.common_folder / "hooks"
    return any((folder / name).exists() for name in _HOOKS)


def settings(git: Git) -> dict[str, str]:
    """core.hooksPath and commit.gpgSign as configured, in lower-case keys; what is not set is not there."""
    done = git.run("config", "--null", "--get-regexp", r"^(core\.hookspath|commit\.gpgsign)$", check=False)
    rows = (row.partition("\n") for row in done.stdout.decode("utf-8", "replace").split("\0") if row)
    return {key.lower(): value for key, _, value in rows}


def commit_beside(git: Git, names: list[str], message: str, *, sign: bool, durable: tuple[str, ...]) -> str:
    """Commit the files `names` as they are in the working tree on top of HEAD; the commit's id.

    The branch moves only if nobody else moved it meanwhile. The index is not touched: `into_index` comes next.
    Raises GitTrouble; nothing but loose objects is left behind.
    """
    head = git.head()
    listing = "\n".join(_quoted_line(name) for name in names).encode() + b"\n"
    blobs = git.run(*durable, "hash-object", "-w", "--stdin-paths", data=listing).stdout.decode().split()
    tree = _tree(git, head, dict(zip(names, blobs, strict=True)), durable)
    parent = ("-p", head) if head else ()
    signed = ("-S",) if sign else ()
    commit = git.run(*durable, "commit-tree", tree, *parent, *signed, data=message.encode()).stdout.decode().strip()
    subject = message.partition("\n")[0]
    git.run(*durable, "update-ref", "-m", f"commit: {subject}", "HEAD", commit, head or "0" * len(commit))
    return commit


def into_index(git: Git, names: list[str]) -> None:
    """Bring the index up to date for these paths, as they are in the working tree, and for no other."""
    git.run("update-index", "--add", "--remove", "-z", "--stdin", data=b"\0".join(n.encode() for n in names) + b"\0")


def _tree(git: Git, head: str | None, blobs: dict[str, str], durable: tuple[str, ...]) -> str:
    """The tree of HEAD with these files put in. fast-import makes just the trees on the way to them."""
    prefix = git.prefix
    lines = ["feature done", "commit refs/sevlog/draft", "committer sevlog <> 0 +0000", "data 0"]
    if head:
        lines.append(f"from {head}")
    lines += [f"M 100644 {blob} {_quoted(prefix + name)}" for name, blob in blobs.items()]
    lines += ['ls ""', "", "reset refs/sevlog/draft", f"from {'0' * len(next(iter(blobs.values())))}", "", "done", ""]
    done = git.run(*durable, "fast-import", "--quiet", "--done", "--force", data="\n".join(lines).encode())
    answer = done.stdout.decode("utf-8", "replace").split()
    if len(answer) < 3 or answer[1] != "tree":
        raise GitTrouble("git fast-import did not name the new tree", "try again with: git fsck")
    return answer[2]


def _quoted(path: str) -> str:
    """A path as fast-import reads it."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _quoted_line(path: str) -> str:
    """A path as `--stdin-paths` reads it: quoted only where it must be."""
    return _quoted(path) if path[:1] == '"' or "\n" in path else path
