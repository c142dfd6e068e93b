"""Prints the investigation of an incident: its theories, and its experiments with their results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...model.timeline.kinds.summaries import first_line
from ..screen import style

if TYPE_CHECKING:
    from ...services.common.documents import Incident


def investigation(document: Incident) -> list[str]:
    """A section with a line for each observation, theory and experiment; none if there are none."""
    lines = [*_observations(document), *_theories(document), *_experiments(document)]
    return ["", style("Investigation", bold=True), *lines] if lines else []


def _observations(document: Incident) -> Iterator[str]:
    for one in document.observations:
        yield f"  {observed(one.get('ref'), one['text'], one.get('by'), one.get('confirmed_by') or ())}"


def observed(ref: str | None, text: str, by: str | None, confirmed_by: Iterable[str]) -> str:
    """An observation in one line, with its author and those who confirmed it."""
    others = ", ".join(confirmed_by)
    people = "; ".join(part for part in (by, f"confirmed by {others}" if others else "") if part)
    return " ".join(part for part in (ref, first_line(text), f"({people})" if people else "") if part)


def _theories(document: Incident) -> Iterator[str]:
    for one in document.theories:
        yield f"  {one['ref']} [{one.get('state', 'open')}] {first_line(one['text'])}".rstrip()


def _experiments(document: Incident) -> Iterator[str]:
    for one in document.experiments:
        name = " ".join(part for part in (one.get("ref"), f"on {one['theory']}") if part)
        said = outcome(one["expectation"], one.get("result"), one.get("reverted"))
        yield f"  {name}: {first_line(one['text'])} ({said})"


def outcome(expectation: str, result: str | None, reverted: bool | None) -> str:
    """The result of an experiment, or what is expected of it, and whether it was reverted."""
    known = f"result: {first_line(result)}" if result else f"expected: {first_line(expectation)}"
    return known + {None: "", True: ", reverted", False: ", not reverted"}[reverted]
