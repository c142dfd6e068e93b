"""A records repository as use cases see it: where it is, what is configured, who acts, and what time it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import GitTrouble, InvalidRecord
from ...stores import layout
from ...stores.index.live_cache import index_file

# What a command loads is most of what it costs: here only what all of them need, the rest where it is needed.
if TYPE_CHECKING:
    from ...model.config.settings import Config
    from ...model.oncall.roster import OnCall
    from ...model.timeline.incident import Record
    from ...model.timeline.state import State
    from ...stores.git.command import Git
    from ...stores.history.pending_branches import Views
    from ...stores.markdown.comms_templates import Templates
    from ...stores.records.records import Reading
    from ..common.outcome import Outcome


Clock = Callable[[], datetime]
"""What says what time it is: an instant with its offset."""


def system_clock() -> datetime:
    """Now, in UTC, to the millisecond (the precision of records)."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Workspace:
    """One records repository, opened by one command."""

    def __init__(
        self, root: Path, *, clock: Clock = system_clock, environment: Mapping[str, str] | None = None
    ) -> None:
        self.root = root
        self.clock = clock
        self.environment = os.environ if environment is None else environment
        self._held: ExitStack | None = None
        self.acted: list[Outcome] = []
        """What was recorded and committed through this workspace; hooks run after it."""

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
        from ...stores.git.command import Git

        return Git(self.root)

    def repair(self) -> None:
        """Complete or undo what a killed command left; a note in the git directory, beside the index, describes it."""
        place = index_file(self.root)
        if place is not None and any(place.parent.glob("*.json")):
            from ...stores.git import transaction

            transaction.repair(self.git)

    def require_whole(self) -> None:
        """Raise GitTrouble where git left records out of the checkout: what is made of the rest would be wrong."""
        if not self.git.present or not (self.git.folder / "info" / "sparse-checkout").is_file():
            return
        rows = self.git.run("ls-files", "-t", "-z", "--", layout.INCIDENTS).stdout.split(b"\0")
        left_out = sum(row.startswith(b"S ") for row in rows)
        if left_out:
            raise GitTrouble(
                f"this sparse checkout leaves out {left_out:,} files of {layout.INCIDENTS}/",
                f"git sparse-checkout add {layout.INCIDENTS}, or git sparse-checkout disable",
            )

    def hold(self) -> None:
        """From now until `close`, no other command writes here: what we read is what we write upon."""
        from ...stores.git import transaction

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
        from ...stores.records import settings

        return settings.read_config(self.root)

    def read_config_in_part(self) -> InvalidRecord | None:
        """Go on without the sections of sevlog.yaml that are wrong, to show records; the error, or None."""
        from ...stores.records import settings

        self.config, error = settings.read_config_in_part(self.root)
        return error

    @cached_property
    def templates(self) -> Templates:
        """The templates of updates, our own and the shipped ones."""
        from ...stores.markdown.comms_templates import Templates

        return Templates(self.root, self.config.comms.templates)

    @cached_property
    def oncall(self) -> OnCall:
        """oncall.yaml."""
        from ...stores.records import settings

        return settings.read_oncall(self.root)

    @cached_property
    def views(self) -> Views | None:
        """What branches that wait for a pull request know; None where acts go to the checked-out branch."""
        from ...stores.records import settings

        try:
            if b"pull-request" not in settings.written(self.root, layout.CONFIG_FILE):
                return None  # without making sense of it
            how = self.config.git
        except (InvalidRecord, OSError):
            return None  # callers that need more of it report the error; `check` reports all of them
        if how.flow != "pull-request" or not self.git.present:
            return None
        from ...stores.history.pending_branches import Views

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
        from ...stores.records import records

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
        from ...model.timeline.replay import replay

        return replay(record, self.config, as_of=as_of, known_by=known_by)
