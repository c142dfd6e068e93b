"""What past revisions held: ancestors, changed paths, files of other commits. The only importer of GitPython."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from git import Repo
from git.exc import BadName, GitCommandError, GitError, InvalidGitRepositoryError

from ..errors import GitTrouble, NotFound
from . import layout, yamlio

_UNSAFE = frozenset(("", ".", "..", ".git"))


class History:
    """The commits around a records repository, which may lie below the top of its git repository."""

    def __init__(self, root: Path) -> None:
        try:
            self._repo = Repo(root, search_parent_directories=True)
        except InvalidGitRepositoryError:
            raise GitTrouble(f"{root} is in no git repository, so there is nothing to compare with") from None
        top = Path(self._repo.working_tree_dir or root).resolve()
        relative = root.resolve().relative_to(top).as_posix()
        self._prefix = "" if relative == "." else f"{relative}/"

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self._repo.close()

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names. Raises NotFound."""
        try:
            if revision.startswith("-"):
                raise ValueError("an option")
            return str(self._repo.commit(revision).hexsha)
        except (BadName, ValueError, IndexError, GitError):
            raise NotFound(
                f"git knows no revision `{revision}`",
                "fetch it first: git fetch origin (in a pipeline: with the whole history, fetch-depth: 0)",
            ) from None

    def ancestor(self, commit: str) -> str:
        """The commit where HEAD and another commit parted. Raises GitTrouble where they have none in common."""
        try:
            found = self._repo.merge_base(commit, "HEAD")
        except GitCommandError as error:
            raise GitTrouble(f"git cannot compare with {commit[:10]}", str(error.stderr).strip()) from None
        if not found:
            raise GitTrouble(
                f"HEAD and {commit[:10]} have no commit in common",
                "is this a shallow clone? git fetch --unshallow (in a pipeline: fetch-depth: 0)",
            )
        return str(found[0].hexsha)

    def changed(self, commit: str) -> frozenset[str]:
        """Paths, relative to the records, that are in the working tree other than in a commit: added, edited, gone."""
        specs = self._pathspecs()
        # git walks ten thousand folders to find new files; it does so while it compares the known ones
        untracked = self._start("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", *specs)
        edited = self._start("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", commit, "--", *specs)
        output = _output(edited) + _output(untracked)
        return frozenset(
            row.decode("utf-8", "replace").removeprefix(self._prefix) for row in output.split(b"\0") if row
        )

    def _start(self, command: str, *options: str) -> Any:
        return self._repo.git.execute(["git", command, *options], as_process=True)

    def _pathspecs(self) -> list[str]:
        names = (layout.INCIDENTS, layout.CONFIG_FILE, layout.ONCALL_FILE, "runbooks", "problems")
        return [f":(top,literal){self._prefix}{name}" for name in names]

    def ids(self, commit: str) -> frozenset[str]:
        """The ids of all incidents in a commit."""
        tree = self._object(commit, layout.INCIDENTS)
        years = [] if tree is None else tree.trees
        return frozenset(folder.name for year in years for folder in year.trees)

    def export(self, commit: str, paths: Iterable[str], target: Path) -> None:
        """Write files and folders of a commit below `target`, at the same paths. Links are left out; evidence is empty.

        paths: relative to the records; those that the commit does not have are passed over.
        """
        for path in paths:
            found = self._object(commit, path)
            blobs = [] if found is None else [found] if found.type == "blob" else found.traverse()
            for blob in blobs:
                if blob.type == "blob" and not blob.mode & 0o020000:
                    self._write(blob, target)

    def _write(self, blob: Any, target: Path) -> None:
        relative = PurePosixPath(str(blob.path).removeprefix(self._prefix))
        if _UNSAFE & set(relative.parts):
            return
        path = target / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        evidence = layout.EVIDENCE in relative.parts[3:4]
        path.write_bytes(b"" if evidence else blob.data_stream.read(yamlio.MAX_BYTES + 1))

    def _object(self, commit: str, path: str) -> Any:
        """The blob or tree at a path of a commit; None where there is none."""
        try:
            return self._repo.commit(commit).tree / f"{self._prefix}{path}"
        except KeyError:
            return None


def _output(process: Any) -> bytes:
    """All that a git process prints. Raises GitTrouble where it fails."""
    output, said = process.communicate()
    if process.returncode != 0:
        raise GitTrouble("git cannot say what changed", f"git says: {said.decode('utf-8', 'replace').strip()}")
    return bytes(output)
