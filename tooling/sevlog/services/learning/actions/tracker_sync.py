"""Keeps action items and their issues in trackers alike: creates each issue once, and reads its state back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ....adapters.trackers.base import Rejected, Tracker, TrackerTrouble, Unknown
from ....errors import GitTrouble, SevlogError
from ....model.comms.private_words import secrets_in
from ....model.config.follow_up import Tracker as Settings
from ....model.learning.actions import OPEN
from ....model.timeline.incident import ActionItem, Record
from ....model.vocabulary import to_the_minute
from ...recording.recorder import Options
from . import issue_states, listing
from .issue_acts import IssueActs
from .issue_claims import IssueClaim
from .issue_contents import IssueContents, issue_of, key_of
from .synced import ActionSync

if TYPE_CHECKING:
    from ....model.comms.ledger import Row
    from ...workspace.workspace import Workspace

Pause = Callable[[float], None]


def sync_trackers(workspace: Workspace, options: Options, made: ActionSync, *, pause: Pause = time.sleep) -> None:
    """Sync each tracker of sevlog.yaml. One that fails does not stop the others."""
    from ....adapters.trackers import opening

    acts = IssueActs(workspace, options, made)
    earlier: list[Settings] = []
    for number, settings in enumerate(workspace.config.follow_up.trackers):
        place = f"follow_up.trackers[{number}]"
        try:
            tracker = opening.opened(settings, place, workspace.environment, workspace.clock, pause)
            _TrackerSync(acts, settings, tracker, pause).all_items(tuple(earlier))
        except (TrackerTrouble, GitTrouble) as error:
            acts.failed(error)
        earlier.append(settings)


def _fits(record: Record, item: ActionItem, settings: Settings) -> bool:
    """Whether a tracker takes an item that has no issue yet."""
    return (
        item.status in OPEN
        and (not settings.classes or item.class_ in settings.classes)
        and (not settings.teams or item.team in settings.teams)
        and (settings.restricted or record.card.visibility != "restricted")
    )


def _fits_still(record: Record, item: ActionItem, settings: Settings) -> bool:
    """Whether the issue of an item hears of its changes."""
    return item.status in OPEN and (settings.restricted or record.card.visibility != "restricted")


class _TrackerSync:
    """One tracker."""

    def __init__(self, acts: IssueActs, settings: Settings, tracker: Tracker, pause: Pause) -> None:
        self._acts, self._workspace = acts, acts.workspace
        self._settings, self._tracker, self._pause = settings, tracker, pause
        self._contents = IssueContents(acts, settings, tracker, pause)

    def all_items(self, earlier: tuple[Settings, ...]) -> None:
        """Every item that has an issue here, or should get one. earlier: trackers that had the choice before."""
        for record, item in list(self._items()):
            try:
                if item.ref is None:
                    if _fits(record, item, self._settings) and not any(_fits(record, item, s) for s in earlier):
                        self._open_issue(record, item)
                elif self._tracker.owns(item.ref):
                    standing = self._tracker.read(item.ref)
                    issue_states.follow(self._acts, record.id, item, item.ref, standing)
                    if standing.content is not None and _fits_still(record, item, self._settings):
                        self._contents.send(record, item, item.ref, standing.content)
            except (TrackerTrouble, GitTrouble):
                raise
            except SevlogError as error:
                self._acts.failed(error, f"{record.id}/{item.id}: ")

    def _items(self) -> Iterator[tuple[Record, ActionItem]]:
        fresh = self._workspace.anew()
        for name in listing.with_actions(fresh):
            try:
                record = fresh.record(name)
            except SevlogError as error:
                self._acts.warn(error.message)
                continue
            yield from ((record, item) for item in record.actions)

    def _open_issue(self, record: Record, item: ActionItem) -> None:
        """Find or create the issue of an item, and write its address down."""
        marker = f"{record.id}/{item.id}"
        for secret in secrets_in(item.title):
            command = f'sevlog action change -i {record.id} {item.id} --title "…"'
            self._acts.fail(
                f"{marker} gets no issue: {secret.stated(item.title)}", command, "revoke the secret if it is real"
            )
            return
        claim = IssueClaim(self._workspace, record.id, key_of(item, self._settings), pause=self._pause)
        found = self._tracker.find(marker)
        if found is not None:
            self._acts.link(record.id, item, found, "linked")
        elif not self._acts.dry_run:
            self._create(record, item, claim)
        elif (other := claim.known()) is not None:
            self._leave(record.id, item, other)
        else:
            self._acts.say(record.id, item, "opened", f"an issue in {self._tracker.name}")

    def _create(self, record: Record, item: ActionItem, claim: IssueClaim) -> None:
        other = claim.take()
        if other is not None:
            self._leave(record.id, item, other)
            return
        found, issue = None, issue_of(self._workspace, record, item)
        try:
            ref = self._tracker.create(issue)
        except Unknown as lost:
            ref = found = self._found_after(f"{record.id}/{item.id}", claim, lost)
        except (Rejected, TrackerTrouble):
            claim.release()
            raise
        try:
            claim.created(ref, self._tracker.written(issue).digest)
        except GitTrouble as error:
            self._acts.warn(error.message, *error.hints)
        self._acts.link(record.id, item, ref, "linked" if found else "opened")

    def _found_after(self, marker: str, claim: IssueClaim, lost: Unknown) -> str:
        """The issue of a request without an answer. Raises Unknown where the tracker does not show it yet."""
        try:
            found = self._tracker.find(marker)
        except SevlogError:
            found = None
        if found is not None:
            return found
        claim.doubtful(lost.message)
        raise Unknown(
            f"{lost.message}; it may have created the issue", "the next runs look for it before they create another"
        )

    def _leave(self, incident: str, item: ActionItem, other: Row) -> None:
        """Somebody else created the issue, or does so now, or may have done so."""
        marker = f"{incident}/{item.id}"
        if other.state == "sent" and other.id is not None:
            if self._tracker.read(other.id).kind != "gone":
                self._acts.link(incident, item, other.id, "linked")
                return
            self._acts.warn(
                f"{marker}: its issue {other.id} does not exist any more, and it gets no other one",
                f"sevlog action change -i {incident} {item.id} --ref URL",
            )
        elif other.state == "unknown":
            until = f" before {to_the_minute(other.until)}" if other.until else ""
            self._acts.fail(f"{marker}: {other.reason}; it may have created the issue, so no other one{until}")
        else:
            self._acts.warn(f"{marker}: another run creates its issue now", "sevlog action sync")
