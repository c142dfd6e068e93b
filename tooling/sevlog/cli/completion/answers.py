"""What can stand where a word is being typed: each function takes the beginning of a word and gives those that fit.

Completion only reads, through stores/records/completion_words: it loads no service and no record shape, and it knows
what can still be known where sevlog.yaml is broken or there is no repository.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from ...model.vocabulary import CHANNEL_TYPES, UNKNOWN_COMPONENT, Category, Impact

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ...stores.records.completion_words import Entry, Lexicon

Completion = Callable[[click.Context, str], "list[CompletionItem]"]
Words = Iterable[tuple[str, str]]
"""Words with what they stand for."""

PART = "part"
"""The type of an item that is the beginning of a word: no space follows it."""

_MOST_REPORTED = 30
"""How many incidents are told with their titles: each costs a file that is read."""
_MOST_LISTED = 100
_FEW = 10
_DAY_PARTS = (len("2026-"), len("2026-11-"), len("2026-11-23-"))


def incidents(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """Ids by their beginning, else by any part. Before anything is typed: the live ones, or the newest.

    Where one is live it goes without saying, so whoever asks wants another: then the newest are offered as well.
    """
    known = _known(ctx)
    if not typed:
        live = _live(known)
        newest = islice(known.incidents(), _FEW) if len(live) < 2 else ()
        return _told(known, live, newest)
    part = typed.lower()
    found = list(known.incidents(part, beginning=True))
    if len(found) > _MOST_LISTED:
        live = {name: about for name, about in _live(known).items() if name.startswith(part)}
        return [*_told(known, live, ()), *_by_date(found, part)]
    found = found or list(islice(known.incidents(part), _MOST_LISTED))
    if len(found) == 1:
        return _told(known, {}, found, tell=False)  # it is put in, not shown
    return _told(known, {name: about for name, about in _live(known).items() if part in name}, found)


def _live(known: Lexicon) -> dict[str, str]:
    return {word.text: word.about for word in known.live}


def _told(known: Lexicon, live: dict[str, str], others: Iterable[str], *, tell: bool = True) -> list[CompletionItem]:
    """The ids with what they are about: live ones first, then others."""
    from click.shell_completion import CompletionItem

    names = [name for name in dict.fromkeys((*live, *others)) if known.is_incident(name)]
    tell = tell and len(names) <= _MOST_REPORTED
    return [CompletionItem(name, help=live.get(name) or (known.title(name) if tell else None)) for name in names]


def _by_date(names: list[str], typed: str) -> list[CompletionItem]:
    """Too many to look through: the years, months or days they are from, to go on typing."""
    from click.shell_completion import CompletionItem

    for size in _DAY_PARTS:
        counts: dict[str, int] = {}
        for name in names if size > len(typed) else ():
            counts[name[:size]] = counts.get(name[:size], 0) + 1
        if len(counts) > 1:
            return [CompletionItem(part, PART, f"{count:,} incidents") for part, count in counts.items()]
    return [CompletionItem(name) for name in names]


def entries(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The entries of the incident that the line is about, the newest first."""
    return _fitting([(entry.id, entry.about) for entry in _entries(ctx)], typed)


def changes(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """KEY= of the keys that the entry to be corrected has, with what they say now."""
    wanted = str(ctx.params.get("entry") or "").lower()
    found = [entry for entry in _entries(ctx) if wanted in entry.id.lower()]
    data = found[0].data if len(found) == 1 else next((e.data for e in found if e.id.lower() == wanted), {})
    states = data.get("components")
    told = {key: value for key, value in data.items() if isinstance(value, str | int) and key not in ("id", "kind")}
    told |= {f"components.{key}": state for key, state in states.items()} if isinstance(states, dict) else {}
    return _fitting([(f"{key}=", str(value)) for key, value in told.items()], typed, PART)


def references(*kinds: str) -> Completion:
    """The short names, such as T1, that entries of some kinds have in the incident that the line is about."""

    def complete(ctx: click.Context, typed: str) -> list[CompletionItem]:
        found = _entries(ctx)
        told = {str(e.data["ref"]): e for e in found if e.data.get("kind") in kinds and e.data.get("ref")}
        return _fitting([(ref, str(entry.data.get("text") or "")) for ref, entry in told.items()], typed)

    return complete


def drafts(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The drafts of the incident that the line is about, by their tasks."""
    told = {str(e.data.get("ref")): e for e in _entries(ctx) if "evidence/draft-" in str(e.data.get("evidence"))}
    return _fitting([(ref, str(entry.data.get("text") or "")) for ref, entry in told.items()], typed)


def _of(words: Callable[[Lexicon], Words]) -> Completion:
    def complete(ctx: click.Context, typed: str) -> list[CompletionItem]:
        return _fitting(words(_known(ctx)), typed)

    return complete


severities = _of(lambda known: known.severities())
priorities = _of(lambda known: known.priorities())
types = _of(lambda known: known.types())
roles = _of(lambda known: known.roles())
guards = _of(lambda known: known.guards())
templates = _of(lambda known: known.templates())
people = _of(lambda known: known.people())
schedules = _of(lambda known: known.schedules())
teams = _of(lambda known: known.teams())
components = _of(lambda known: known.components())
past_components = _of(lambda known: known.components(retired=True))


def statuses(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The statuses of the lifecycles, and the categories they are in."""
    words = _known(ctx).statuses()
    names = {word.text for word in words}
    categories = [(name, "every status of this category") for name in get_args(Category) if name not in names]
    return _fitting([*words, *categories], typed)


def whom(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """Whom to escalate to: a person, team:KEY, policy:KEY or schedule:KEY."""
    known = _known(ctx)
    kinds = (("team", known.teams()), ("policy", known.escalations()), ("schedule", known.schedules()))
    groups = [(f"{kind}:{key}", about) for kind, keys in kinds for key, about in keys]
    return _fitting([*known.people(), *groups], typed)


def channel_types(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The usual types of channels."""
    return _fitting([(name, "") for name in CHANNEL_TYPES], typed)


def channels(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """TYPE= of TYPE=URL."""
    return _fitting([(f"{name}=", "") for name in CHANNEL_TYPES], typed, PART)


def states(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """KEY=STATE: the keys of components, then the states."""
    if "=" in typed:
        return _states(typed)
    return _fitting([(f"{key}=", about) for key, about in _known(ctx).components()], typed, PART)


def hits(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """KEY[=STATE]: the keys of components, `unknown`, and states behind an equals sign."""
    if "=" in typed:
        return _states(typed)
    return _fitting([*_known(ctx).components(), (UNKNOWN_COMPONENT, "nobody can say yet")], typed)


def _states(typed: str) -> list[CompletionItem]:
    key = typed.partition("=")[0]
    return _fitting([(f"{key}={state}", "") for state in get_args(Impact)], typed)


def _fitting(words: Words, typed: str, kind: str = "plain") -> list[CompletionItem]:
    """The words that begin with what was typed, in upper or lower case, - or _; else those that contain it."""
    from click.shell_completion import CompletionItem

    part = _folded(typed)
    folded = [(_folded(text), text, about) for text, about in words]
    found = [row for row in folded if row[0].startswith(part)] or [row for row in folded if part in row[0]]
    return [CompletionItem(text, kind, about or None) for _, text, about in found]


def _folded(text: str) -> str:
    return text.lower().replace("-", "_")


def _known(ctx: click.Context) -> Lexicon:
    """The words of the repository that the line names, or that we are in."""
    from ...stores.records import completion_words

    named = ctx.params.get("repo") or ctx.find_root().params.get("repo")
    return completion_words.find(Path(str(named)).expanduser() if named else Path.cwd())


def _entries(ctx: click.Context) -> list[Entry]:
    """The entries of the incident that the line is about, the newest first; none where that is not clear."""
    known = _known(ctx)
    named = ctx.params.get("incident") or ctx.params.get("named")
    incident = known.incident(str(named) if named else None)
    return known.entries(incident) if incident else []
