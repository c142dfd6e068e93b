"""What a change of escalation policies would have meant: how often each target is paged before somebody answers.

A step counts as one page of its target, as if it had reached somebody. Only severities that page at once count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ..config.settings import Config, duration
from ..oncall.chain import DEFAULT_WAIT, tracks
from ..oncall.escalation import places
from ..oncall.roster import EscalationPolicy, OnCall
from .back_test import Effect, few, wait_of
from .metrics.facts import Facts


def changed(config: Config, old: OnCall, new: OnCall) -> bool:
    """Whether the owner of some component has another policy."""
    owners = {component.owner for component in config.components}
    return any(_policies(old, owners, major=major) != _policies(new, owners, major=major) for major in (False, True))


def effects(config: Config, old: OnCall, new: OnCall, facts: Sequence[Facts], now: datetime) -> Iterator[Effect]:
    """For each policy that changed: the targets that would have been paged more or less often."""
    counts = {"old": Counter[tuple[str, str]](), "new": Counter[tuple[str, str]]()}
    incidents = Counter[str]()
    for one in facts:
        level = config.severity(one.severity)
        if level is None or level.page != "immediate":
            continue
        owners = {component.owner for component in map(config.component, one.components) if component}
        before, after = (_policies(oncall, owners, major=level.major) for oncall in (old, new))
        answered = wait_of(one, one.milestones.acknowledged_at, now).length
        usual = duration(level.ack_within) if level.ack_within else DEFAULT_WAIT
        for key in {key for key in {*before, *after} if before.get(key) != after.get(key)}:
            incidents[key] += 1
            for name, policy in (("old", before.get(key)), ("new", after.get(key))):
                counts[name].update((key, target) for target in (taken(policy, usual, answered) if policy else ()))
    where = {policy.key: f"/escalations/{place}" for place, policy in enumerate(new.escalations)}
    for key, total in sorted(incidents.items()):
        said = _page_counts(key, counts["old"], counts["new"])
        if said:
            subject = f"escalation {key}, {total} incident{'' if total == 1 else 's'}"
            yield Effect(where.get(key, "/teams"), f"{subject}: {said} (last 12 months){few(total)}")


def taken(policy: EscalationPolicy, usual: timedelta, answered: timedelta) -> Iterator[str]:
    """The targets of the steps that are taken until somebody answers, in order. usual: the wait without one."""
    at = timedelta()
    for number, place in enumerate(places(policy)):
        step = policy.steps[place]
        if number and at >= answered:
            return
        yield step.notify
        at += duration(step.wait) if step.wait else usual


def _page_counts(key: str, old: Counter[tuple[str, str]], new: Counter[tuple[str, str]]) -> str:
    targets = [target for policy, target in {**new, **old} if policy == key]
    rows = [(target, old[key, target], new[key, target]) for target in targets]
    return ", ".join(f"{target} paged {was} -> {now} times" for target, was, now in rows if was != now)


def _policies(oncall: OnCall, owners: set[str | None], *, major: bool) -> dict[str, EscalationPolicy]:
    """The policies that run for these owners, each once."""
    return {policy.key: policy for owner in owners for _, policy in tracks(oncall, owner, major=major)}
