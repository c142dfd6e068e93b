"""docs/walkthrough.md as a session: who typed what when, and what the program said. `make walkthrough` records it anew.

A block of the document is a scene: prompts such as `02:07 mara$ sevlog …` with what was printed below each. All of it
happens in one night (UTC), in a repository that the document's own files make.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from fixtures.servers import MailServer, WebServer, running
from sevlog.cli.main import run

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/walkthrough.md"
NIGHT = "2026-03-14"
_SCENE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"```yaml\n# ([\w.]+)\n(.*?)```", re.DOTALL)
_PROMPT = re.compile(r"(\d\d:\d\d) (\w+)\$ ((?:.*\\\n)*.*)\n?")
_INBOX = re.compile(r"(```text\n# when, where, what\n).*?```", re.DOTALL)
AUTOMATION = "ci"
"""A machine, and no person: it has no name in oncall.yaml."""
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


class Inbox:
    """What arrives at the servers of the night: mail for customers, a chat room, and pagers."""

    def __init__(self, mail: MailServer, web: WebServer) -> None:
        self._mail, self._web = mail, web
        self._mails = self._posts = 0
        self.lines: list[str] = []
        self.addresses = {
            "SEVLOG_NOTIFY_SUBSCRIBERS": mail.address("subscribers@parcel.example", from_="status@parcel.example"),
            "SEVLOG_NOTIFY_ROOM": web.address("webhook+http", "/room"),
            **{
                f"SEVLOG_NOTIFY_{n.upper()}_PAGER": web.address("webhook+http", f"/{n}")
                for n in ("mara", "priya", "jon")
            },
        }

    def look(self, when: str) -> None:
        """Note what came since the last look."""
        found = [f"mail to {', '.join(m.recipients)}: {m.mail['Subject']}" for m in self._mail.taken[self._mails :]]
        found += [self._post(asked.path, asked.body) for asked in self._web.asked[self._posts :]]
        self._mails, self._posts = len(self._mail.taken), len(self._web.asked)
        self.lines += [f"{when}  {line}" for line in sorted(found)]

    @staticmethod
    def _post(path: str, body: bytes) -> str:
        said = json.loads(body)
        first = next(line for line in said["text"].splitlines() if line.strip())
        if path == "/room":
            return f"the chat room: {first}"
        what = {None: said.get("event", "")}.get(said.get("notice"), str(said.get("notice")).replace("_", " "))
        return f"{path[1:]}, {what}: {first if what != 'page' else said['text'].splitlines()[1]}"


def recorded(text: str) -> str:
    """The document with what the program says now below each prompt, and what arrived at the end."""
    with tempfile.TemporaryDirectory() as folder, running(MailServer()) as mail, running(WebServer()) as web:
        root, inbox = Path(folder) / "records", Inbox(mail, web)
        make_repository(root, repository_files(text))

        def scene(found: re.Match[str]) -> str:
            lines = [Typed(*one.groups()) for one in _PROMPT.finditer(found[1])]
            return "```console\n" + "".join(_played(root, one, inbox) for one in lines) + "```"

        done = _SCENE.sub(scene, text)
        arrived = "".join(f"{line}\n" for line in inbox.lines)
        return _INBOX.sub(lambda found: f"{found[1]}{arrived}```", done)


def _played(root: Path, typed: Typed, inbox: Inbox) -> str:
    words = typed.words
    assert words[0] == "sevlog", typed
    said = _COMMIT.sub("commit 5e71a9c0de", answer(root, typed, inbox.addresses))
    inbox.look(typed.when)
    return f"{typed.when} {typed.person}$ {typed.line}\n{said.rstrip()}{chr(10) if said.strip() else ''}"


def answer(root: Path, typed: Typed, addresses: Mapping[str, str] | None = None) -> str:
    """What the program prints for a line, results and messages in turn as on a terminal."""
    said = io.StringIO()
    now = datetime.fromisoformat(f"{NIGHT}T{typed.when}:00").replace(tzinfo=UTC)
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        if typed.person != AUTOMATION:
            patch.setenv("SEVLOG_PERSON", typed.person)
        for name, address in (addresses or {}).items():
            patch.setenv(name, address)
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
