"""Checks what a change does to the process, and its new entries by the process that was agreed on before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from ....errors import SevlogError
from ....model.config.settings import Config
from ....model.problem import Problem
from ....model.rules.config import CONFIG
from ....model.rules.process_changes import Weakening, lifted, weakened
from ....model.timeline.entries import entry_id
from ....model.timeline.replay import replay
from ....stores import layout
from ....stores.records import settings
from ....stores.records.records import Reading
from ..locating import Locator

Pair = tuple[str, Reading | None, Reading | None]
"""A folder with its reading before the change and now."""


def process_problems(
    before: Path, root: Path, config: Config | None, pairs: Iterable[Pair], name: str
) -> Iterator[Problem]:
    """What the change loosens, and new entries that the process before it would refuse.

    before: a folder with sevlog.yaml as it was. config: as it is now, None where it cannot be read. name: of the base.
    """
    locator = Locator(root)
    try:
        old = settings.read_config(before)
    except (SevlogError, OSError):  # there was none, or nothing could be judged by it
        return
    changed = config is not None and config != old
    for loosened in weakened(old, config) if config is not None and changed else ():
        yield locator.in_file(_loosened_problem("weakened_process", loosened, CONFIG, name))
    for folder, was, now in pairs:
        if was is None or was.record is None or now is None or now.record is None:
            was_there = None
        else:
            was_there = was.record
            for loosened in lifted(was_there.card, now.record.card):
                yield locator.in_file(
                    _loosened_problem("lifted_restriction", loosened, f"{folder}/{layout.CARD_FILE}", name)
                )
        if changed and config is not None and now is not None and now.record is not None:
            known = {entry_id(entry) for entry in was_there.entries} if was_there else set()
            yield from _by_the_old_process(old, config, now, known, name, locator, folder)


def _loosened_problem(code: str, loosened: Weakening, path: str, name: str) -> Problem:
    return Problem(
        code=code,
        severity="warning",
        path=path,
        pointer=loosened.pointer,
        message=f"this change loosens the process: {loosened.what}",
        hint=f"the reviewer must agree to this; see the change: git diff {name} -- {path}",
    )


def _by_the_old_process(
    old: Config, new: Config, now: Reading, known: set[str], name: str, locator: Locator, folder: str
) -> Iterator[Problem]:
    """The errors of new entries by the process of the base that the change's own process does not see."""
    if now.record is None:
        return
    excused = {(p.code, p.entry, p.message) for p in replay(now.record, new).problems}
    for problem in replay(now.record, old).problems:
        is_new = problem.entry is not None and problem.entry not in known
        if problem.severity != "error" or not is_new or (problem.code, problem.entry, problem.message) in excused:
            continue
        told = replace(
            problem,
            message=f"under the process on {name}, which this change loosens: {problem.message}",
            hint="change the process first, in a separate pull request",
        )
        yield locator.entry(told, now) or replace(told, path=f"{folder}/{layout.TIMELINE}")
