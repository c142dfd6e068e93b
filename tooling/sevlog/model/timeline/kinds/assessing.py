"""The effect of an assessment: its keys replace their earlier values, and what it adds or removes changes a list.

If an entry has the whole list (by a correction, for example), what it adds or removes does not count.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..entries import Assessment
from ..fold_state import Draft

_REPLACED = (
    "customer_impact",
    "employee_impact",
    "symptoms",
    "scope",
    "affected_count",
    "affected_percent",
    "started_at",
    "confirmed",
    "factors",
)


def assessment(draft: Draft, entry: Assessment, _: str) -> None:
    draft.assess(**{key: getattr(entry, key) for key in _REPLACED if getattr(entry, key) is not None})
    _support_cases(draft, entry)
    _factors(draft, entry)
    if entry.confirmed:
        draft.set_clock("confirmed_at", entry.at)
    elif entry.confirmed is False:
        draft.clocks["confirmed_at"] = None


def _support_cases(draft: Draft, entry: Assessment) -> None:
    """A number and a list are two facts: support knows how many there are before it knows which."""
    if entry.support_cases is None and entry.support_cases_added is None:
        return
    refs = draft.assessed.support_case_refs or ()
    if isinstance(entry.support_cases, int):
        draft.stated_cases = entry.support_cases
    if isinstance(entry.support_cases, tuple):
        refs = entry.support_cases
    else:
        refs = (*refs, *unknown_among(entry.support_cases_added or (), refs))
    count = draft.stated_cases
    draft.assess(support_case_refs=refs or None, support_cases=refs if count is None else max(count, len(refs)))


def _factors(draft: Draft, entry: Assessment) -> None:
    if entry.factors is not None or (entry.factors_added is None and entry.factors_removed is None):
        return
    kept = tuple(word for word in draft.assessed.factors or () if word not in (entry.factors_removed or ()))
    draft.assess(factors=(*kept, *unknown_among(entry.factors_added or (), kept)))


def unknown_among(words: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Those of the words that are not known, each once; upper and lower case are the same."""
    taken = {word.casefold() for word in known}
    found: dict[str, str] = {}
    for word in words:
        if word.casefold() not in taken:
            found.setdefault(word.casefold(), word)
    return tuple(found.values())
