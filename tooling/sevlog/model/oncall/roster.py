"""oncall.yaml: people, teams, schedules and escalation policies as data. The classes are the source of its schema."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ..forms import Day, Duration, Handle, Key, ShortText
from ..hours import Hours

LocalTime = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9](:[0-9][0-9])?(Z|[+-][0-9][0-9]:[0-9][0-9])?\Z",
        description="A local time in the time zone of the schedule, such as 2026-01-05T09:00; or with an offset.",
    ),
]
DayOrTime = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9](T[0-9][0-9]:[0-9][0-9](:[0-9][0-9])?(Z|[+-][0-9][0-9]:[0-9][0-9])?)?\Z",
        description="A whole day, such as 2026-08-01, or a local time in the time zone of the person.",
    ),
]
SecretName = Annotated[
    str, Meta(pattern=r"^[A-Z][A-Z0-9_]*\Z", description="The name of an environment secret; never an address.")
]


class OnCallSection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping of oncall.yaml."""


class Person(OnCallSection, frozen=True, kw_only=True):
    """A responder. No mail addresses or phone numbers: contact points are names of secrets."""

    key: Annotated[Handle, Meta(description="The handle used in records.")]
    name: Annotated[ShortText | None, Meta(description="Their name.")] = None
    forge: Annotated[ShortText | None, Meta(description="Their handle on the forge.")] = None
    email_sha256: Annotated[
        Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")] | None,
        Meta(description="SHA-256 of their git mail address in lower case; links commits to people."),
    ] = None
    time_zone: Annotated[str | None, Meta(description="An IANA time zone.")] = None
    working_hours: Annotated[
        Hours | None, Meta(description="Their working hours in their time zone; default: mon-fri, 09:00 to 17:00.")
    ] = None
    quiet_hours: Annotated[
        tuple[Hours, ...],
        Meta(description="When they get only immediate pages, in their time zone; other pages wait until the end."),
    ] = ()
    holidays: Annotated[
        str | None, Meta(description="Their holiday calendar; default: that of their first team which has one.")
    ] = None
    contact: Annotated[tuple[SecretName, ...], Meta(description="Contact points, in the order to try them.")] = ()
    messages: Annotated[
        tuple[SecretName, ...],
        Meta(description="Contact points for what can wait, such as role cards and reminders; default: `contact`."),
    ] = ()
    until: Annotated[Day | None, Meta(description="Their last day; entries and turns after it are findings.")] = None

    @property
    def last_day(self) -> date | None:
        """Their last day; None if not set, or if the date does not exist (which is a separate finding)."""
        try:
            return date.fromisoformat(self.until) if self.until else None
        except ValueError:
            return None


class Team(OnCallSection, frozen=True, kw_only=True):
    """A team that owns components."""

    key: Annotated[Key, Meta(description="Its key.")]
    name: Annotated[ShortText | None, Meta(description="What people call it.")] = None
    members: Annotated[tuple[Handle, ...], Meta(description="Its members.")] = ()
    schedule: Annotated[Key | None, Meta(description="Its on-call schedule.")] = None
    escalation: Annotated[Key | None, Meta(description="Its escalation policy.")] = None
    holidays: Annotated[str | None, Meta(description="Its holiday calendar.")] = None


class Layer(OnCallSection, frozen=True, kw_only=True):
    """A rotation."""

    key: Annotated[Key, Meta(description="Its key.")]
    members: Annotated[tuple[Handle, ...], Meta(min_length=1, description="Who takes turns, in order.")]
    start: Annotated[LocalTime, Meta(description="The first handover; all handovers are at this time of day.")]
    rotate: Annotated[
        Literal["daily", "weekly", "monthly"],
        Meta(description="The unit of a turn; in a month without the day of `start`, the handover is on its last day."),
    ] = "weekly"
    every: Annotated[int, Meta(ge=1, le=52, description="How many units a turn lasts.")] = 1
    restrict: Annotated[tuple[Hours, ...], Meta(description="Only in these hours.")] = ()
    from_: Annotated[
        LocalTime | None, Meta(description="When the layer takes effect; turns are still counted from `start`.")
    ] = field(default=None, name="from")
    until: Annotated[
        LocalTime | None, Meta(description="When the layer ends; a changed rotation continues as another layer.")
    ] = None


class ScheduleOverride(OnCallSection, frozen=True, kw_only=True):
    """A temporary change of who is on call."""

    from_: Annotated[LocalTime, Meta(description="From.")] = field(name="from")
    to: Annotated[LocalTime, Meta(description="To.")]
    person: Annotated[Handle, Meta(description="The person on call.")]
    reason: Annotated[str | None, Meta(description="Why.")] = None


class Schedule(OnCallSection, frozen=True, kw_only=True):
    """Who is on call when. Overrides win over layers, and later layers and overrides over earlier ones."""

    key: Annotated[Key, Meta(description="Its key.")]
    name: Annotated[ShortText | None, Meta(description="What people call it.")] = None
    time_zone: Annotated[str, Meta(description="An IANA time zone, used for local times.")] = "Etc/UTC"
    layers: Annotated[tuple[Layer, ...], Meta(description="Rotations.")] = ()
    overrides: Annotated[tuple[ScheduleOverride, ...], Meta(description="Temporary changes of who is on call.")] = ()
    cover: Annotated[
        tuple[Hours, ...], Meta(description="When somebody must be on call; default: always. Other gaps are intended.")
    ] = ()
    together_with: Annotated[
        tuple[Key, ...], Meta(description="Schedules for which the same person may be on call at the same time.")
    ] = ()
    holidays: Annotated[
        str | None, Meta(description="Its holiday calendar; default: that of the first team which uses it.")
    ] = None


class TimeOff(OnCallSection, frozen=True, kw_only=True):
    """An absence, first and last day included. The turns go to the next available member of the layer."""

    person: Annotated[Handle, Meta(description="Who.")]
    from_: Annotated[DayOrTime, Meta(description="From.")] = field(name="from")
    to: Annotated[DayOrTime, Meta(description="To.")]
    reason: Annotated[str | None, Meta(description="Why.")] = None


class HolidayCalendar(OnCallSection, frozen=True, kw_only=True):
    """Public holidays, and who covers them."""

    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description="ISO 3166 country.")]
    subdivision: Annotated[str | None, Meta(description="ISO 3166-2 subdivision without the country.")] = None
    schedule: Annotated[
        Key | None, Meta(description="The schedule that applies on these days, if it has somebody on call.")
    ] = None
    days: Annotated[dict[Day, ShortText], Meta(description="Additional holidays: date -> name.")] = field(
        default_factory=dict
    )


class EscalationStep(OnCallSection, frozen=True, kw_only=True):
    """Who to notify, and how long to wait for an answer. A step that reaches nobody is skipped."""

    notify: Annotated[
        str,
        Meta(pattern=r"^(schedule|person|team):[A-Za-z0-9._-]+\Z", description="schedule:KEY, person:KEY or team:KEY."),
    ]
    wait: Annotated[
        Duration | None,
        Meta(description="How long until the next step; default: `ack_within` of the severity, or 5 minutes."),
    ] = None
    repeat: Annotated[
        Annotated[int, Meta(ge=1, le=10)] | None,
        Meta(description="How often the policy then repeats from its first step."),
    ] = None
    hours: Annotated[
        Hours | None, Meta(description="Only people who are in these hours of the week, in their time zone.")
    ] = None


class EscalationPolicy(OnCallSection, frozen=True, kw_only=True):
    """Who is paged, step by step, until someone answers."""

    key: Annotated[Key, Meta(description="Its key.")]
    name: Annotated[ShortText | None, Meta(description="What people call it.")] = None
    steps: Annotated[tuple[EscalationStep, ...], Meta(min_length=1, description="In order.")]


class OnCall(OnCallSection, frozen=True, kw_only=True):
    """oncall.yaml as written."""

    schema: Annotated[int, Meta(ge=1, description="The version of this file's format.")]
    people: Annotated[tuple[Person, ...], Meta(description="All people that records can name.")] = ()
    teams: Annotated[tuple[Team, ...], Meta(description="Teams.")] = ()
    schedules: Annotated[tuple[Schedule, ...], Meta(description="Schedules.")] = ()
    time_off: Annotated[tuple[TimeOff, ...], Meta(description="Absences.")] = ()
    holidays: Annotated[dict[str, HolidayCalendar], Meta(description="Holiday calendars.")] = field(
        default_factory=dict
    )
    escalations: Annotated[tuple[EscalationPolicy, ...], Meta(description="Escalation policies.")] = ()
    incident_manager_schedule: Annotated[
        Key | None,
        Meta(description="The schedule of incident managers; paged for major incidents, and if nobody else is."),
    ] = None

    def person(self, key: str) -> Person | None:
        """The person with this handle."""
        return next((p for p in self.people if p.key == key), None)

    def team(self, key: str | None) -> Team | None:
        """The team with this key."""
        return next((t for t in self.teams if t.key == key), None)

    def schedule(self, key: str | None) -> Schedule | None:
        """The schedule with this key."""
        return next((s for s in self.schedules if s.key == key), None)

    def escalation(self, key: str | None) -> EscalationPolicy | None:
        """The escalation policy with this key."""
        return next((e for e in self.escalations if e.key == key), None)

    def calendar_of_person(self, key: str) -> str | None:
        """The holiday calendar of a person: their own, else that of their first team with one."""
        person = self.person(key)
        own = person.holidays if person else None
        return own or next((t.holidays for t in self.teams if key in t.members and t.holidays), None)

    def calendar_of_schedule(self, key: str) -> str | None:
        """The holiday calendar of a schedule: its own, else that of the first team that uses it."""
        schedule = self.schedule(key)
        own = schedule.holidays if schedule else None
        return own or next((t.holidays for t in self.teams if t.schedule == key and t.holidays), None)
