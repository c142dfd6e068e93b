"""The JSON documents of `sevlog oncall` (cli.md, JSON). The classes are the source of schemas/cli/."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

"""The version of the documents."""


class Stretch(Struct, kw_only=True):
    """A time during which the same people, or nobody, are on call."""

    people: list[str]
    schedule: Annotated[str | None, Meta(description="null where a step of a policy names them.")]
    layer: Annotated[str | None, Meta(description="The layer of the schedule; null for an override.")]
    since: Annotated[datetime | None, Meta(description="null where it began years ago.")]
    until: Annotated[
        datetime | None, Meta(description="When somebody else, or nobody, is on call; null if not for years.")
    ]
    override: Annotated[bool, Meta(description="Whether they are on call through an override.")] = False
    reason: Annotated[str | None, Meta(description="The reason of the override.")] = None
    instead_of: Annotated[str | None, Meta(description="Whose turn it is, who is away.")] = None
    holiday: Annotated[str | None, Meta(description="The holiday that hands over to another schedule.")] = None
    step: Annotated[str | None, Meta(description="The step of the policy that reaches them, nobody being on call.")] = (
        None
    )


class Who(Struct, kw_only=True):
    """`sevlog oncall who --json`. The top says what holds at `at`; `stretches` has all of a day or of all schedules."""

    schema: str
    at: datetime
    component: str | None
    team: str | None
    people: list[str]
    schedule: str | None
    layer: str | None
    until: datetime | None
    stretches: Annotated[list[Stretch], Meta(description="One; of a day all; of no schedule named one of each.")]
    commit: Annotated[str | None, Meta(description="The commit whose files answer; null for the files as they are.")]
    committed_at: datetime | None
    time_zone: str
    warnings: Annotated[list[str], Meta(description="Schedules for which nobody is on call, and until when.")]
    hints: Annotated[list[str], Meta(description="For each warning the command that covers the gap.")]


class HandOver(Struct, kw_only=True):
    """Somebody takes over."""

    at: datetime
    schedule: str
    before: Annotated[str | None, Meta(description="Who was on call; null for nobody.")]
    person: Annotated[str | None, Meta(description="Who is from now on; null for nobody.")]
    until: datetime | None
    layer: str | None
    override: bool
    reason: str | None
    instead_of: str | None
    holiday: str | None
    time_zone: str


class Coming(Struct, kw_only=True):
    """`sevlog oncall next --json`."""

    schema: str
    since: datetime
    until: datetime
    person: str | None
    schedule: str | None
    handovers: list[HandOver]
    time_zone: Annotated[str | None, Meta(description="The zone of the person asked about; null where there is none.")]


class SimulatedStep(Struct, kw_only=True):
    """A step of a chain, if nobody acknowledges before."""

    at: datetime
    after: Annotated[float, Meta(description="Seconds since the start.")]
    track: Annotated[str, Meta(description="responders, or incident_managers for a major or where nobody owns it.")]
    policy: str
    number: Annotated[int, Meta(description="The place of the step in its policy, from 1.")]
    round: Annotated[int, Meta(description="How many times the policy has begun.")]
    notify: str
    people: list[str]
    contact: Annotated[dict[str, list[str]], Meta(description="Person -> names of secrets, in the order to try them.")]
    passed_over: Annotated[str | None, Meta(description="Why nobody is paged; null where somebody is.")]
    waited: Annotated[bool, Meta(description="Whether it waited for working hours.")]


class Simulated(Struct, kw_only=True):
    """`sevlog oncall simulate --json`."""

    schema: str
    at: datetime
    component: str
    severity: str | None
    team: str | None
    steps: list[SimulatedStep]
    silent: Annotated[str | None, Meta(description="Why nobody is paged at all; null where somebody is.")]
    commit: str | None
    committed_at: datetime | None
    time_zone: str


class StandIn(Struct, kw_only=True):
    """An override that was written."""

    person: str
    since: datetime
    until: datetime
    instead_of: Annotated[list[str], Meta(description="Who was on call before.")]


class Overridden(Struct, kw_only=True):
    """`sevlog oncall override --json`."""

    schema: str
    schedule: str
    overrides: list[StandIn]
    commit: Annotated[str | None, Meta(description="null with --dry-run and --no-commit.")]
    pushed: Annotated[bool | None, Meta(description="null where no push was tried.")]
    dry_run: bool
    files: Annotated[dict[str, str], Meta(description="With --dry-run: path -> text.")]
    diff: Annotated[str, Meta(description="What changes in the file.")]
    message: Annotated[str, Meta(description="The commit's message.")]
    warnings: list[str]
    hints: list[str]
    time_zone: str


class Exported(Struct, kw_only=True):
    """`sevlog oncall ics --json`."""

    schema: str
    events: int
    out: Annotated[str | None, Meta(description="The file that was written; null where the text is in `text`.")]
    text: str | None


class LoadRow(Struct, kw_only=True):
    """The pages of one person in one week."""

    person: str
    week: Annotated[str, Meta(description="ISO week, such as 2026-W43, by the clock of the status page.")]
    since: datetime
    until: datetime
    pages: Annotated[int, Meta(description="Pages that reached them, without those that were grouped.")]
    at_night: Annotated[int, Meta(description="Of these, from 22:00 to 07:00 in their time zone.")]
    outside_hours: Annotated[int, Meta(description="Of these, outside their working hours.")]
    grouped: Annotated[int, Meta(description="Pages without a message of their own.")]
    hours_on_call: Annotated[float, Meta(description="So far, in the current week.")]
    incidents: Annotated[int, Meta(description="Incidents for which they were paged.")]
    acknowledged: Annotated[int, Meta(description="Pages that they answered themselves.")]
    median_seconds_to_ack: float | None
    over_budget: bool


class PageLoad(Struct, kw_only=True):
    """`sevlog oncall load --json`."""

    schema: str
    since: datetime
    until: datetime
    budget: Annotated[int, Meta(description="Pages per person and week: `policies.page.budget`.")]
    time_zone: str
    rows: list[LoadRow]
