"""The definition of each figure, as it is printed beside it. docs/metrics.md has the same words; a test compares."""

from __future__ import annotations

MEASURES: dict[str, str] = {
    "time_to_detect": "From the start of the impact, as somebody recorded it, to the first alert or the opening.",
    "time_to_acknowledge": "From raising to the first answered page or to taking command, whichever came first.",
    "time_to_first_internal_update": "From raising to the first update to colleagues.",
    "time_to_first_public_update": "From raising to the first update to customers.",
    "time_to_mitigate": "From the start of the impact, else from raising, to the mitigation.",
    "time_to_restore": "From the start of the impact, else from raising, to the end of the impact.",
    "time_to_resolve": "From raising to the end of the response.",
}
"""Durations of which the spread is shown."""

OTHERS: dict[str, str] = {
    "promises_kept": "Of the promised next updates that fell due, the share that followed in time, to the same "
    "audience. A promise ends with the response; one that is not due yet is open.",
    "time_in_severity": "Elapsed time at each severity until the end of the response, per incident that had it.",
    "relapses": "Incidents whose impact returned: from monitoring back to fixing, or reopened.",
    "handovers": "Incidents in which a role was handed over and accepted.",
    "pages_at_night": "Of the pages that reached a person with a message of its own, those from 22:00 to 07:00 in "
    "that person's time zone.",
    "actions_in_time": "Of the accepted action items, the share that was done by its deadline: the time that "
    "policies.actions allows after acceptance, else the end of the due date. Open items past it count as late; open "
    "items before it are open.",
    "uptime": "1 - (major outage + 0.3 * partial outage) / time, in whole days of the page's time zone, from all "
    "records but drills and what was declined. Filters other than the component do not change it.",
    "data_quality": "Of the counted incidents, those with the milestone. Recorded: somebody or something stated it. "
    "Derived: it follows from another step.",
}
"""Other figures."""

RULES: dict[str, str] = {
    "median": "The middle value, or halfway between the two middle ones. Its interval has the exact ranks that hold "
    "the true median with at least 95 %; below 6 values there is none.",
    "p90": "The smallest value that at least 90 % of the values do not exceed (nearest rank). Its 95 % upper bound "
    "needs at least 29 values.",
    "share": "With the exact 95 % interval of Clopper and Pearson.",
    "trend": "Against the period of the same length before. Only where both have at least 20 values, and only if the "
    "intervals of the two medians do not overlap.",
    "counted": "Incidents raised in the period. Drills, retrospectives, maintenances, what was declined, merged or is "
    "still in triage, what was raised after now, and records without a valid opening are left out and counted.",
    "open": "An incident that is not over and has not reached the milestone. Its time is not known yet.",
    "impossible": "The end is before the start. Such a value is left out and named: `sevlog check` has the finding.",
}
"""How to read them."""

TREND_NEEDS = 20
