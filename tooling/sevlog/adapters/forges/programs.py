"""Opens pull requests through `gh` and `glab`, if they are installed and logged in.

The two programs handle the login: each call is one request to the forge's REST
API (GitHub's /repos/{owner}/{repo}/pulls, GitLab's /projects/{id}/merge_requests). They are never asked anything that
could end in a prompt, and have a limited time to answer.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from msgspec import Struct

from ...stores.git.command import finished
from .requests import Draft, Place

PATIENCE = 20.0
"""The total timeout of a forge for one request, in seconds."""

_QUIET = {
    "GH_PROMPT_DISABLED": "1",
    "GH_NO_UPDATE_NOTIFIER": "1",
    "NO_PROMPT": "1",
    "GLAB_CHECK_UPDATE": "false",
    "NO_COLOR": "1",
    "GH_PAGER": "cat",
    "GLAB_PAGER": "cat",
    "PAGER": "cat",
}
_MOST_SAID = 200


class ForgeRequest(Struct, frozen=True, kw_only=True):
    """A request at the forge. state: open, closed or merged."""

    url: str
    state: str


class Asked(Struct, frozen=True, kw_only=True):
    """The result. url: of the open request, if any. closed: of one that was declined."""

    url: str | None = None
    new: bool = False
    closed: str | None = None
    trouble: str | None = None
    """Why the program failed; None if it did not, or if there is no program for this forge."""


def ask(place: Place, draft: Draft, *, environment: Mapping[str, str], patience: float = PATIENCE) -> Asked:
    """Make sure that a request is open, through `gh` or `glab`. It never raises. patience: total timeout in seconds."""
    deadline = time.monotonic() + patience
    try:
        return _Program(place, environment, deadline).ask(draft)
    except _NoAnswer as stop:
        return Asked(trouble=str(stop) or None)


class _NoAnswer(Exception):
    """The program is not installed (no message), or failed."""


class _Program:
    """`gh` or `glab`, for one repository."""

    def __init__(self, place: Place, environment: Mapping[str, str], deadline: float) -> None:
        self.place, self.deadline = place, deadline
        self.environment = {**environment, **_QUIET}
        kinds = {"github": "gh", "gitlab": "glab"}
        names = [kinds[place.kind]] if place.kind in kinds else list(kinds.values()) if place.kind == "unknown" else []
        there = [name for name in names if shutil.which(name, path=environment.get("PATH"))]
        if place.kind == "unknown":  # the logged-in user knows the repository
            there = [name for name in there if self._run(name, "auth", "status", "--hostname", place.host)[0] == 0]
        if not there:
            raise _NoAnswer
        self.name = there[0]
        owner, _, _ = place.path.rpartition("/")
        self.owner = owner
        self.list = (
            f"repos/{quote(place.path)}/pulls"
            if self.name == "gh"
            else f"projects/{quote(place.path, safe='')}/merge_requests"
        )

    def ask(self, draft: Draft) -> Asked:
        """Find the open request, or open one."""
        known = self.find(draft)
        opened = next((row for row in known if row.state == "open"), None)
        if opened is not None:
            return Asked(url=opened.url)
        last = known[0] if known else None
        closed = last.url if last is not None and last.state == "closed" else None
        try:
            return Asked(url=self.open(draft), new=True, closed=closed)
        except _NoAnswer as stop:
            again = next((row for row in self.find(draft) if row.state == "open"), None)
            if again is not None:  # someone else was faster
                return Asked(url=again.url)
            return Asked(trouble=str(stop), closed=closed)

    def find(self, draft: Draft) -> list[ForgeRequest]:
        """The requests from this branch, the newest first."""
        if self.name == "gh":
            words = {"state": "all", "head": f"{self.owner}:{draft.branch}", "base": draft.base, "per_page": 20}
        else:
            words = {"state": "all", "source_branch": draft.branch, "target_branch": draft.base, "per_page": 20}
        rows = self._call("GET", f"{self.list}?{urlencode(words)}")
        if not isinstance(rows, list):
            raise _NoAnswer(f"{self.name} did not return a list")
        return [self._request_of(row) for row in rows if isinstance(row, dict)]

    def open(self, draft: Draft) -> str:
        """Open one; its address."""
        if self.name == "gh":
            words = {"title": draft.title, "body": draft.body, "head": draft.branch, "base": draft.base}
        else:
            words = {
                "title": draft.title,
                "description": draft.body,
                "source_branch": draft.branch,
                "target_branch": draft.base,
            }
        row = self._call("POST", self.list, words)
        found = self._request_of(row) if isinstance(row, dict) else None
        if found is None or not found.url:
            raise _NoAnswer(f"{self.name} did not return the address of the {self.place.word}")
        return found.url

    def _request_of(self, row: Mapping[str, object]) -> ForgeRequest:
        state = {"opened": "open", "locked": "open"}.get(str(row.get("state")), str(row.get("state")))
        merged = row.get("merged_at") is not None
        return ForgeRequest(
            url=str(row.get("html_url") or row.get("web_url") or ""), state="merged" if merged else state
        )

    def _call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> object:
        words = ["api", "--hostname", self.place.host, "--method", method]
        if body is not None:
            words += ["--header", "Content-Type: application/json", "--input", "-"]
        code, output, said = self._run(
            self.name, *words, path, data=None if body is None else json.dumps(body).encode()
        )
        if code != 0:
            raise _NoAnswer(self._why(output, said))
        try:
            return json.loads(output)
        except ValueError:
            raise _NoAnswer(f"{self.name} did not return JSON") from None

    def _why(self, output: str, said: str) -> str:
        if "auth login" in said:
            return f"{self.name} is not logged in: {self.name} auth login --hostname {self.place.host}"
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        try:
            details = json.loads(output).get("errors") or ()
            lines += [str(row["message"]) for row in details if isinstance(row, dict) and row.get("message")]
        except (ValueError, AttributeError, TypeError):
            pass
        return f"{self.name} failed: {'; '.join(lines)[:_MOST_SAID] or 'no error message'}"

    def _run(self, *command: str, data: bytes | None = None) -> tuple[int, str, str]:
        left = self.deadline - time.monotonic()
        try:
            if left <= 0:
                raise subprocess.TimeoutExpired(command, 0)
            done = finished(list(command), Path.cwd(), data, left, self.environment)
        except subprocess.TimeoutExpired:
            raise _NoAnswer(f"{command[0]} did not respond in time") from None
        except OSError as error:
            raise _NoAnswer(f"cannot run {command[0]}: {error.strerror}") from None
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
