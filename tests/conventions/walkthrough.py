"""docs/walkthrough.md as a session: who typed what when, and what the program said. `make walkthrough` records it anew.

A block of the document is a scene: prompts such as `02:07 mara$ sevlog …` with what was printed below each. All of it
happens in one night (UTC), in a repository that the document's own files make.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from sevlog.cli.main import run

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/walkthrough.md"
NIGHT = "2026-03-14"
_SCENE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"```yaml\n# ([\w.]+)\n(.*?)```", re.DOTALL)
_PROMPT = re.compile(r"(\d\d:\d\d) (\w+)\$ ((?:.*\\\n)*.*)\n?")
_COMMIT = re.compile(r"\bcommit [0-9a-f]{10}\b")


class Typed(NamedTuple):
    """A line of the session: when (HH:MM), who, and what, as it stands in the document."""

    when: str
    person: str
    line: str

    @property
    def words(self) -> list[str]:
        """The words of the command."""
        return shlex.split(self.line.replace("\\\n", " "))


def commands(text: str) -> list[Typed]:
    """What is typed, in order."""
    return [Typed(*found.groups()) for scene in _SCENE.finditer(text) for found in _PROMPT.finditer(scene[1])]


def repository_files(text: str) -> dict[str, str]:
    """Name -> text of the files that the document has."""
    return dict(_FILE.findall(text))


def recorded(text: str) -> str:
    """The document with what the program says now below each prompt."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "records"
        make_repository(root, repository_files(text))

        def scene(found: re.Match[str]) -> str:
            lines = [Typed(*one.groups()) for one in _PROMPT.finditer(found[1])]
            return "```console\n" + "".join(_played(root, one) for one in lines) + "```"

        return _SCENE.sub(scene, text)


def _played(root: Path, typed: Typed) -> str:
    words = typed.words
    assert words[0] == "sevlog", typed
    said = _COMMIT.sub("commit 5e71a9c0de", answer(root, typed))
    return f"{typed.when} {typed.person}$ {typed.line}\n{said.rstrip()}{chr(10) if said.strip() else ''}"


def answer(root: Path, typed: Typed) -> str:
    """What the program prints for a line, results and messages in turn as on a terminal."""
    said = io.StringIO()
    now = datetime.fromisoformat(f"{NIGHT}T{typed.when}:00").replace(tzinfo=UTC)
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        patch.setenv("SEVLOG_PERSON", typed.person)
        run(["--repo", str(root), *typed.words[1:]], clock=lambda: now)
    return said.getvalue()


def make_repository(root: Path, files: dict[str, str]) -> None:
    """A records repository with these files."""
    root.mkdir()
    for name, text in files.items():
        (root / name).write_text(text, "utf-8")
    identity = {
        "GIT_AUTHOR_NAME": "Mara",
        "GIT_AUTHOR_EMAIL": "mara@parcel.example",
        "GIT_COMMITTER_NAME": "Mara",
        "GIT_COMMITTER_EMAIL": "mara@parcel.example",
    }
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "How we respond"]):
        subprocess.run(["git", *words], cwd=root, check=True, env={**os.environ, **identity})
    for key, value in (("user.name", "Mara"), ("user.email", "mara@parcel.example")):
        subprocess.run(["git", "config", key, value], cwd=root, check=True)


if __name__ == "__main__":
    os.environ.update(TZ="UTC", NO_COLOR="1", COLUMNS="120", EDITOR="false")
    DOCUMENT.write_text(recorded(DOCUMENT.read_text("utf-8")), "utf-8")
