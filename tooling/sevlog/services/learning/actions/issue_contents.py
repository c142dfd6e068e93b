"""Sends what changed in an action item to its issue, unless somebody changed the same in the tracker."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property

from ....adapters.trackers.base import Later, NewIssue, Tracker, TrackerTrouble
from ....adapters.trackers.contents import Content
from ....errors import GitTrouble
from ....model.comms.private_words import secrets_in
from ....model.config.follow_up import Tracker as Settings
from ....model.timeline.incident import ActionItem, Record
from ....stores.ledger import View
from ...workspace.delivery_ledger import ledger_of
from ...workspace.record_address import record_link
from ...workspace.workspace import Workspace
from .issue_acts import IssueActs
from .issue_claims import IssueClaim


def key_of(item: ActionItem, settings: Settings) -> str:
    """The key of an item's row in the ledger."""
    return f"{item.id}:{settings.kind}/{settings.project}"


def issue_of(workspace: Workspace, record: Record, item: ActionItem) -> NewIssue:
    """The issue as the item wants it."""
    facts = (
        ("Incident", record.id),
        ("Severity", workspace.state(record).severity),
        ("Class", item.class_),
        ("Due", item.due),
        ("Owner", item.owner or item.team),
    )
    return NewIssue(
        title=item.title,
        facts=tuple((name, text) for name, text in facts if text),
        marker=f"{record.id}/{item.id}",
        link=record_link(workspace, record.id),
    )


class IssueContents:
    """The contents of the issues of one tracker."""

    def __init__(
        self, acts: IssueActs, settings: Settings, tracker: Tracker, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._acts, self._workspace = acts, acts.workspace
        self._settings, self._tracker, self._pause = settings, tracker, pause

    @cached_property
    def _ledger(self) -> View | None:
        """The ledger as it is at the remote; None where it cannot be reached: then nothing is sent."""
        try:
            return ledger_of(self._workspace).fetched()
        except GitTrouble as error:
            self._acts.warn(error.message, *error.hints)
            return None

    def send(self, record: Record, item: ActionItem, ref: str, there: Content) -> None:
        """Send what changed since the last sync. there: what the issue says now.

        Only issues that sevlog created: the ledger knows what it wrote into them last.
        """
        row = self._ledger.sheet(record.id).issues.get(key_of(item, self._settings)) if self._ledger else None
        if row is None or row.id != ref:
            return
        issue = issue_of(self._workspace, record, item)
        wanted = self._tracker.written(issue)
        if wanted == there:
            if row.digest != wanted.digest:
                self._keep(record, item, ref, wanted)
        elif row.digest == there.digest:
            self._edit(record, item, ref, issue, there)
        elif row.digest != wanted.digest:  # else only the issue changed, and there is nothing to send
            self._warn_of_edit(record, item, ref, wanted.differs_in(there), known=row.digest is not None)

    def _edit(self, record: Record, item: ActionItem, ref: str, issue: NewIssue, there: Content) -> None:
        for secret in secrets_in(item.title):
            command = f'sevlog action change -i {record.id} {item.id} --title "…"'
            said = f"{issue.marker}: its issue does not get the title: {secret.stated(item.title)}"
            self._acts.fail(said, command, "revoke the secret if it is real")
            return
        wanted = self._tracker.written(issue)
        if not self._acts.dry_run:
            try:
                self._tracker.edit(ref, issue)
            except Later:
                raise
            except TrackerTrouble as error:  # the token may create and read, but not edit: the others go on
                self._acts.failed(error, f"{issue.marker}: ")
                return
            self._keep(record, item, ref, wanted)
        self._acts.say(record.id, item, "sent", f"{', '.join(wanted.differs_in(there))} changed", ref)

    def _keep(self, record: Record, item: ActionItem, ref: str, wanted: Content) -> None:
        if self._acts.dry_run:
            return
        claim = IssueClaim(self._workspace, record.id, key_of(item, self._settings), pause=self._pause)
        try:
            claim.wrote(ref, wanted.digest)
        except GitTrouble as error:
            self._acts.warn(error.message, *error.hints)

    def _warn_of_edit(self, record: Record, item: ActionItem, ref: str, names: list[str], *, known: bool) -> None:
        why = "was edited there" if known else "may have been edited there"
        self._acts.warn(
            f"{record.id}/{item.id}: its issue {ref} {why}, so it does not get the changes ({', '.join(names)})",
            f"make both say the same: edit {ref}, or sevlog action change -i {record.id} {item.id}",
        )
