"""Writes problem records: opened, linked to incidents, changed, promised again. Each act is one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from ...errors import InvalidRecord, NotFound, Refused, UsageError
from ...model.learning.problems import ProblemCard, ProblemStatus, RequiredChange, open_changes
from ...model.suggestions import did_you_mean
from ...model.vocabulary import shortened
from ...stores import layout
from ...stores.git import transaction
from ...stores.git.transaction import NewCommit
from ...stores.markdown import frontmatter
from ...stores.markdown.problem_records import FOLDER, ProblemRecord, read_problem_records
from ...stores.records import card_edits, codec
from ...stores.yaml import io as yaml_io
from ..common import name_lookup
from ..common.documents import SCHEMA
from ..recording import placeholder_guard
from ..recording.file_edits import edit, send
from ..recording.identity import known_person
from ..recording.recorder import Options, actor, begin
from ..workspace import lookup
from ..workspace.workspace import Workspace
from .actions.item_input import day_of

_SUBJECT = 100
_BODY = """\
# {title}

## What we know

<!-- What do these incidents have in common? What causes it? -->

## What is required beyond the repairs

<!-- What has to change so that it does not come back, and who decides that? -->
"""


class ProblemActed(Struct, frozen=True, kw_only=True):
    """What an act on a problem record did; `sevlog problem … --json`."""

    schema: str
    key: str
    summary: str
    commit: str | None
    pushed: bool | None
    dry_run: bool
    file: Annotated[str, Meta(description="The path of the record.")]
    text: Annotated[str | None, Meta(description="The file as it would be, with --dry-run.")] = None
    warnings: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


class Said(Struct, frozen=True, kw_only=True):
    """What somebody says of a problem; None: nothing. causes, components, incidents are added to what is there."""

    title: str | None = None
    owner: str | None = None
    status: ProblemStatus | None = None
    due: str | None = None
    components: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    reason: str | None = None


class Change(Struct, frozen=True, kw_only=True):
    """A required change, by its title or its number; what is None stays."""

    title: str
    state: str | None = None
    owner: str | None = None
    due: str | None = None
    ref: str | None = None
    action: str | None = None


def new(workspace: Workspace, said: Said, options: Options) -> ProblemActed:
    """Open a problem. Raises UsageError without a title, NotFound for names that are not there."""
    return edit(workspace, options, lambda here: _create(here, said, options))


def change_card(workspace: Workspace, key: str, said: Said, options: Options) -> ProblemActed:
    """Add to a problem, or change it. Raises Refused for a later promise, or an end without a fix, without a reason."""

    def keys(here: Workspace, card: ProblemCard) -> tuple[ProblemCard, str]:
        for cause in said.causes:
            placeholder_guard.refuse(cause)
        made = _with(here, card, said)
        if made == card:
            if said == Said():
                raise UsageError(f"nothing changes in {key}", "give --incident, --cause, --owner, --due or --status")
            raise UsageError(f"nothing changes in {key}: it says that already", f"sevlog problem show {key}")
        if said.status == "closed" and not (said.reason or card.reason):
            raise UsageError("a problem that is closed without a fix needs a reason", 'add --reason "…"')
        if card.due and made.due and made.due > card.due and not said.reason:
            raise UsageError(
                f"{key} gets a later promise without a reason", f'sevlog problem review {key} --due … --reason "…"'
            )
        if said.status == "fixed":
            made = _fixed(here, key, made)
        added = [one for one in made.incidents if one not in card.incidents]
        return made, f"linked {', '.join(added)}" if replace(made, incidents=card.incidents) == card else "changed"

    return edit(workspace, options, lambda here: _changed(here, key, keys, options))


def review(workspace: Workspace, key: str, due: str, reason: str, options: Options) -> ProblemActed:
    """Promise the fix again after a recurrence: the record says so, and its recurrences until today are reviewed."""

    def keys(here: Workspace, card: ProblemCard) -> tuple[ProblemCard, str]:
        now = here.clock()
        until = str(day_of(due, now))
        status: ProblemStatus = "in_progress" if card.status in ("fixed", "closed") else card.status
        made = replace(card, status=status, due=until, fixed_on=None, reviewed_on=f"{now:%Y-%m-%d}", reason=reason)
        return made, f"promised again by {until}: {reason}"

    return edit(workspace, options, lambda here: _changed(here, key, keys, options))


def require(workspace: Workspace, key: str, wish: Change, options: Options) -> ProblemActed:
    """Add a required change, or say how far one is. Raises NotFound for a number that is not there."""

    def keys(here: Workspace, card: ProblemCard) -> tuple[ProblemCard, str]:
        placeholder_guard.refuse(wish.title)
        changes = list(card.changes)
        place = _place(key, changes, wish.title)
        old = changes[place] if place is not None else RequiredChange(title=" ".join(wish.title.split()))
        made = replace(
            old,
            state=wish.state or old.state,
            owner=known_person(here, wish.owner) if wish.owner else old.owner,
            due=str(day_of(wish.due, here.clock())) if wish.due else old.due,
            ref=wish.ref or old.ref,
            action=wish.action or old.action,
        )
        if place is None:
            changes.append(made)
        else:
            changes[place] = made
        return replace(card, changes=tuple(changes)), f"change {made.state}: {made.title}"

    return edit(workspace, options, lambda here: _changed(here, key, keys, options))


def found(workspace: Workspace, name: str) -> ProblemRecord:
    """A problem by its key, or a part of one. Raises NotFound."""
    known = list(read_problem_records(workspace.root))
    fitting = [one for one in known if one.key == name] or [one for one in known if name.lower() in one.key]
    if len(fitting) == 1:
        return fitting[0]
    keys = [one.key for one in fitting or known]
    if fitting:
        raise NotFound(f"`{name}` fits {len(fitting)} problems: choose one", *keys)
    hint = did_you_mean(name, keys) or f"problems: {', '.join(keys) or 'none'}"
    raise NotFound(f"unknown problem `{name}`", hint, 'to open one: sevlog problem new "…" --incident ID')


def _create(workspace: Workspace, said: Said, options: Options) -> ProblemActed:
    begin(workspace, options)
    try:
        title = " ".join((said.title or "").split())
        if not title:
            raise UsageError("a problem needs a title", 'example: sevlog problem new "One sender, many victims"')
        key = layout.slug(title)
        path = f"{FOLDER}/{key}.md"
        if (workspace.root / path).exists():
            raise Refused(f"{path} exists already", f"to add to it: sevlog problem link {key} INCIDENT")
        who = actor(workspace, options)
        card = _with(workspace, ProblemCard(title=title, owner=who.person, opened_on=f"{who.at:%Y-%m-%d}"), said)
        matter = {"title": title, "status": card.status, **codec.plain(card)}
        text = frontmatter.join(yaml_io.dump(matter), _BODY.format(title=title))
        done = _stored(workspace, key, text, "opened", options, replaced=False)
        cause, change = f'problem edit {key} --cause "…"', f'problem require {key} "…"'
        return replace(done, hints=(*done.hints, f"next, a cause: sevlog {cause}; and what it takes: sevlog {change}"))
    finally:
        workspace.close()


def _changed(
    workspace: Workspace, name: str, keys: Callable[[Workspace, ProblemCard], tuple[ProblemCard, str]], options: Options
) -> ProblemActed:
    begin(workspace, options)
    try:
        record = found(workspace, name)
        actor(workspace, options)
        made, summary = keys(workspace, record.card)
        path = workspace.root / FOLDER / f"{record.key}.md"
        before, after = codec.plain(record.card), codec.plain(made)
        values = {key: after.get(key) for key in {**before, **after} if before.get(key) != after.get(key)}
        try:
            text = card_edits.set_front_matter(path.read_bytes().decode(), values)
        except InvalidRecord as error:
            raise InvalidRecord(f"{FOLDER}/{record.key}.md: {error.message}", *error.hints) from None
        return _stored(workspace, record.key, text, summary, options, replaced=True)
    finally:
        workspace.close()


def _with(workspace: Workspace, card: ProblemCard, said: Said) -> ProblemCard:
    """The record with what was said. Raises NotFound for incidents, people and components that are not there."""
    incidents = [lookup.resolve(workspace, name) for name in said.incidents]
    components = [name_lookup.component(workspace.config, name) for name in said.components]
    return replace(
        card,
        owner=known_person(workspace, said.owner) if said.owner else card.owner,
        status=said.status or card.status,
        due=str(day_of(said.due, workspace.clock())) if said.due else card.due,
        components=_added(card.components, components),
        incidents=_added(card.incidents, incidents),
        causes=_added(card.causes, said.causes),
        reason=said.reason or card.reason,
    )


def _fixed(workspace: Workspace, key: str, card: ProblemCard) -> ProblemCard:
    left = open_changes(card)
    if left:
        raise Refused(
            f"{key} is not fixed: not done yet: {', '.join(one.title for one in left)}",
            *(f'sevlog problem require {key} "{one.title}" --state done' for one in left),
        )
    return replace(card, fixed_on=f"{workspace.clock():%Y-%m-%d}")


def _place(key: str, changes: Sequence[RequiredChange], title: str) -> int | None:
    if title.isdigit():
        if not 1 <= int(title) <= len(changes):
            raise NotFound(f"there is no change {title}", f"it has {len(changes)}: sevlog problem show {key}")
        return int(title) - 1
    wanted = " ".join(title.split()).lower()
    return next((place for place, one in enumerate(changes) if one.title.lower() == wanted), None)


def _added(there: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*there, *more)))


def _stored(
    workspace: Workspace, key: str, text: str, summary: str, options: Options, *, replaced: bool
) -> ProblemActed:
    path = f"{FOLDER}/{key}.md"
    msgspec.convert(yaml_io.read(frontmatter.split(text.encode())[0]), ProblemCard)
    subject = shortened(f"problem({key}): {summary}", _SUBJECT)
    done = ProblemActed(
        schema=SCHEMA,
        key=key,
        summary=summary,
        commit=None,
        pushed=None,
        dry_run=options.dry_run,
        file=path,
        text=text if options.dry_run else None,
    )
    if options.dry_run:
        return done
    contents = {path: text.encode()}
    if not options.commit:
        transaction.write_only(workspace.root, contents)
        return done
    new_commit = NewCommit(
        f"{subject}\n\nProblem: {key}\n", contents, replaced=frozenset(contents) if replaced else frozenset()
    )
    commit, sent = send(workspace, new_commit, f"problem/{key}", options)
    return replace(done, commit=commit, pushed=sent.pushed, warnings=tuple(sent.warnings), hints=tuple(sent.hints))
