"""Every incident of a workspace, through the index: unchanged folders are neither read nor folded again.

A catalog is one look at the folders; make another to see what changed since. Answers are those of the files, whether
there is an index or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from ...model.links.ties import Ties, ties_of
from ...model.oncall.ranking import Place
from ...model.problem import Problem
from ...stores import layout
from ...stores.index.facets import Facet
from ...stores.index.file_index import Index
from ...stores.records import settings
from ...stores.worker_processes import parts_for, shared
from ..common import documents

if TYPE_CHECKING:
    from ...model.timeline.state import State
    from ...stores.records.cached_readings import Kept
    from ...stores.records.records import Reading
    from .workspace import Workspace


_T = TypeVar("_T")


class IncidentSummary(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What boards and lists need of a record.

    brief: without rank; None where the card cannot be read. place: what ranks it among live ones. tags: of the card.
    deadlines: the steps with a time limit, of a live one, late or not; after it, what is due of its follow-up.
    collaborators: as the fold has them.
    ties: to other incidents. problems: about its files.
    """

    path: str
    brief: documents.Brief | None = None
    place: Place | None = None
    tags: tuple[str, ...] = ()
    live: bool = False
    deadlines: tuple[documents.Deadline, ...] = ()
    collaborators: dict[str, str] = {}
    ties: Ties = Ties()
    problems: tuple[Problem, ...] = ()


class Catalog:
    """The incidents of a workspace. remember: whether to use what earlier commands found, and to keep what is new."""

    def __init__(self, workspace: Workspace, *, remember: bool = True) -> None:
        self._workspace = workspace
        self.index = Index(workspace.root, remember=remember)
        self.settings = self._settings()
        views = workspace.views
        self.elsewhere = frozenset(str(layout.folder_of(name)) for name in views.changes) if views else frozenset()
        """Folders of which branches know more than the checkout: they are not remembered."""

    @cached_property
    def paths(self) -> list[str]:
        """The folders of all incidents, relative to the repository, by year and id."""
        here = [path for path in self.index.folders if layout.INCIDENT_ID.fullmatch(_name(path))]
        return sorted({*here, *self.elsewhere}) if self.elsewhere else here

    def readings(self) -> Iterator[Reading]:
        """What every folder gave, findings included, in order."""
        self.index.survey()
        for path in self.paths:
            yield self.reading(path)
        self.save()

    def reading(self, path: str) -> Reading:
        """What one folder gave."""
        from ...stores.records import cached_readings, records

        if path in self.elsewhere:
            return records.read_folder(self._workspace.home(_name(path)), path)
        row = self._readings.get(path)
        if row is not None:
            return cached_readings.reading(_name(path), row)
        found = records.read_folder(self._workspace.root, path)
        row = cached_readings.kept(found)
        if cached_readings.reading(_name(path), row) == found:
            self._readings.put(path, row)
        return found

    def states(self, wanted: Iterable[str] | None = None) -> Iterator[State]:
        """The fold of every record that can be read, in order; or of those in the `wanted` folders."""
        for reading in self.readings() if wanted is None else map(self.reading, wanted):
            if reading.record is not None:
                yield self._workspace.state(reading.record)

    def notable(self) -> list[IncidentSummary]:
        """The live records, and those whose files have mistakes, in order. Raises InvalidRecord for sevlog.yaml."""
        self.index.survey()
        rows = {**self._summaries.notable(), **dict.fromkeys(self.elsewhere)}
        known = sorted(rows) if self.elsewhere else rows
        found = self._all_summarized(rows, [path for path in known if layout.INCIDENT_ID.fullmatch(_name(path))])
        notable = [summary for summary in found if _is_notable(summary)]
        self._finish(notable)
        return notable

    def summaries(self) -> list[IncidentSummary]:
        """Every record, in order. Raises InvalidRecord for sevlog.yaml."""
        self.index.survey()
        rows = self._summaries.everything()
        found = self._all_summarized(rows, self.paths)
        self._finish(found)
        return found

    def live(self) -> list[documents.Brief]:
        """The records that are being worked on, maintenances too, in order."""
        return [summary.brief for summary in self.notable() if summary.live and summary.brief is not None]

    def briefs(self) -> list[documents.Brief]:
        """Every record that can be read, in order."""
        return [summary.brief for summary in self.summaries() if summary.brief is not None]

    def ties(self) -> dict[str, Ties]:
        """Incident -> its ties to others, of those that have any, in order. Other records are not read."""
        self.index.survey()
        known = {**self._ties.notable(), **dict.fromkeys(self.elsewhere)}
        found = {path: ties for path, ties in known.items() if ties is not None}
        unknown = sorted(path for path in known if path not in found and layout.INCIDENT_ID.fullmatch(_name(path)))
        if unknown:
            made = self._all_summarized(dict.fromkeys(unknown), unknown)
            found |= {summary.path: summary.ties for summary in made}
        self.save()
        return {_name(path): found[path] for path in sorted(found) if found[path] != Ties()}

    def texts(self) -> dict[str, str]:
        """Folder -> all that can be searched of its record, in lower case, pieces parted by NUL."""
        rows = self._words.everything()
        found: dict[str, str] = {}
        for path in self.paths:
            found[path] = self._searchable(path) if (text := self._row_of(rows, path)) is None else text
        self.save()
        return found

    def save(self, live: list[tuple[str, str, str, str | None]] | None = None) -> None:
        """Keep what is new for the next command."""
        if self._settings() == self.settings:  # else it was edited meanwhile: who knows what was made with which
            self.index.save(live)

    @cached_property
    def _readings(self) -> Facet[Kept]:
        from ...stores.records.cached_readings import Kept

        return self.index.facet("reading", b"", Kept)

    @cached_property
    def _summaries(self) -> Facet[IncidentSummary]:
        return self.index.facet("summary", self.settings, IncidentSummary)

    @cached_property
    def _ties(self) -> Facet[Ties]:
        return self.index.facet("ties", self.settings, Ties)

    @cached_property
    def _words(self) -> Facet[str]:
        return self.index.facet("words", self.settings, str)

    def _row_of(self, rows: Mapping[str, _T | None], path: str) -> _T | None:
        return None if path in self.elsewhere else rows[path]

    def _settings(self) -> bytes:
        try:
            return settings.written(self._workspace.root, layout.CONFIG_FILE)
        except OSError:
            return b""

    def _finish(self, summaries: Iterable[IncidentSummary]) -> None:
        """Tell completion what is live, and keep what is new."""
        if not self._summaries.is_kept:
            _ = self._workspace.config  # not known yet whether it can be read
        self.save([_live_row(summary) for summary in ranked(summaries, every_kind=True)])

    def _all_summarized(self, rows: Mapping[str, IncidentSummary | None], paths: list[str]) -> list[IncidentSummary]:
        """The summary of each folder, as known or made now; with a second process where many are to be made."""
        known = {path: summary for path in paths if (summary := self._row_of(rows, path)) is not None}
        unknown = [path for path in paths if path not in known]
        parts = parts_for(len(unknown))
        if parts > 1:
            self.index.file.share()

        def look(part: int, parts: int) -> list[IncidentSummary]:
            made = [
                self._summarized(path)
                for path in unknown[len(unknown) * part // parts : len(unknown) * (part + 1) // parts]
            ]
            if parts > 1:
                self.save()
            return made

        for part in shared(look, list[IncidentSummary], parts) if unknown else []:
            known |= {summary.path: summary for summary in part}
        return [known[path] for path in paths]

    def _summarized(self, path: str) -> IncidentSummary:
        config = self._workspace.config
        reading = self.reading(path)
        if reading.record is None:
            summary = IncidentSummary(path=path, problems=reading.problems)
        else:
            from ...model.oncall.ranking import place

            state = self._workspace.state(reading.record)
            summary = IncidentSummary(
                path=path,
                brief=documents.brief(state),
                place=place(state, config) if state.live else None,
                tags=state.card.tags,
                live=state.live,
                deadlines=documents.deadlines(state, config),
                collaborators=state.collaborators if state.live else {},
                ties=ties_of(state),
                problems=reading.problems,
            )
        if path not in self.elsewhere:
            self._summaries.put(path, summary, notable=_is_notable(summary))
            self._ties.put(path, summary.ties, notable=summary.ties != Ties())
        return summary

    def _searchable(self, path: str) -> str:
        from ...model.timeline.kinds.registry import one_line_of

        text = ""
        record = self.reading(path).record
        if record is not None:
            state, card = self._workspace.state(record), record.card
            entries = [item.effective or item.entry for item in state.timeline]
            parts = [record.id, card.title, card.public_title or "", card.summary or ""]
            text = "\0".join([*parts, *(f"{one_line_of(entry)}\n{entry.text or ''}" for entry in entries)]).lower()
        if path not in self.elsewhere:
            self._words.put(path, text)
        return text


def ranked(summaries: Iterable[IncidentSummary], *, every_kind: bool = False) -> list[IncidentSummary]:
    """The live incidents, the most pressing first. every_kind: and behind them drills, retrospectives, maintenances."""
    live = [
        summary for summary in summaries if summary.live and summary.brief is not None and summary.place is not None
    ]
    live.sort(key=lambda summary: (kind_of_summary(summary) == "maintenance", summary.place or ()))
    own = [summary for summary in live if kind_of_summary(summary) == "incident"]
    others = [summary for summary in live if kind_of_summary(summary) != "incident"]
    return [*own, *others] if every_kind else own


def kind_of_summary(summary: IncidentSummary) -> str:
    """incident, drill, retrospective or maintenance; empty where the card cannot be read."""
    return summary.brief.kind if summary.brief is not None else ""


def _is_notable(summary: IncidentSummary) -> bool:
    return summary.live or bool(summary.problems or summary.deadlines)


def _live_row(summary: IncidentSummary) -> tuple[str, str, str, str | None]:
    brief = summary.brief
    assert brief is not None
    return brief.id, brief.title, brief.status, brief.severity


def _name(path: str) -> str:
    return path.rpartition("/")[2]
