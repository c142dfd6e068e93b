"""Finds problems that came back although their fix was promised, or made (S89)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...model.learning.problems import recurrences
from ...model.problem import Problem
from ...stores import layout
from ...stores.markdown.problem_records import FOLDER, read_problem_records
from ..common.documents import began
from ..workspace.catalog import Catalog
from .locating import Locator


def recurring_problems(root: Path, catalog: Catalog, locator: Locator) -> Iterator[Problem]:
    """An error for each incident of a problem that began after the promise, until somebody reviewed it."""
    for record in read_problem_records(root):
        card = record.card
        if not (card.fixed_on or (card.due and card.opened_on)):
            continue
        known = {path.rpartition("/")[2]: path for path in catalog.paths}
        wanted = [known[name] for name in card.incidents if layout.INCIDENT_ID.fullmatch(name) and name in known]
        times = {state.id: at for state in catalog.states(wanted) if (at := began(state)) is not None}
        for one in recurrences(card, times):
            yield locator.in_file(
                Problem(
                    code="problem_recurred",
                    message=f"the problem came back: {one.incident} began on {one.began:%Y-%m-%d}, {one.why}",
                    path=f"{FOLDER}/{record.key}.md",
                    pointer=f"/incidents/{card.incidents.index(one.incident)}",
                    hint=f'decide, and promise again: sevlog problem review {record.key} --due DAY --reason "…"',
                )
            )
