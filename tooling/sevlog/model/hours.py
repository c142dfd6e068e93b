"""Hours of the week, as oncall.yaml and sevlog.yaml write them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

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


class Hours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Hours of the week, by the wall clock."""

    days: Annotated[Weekdays, Meta(description="On these days.")] = "mon-sun"
    from_: Annotated[Clock, Meta(description="From this time.")] = field(default="00:00", name="from")
    to: Annotated[Clock, Meta(description="To this time; if not later than `from`, the next day.")] = "24:00"
