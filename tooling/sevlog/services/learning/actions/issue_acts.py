"""The acts of `sevlog action sync` on items that have an issue, and what it says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ....errors import SevlogError
from ....model.timeline.incident import ActionItem
from ....model.vocabulary import AUTOMATION
from ...common.outcome import Outcome
from ...recording.recorder import Options
from . import action_acts
from .item_input import Item
from .synced import ActionSync, Did, Synced

if TYPE_CHECKING:
    from ...workspace.workspace import Workspace


class IssueActs:
    """Acts, each a commit, or none of them in a dry run. Everything is kept in `made`."""

    def __init__(self, workspace: Workspace, options: Options, made: ActionSync) -> None:
        self.workspace, self.made, self.dry_run = workspace, made, options.dry_run
        self._options = Options(person=options.person or AUTOMATION, push=options.push, any_branch=options.any_branch)

    def link(self, incident: str, item: ActionItem, ref: str, did: Did) -> None:
        """Write the address of its issue into an item."""
        said = Item(ref=ref)
        self._do(lambda fresh: action_acts.change(fresh, incident, item.id, said, self._options))
        self.say(incident, item, did, f"its issue is {ref}", ref)

    def done(self, incident: str, item: ActionItem, ref: str, why: str) -> None:
        """The issue is the evidence."""
        self._do(lambda fresh: action_acts.take(fresh, incident, item.id, "done", self._options, by=(ref,)))
        self.say(incident, item, "done", why, ref)

    def reopen(self, incident: str, item: ActionItem, ref: str, why: str) -> None:
        """The issue does not count as evidence any more."""
        self._do(
            lambda fresh: action_acts.take(
                fresh, incident, item.id, "reopen", self._options, reason=why, without=(ref,)
            )
        )
        self.say(incident, item, "reopened", why, ref)

    def withdraw(self, incident: str, item: ActionItem, ref: str, why: str) -> None:
        """As `reopen`, for an item that is open already."""
        self._do(lambda fresh: action_acts.withdraw(fresh, incident, item.id, ref, self._options))
        self.say(incident, item, "changed", why, ref)

    def say(self, incident: str, item: ActionItem, did: Did, why: str, ref: str | None = None) -> None:
        """Tell what was done, or would be."""
        self.made.items.append(Synced(incident=incident, id=item.id, did=did, why=why, ref=ref))

    def warn(self, text: str, *hints: str) -> None:
        """Tell what a person has to look at, once."""
        self.made.warnings += [text] if text not in self.made.warnings else []
        self._hint(hints)

    def fail(self, text: str, *hints: str) -> None:
        """Tell what could not be synced."""
        self.made.failures.append(text)
        self._hint(hints)

    def failed(self, error: SevlogError, where: str = "") -> None:
        """Tell what went wrong."""
        self.fail(f"{where}{error.message}", *error.hints)

    def _hint(self, hints: tuple[str, ...]) -> None:
        self.made.hints += [hint for hint in hints if hint not in self.made.hints]

    def _do(self, act: Callable[[Workspace], Outcome]) -> None:
        if self.dry_run:
            return
        fresh = self.workspace.anew()
        try:
            outcome = act(fresh)
        finally:
            fresh.close()
        self.workspace.acted += fresh.acted
        self.made.commits += [outcome.commit] if outcome.commit else []
        for text in outcome.warnings:
            self.warn(text)
