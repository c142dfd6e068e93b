"""One act of one person on one incident: read under the lock, recorded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from ...errors import InvalidRecord, Refused
from ...model.config.settings import Act as StepAct
from ...model.config.settings import Lifecycle
from ...model.problem import Problem
from ...model.timeline.acts import command_for, explain_missing, table_of
from ...model.timeline.entries import KIND_BY_NAME, Raised, StatusChanged, Update
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import CARD_KEYS, IncidentCard, Record
from ...model.timeline.state import State
from ...model.vocabulary import Impact, in_utc, instant, to_the_minute
from ...stores import layout
from ...stores.records import card_edits, codec
from ...stores.yaml import io as yaml_io
from ..common.outcome import Outcome
from ..workspace import lookup
from ..workspace.workspace import Workspace
from .recorder import Act, Actor, Options, actor, begin, record_act

if TYPE_CHECKING:
    from .clearing import Waited

_NO_MISTAKES = frozenset({"empty_timeline"})
_MOST_BEHIND = timedelta(days=1)
"""An entry that lies further ahead than this is a mistake of its own, and nothing is put after it."""

_WORTH_TELLING = timedelta(minutes=1)
_JUST_NOW = timedelta(seconds=10)
"""How long ago a time that was typed may have been now."""


class IncidentSession:
    """What every act on an incident needs: its record and state, and who acts."""

    def __init__(self, workspace: Workspace, incident: str | None, options: Options, *, learning: bool = False) -> None:
        """Raises NotFound or InvalidRecord for the incident, GitTrouble or UsageError for git and the person.

        learning: without a name and a live incident, the only one in learning is meant.
        """
        begin(workspace, options)
        self.workspace, self.options = workspace, options
        reading = workspace.read(lookup.resolve(workspace, incident, learning=learning))
        self.record: Record = workspace.readable(reading)
        self.unreadable = [p for p in reading.problems if p.severity == "error" and p.code not in _NO_MISTAKES]
        self.state: State = workspace.state(self.record)
        self.who: Actor = actor(workspace, options)
        self._behind = self._catch_up()
        chosen = incident is None and self.state.category == "learning" and not lookup.from_environment(workspace)
        self._chosen = (f"no incident is live; {self.record.id} is the only one that waits to be closed",) * chosen

    @property
    def at(self) -> datetime:
        """When the act happens."""
        return self.who.at

    def when(self, moment: datetime) -> datetime:
        """A time that was typed; where the clock here was behind, "now" is the moment of the act."""
        return self.at if self._behind and moment > self.who.now - self._behind - _JUST_NOW else moment

    @property
    def recovered(self) -> dict[str, Impact]:
        """The incident's components, operational again."""
        return dict.fromkeys(self.state.components, "operational") or {"unknown": "operational"}

    def do(
        self,
        entries: Sequence[Entry],
        summary: str,
        *,
        files: Mapping[PurePosixPath, str] | None = None,
        replaced: frozenset[str] = frozenset(),
        hints: tuple[str, ...] = (),
        waited: Waited | None = None,
        as_told: bool = False,
    ) -> Outcome:
        """Record the entries as one act; updates among them must be cleared (services/recording/clearing).

        waited: of a draft that is sent. as_told: the entries keep their time, person and id.
        Raises InvalidRecord for a step that would stand on a broken timeline.
        """
        doubts = (*self._doubts(entries), *self._clock())
        entries, options = list(entries), self.options
        if any(isinstance(entry, Update) for entry in entries):
            from .clearing import clear

            cleared = clear(self.workspace, self._titled(), entries, options, self.who.person, waited=waited)
            entries, options, doubts = cleared.entries, cleared.options, (*doubts, *cleared.warnings)
        act = Act(entries=tuple(entries), summary=summary, files=files or {}, replaced=replaced, as_told=as_told)
        outcome = record_act(self.workspace, self.record, act, options, self.who)
        hints = (*self._chosen, *outcome.hints, *hints)
        return msgspec.structs.replace(outcome, warnings=(*doubts, *outcome.warnings), hints=hints)

    def _titled(self) -> State:
        """The state with the card as this act leaves it."""
        return msgspec.structs.replace(self.state, card=self.record.card)

    @property
    def lifecycle(self) -> Lifecycle:
        """The lifecycle of the incident."""
        card = self.record.card
        return self.workspace.config.lifecycle_for(card.kind, card.type)

    @property
    def next_command(self) -> str:
        """The command that leads on from the status."""
        return command_for(self.lifecycle, self.state.status, self.record.id)

    def step(
        self, act: StepAct, *, text: str | None = None, reason: str | None = None, attestation: str | None = None
    ) -> StatusChanged:
        """The step that a command makes from the status we see.

        Raises Refused where it makes none from here, or where the incident made a later one.
        """
        steps, status = self.state.status_steps, self.state.status
        row = table_of(self.lifecycle).steps.get((status, act))
        if row is None and steps and status in table_of(self.lifecycle).targets(act):
            raise Refused(
                f"{self.record.id} has been `{status}` since {to_the_minute(steps[-1].at)}", self.next_command
            )
        if row is None:
            raise Refused(f"{self.record.id}: {explain_missing(self.lifecycle, status, act)}", self.next_command)
        to = row.to
        if steps and self.at < steps[-1].at:
            raise Refused(
                f"{self.record.id} became `{steps[-1].status}` at {instant(steps[-1].at)}; "
                f"a transition at {instant(self.at)} would be earlier",
                "omit --at, or give a later time"
                if self.options.at
                else "if that time is wrong: sevlog "
                f'correct -i {self.record.id} {steps[-1].entry} at=TIME --reason "the clock was wrong"',
            )
        return StatusChanged(
            at=self.at,
            to=to,
            from_=self.state.status if steps else None,
            text=text,
            reason=reason,
            attestation=attestation,
        )

    def card_with(self, **changed: object) -> tuple[dict[PurePosixPath, str], frozenset[str]]:
        """incident.yaml with these keys changed, for `do`; the record here has them from now on.

        Of a mapping, only the keys that are given change.
        """
        path = layout.folder_of(self.record.id) / layout.CARD_FILE
        text = (self.workspace.home(self.record.id) / path).read_bytes().decode()
        for key, value in changed.items():
            plain = codec.plain(value) if isinstance(value, msgspec.Struct) else value
            text = card_edits.set_key(text, key, plain, after=card_edits.key_before(text, key, CARD_KEYS))
        card = msgspec.structs.replace(self.record.card, **changed)
        self.record = msgspec.structs.replace(self.record, card=card)
        return {path: text}, frozenset({str(path)})

    def _catch_up(self) -> timedelta:
        """Put the act after everything its author can read; how far the clock here is behind that.

        Otherwise an answer to an entry from a clock that is ahead would be folded before it. Where the time was typed,
        only when it was recorded moves: of two statements about one minute, the later one counts.
        """
        typed = self.options.at is not None
        told = [item for item in self.state.timeline if item.effective]
        last = max((item.known_at if typed else (item.effective or item.entry).at for item in told), default=None)
        if last is None or not timedelta() <= last - self.who.now <= _MOST_BEHIND:
            return timedelta()
        behind, last = last - self.who.now, in_utc(last)
        moment = last.replace(microsecond=last.microsecond // 1000 * 1000) + timedelta(milliseconds=1)
        self.who = msgspec.structs.replace(self.who, at=self.who.at if typed else moment, now=moment)
        return timedelta() if typed else behind

    def _clock(self) -> tuple[str, ...]:
        if self._behind < _WORTH_TELLING:
            return ()
        minutes = round(self._behind.total_seconds() / 60)
        return (
            f"the newest entry is {minutes} min ahead of this machine's clock, so this entry is recorded right after "
            f"it, at {instant(self.at)}; check which clock is wrong",
        )

    def _doubts(self, entries: Sequence[Entry]) -> tuple[str, ...]:
        if not self.unreadable:
            return ()
        first = self.unreadable[0]
        said = f"{where(first)}: {first.message}"
        if any(isinstance(entry, StatusChanged | Raised) for entry in entries):
            raise InvalidRecord(
                f"{said}; the status cannot change while parts of the timeline cannot be read",
                first.hint or "",
                f"list all problems: sevlog check {layout.folder_of(self.record.id)}",
            )
        return (f"{said} (the state may be wrong until this is fixed: sevlog check {first.path})",)


class NewIncident:
    """What the act that opens an incident needs: who acts, and when."""

    def __init__(self, workspace: Workspace, options: Options) -> None:
        """Raises GitTrouble or UsageError for git and the person."""
        begin(workspace, options)
        self.workspace, self.options = workspace, options
        self.who: Actor = actor(workspace, options)

    def do(self, card: IncidentCard, entries: Sequence[Entry], summary: str, *, on: datetime | None = None) -> Outcome:
        """Write the card and record the entries as one act. on: the date of the id (default: of the act)."""
        incident = layout.new_incident_id(on or self.who.at, card.title, self.workspace.has)
        path = layout.folder_of(incident) / layout.CARD_FILE
        text = yaml_io.dump(codec.plain(card), schema=layout.schema_reference(path, "incident"))
        act = Act(entries=tuple(entries), summary=summary, files={path: text})
        return record_act(self.workspace, Record(id=incident, card=card, entries=()), act, self.options, self.who)


def where(problem: Problem) -> str:
    """path:line:column, as far as they are known."""
    return f"{problem.path}:{problem.line}:{problem.column}" if problem.line else problem.path


def entry_from(plain: Mapping[str, object], at: datetime) -> Entry:
    """An entry of any kind from its plain keys, without those that are None or empty. Raises UsageError."""
    given = {key: value for key, value in plain.items() if value not in (None, (), [], {})}
    return codec.made({**given, "at": instant(at)}, KIND_BY_NAME[str(plain["kind"])], "entry")
