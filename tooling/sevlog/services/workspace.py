"""A records repository as use cases see it: where it is, what is configured, who acts, and what time it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from ..errors import InvalidRecord, NotFound
from ..model.config import Config
from ..model.incident import Record
from ..model.oncall import OnCall
from ..model.replay import replay
from ..model.state import State
from ..stores import layout, records, settings
from ..stores.git import Git


def system_clock() -> datetime:
    """Now, in UTC, to the millisecond (the precision of records)."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Workspace:
    """One records repository, opened by one command."""

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], datetime] = system_clock,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root
        self.clock = clock
        self.environment = os.environ if environment is None else environment
        self.git = Git(root)

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """The workspace around a folder. Raises NotFound where there is none."""
        return cls(layout.find_root(start or Path.cwd()))

    @cached_property
    def config(self) -> Config:
        """sevlog.yaml with defaults."""
        return settings.read_config(self.root)

    @cached_property
    def oncall(self) -> OnCall:
        """oncall.yaml."""
        return settings.read_oncall(self.root)

    def read(self, incident_id: str) -> records.Reading:
        """An incident's folder, findings included. Raises NotFound."""
        return records.read_incident(self.root, incident_id)

    def record(self, incident_id: str) -> Record:
        """An incident that can be worked with. Raises NotFound, or InvalidRecord where its card is broken."""
        reading = self.read(incident_id)
        if reading.record is None:
            first = reading.problems[0]
            where = f"{first.path}:{first.line}:{first.column}" if first.line else first.path
            raise InvalidRecord(f"{where}: {first.message}", first.hint or "", f"sevlog check {first.path}")
        return reading.record

    def state(self, record: Record, *, as_of: datetime | None = None, known_by: datetime | None = None) -> State:
        """The fold of a record under this repository's configuration."""
        return replay(record, self.config, as_of=as_of, known_by=known_by)

    def states(self) -> Iterator[State]:
        """The fold of every readable record, by id."""
        for reading in records.read_all(self.root):
            if reading.record is not None:
                yield self.state(reading.record)

    def live_states(self) -> list[State]:
        """The incidents that are being worked on, by id."""
        return [state for state in self.states() if state.live]

    def resolve(self, name: str | None) -> str:
        """The incident id that a person means.

        name: any unambiguous part of an id; None means the only live incident, else SEVLOG_INCIDENT.
        Raises NotFound with the candidates.
        """
        if name is not None:
            return self._by_part(name)
        named = self.environment.get("SEVLOG_INCIDENT")
        live = [s for s in self.live_states() if s.card.kind != "maintenance"]
        if len(live) == 1:
            return live[0].id
        if named:
            return self._by_part(named)
        if not live:
            raise self._nothing_live()
        raise NotFound(
            f"{len(live)} incidents are live: say which",
            *(
                f"-i {state.id}   {state.severity or 'no severity'} {state.status}: {state.card.title}"
                for state in live
            ),
            details={"candidates": [state.id for state in live]},
        )

    def _nothing_live(self) -> NotFound:
        waiting = [s for s in self.states() if s.category == "learning"]
        return NotFound(
            "no incident is live, so name one",
            *(f"-i {s.id}   {s.severity} {s.status}: {s.card.title}" for s in waiting[-8:]),
            "-i ID (any part of an id); all of them: sevlog list",
            details={"candidates": [s.id for s in waiting]},
        )

    def _by_part(self, name: str) -> str:
        if layout.INCIDENT_ID.fullmatch(name) and (self.root / layout.folder_of(name)).is_dir():
            return name
        ids = layout.incident_ids(self.root)
        found = [i for i in ids if name.lower() in i] if name else []
        if len(found) == 1:
            return found[0]
        if not found:
            from difflib import get_close_matches

            close = get_close_matches(name.lower(), ids, n=3, cutoff=0.5)
            raise NotFound(
                f"no incident id contains `{name}`", *(f"did you mean {c}?" for c in close), "all of them: sevlog list"
            )
        live = [i for i in found if self.state(self.record(i)).live] if len(found) <= 50 else []
        if len(live) == 1:
            return live[0]
        shown = found[-8:]
        raise NotFound(
            f"`{name}` is part of {len(found)} incident ids: say more of it",
            *(f"-i {i}" for i in reversed(shown)),
            details={"candidates": found[:50]},
        )
