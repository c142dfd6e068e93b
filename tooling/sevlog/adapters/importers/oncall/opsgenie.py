"""Opsgenie: users, teams, schedules, overrides and escalations, as its API or its configuration backup saved them.

The fields are those of /v2/users, /v2/teams, /v2/schedules?expand=rotation and /v2/escalations. Rows are recognized
by their fields, else by the name of their file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ....errors import UsageError
from ....model.oncall.roster import OnCall, Team
from ..saved_json import Row, SavedRow, read_saved
from ..source import Quarantined, Repair
from .batch import Keys, OnCallBatch, People, mail_free, name_of, person_of, rows_of, text_of
from .opsgenie_escalations import Escalations
from .opsgenie_schedules import Schedules

SYSTEM = "opsgenie"
NOTICES = (
    "not in these exports or not in oncall.yaml: contact methods, notification rules, routing rules, alert policies, "
    "integrations, heartbeats; give people a `contact`, which names secrets",
    "in Opsgenie all rotations of a schedule that cover an instant are on call; here rotations that overlap became "
    "schedules of their own (`KEY-2` …), and escalation steps page them one second apart",
    "handovers stay at the same time of day of the schedule when clocks change",
)
_KINDS = ("override", "schedule", "escalation", "team", "user")


def open_opsgenie(source: Path, here: OnCall) -> OnCallBatch:
    """What a file, folder or zip file has, with the handles and keys of `here`. Raises NotFound or UsageError."""
    rows, bad = read_saved(source)
    kinds: dict[str, list[SavedRow]] = {kind: [] for kind in _KINDS}
    for row in rows:
        kind = _kind(row)
        if kind is None:
            # Without its content: a backup has integrations too, with their API keys, and the report is committed.
            bad.append(Quarantined(row.place, "it is not a user, team, schedule, override or escalation"))
        else:
            kinds[kind].append(row)
    if not any(kinds.values()):
        raise UsageError(
            f"{source} contains nothing of Opsgenie",
            "save the answers of /v2/users, /v2/teams/ID, /v2/schedules?expand=rotation and /v2/escalations as .json",
        )
    return _Import(here, kinds, bad).batch(str(source))


def _kind(row: SavedRow) -> str | None:
    value = row.value
    if "rules" in value or "repeat" in value:
        return "escalation"
    if "rotations" in value and "user" in value:
        return "override"
    if "alias" in value and "user" in value and "startDate" in value:
        return "override"
    if "rotations" in value or "timezone" in value:
        return "schedule"
    if "username" in value:
        return "user"
    if isinstance(value.get("members"), list):
        return "team"
    return next((kind for kind in _KINDS if kind in row.hint and text_of(value, "name")), None)


class _Import:
    """One import: people first, because all else names them."""

    def __init__(self, here: OnCall, kinds: dict[str, list[SavedRow]], bad: list[Quarantined]) -> None:
        self.here, self.kinds, self.quarantined = here, kinds, bad
        self.repairs: list[Repair] = []
        self.people = People(here)

    def batch(self, label: str) -> OnCallBatch:
        """Everything, in the order people, schedules, teams, escalations."""
        for row in self.kinds["user"]:
            self._user(row)
        team_keys = self._team_keys()
        schedules = Schedules(self.here, self.people, self.repairs, self.quarantined)
        for row in _once(self.kinds["schedule"]):
            schedules.add(row)
        for row in self.kinds["override"]:
            schedules.override(row)
        made = schedules.made()
        escalations = Escalations(self.here, self.people, schedules.lanes, team_keys, self.repairs, self.quarantined)
        policies = [policy for row in _once(self.kinds["escalation"]) if (policy := escalations.policy(row))]
        teams = tuple(self._teams(team_keys, schedules.owners, escalations.owners))
        oncall = OnCall(
            schema=1, people=tuple(self.people.rows.values()), teams=teams, schedules=made, escalations=tuple(policies)
        )
        return OnCallBatch(
            system=SYSTEM,
            label=label,
            oncall=oncall,
            repairs=tuple(self.repairs),
            quarantined=tuple(self.quarantined),
            notices=NOTICES,
        )

    def _user(self, row: SavedRow) -> None:
        value = row.value
        mail = text_of(value, "username")
        if mail is None:
            self.quarantined.append(Quarantined(row.place, "a user without a username", value))
            return
        if value.get("blocked") is True:
            self.repairs.append(Repair(mail_free(mail), "the user is blocked at the source; imported as a person"))
        zone = text_of(value, "timeZone", "timezone")
        self.people.add((value.get("id"), mail), mail, name_of(value.get("fullName"), "") or None, zone)

    def _team_keys(self) -> dict[str, str]:
        """Id and name of each team in lower case -> its key."""
        keys = Keys([(team.key, team.name) for team in self.here.teams], "team")
        found: dict[str, str] = {}
        for row in _once(self.kinds["team"]):
            name = name_of(row.value.get("name"), "Team")
            key = keys.of(name)
            for word in (text_of(row.value, "id"), name):
                if word:
                    found.setdefault(word.casefold(), key)
        return found

    def _teams(self, keys: dict[str, str], schedules: dict[str, str], policies: dict[str, str]) -> Iterator[Team]:
        done: set[str] = set()
        for row in _once(self.kinds["team"]):
            name = name_of(row.value.get("name"), "Team")
            words = [word.casefold() for word in (text_of(row.value, "id"), name) if word]
            key = next(keys[word] for word in words)
            if key in done:
                continue
            done.add(key)
            if "members" not in row.value:
                self.repairs.append(Repair(name, "the list of teams has no members: save /v2/teams/ID of each team"))
            members = [self._member(name, member) for member in rows_of(row.value.get("members"))]
            yield Team(
                key=key,
                name=name,
                members=tuple(dict.fromkeys(member for member in members if member)),
                schedule=next((schedules[word] for word in words if word in schedules), None),
                escalation=next((policies[word] for word in words if word in policies), None),
            )

    def _member(self, team: str, row: Row) -> str | None:
        user = row.get("user")
        person = person_of(self.people, user if isinstance(user, dict) else row)
        if person is None:
            self.quarantined.append(Quarantined(team, "a member of the team is not a known user", row))
        return person


def _once(rows: list[SavedRow]) -> list[SavedRow]:
    """Each object once, the fullest one: a list of teams has less than the answer for one of them."""
    found: dict[str, SavedRow] = {}
    for row in rows:
        code = text_of(row.value, "id", "name") or row.place
        if code not in found or len(row.value) > len(found[code].value):
            found[code] = row
    return list(found.values())
