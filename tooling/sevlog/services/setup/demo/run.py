"""Makes a filled records repository to look at: a made-up company's history, and an incident that is under way."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path, PurePosixPath

from msgspec import Struct

from ....errors import UsageError
from ....stores import layout, resources
from ....stores.git import transaction
from ....stores.git.command import Git
from ....stores.records import records
from ....stores.yaml import io as yaml_io
from ...workspace.workspace import Clock, Workspace, system_clock
from ..blueprint import Start, contents
from ..repository import is_records_repository
from . import scenario
from .redating import redated

SUBJECT = "demo: the records of a fictional company"
PLAYED_BY = "amara"
"""Who the user of the demo is: the incident manager of the incident under way."""

_FOLDERS = ("incidents", "runbooks", "problems")
_NOBODY = ("-c", "user.name=sevlog demo", "-c", "user.email=demo@parcelwren.example")
_UNSIGNED = ("-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null")
"""Thirty commits of made-up people need no signature and must not wake anybody's hooks."""


class _PresetGit(Git):
    """Git with settings that hold for its own calls alone and are written nowhere."""

    def __init__(self, root: Path, preset: tuple[str, ...]) -> None:
        super().__init__(root)
        self._preset = preset

    def run(
        self,
        *arguments: str,
        data: bytes | None = None,
        timeout: float | None = None,
        check: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """As ever, with the preset settings."""
        return super().run(*self._preset, *arguments, data=data, timeout=timeout, check=check, environment=environment)


class Demonstration(Struct, frozen=True, kw_only=True):
    """The demo (`sevlog demo --json`). made: whether it was made now, or was there already."""

    schema: str = "1"
    root: str
    made: bool
    incident: str | None = None
    records: int = 0
    commits: int = 0


def demonstrate(folder: Path, url: str, *, clock: Clock = system_clock, source: Path | None = None) -> Demonstration:
    """Make the demo in `folder`; one that is there already stays as it is.

    url: where its page will be served. source: where the demo company's records lie (default: those that travel with
    sevlog). Raises UsageError where the folder holds anything else; a failure removes what was created.
    """
    root = folder.resolve()
    if is_demonstration(root):
        return Demonstration(root=str(root), made=False, records=len(layout.incident_ids(root)))
    _refuse_what_is_there(root)
    made_folder = not root.exists()
    root.mkdir(parents=True, exist_ok=True)
    try:
        return _created(root, url, clock(), source or resources.shared(layout.INCIDENTS).parent)
    except BaseException:
        shutil.rmtree(root / ".git", ignore_errors=True)
        if made_folder:
            shutil.rmtree(root, ignore_errors=True)
        raise


def is_demonstration(root: Path) -> bool:
    """Whether the folder is a demo that was made before."""
    if not (root / ".git").is_dir() or not is_records_repository(root):
        return False
    first = Git(root).run("log", "--max-parents=0", "--format=%s", check=False)
    return first.stdout.decode("utf-8", "replace").strip() == SUBJECT


def _refuse_what_is_there(root: Path) -> None:
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(
            f"{root} already exists and is not a demo; nothing in it was changed",
            "use a folder that does not exist yet: sevlog demo DIR",
        )


def _created(root: Path, url: str, now: datetime, source: Path) -> Demonstration:
    Git(root).run("init", "--quiet", "--initial-branch=main")
    address = Git(root).mail_address()
    git = _PresetGit(root, _UNSIGNED if address else _NOBODY + _UNSIGNED)

    def workspace_at(moment: datetime) -> Workspace:
        workspace = Workspace(root, clock=lambda: moment)
        workspace.git = git
        return workspace

    end = datetime.combine(now.astimezone(UTC).date(), time(), UTC) - timedelta(minutes=1)
    files = dict(_history(source, end)) | _surroundings(source, url, address)
    with transaction.exclusive(git):
        transaction.commit(git, transaction.NewCommit(f"{SUBJECT}\n", files))
    live, acts = scenario.play(workspace_at, now)
    return Demonstration(
        root=str(root), made=True, incident=live, records=len(layout.incident_ids(root)), commits=acts + 1
    )


def _history(source: Path, end: datetime) -> Iterator[tuple[str, bytes]]:
    """Every file of the demo's records, moved in time so that the last entry falls on the day of `end`."""
    last = max(e.at for r in records.read_all(source) if r.record for e in r.record.entries).astimezone(UTC)
    days = (end.date() - last.date()).days
    for name in _FOLDERS:
        for path in sorted(p for p in (source / name).rglob("*") if p.is_file()):
            relative = PurePosixPath(redated(path.relative_to(source).as_posix(), days, last.year))
            if name == layout.INCIDENTS:  # incidents/<year>/<id>/…: the year goes with the id
                relative = layout.folder_of(relative.parts[2]).joinpath(*relative.parts[3:])
            yield str(relative), _redated(path.read_bytes(), days, last.year)


def _redated(data: bytes, days: int, year: int) -> bytes:
    try:
        return redated(data.decode("utf-8"), days, year).encode()
    except UnicodeDecodeError:  # a picture among the evidence
        return data


def _surroundings(source: Path, url: str, address: str | None) -> dict[str, bytes]:
    """What a records repository needs around its records, with the page served from `url`."""
    shipped = contents(Start(name="Parcelwren Status", url=url, forge="none"))

    def local(document: dict[str, dict[str, object]]) -> None:
        document["page"]["url"] = url

    def played(document: dict[str, list[dict[str, object]]]) -> None:
        if address is None:
            return
        person = next(p for p in document["people"] if p["key"] == PLAYED_BY)
        person["email_sha256"] = hashlib.sha256(address.strip().lower().encode()).hexdigest()

    for name, change in ((layout.CONFIG_FILE, local), (layout.ONCALL_FILE, played)):
        shipped[name] = yaml_io.amend((source / name).read_text("utf-8"), change)
    return {path: text.encode() for path, text in shipped.items()}
