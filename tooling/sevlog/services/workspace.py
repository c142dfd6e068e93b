"""A records repository as use cases see it: where it is, what is configured, who acts, and what time it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidRecord, NotFound
from ..stores import layout
from ..stores.glance import index_file

# What a command loads is most of what it costs: here only what all of them need, the rest where it is needed.
if TYPE_CHECKING:
    from ..model.config import Config
    from ..model.incident import Record
    from ..model.oncall import OnCall
    from ..model.state import State
    from ..stores.comms_templates import Templates
    from ..stores.git import Git
    from ..stores.records import Reading
    from ..stores.views import Views
    from .acting import Outcome
    from .documents import Brief
    from .register import Register


Clock = Callable[[], datetime]
"""What says what time it is: an instant with its offset."""


def system_clock() -> datetime:
    """Now, in UTC, to the millisecond (the precision of records)."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


_MOST_SHOWN = 8


class Workspace:
    """One records repository, opened by one command."""

    def __init__(
        self,
        root: Path,
        *,
        clock: Clock = system_clock,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root
        self.clock = clock
        self.environment = os.environ if environment is None else environment
        self._held: ExitStack | None = None
        self.acted: list[Outcome] = []
        """What was recorded and committed by way of this workspace; hooks run after it."""

    @classmethod
    def find(cls, start: Path | None = None, *, clock: Clock = system_clock) -> Workspace:
        """The workspace around a folder, repaired if a command died in it. Raises NotFound where there is none."""
        workspace = cls(layout.find_root(start or Path.cwd()), clock=clock)
        workspace.repair()
        return workspace

    def anew(self) -> Workspace:
        """The same repository by the same clock with nothing read so far: it sees what was written since."""
        return Workspace(self.root, clock=self.clock, environment=self.environment)

    @cached_property
    def git(self) -> Git:
        """The git repository around it; ask `git.present` whether there is one."""
        from ..stores.git import Git

        return Git(self.root)

    def repair(self) -> None:
        """Settle what a command left that died here: a note in the git directory, beside the index, tells of it."""
        place = index_file(self.root)
        if place is not None and any(place.parent.glob("*.json")):
            from ..stores import transaction

            transaction.repair(self.git)

    def hold(self) -> None:
        """From now until `close`, no other command writes here: what we read is what we write upon."""
        from ..stores import transaction

        if self._held is None and self.git.present:
            self._held = ExitStack()
            self._held.enter_context(transaction.exclusive(self.git))

    def close(self) -> None:
        """Let others write again."""
        if self._held is not None:
            self._held.close()
            self._held = None

    @cached_property
    def config(self) -> Config:
        """sevlog.yaml with defaults."""
        from ..stores import settings

        return settings.read_config(self.root)

    @cached_property
    def templates(self) -> Templates:
        """The templates of updates, our own and the shipped ones."""
        from ..stores.comms_templates import Templates

        return Templates(self.root, self.config.comms.templates)

    @cached_property
    def oncall(self) -> OnCall:
        """oncall.yaml."""
        from ..stores import settings

        return settings.read_oncall(self.root)

    @cached_property
    def views(self) -> Views | None:
        """What branches that wait for a pull request know; None where acts go to the checked-out branch."""
        from ..stores import settings

        try:
            if b"pull-request" not in settings.written(self.root, layout.CONFIG_FILE):
                return None  # without making sense of it
            how = self.config.git
        except (InvalidRecord, OSError):
            return None  # it is told by whoever needs more of it, with all its mistakes by `check`
        if how.flow != "pull-request" or not self.git.present:
            return None
        from ..stores.views import Views

        return Views(self.git, how.remote, how.branch)

    def home(self, incident_id: str) -> Path:
        """The folder below which an incident lies as all that is known here has it."""
        return (self.views.root_of(incident_id) if self.views else None) or self.root

    def ids(self) -> list[str]:
        """The ids of all incidents, sorted."""
        known = layout.incident_ids(self.root)
        return sorted({*known, *self.views.changes}) if self.views else known

    def has(self, incident_id: str) -> bool:
        """Whether an incident id is taken."""
        return (self.home(incident_id) / layout.folder_of(incident_id)).exists()

    def read(self, incident_id: str) -> Reading:
        """An incident's folder, findings included. Raises NotFound."""
        from ..stores import records

        return records.read_incident(self.home(incident_id), incident_id)

    def record(self, incident_id: str) -> Record:
        """An incident that can be worked with. Raises NotFound, or InvalidRecord where its card is broken."""
        return self.readable(self.read(incident_id))

    def readable(self, reading: Reading) -> Record:
        """The record of a reading. Raises InvalidRecord where its card is broken."""
        if reading.record is None:
            first = reading.problems[0]
            where = f"{first.path}:{first.line}:{first.column}" if first.line else first.path
            raise InvalidRecord(f"{where}: {first.message}", first.hint or "", f"sevlog check {first.path}")
        return reading.record

    def state(self, record: Record, *, as_of: datetime | None = None, known_by: datetime | None = None) -> State:
        """The fold of a record under this repository's configuration."""
        from ..model.replay import replay

        return replay(record, self.config, as_of=as_of, known_by=known_by)

    def register(self) -> Register:
        """All incidents as they are now, by way of the index."""
        from .register import Register

        return Register(self)

    def states(self) -> Iterator[State]:
        """The fold of every readable record, by id."""
        return self.register().states()

    def live_states(self) -> list[State]:
        """The incidents that are being worked on, by id."""
        register = self.register()
        return list(register.states([glance.path for glance in register.notable() if glance.live]))

    def resolve(self, name: str | None) -> str:
        """The incident id that a person means.

        name: any unambiguous part of an id; None means the only live incident, else SEVLOG_INCIDENT.
        Raises NotFound with the candidates.
        """
        if name is not None:
            return self._by_part(name)
        named = self.environment.get("SEVLOG_INCIDENT")
        live = [brief for brief in self.register().live() if brief.kind != "maintenance"]
        if len(live) == 1:
            return live[0].id
        if named:
            try:
                return self._by_part(named)
            except NotFound as error:
                raise NotFound(f"SEVLOG_INCIDENT: {error.message}", *error.hints, details=error.details) from None
        if not live:
            raise self._nothing_live()
        raise NotFound(
            f"{len(live)} incidents are live: say which",
            *(_option(brief) for brief in live),
            details={"candidates": [brief.id for brief in live]},
        )

    def _nothing_live(self) -> NotFound:
        waiting = [brief for brief in self.register().briefs() if brief.category == "learning"]
        return NotFound(
            "no incident is live, so name one",
            *(_option(brief) for brief in waiting[-_MOST_SHOWN:]),
            "-i ID (any part of an id); all of them: sevlog list",
            details={"candidates": [brief.id for brief in waiting]},
        )

    def _by_part(self, name: str) -> str:
        if layout.INCIDENT_ID.fullmatch(name) and (self.home(name) / layout.folder_of(name)).is_dir():
            return name
        ids = self.ids()
        found = [i for i in ids if name.lower() in i] if name.strip() else []
        if len(found) == 1:
            return found[0]
        if not found:
            raise NotFound(
                f"no incident id contains `{name}`", *(f"did you mean {c}?" for c in _near(name.lower(), ids)),
                "all of them: sevlog list",
                "raised by someone else just now? sevlog sync" if self._is_shared() else "",
            )  # fmt: skip
        raise NotFound(
            f"`{name}` is part of {len(found)} incident ids: say more of it",
            *(self._candidate(i) for i in reversed(found[-_MOST_SHOWN:])),
            f"and {len(found) - _MOST_SHOWN} older ones: sevlog list" if len(found) > _MOST_SHOWN else "",
            details={"candidates": found[-50:]},
        )

    def _is_shared(self) -> bool:
        """Whether others may know incidents that are not here yet."""
        return self.git.present and self.git.remote_url(self.config.git.remote) is not None

    def _candidate(self, incident_id: str) -> str:
        """An id as a hint, with what helps to tell it from others."""
        record = self.read(incident_id).record
        if record is None:
            return f"-i {incident_id}   (its card cannot be read)"
        from .viewing import brief

        return _option(brief(self.state(record)))


def _option(brief: Brief) -> str:
    return f"-i {brief.id}   {' '.join(part for part in (brief.severity, brief.status) if part)}: {brief.title}"


def _near(name: str, ids: list[str]) -> list[str]:
    """The ids that have a word much like the name, or are much like it themselves; the newest three."""
    from difflib import get_close_matches

    words: dict[str, list[str]] = {}
    for incident_id in ids:
        slug = incident_id[len("2026-11-23-") :]
        for word in (incident_id, slug, *slug.split("-")):
            words.setdefault(word, []).append(incident_id)
    close = get_close_matches(name, list(words), n=3, cutoff=0.7)
    return list(dict.fromkeys(i for word in close for i in reversed(words[word])))[:3]
