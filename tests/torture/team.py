"""A bare remote, a clone of it for each person, and the real program in processes of its own."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from fixtures.clocks import VARIABLE
from fixtures.commands import SEVLOG, surroundings
from fixtures.repositories import git

PEOPLE = ("ana", "bo", "chi", "dee", "eli", "flo", "gus", "hal")
CONFIG = """\
schema: 1
page: {name: Cart and Co, url: "https://status.cart.example"}
components: [{key: checkout, name: Checkout}, {key: search, name: Search}]
"""
ONCALL = f"schema: 1\npeople: [{', '.join(f'{{key: {person}}}' for person in PEOPLE)}]\n"
TOKEN = re.compile(r"tok-[a-z]+-[0-9]+-[0-9]+")
"""What marks the words of one command, so that it can be found again wherever it ended up."""
LEFT_BEHIND = re.compile(
    r"\.lock$|\.tmp$|^sevlog/(journal|move|before-|message|spare-)|fast_import_crash|^refs/sevlog/(draft|replant)|^(MERGE|REBASE)_|^rebase-"
)
"""Below the git directory: what a command may use while it runs, and nobody should find afterwards."""


_SESSION = """\
import contextlib, io, json, sys
from fixtures.clocks import Clock
from fixtures.commands import run
for line in sys.stdin:
    instant, words = json.loads(line)
    Clock().set(instant)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    print(json.dumps([int(code), out.getvalue(), err.getvalue()]), flush=True)
"""


class Said(NamedTuple):
    """What a command did: its exit code and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Clone:
    """A checkout and the person who types there. `environment` is added to that of each command."""

    folder: Path
    person: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        return [*SEVLOG, *words]

    def surroundings(self) -> dict[str, str]:
        """The environment of a command."""
        return {**surroundings(), "SEVLOG_PERSON": self.person, "NO_COLOR": "1", **self.environment}

    def types(self, *words: str) -> Said:
        """Run a command, whatever becomes of it."""
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env=self.surroundings(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextlib.contextmanager
    def session(self) -> Iterator[Callable[..., Said]]:
        """One process that types command after command, which saves starting one for each; what types them."""
        with subprocess.Popen(
            [sys.executable, "-c", _SESSION],
            cwd=self.folder,
            env=self.surroundings(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None and process.stdout is not None
            ways = (process.stdin, process.stdout)

            def types(*words: str) -> Said:
                print(json.dumps([surroundings()[VARIABLE], words]), file=ways[0], flush=True)
                return Said(*json.loads(ways[1].readline()))

            yield types

    def does(self, *words: str) -> str:
        """Run a command that works; what it printed."""
        said = self.types(*words)
        assert said.code == 0, f"{words}: {said}"
        return said.out

    def tells(self, *words: str) -> dict[str, Any]:
        """Run a command that works with --json; its document."""
        document: dict[str, Any] = json.loads(self.does(*words, "--json"))
        return document

    def git(self, *words: str, check: bool = True) -> str:
        return git(self.folder, *words, check=check)

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    @property
    def incidents(self) -> list[str]:
        """The ids of the incidents that are here, by id."""
        return sorted(path.name for path in (self.folder / "incidents").glob("*/*"))

    def texts(self) -> Counter[str]:
        """Token -> in how many committed files it stands here."""
        return tokens(self.folder, "HEAD")

    def raises(self, title: str = "Checkout fails", *more: str) -> str:
        """Raise an incident that is no major; its id."""
        words = ("raise", title, "--severity", "SEV3", "--component", "checkout", "--summary", "Cards are refused")
        return str(self.tells(*words, *more)["id"])


class Team:
    """The remote `hub.git` below a folder, and clones of it."""

    def __init__(self, root: Path) -> None:
        self.root, self.hub = root, root / "hub.git"

    def clone(self, person: str, name: str | None = None) -> Clone:
        folder = self.root / (name or person)
        git(self.root, "clone", "--quiet", str(self.hub), str(folder))
        return Clone(folder, person)

    @property
    def head(self) -> str:
        """The commit that the remote has."""
        return git(self.hub, "rev-parse", "main")

    def texts(self) -> Counter[str]:
        """Token -> in how many files it stands in the remote."""
        return tokens(self.hub, "main")


def make_team(root: Path, config: str = CONFIG) -> Team:
    """A remote with a configuration and no incident."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", "hub.git")
    (root / "hub.git/hooks").mkdir()
    team = Team(root)
    first = team.clone("ana", "first")
    (first.folder / "sevlog.yaml").write_text(config, "utf-8")
    (first.folder / "oncall.yaml").write_text(ONCALL, "utf-8")
    first.git("checkout", "--quiet", "-B", "main")
    first.git("add", ".")
    first.git("commit", "--quiet", "-m", "start")
    first.git("push", "--quiet", "origin", "main")
    shutil.rmtree(first.folder)
    return team


def copied(team: Team, folder: Path, *clones: Clone) -> tuple[Team, list[Clone]]:
    """The remote and the clones once more, in another folder; the clones there send to the remote there."""
    folder.mkdir(parents=True)
    shutil.copytree(team.hub, folder / "hub.git", symlinks=True)
    result = []
    for clone in clones:
        target = folder / clone.folder.name
        shutil.copytree(clone.folder, target, symlinks=True)
        config = target / ".git/config"
        config.write_text(config.read_text("utf-8").replace(str(team.hub), str(folder / "hub.git")), "utf-8")
        result.append(Clone(target, clone.person, clone.environment))
    return Team(folder), result


def tokens(folder: Path, revision: str) -> Counter[str]:
    """Token -> in how many files of a revision it stands, or of all together (`--branches`)."""
    revisions = git(folder, "rev-parse", revision).split()
    done = subprocess.run(
        ["git", "grep", "-o", "-I", "-E", TOKEN.pattern, *revisions, "--", "incidents"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return Counter(line.rpartition(":")[2] for line in set(done.stdout.splitlines()))


def require_sound(folder: Path) -> None:
    """Git finds nothing wrong with the objects and refs."""
    done = subprocess.run(
        ["git", "fsck", "--full", "--strict", "--no-dangling"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (0, ""), done


def require_clean(clone: Clone) -> None:
    """Work tree and index agree with HEAD, git is sound, and nothing is left behind."""
    assert clone.git("status", "--porcelain", "--untracked-files=all") == ""
    require_sound(clone.folder)
    place = Path(clone.git("rev-parse", "--absolute-git-dir"))
    found = [path.relative_to(place).as_posix() for path in sorted(place.rglob("*")) if path.is_file()]
    left = [name for name in found if LEFT_BEHIND.search(name)]
    assert left == [], left
