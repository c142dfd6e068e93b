"""Grafana OnCall: users, teams, schedules with their shifts, and escalation chains, as its API saved them.

The fields are those of /api/v1/users, teams, schedules, on_call_shifts, escalation_chains and escalation_policies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ....errors import UsageError
from ....model.oncall.roster import OnCall, Schedule, ScheduleOverride, Team
from ..saved_json import Row, SavedRow, read_saved
from ..source import Quarantined, Repair, Unusable
from .batch import Keys, OnCallBatch, People, is_number, name_of, text_of
from .grafana_chains import chains
from .grafana_shifts import event, rotations
from .rotations import Turns, lanes, local, schedule

SYSTEM = "grafana-oncall"
NOTICES = (
    "not in these exports or not in oncall.yaml: contact methods, personal notification rules, routes, integrations, "
    "chat channels, shift swaps, members of teams; give people a `contact`, which names secrets",
    "shifts of one level that overlap became schedules of their own (`KEY-2` …); a higher level wins in each of them",
    "handovers stay at the same time of day of the schedule when clocks change",
)
_SHIFTS = ("single_event", "recurrent_event", "rolling_users", "override")
_KINDS = ("policy", "shift", "schedule", "user", "team", "chain")


def open_grafana(source: Path, here: OnCall) -> OnCallBatch:
    """What a file, folder or zip file has, with the handles and keys of `here`. Raises NotFound or UsageError."""
    rows, bad = read_saved(source)
    kinds: dict[str, dict[str, Row]] = {kind: {} for kind in _KINDS}
    for row in rows:
        kind, code = _kind(row), text_of(row.value, "id")
        if kind is None or code is None:
            reason = "it is not a user, team, schedule, shift, escalation chain or policy"
            bad.append(Quarantined(row.place, reason))  # without its content: it may have tokens
        else:
            kinds[kind].setdefault(code, row.value)
    if not any(kinds.values()):
        raise UsageError(
            f"{source} contains nothing of Grafana OnCall",
            "save the answers of /api/v1/users, teams, schedules, on_call_shifts, escalation_chains and "
            "escalation_policies as .json",
        )
    return _Import(here, kinds, bad).batch(str(source))


def _kind(row: SavedRow) -> str | None:
    value = row.value
    if "escalation_chain_id" in value and "type" in value:
        return "policy"
    if value.get("type") in _SHIFTS and "duration" in value:
        return "shift"
    if value.get("type") in ("ical", "calendar", "web"):
        return "schedule"
    if "username" in value:
        return "user"
    if "avatar_url" in value or "team" in row.hint:
        return "team"
    return "chain" if "name" in value and ("team_id" in value or "chain" in row.hint) else None


def _public(row: Row) -> Row:
    """A row without addresses of calendars, which let anybody read them."""
    return {key: value for key, value in row.items() if not key.startswith("ical_url")}


class _Import:
    def __init__(self, here: OnCall, kinds: dict[str, dict[str, Row]], bad: list[Quarantined]) -> None:
        self.here, self.kinds, self.quarantined = here, kinds, bad
        self.repairs: list[Repair] = []
        self.people = People(here)
        self.lanes: dict[str, tuple[str, ...]] = {}
        self._keys = Keys([(row.key, row.name) for row in here.schedules], "schedule")

    def batch(self, label: str) -> OnCallBatch:
        """Everything, in the order people, schedules, teams, escalations."""
        for code, row in self.kinds["user"].items():
            name, mail = text_of(row, "username"), text_of(row, "email")
            mail = mail or (name if name and "@" in name else None)
            full = text_of(row, "name") or (name if name and "@" not in name else None)
            self.people.add((code,), mail, name_of(full, "") or None, text_of(row, "timezone", "time_zone"))
        schedules = [made for code, row in self.kinds["schedule"].items() for made in self._schedules(code, row)]
        keys = Keys([(team.key, team.name) for team in self.here.teams], "team")
        teams = {code: keys.of(name_of(row.get("name"), "Team")) for code, row in self.kinds["team"].items()}
        policies, owned = chains(self.here, self.kinds, self.people, self.lanes, teams, self.repairs, self.quarantined)
        first = {
            str(row.get("team_id")): self.lanes[code][0]
            for code, row in reversed(self.kinds["schedule"].items())
            if code in self.lanes
        }
        oncall = OnCall(
            schema=1,
            people=tuple(self.people.rows.values()),
            teams=tuple(
                Team(
                    key=key,
                    name=name_of(self.kinds["team"][code].get("name"), "Team"),
                    schedule=first.get(code),
                    escalation=owned.get(code),
                )
                for code, key in teams.items()
            ),
            schedules=tuple(schedules),
            escalations=policies,
        )
        return OnCallBatch(
            system=SYSTEM,
            label=label,
            oncall=oncall,
            repairs=tuple(self.repairs),
            quarantined=tuple(self.quarantined),
            notices=NOTICES,
        )

    def _schedules(self, code: str, row: Row) -> Iterator[Schedule]:
        name = name_of(row.get("name"), "Schedule")
        if row.get("type") == "ical":
            reason = "its shifts are in a calendar elsewhere: make layers of them by hand"
            self.quarantined.append(Quarantined(name, reason, _public(row)))
            return
        if row.get("ical_url_overrides"):
            self.repairs.append(Repair(name, "overrides in its calendar elsewhere are not imported"))
        listed = row.get("shifts")
        shifts = []
        for number in listed if isinstance(listed, list) else []:
            found = self.kinds["shift"].get(number) if isinstance(number, str) else None
            if found is None:
                self.quarantined.append(Quarantined(name, "one of its shifts is not in the export", str(number)))
            else:
                shifts.append(found)
        zone = self._zone(name, row, shifts)
        by_level, overrides = self._read(name, zone, row, shifts)
        arranged = _arranged(by_level)
        names = [name, *(f"{name} ({number})" for number in range(2, len(arranged) + 1))]
        keys = tuple(self._keys.of(text) for text in names)
        if len(keys) > 1:
            self.repairs.append(Repair(name, f"its shifts overlap: they are the schedules {', '.join(keys)}"))
        self.lanes[code] = keys
        for key, title, lane in zip(keys, names, arranged, strict=True):
            beside = tuple(other for other in keys if other != key)
            yield schedule(key, title, zone, lane, tuple(overrides), beside)

    def _zone(self, name: str, row: Row, shifts: list[Row]) -> str:
        """The zone that most shifts have; their own wins over that of the schedule."""
        own = text_of(row, "time_zone")
        named = Counter(text_of(shift, "time_zone") or own or "UTC" for shift in shifts)
        chosen = max(named, key=lambda zone: named[zone]) if named else own or "UTC"
        try:
            return ZoneInfo(chosen).key
        except (LookupError, ValueError, OSError):
            self.repairs.append(Repair(name, f"its time zone `{chosen[:60]}` is unknown: UTC is used"))
            return "Etc/UTC"

    def _read(
        self, name: str, zone: str, row: Row, shifts: list[Row]
    ) -> tuple[dict[int, list[Turns]], list[ScheduleOverride]]:
        by_level: dict[int, list[Turns]] = {}
        overrides: list[ScheduleOverride] = []
        for shift in shifts:
            title = f"{name} / {name_of(shift.get('name'), 'shift')}"
            try:
                found = event(shift, ZoneInfo(zone), self.people.handle)
                if (text_of(shift, "time_zone") or text_of(row, "time_zone") or zone) != zone:
                    raise Unusable(f"its time zone is {shift.get('time_zone')}, and a schedule has one ({zone})")
                if shift.get("type") == "override":
                    end = local(found.start + timedelta(minutes=found.minutes))
                    if len(found.groups[0]) > 1:
                        self.repairs.append(Repair(title, "several people override together; here the first of them"))
                    person = found.groups[0][0]
                    overrides.append(ScheduleOverride(from_=local(found.start), to=end, person=person))
                    continue
                turns = rotations(found)
            except Unusable as error:
                self.quarantined.append(Quarantined(title, str(error), shift))
                continue
            if found.until:
                self.repairs.append(Repair(title, "it ends at `until`, also within a shift"))
            level = shift.get("level")
            by_level.setdefault(level if is_number(level) else 0, []).extend(turns)
        return by_level, overrides


def _arranged(by_level: dict[int, list[Turns]]) -> list[list[Turns]]:
    """The layers of each schedule. All have all levels, so that a higher one wins; each has its own part on top."""
    packed = {level: lanes(found) for level, found in sorted(by_level.items())}
    count = max((len(found) for found in packed.values()), default=1)
    arranged = []
    for place in range(count):
        layers: list[Turns] = []
        for found in packed.values():
            mine = place if place < len(found) else 0
            layers += [turns for number, lane in enumerate(found) if number != mine for turns in lane]
            layers += found[mine]
        arranged.append(layers)
    return arranged
