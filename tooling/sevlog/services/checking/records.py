"""Checks one incident's folder: its files, its fold, and the rules over both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from ...model.config.settings import Config
from ...model.problem import Problem
from ...model.rules.known_names import Names
from ...model.rules.records import RULES, TIMED_RULES
from ...model.rules.references import RecordUnderCheck, mentioned_incidents
from ...model.timeline.replay import replay
from ...stores.records import records
from ...stores.records.records import Reading
from . import secrets as checking_secrets
from .folders import folder_files, folder_name, missing_evidence
from .locating import Locator
from .mended import Certainty

if TYPE_CHECKING:
    from ...stores.records.mended_records import MendedReading


class World(Struct, frozen=True):
    """What all folders are checked against. config, names: None where nothing of sevlog.yaml can be read; then only the
    shape of files is checked. ids: all incidents there are. steps_known: whether the lifecycles can be read."""

    root: Path
    now: datetime
    ids: frozenset[str]
    config: Config | None
    names: Names | None
    steps_known: bool = True


class Found(Struct, frozen=True, gc=False):
    """What one folder gave, and how long that stands.

    expires_at: when time alone will make another finding, or end one.
    mentions: incidents it names -> whether they were there.
    """

    problems: tuple[Problem, ...] = ()
    expires_at: datetime | None = None
    mentions: dict[str, bool] = {}

    @property
    def lasts(self) -> bool:
        """Whether it found nothing, and will find nothing until the folder changes."""
        return not self.problems and self.expires_at is None and not self.mentions

    def stands(self, world: World) -> bool:
        """Whether the folder, unchanged, would give the same now."""
        if self.expires_at is not None and world.now >= self.expires_at:
            return False
        return all((name in world.ids) == there for name, there in self.mentions.items())


def check_folder(world: World, path: str, read: Callable[[str], Reading] | None = None) -> Found:
    """All findings about one folder below incidents/; `path` is relative to the repository.

    read: gives what is in a folder that is in its place; by default from its files.
    """
    _, year, name = path.split("/")
    misplaced = folder_name(year, name)
    reading = read(path) if read and misplaced is None else records.read_folder(world.root, path)
    mended = _mended(world.root, path) if reading.problems or reading.record is None else None
    best = mended.reading if mended is not None else reading
    problems = [
        *(() if misplaced is None else (misplaced,)),
        *reading.problems,
        *folder_files(world.root, path, name),
        *checking_secrets.in_record(world.root, path, best),
    ]
    if best.record is None or world.config is None or world.names is None:
        return Found(tuple(problems))
    case = RecordUnderCheck(best.record, replay(best.record, world.config), world.config, world.names)
    sure = Certainty(case, mended, steps_known=world.steps_known)
    timed = [t for rule in TIMED_RULES for t in rule(case, world.now) if sure.holds(t.problem)]
    mentioned = list(mentioned_incidents(case))
    unplaced = [
        *_rules(case),
        *missing_evidence(world.root, path, best),
        *(t.problem for t in timed if t.holds(world.now)),
        *(problem for other, problem in mentioned if other not in world.ids),
    ]
    if unplaced or mended is not None:
        locator = Locator(world.root, mended.rows if mended is not None else None)
        problems += [locator.in_record(problem, best, case.state, path) for problem in sure.of(unplaced)]
        note = sure.note(path)
        problems += [] if note is None else [locator.in_file(note)]
    ahead = [at for t in timed for at in (t.since, t.until) if at is not None and at > world.now]
    return Found(tuple(problems), min(ahead, default=None), {other: other in world.ids for other, _ in mentioned})


def _mended(root: Path, path: str) -> MendedReading:
    from ...stores.records.mended_records import read_mended  # with the careful reader, only where there are mistakes

    return read_mended(root, path)


def _rules(case: RecordUnderCheck) -> Iterator[Problem]:
    """Findings of the fold and of the rules. A step to a status that does not exist is told once, as that."""
    found = [problem for rule in RULES for problem in rule(case)]
    nowhere = {problem.entry for problem in found if problem.code == "unknown_status"}
    for problem in case.state.problems:
        if problem.code != "illegal_transition" or problem.entry not in nowhere:
            yield problem
    yield from found
