"""Brings an action item to the state of its issue. A state that a person has to judge is a warning."""

from __future__ import annotations

from ....adapters.trackers.base import Standing
from ....model.learning.actions import OPEN
from ....model.timeline.incident import ActionItem
from .issue_acts import IssueActs


def follow(acts: IssueActs, incident: str, item: ActionItem, ref: str, standing: Standing) -> None:
    """Act on the state of an issue. ref: its address. Items that are dropped or only ideas stay as they are."""
    if item.status in ("wont_do", "idea"):
        return
    if standing.kind == "open":
        _reopen_or_withdraw(acts, incident, item, ref)
    elif item.status not in OPEN:
        return
    elif standing.kind == "completed":
        _completed(acts, incident, item, ref, standing)
    else:
        _unclear(acts, incident, item, ref, standing)


def _reopen_or_withdraw(acts: IssueActs, incident: str, item: ActionItem, ref: str) -> None:
    """An issue that was the evidence does not count any more. Another evidence keeps the item done."""
    why = f"{ref} was reopened"
    if ref not in item.done_by:
        return
    if item.status in OPEN:
        acts.withdraw(incident, item, ref, why)
    elif item.done_by == (ref,):
        acts.reopen(incident, item, ref, why)


def _completed(acts: IssueActs, incident: str, item: ActionItem, ref: str, standing: Standing) -> None:
    """An issue does an item once: after somebody reopened the item by hand, the issue has to be reopened too."""
    if ref in item.done_by:
        acts.warn(f"{incident}/{item.id} was reopened, but its issue is still closed: {ref}", f"reopen {ref}")
    else:
        acts.done(incident, item, ref, f"{ref}: {standing.word}")


def _unclear(acts: IssueActs, incident: str, item: ActionItem, ref: str, standing: Standing) -> None:
    name, said = f"-i {incident} {item.id}", f"{incident}/{item.id}: its issue {ref}"
    if standing.kind == "gone":
        acts.warn(
            f"{said} was deleted or moved, or the token may not see it ({standing.word})",
            f"sevlog action change {name} --ref URL",
        )
    elif standing.kind == "dropped":
        acts.warn(f"{said} is {standing.word}; decide about the item", f'sevlog action wont-do {name} --reason "…"')
    else:
        acts.warn(
            f"{said} is `{standing.word}`, which says nothing about the item",
            f"if it is done: sevlog action done {name} --by {ref}",
        )
