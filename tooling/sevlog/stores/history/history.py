"""What past revisions held: ancestors, changed paths, files of other commits. The only importer of GitPython."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from subprocess import PIPE
from typing import Any

from git import Repo
from git.exc import InvalidGitRepositoryError

from ...errors import GitTrouble, NotFound
from .. import layout
from ..yaml import io as yaml_io

_PATHS_AT_ONCE = 500
"""More than a command line holds would be too many."""
_LINK = "120000"
_UNSAFE = frozenset(("", ".", "..", ".git"))


class History:
    """The commits around a records repository, which may be below the top of its git repository."""

    def __init__(self, root: Path) -> None:
        try:
            self._repo = Repo(root, search_parent_directories=True)
        except InvalidGitRepositoryError:
            raise GitTrouble(f"{root} is not in a git repository, so there is nothing to compare with") from None
        top = Path(self._repo.working_tree_dir or root).resolve()
        relative = root.resolve().relative_to(top).as_posix()
        self._prefix = "" if relative == "." else f"{relative}/"

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self._repo.close()

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names. Raises NotFound."""
        found = (
            "" if revision.startswith("-") else self._line("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        )
        if not found:
            raise NotFound(
                f"unknown git revision `{revision}`",
                "fetch it first: git fetch origin (in a pipeline: set fetch-depth: 0)",
            )
        return found

    def ancestor(self, commit: str) -> str:
        """The commit where HEAD and another commit parted. Raises GitTrouble where they have none in common."""
        found = self._line("merge-base", commit, "HEAD")
        if not found:
            raise GitTrouble(
                f"HEAD and {commit[:10]} have no commit in common",
                "if this is a shallow clone: git fetch --unshallow (in a pipeline: fetch-depth: 0)",
            )
        return found

    def changed(self, commit: str, folders: Iterable[str] = ()) -> frozenset[str]:
        """Paths, relative to the records, that are in the working tree other than in a commit: added, edited, gone.

        folders: where to look besides the records and both configuration files.
        """
        specs = self._pathspecs(folders)
        # git walks ten thousand folders to find new files; it does so while it compares the known ones
        untracked = self._start("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", *specs)
        edited = self._start("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", commit, "--", *specs)
        output = _output(edited) + _output(untracked)
        return frozenset(
            row.decode("utf-8", "replace").removeprefix(self._prefix) for row in output.split(b"\0") if row
        )

    def _start(self, command: str, *options: str) -> Any:
        return self._repo.git.execute(["git", command, *options], as_process=True, istream=PIPE)

    def _line(self, command: str, *options: str) -> str:
        """The one line that a git command prints; empty where it fails. Objects have ids of any hash."""
        done = self._repo.git.execute(
            ["git", command, *options], with_extended_output=True, with_exceptions=False, stdout_as_string=True
        )
        return str(done[1]).strip() if done[0] == 0 else ""

    def _pathspecs(self, folders: Iterable[str]) -> list[str]:
        names = dict.fromkeys((layout.INCIDENTS, layout.CONFIG_FILE, layout.ONCALL_FILE, *folders))
        return [f":(top,literal){self._prefix}{name}" for name in names]

    def ids(self, commit: str) -> frozenset[str]:
        """The ids of all incidents in a commit."""
        place = f"{self._prefix}{layout.INCIDENTS}/"
        rows = _output(self._start("ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", commit, "--", place))
        below = (row.decode("utf-8", "replace").removeprefix(place).split("/") for row in rows.split(b"\0") if row)
        return frozenset(parts[1] for parts in below if len(parts) == 2)

    def export(self, commit: str, paths: Iterable[str], target: Path) -> None:
        """Write files and folders of a commit below `target`, at the same paths. Links are left out; evidence is empty.

        paths: relative to the records; those that the commit does not have are passed over.
        """
        for some in _batches(f"{self._prefix}{path}" for path in paths):
            listed = _output(self._start("ls-tree", "-r", "-z", "--full-tree", commit, "--", *some))
            blobs: dict[str, str] = {}
            for row in listed.split(b"\0"):
                facts, _, name = row.decode("utf-8", "replace").partition("\t")
                mode, kind, blob = (*facts.split(), "", "", "")[:3]
                if kind == "blob" and mode != _LINK and not _UNSAFE & set(PurePosixPath(name).parts):
                    blobs[name] = blob
            contents = self._contents([blob for name, blob in blobs.items() if not self._is_evidence(name)])
            for name, blob in blobs.items():
                path = target / name.removeprefix(self._prefix)
                path.parent.mkdir(parents=True, exist_ok=True)
                data = b"" if self._is_evidence(name) else contents[blob]
                path.write_bytes(data[: yaml_io.MAX_BYTES + 1])

    def _is_evidence(self, name: str) -> bool:
        return layout.EVIDENCE in name.removeprefix(self._prefix).split("/")[3:4]

    def _contents(self, blobs: list[str]) -> dict[str, bytes]:
        """The contents of blobs, by id."""
        if not blobs:
            return {}
        output = _output(self._start("cat-file", "--batch"), "".join(f"{blob}\n" for blob in blobs).encode())
        found, at = {}, 0
        for blob in blobs:
            head, _, _ = output[at : at + 200].partition(b"\n")
            size = int(head.split()[2])
            at += len(head) + 1
            found[blob] = output[at : at + size]
            at += size + 1
        return found


def _batches(paths: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(paths)
    while some := list(islice(rest, _PATHS_AT_ONCE)):
        yield some


def _output(process: Any, data: bytes = b"") -> bytes:
    """All that a git process prints, given `data`. Raises GitTrouble where it fails."""
    output, said = process.communicate(data)
    if process.returncode != 0:
        raise GitTrouble("git cannot list the changes", f"git says: {said.decode('utf-8', 'replace').strip()}")
    return bytes(output)
