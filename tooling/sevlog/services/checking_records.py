"""Checks one incident's folder: its files, its fold, and the rules over both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from ..model.config import Config
from ..model.names import Names
from ..model.problem import Problem
from ..model.references import Case, mentioned_incidents
from ..model.replay import replay
from ..model.rules import RULES, TIMED_RULES
from ..stores import records
from ..stores.records import Reading
from . import checking_secrets
from .checking_folders import folder_files, folder_name, missing_evidence
from .locating import Locator


class World(Struct, frozen=True):
    """What all folders are checked against. config, names: None where sevlog.yaml or oncall.yaml cannot be read; then
    only the shape of files is checked. ids: all incidents there are."""

    root: Path
    now: datetime
    ids: frozenset[str]
    config: Config | None
    names: Names | None


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
    if misplaced is not None:
        return Found((misplaced,))
    reading = read(path) if read else records.read_incident(world.root, name)
    problems = [
        *reading.problems, *folder_files(world.root, path, name), *checking_secrets.in_record(world.root, path, reading)
    ]  # fmt: skip
    if reading.record is None or world.config is None or world.names is None:
        return Found(tuple(problems))
    case = Case(reading.record, replay(reading.record, world.config), world.config, world.names)
    timed = [t for rule in TIMED_RULES for t in rule(case, world.now)]
    mentioned = list(mentioned_incidents(case))
    unplaced = [
        *_rules(case), *missing_evidence(world.root, path, reading), *(t.problem for t in timed if t.holds(world.now)),
        *(problem for other, problem in mentioned if other not in world.ids),
    ]  # fmt: skip
    if unplaced:
        locator = Locator(world.root)
        problems += [locator.in_record(problem, reading, case.state, path) for problem in unplaced]
    ahead = [at for t in timed for at in (t.since, t.until) if at is not None and at > world.now]
    return Found(
        tuple(problems), min(ahead, default=None), {other: other in world.ids for other, _ in mentioned}
    )  # fmt: skip


def _rules(case: Case) -> Iterator[Problem]:
    """Findings of the fold and of the rules. A step to a status that does not exist is told once, as that."""
    found = [problem for rule in RULES for problem in rule(case)]
    nowhere = {problem.entry for problem in found if problem.code == "unknown_status"}
    for problem in case.state.problems:
        if problem.code != "illegal_transition" or problem.entry not in nowhere:
            yield problem
    yield from found
