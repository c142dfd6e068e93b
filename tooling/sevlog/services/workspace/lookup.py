"""Which incident a person means by what they typed, and what to tell them where that is not clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NotFound, UsageError
from ...model.suggestions import several_nearest
from ...stores import layout
from ..common import documents
from .catalog import Catalog

if TYPE_CHECKING:
    from ...model.timeline.state import State
    from ..common.documents import Brief
    from .workspace import Workspace

PLACE = "sevlog …"
"""Stands for the command that was typed, in a hint; `cli/typed_command.py` puts it there."""

_MOST_NEAR = 3
_MOST_SHOWN = 8
_SHORTEST_PART = 3
"""A first word shorter than this is never taken for a part of an id: nearly every text would begin with one."""


def resolve(workspace: Workspace, name: str | None, *, learning: bool = False) -> str:
    """The incident id that a person means.

    name: an id, or a part of one that only one live incident has, else only one incident at all; a drill counts as
    live only if no other id has the part. None means the only live incident, else SEVLOG_INCIDENT. learning: else the
    only incident in learning, if none is live. Raises NotFound with the candidates, also where the live one is not the
    one of SEVLOG_INCIDENT.
    """
    if name is not None:
        return _by_part(workspace, name)
    named = from_environment(workspace)
    live = _live(workspace)
    if len(live) == 1:
        require_same(workspace, named, live[0].id)
        return live[0].id
    if named:
        return named
    if not live:
        waiting = in_learning(workspace)
        if learning and len(waiting) == 1:
            return waiting[0].id
        raise _nothing_live(workspace, waiting, learning=learning)
    raise NotFound(
        f"{len(live)} incidents are live: choose one",
        *(_option(brief) for brief in live),
        details={"candidates": [brief.id for brief in live]},
    )


def from_environment(workspace: Workspace) -> str | None:
    """The incident that SEVLOG_INCIDENT names; None where it is not set. Raises NotFound where it names none."""
    named = workspace.environment.get("SEVLOG_INCIDENT")
    if not named:
        return None
    try:
        return _by_part(workspace, named)
    except NotFound as error:
        raise NotFound(f"SEVLOG_INCIDENT: {error.message}", *error.hints, details=error.details) from None


def require_same(workspace: Workspace, named: str | None, only: str, what: str = "live incident") -> None:
    """Raise NotFound where SEVLOG_INCIDENT names another record than the only open one: either may be meant."""
    if named in (None, only):
        return
    raise NotFound(
        f"SEVLOG_INCIDENT names {named}, but the only {what} is {only}: choose one",
        _candidate(workspace, only),
        _candidate(workspace, named or ""),
        "if the variable is left over from earlier: unset SEVLOG_INCIDENT",
        details={"candidates": [only, named]},
    )


def in_learning(workspace: Workspace) -> list[Brief]:
    """The incidents that are resolved and not closed."""
    return [b for b in Catalog(workspace).briefs() if b.category == "learning" and b.kind != "maintenance"]


def live_states(workspace: Workspace) -> list[State]:
    """The incidents that are being worked on, by id."""
    catalog = Catalog(workspace)
    return list(catalog.states([summary.path for summary in catalog.notable() if summary.live]))


def refuse_id_as_text(workspace: Workspace, words: tuple[str, ...], command: str) -> None:
    """Raise UsageError where a TEXT argument begins with what is an incident's id, or a part of one.

    words: the argument as the shell split it; a quoted sentence is one word with spaces in it, and never an id.
    command: as typed, such as `sevlog note`, for the two ways out (cli.md: no act on an incident that was not meant).
    """
    if not words or any(character.isspace() for character in words[0]) or len(words[0]) < _SHORTEST_PART:
        return
    part = words[0].lower()
    found = [name for name in workspace.ids() if part in name]
    if not found:
        return
    live = [brief.id for brief in _live(workspace) if part in brief.id]
    meant = live[0] if len(live) == 1 else found[0] if len(found) == 1 else words[0]
    rest = _quoted(" ".join(words[1:]))
    meaning = _word_meaning(words[0], found, meant)
    raise UsageError(
        f"`{words[0]}` is {meaning}: select the incident with -i, or put the text in quotes",
        f"{command} -i {meant}{f' {rest}' if rest else ''}",
        f"{command} -- {_quoted(' '.join(words))}",
        details={"candidates": (live or found)[-50:]},
    )


def refuse_triage_as_title(workspace: Workspace, title: str) -> None:
    """Raise UsageError where the title of a new incident is what one in triage is called: that one may be meant."""
    part = title.strip().lower()
    if len(part) < _SHORTEST_PART or any(character.isspace() for character in part):
        return
    found = [brief.id for brief in _live(workspace) if brief.category == "triage" and part in brief.id]
    if found:
        raise UsageError(
            f"`{title}` is part of the id {found[-1]}, an incident in triage",
            f"to raise that incident: sevlog raise -i {found[-1]} …",
            "for a new incident, give a title that describes the problem",
            details={"candidates": found},
        )


def _word_meaning(word: str, found: list[str], meant: str) -> str:
    if word.lower() in found:
        return "the id of an incident"
    return f"part of the id {meant}" if meant in found else f"part of {len(found)} incident ids"


def _quoted(text: str) -> str:
    import shlex

    return "" if not text else f'"{text}"' if not set(text) & set('"\\$`!') else shlex.quote(text)


def _live(workspace: Workspace) -> list[Brief]:
    return [brief for brief in Catalog(workspace).live() if brief.kind != "maintenance"]


def _nothing_live(workspace: Workspace, waiting: list[Brief], *, learning: bool) -> NotFound:
    many = f"no incident is live, and {len(waiting)} wait to be closed: choose one"
    return NotFound(
        many if learning and waiting else "no incident is live",
        *(_option(brief) for brief in waiting[-_MOST_SHOWN:]),
        "for another one, list all: sevlog list (any part of an id is enough for -i)" if workspace.ids() else "",
        "" if waiting else "record one: sevlog raise TITLE --severity LEVEL --component KEY --summary TEXT",
        details={"candidates": [brief.id for brief in waiting]},
    )


def _by_part(workspace: Workspace, name: str) -> str:
    if layout.INCIDENT_ID.fullmatch(name) and (workspace.home(name) / layout.folder_of(name)).is_dir():
        return name
    part = name.strip().lower()
    found = [i for i in workspace.ids() if part in i] if part else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise _unknown(workspace, name)
    briefs = Catalog(workspace).live()
    live = [brief.id for brief in briefs]
    drills = {
        brief.id for brief in briefs if brief.kind == "drill"
    }  # named after another incident: either may be meant
    for tier in ([i for i in live if _slug(i) == part], [i for i in live if part in i]):
        if tier and drills.issuperset(tier) and part not in map(_slug, tier):
            break
        if len(tier) == 1:
            return tier[0]
        if tier:
            raise _ambiguous(workspace, name, tier, "live incidents")
    exact = [i for i in found if _slug(i) == part]
    if len(exact) == 1:
        return exact[0]
    raise _ambiguous(workspace, name, found, "incident ids")


def _slug(incident_id: str) -> str:
    return incident_id[len("2026-11-23-") :]


def _ambiguous(workspace: Workspace, name: str, found: list[str], what: str) -> NotFound:
    more = len(found) - _MOST_SHOWN
    return NotFound(
        f"`{name}` is part of {len(found)} {what}: type more of it",
        *(_candidate(workspace, i) for i in reversed(found[-_MOST_SHOWN:])),
        f"and {more} older ones: sevlog list" if more > 0 else "",
        details={"candidates": found[-50:], "typed": name},
    )


def _unknown(workspace: Workspace, name: str) -> NotFound:
    near = _near(name.strip().lower(), workspace.ids())
    live = [brief for brief in _live(workspace) if brief.id not in near]
    return NotFound(
        f"no incident id contains `{name}`",
        *(_candidate(workspace, candidate) for candidate in near),
        *(_option(brief) for brief in live[-_MOST_SHOWN:]),
        "list all incidents: sevlog list",
        "if someone else raised it just now: sevlog sync" if _is_shared(workspace) else "",
        details={"candidates": [*near, *(brief.id for brief in live)], "typed": name},
    )


def _is_shared(workspace: Workspace) -> bool:
    """Whether others may know incidents that are not here yet."""
    return workspace.git.present and workspace.git.remote_url(workspace.config.git.remote) is not None


def _candidate(workspace: Workspace, incident_id: str) -> str:
    """An id as a hint, with what helps to tell it from others."""
    record = workspace.read(incident_id).record
    if record is None:
        return f"its card cannot be read: {PLACE} -i {incident_id}"
    return _option(documents.brief(workspace.state(record)))


def _option(brief: Brief) -> str:
    return option(brief.id, brief.title, *(part for part in (brief.severity, brief.status) if part))


def option(incident_id: str, title: str, *facts: str) -> str:
    """A record that may be meant, as a hint: what it is, and the command that acts on it."""
    return f"{title} ({', '.join(facts)}): {PLACE} -i {incident_id}"


def _near(name: str, ids: list[str]) -> list[str]:
    """Up to three ids that are similar to the name or have a similar word, the newest first for each word."""
    words: dict[str, list[str]] = {}
    for incident_id in ids:
        slug = _slug(incident_id)
        for word in (incident_id, slug, *slug.split("-")):
            words.setdefault(word, []).append(incident_id)
    close = several_nearest(name, words, _MOST_NEAR)
    return list(dict.fromkeys(i for word in close for i in reversed(words[word])))[:_MOST_NEAR]
