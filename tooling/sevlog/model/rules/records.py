"""Rules for one record that its schema and the fold cannot check: one function per rule, one registry.

The impossible is an error, the unlikely a warning (process.md). Each finding says where: `path` is a file of
the incident's folder, or `entry` an entry; `pointer` the key in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from ..custom_fields import TYPES_IN_WORDS, has_type, required
from ..problem import Gravity, Problem
from ..redaction import MARKER, content, is_marked
from ..timeline.entries import Assessment, Collaborator, ImpactChanged, Observation, Raised, Update
from ..timeline.entry_parts import Entry
from ..timeline.state import TimelineItem
from ..vocabulary import INCIDENT_PHASES, MAINTENANCE_PHASES
from .learning import CARD, Timed, actions, overdue_actions, overdue_postmortem, postmortem_says, stale, waiting_review
from .references import RecordUnderCheck, entry_problem, unknown_names, unknown_names_of_card, unknown_names_of_learning

CLOCK_LEEWAY = timedelta(minutes=5)
"""How much the clocks of two machines may differ before a time counts as future."""

_ASSESSED = tuple(name for name in Assessment.__struct_fields__ if name not in Entry.__struct_fields__)
OLDEST_YEAR = 1990
"""An earlier year is a typing error."""

Rule = Callable[[RecordUnderCheck], Iterator[Problem]]
TimedRule = Callable[[RecordUnderCheck, datetime], Iterator[Timed]]


def _at(
    item: TimelineItem, key: str, code: str, message: str, hint: str | None = None, severity: Gravity = "error"
) -> Problem:
    return entry_problem(item, key, Problem(code=code, message=message, hint=hint, severity=severity))


def window(case: RecordUnderCheck) -> Iterator[Problem]:
    """Only a maintenance has `scheduled`, and it ends after it starts.

    An imported window may have no length: the import reports a source without an end, or with one before the start.
    """
    card = case.record.card
    if card.scheduled is None:
        if card.kind == "maintenance" and not case.imported:
            yield Problem(
                code="no_window",
                message="a maintenance needs a planned window",
                path=CARD,
                hint="scheduled: {start: …, end: …}",
            )
        return
    if card.kind != "maintenance":
        yield Problem(
            code="window",
            message=f"`scheduled` is only valid for a maintenance; this record is {_kind(card.kind)}",
            path=CARD,
            pointer="/scheduled",
            hint="delete it, or set kind: maintenance",
        )
    if card.scheduled.end < card.scheduled.start or (card.scheduled.end == card.scheduled.start and not case.imported):
        yield Problem(
            code="window",
            message="the window ends before it starts",
            path=CARD,
            pointer="/scheduled/end",
            hint="check the day and the offset",
        )


def authorship(case: RecordUnderCheck) -> Iterator[Problem]:
    """Every entry has an author, except imported ones."""
    if case.imported:
        return
    for item in case.state.timeline:
        if item.entry.by is None:
            yield _at(item, "", "no_author", "the entry has no author", "by: HANDLE")


def substance(case: RecordUnderCheck) -> Iterator[Problem]:
    """Every entry has content."""
    for item in case.state.timeline:
        entry = item.entry
        if isinstance(entry, Assessment):
            if entry.text is None and all(getattr(entry, name) is None for name in _ASSESSED):
                yield _at(
                    item, "", "says_nothing", "the assessment is empty", f"set at least one of: {', '.join(_ASSESSED)}"
                )
        elif isinstance(entry, Observation) and entry.text is None and entry.ref is None:
            yield _at(item, "", "says_nothing", "the observation has no text", "text: what was seen")
        elif isinstance(entry, Collaborator) and entry.person is None and entry.team is None:
            yield _at(item, "", "says_nothing", "the entry has neither `person` nor `team`", "person: HANDLE")
        for place, evidence in enumerate(entry.evidence):
            if evidence.url is None and evidence.file is None:
                yield _at(
                    item,
                    f"evidence/{place}",
                    "says_nothing",
                    "the evidence has neither `url` nor `file`",
                    "url: https://…, or file: evidence/NAME",
                )


def redactions(case: RecordUnderCheck) -> Iterator[Problem]:
    """A redaction entry whose target still has its content: only half of the redaction was done."""
    for item in case.state.timeline:
        if item.redacted_by is None or is_marked(item.entry):
            continue
        if any(not spot.name for spot in content(item.entry)):
            yield _at(
                item,
                "",
                "not_redacted",
                f"the content of this entry was redacted by {item.redacted_by}, but it is still there",
                f"replace it with `{MARKER}` (sevlog redact {item.id} --reason … does both), "
                "then purge the history: sevlog redact --help",
                "warning",
            )


def order_of_times(case: RecordUnderCheck) -> Iterator[Problem]:
    """Times within one entry that contradict each other."""
    for item in case.state.timeline:
        entry = item.effective
        if entry is None:
            continue
        if entry.at.year < OLDEST_YEAR:
            yield _at(
                item, "at", "odd_year", f"the entry is from the year {entry.at.year}", "check the year", "warning"
            )
        if entry.recorded_at is not None and entry.recorded_at < entry.at:
            yield _at(
                item,
                "recorded_at",
                "known_too_early",
                "`recorded_at` is before `at`: it was known before it happened",
                "`at` is when it happened, `recorded_at` is when it became known",
                "warning",
            )
        if isinstance(entry, (Raised, Assessment)) and entry.started_at is not None and entry.started_at > entry.at:
            yield _at(
                item,
                "started_at",
                "starts_after_entry",
                "the impact starts after the entry that reports it",
                "check the day and the offset",
                "warning",
            )
        if isinstance(entry, ImpactChanged) and entry.ended_at is not None and entry.ended_at > entry.at + CLOCK_LEEWAY:
            yield _at(
                item,
                "ended_at",
                "ends_after_entry",
                "the impact ends after the entry that reports it",
                "check the day and the offset",
                "warning",
            )
        if isinstance(entry, Update) and entry.next_update_at is not None and entry.next_update_at <= entry.at:
            yield _at(
                item,
                "next_update_at",
                "promise_in_the_past",
                "the promised time of the next update is not after the entry",
                "check the day and the offset",
                "warning",
            )


def public_words(case: RecordUnderCheck) -> Iterator[Problem]:
    """A public update has a phase of its kind of record, a public title, and a record that may be public."""
    card = case.record.card
    phases = MAINTENANCE_PHASES if card.kind == "maintenance" else INCIDENT_PHASES
    first = True
    for item in case.state.timeline:
        entry = item.effective
        if not isinstance(entry, Update):
            continue
        if entry.phase not in phases and not case.imported:
            yield _at(
                item,
                "phase",
                "wrong_phase",
                f"`{entry.phase}` is not a phase of {_kind(card.kind)}",
                f"phases: {', '.join(phases)}",
            )
        if entry.audience == "public" and first:
            first = False
            yield from _first_public_update(case, item)


def _first_public_update(case: RecordUnderCheck, item: TimelineItem) -> Iterator[Problem]:
    card = case.record.card
    if card.visibility == "restricted":
        yield _at(
            item,
            "audience",
            "restricted",
            "this update is public, but the incident is restricted",
            "it is not shown; set audience: internal, or change `visibility` in incident.yaml",
        )
    elif card.kind == "drill":
        return  # updates are practiced too; no drill is published
    elif card.kind == "retrospective":
        yield _at(
            item, "audience", "not_public", f"this update is public, but {_kind(card.kind)} never is", None, "warning"
        )
    elif card.public_title is None:
        yield _at(
            item,
            "audience",
            "no_public_title",
            "this update is public, but incident.yaml has no `public_title`",
            "public_title: the title in the words of customers (without it, nothing is shown)",
        )


def _kind(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def custom_fields(case: RecordUnderCheck) -> Iterator[Problem]:
    """Custom fields have the type that sevlog.yaml sets, and are present where it requires them."""
    card, config = case.record.card, case.config
    for name, value in card.fields.items():
        custom = config.fields.get(name)
        if custom is not None and not has_type(custom, value):
            yield Problem(
                code="wrong_field",
                message=f"the field `{name}` must be {TYPES_IN_WORDS[custom.type]}",
                path=CARD,
                pointer=f"/fields/{name}",
                hint=custom.description,
            )
    for name in required(config, card.type, case.state.severity):
        if name not in card.fields and not case.imported:
            yield Problem(
                code="missing_field",
                message=f"required field `{name}` is missing",
                path=CARD,
                hint=f"fields: {{{name}: …}} in incident.yaml, or: sevlog assess --field {name}=VALUE",
                severity="warning",
            )


RULES: tuple[Rule, ...] = (
    unknown_names,
    unknown_names_of_card,
    unknown_names_of_learning,
    window,
    authorship,
    substance,
    redactions,
    order_of_times,
    public_words,
    custom_fields,
    actions,
    postmortem_says,
)
"""Every rule that depends only on the record and the configuration."""


def future(case: RecordUnderCheck, now: datetime) -> Iterator[Timed]:
    """Entries dated in the future."""
    for item in case.state.timeline:
        if item.at > now + CLOCK_LEEWAY and item.effective is not None:
            yield Timed(
                _at(
                    item,
                    "at",
                    "future_entry",
                    "the entry is dated in the future",
                    "`at` is when it happened; check the day and the offset",
                    "warning",
                ),
                until=item.at - CLOCK_LEEWAY,
            )


def window_missed(case: RecordUnderCheck, _: datetime) -> Iterator[Timed]:
    """A maintenance without `auto` whose window began or ended without a transition."""
    state, window = case.state, case.record.card.scheduled
    if window is None or window.auto or not state.live or case.imported or state.card.kind != "maintenance":
        return
    waits = state.category == "triage"
    what, step = (
        ("began, but the maintenance was not started", "start")
        if waits
        else ("is over, but the maintenance still runs", "verify")
    )
    yield Timed(
        Problem(
            code="window_missed",
            severity="warning",
            path=CARD,
            pointer="/scheduled",
            message=f"the window {what} (scheduled.auto is false)",
            hint=f"sevlog maintenance {step} -i {state.id}",
        ),
        since=window.start if waits else window.end,
    )


TIMED_RULES: tuple[TimedRule, ...] = (future, overdue_actions, overdue_postmortem, waiting_review, window_missed, stale)
"""Rules that also depend on the time. They use it only to skip what can never become a finding again."""
