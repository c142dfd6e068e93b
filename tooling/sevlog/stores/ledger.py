"""Keeps the ledger of deliveries in one git ref: a chain of commits, moved by compare-and-swap, here or at the remote.

`<year>/<incident>.json` is the sheet of an incident, `baseline.json` what was there before, `open.json` names the
sheets that are not settled. With a remote the ref there decides, and the one here is a copy; without one the ref here
does.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TypeVar

import msgspec

from ..errors import GitTrouble, InvalidRecord
from ..model.comms.ledger import Baseline, OpenSheets, Sheet, joined
from .git.command import Git
from .git.fast_commit import quoted
from .history import remote
from .history.remote import Answer

BASELINE = "baseline.json"
_OPEN = "open.json"
README = "README.md"
ABOUT = b"""\
What `sevlog notify` and `sevlog page` have sent, and what they are sending now: one file for each incident.
Nothing here is edited by hand. Without it, a clone that knows it restores it; elsewhere the next run takes what is
older than an hour for history, and sends the rest again.
"""
_AUTHOR = "sevlog <notify@sevlog.invalid>"
_VERSION = 1
_File = TypeVar("_File", Sheet, Baseline, OpenSheets)
_INCIDENT = re.compile(r"\d{4}-\d\d-\d\d-[a-z0-9-]+\Z")


class View:
    """The ledger as it was at one commit, None where it does not exist yet. Reads are cached.

    A file that cannot be read (sevlog never writes one) counts as it was when it last could; the next swap puts that
    back. lost: a commit that this clone knows and the ledger does not have any more: it was moved back, or removed.
    """

    def __init__(self, git: Git, tip: str | None, lost: str | None = None) -> None:
        self._git, self.tip, self.lost = git, tip, lost
        self._sheets: dict[str, Sheet] = {}
        self.healed: dict[str, bytes] = {}

    @cached_property
    def baseline(self) -> Baseline | None:
        """What was there before the first run; None before it."""
        return self._sheet_or_none(BASELINE, Baseline)

    @cached_property
    def open(self) -> OpenSheets:
        """Which incidents have deliveries that are not settled or went wrong."""
        return self._sheet_or_none(_OPEN, OpenSheets) or OpenSheets()

    @property
    def warnings(self) -> list[str]:
        """What is wrong with the ledger, as far as it was read."""
        return [f"{path} of the ledger cannot be read; its last readable version counts" for path in self.healed]

    def sheet(self, incident: str) -> Sheet:
        """The sheet of an incident, empty where it has none."""
        self.read([incident])
        return self._sheets[incident]

    def read(self, incidents: list[str]) -> None:
        """Read many sheets at once."""
        paths = {path_of(name): name for name in incidents if name not in self._sheets}
        found = self._read(list(paths))
        for path, name in paths.items():
            data = found.get(path)
            self._sheets[name] = Sheet() if data is None else self._sound(data, Sheet, path)

    def incidents(self) -> list[str]:
        """The incidents that have a sheet."""
        if self.tip is None:
            return []
        rows = self._git.run("ls-tree", "-r", "-z", "--name-only", self.tip).stdout.decode().split("\0")
        names = (row.rpartition("/")[2].removesuffix(".json") for row in rows)
        return [name for name in names if _INCIDENT.match(name)]

    def after(self, tip: str, changes: Mapping[str, Sheet | Baseline]) -> View:
        """The ledger at the next commit, which made these changes. Files that were read already are not read again."""
        view = View(self._git, tip)
        view.baseline, view.open = self.baseline, self.open
        view._sheets = dict(self._sheets)
        for name, content in changes.items():
            if isinstance(content, Baseline):
                view.baseline = content
            else:
                view._sheets[name] = content
        view.open = self.open.after({name: sheet for name, sheet in changes.items() if isinstance(sheet, Sheet)})
        return view

    def _sheet_or_none(self, path: str, kind: type[_File]) -> _File | None:
        found = self._read([path]).get(path)
        return None if found is None else self._sound(found, kind, path)

    def _sound(self, data: bytes, kind: type[_File], path: str) -> _File:
        """The content of a file, or that of its last version that can be read. Raises InvalidRecord."""
        try:
            return _decoded(data, kind, path)
        except _Unreadable:
            commits = self._git.text("rev-list", str(self.tip), "--", path).split()
            for commit in commits:
                earlier = self._git.run("cat-file", "blob", f"{commit}:{path}", check=False)
                with contextlib.suppress(_Unreadable):
                    found = _decoded(earlier.stdout, kind, path)
                    self.healed[path] = _encoded(found)
                    return found
            raise

    def _read(self, paths: list[str]) -> dict[str, bytes]:
        if self.tip is None or not paths:
            return {}
        asked = "".join(f"{self.tip}:{path}\n" for path in paths).encode()
        output, place, found = self._git.run("cat-file", "--batch", data=asked).stdout, 0, {}
        for path in paths:
            end = output.index(b"\n", place)
            header, place = output[place:end], end + 1
            if not header.endswith(b" missing"):
                size = int(header.rpartition(b" ")[2])
                found[path], place = output[place : place + size], place + size + 1
        return found


class Ledger:
    """The ref of a repository that holds the ledger. where: the remote whose ref decides; None: ours does."""

    def __init__(self, git: Git, ref: str, where: str | None) -> None:
        self.git, self.ref, self.where = git, ref, where
        self._latest: str | None = None

    def known(self) -> View:
        """The ledger as this clone last saw it."""
        return View(self.git, self.git.commit_of(self.ref))

    def fetched(self) -> View:
        """The ledger as it is now. Raises GitTrouble where the remote cannot be reached."""
        if self.where is None:
            return self.known()
        before = self._latest or self.git.commit_of(self.ref)
        tip = remote.fetch_ref(self.git, self.where, self.ref)
        if before and before != tip and not (tip and self._holds(tip, before)):
            self.git.run("update-ref", self.ref, before, check=False)  # the fetch has moved it back
            return View(self.git, tip, lost=before)
        self._latest = tip
        return View(self.git, tip)

    def restored(self, view: View, at: datetime) -> View:
        """The ledger with what it lost. What others wrote since then stays. Raises GitTrouble."""
        lost = View(self.git, view.lost)
        if view.lost is None:
            return view
        if view.tip is None or self._holds(view.lost, view.tip):
            commit = view.lost
        else:
            names = sorted({*view.incidents(), *lost.incidents()})
            view.read(names)
            lost.read(names)
            sheets = {name: joined(view.sheet(name), lost.sheet(name)) for name in names}
            baseline = lost.baseline or view.baseline
            changes: dict[str, Sheet | Baseline] = {**sheets, **({BASELINE: baseline} if baseline else {})}
            commit = self._commit(view.tip, self._files(view, changes), at, "Restore what was lost", view.lost)
        moved = self._moved(view, commit)
        return self.fetched() if moved is None else moved

    def swap(self, view: View, changes: Mapping[str, Sheet | Baseline], at: datetime, subject: str) -> View | None:
        """The ledger with these files changed, if nobody changed it since `view`; else None.

        changes: incident id, or BASELINE -> the new file. Raises GitTrouble where the remote cannot be reached, or does
        not take the ref.
        """
        commit = self._commit(view.tip, self._files(view, changes), at, subject)
        moved = self._moved(view, commit)
        return view.after(moved.tip, changes) if moved is not None and moved.tip else None

    def _files(self, view: View, changes: Mapping[str, Sheet | Baseline]) -> dict[str, bytes]:
        files = {(name if name == BASELINE else path_of(name)): _encoded(content) for name, content in changes.items()}
        sheets = {name: content for name, content in changes.items() if isinstance(content, Sheet)}
        if (now := view.open.after(sheets)) != view.open:
            files[_OPEN] = _encoded(now)
        if view.tip is None:
            files[README] = ABOUT
        return {**view.healed, **files}

    def _moved(self, view: View, commit: str) -> View | None:
        """The ledger after it was moved to a commit; None where others were faster."""
        old = view.tip or "0" * len(commit)
        if self.where is None:
            done = self.git.run("update-ref", "-m", "sevlog notify", self.ref, commit, old, check=False)
            return View(self.git, commit) if done.returncode == 0 else None
        reply = remote.swap(self.git, self.where, self.ref, view.tip, commit)
        if reply.answer is Answer.BEHIND:
            return None
        if reply.answer is not Answer.TAKEN:
            raise GitTrouble(f"{self.where} rejected {self.ref} ({reply.said})", *_push_hints(reply.answer, self.ref))
        self._latest = commit
        self.git.run("update-ref", self.ref, commit, old, check=False)  # not where others of this clone went on since
        return View(self.git, commit)

    def _holds(self, tip: str, commit: str) -> bool:
        """Whether a commit of the ledger is part of what led to the tip."""
        return self.git.run("merge-base", "--is-ancestor", commit, tip, check=False).returncode != 1

    def probe(self, at: datetime) -> None:
        """Make a ref beside the ledger's at the remote and remove it. Raises GitTrouble where that is not allowed."""
        if self.where is None:
            return
        ref = f"{self.ref}-probe"
        commit = self._commit(None, {README: ABOUT}, at, "Probe")
        reply = remote.swap(self.git, self.where, ref, None, commit)
        if reply.answer is not Answer.TAKEN:
            raise GitTrouble(f"{self.where} rejected {self.ref} ({reply.said})", *_push_hints(reply.answer, self.ref))
        remote.swap(self.git, self.where, ref, commit, "")

    def _commit(
        self, parent: str | None, files: Mapping[str, bytes], at: datetime, subject: str, joins: str | None = None
    ) -> str:
        """A commit of the files on top of the parent. It is sevlog's own, so no identity is asked for, and no hook."""
        who = f"{_AUTHOR} {int(at.timestamp())} +0000"
        text = f"{subject}\n".encode()
        parts = [
            "feature done",
            "commit refs/sevlog/booking",
            "mark :1",
            f"author {who}",
            f"committer {who}",
            f"data {len(text)}",
            "",
        ]
        stream = "\n".join(parts).encode() + text + b"\n"
        stream += f"from {parent}\n".encode() if parent else b""
        stream += f"merge {joins}\n".encode() if joins else b""
        for path, data in sorted(files.items()):
            stream += f"M 100644 inline {quoted(path)}\ndata {len(data)}\n".encode() + data + b"\n"
        zero = "0" * (len(parent) if parent else len(self.git.head() or "") or 40)
        stream += f"\nget-mark :1\nreset refs/sevlog/booking\nfrom {zero}\n\ndone\n".encode()
        done = self.git.run("fast-import", "--quiet", "--done", "--force", "--date-format=raw", data=stream)
        return done.stdout.decode().split()[-1]


def path_of(incident: str) -> str:
    """The path of an incident's sheet in the ledger."""
    return f"{incident[:4]}/{incident}.json"


def _encoded(content: Sheet | Baseline | OpenSheets) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content, order="deterministic"), indent=1) + b"\n"


class _Unreadable(InvalidRecord):
    """A file of the ledger is damaged."""


def _decoded(data: bytes, kind: type[_File], path: str) -> _File:
    """Raises InvalidRecord for a ledger that a newer sevlog wrote, _Unreadable for a file that is damaged."""
    try:
        found = msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _Unreadable(
            f"{path} of the ledger cannot be read: {error}", "see who changed it: git log -p LEDGER"
        ) from None
    if found.schema > _VERSION:
        raise InvalidRecord(f"the ledger was written by a newer sevlog ({path})", "install a newer sevlog")
    return found


def _push_hints(answer: Answer, ref: str) -> tuple[str, ...]:
    if answer is not Answer.REFUSED:
        return ()
    if ref.startswith("refs/heads/"):
        return ("the account that runs this needs permission to push to that branch",)
    return (
        "the account that runs this needs permission to push",
        "if this forge accepts only branches: `notify: {ledger: refs/heads/sevlog/ledger}` in sevlog.yaml",
    )
