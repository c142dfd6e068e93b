"""What a change of the process would have meant for the incidents of the past, in plain sentences with the numbers.

Each sentence compares the old and the new rule over the same incidents, and nothing is said where both agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from ..config.settings import Config, Severity, duration
from .metrics.facts import Facts, Promise
from .metrics.outcomes import action_outcome

FEW = 10
"""Below so many cases, a sentence says that they are few."""

IsNight = Callable[[datetime], bool]


class Effect(Struct, frozen=True):
    """What one changed key would have meant. pointer: its place in the file."""

    pointer: str
    what: str


class Past(Struct, frozen=True):
    """The incidents of the period. now: its end. is_night: whether it was night at an instant, where the page is."""

    facts: Sequence[Facts]
    now: datetime
    is_night: IsNight


def counted(facts: Iterable[Facts], since: datetime, until: datetime) -> list[Facts]:
    """The incidents that began in a period: no drills, retrospectives and maintenances, none dropped or merged."""
    return [
        one
        for one in facts
        if one.kind == "incident"
        and one.category != "dropped"
        and not one.merged
        and one.began_at is not None
        and since <= one.began_at <= until
    ]


def effects(old: Config, new: Config, past: Past) -> Iterator[Effect]:
    """What a change of sevlog.yaml would have meant."""
    levels = {level.key: level for level in old.severities}
    for place, level in enumerate(new.severities):
        if level.key in levels:
            yield from _level(f"/severities/{place}", levels[level.key], level, past)
    yield from _removed(old, new, past)
    yield from _actions(old, new, past)


def _level(pointer: str, old: Severity, new: Severity, past: Past) -> Iterator[Effect]:
    at_level = [one for one in past.facts if one.severity == new.key]
    yield from _acknowledged(pointer, old, new, at_level, past.now)
    yield from _first_updates(pointer, old, new, at_level, past.now)
    yield from _cadence(pointer, old, new, past)
    yield from _paging(pointer, old, new, past)
    if old.criteria != new.criteria and at_level:
        said = f"criteria of {new.key}: {_count(len(at_level), 'incident')} had this severity"
        yield Effect(f"{pointer}/criteria", f"{said}; whether they still fit is for people to say")
    if old.major != new.major and at_level:
        verb = "would be major" if new.major else "would no longer be major"
        yield Effect(f"{pointer}/major", f"{new.key} {verb}: {_count(len(at_level), 'incident')}{few(len(at_level))}")


def _acknowledged(
    pointer: str, old: Severity, new: Severity, facts: Sequence[Facts], now: datetime
) -> Iterator[Effect]:
    waits = [wait_of(one, one.milestones.acknowledged_at, now) for one in facts]
    subject = f"ack_within {new.key}"
    yield from _limits(f"{pointer}/ack_within", subject, "incidents", waits, (old.ack_within, new.ack_within))


def _first_updates(
    pointer: str, old: Severity, new: Severity, facts: Sequence[Facts], now: datetime
) -> Iterator[Effect]:
    for audience in ("internal", "public"):  # there is a milestone for these two
        limits = (old.first_update_within.get(audience), new.first_update_within.get(audience))
        waits = [wait_of(one, getattr(one.milestones, f"first_{audience}_update_at"), now) for one in facts]
        subject = f"first_update_within {audience} {new.key}"
        yield from _limits(f"{pointer}/first_update_within", subject, "incidents", waits, limits)


class Wait(Struct, frozen=True):
    """How long something took. ended: it did not come before the response ended; nothing was owed after that."""

    length: timedelta
    ended: bool = False


def wait_of(one: Facts, at: datetime | None, now: datetime) -> Wait:
    """How long something took since the incident was raised, or until the response ended, or until now."""
    raised = one.milestones.raised_at or one.began_at or now
    end = min((end for end in one.ends if end >= raised), default=None)
    if at is not None and (end is None or at <= end):
        return Wait(max(at - raised, timedelta()))
    return Wait((end or now) - raised, ended=True)


def _cadence(pointer: str, old: Severity, new: Severity, past: Past) -> Iterator[Effect]:
    for audience in dict.fromkeys([*old.update_every, *new.update_every]):
        limits = (old.update_every.get(audience), new.update_every.get(audience))
        waits = [
            _after(promise, one, past.now)
            for one in past.facts
            for promise in one.promises
            if promise.audience == audience and _severity_at(one, promise.at) == new.key
        ]
        subject = f"update_every {audience} {new.key}"
        yield from _limits(f"{pointer}/update_every", subject, "updates", waits, limits)


def _after(promise: Promise, one: Facts, now: datetime) -> Wait:
    end = min((end for end in one.ends if end >= promise.at), default=None)
    if promise.next_at is not None and (end is None or promise.next_at <= end):
        return Wait(promise.next_at - promise.at)
    return Wait((end or now) - promise.at, ended=True)


def _severity_at(one: Facts, at: datetime) -> str | None:
    held = [level for since, level in one.severity_steps if since <= at]
    return held[-1] if held else next((level for _, level in one.severity_steps), one.severity)


def _limits(
    pointer: str, subject: str, noun: str, waits: Sequence[Wait], limits: tuple[str | None, str | None]
) -> Iterator[Effect]:
    """How many kept the old limit, and how many would have kept the new one, without those that ended within both."""
    before, after = (duration(text) if text else None for text in limits)
    if before == after:
        return
    shortest = min(limit for limit in (before, after) if limit is not None)
    owed = [wait for wait in waits if not wait.ended or wait.length > shortest]
    total = len(owed)
    kept = [_kept_promises(owed, limit) for limit in (before, after)]
    if not total or kept[0] == kept[1]:
        return
    was = f"{kept[0]} of {total} {noun} kept the old limit" if before else f"{total} {noun} had no limit"
    would = f"{kept[1]} of {total} would have kept the new one" if after else "none would have one"
    yield Effect(pointer, f"{subject} {limits[0] or 'none'} -> {limits[1] or 'none'}: {was}, {would}{few(total)}")


def _kept_promises(owed: Sequence[Wait], limit: timedelta | None) -> int | None:
    return None if limit is None else sum(wait.length <= limit for wait in owed)


_PAGES = {"immediate": "immediately", "working_hours": "in working hours", "none": "nobody"}


def _paging(pointer: str, old: Severity, new: Severity, past: Past) -> Iterator[Effect]:
    if old.page == new.page:
        return
    times = [at for one in past.facts for at in _raised_as(one, new.key)]
    if not times:
        return
    nights = sum(past.is_night(at) for at in times)
    total = len(times)
    if new.page == "immediate":
        more = f"{_count(total, 'more page')}" if old.page == "none" else f"{_count(total, 'page')} at once"
        what = f"{more}, {nights} of them at night (local)"
    elif old.page == "immediate":
        what = f"{_count(total, 'page')} fewer at once, {nights} of them at night (local)"
    else:
        what = f"{_count(total, 'more page' if old.page == 'none' else 'page')}{' fewer' * (new.page == 'none')}"
    yield Effect(f"{pointer}/page", f"{new.key} would page {_PAGES[new.page]}: {what}{few(total)}")


def _raised_as(one: Facts, level: str) -> list[datetime]:
    """When an incident got a level first: at most one page is counted."""
    return [at for at, key in one.severity_steps if key == level][:1]


def _removed(old: Config, new: Config, past: Past) -> Iterator[Effect]:
    known = {level.key for level in new.severities}
    for level in old.severities:
        used = sum(one.severity == level.key for one in past.facts)
        if level.key not in known and used:
            yield Effect("/severities", f"{level.key} is removed: {_count(used, 'incident')} had this severity")


def _actions(old: Config, new: Config, past: Past) -> Iterator[Effect]:
    """Action items that were accepted at a known time: how many were late by the old and by the new time limit."""
    before, after = old.policies.actions, new.policies.actions
    for name in dict.fromkeys([*before, *after]):
        for key in dict.fromkeys([*before.get(name, {}), *after.get(name, {})]):
            was, now = before.get(name, {}).get(key), after.get(name, {}).get(key)
            if was == now:
                continue
            covers = [(one, item) for one, item in _accepted(past, name) if _is_for(key, one, before, after, name)]
            late = [_late(covers, config, past.now) for config in (old, new)]
            total = len(covers)
            if total and late[0] != late[1]:
                said = f"{late[1]} of {total} items would have been late ({late[0]} by the old limit)"
                subject = f"policies.actions {name} {key} {was or 'none'} -> {now or 'none'}"
                yield Effect("/policies/actions", f"{subject}: {said}{few(total)}")


def _accepted(past: Past, name: str) -> list[tuple[Facts, int]]:
    return [
        (one, place)
        for one in past.facts
        for place, item in enumerate(one.actions)
        if item.class_ == name and item.accepted_at is not None and item.status not in ("idea", "wont_do")
    ]


def _is_for(
    key: str, one: Facts, before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]], name: str
) -> bool:
    """Whether a key of a class decides for an incident: its severity, or `default` where that has no key of its own."""
    own = one.severity or ""
    if key != "default":
        return own == key
    return own not in before.get(name, {}) and own not in after.get(name, {})


def _late(covers: Sequence[tuple[Facts, int]], config: Config, now: datetime) -> int:
    outcomes = (
        action_outcome(replace(one.actions[place], due=None), one.severity, config, now) for one, place in covers
    )
    return sum(outcome in ("late", "overdue") for outcome in outcomes)


def required(old: Config, new: Config) -> Iterator[tuple[str, str, str, str]]:
    """Roles that the change requires: pointer, role, `severity` or `type`, and its key."""
    known = {(role.key, what, key) for role in old.roles for what, key in _when(role.key, old)}
    for place, role in enumerate(new.roles):
        for what, key in _when(role.key, new):
            if (role.key, what, key) not in known:
                yield f"/roles/{place}", role.key, what, key


def _when(role: str, config: Config) -> list[tuple[str, str]]:
    own = next((one.required for one in config.roles if one.key == role), None)
    severities = [("severity", key) for key in own.severities] if own else []
    types = [*(own.types if own else ()), *(t.key for t in config.types if t.roles and role in t.roles.required)]
    return [*severities, *(("type", key) for key in dict.fromkeys(types))]


def nights_changed(before: Mapping[str, int], after: Mapping[str, int], period: str) -> Iterator[str]:
    """Who would have had more or fewer nights on call, the greatest change first."""
    people = [who for who in {*before, *after} if before.get(who, 0) != after.get(who, 0)]
    people.sort(key=lambda who: (-abs(after.get(who, 0) - before.get(who, 0)), who))
    for who in people:
        yield f"on call: {who} {before.get(who, 0)} nights -> {_count(after.get(who, 0), 'night')} ({period})"


def role_effect(role: str, key: str, held: int, total: int) -> str:
    """How many incidents had a role that becomes required."""
    return f"role {role} required for {key}: {held} of {_count(total, 'incident')} had one{few(total)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def few(total: int) -> str:
    """The remark that a number of cases is too small; empty where it is not."""
    return f" (only {total}: too few to conclude from)" if total < FEW else ""
