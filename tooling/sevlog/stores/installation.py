"""Where the running sevlog was installed from, as pip recorded it (PEP 610), and how others get the same one."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from .. import __version__
from ..errors import SevlogError
from .git.command import Git

PUBLISHED: frozenset[str] = frozenset()
"""The versions that are on the package index. Anybody could register a name that is not, and run code where it is
installed; so only these are ever named without an address. A release adds its own."""

_BARE = re.compile(r"sevlog\s*(?:\[[\w\s,-]*\])?\s*(?:[=<>~!(].*)?", re.IGNORECASE)
_AT_HOME = re.compile(r"(?:[\w\[\]., -]*@\s*)?(?:-e\s+|--editable[ =])?(?:\w+\+)?(?:file:|[./~]|[A-Za-z]:\\)")
_SCP = re.compile(r"(?:[\w.-]+@)?([\w.-]+\.[\w.-]+):(?!//)/?(.+)")


class Origin(Struct, frozen=True, kw_only=True):
    """Where others get this sevlog. address: what stands behind `sevlog[…] @`; None where nobody else can reach it,
    and `why` says so. folder: the checkout that it runs from."""

    address: str | None = None
    pinned: bool = False
    why: str = ""
    folder: str | None = None

    def requirement(self, extra: str) -> str | None:
        """A line for requirements.txt; None where there is none that works elsewhere."""
        if self.pinned:
            return f"sevlog[{extra}]=={__version__}"
        return f"sevlog[{extra}] @ {self.address}" if self.address else None

    def install_command(self, extra: str) -> str:
        """What installs an extra beside the running sevlog."""
        line = self.requirement(extra) or (f"{self.folder}[{extra}]" if self.folder else None)
        return f"pip install '{line}'" if line else f"install sevlog[{extra}] from where you have sevlog from"


def origin() -> Origin:
    """Of the sevlog that is running."""
    try:
        text = metadata.distribution("sevlog").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return Origin(why="it was not installed")
    return origin_of(json.loads(text) if text else None)


def origin_of(recorded: dict[str, Any] | None) -> Origin:
    """What pip recorded, read. recorded: direct_url.json; None where it came from a package index."""
    if recorded is None:
        on_index = __version__ in PUBLISHED
        return Origin(pinned=on_index, why="" if on_index else f"sevlog {__version__} is on no public package index")
    url = str(recorded.get("url", ""))
    if "vcs_info" in recorded:
        kind, commit = recorded["vcs_info"].get("vcs", "git"), recorded["vcs_info"].get("commit_id")
        return _reachable(f"{kind}+", url, f"@{commit}" if commit else "", recorded.get("subdirectory"))
    if "dir_info" in recorded:
        return _of_folder(Path(unquote(urlsplit(url).path)))
    digest = recorded.get("archive_info", {}).get("hash", "")
    return _reachable("", url, f"#{digest}" if digest else "", None)


def _reachable(kind: str, url: str, behind: str, below: str | None) -> Origin:
    """An address of a remote without what its user proves who they are with; ssh as https, for CI has no key."""
    if is_at_home(url):
        return Origin(why="it was installed from a file of one machine")
    scp = _SCP.fullmatch(url)
    address = f"https://{scp[1]}/{scp[2]}" if scp else re.sub(r"^(?:ssh|git)://", "https://", url)
    address = re.sub(r"^(\w+://)[^/@]*@", r"\1", address)
    return Origin(address=f"{kind}{address}{behind}{f'#subdirectory={below}' if below else ''}")


def _of_folder(folder: Path) -> Origin:
    """A checkout that has a remote can be fetched from there, as soon as its commit is there."""
    git = Git(folder)
    if not folder.is_dir() or not git.present:
        return Origin(why="it was installed from a folder that is in no git repository", folder=str(folder))
    try:
        remotes = git.text("remote").split()
        name = "origin" if "origin" in remotes else next(iter(remotes), None)
        url = git.remote_url(name) if name else None
        commit = git.head()
        is_sent = bool(git.text("branch", "--remotes", "--contains", "HEAD")) if commit else False
    except SevlogError:
        url = commit = None
        is_sent = False
    if url is None:
        return Origin(why="it was installed from a checkout that has no remote", folder=str(folder))
    if not is_sent:
        return Origin(why="it was installed from a checkout whose commit was not pushed yet", folder=str(folder))
    found = _reachable("git+", url, f"@{commit}", git.prefix.rstrip("/") or None)
    return Origin(address=found.address, why=found.why, folder=str(folder))


def is_at_home(requirement: str) -> bool:
    """Whether a requirement or an address leads to a file of one machine."""
    return bool(_AT_HOME.match(requirement.strip()))


def is_unpublished(requirement: str) -> bool:
    """Whether a requirement names sevlog without an address, in a version that is on no package index."""
    text = requirement.split("#")[0].split(";")[0].strip()
    if not _BARE.fullmatch(text):
        return False
    version = re.search(r"==\s*([\w.]+)", text)
    return version is None or version[1] not in PUBLISHED


def named_in(requirements: str) -> str | None:
    """The line of a requirements file that gets sevlog; None where there is none."""
    lines = (line.strip() for line in requirements.splitlines())
    return next((line for line in lines if not line.startswith("#") and re.search(r"\bsevlog\b", line)), None)
