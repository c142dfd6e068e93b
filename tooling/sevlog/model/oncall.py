"""oncall.yaml: people, teams, rotas and escalation policies as data. The classes are the source of its schema."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from .forms import Duration, Handle, Key, ShortText

LocalTime = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9](:[0-9][0-9])?(Z|[+-][0-9][0-9]:[0-9][0-9])?\Z",
        description="A wall-clock time of the schedule's zone, such as 2026-01-05T09:00; with an offset, that instant.",
    ),
]
DayOrTime = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9](T[0-9][0-9]:[0-9][0-9](:[0-9][0-9])?(Z|[+-][0-9][0-9]:[0-9][0-9])?)?\Z",
        description="A whole day, such as 2026-08-01, or a wall-clock time of the person's zone.",
    ),
]
Clock = Annotated[
    str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z|^24:00\Z", description="A time of day, such as 09:00.")
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Weekdays = Annotated[
    str,
    Meta(
        pattern=r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?"
        r"(,(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?)*\Z",
        description="Days such as mon-fri or sat,sun.",
    ),
]
SecretName = Annotated[
    str, Meta(pattern=r"^[A-Z][A-Z0-9_]*\Z", description="The name of an environment secret; never an address.")
]


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping of oncall.yaml."""


class Hours(Plan, frozen=True, kw_only=True):
    """Hours of the week, by the wall clock."""

    days: Annotated[Weekdays, Meta(description="On these days.")] = "mon-sun"
    from_: Annotated[Clock, Meta(description="From this time.")] = field(default="00:00", name="from")
    to: Annotated[Clock, Meta(description="To this time; earlier than `from` means the next day.")] = "24:00"


class Person(Plan, frozen=True, kw_only=True):
    """Someone who responds. No mail address and no phone number: contact points are names of secrets."""

    key: Annotated[Handle, Meta(description="The handle that records use.")]
    name: Annotated[ShortText | None, Meta(description="What to call them.")] = None
    forge: Annotated[ShortText | None, Meta(description="Their handle at the forge.")] = None
    email_sha256: Annotated[
        Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")] | None,
        Meta(description="SHA-256 of their git mail address in lower case; ties commits to people."),
    ] = None
    time_zone: Annotated[str | None, Meta(description="An IANA zone.")] = None
    working_hours: Annotated[Hours | None, Meta(description="When they work.")] = None
    contact: Annotated[tuple[SecretName, ...], Meta(description="Contact points, in the order to try them.")] = ()


class Team(Plan, frozen=True, kw_only=True):
    """A team that owns components."""

    key: Annotated[Key, Meta(description="Its key.")]
    name: Annotated[ShortText | None, Meta(description="What people call it.")] = None
    members: Annotated[tuple[Handle, ...], Meta(description="Its people.")] = ()
    schedule: Annotated[Key | None, Meta(description="Its on-call schedule.")] = None
    escalation: Annotated[Key | None, Meta(description="Its escalation policy.")] = None
    holidays: Annotated[str | None, Meta(description="Its holiday calendar.")] = None


class Layer(Plan, frozen=True, kw_only=True):
    """A rotation."""

    key: Annotated[Key, Meta(description="Its key.")]
    members: Annotated[tuple[Handle, ...], Meta(min_length=1, description="Who takes turns, in order.")]
    start: Annotated[LocalTime, Meta(description="The first hand-over.")]
    rotate: Annotated[Literal["daily", "weekly"], Meta(description="The unit of a turn.")] = "weekly"
    every: Annotated[int, Meta(ge=1, le=52, description="How many units a turn lasts.")] = 1
    restrict: Annotated[tuple[Hours, ...], Meta(description="Only in these hours.")] = ()
    until: Annotated[LocalTime | None, Meta(description="The last hand-over.")] = None


class ScheduleOverride(Plan, frozen=True, kw_only=True):
    """Someone stands in."""

    from_: Annotated[LocalTime, Meta(description="From.")] = field(name="from")
    to: Annotated[LocalTime, Meta(description="To.")]
    person: Annotated[Handle, Meta(description="Who stands in.")]
    reason: Annotated[str | None, Meta(description="Why.")] = None


class Schedule(Plan, frozen=True, kw_only=True):
    """Who is on call when. Later layers win where they cover; overrides win over all."""

    key: Annotated[Key, Meta(description="Its key.")]
    name: Annotated[ShortText | None, Meta(description="What people call it.")] = None
    time_zone: Annotated[str, Meta(description="An IANA zone; local times are its wall clock.")] = "Etc/UTC"
    layers: Annotated[tuple[Layer, ...], Meta(description="Rotations.")] = ()
    overrides: Annotated[tuple[ScheduleOverride, ...], Meta(description="Stand-ins.")] = ()


class TimeOff(Plan, frozen=True, kw_only=True):
    """Someone is away, first and last day included."""

    person: Annotated[Handle, Meta(description="Who.")]
    from_: Annotated[DayOrTime, Meta(description="From.")] = field(name="from")
    to: Annotated[DayOrTime, Meta(description="To.")]
    reason: Annotated[str | None, Meta(description="Why.")] = None


class HolidayCalendar(Plan, frozen=True, kw_only=True):
    """Public holidays, and who covers them."""

    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description="ISO 3166 country.")]
    subdivision: Annotated[str | None, Meta(description="ISO 3166-2 subdivision without the country.")] = None
    schedule: Annotated[Key | None, Meta(description="The schedule that holds on these days.")] = None


class EscalationStep(Plan, frozen=True, kw_only=True):
    """Whom to notify, and how long to wait for an answer."""

    notify: Annotated[
        str,
        Meta(pattern=r"^(schedule|person|team):[A-Za-z0-9._-]+\Z", description="schedule:KEY, person:KEY or team:KEY."),
    ]
    wait: Annotated[Duration | None, Meta(description="How long until the next step.")] = None
    repeat: Annotated[Annotated[int, Meta(ge=1, le=10)] | None, Meta(description="How often the policy repeats.")] = (
        None
    )
    hours: Annotated[Hours | None, Meta(description="Only in these hours of the person paged.")] = None


class EscalationPolicy(Plan, frozen=True, kw_only=True):
    """Who is paged, step by step, until someone answers."""

    key: Annotated[Key, Meta(description="Its key.")]
    name: Annotated[ShortText | None, Meta(description="What people call it.")] = None
    steps: Annotated[tuple[EscalationStep, ...], Meta(min_length=1, description="In order.")]


class OnCall(Plan, frozen=True, kw_only=True):
    """oncall.yaml as written."""

    schema: Annotated[int, Meta(ge=1, description="The version of this file's format.")]
    people: Annotated[tuple[Person, ...], Meta(description="Everyone that records may name.")] = ()
    teams: Annotated[tuple[Team, ...], Meta(description="Teams.")] = ()
    schedules: Annotated[tuple[Schedule, ...], Meta(description="Schedules.")] = ()
    time_off: Annotated[tuple[TimeOff, ...], Meta(description="Who is away.")] = ()
    holidays: Annotated[dict[str, HolidayCalendar], Meta(description="Holiday calendars.")] = field(
        default_factory=dict
    )
    escalations: Annotated[tuple[EscalationPolicy, ...], Meta(description="Escalation policies.")] = ()
    incident_manager_schedule: Annotated[Key | None, Meta(description="The rota of incident managers.")] = None

    def person(self, key: str) -> Person | None:
        """The person with this handle."""
        return next((p for p in self.people if p.key == key), None)
