"""The registry of entry kinds: a row for each, with its effect, the names it refers to and its summary.

A new kind is an entry class (entries), a row here, an example under schemas/examples/entry/ and, if people record it, a
command. Tests fail for a kind without one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

from msgspec.structs import replace

from ...config.settings import Config, Lifecycle
from ...vocabulary import in_words
from ..entries import (
    Acknowledged,
    ActionTaken,
    Alert,
    Assessment,
    Assigned,
    Channel,
    Collaborator,
    Correction,
    Decision,
    Escalated,
    Experiment,
    FollowUpIdea,
    Handover,
    ImpactChanged,
    Link,
    Note,
    Observation,
    Override,
    Paged,
    PriorityChanged,
    Raised,
    Redaction,
    Released,
    Retraction,
    RunbookStep,
    SeverityChanged,
    StatusChanged,
    Task,
    Theory,
    Update,
    kind_of,
)
from ..entry_parts import Entry
from ..fold_state import Draft
from ..lifecycle import name_of
from . import assessing, effects, investigation, role_effects, summaries
from .summaries import first_line, states, with_texts

Effect = Callable[[Draft, Entry, str], None]
Summary = Callable[[Entry], str]
_E = TypeVar("_E", bound=Entry)
Named = tuple[str, str, str]
"""A reference: attribute of the entry, key in the file, kind of name."""


class EntryKind(NamedTuple):
    """A kind of entry. effect: what it does to the state (draft, entry, id of the entry). summary: one line
    without time, author and text. names: the names it refers to besides its author."""

    entry: type[Entry]
    effect: Effect
    summary: Summary
    names: tuple[Named, ...] = ()
    changes_standing: bool = False
    """Whether severity, priority, status or a holder of a role may differ after it."""


def _kind(
    entry: type[_E],
    effect: Callable[[Draft, _E, str], None],
    summary: Callable[[_E], str],
    names: tuple[Named, ...] = (),
    *,
    changes_standing: bool = False,
) -> EntryKind:
    """A row whose effect and summary take entries of this class. The registry calls them with such entries only."""
    return EntryKind(entry, cast("Effect", effect), cast("Summary", summary), names, changes_standing)


def _none(_: Draft, __: Entry, ___: str) -> None:
    """No effect on the state."""


_in_transition_fold = _in_amendments = _none
"""transition_fold applies status entries; amendments applies corrections, retractions and redactions."""

_BY: Named = ("by", "by", "person")
_ROLE: tuple[Named, ...] = (("role", "role", "role"), ("person", "person", "person"))
_COMPONENTS: Named = ("components", "components", "component")
_LEVELS: tuple[Named, ...] = (("severity", "severity", "severity"), ("priority", "priority", "priority"))

ENTRY_KINDS: tuple[EntryKind, ...] = (
    _kind(
        Raised,
        effects.raised,
        lambda e: f"{e.severity} {e.priority}, {states(e.components)}",
        (*_LEVELS, _COMPONENTS),
        changes_standing=True,
    ),
    _kind(
        StatusChanged,
        _in_transition_fold,
        lambda e: with_texts(f"to {e.to}{f' {e.into}' if e.into else ''}", e.reason, e.attestation),
        changes_standing=True,
    ),
    _kind(
        SeverityChanged,
        effects.severity,
        lambda e: with_texts(f"to {e.to}", e.reason),
        (("to", "to", "severity"),),
        changes_standing=True,
    ),
    _kind(
        PriorityChanged,
        effects.priority,
        lambda e: with_texts(f"to {e.to}", e.reason),
        (("to", "to", "priority"),),
        changes_standing=True,
    ),
    _kind(Assessment, assessing.assessment, summaries.assessment),
    _kind(ImpactChanged, effects.impact, summaries.impact, (_COMPONENTS,)),
    _kind(Assigned, role_effects.assigned, summaries.assigned, _ROLE, changes_standing=True),
    _kind(
        Released,
        role_effects.released,
        lambda e: f"{e.person} gives up {in_words(e.role)}",
        _ROLE,
        changes_standing=True,
    ),
    _kind(
        Handover,
        role_effects.handover,
        summaries.handover,
        (("role", "role", "role"), ("from_", "from", "person"), ("to", "to", "person")),
        changes_standing=True,
    ),
    _kind(
        Collaborator,
        effects.collaborator,
        summaries.collaborator,
        (("person", "person", "person"), ("team", "team", "team")),
    ),
    _kind(Channel, effects.added_to("channels"), lambda e: f"{e.type} {e.url}"),
    _kind(Paged, effects.paged, summaries.paged, (("policy", "policy", "policy"),)),
    _kind(
        Acknowledged,
        effects.acknowledged,
        lambda e: f"page to {e.target} answered" if e.target else "page answered",
        (("policy", "policy", "policy"),),
        changes_standing=True,
    ),
    _kind(Escalated, effects.added_to("escalations"), lambda e: with_texts(f"to {e.to}", e.reason)),
    _kind(
        Update,
        effects.update,
        lambda e: f"{e.audience}, {in_words(e.phase)}",
        (("approved_by", "approved_by", "person"), _COMPONENTS),
    ),
    _kind(Observation, investigation.observation, summaries.observation, (("confirmed_by", "confirmed_by", "person"),)),
    _kind(Theory, effects.theory, lambda e: f"{e.ref} {e.state}"),
    _kind(Experiment, investigation.experiment, summaries.experiment),
    _kind(Decision, effects.added_to("decisions"), lambda _: ""),
    _kind(ActionTaken, effects.action_taken, lambda e: e.type),
    _kind(
        Task,
        effects.task,
        lambda e: f"{e.ref} {e.state}" + (f", {e.assignee}" if e.assignee else ""),
        (("assignee", "assignee", "person"),),
    ),
    _kind(
        RunbookStep,
        effects.added_to("runbook_steps"),
        lambda e: f"{e.runbook}, {e.step}" + (f" ({e.state})" if e.state != "done" else ""),
    ),
    _kind(Link, effects.link, lambda e: f"{in_words(e.rel)} {e.target}"),
    _kind(Alert, effects.alert, lambda e: f"{e.source} {e.state} {e.fingerprint}"),
    _kind(Note, _none, lambda _: ""),
    _kind(FollowUpIdea, effects.added_to("ideas"), lambda _: ""),
    _kind(Correction, _in_amendments, lambda e: with_texts(f"of {e.of}: {summaries.plain(e.set)}", e.reason)),
    _kind(Retraction, _in_amendments, lambda e: with_texts(f"of {e.of}", e.reason)),
    _kind(Redaction, _in_amendments, lambda e: with_texts(f"of {e.of}", e.reason)),
    _kind(Override, effects.override, lambda e: with_texts(e.rule, e.reason), (("rule", "rule", "guard"),)),
)
_ROWS = {kind.entry: kind for kind in ENTRY_KINDS}
_NAMES = {kind.entry: (*kind.names, _BY) for kind in ENTRY_KINDS}


def apply(draft: Draft, entry: Entry, entry_id: str) -> None:
    """Apply one entry to the state."""
    _ROWS[type(entry)].effect(draft, entry, entry_id)


def names_in(entry: Entry) -> tuple[Named, ...]:
    """The keys of an entry that refer to names, its author included."""
    return _NAMES[type(entry)]


def with_names(entry: Entry, config: Config, lifecycle: Lifecycle) -> Entry:
    """The entry for its summary: status and role by the names that people use, where these are not the keys."""
    if isinstance(entry, StatusChanged):
        return replace(entry, to=_label(entry.to, name_of(lifecycle, entry.to)))
    if isinstance(entry, Assigned | Released | Handover):
        return replace(entry, role=_label(entry.role, config.role_name(entry.role)))
    return entry


def _label(key: str, name: str) -> str:
    return key if name.casefold().replace(" ", "_") == key.casefold() else name


def changes_standing(entry: Entry) -> bool:
    """Whether severity, priority, status or a holder of a role may differ after the entry."""
    return _ROWS[type(entry)].changes_standing


def one_line_of(entry: Entry) -> str:
    """The entry as one line of any length, without its time and author."""
    own = _ROWS[type(entry)].summary(entry)
    return ": ".join(part for part in (own, first_line(entry.text)) if part)


def subject(entry: Entry) -> str:
    """The entry as the subject of a commit."""
    line = one_line_of(entry)
    if isinstance(entry, Assigned | Released | Handover | Collaborator):
        return line
    word = in_words(kind_of(entry))
    return f"{word} {line}" if isinstance(entry, Theory | Task | Experiment | Observation) else f"{word}: {line}"
