"""The effects of observations and experiments: the entries of one `ref` are one observation, or one experiment."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from ..entries import Experiment, Observation
from ..fold_state import Draft
from ..state import ExperimentState, ObservationState
from .effects import report_taken

_DEFINING = ("text", "theory", "expectation")
"""The keys that the first entry of an experiment needs."""

_E = TypeVar("_E", Experiment, Observation)
_Said = tuple[str, _E]
"""An entry with its id."""


def experiment(draft: Draft, entry: Experiment, name: str) -> None:
    draft.tried.append((name, entry))


def observation(draft: Draft, entry: Observation, name: str) -> None:
    draft.seen.append((name, entry))


def settle(draft: Draft) -> None:
    """Put the entries of each experiment and observation together, once all are read.

    The time of a result may be earlier than that of its experiment.
    """
    if draft.seen:
        _settle_observations(draft)
    if draft.tried:
        _settle_experiments(draft)


def _by_ref(said: Iterable[_Said[_E]]) -> dict[str, list[_Said[_E]]]:
    groups: dict[str, list[_Said[_E]]] = {}
    for name, entry in said:
        groups.setdefault(entry.ref or f"entry {name}", []).append((name, entry))
    return groups


def _later(group: Iterable[_Said[_E]], first: _Said[_E]) -> Iterator[_Said[_E]]:
    """The entries of a group without the one that describes it."""
    return (said for said in group if said[0] != first[0])


def _settle_observations(draft: Draft) -> None:
    groups = _by_ref(draft.seen)
    described = {e.ref for e in draft.record.entries if isinstance(e, Observation) and e.text is not None}
    for group in groups.values():
        worded = [said for said in group if said[1].text is not None]
        first = next((said for said in worded if _is_new(said[1])), worded[0] if worded else None)
        name, entry = group[0]
        if first is not None:
            _confirm(draft, first, group, groups)
        elif entry.ref is not None and entry.ref not in described:
            _report_unknown(draft, name, "observation", entry.ref, described)


def _is_new(entry: Observation) -> bool:
    """Whether it is an observation of its own: its author does not confirm one."""
    return entry.text is not None and (entry.by is None or entry.by not in entry.confirmers)


def _confirm(
    draft: Draft, first: _Said[Observation], group: Sequence[_Said[Observation]], taken: Container[str]
) -> None:
    found = _seen(first[1])
    draft.observations.append(found)
    place = len(draft.observations) - 1
    for name, entry in _later(group, first):
        if _is_new(entry) and entry.text != found.text:
            report_taken(draft, entry.ref or "", found.text, name, taken)
            draft.observations.append(_seen(entry))
            continue
        others = dict.fromkeys((*found.confirmed_by, *(who for who in entry.confirmers if who != found.by)))
        found = draft.observations[place] = replace(
            found, confirmed_by=tuple(others), evidence=(*found.evidence, *entry.evidence)
        )


def _seen(entry: Observation) -> ObservationState:
    others = dict.fromkeys(who for who in entry.confirmers if who != entry.by)
    return ObservationState(
        ref=entry.ref,
        text=entry.text or "",
        at=entry.at,
        by=entry.by,
        confirmed_by=tuple(others),
        evidence=entry.evidence,
    )


def _settle_experiments(draft: Draft) -> None:
    groups = _by_ref(draft.tried)
    described = {e.ref for e in draft.record.entries if isinstance(e, Experiment) and not _missing(e)}
    for group in groups.values():
        first = next((said for said in group if not _missing(said[1])), None)
        name, entry = group[0]
        if first is not None:
            _put_together(draft, first, group, groups)
        elif entry.ref is None or entry.ref not in described:  # else it was retracted, or comes later
            _report_undescribed(draft, name, entry, described)


def _put_together(
    draft: Draft, first: _Said[Experiment], group: Sequence[_Said[Experiment]], taken: Container[str]
) -> None:
    found = _begun(first[1])
    draft.experiments.append(found)
    place = len(draft.experiments) - 1
    for name, entry in _later(group, first):
        if entry.text not in (None, found.text):
            report_taken(draft, entry.ref or "", found.text, name, taken)
            if not _missing(entry):
                draft.experiments.append(_begun(entry))
            continue
        found = draft.experiments[place] = _changed(found, entry)


def _missing(entry: Experiment) -> list[str]:
    return [key for key in _DEFINING if getattr(entry, key) is None]


def _begun(entry: Experiment) -> ExperimentState:
    assert entry.text is not None and entry.theory is not None and entry.expectation is not None
    first = ExperimentState(
        ref=entry.ref, text=entry.text, theory=entry.theory, expectation=entry.expectation, at=entry.at, by=entry.by
    )
    return _changed(first, entry)


def _changed(found: ExperimentState, entry: Experiment) -> ExperimentState:
    """The experiment with what an entry says of it."""
    said = entry.result is not None
    return replace(
        found,
        theory=entry.theory or found.theory,
        expectation=entry.expectation or found.expectation,
        result=entry.result if said else found.result,
        reverted=found.reverted if entry.reverted is None else entry.reverted,
        result_at=entry.at if said else found.result_at,
        result_by=entry.by if said else found.result_by,
        evidence=(*found.evidence, *entry.evidence),
    )


def _report_undescribed(draft: Draft, name: str, entry: Experiment, described: Iterable[str | None]) -> None:
    missing = _missing(entry)
    if entry.ref is not None and len(missing) == len(_DEFINING):
        _report_unknown(draft, name, "experiment", entry.ref, described)
        return
    draft.report(
        "incomplete_experiment",
        f"the experiment has no {' and no '.join(f'`{key}`' for key in missing)}",
        entry=name,
        hint="only a later entry, with the `ref` of the first one, may leave out "
        f"{', '.join(f'`{key}`' for key in _DEFINING)}",
    )


def _report_unknown(draft: Draft, name: str, what: str, ref: str, described: Iterable[str | None]) -> None:
    draft.report(
        "unknown_reference",
        f"this is about {what} `{ref}`, which no entry describes",
        entry=name,
        hint=f"{what}s of this incident: {', '.join(sorted(filter(None, described))) or 'none'}",
    )
