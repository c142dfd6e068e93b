"""The fold: a record's timeline to its state. Total (any well-formed entries give a state plus problems) and blind to
the order in which files or entries were read."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

import msgspec

from .config import Config
from .draft import Draft
from .entries import (
    KIND_BY_NAME,
    Alert,
    Correction,
    Entry,
    Raised,
    Redaction,
    Retraction,
    StatusChanged,
    Update,
    entry_id,
    kind_of,
)  # fmt: skip
from .guards import Missing, Step, unmet
from .incident import Record
from .lifecycle import NEW, category_of, command_for, explain_illegal, find_step
from .problem import Problem
from .state import Known, Milestones, State, StatusStep, TimelineItem
from .vocabulary import IMPACTS, LIVE_CATEGORIES

_FIXED_KEYS = frozenset({"kind", "id"})


def known_at(entry: Entry) -> datetime:
    """When the entry was known: `recorded_at`, else `at`."""
    return entry.recorded_at or entry.at


def replay(record: Record, config: Config, *, as_of: datetime | None = None, known_by: datetime | None = None) -> State:
    """The state of a record.

    as_of: only what had happened by then counts (by each entry's `at`, as corrected).
    known_by: only what had been recorded by then counts (by `recorded_at`).
    """
    draft = Draft(record, config, config.lifecycle_for(record.card.kind, record.card.type))
    entries = record.entries if known_by is None else [e for e in record.entries if known_at(e) <= known_by]
    items = _amended(draft, _identified(draft, entries))
    if as_of is not None:
        items = [i for i in items if (i.effective or i.entry).at <= as_of]
    counting = [(i.effective, i.id) for i in items if i.effective is not None]
    counting.sort(key=lambda pair: (pair[0].at, pair[1]))
    for _, group in groupby(counting, key=lambda pair: pair[0].at):
        _apply_act(draft, list(group))
    _settle(draft, counting)
    return _finished(draft, items)


def _identified(draft: Draft, entries: tuple[Entry, ...] | list[Entry]) -> list[tuple[str, Entry]]:
    """Entries with their ids, by time, then id. Of two with one id the later is told apart and reported."""
    named = sorted(((entry_id(e), e) for e in entries), key=lambda pair: (pair[1].at, pair[0]))
    if len({name for name, _ in named}) == len(named):
        return named
    seen: dict[str, int] = {}
    result = []
    for name, entry in sorted(named, key=lambda p: (p[1].at, p[0], msgspec.json.encode(p[1], order="deterministic"))):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            draft.report(
                "duplicate_entry_id", f"the entry id `{name}` is taken twice in this incident", entry=name,
                hint=f"give the later entry an `id` of its own, such as {name}-{seen[name]}",
            )  # fmt: skip
            name = f"{name}#{seen[name]}"
        result.append((name, entry))
    return result


def _amended(draft: Draft, named: list[tuple[str, Entry]]) -> list[TimelineItem]:
    """Timeline items with corrections and retractions applied, in the order of what was written."""
    amending = [(n, e) for n, e in named if isinstance(e, (Correction, Retraction, Redaction))]
    if not amending:
        return [
            TimelineItem(id=n, kind=kind_of(e), at=e.at, known_at=known_at(e), entry=e, effective=e) for n, e in named
        ]
    originals = dict(named)
    effective: dict[str, Entry | None] = dict(named)
    corrected: dict[str, list[str]] = {}
    retracted: dict[str, str] = {}
    for name, entry in reversed(amending):  # the last word first: a retraction can take back an earlier correction
        if isinstance(entry, Retraction) and name not in retracted and _known(draft, originals, name, entry.of):
            retracted[entry.of] = name
            effective[entry.of] = None
    for name, entry in amending:
        if name in retracted or not _known(draft, originals, name, entry.of, report=not isinstance(entry, Retraction)):
            continue
        if isinstance(entry, Correction):
            corrected.setdefault(entry.of, []).append(name)
            target = effective[entry.of]
            if target is not None:
                effective[entry.of] = _corrected(draft, name, entry, target)
                if isinstance(target, Update):
                    draft.edited[entry.of] = known_at(entry)
    return [
        TimelineItem(
            id=n, kind=kind_of(e), at=e.at, known_at=known_at(e), entry=e, effective=effective[n],
            corrected_by=tuple(corrected.get(n, ())), retracted_by=retracted.get(n),
        )
        for n, e in named
    ]  # fmt: skip


def _known(draft: Draft, entries: dict[str, Entry], name: str, of: str, *, report: bool = True) -> bool:
    if of in entries and of != name:
        return True
    if report:
        kind = kind_of(entries[name])
        draft.report(
            "unknown_entry", f"this {kind} is about `{of}`, and no entry of this incident has that id", entry=name,
            hint="the ids are listed by: sevlog timeline -i ID",
        )  # fmt: skip
    return False


def _corrected(draft: Draft, name: str, correction: Correction, target: Entry) -> Entry:
    """The target with the corrected keys; the target itself, and a problem, where that would not be a valid entry."""
    plain = msgspec.to_builtins(target)
    plain["kind"] = kind_of(target)
    fixed = _FIXED_KEYS & correction.set.keys()
    if fixed or isinstance(target, (Correction, Retraction, Redaction)):
        what = f"`{sorted(fixed)[0]}`" if fixed else f"a {kind_of(target)}"
        draft.report(
            "invalid_correction", f"{what} cannot be corrected", entry=name,
            hint="take it back instead: sevlog retract ENTRY --reason …",
        )  # fmt: skip
        return target
    for key, value in correction.set.items():
        if value is None:
            plain.pop(key, None)
        else:
            plain[key] = value
    try:
        return msgspec.convert(plain, KIND_BY_NAME[kind_of(target)])
    except msgspec.ValidationError as error:
        draft.report(
            "invalid_correction", f"with this correction `{correction.of}` would not be a valid entry: {error}",
            entry=name, hint="correct it again, or take this correction back: sevlog retract",
        )  # fmt: skip
        return target


def _apply_act(draft: Draft, group: list[tuple[Entry, str]]) -> None:
    """Fold the entries of one instant: they are one act, so what they say counts before the step they take.

    `raised` comes first (it opens the record), then all that moves no status, then the steps by id.
    """
    steps: list[tuple[StatusChanged, str]] = []
    for entry, name in sorted(group, key=lambda pair: not isinstance(pair[0], Raised)):
        if isinstance(entry, StatusChanged):
            steps.append((entry, name))
        elif isinstance(entry, Raised):
            _open(draft, entry, name)
        else:
            draft.apply(entry, name)
    while steps:  # several steps at one instant (imports with minute precision): take them in a legal order if any is
        chosen = next((s for s in steps if find_step(draft.lifecycle, draft.status, s[0].to)), steps[0])
        steps.remove(chosen)
        _take_step(draft, chosen[0], chosen[1])


def _open(draft: Draft, entry: Raised, name: str) -> None:
    target = "scheduled" if draft.record.card.kind == "maintenance" else "raised"
    transition = find_step(draft.lifecycle, draft.status, target)
    if transition is None:
        if draft.status_steps and draft.severity is not None:
            draft.report(
                "raised_twice", "this incident was raised before; this entry changes nothing", entry=name,
                hint="say what changed instead: sevlog severity, sevlog priority or sevlog impact",
            )  # fmt: skip
        else:
            draft.report("illegal_transition", explain_illegal(draft.lifecycle, draft.status, target), entry=name)
        return
    draft.apply(entry, name)
    _check_guards(draft, entry, name, transition.guards)
    _move(draft, target, entry, name)


def _take_step(draft: Draft, entry: StatusChanged, name: str) -> None:
    if entry.to == draft.status:
        draft.report(
            "repeated_transition", f"it already was `{entry.to}`: this entry changes nothing", entry=name, warning=True
        )
        return
    if entry.from_ is not None and entry.from_ != draft.status:
        last = draft.status_steps[-1] if draft.status_steps else None
        other = f": {last.by or 'someone'} had moved it to `{last.status}` ({last.entry})" if last else ""
        draft.report(
            "fork", f"two steps from `{entry.from_}`{other}; this step to `{entry.to}` does not count", entry=name,
            hint="the incident manager decides: sevlog retract the one that is wrong, or take the step again from here",
        )  # fmt: skip
        return
    transition = find_step(draft.lifecycle, draft.status, entry.to)
    if transition is None:
        draft.report(
            "illegal_transition",
            explain_illegal(draft.lifecycle, draft.status, entry.to),
            entry=name,
            hint=command_for(draft.status, draft.record.id),
        )
        return
    _check_guards(draft, entry, name, transition.guards)
    _move(draft, entry.to, entry, name)


def _check_guards(draft: Draft, step: Step, name: str, guards: tuple[str, ...]) -> None:
    """Report each guard that does not hold and no override permits. Imported entries (no `by`) predate our rules."""
    for guard, missing in unmet(draft, step, guards):
        if guard in draft.overrides and draft.overrides.count(guard) > draft.spent_overrides.count(guard):
            draft.spent_overrides.append(guard)
        elif step.by is not None:
            _report_guard(draft, guard, missing, name)


def _report_guard(draft: Draft, guard: str, missing: Missing, name: str) -> None:
    draft.problems.append(
        Problem(
            code=f"guard_{guard}",
            message=missing.message,
            hint=missing.hint.replace("-i ID", f"-i {draft.record.id}"),
            severity="warning" if draft.record.card.kind == "retrospective" else "error",
            incident=draft.record.id,
            entry=name,
        )
    )


def _move(draft: Draft, target: str, entry: Step, name: str) -> None:
    """Take the step and set its clocks (process.md, Lifecycle, column effect)."""
    origin, draft.status = draft.status, target
    category = category_of(draft.lifecycle, target)
    reason = None if isinstance(entry, Raised) else entry.reason
    draft.status_steps.append(
        StatusStep(at=entry.at, status=target, category=category, entry=name, by=entry.by, reason=reason)
    )
    draft.set_clock("opened_at", entry.at)
    clocks = draft.clocks
    if target in ("fixing", "in_progress"):
        draft.set_clock("acknowledged_at", entry.at)
    if origin == "monitoring" and target == "fixing":
        draft.relapses += 1
        clocks["mitigation_at"] = clocks["ended_at"] = None
    was_over = origin != NEW and category_of(draft.lifecycle, origin) not in LIVE_CATEGORIES
    if category in LIVE_CATEGORIES and was_over:
        clocks["resolved_at"] = clocks["closed_at"] = clocks["ended_at"] = None
    if category in ("learning", "closed"):
        draft.set_clock("resolved_at", entry.at)
        draft.set_clock("ended_at", entry.at)
    if category in ("closed", "dropped"):
        draft.set_clock("closed_at", entry.at)
    if category == "dropped" and isinstance(entry, StatusChanged) and entry.into:
        draft.merged_into = entry.into
    if category not in LIVE_CATEGORIES:
        over_at = clocks.get("ended_at") or entry.at
        left = {key: IMPACTS[0] for key, impact in draft.components.items() if impact != "operational"}
        draft.set_components(left, min(over_at, entry.at), name)


def _settle(draft: Draft, counting: list[tuple[Entry, str]]) -> None:
    """The rules about the whole: it was opened, its clocks can be true, its roles fit together."""
    if draft.status == NEW and counting:
        draft.report(
            "never_opened", "the timeline never opens the incident", entry=counting[0][1],
            hint="add an entry of kind `raised` (or `status` to: triage, for a maintenance to: scheduled)",
        )  # fmt: skip
    started, ended = draft.known.get("started_at"), draft.clocks.get("ended_at")
    if started is not None and ended is not None and ended < started:
        draft.report(
            "impact_ends_before_start", f"the impact ends ({ended:%Y-%m-%d %H:%M %Z}) before it starts "
            f"({started:%Y-%m-%d %H:%M %Z})", hint="correct the time that is wrong: sevlog correct ENTRY ended_at=TIME",
            entry=next((n for e, n in reversed(counting) if getattr(e, "ended_at", None) == ended), None),
        )  # fmt: skip
    if draft.live and draft.config.is_major(draft.severity):
        _warn_of_forbidden_pairs(draft)


def _warn_of_forbidden_pairs(draft: Draft) -> None:
    for role in draft.config.roles:
        holders = {h.person for h in draft.holders if h.role == role.key and h.workstream is None}
        for other in role.not_with:
            for person in sorted(holders & {h.person for h in draft.holders if h.role == other}):
                draft.report(
                    "forbidden_pair", f"{person} is {role.key} and {other} at once on a major incident", warning=True,
                    hint=f"hand one of them over: sevlog assign -i {draft.record.id} {other} PERSON",
                )  # fmt: skip


def _finished(draft: Draft, items: list[TimelineItem]) -> State:
    clocks = draft.clocks
    card = draft.record.card
    started = draft.known.get("started_at")
    opened = clocks.get("raised_at") or clocks.get("opened_at")
    over = not draft.live
    alerts = [i.effective.at for i in items if isinstance(i.effective, Alert)]
    milestones = Milestones(
        started_at=started or (card.scheduled.start if card.scheduled and card.kind == "maintenance" else None),
        detected_at=min([at for at in (*alerts, clocks.get("opened_at")) if at is not None], default=None),
        raised_at=opened,
        acknowledged_at=clocks.get("acknowledged_at") or clocks.get("page_answered_at"),
        confirmed_at=clocks.get("confirmed_at"),
        first_internal_update_at=clocks.get("first_internal_update_at"),
        first_public_update_at=clocks.get("first_public_update_at"),
        mitigated_at=clocks.get("mitigation_at"),
        ended_at=clocks.get("ended_at"),
        resolved_at=clocks.get("resolved_at"),
        closed_at=clocks.get("closed_at"),
    )
    components = dict.fromkeys(draft.components, "operational") if over else draft.components
    status = draft.status if draft.status != NEW else "triage"
    return State(
        id=draft.record.id, card=card, status=status, category=category_of(draft.lifecycle, status),
        severity=draft.severity, priority=draft.priority, major=draft.config.is_major(draft.severity),
        components=components, component_steps=tuple(draft.component_steps),  # type: ignore[arg-type]
        assessment=Known(**draft.known), holders=tuple(draft.holders), former_holders=tuple(draft.former_holders),
        lead=draft.lead, offers=tuple(draft.offers), collaborators=tuple(draft.collaborators),
        channels=tuple(draft.channels), milestones=milestones, status_steps=tuple(draft.status_steps),
        severity_steps=tuple(draft.severity_steps), priority_steps=tuple(draft.priority_steps),
        updates=tuple(draft.updates), next_update_due=draft.next_update_due, observations=tuple(draft.observations),
        theories=draft.theories, experiments=tuple(draft.experiments), decisions=tuple(draft.decisions),
        tasks=draft.tasks, links=tuple(draft.links), alerts=draft.alerts, merged_into=draft.merged_into,
        relapses=draft.relapses, overrides=tuple(draft.overrides), timeline=tuple(items),
        actions=draft.record.actions, postmortem=draft.record.postmortem, problems=tuple(draft.problems),
    )  # fmt: skip
