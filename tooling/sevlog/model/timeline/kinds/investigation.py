"""The effects of experiments: several entries of one `ref` are one experiment, and the later ones give its result."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from ..entries import Experiment
from ..fold_state import Draft
from ..state import ExperimentState
from .effects import report_taken

_DEFINING = ("text", "theory", "expectation")
"""The keys that the first entry of an experiment needs."""

_Said = tuple[str, Experiment]
"""An entry with its id."""


def experiment(draft: Draft, entry: Experiment, name: str) -> None:
    draft.tried.append((name, entry))


def settle(draft: Draft) -> None:
    """Put the entries of each experiment together, once all are read: a result may have an earlier time."""
    groups: dict[str, list[_Said]] = {}
    for name, entry in draft.tried:
        groups.setdefault(entry.ref or f"entry {name}", []).append((name, entry))
    described = {e.ref for e in draft.record.entries if isinstance(e, Experiment) and not _missing(e)}
    for group in groups.values():
        first = next((said for said in group if not _missing(said[1])), None)
        if first is not None:
            _put_together(draft, first, group, groups)
        elif group[0][1].ref is None or group[0][1].ref not in described:  # else it was retracted, or comes later
            _report_unknown(draft, *group[0], described)


def _put_together(draft: Draft, first: _Said, group: Sequence[_Said], taken: dict[str, list[_Said]]) -> None:
    found = _begun(first[1])
    draft.experiments.append(found)
    place = len(draft.experiments) - 1
    for name, entry in group:
        if name == first[0]:
            continue
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
    said = entry.result is not None
    return ExperimentState(
        ref=entry.ref,
        text=entry.text,
        theory=entry.theory,
        expectation=entry.expectation,
        result=entry.result,
        reverted=entry.reverted,
        at=entry.at,
        by=entry.by,
        result_at=entry.at if said else None,
        result_by=entry.by if said else None,
        evidence=entry.evidence,
    )


def _changed(found: ExperimentState, entry: Experiment) -> ExperimentState:
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


def _report_unknown(draft: Draft, name: str, entry: Experiment, described: set[str | None]) -> None:
    """Report entries of an experiment that no entry describes."""
    missing = _missing(entry)
    if entry.ref is not None and len(missing) == len(_DEFINING):
        draft.report(
            "unknown_reference",
            f"this is about experiment `{entry.ref}`, which no entry describes",
            entry=name,
            hint=f"experiments of this incident: {', '.join(sorted(filter(None, described))) or 'none'}",
        )
        return
    draft.report(
        "incomplete_experiment",
        f"the experiment has no {' and no '.join(f'`{key}`' for key in missing)}",
        entry=name,
        hint="only a later entry, with the `ref` of the first one, may leave out "
        f"{', '.join(f'`{key}`' for key in _DEFINING)}",
    )
