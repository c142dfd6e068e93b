"""Action items: added, accepted, started, done, verified, dropped. Each step is a commit and a timeline entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from ....errors import NotFound, Refused, UsageError
from ....model.learning.actions import STEPS, commands_from, next_id, slo
from ....model.timeline.entry_parts import Evidence
from ....model.timeline.incident import ActionItem
from ....model.vocabulary import in_words
from ....stores import layout
from ....stores.records import action_edits
from ...common.outcome import Outcome
from ...recording.incident_session import IncidentSession
from ...recording.recorder import Options
from ...workspace.workspace import Workspace
from .item_input import Item, keys_of, title_of
from .item_writing import path_of_actions, text_of_actions, write, write_changes

_NAMED = re.compile(r"(?:(?P<incident>.+)/)?(?P<item>[Aa][1-9][0-9]{0,3})")


def add(workspace: Workspace, incident: str | None, said: Item, options: Options, *, accept: bool = False) -> Outcome:
    """Write an action item down, as an idea or accepted at once. Raises as `accept` does."""
    session = IncidentSession(workspace, incident, options, learning=True)
    item = ActionItem(id=next_id(session.record.actions), title=title_of(said.title))
    item = msgspec.structs.replace(item, **keys_of(session, said))
    if accept:
        item = _agreed(session, item, "add the item with")
    text = action_edits.with_item(
        text_of_actions(session), item, schema=layout.schema_reference(path_of_actions(session), "actions")
    )
    summary = f"{item.id} {'accepted' if accept else 'added'}: {item.title}"
    hints = () if accept else (f"once it is agreed: sevlog action accept -i {session.record.id} {item.id}",)
    return write(session, text, summary, f"Action item {summary}{_by_when(item)}", hints=hints)


def change(workspace: Workspace, incident: str | None, name: str, said: Item, options: Options) -> Outcome:
    """Change what an item says, such as its owner or its date; the status stays."""
    session, item = _session_and_item(workspace, incident, name, options)
    keys = keys_of(session, said)
    if said.title is not None:
        keys["title"] = title_of(said.title)
    if not keys:
        raise UsageError("nothing to change", "give --due, --owner, --team, --class, --intent, --title or --ref")
    if options.override_reason is None and item.due and "due" in keys and str(keys["due"]) > item.due:
        raise UsageError(f"{item.id} gets a later date without a reason", 'add --reason "…"')
    changed = ", ".join(f"{name.rstrip('_')}: {_shown(value)}" for name, value in keys.items())
    why = f" ({options.override_reason})" if options.override_reason else ""
    return write_changes(session, item, keys, f"{item.id} changed: {changed}{why}")


def accept(workspace: Workspace, incident: str | None, name: str, said: Item, options: Options) -> Outcome:
    """Agree to do it: from now on it has an owner and a date.

    Without a date it gets one by `policies.actions`. Raises Refused where a major incident's item lacks either.
    """
    session, item = _session_and_item(workspace, incident, name, options)
    _require(session, item, "accept")
    before = item
    command = f"sevlog action accept -i {session.record.id} {item.id}"
    item = _agreed(session, msgspec.structs.replace(item, **keys_of(session, said)), command)
    keys = {key: value for key, value in _differs(before, item).items() if key != "status"}
    done = f"when it is done: sevlog action done -i {session.record.id} {item.id} --by URL"
    what, more = f"{item.id} accepted: {item.title}", _by_when(item)
    return write_changes(session, item, {"status": "accepted", **keys}, what, more, hints=(done,))


def take(
    workspace: Workspace,
    incident: str | None,
    name: str,
    command: str,
    options: Options,
    *,
    reason: str | None = None,
    by: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Outcome:
    """Take a step of its life. Raises Refused for an illegal step.

    by: the commits, pull requests or issues that did it. without: those that did not, after all.
    """
    session, item = _session_and_item(workspace, incident, name, options)
    _require(session, item, command)
    target = STEPS[command].target
    keys: dict[str, object] = {"status": target}
    words = {"reopen": "reopened"}.get(command, in_words(target) if target != "wont_do" else "will not be done")
    if command == "wont-do":
        keys["reason"] = reason
    if command == "verify":
        keys["verified_by"] = session.who.person
    if command == "reopen":
        keys |= {"verified_by": None, "reason": None}
    if by or without:
        keys["done_by"] = _evidence(item, by, without)
    evidence = tuple(Evidence(url=one) for one in by if one.startswith(("http://", "https://")))
    commits = [one for one in by if not one.startswith(("http://", "https://"))]
    more = f" by {', '.join(commits)}" if commits else ""
    why = f": {reason}" if reason else ""
    hints = _after(session, item, command)
    return write_changes(session, item, keys, f"{item.id} {words}{more}{why}", evidence=evidence, hints=hints)


def withdraw(workspace: Workspace, incident: str | None, name: str, by: str, options: Options) -> Outcome:
    """Take an evidence away from an item that is open again; the status stays."""
    session, item = _session_and_item(workspace, incident, name, options)
    keys = {"done_by": _evidence(item, (), (by,))}
    return write_changes(session, item, keys, f"{item.id} changed: not done by {by} any more")


def _evidence(item: ActionItem, by: Sequence[str], without: Sequence[str]) -> list[str] | None:
    """What is written in `done_by`; None: nothing."""
    kept = [one for one in item.done_by if one not in without]
    return [*kept, *(one for one in by if one not in kept)] or None


def _after(session: IncidentSession, item: ActionItem, command: str) -> tuple[str, ...]:
    if command == "done":
        return (f"when somebody has seen that it works: sevlog action verify -i {session.record.id} {item.id}",)
    if command == "verify" and item.owner == session.who.person:
        return (f"{item.owner} owns {item.id} and verified it alone; a second person sees more",)
    return ()


def _session_and_item(
    workspace: Workspace, incident: str | None, name: str, options: Options
) -> tuple[IncidentSession, ActionItem]:
    """The session and the item. name: A2, or INCIDENT/A2. Raises NotFound where there is none."""
    named = _NAMED.fullmatch(name)
    if named is None:
        raise UsageError(f"`{name}` is not an action item", "use its id: A1, or INCIDENT/A1 (sevlog action list)")
    if named["incident"] and incident and named["incident"] != incident:
        raise UsageError(f"two incidents given: {named['incident']} and {incident}", "leave one of them out")
    session = IncidentSession(workspace, named["incident"] or incident, options, learning=True)
    wanted = named["item"].upper()
    found = next((item for item in session.record.actions if item.id == wanted), None)
    if found is None:
        known = ", ".join(item.id for item in session.record.actions)
        raise NotFound(
            f"{session.record.id} has no action item {wanted}",
            f"known: {known}" if known else f'add one: sevlog action add -i {session.record.id} "…"',
        )
    return session, found


def _require(session: IncidentSession, item: ActionItem, command: str) -> None:
    if item.status in STEPS[command].origins:
        return
    legal = [f"sevlog action {name} -i {session.record.id} {item.id}" for name in commands_from(item.status)]
    wanted = " or ".join(f"`{in_words(origin)}`" for origin in STEPS[command].origins)
    raise Refused(f"{item.id} is `{in_words(item.status)}`; `{command}` requires {wanted}", *legal)


def _agreed(session: IncidentSession, item: ActionItem, command: str) -> ActionItem:
    """The item as accepted, with the date that the policy gives where it has none. command: what would work."""
    if item.due is None:
        within = slo(session.workspace.config, item.class_, session.state.severity)
        item = msgspec.structs.replace(item, due=f"{session.at + within:%Y-%m-%d}" if within else None)
    lacking = ["--owner PERSON"] if not (item.owner or item.team) else []
    lacking += ["--due DATE"] if item.due is None else []
    if lacking and session.state.major:
        raise Refused(
            f"{item.id} needs {' and '.join(lacking)}: on a major incident, each accepted item has an owner and a date",
            f"{command} {' '.join(lacking)}",
        )
    return msgspec.structs.replace(item, status="accepted")


def _differs(before: ActionItem, after: ActionItem) -> dict[str, object]:
    return {
        name: getattr(after, name)
        for name in ActionItem.__struct_fields__
        if getattr(after, name) != getattr(before, name)
    }


def _by_when(item: ActionItem) -> str:
    who = item.owner or (f"team {item.team}" if item.team else "")
    parts = ", ".join(part for part in (who, f"due {item.due}" if item.due else "") if part)
    return f" ({parts})" if parts else ""


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
