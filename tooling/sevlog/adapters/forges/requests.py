"""Forges by the URL of a remote: the kind of forge, and the page that opens a pull request."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

from msgspec import Struct

from ...stores.git.command import finished

Kind = Literal["github", "gitlab", "gitea", "bitbucket", "bitbucket-server", "unknown"]

_HOSTS: dict[str, Kind] = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "codeberg.org": "gitea",
    "gitea.com": "gitea",
    "bitbucket.org": "bitbucket",
}
_WORDS: dict[str, Kind] = {
    "github": "github",
    "gitlab": "gitlab",
    "gitea": "gitea",
    "forgejo": "gitea",
    "bitbucket": "bitbucket-server",
    "stash": "bitbucket-server",
}
"""Common parts of the host names of self-hosted forges."""

_SSH_BY_HTTPS_PORT = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
_ADDRESS = re.compile(r"(?P<scheme>[a-z+]+)://(?:[^/@]*@)?(?P<host>\[[^\]]+\]|[^/:]+)(?::(?P<port>\d*))?/(?P<path>.*)")
_SHORT = re.compile(r"(?:[^@/]+@)?(?P<host>\[[^\]]+\]|[^/:@]{2,}):(?!//|:)(?P<path>.+)")
_SCHEMES = ("ssh", "git+ssh", "ssh+git", "https", "http", "git")
_OFFERED = re.compile(
    r"https?://\S+/(?:merge_requests/new\?\S+|pull/new/\S+|compare/\S+|pull-requests(?:/new)?\?\S+|pulls/new/\S+)"
)


class Place(Struct, frozen=True, kw_only=True):
    """A repository at a forge. address: of the forge's web pages. path: of the repository, below that."""

    kind: Kind
    host: str
    address: str
    path: str

    @property
    def word(self) -> str:
        """The name of a merge request on this forge."""
        return "merge request" if self.kind == "gitlab" else "pull request"


class Draft(Struct, frozen=True, kw_only=True):
    """A request to merge `branch` into `base`, to be opened."""

    branch: str
    base: str
    title: str
    body: str


def place_of(address: str) -> Place | None:
    """The forge and repository of a remote's address; None for a folder or file.

    address: `https://`, `http://`, `ssh://` or `git://` URL, or `user@host:path`.
    """
    match = _ADDRESS.fullmatch(address.strip()) or _SHORT.fullmatch(address.strip())
    if match is None:
        return None
    parts = match.groupdict()
    scheme = parts.get("scheme") or "ssh"
    if scheme not in _SCHEMES:
        return None
    host = parts["host"].lower()
    host = _SSH_BY_HTTPS_PORT.get(host, host) if "." in host else _real_host(host)
    path = re.sub(r"(\.git)?/*$", "", parts["path"].strip("/"))
    usual: list[Kind] = [kind for word, kind in _WORDS.items() if word in host]
    kind = _HOSTS.get(host, usual[0] if usual else "unknown")
    web = scheme if scheme in ("http", "https") else "https"
    port = f":{parts['port']}" if scheme in ("http", "https") and parts.get("port") else ""
    return Place(kind=kind, host=host + port, address=f"{web}://{host}{port}", path=path)


def _real_host(alias: str) -> str:
    """The host behind a name of ~/.ssh/config, such as `github-work`."""
    try:
        done = finished(["ssh", "-G", "--", alias], Path.cwd(), None, 2.0, os.environ)
    except (OSError, subprocess.TimeoutExpired):
        return alias
    found = re.search(rb"^hostname (\S+)$", done.stdout, re.MULTILINE)
    return found[1].decode("utf-8", "replace").lower() if found else alias


def address_to_open(place: Place, draft: Draft) -> str | None:
    """The page on which a person opens the request; None if the kind of forge is unknown."""
    here = f"{place.address}/{quote(place.path)}"
    branch, base = quote(draft.branch), quote(draft.base)
    if place.kind == "github":
        return f"{here}/compare/{base}...{branch}?{urlencode({'expand': 1, 'title': draft.title}, quote_via=quote)}"
    if place.kind == "gitlab":
        keys = {"source_branch": draft.branch, "target_branch": draft.base, "title": draft.title}
        words = {f"merge_request[{key}]": value for key, value in keys.items()}
        return f"{here}/-/merge_requests/new?{urlencode(words, quote_via=quote)}"
    if place.kind == "gitea":
        return f"{here}/compare/{base}...{branch}"
    if place.kind == "bitbucket":
        return f"{here}/pull-requests/new?{urlencode({'source': draft.branch, 'dest': draft.base}, quote_via=quote)}"
    if place.kind == "bitbucket-server":
        return _bitbucket_server(place, draft)
    return None


_FOLDERS: dict[Kind, str] = {
    "github": "tree/{branch}/{path}",
    "gitlab": "-/tree/{branch}/{path}",
    "gitea": "src/branch/{branch}/{path}",
    "bitbucket": "src/{branch}/{path}",
}
"""Kind of forge -> the page of a folder, below that of the repository."""


def address_of_folder(place: Place, branch: str, path: str) -> str | None:
    """The page of a folder of the repository; None if the kind of forge is unknown."""
    form = _FOLDERS.get(place.kind)
    below = form.format(branch=quote(branch), path=quote(path)) if form else None
    return f"{place.address}/{quote(place.path)}/{below}" if below else None


_NEW_FILES: dict[Kind, str] = {
    "github": "new/{branch}?filename={{path}}&value={{text}}",
    "gitlab": "-/new/{branch}?file_name={{path}}&content={{text}}",
}
"""Kind of forge -> its page for a new file; {path} and {text} are for the caller to fill in, encoded."""


def address_of_new_file(place: Place, branch: str) -> str | None:
    """The page for a new file, with {path} and {text} to fill in; None if the forge has none that can be filled."""
    form = _NEW_FILES.get(place.kind)
    return f"{place.address}/{quote(place.path)}/{form.format(branch=quote(branch))}" if form else None


def _bitbucket_server(place: Place, draft: Draft) -> str | None:
    project, _, name = place.path.removeprefix("scm/").rpartition("/")
    if not project or "/" in project:
        return None
    owner = f"users/{project[1:]}" if project.startswith("~") else f"projects/{project}"
    words = {"sourceBranch": f"refs/heads/{draft.branch}", "targetBranch": f"refs/heads/{draft.base}"}
    return f"{place.address}/{owner}/repos/{name}/pull-requests?create&{urlencode(words, quote_via=quote)}"


def offered(told: tuple[str, ...]) -> str | None:
    """The address that the forge printed when the branch was pushed."""
    return next((found[0] for line in told if (found := _OFFERED.search(line))), None)
