"""Gathers documents of one Statuspage, in any mixture and from any number of captures, into one source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from ....errors import UsageError
from ....model.vocabulary import FINAL_PHASES, IMPACTS
from ..source import (
    Quarantined,
    Repair,
    Source,
    SourceComponent,
    SourceGroup,
    SourceIncident,
    SourcePage,
    Unusable,
    identifier,
)
from . import archive as statuspage_archive
from . import importer as statuspage_importer
from .page import read_components, read_page

Row = Mapping[str, Any]


class Gathered:
    """Everything that was found so far. Of several captures of one thing the newest counts."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.pages: list[Row] = []
        self.lists: list[tuple[str, Sequence[object]]] = []
        self.captures: dict[str, list[Row]] = {}
        self.others: dict[str, SourceIncident] = {}
        self.quarantined: list[Quarantined] = []
        self.notices: dict[str, None] = {}
        self.feed_page: SourcePage | None = None

    def add_document(self, value: object, place: str) -> None:
        """A JSON document: one of the eight of the API, a single incident, or a list of incidents."""
        if isinstance(value, Sequence) and not isinstance(value, str):
            for number, row in enumerate(value, 1):
                self.add_row(row, f"{place}, item {number}")
        elif isinstance(value, Mapping):
            known = self._add_parts(value, place)
            if _is_incident(value) or not known:
                self.add_row(value, place)
        else:
            self.quarantined.append(Quarantined(place, "it is neither an object nor a list", value))

    def _add_parts(self, value: Row, place: str) -> bool:
        page = value.get("page")
        parts = [name for name in ("incidents", "scheduled_maintenances") if isinstance(value.get(name), list)]
        if isinstance(page, Mapping):
            self.pages.append(page)
            if isinstance(value.get("components"), list) and not _is_incident(value):
                self.lists.append((str(page.get("updated_at") or ""), value["components"]))
        for name in parts:
            for number, row in enumerate(value[name], 1):
                self.add_row(row, f"{place}, {name} {number}")
        return bool(parts) or isinstance(page, Mapping)

    def add_row(self, row: object, place: str) -> None:
        """One incident, as the API or as an archive of the feed has it. What is neither goes into quarantine."""
        if isinstance(row, Mapping) and statuspage_archive.is_archived(row):
            self._add_archived(row, place)
        elif isinstance(row, Mapping) and identifier(row.get("id")):
            self.captures.setdefault(row["id"], []).append(row)
        else:
            reason = "it has no usable id" if isinstance(row, Mapping) else "it is not an object"
            self.quarantined.append(Quarantined(place, reason, row))

    def _add_archived(self, row: Row, place: str) -> None:
        try:
            self.add_incident(statuspage_archive.read_archived(row))
            self.notices.update(dict.fromkeys(statuspage_archive.NOTICES))
        except Unusable as error:
            self.quarantined.append(Quarantined(identifier(row.get("id")) or place, str(error), row))

    def add_incident(self, incident: SourceIncident) -> None:
        """An incident read from something poorer than the API; of two readings each gives what it has more of."""
        other = self.others.get(incident.id)
        if other is not None:
            poorer, richer = sorted((other, incident), key=lambda i: (i.impact is not None, bool(i.states)))
            longer = max((richer, poorer), key=lambda i: len(i.updates))
            incident = replace(richer, updates=longer.updates)
        self.others[incident.id] = incident

    def source(self) -> Source:
        """All of it. Raises UsageError where the documents are of more than one page."""
        page = self._page()
        components, groups, former = self._components()
        incidents, repairs = self._incidents({c.name.casefold(): c.code for c in (*former, *components)})
        return Source(
            system=statuspage_importer.SYSTEM,
            label=self.label,
            incidents=tuple(incidents),
            page=page,
            groups=groups,
            components=components,
            catalogue=bool(self.lists),
            former=former,
            repairs=repairs,
            quarantined=tuple(self.quarantined),
            notices=(*self.notices, *self._unexplained(incidents)),
        )

    def _page(self) -> SourcePage | None:
        rows = [row for found in self.captures.values() for row in found]
        ids = {str(row.get("id")) for row in self.pages} | {str(r["page_id"]) for r in rows if r.get("page_id")}
        if len(ids) > 1:
            names = {str(p.get("id")): str(p.get("name") or p.get("id")) for p in self.pages}
            raise UsageError(
                f"{self.label} holds documents of {len(ids)} pages: {', '.join(names.get(i, i) for i in sorted(ids))}",
                "import each page separately: put its documents into a separate folder",
            )
        if not self.pages:
            return self.feed_page
        return read_page(max(self.pages, key=lambda row: str(row.get("updated_at") or "")))

    def _incidents(self, codes: dict[str, str]) -> tuple[list[SourceIncident], tuple[Repair, ...]]:
        """The incidents by time, with repairs from merging; known names of components become codes."""
        found: list[SourceIncident] = []
        repairs: list[Repair] = []
        for code, captures in self.captures.items():
            row, mended = _newest(captures)
            repairs += [Repair(code, what) for what in mended]
            try:
                found.append(statuspage_importer.read_incident(row))
            except Unusable as error:
                self.quarantined.append(Quarantined(code, str(error), row))
        for code, incident in self.others.items():
            if code not in self.captures:
                states = {codes.get(name.casefold(), name): state for name, state in (incident.states or {}).items()}
                found.append(replace(incident, states=states or None))
        found.sort(key=lambda incident: (incident.updates[0].at, incident.id))
        return found, tuple(repairs)

    def _unexplained(self, incidents: list[SourceIncident]) -> Iterator[str]:
        """Components whose state in the newest list no open incident explains: ours come from incidents alone."""
        held: dict[str, set[str]] = {}
        for incident in incidents:
            if incident.over_at is None and incident.updates[-1].phase not in FINAL_PHASES:
                last = {code: state for update in incident.updates for code, state in (update.states or {}).items()}
                for name, said in last.items():
                    held.setdefault(name, set()).add(said)
        _, rows = max(self.lists, key=lambda entry: entry[0], default=("", ()))
        for row in rows:
            if isinstance(row, Mapping) and not row.get("group") and row.get("status") in IMPACTS[1:]:
                code, state = identifier(row.get("id")), row["status"]
                if code and state not in held.get(code, ()):
                    yield f"component `{row.get('name')}` is `{state}` there without an open incident: not imported"

    def _components(self) -> tuple[tuple[SourceComponent, ...], tuple[SourceGroup, ...], tuple[SourceComponent, ...]]:
        """Those of the newest list, its groups, and those that only older lists or incidents know."""
        known: dict[str, object] = {}
        for _, rows in sorted(self.lists, key=lambda entry: entry[0]):
            known |= {row["id"]: row for row in rows if isinstance(row, Mapping) and identifier(row.get("id"))}
        for captures in self.captures.values():
            for capture in captures:
                named = capture.get("components")
                for row in named if isinstance(named, list) else []:
                    if isinstance(row, Mapping) and identifier(row.get("id")):
                        known.setdefault(row["id"], row)
        if not self.lists:
            components, groups = read_components(list(known.values()))
            return components, groups, ()
        components, groups = read_components(max(self.lists, key=lambda entry: entry[0])[1])
        listed = {c.code for c in components} | {g.code for g in groups}
        former, _ = read_components([row for code, row in known.items() if code not in listed])
        return components, groups, former


def _is_incident(value: Row) -> bool:
    return "incident_updates" in value or statuspage_archive.is_archived(value)


def _newest(captures: list[Row]) -> tuple[Row, list[str]]:
    """The newest capture of an incident; an update that only an older one has is kept, with a repair that says so."""
    captures = sorted(captures, key=lambda row: str(row.get("updated_at") or ""))
    newest = dict(captures[-1])
    rows = newest.get("incident_updates")
    if len(captures) == 1 or not isinstance(rows, list):
        return newest, []
    have = {row.get("id") for row in rows if isinstance(row, Mapping)}
    repairs = []
    for older in reversed(captures[:-1]):
        for row in older.get("incident_updates") or []:
            if isinstance(row, Mapping) and row.get("id") not in have:
                have.add(row.get("id"))
                rows = [*rows, row]
                repairs.append(f"update {row.get('id')} is in an older capture only: kept")
    newest["incident_updates"] = rows
    return newest, repairs
