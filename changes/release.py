"""Make a release: changelog, version, sdist and wheel, commit and tag.  make release VERSION=0.2.0 [BRANCH=name]

Everything is prepared, built and tried in a temporary clone. Only then is this checkout touched; a failure undoes it.
Nothing is pushed and nothing is uploaded.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NoReturn

from packaging.version import InvalidVersion, Version

import collect
from built import build, check_built, project, try_wheel
from programs import ROOT, Refusal, git, run

USAGE = """\
make release VERSION=0.2.0                a release from main
make release VERSION=0.1.1 BRANCH=0.1.x   a release from another branch

The version is N.N.N and newer than the last release{last}.
Nothing is pushed: the commands that push are printed at the end. See "A release" in CONTRIBUTING.md.
"""


# ---- refusals, before anything is made


def checked_version(text: str) -> Version:
    """The version, which is a final one as PEP 440 writes it."""
    try:
        version = Version(text)
    except InvalidVersion:
        raise Refusal(f"version `{text}` is not a PEP 440 version", "make release VERSION=0.2.0") from None
    final = Version(version.base_version)
    if str(final) != text or final.epoch:
        raise Refusal(f"version `{text}` is not a final PEP 440 version", f"make release VERSION={final}")
    return version


def released() -> dict[Version, str]:
    """Every version that was released, with where that is written: a tag or CHANGELOG.md."""
    headings = re.findall(r"^## (\S+) \(", collect.CHANGELOG.read_text("utf-8"), re.MULTILINE)
    places = [(name, "CHANGELOG.md") for name in headings]
    places += [(tag.removeprefix("v"), f"tag {tag}") for tag in git("tag", "--list", "v[0-9]*", "[0-9]*").split()]
    found = {}
    for name, place in places:
        try:
            found[Version(name)] = place
        except InvalidVersion:
            continue
    return found


def require_new(version: Version) -> None:
    """Refuse a version that is tagged, or is not newer than the last one."""
    before = released()
    last = max(before, default=None)
    following = f"make release VERSION={last.major}.{last.minor + 1}.0" if last else ""
    if version in before:
        raise Refusal(f"version {version} is released already: {before[version]}", following)
    if last and version < last:
        raise Refusal(f"version {version} is older than {last}, the last release ({before[last]})", following)


def require_ready(version: Version, branch: str) -> None:
    """Refuse a wrong branch, a tree with changes, or a release without content."""
    on = git("branch", "--show-current")
    if on != branch:
        where = f"branch {on}" if on else "no branch (detached HEAD)"
        hint = f"git switch {branch}" + (f", or: make release VERSION={version} BRANCH={on}" if on else "")
        raise Refusal(f"{ROOT} is on {where}, a release is made from {branch}", hint)
    if changed := git("status", "--porcelain", "--untracked-files=all"):
        raise Refusal(
            f"{ROOT} has changes that are not committed:\n  " + changed.replace("\n", "\n  "),
            f"git stash -u && make release VERSION={version}",
        )
    try:
        notes = collect.release_notes(collect.FOLDER)
    except ValueError as error:
        raise Refusal(f"changes/{error}", "python changes/collect.py") from None
    if not notes:
        raise Refusal("changes/ has no changes since the last release", "cat changes/README.md")


# ---- the release, prepared in a clone


def clone(folder: Path, head: str) -> Path:
    """The commit in a folder of its own, without the hooks of its user."""
    place = folder / "sevlog"
    git("-c", "core.hooksPath=/dev/null", "clone", "-q", "--shared", "--no-checkout", ROOT, place)
    git("config", "core.hooksPath", "/dev/null", cwd=place)
    git("checkout", "-q", "--detach", head, cwd=place)
    return place


def set_version(place: Path, version: Version) -> None:
    """Write the version to its one source, the file that the build backend reads it from."""
    path = place / project(place)["tool"]["hatch"]["version"]["path"]
    text, count = re.subn(r'(?m)^__version__ = "[^"\n]*"$', f'__version__ = "{version}"', path.read_text("utf-8"))
    if count != 1:
        raise Refusal(f'{path.relative_to(place)} has {count} lines `__version__ = "…"`, not one')
    path.write_text(text, "utf-8")


def release_day() -> str:
    """The day that git will write into the commit. Fails where git does not know who commits."""
    seconds, offset = git("var", "GIT_COMMITTER_IDENT").split()[-2:]
    minutes = (int(offset[1:3]) * 60 + int(offset[3:])) * (-1 if offset[0] == "-" else 1)
    return datetime.fromtimestamp(int(seconds), timezone(timedelta(minutes=minutes))).date().isoformat()


def prepare(place: Path, version: Version) -> str:
    """Collect the changes, set the version, write the generated files again. Returns the id of the tree."""
    collect.release(place / "changes", place / collect.CHANGELOG.name, str(version), release_day())
    set_version(place, version)
    stamp = Path(sys.prefix) / ".installed-dev"
    run("make", "-o", stamp, f"VENV={sys.prefix}", "schemas", cwd=place, PYTHONPATH=str(place / "tooling"))
    git("add", "--all", cwd=place)
    return git("write-tree", cwd=place)


# ---- this checkout


def record(place: Path, version: Version, head: str, tree: str) -> None:
    """Commit and tag what the clone has staged, with the hooks and signatures of whoever releases; all or nothing."""
    if git("rev-parse", "HEAD") != head or git("status", "--porcelain"):
        raise Refusal(f"{ROOT} changed while the release was built", f"make release VERSION={version}")
    patch = place.parent / "release.patch"
    git("diff-index", "--cached", "--binary", "--full-index", f"--output={patch}", head, cwd=place)
    with _finishing():
        _commit_and_tag(version, head, tree, patch)


def _commit_and_tag(version: Version, head: str, tree: str, patch: Path) -> None:
    try:
        git("apply", "--index", "--whitespace=nowarn", patch)
        git("commit", "-q", "-m", f"Release {version}")
        if git("rev-parse", "HEAD^{tree}") != tree:
            raise Refusal(f"a git hook changed the files of the release {version} after they were built and tried")
        git("tag", "-m", f"sevlog {version}", f"v{version}")  # not --annotate: it would overrule tag.forceSignAnnotated
    except BaseException:
        _undo(head)
        raise


@contextmanager
def _finishing() -> Iterator[None]:
    """Signals do not stop this process in here: git would be killed with it, and leave its lock on the index."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _undo(head: str) -> None:
    """Put the branch and every file that the release or its hooks staged back to where they were."""
    try:
        git("reset", "-q", "--soft", head)
        staged = git("diff-index", "--cached", "--name-only", "-z", head)
        if staged:
            git("restore", "--source", head, "--staged", "--worktree", "--pathspec-from-file=-", "--pathspec-file-nul",
                stdin=staged)  # fmt: skip
    except Refusal as error:
        raise Refusal(f"the release failed and {ROOT} was not put back: {error}", f"git reset --hard {head}") from None


def deliver(built: tuple[Path, Path]) -> Path:
    """Copy what was built to dist/, which git ignores."""
    folder = ROOT / "dist"
    folder.mkdir(exist_ok=True)
    for path in built:
        shutil.copy(path, folder)
    return folder


def release(version: Version, branch: str) -> None:
    """The whole of it."""
    require_new(version)
    require_ready(version, branch)
    head = git("rev-parse", "HEAD")
    with tempfile.TemporaryDirectory(prefix="sevlog-release-") as name:
        place = clone(Path(name), head)
        tree = prepare(place, version)
        wheel, sdist = build(place, Path(name) / "dist")
        check_built(place, wheel, sdist, version)
        try_wheel(place, wheel, Path(name), version)
        folder = deliver((wheel, sdist))
        record(place, version, head, tree)
    remote = _remote(branch)
    sys.stdout.write(
        f"Released sevlog {version}: commit {git('rev-parse', '--short', 'HEAD')}, tag v{version}\n"
        f"  {folder / wheel.name}\n  {folder / sdist.name}\nNothing is pushed yet. To push:\n"
        f"  git push {remote} {branch}\n  git push {remote} v{version}\n"
    )


def _remote(branch: str) -> str:
    """The remote that the branch goes to."""
    configured = git("config", "--default", "origin", "--get", f"branch.{branch}.remote")
    return git("config", "--default", configured, "--get", "remote.pushDefault")


def _stop(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def main(words: list[str]) -> int:
    """0 when the release is made, 1 when it is refused, 2 without a version."""
    parser = argparse.ArgumentParser(add_help=False, usage=argparse.SUPPRESS)
    parser.add_argument("version", nargs="?", default="")
    parser.add_argument("--branch", default="")
    given = parser.parse_args(words)
    signal.signal(signal.SIGTERM, _stop)
    try:
        if not given.version:
            last = max(released(), default=None)
            sys.stderr.write(f"error: no version given\n\n{USAGE.format(last=f', {last}' if last else '')}")
            return 2
        release(checked_version(given.version), given.branch or "main")
    except (Refusal, OSError) as error:
        again = f"make release VERSION={given.version}" + (f" BRANCH={given.branch}" if given.branch else "")
        hint = getattr(error, "hint", "") or f"correct this, then: {again}"
        sys.stderr.write(f"error: {error}\nhint: {hint}\nNothing was released.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped; nothing was released\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
