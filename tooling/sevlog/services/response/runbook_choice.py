"""Finds the runbook or step that a person names, and the criteria for runbooks that fit an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NotFound
from ...model.guidance.runbook import Asked, Runbook
from ...model.guidance.runbook_steps import Step, find_step
from ...model.suggestions import did_you_mean
from ...model.timeline.entries import Alert, Assessment, Observation
from ...stores.markdown.runbooks import FOLDER, read_runbooks

if TYPE_CHECKING:
    from ...model.config.settings import Config
    from ...model.timeline.state import State
    from ..workspace.workspace import Workspace


def step_of(book: Runbook, word: str) -> Step:
    """The step that a person means. Raises NotFound with the steps there are."""
    found = find_step(book.steps, word)
    if len(found) == 1:
        return found[0]
    if not book.steps:
        raise NotFound(
            f"{FOLDER}/{book.name} has no steps",
            "steps are tasks (- [ ] …), its headings (## 1. …), or a numbered list",
        )
    what = f"`{word}` is part of {len(found)} steps" if found else f"{book.name} has no step `{word}`"
    raise NotFound(what, *(f"{s.number}: {s.name}" for s in found or book.steps))


def runbook_named(workspace: Workspace, word: str) -> Runbook:
    """The runbook that a person means: its file, or a part of its name or title. Raises NotFound."""
    books = {book.name: book for book in read_runbooks(workspace.root)}
    plain = word.strip().removeprefix(f"{FOLDER}/").removesuffix(".md").casefold()
    exact = [book for name, book in books.items() if name.removesuffix(".md").casefold() == plain]
    found = exact or [
        b for b in books.values() if plain and (plain in b.name.casefold() or plain in b.title.casefold())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(
            f"`{word}` is part of {len(found)} runbook names: type more of it",
            *(f"{short_name(b)}: {b.title}" for b in found),
        )
    if not books:
        raise NotFound(
            f"{FOLDER}/ contains no runbook", f"write one: {FOLDER}/NAME.md (sevlog runbook --help shows an example)"
        )
    raise NotFound(
        f"unknown runbook `{word}`",
        did_you_mean(plain, [short_name(b) for b in books.values()]),
        "list all runbooks: sevlog runbook list",
    )


def asked_by(state: State, config: Config) -> Asked:
    """The criteria for runbooks of an incident: its affected components, its type, and the words of its first hours."""
    said = [state.card.title, state.card.summary or "", state.assessment.symptoms or ""]
    for item in state.timeline:
        if isinstance(item.effective, Observation | Alert | Assessment):
            said.append(item.effective.text or "")
    hit = tuple(state.components)
    return criteria(config, hit, state.card.type, state.severity, tags=state.card.tags, words="\n".join(said))


def criteria(
    config: Config,
    hit: tuple[str, ...],
    kind: str | None,
    severity: str | None,
    *,
    tags: tuple[str, ...] = (),
    words: str = "",
    typed: bool = False,
) -> Asked:
    """What to look for in runbooks. hit: the affected components. typed: a person asked for it."""
    why: dict[str, str] = {}
    needed: dict[str, str] = {}
    chosen = config.incident_type(kind) if kind else None
    for name in chosen.runbooks if chosen else ():
        why[name] = f"type {kind}"
    for key in hit:
        component = config.component(key)
        for name in component.runbooks if component else ():
            why[name] = f"component {key}"
        needed |= {below: key for below in (component.depends_on if component else ()) if below not in hit}
    return Asked(
        components=hit, needed=needed, named=why, type=kind, severity=severity, tags=tags, words=words, typed=typed
    )


def short_name(book: Runbook) -> str:
    """The name of its file without the suffix."""
    return book.name.removesuffix(".md")
