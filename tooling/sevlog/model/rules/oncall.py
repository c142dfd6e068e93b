"""Rules for oncall.yaml that need no calendar: valid dates and times, valid periods, known calendars.

They run with every `sevlog check`; rules that look ahead are in model/rules/oncall_audit.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import InvalidRecord
from ..config.settings import Config
from ..oncall import schedule_clock
from ..oncall.roster import Layer, OnCall, Schedule
from ..problem import Problem
from .known_names import Names, unknown

ONCALL = "oncall.yaml"


def times(_: Config, oncall: OnCall, __: Names) -> Iterator[Problem]:
    """Every date and time exists."""
    for pointer, text in _written(oncall):
        try:
            schedule_clock.written(text)
        except ValueError:
            yield _found(
                "wrong_day", f"date or time does not exist: {text}", pointer, "use a time such as 2026-01-05T09:00"
            )


def _written(oncall: OnCall) -> Iterator[tuple[str, str]]:
    """Pointer and text of every day and time of the file."""
    for place, schedule in enumerate(oncall.schedules):
        for number, layer in enumerate(schedule.layers):
            at = f"/schedules/{place}/layers/{number}"
            for key, text in (("start", layer.start), ("from", layer.from_), ("until", layer.until)):
                if text is not None:
                    yield f"{at}/{key}", text
        for number, row in enumerate(schedule.overrides):
            yield f"/schedules/{place}/overrides/{number}/from", row.from_
            yield f"/schedules/{place}/overrides/{number}/to", row.to
    for place, person in enumerate(oncall.people):
        if person.until is not None:
            yield f"/people/{place}/until", person.until
    for place, absence in enumerate(oncall.time_off):
        yield f"/time_off/{place}/from", absence.from_
        yield f"/time_off/{place}/to", absence.to
    for key, calendar in oncall.holidays.items():
        for day in calendar.days:
            yield f"/holidays/{key}/days/{day}", day


def layers(_: Config, oncall: OnCall, __: Names) -> Iterator[Problem]:
    """A layer takes effect at or after its first handover, and ends after that."""
    for place, schedule in enumerate(oncall.schedules):
        for number, layer in enumerate(schedule.layers):
            yield from _window(schedule, layer, f"/schedules/{place}/layers/{number}")


def _window(schedule: Schedule, layer: Layer, pointer: str) -> Iterator[Problem]:
    if layer.from_ is None:
        return
    try:
        zone = schedule_clock.zone_of(schedule.time_zone)
        start, begun = (schedule_clock.moment(text, zone) for text in (layer.start, layer.from_))
        end = schedule_clock.moment(layer.until, zone) if layer.until else None
    except InvalidRecord:  # no such zone or day: each has a finding of its own
        return
    if begun < start:
        yield _found(
            "window",
            "`from` is before the first handover of the layer",
            f"{pointer}/from",
            "turns are counted from `start`: set an earlier `start`",
        )
    if end is not None and end <= begun:
        yield _found("window", "the layer ends before it takes effect", f"{pointer}/until", "check the day")


def references(_: Config, oncall: OnCall, names: Names) -> Iterator[Problem]:
    """Holiday calendars and the schedules in `together_with` exist."""
    named = [(f"/people/{place}/holidays", person.holidays) for place, person in enumerate(oncall.people)]
    named += [(f"/schedules/{place}/holidays", schedule.holidays) for place, schedule in enumerate(oncall.schedules)]
    for pointer, calendar in named:
        if calendar is not None and calendar not in oncall.holidays:
            yield _found(
                "unknown_calendar",
                f"holiday calendar `{calendar}` is not listed in oncall.yaml",
                pointer,
                f"holidays: {', '.join(oncall.holidays) or 'none'}",
            )
    keys = tuple(schedule.key for schedule in oncall.schedules)
    for place, schedule in enumerate(oncall.schedules):
        for number, key in enumerate(schedule.together_with):
            if key not in keys:
                yield unknown("schedule", key, keys, path=ONCALL, pointer=f"/schedules/{place}/together_with/{number}")


def policies(_: Config, oncall: OnCall, __: Names) -> Iterator[Problem]:
    """Only the last step of a policy has `repeat`; steps after it would run late or never."""
    for place, policy in enumerate(oncall.escalations):
        for number, step in enumerate(policy.steps[:-1]):
            if step.repeat is not None:
                yield _found(
                    "early_repeat",
                    "the policy repeats here, before its last step",
                    f"/escalations/{place}/steps/{number}/repeat",
                    "move `repeat` to the last step",
                    warning=True,
                )


def _found(code: str, message: str, pointer: str, hint: str, *, warning: bool = False) -> Problem:
    return Problem(
        code=code, message=message, path=ONCALL, pointer=pointer, hint=hint, severity="warning" if warning else "error"
    )


ONCALL_RULES = (times, layers, references, policies)
"""Every rule of this kind for oncall.yaml."""
