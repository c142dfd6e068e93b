"""Completions for words of a command line. Each function takes a partial word and returns the matches.

Completion only reads, through stores/records/completion_words, and imports no service and no record shape. It also
works, with fewer words, if sevlog.yaml is broken or there is no repository.
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
"""Words, each with its description."""

PART = "part"
"""The type of an incomplete word: no space follows it."""

_MOST_DESCRIBED = 30
"""How many incidents get a description; each costs one file read."""
_MOST_LISTED = 100
_FEW = 10
_DAY_PARTS = (len("2026-"), len("2026-11-"), len("2026-11-23-"))


def incidents(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """Incident ids that start with `typed`, or else contain it. For an empty word: the live ones and the newest.

    If exactly one incident is live, it is the default of every command, so the user probably wants another one: the
    newest ids are offered too.
    """
    known = _words_of(ctx)
    if not typed:
        live = _live(known)
        newest = islice(known.incidents(), _FEW) if len(live) < 2 else ()
        return _described(known, live, newest)
    part = typed.lower()
    found = list(known.incidents(part, beginning=True))
    if len(found) > _MOST_LISTED:
        live = {name: about for name, about in _live(known).items() if name.startswith(part)}
        return [*_described(known, live, ()), *_by_date(found, part)]
    found = found or list(islice(known.incidents(part), _MOST_LISTED))
    if len(found) == 1:
        return _described(known, {}, found, titles=False)  # the shell inserts it without a list
    return _described(known, {name: about for name, about in _live(known).items() if part in name}, found)


def _live(known: Lexicon) -> dict[str, str]:
    return {word.text: word.about for word in known.live}


def _described(
    known: Lexicon, live: dict[str, str], others: Iterable[str], *, titles: bool = True
) -> list[CompletionItem]:
    """The ids with their titles: live ones first, then others."""
    from click.shell_completion import CompletionItem

    names = [name for name in dict.fromkeys((*live, *others)) if known.is_incident(name)]
    titles = titles and len(names) <= _MOST_DESCRIBED
    return [CompletionItem(name, help=live.get(name) or (known.title(name) if titles else None)) for name in names]


def _by_date(names: list[str], typed: str) -> list[CompletionItem]:
    """For too many ids: their years, months or days as incomplete words."""
    from click.shell_completion import CompletionItem

    for size in _DAY_PARTS:
        counts: dict[str, int] = {}
        for name in names if size > len(typed) else ():
            counts[name[:size]] = counts.get(name[:size], 0) + 1
        if len(counts) > 1:
            return [CompletionItem(part, PART, f"{count:,} incidents") for part, count in counts.items()]
    return [CompletionItem(name) for name in names]


def entries(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The entries of the incident on the command line, newest first."""
    return _fitting([(entry.id, entry.about) for entry in _entries(ctx)], typed)


def changes(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """KEY= for each key of the entry to correct, with its current value."""
    typed_id = str(ctx.params.get("entry") or "").lower()
    found = [entry for entry in _entries(ctx) if typed_id in entry.id.lower()]
    data = found[0].data if len(found) == 1 else next((e.data for e in found if e.id.lower() == typed_id), {})
    states = data.get("components")
    values = {key: value for key, value in data.items() if isinstance(value, str | int) and key not in ("id", "kind")}
    values |= {f"components.{key}": state for key, state in states.items()} if isinstance(states, dict) else {}
    return _fitting([(f"{key}=", str(value)) for key, value in values.items()], typed, PART)


def references(*kinds: str) -> Completion:
    """The short names, such as T1, of entries of these kinds in the incident on the command line."""

    def complete(ctx: click.Context, typed: str) -> list[CompletionItem]:
        found = _entries(ctx)
        by_ref = {str(e.data["ref"]): e for e in found if e.data.get("kind") in kinds and e.data.get("ref")}
        return _fitting([(ref, str(entry.data.get("text") or "")) for ref, entry in by_ref.items()], typed)

    return complete


def drafts(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The drafts of the incident on the command line, by their tasks."""
    by_ref = {str(e.data.get("ref")): e for e in _entries(ctx) if "evidence/draft-" in str(e.data.get("evidence"))}
    return _fitting([(ref, str(entry.data.get("text") or "")) for ref, entry in by_ref.items()], typed)


def action_items(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The action items of the incident on the command line."""
    known, named = _words_of(ctx), ctx.params.get("incident")
    incident = known.incident(str(named) if named else None)
    return _fitting(known.action_items(incident) if incident else [], typed)


def problem_records(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The problem records."""
    return _fitting(_words_of(ctx).problem_records(), typed)


def _of(words: Callable[[Lexicon], Words]) -> Completion:
    def complete(ctx: click.Context, typed: str) -> list[CompletionItem]:
        return _fitting(words(_words_of(ctx)), typed)

    return complete


severities = _of(lambda known: known.severities())
priorities = _of(lambda known: known.priorities())
types = _of(lambda known: known.types())
custom_fields = _of(lambda known: known.custom_fields())
roles = _of(lambda known: known.roles())
guards = _of(lambda known: known.guards())
templates = _of(lambda known: known.templates())
postmortem_templates = _of(lambda known: known.postmortem_templates())
people = _of(lambda known: known.people())
schedules = _of(lambda known: known.schedules())
teams = _of(lambda known: known.teams())
components = _of(lambda known: known.components())
past_components = _of(lambda known: known.components(retired=True))


def statuses(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The statuses of the lifecycles, and their categories."""
    words = _words_of(ctx).statuses()
    names = {word.text for word in words}
    categories = [(name, "all statuses of this category") for name in get_args(Category) if name not in names]
    return _fitting([*words, *categories], typed)


def recipients(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """Recipients of a page or an escalation: a person, team:KEY, policy:KEY or schedule:KEY."""
    known = _words_of(ctx)
    kinds = (("team", known.teams()), ("policy", known.escalations()), ("schedule", known.schedules()))
    groups = [(f"{kind}:{key}", about) for kind, keys in kinds for key, about in keys]
    return _fitting([*known.people(), *groups], typed)


def channel_types(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """The usual channel types."""
    return _fitting([(name, "") for name in CHANNEL_TYPES], typed)


def channels(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """TYPE= of TYPE=URL."""
    return _fitting([(f"{name}=", "") for name in CHANNEL_TYPES], typed, PART)


def states(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """KEY=STATE: component keys, then states."""
    if "=" in typed:
        return _states(typed)
    return _fitting([(f"{key}=", about) for key, about in _words_of(ctx).components()], typed, PART)


def hits(ctx: click.Context, typed: str) -> list[CompletionItem]:
    """KEY[=STATE]: component keys and `unknown`, then states after an equals sign."""
    if "=" in typed:
        return _states(typed)
    return _fitting([*_words_of(ctx).components(), (UNKNOWN_COMPONENT, "not known yet")], typed)


def _states(typed: str) -> list[CompletionItem]:
    key = typed.partition("=")[0]
    return _fitting([(f"{key}={state}", "") for state in get_args(Impact)], typed)


def _fitting(words: Words, typed: str, kind: str = "plain") -> list[CompletionItem]:
    """The words that start with `typed`, or else contain it. Ignores case; `-` equals `_`."""
    from click.shell_completion import CompletionItem

    part = _folded(typed)
    folded = [(_folded(text), text, about) for text, about in words]
    found = [row for row in folded if row[0].startswith(part)] or [row for row in folded if part in row[0]]
    return [CompletionItem(text, kind, about or None) for _, text, about in found]


def _folded(text: str) -> str:
    return text.lower().replace("-", "_")


def _words_of(ctx: click.Context) -> Lexicon:
    """The words of the repository on the command line, or of the current one."""
    from ...stores.records import completion_words

    named = ctx.params.get("repo") or ctx.find_root().params.get("repo")
    return completion_words.find(Path(str(named)).expanduser() if named else Path.cwd())


def _entries(ctx: click.Context) -> list[Entry]:
    """The entries of the incident on the command line, newest first; empty if it is ambiguous."""
    known = _words_of(ctx)
    named = ctx.params.get("incident") or ctx.params.get("named")
    incident = known.incident(str(named) if named else None)
    return known.entries(incident) if incident else []
