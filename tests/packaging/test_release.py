"""`make release`: a release is a commit, a tag, a wheel and an sdist; a refusal leaves everything as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOOK = "#!/bin/sh\n"
WITHOUT_BUILDING = """
import sys
from pathlib import Path
sys.path.insert(0, "changes")
import release
release.build = lambda place, folder: (folder / "wheel", folder / "sdist")
release.check_built = release.try_wheel = lambda *_: None
release.deliver = lambda built: Path("dist")
sys.exit(release.main(sys.argv[1:]))
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str


class Checkout(NamedTuple):
    """A clone of what is being worked on, with a remote."""

    root: Path

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def make_release(self, *settings: str, **environment: str) -> Done:
        """`make release` as typed, in the environment that runs the tests."""
        stamp = Path(sys.prefix) / ".installed-dev"
        return self._run("make", "-o", str(stamp), f"VENV={sys.prefix}", "release", *settings, **environment)

    def record_release(self, *words: str) -> Done:
        """The same with what git has to do with it, and without building and trying the wheel."""
        return self._run(sys.executable, "-c", WITHOUT_BUILDING, *words)

    def _run(self, *command: str, **environment: str) -> Done:
        done = subprocess.run(
            command, cwd=self.root, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def commit(self, name: str, text: str) -> None:
        """One more commit, with this file in it."""
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, "utf-8")
        self.git("add", name)
        self.git("commit", "-q", "-m", f"write {name}")

    def hook(self, name: str, text: str) -> None:
        path = self.root / ".git/hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HOOK + text, "utf-8")
        path.chmod(0o755)

    def state(self) -> tuple[str, ...]:
        """What a refused release must leave alone."""
        return (
            self.git("rev-parse", "HEAD"),
            self.git("status", "--porcelain", "--branch"),
            self.git("for-each-ref"),
            self.git("stash", "create"),
        )

    def refuses(self, *settings: str) -> str:
        """What the refusal says; nothing is changed by it."""
        before = self.state()
        done = self.make_release(*settings)
        assert done.code == 2, done  # make's own code: a recipe failed
        return self._refused(done, before)

    def cannot_record(self, version: str) -> str:
        """What git's refusal of a release says, once that is built; nothing is changed by it."""
        before = self.state()
        done = self.record_release(version)
        assert done.code == 1, done
        return self._refused(done, before)

    def _refused(self, done: Done, before: tuple[str, ...]) -> str:
        assert "Nothing was released" in done.err
        assert done.err.startswith("error: ")
        assert self.state() == before
        return done.err


def cloned(origin: Path, folder: Path) -> Checkout:
    subprocess.run(["git", "clone", "-q", origin, folder], check=True)
    return Checkout(folder)


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the files of this checkout as they are now, in one commit."""
    folder = tmp_path_factory.mktemp("release") / "origin"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in sorted(set(listed.stdout.decode().split("\0"))):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name, follow_symlinks=False)
    there = Checkout(folder)
    there.git("init", "-q")
    (folder / "changes/tests.added.md").write_text("Something new for a release.\n", "utf-8")
    there.git("add", "--all")
    there.git("commit", "-q", "-m", "what is being worked on")
    return folder


@pytest.fixture
def checkout(origin: Path, tmp_path: Path) -> Checkout:
    return cloned(origin, tmp_path / "sevlog")


@pytest.fixture(scope="session")
def untouched(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout for those who only ask; each refusal shows that it left everything alone."""
    return cloned(origin, tmp_path_factory.mktemp("untouched") / "sevlog")


@pytest.fixture(scope="session")
def released(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, Done]:
    """A checkout after `make release VERSION=7.1.0`, and what that said."""
    checkout = cloned(origin, tmp_path_factory.mktemp("released") / "sevlog")
    return checkout, checkout.make_release("VERSION=7.1.0")


def test_a_release_is_a_commit_a_tag_a_wheel_and_an_sdist(released: tuple[Checkout, Done]) -> None:
    checkout, done = released

    assert done.code == 0, done
    assert checkout.git("log", "-1", "--format=%s %P") == f"Release 7.1.0 {checkout.git('rev-parse', 'origin/main')}"
    assert checkout.git("cat-file", "-t", "v7.1.0") == "tag"
    assert checkout.git("rev-parse", "v7.1.0^{commit}") == checkout.git("rev-parse", "HEAD")
    assert checkout.git("status", "--porcelain") == ""
    built = sorted(path.name for path in (checkout.root / "dist").iterdir())
    assert built == ["sevlog-7.1.0-py3-none-any.whl", "sevlog-7.1.0.tar.gz"]


def test_a_release_pushes_nothing_and_says_how_to_push_it(released: tuple[Checkout, Done]) -> None:
    checkout, done = released

    assert done.out.splitlines()[-2:] == ["  git push origin main", "  git push origin v7.1.0"]
    assert checkout.git("ls-remote", "--tags", "origin") == ""
    assert checkout.git("ls-remote", "origin", "main").split()[0] == checkout.git("rev-parse", "HEAD^")


def test_a_release_collects_the_changes_and_sets_the_version(released: tuple[Checkout, Done]) -> None:
    root = released[0].root

    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    assert "## 7.1.0 (2026-11-23)\n\n### Added\n" in changelog
    assert "- Something new for a release.\n" in changelog
    assert sorted(path.name for path in (root / "changes").glob("*.md")) == ["README.md"]
    assert '__version__ = "7.1.0"' in (root / "tooling/sevlog/__init__.py").read_text("utf-8")
    assert '"default": "7.1.0"' in (root / "schemas/cli/doctor.schema.json").read_text("utf-8")


def test_the_next_release_is_newer_and_has_changes(released: tuple[Checkout, Done]) -> None:
    checkout = released[0]

    assert "version 7.1.0 is released already: tag v7.1.0" in checkout.refuses("VERSION=7.1.0")
    assert "7.0.9 is older than 7.1.0, the last release (tag v7.1.0)" in checkout.refuses("VERSION=7.0.9")
    assert "changes/ has no changes since the last release" in checkout.refuses("VERSION=7.2.0")


def test_without_a_version_it_explains(untouched: Checkout) -> None:
    done = untouched.make_release()

    assert done.code == 2
    assert done.err.startswith("error: no version given\n\nmake release VERSION=0.2.0")


@pytest.mark.parametrize(
    ("typed", "said", "hint"),
    [
        ("next", "version `next` is not a PEP 440 version", "make release VERSION=0.2.0"),
        ("v7.1.0", "version `v7.1.0` is not a final PEP 440 version", "make release VERSION=7.1.0"),
        ("7.1.0rc1", "version `7.1.0rc1` is not a final PEP 440 version", "make release VERSION=7.1.0"),
        ("7.1.0.post1", "version `7.1.0.post1` is not a final PEP 440 version", "make release VERSION=7.1.0"),
        ("7.1.0+ours", "version `7.1.0+ours` is not a final PEP 440 version", "make release VERSION=7.1.0"),
    ],
)
def test_a_version_that_is_not_final_is_refused(untouched: Checkout, typed: str, said: str, hint: str) -> None:
    assert untouched.refuses(f"VERSION={typed}").startswith(f"error: {said}\nhint: {hint}\n")


def test_a_version_that_exists_as_a_tag_or_in_the_changelog_is_refused(checkout: Checkout) -> None:
    checkout.git("tag", "v7.1.0")
    assert "released already: tag v7.1.0\nhint: make release VERSION=7.2.0" in checkout.refuses("VERSION=7.1.0")

    checkout.git("tag", "--delete", "v7.1.0")
    changelog = (checkout.root / "CHANGELOG.md").read_text("utf-8")
    checkout.commit("CHANGELOG.md", f"{changelog}\n## 7.1.0 (2026-11-20)\n")
    assert "released already: CHANGELOG.md" in checkout.refuses("VERSION=7.1.0")


def test_another_branch_is_refused_unless_it_is_named(checkout: Checkout) -> None:
    checkout.git("switch", "-q", "-c", "next")
    said = checkout.refuses("VERSION=7.1.0")
    assert "is on branch next, a release is made from main" in said
    assert "hint: git switch main, or: make release VERSION=7.1.0 BRANCH=next" in said

    checkout.git("switch", "-q", "--detach")
    assert "is on no branch (detached HEAD)" in checkout.refuses("VERSION=7.1.0")


@pytest.mark.parametrize("name", ["README.md", "new.txt"])
def test_a_tree_with_changes_is_refused(checkout: Checkout, name: str) -> None:
    (checkout.root / name).write_text("mine\n", "utf-8")

    assert f"has changes that are not committed:\n  {'??' if name == 'new.txt' else ' M'} {name}\n" in checkout.refuses(
        "VERSION=7.1.0"
    )
    assert (checkout.root / name).read_text("utf-8") == "mine\n"


def test_a_change_out_of_shape_is_refused_with_its_name(checkout: Checkout) -> None:
    checkout.commit("changes/odd.new.md", "Odd.\n")

    assert "error: changes/odd.new.md: not <topic>.<kind>.md" in checkout.refuses("VERSION=7.1.0")


def test_a_second_place_for_the_version_is_refused(checkout: Checkout) -> None:
    checkout.commit("tooling/sevlog/__init__.py", '"""sevlog."""\n\n__version__ = "1"\n__version__ = "2"\n')

    assert 'tooling/sevlog/__init__.py has 2 lines `__version__ = "…"`, not one' in checkout.refuses("VERSION=7.1.0")


def test_a_wheel_that_lacks_a_file_is_refused(checkout: Checkout) -> None:
    path = checkout.root / "pyproject.toml"
    excluded = '[tool.hatch.build.targets.wheel]\nexclude = ["py.typed"]\n'
    checkout.commit("pyproject.toml", path.read_text("utf-8").replace("[tool.hatch.build.targets.wheel]\n", excluded))

    assert "sevlog-7.1.0-py3-none-any.whl lacks sevlog/py.typed" in checkout.refuses("VERSION=7.1.0")


def test_a_wheel_that_does_not_start_without_undeclared_libraries_is_refused(checkout: Checkout) -> None:
    main = (checkout.root / "tooling/sevlog/__main__.py").read_text("utf-8")
    future = "from __future__ import annotations\n"
    checkout.commit("tooling/sevlog/__main__.py", main.replace(future, f"{future}\nimport pytest\n"))

    assert "No module named 'pytest'" in checkout.refuses("VERSION=7.1.0")


@pytest.mark.parametrize(
    ("hook", "text", "said"),
    [
        ("pre-commit", "echo 'not on a Friday' >&2; exit 1\n", "not on a Friday"),
        (
            "pre-commit",
            "echo more >>README.md; git add README.md\n",
            "a git hook changed the files of the release 7.1.0",
        ),
        ("pre-commit", "kill -TERM $PPID\n", "`git commit -q -m …` failed with exit code -15"),
        ("reference-transaction", '[ "$1" != prepared ] || ! grep -q refs/tags/\n', "`git tag -m sevlog 7.1.0"),
    ],
)
def test_a_failure_at_the_commit_or_the_tag_puts_everything_back(
    checkout: Checkout, hook: str, text: str, said: str
) -> None:
    checkout.hook(hook, text)

    told = checkout.cannot_record("7.1.0")

    assert said in told
    assert "hint: correct this, then: make release VERSION=7.1.0" in told


def test_a_signal_during_the_commit_does_not_leave_half_a_release(checkout: Checkout) -> None:
    checkout.hook("pre-commit", "kill -TERM $(ps -o ppid= -p $PPID)\n")

    assert checkout.record_release("7.1.0").code == 0

    assert checkout.git("rev-parse", "v7.1.0^{commit}") == checkout.git("rev-parse", "HEAD")
    assert checkout.git("status", "--porcelain") == ""


def test_without_an_identity_nothing_is_released(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.git("config", "user.useConfigOnly", "true")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    assert "user.email" in checkout.refuses("VERSION=7.1.0")


def test_a_release_from_a_named_branch_is_signed_where_git_is_told_to(checkout: Checkout, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for name, value in {
        "gpg.format": "ssh",
        "user.signingKey": f"{key}.pub",
        "commit.gpgSign": "true",
        "tag.gpgSign": "true",
    }.items():
        checkout.git("config", name, value)

    checkout.git("switch", "-q", "-c", "0.1.x")

    done = checkout.record_release("--branch", "0.1.x", "7.1.0")

    assert done.code == 0, done
    assert "  git push origin 0.1.x\n" in done.out
    signature = "BEGIN SSH SIGNATURE"
    assert [signature in checkout.git("cat-file", "-p", name) for name in ("HEAD", "v7.1.0")] == [True, True]
