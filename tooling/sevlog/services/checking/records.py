"""Checks one incident's folder: its files, its fold, and the rules over both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from ...model.config.settings import Config
from ...model.oncall.roster import OnCall
from ...model.problem import Problem
from ...model.rules.known_names import Names
from ...model.rules.records import RULES, TIMED_RULES
from ...model.rules.references import RecordUnderCheck, mentioned_incidents
from ...model.timeline.replay import replay
from ...stores.records import records
from ...stores.records.records import Reading
from . import postmortems
from . import secrets as checking_secrets
from .certainty import Certainty
from .folders import folder_files, folder_name, missing_evidence
from .locating import Locator

if TYPE_CHECKING:
    from ...stores.records.salvaged_records import SalvagedReading


class CheckContext(Struct, frozen=True):
    """What all folders are checked against. config, names: None where nothing of sevlog.yaml can be read; then only the
    shape of files is checked. ids: all incidents there are. steps_known: whether the lifecycles can be read."""

    root: Path
    now: datetime
    ids: frozenset[str]
    config: Config | None
    names: Names | None
    steps_known: bool = True
    oncall: OnCall | None = None


class FolderFindings(Struct, frozen=True, gc=False):
    """What one folder gave, and how long that stands.

    expires_at: when time alone will make another finding, or end one. began_at: when time alone made the last of them;
    a clock that was ahead and was set right is before it.
    mentions: incidents it names -> whether they were there.
    """

    problems: tuple[Problem, ...] = ()
    expires_at: datetime | None = None
    mentions: dict[str, bool] = {}
    began_at: datetime | None = None

    @property
    def lasts(self) -> bool:
        """Whether it found nothing, and will find nothing until the folder changes."""
        return not self.problems and self.expires_at is None and not self.mentions

    def stands(self, context: CheckContext) -> bool:
        """Whether the folder, unchanged, would give the same now."""
        if self.expires_at is not None and context.now >= self.expires_at:
            return False
        if self.began_at is not None and context.now < self.began_at:
            return False
        return all((name in context.ids) == there for name, there in self.mentions.items())


def check_folder(context: CheckContext, path: str, read: Callable[[str], Reading] | None = None) -> FolderFindings:
    """All findings about one folder below incidents/; `path` is relative to the repository.

    read: the reading of a folder with a valid name; by default from its files.
    """
    _, year, name = path.split("/")
    misplaced = folder_name(year, name)
    reading = read(path) if read and misplaced is None else records.read_folder(context.root, path)
    salvaged = _salvaged(context.root, path) if reading.problems or reading.record is None else None
    best = salvaged.reading if salvaged is not None else reading
    problems = [
        *(() if misplaced is None else (misplaced,)),
        *reading.problems,
        *folder_files(context.root, path, name),
        *checking_secrets.in_record(context.root, path, best),
    ]
    if best.record is None or context.config is None or context.names is None:
        return FolderFindings(tuple(problems))
    case = RecordUnderCheck(best.record, replay(best.record, context.config), context.config, context.names)
    sure = Certainty(case, salvaged, steps_known=context.steps_known)
    timed = [t for rule in TIMED_RULES for t in rule(case, context.now) if sure.holds(t.problem)]
    mentioned = list(mentioned_incidents(case))
    unplaced = [
        *_rules(case),
        *missing_evidence(context.root, path, best),
        *(t.problem for t in timed if t.holds(context.now)),
        *(problem for other, problem in mentioned if other not in context.ids),
    ]
    if unplaced or salvaged is not None:
        locator = Locator(context.root, salvaged.rows if salvaged is not None else None)
        lifecycle = context.config.lifecycle_for(best.record.card.kind, best.record.card.type)
        problems += [locator.in_record(p, best, case.state, path, lifecycle) for p in sure.of(unplaced)]
        note = sure.note(path)
        problems += [] if note is None else [locator.in_file(note)]
    if not case.imported:
        problems += postmortems.in_record(context.root, path, best.record, context.config, context.oncall)
    ahead = [at for t in timed for at in (t.since, t.until) if at is not None and at > context.now]
    if postmortems.has_own_template(best.record):
        ahead.append(context.now)  # the template may change, and the index watches the record only
    return FolderFindings(
        tuple(problems),
        expires_at=min(ahead, default=None),
        mentions={other: other in context.ids for other, _ in mentioned},
        began_at=max((t.since for t in timed if t.since is not None and t.holds(context.now)), default=None),
    )


def _salvaged(root: Path, path: str) -> SalvagedReading:
    from ...stores.records.salvaged_records import (
        read_salvaged,  # with the careful reader, only where there are mistakes
    )

    return read_salvaged(root, path)


def _rules(case: RecordUnderCheck) -> Iterator[Problem]:
    """Findings of the fold and of the rules. A step to a status that does not exist is reported once, as that."""
    found = [problem for rule in RULES for problem in rule(case)]
    nowhere = {problem.entry for problem in found if problem.code == "unknown_status"}
    for problem in case.state.problems:
        if problem.code != "illegal_transition" or problem.entry not in nowhere:
            yield problem
    yield from found
