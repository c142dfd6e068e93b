"""Opsgenie: schedules with their rotations and restrictions, and overrides."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ....model.oncall.roster import OnCall, Schedule, ScheduleOverride
from ....model.oncall.time_spans import Span
from ....stores.layout import slug
from ..saved_json import Row, SavedRow
from ..source import Quarantined, Repair, Unusable
from . import week_hours
from .batch import Keys, People, is_number, name_of, person_of, rows_of, text_of
from .rotations import Turns, Unit, lanes, layered, local, schedule

_UNITS: dict[str, Unit] = {"hourly": "hourly", "daily": "daily", "weekly": "weekly"}
_EARLIEST, _LATEST = 1970, 2200
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _Found:
    """One schedule of the source. lanes: its rotations, those of one list never at once."""

    def __init__(self, name: str, zone: str, keys: list[str], rotations: list[list[Turns]]) -> None:
        self.name, self.zone, self.keys, self.lanes = name, zone, keys, rotations
        self.overrides: list[list[ScheduleOverride]] = [[] for _ in rotations]


class Schedules:
    """Collects schedules, then overrides. lanes: id and name in lower case -> our keys. owners: team -> our key."""

    def __init__(self, here: OnCall, people: People, repairs: list[Repair], quarantined: list[Quarantined]) -> None:
        self._keys = Keys([(row.key, row.name) for row in here.schedules], "schedule")
        self._people, self._repairs, self._quarantined = people, repairs, quarantined
        self._found: dict[str, _Found] = {}
        self.lanes: dict[str, tuple[str, ...]] = {}
        self.owners: dict[str, str] = {}

    def add(self, row: SavedRow) -> None:
        """One schedule; a rotation that has no form here is left out, and the rest is kept."""
        value = row.value
        name = name_of(value.get("name"), "Schedule")
        code = text_of(value, "id") or name
        if value.get("enabled") is False:
            self._quarantined.append(Quarantined(name, "the schedule is disabled at the source", value))
            return
        if "rotations" not in value:
            self._quarantined.append(Quarantined(name, "no rotations: save /v2/schedules?expand=rotation", value))
            return
        zone = self._zone(name, text_of(value, "timezone", "timeZone"))
        rotations = []
        for rotation in rows_of(value.get("rotations")):
            try:
                rotations += layered(self._turns(name, rotation, ZoneInfo(zone)))
            except Unusable as error:
                title = f"{name} / {name_of(rotation.get('name'), 'rotation')}"
                self._quarantined.append(Quarantined(title, str(error), rotation))
        packed = lanes(rotations) or [[]]
        names = [name, *(f"{name} ({number})" for number in range(2, len(packed) + 1))]
        keys = [self._keys.of(text) for text in names]
        if len(packed) > 1:
            self._repairs.append(Repair(name, f"its rotations overlap: they are the schedules {', '.join(keys)}"))
        self._found[code.casefold()] = self._found[name.casefold()] = _Found(name, zone, keys, packed)
        self.lanes[code.casefold()] = self.lanes[name.casefold()] = tuple(keys)
        self._own(value.get("ownerTeam"), name, keys)

    def _own(self, team: object, name: str, keys: list[str]) -> None:
        words = [word.casefold() for k in ("id", "name") if isinstance(team, dict) and (word := text_of(team, k))]
        if words and any(word in self.owners for word in words):
            self._repairs.append(Repair(name, "its team has another schedule already, and a team has one here"))
            return
        self.owners.update(dict.fromkeys(words, keys[0]))

    def _zone(self, name: str, zone: str | None) -> str:
        try:
            return ZoneInfo(zone or "").key
        except (LookupError, ValueError, OSError):
            self._repairs.append(Repair(name, f"its time zone `{zone or ''}` is unknown: UTC is used"))
            return "Etc/UTC"

    def _turns(self, name: str, row: Row, zone: ZoneInfo) -> Turns:
        unit = _UNITS.get(str(row.get("type")).lower())
        if unit is None:
            raise Unusable(f"its type is `{row.get('type')}`, not daily, weekly or hourly")
        length = row.get("length", 1)
        title = name_of(row.get("name"), "rotation")
        start, end = text_of(row, "startDate"), text_of(row, "endDate")
        if start is None:
            raise Unusable("it has no startDate")
        until = wall(end, zone) if end else None
        first = wall(start, zone)
        if until is not None and until <= first:
            raise Unusable("it ends before it starts")
        key = slug(title)[:55].strip("-")
        return Turns(
            id=text_of(row, "id") or title,
            key="rotation" if key == "incident" else key,
            members=self._members(name, row),
            start=first,
            rotate=unit,
            every=length if is_number(length) else 1,
            until=until,
            week=restrictions(row.get("timeRestriction")),
        )

    def _members(self, name: str, row: Row) -> tuple[str, ...]:
        members: list[str] = []
        for participant in rows_of(row.get("participants")):
            kind = str(participant.get("type", "user")).lower()
            if kind != "user":
                what = "nobody (`none`)" if kind == "none" else f"a {kind}"
                raise Unusable(f"{what} takes turns in it: only people can in oncall.yaml")
            handle = person_of(self._people, participant)
            if handle is None:
                raise Unusable("a participant is not a known user")
            members.append(handle)
        if not members:
            raise Unusable("it has no participants")
        return tuple(members)

    def override(self, row: SavedRow) -> None:
        """One override, in each schedule that its rotations became."""
        value, user = row.value, row.value.get("user")
        parent = row.parent or value.get("schedule") or value.get("_parent")
        words = [text_of(parent, key) for key in ("id", "name")] if isinstance(parent, dict) else []
        found = next((self._found[w.casefold()] for w in words if w and w.casefold() in self._found), None)
        person = person_of(self._people, user) if isinstance(user, dict) else None
        start, end = text_of(value, "startDate"), text_of(value, "endDate")
        if found is None or person is None or start is None or end is None:
            why = "its schedule was not imported" if found is None else "its user or its times are missing"
            self._quarantined.append(Quarantined(f"override, {row.place}", why, value))
            return
        try:
            low, high = wall(start, ZoneInfo(found.zone)), wall(end, ZoneInfo(found.zone))
        except Unusable as error:
            self._quarantined.append(Quarantined(f"override, {row.place}", str(error), value))
            return
        named = {code for r in rows_of(value.get("rotations")) for k in ("id", "name") if (code := text_of(r, k))}
        written = ScheduleOverride(from_=local(low), to=local(high), person=person)
        for place, lane in enumerate(found.lanes):
            held = {turns.id for turns in lane}
            if not named or held & named:
                found.overrides[place].append(written)
                if named and held - named:
                    what = (
                        f"the override from {written.from_} is of one rotation; it replaces all of {found.keys[place]}"
                    )
                    self._repairs.append(Repair(found.name, what))

    def made(self) -> tuple[Schedule, ...]:
        """All schedules, with their overrides."""
        rows = []
        for found in dict.fromkeys(self._found.values()):
            for place, key in enumerate(found.keys):
                beside = tuple(other for other in found.keys if other != key)
                name = found.name if place == 0 else f"{found.name} ({place + 1})"
                overrides = tuple(found.overrides[place])
                rows.append(schedule(key, name, found.zone, found.lanes[place], overrides, beside))
        return tuple(rows)


def wall(text: str, zone: ZoneInfo) -> datetime:
    """A time of the API on the wall clock of a zone. Raises Unusable."""
    try:
        at = datetime.fromisoformat(text)
        local_at = at if at.tzinfo is None else at.astimezone(zone)
    except (ValueError, OverflowError):
        raise Unusable(f"`{text[:60]}` is not a time") from None
    if not _EARLIEST <= local_at.year <= _LATEST:
        raise Unusable(f"`{text[:60]}` is outside the plausible years")
    return local_at.replace(tzinfo=None, microsecond=0)


def restrictions(value: object) -> tuple[Span, ...]:
    """When a rotation applies, as spans of the week. Raises Unusable."""
    if not isinstance(value, dict):
        return ()
    kind = str(value.get("type")).lower()
    rows = rows_of(value.get("restrictions")) or rows_of([value.get("restriction")])
    if not rows:
        return ()
    if kind == "time-of-day":
        found: list[Span] = []
        for row in rows:
            start, end = _minute(row, "start"), _minute(row, "end")
            found += [(d * 1440 + start, d * 1440 + (end if end > start else end + 1440)) for d in range(7)]
        return week_hours.spans(found)
    if kind != "weekday-and-time-of-day":
        raise Unusable(f"its restriction is of the type `{value.get('type')}`")
    return week_hours.spans(_weekly(row) for row in rows)


def _weekly(row: Row) -> Span:
    days = [str(row.get(key)).lower() for key in ("startDay", "endDay")]
    if not set(days) <= set(_DAYS):
        raise Unusable("a restriction has no days of the week")
    start = _DAYS.index(days[0]) * 1440 + _minute(row, "start")
    end = _DAYS.index(days[1]) * 1440 + _minute(row, "end")
    return start, end if end > start else end + week_hours.WEEK


def _minute(row: Row, which: str) -> int:
    hour, minute = row.get(f"{which}Hour", 0), row.get(f"{which}Min", 0)
    if not is_number(hour) or not is_number(minute) or not (0 <= hour <= 24 and 0 <= minute < 60):
        raise Unusable("a restriction has an impossible time of day")
    return hour * 60 + minute
