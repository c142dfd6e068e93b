"""Commits a few files beside the user's index, object by object: what `git commit --only` does, in a third of its time.

`git commit --only` reads and writes the whole index three times, which is most of the cost of an entry in a repository
of ten thousand incidents. Here only the trees on the way to the new files are made. It is used where no hook wants to
see the commit; with hooks, git's own command runs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from ...errors import GitTrouble
from .command import Git

_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")
_SETTINGS = r"^(core\.hookspath|commit\.gpgsign|maintenance\.auto|hook\..*\.(command|event))$"
_MANY_LOOSE = 27
"""Loose objects in one of 256 folders at which git itself looks whether to pack them (gc.auto, 6700 in all)."""


def settings(git: Git) -> dict[str, str]:
    """What the configuration says of hooks and signing, in lower-case keys, without those that are not set."""
    done = git.run("config", "--null", "--get-regexp", _SETTINGS, check=False)
    rows = (row.partition("\n") for row in done.stdout.decode("utf-8", "replace").split("\0") if row)
    return {key.lower(): value if there else "true" for key, there, value in rows}


def is_true(value: str | None) -> bool:
    """Whether git would read this setting as true."""
    return value is not None and value.lower() in ("true", "yes", "on", "1")


def signs(git: Git) -> bool:
    """Whether commits are to be signed here."""
    return is_true(settings(git).get("commit.gpgsign"))


def commit_hooks(git: Git, configured: dict[str, str]) -> list[str]:
    """The hooks of `git commit` that are there to run."""
    path = configured.get("core.hookspath")
    folder = git.top / Path(path).expanduser() if path else git.common_folder / "hooks"
    found = [name for name in _HOOKS if os.access(folder / name, os.X_OK)]
    return found + [key for key in configured if key.startswith("hook.")]


def commit_beside(
    git: Git, names: list[str], message: str, *, sign: bool, durable: tuple[str, ...], gone: Sequence[str] = ()
) -> str:
    """Commit the files `names` as they are in the working tree on top of HEAD, without those in `gone`; its id.

    The index learns of them first: where the commit is, the index is right. HEAD moves only if nobody else moved it.
    Raises GitTrouble; the caller then sets the index right again.
    """
    head = git.head()
    # hash-object reads its list from the top of the checkout, whatever folder it runs in
    listing = "\n".join(_quoted_line(git.prefix + name) for name in names).encode() + b"\n"
    blobs = git.run(*durable, "hash-object", "-w", "--stdin-paths", data=listing).stdout.decode().split()
    paths = b"\0".join(name.encode() for name in (*names, *gone)) + b"\0"
    git.run_patiently(*durable, "update-index", "--add", "--remove", "-z", "--stdin", data=paths)
    tree, commit = _draft(git, head, dict(zip(names, blobs, strict=True)), gone, message, durable)
    if sign:
        parent = ("-p", head) if head else ()
        answer = git.run(*durable, "commit-tree", "-S", tree, *parent, data=message.encode())
        commit = answer.stdout.decode().strip()
    reason = f"commit{'' if head else ' (initial)'}: {message.partition(chr(10))[0]}"
    git.run(*durable, "update-ref", "-m", reason, "HEAD", commit, head or "0" * len(commit))
    return commit


def _draft(
    git: Git, head: str | None, blobs: dict[str, str], gone: Sequence[str], message: str, durable: tuple[str, ...]
) -> tuple[str, str]:
    """The tree of HEAD with these files put in and those in `gone` taken out, and an unsigned commit of it, as by git.

    fast-import makes just the trees on the way to the files. Raises GitTrouble where git does not know who we are.
    """
    prefix, text = git.prefix, message.encode()
    author, committer = git.text("var", "GIT_AUTHOR_IDENT"), git.text("var", "GIT_COMMITTER_IDENT")
    lines = ["feature done", "commit refs/sevlog/draft", "mark :1", f"author {author}", f"committer {committer}"]
    start = "\n".join([*lines, f"data {len(text)}", ""]).encode() + text + b"\n"
    rows = [f"from {head}"] if head else []
    rows += [f"M 100644 {blob} {quoted(prefix + name)}" for name, blob in blobs.items()]
    rows += [f"D {quoted(prefix + name)}" for name in gone]
    zero = "0" * len(next(iter(blobs.values())))
    rows += ['ls ""', "", "get-mark :1", "reset refs/sevlog/draft", f"from {zero}", "", "done", ""]
    done = git.run(
        *durable,
        "fast-import",
        "--quiet",
        "--done",
        "--force",
        "--date-format=raw",
        data=start + "\n".join(rows).encode(),
        check=False,
    )
    answer = done.stdout.decode("utf-8", "replace").split()
    if done.returncode != 0 or len(answer) < 4 or answer[1] != "tree":
        said = done.stderr.decode("utf-8", "replace")
        _remove_report(git, said)
        told = [f"git says: {line}" for line in said.splitlines() if line.startswith(("fatal:", "error:"))]
        raise GitTrouble("git could not make the commit", *told, "check the repository: git fsck")
    return answer[2], answer[-1]


def _remove_report(git: Git, said: str) -> None:
    """fast-import leaves a report in the git directory when it fails; what it says is in our message."""
    name = re.search(r"fast_import_crash_\d+", said)
    if name:
        (git.folder / name[0]).unlink(missing_ok=True)


def tidy_when_due(git: Git, configured: dict[str, str]) -> None:
    """Let git pack its objects as after `git commit`: in the background, and only when many have gathered."""
    if configured.get("maintenance.auto", "true").lower() in ("false", "no", "off", "0"):
        return
    try:
        loose = len(list((git.common_folder / "objects" / "17").iterdir()))
    except OSError:
        return
    if loose >= _MANY_LOOSE:
        git.run("gc", "--auto", "--quiet", check=False)


def quoted(path: str) -> str:
    """A path as fast-import reads it."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _quoted_line(path: str) -> str:
    """A path as `--stdin-paths` reads it: quoted only where it must be."""
    return quoted(path) if path[:1] == '"' or "\n" in path else path
