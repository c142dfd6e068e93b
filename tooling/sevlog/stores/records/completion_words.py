"""The words that a records repository knows, read leniently and within milliseconds: for completion and for help.

Nothing here loads the shapes of records, starts a process or writes a file. What cannot be read is left out and
not reported: that is the work of `sevlog check`. The words are as in the files; code that prints them must check them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, get_args

from ...errors import SevlogError
from ...model.vocabulary import UNCONDITIONAL, Audience, compact
from .. import layout
from . import lenient_reader

_MOST_FILES = 400
"""How many files of a timeline are looked at, the newest first."""

_SAYING = ("text", "title", "summary", "reason", "to", "person", "type")
"""Keys of an entry that tell what it is about, the most telling first."""


class Word(NamedTuple):
    """A word to be typed, and what it stands for."""

    text: str
    about: str = ""


class Entry(NamedTuple):
    """An entry of a timeline as its file has it."""

    id: str
    at: datetime
    known_at: datetime
    data: dict[str, Any]

    @property
    def about(self) -> str:
        """When it was, its kind, and the first of what it says."""
        said = next((str(self.data[key]) for key in _SAYING if isinstance(self.data.get(key), str)), "")
        return f"{self.at:%H:%M} {str(self.data.get('kind', '')).replace('_', ' ')}{': ' if said else ''}{said}"


class Lexicon:
    """The words of one repository; outside of any (root: None), those that ship with sevlog."""

    def __init__(self, root: Path | None) -> None:
        self._root = root

    def incidents(self, part: str = "", *, beginning: bool = False) -> Iterator[str]:
        """The names of incidents that contain a part, or begin with it; the newest first. `is_incident` knows better.

        Folders are listed as they are asked for: the newest of ten thousand take 1 ms, a part of any of them 8 ms.
        """
        if self._root is None:
            return
        base = self._root / layout.INCIDENTS
        for year in sorted(_names(base), reverse=True):
            if not beginning:
                yield from sorted((name for name in _names(base / year) if part in name), reverse=True)
            elif year.startswith(part[: len(year)]):
                yield from sorted((name for name in _names(base / year) if name.startswith(part)), reverse=True)

    def is_incident(self, name: str) -> bool:
        """Whether a name is an id, and the folder of an incident."""
        return self._root is not None and layout.is_incident(self._root, name)

    @cached_property
    def live(self) -> list[Word]:
        """The live incidents, the most pressing first; empty where no index tells."""
        from ..index import live_cache

        if self._root is None:
            return []
        return [
            Word(name, f"{' '.join(part for part in (severity, status) if part)}: {title}")
            for name, title, status, severity in live_cache.live(self._root)
        ]

    def title(self, incident: str) -> str:
        """The title on an incident's card; empty where it cannot be read."""
        if self._root is None:
            return ""
        return str(
            lenient_reader.mapping(self._root / layout.folder_of(incident) / layout.CARD_FILE).get("title") or ""
        )

    def incident(self, part: str | None) -> str | None:
        """The id that a part of it means; of None, SEVLOG_INCIDENT, else the only live one, else the newest."""
        part = part or os.environ.get("SEVLOG_INCIDENT")
        if part is None and len(self.live) == 1:
            return self.live[0].text
        if part is None:
            return next((name for name in (*(word.text for word in self.live), *islice(self.incidents(), 1))), None)
        if self.is_incident(part):
            return part
        live = [word.text for word in self.live if part.lower() in word.text]
        found = live or list(islice(self.incidents(part.lower()), 2))
        return found[0] if len(found) == 1 else None

    def entries(self, incident: str) -> list[Entry]:
        """The entries of an incident's timeline, the newest first."""
        if self._root is None or not self.is_incident(incident):
            return []
        folder = self._root / layout.folder_of(incident) / layout.TIMELINE
        names = sorted((n for n in _names(folder) if n.endswith(".yaml")), key=layout.by_time, reverse=True)
        found = [entry for name in names[:_MOST_FILES] for entry in _entries(folder / name)]
        return sorted(found, key=lambda entry: (entry.at, entry.known_at, entry.id), reverse=True)

    def action_items(self, incident: str) -> list[Word]:
        """The action items of an incident, in the order of the file."""
        if self._root is None or not self.is_incident(incident):
            return []
        rows = lenient_reader.value(self._root / layout.folder_of(incident) / layout.ACTIONS_FILE)
        return [
            Word(str(row.get("id")), str(row.get("title") or ""))
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, dict)
        ]

    def problem_records(self) -> list[Word]:
        """The problem records, by name."""
        if self._root is None:
            return []
        from ..markdown.problem_records import read_problem_records

        return [Word(one.key, one.title) for one in read_problem_records(self._root)]

    def components(self, *, retired: bool = False) -> list[Word]:
        """The components, in the order of the page. retired: include retired ones."""
        rows = _rows(self._settings.get("components"))
        return [_word(row, row.get("group")) for row in rows if retired or not row.get("retired_on")]

    def severities(self) -> list[Word]:
        """The severities, from worst to mildest."""
        return [_word(row, "major" if row.get("major") is True else None) for row in self._process("severities")]

    def criteria(self) -> list[Word]:
        """The severities with what makes an incident one."""
        rows = self._process("severities")
        criteria = ("; ".join(map(str, row.get("criteria") or ())) for row in rows)
        return [Word(key, f"{about}: {told}") for (key, about), told in zip(self.severities(), criteria, strict=True)]

    def priorities(self) -> list[Word]:
        """The priorities, from most to least urgent."""
        return [_word(row) for row in self._process("priorities")]

    def types(self) -> list[Word]:
        """The types of incidents."""
        return [_word(row) for row in self._process("types")]

    def custom_fields(self) -> list[Word]:
        """The custom fields, as the start of KEY=VALUE."""
        fields = self._settings.get("fields")
        return [
            Word(f"{key}=", str(value.get("description") or "") if isinstance(value, dict) else "")
            for key, value in (fields.items() if isinstance(fields, dict) else ())
        ]

    def roles(self) -> list[Word]:
        """The roles."""
        return [_word(row) for row in self._process("roles")]

    def statuses(self) -> list[Word]:
        """The statuses of every lifecycle, with their name and category."""
        rows = [row for _, lifecycle in self._lifecycles() for row in _rows(lifecycle.get("statuses"))]
        by_key = {str(row["key"]): _word(row, str(row.get("category") or "")) for row in rows}
        return list(by_key.values())

    def guards(self) -> list[Word]:
        """The guards that steps of the lifecycles ask for, with the steps."""
        steps: dict[str, list[str]] = {}
        for _, lifecycle in self._lifecycles():
            for row in lifecycle.get("transitions") or ():
                for name in (
                    [n for n in (row.get("guards") or ()) if n not in UNCONDITIONAL] if isinstance(row, dict) else ()
                ):
                    steps.setdefault(str(name), []).append(f"{row.get('from')} to {row.get('to')}")
        return [Word(name, ", ".join(dict.fromkeys(told))) for name, told in steps.items()]

    def templates(self) -> list[Word]:
        """The templates of updates: audience/occasion, our own and the shipped ones."""
        from .. import resources

        comms = self._settings.get("comms")
        folder = comms.get("templates") if isinstance(comms, dict) else None
        own = self._root and self._root / (folder if isinstance(folder, str) else "comms")
        places = [place for place in (own, resources.data_folder("comms")) if place]
        found = {
            f"{audience}/{name.removesuffix('.md')}"
            for place in places
            for audience in get_args(Audience)
            for name in _names(place / audience)
            if name.endswith(".md")
        }
        return [Word(name) for name in sorted(found)]

    def postmortem_templates(self) -> list[Word]:
        """The shipped templates of postmortems."""
        from .. import resources

        return [Word(name) for name in resources.shipped_names("postmortems")]

    def people(self) -> list[Word]:
        """The people of oncall.yaml, with their teams."""
        teams: dict[str, list[str]] = {}
        for team in _rows(self._oncall.get("teams")):
            for member in team.get("members") or ():
                teams.setdefault(str(member), []).append(str(team["key"]))
        rows = _rows(self._oncall.get("people"))
        return [_word(row, ", ".join(teams.get(str(row["key"]), ())) or None) for row in rows]

    def teams(self) -> list[Word]:
        """The teams of oncall.yaml."""
        return [_word(row) for row in _rows(self._oncall.get("teams"))]

    def schedules(self) -> list[Word]:
        """The schedules of oncall.yaml."""
        return [_word(row) for row in _rows(self._oncall.get("schedules"))]

    def escalations(self) -> list[Word]:
        """The escalation policies of oncall.yaml."""
        return [_word(row) for row in _rows(self._oncall.get("escalations"))]

    def _process(self, section: str) -> list[dict[str, Any]]:
        return _rows(self._settings.get(section)) or _rows(self._shipped.get(section))

    def _lifecycles(self) -> Iterator[tuple[str, dict[str, Any]]]:
        given = self._settings.get("lifecycles")
        merged = {**self._shipped["lifecycles"], **(given if isinstance(given, dict) else {})}
        return ((name, lifecycle) for name, lifecycle in merged.items() if isinstance(lifecycle, dict))

    @cached_property
    def _settings(self) -> dict[str, Any]:
        return lenient_reader.mapping(self._root / layout.CONFIG_FILE) if self._root else {}

    @cached_property
    def _oncall(self) -> dict[str, Any]:
        return lenient_reader.mapping(self._root / layout.ONCALL_FILE) if self._root else {}

    @cached_property
    def _shipped(self) -> dict[str, Any]:
        from .. import resources
        from ..yaml import plain as yaml_plain

        data: Any = yaml_plain.read_plain(resources.shipped("defaults.yaml").encode())
        return dict(data)


def find(start: Path) -> Lexicon:
    """The words of the repository around a folder, or the shipped ones outside a repository."""
    try:
        return Lexicon(layout.find_root(start) if start.is_dir() else None)
    except (SevlogError, OSError):
        return Lexicon(None)


def _names(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name[0] != "."]  # noqa: PTH208 - names are all we need
    except OSError:
        return []


def _word(row: dict[str, Any], more: str | None = None) -> Word:
    name = str(row.get("name") or row.get("description") or "")
    return Word(str(row["key"]), f"{name} ({more})" if name and more else name or str(more or ""))


def _rows(section: object) -> list[dict[str, Any]]:
    """The mappings of a list that have a key."""
    rows = section if isinstance(section, list) else ()
    return [row for row in rows if isinstance(row, dict) and row.get("key")]


def _entries(path: Path) -> Iterator[Entry]:
    value = lenient_reader.value(path)
    for row in value if isinstance(value, list) else [value]:
        if isinstance(row, dict) and (at := _instant(row.get("at"))):
            known_at = _instant(row.get("recorded_at")) or at
            yield Entry(str(row.get("id") or f"{compact(at)}-{row.get('kind')}"), at, known_at, row)


def _instant(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo else None
