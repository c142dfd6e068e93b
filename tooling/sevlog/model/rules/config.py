"""Rules for sevlog.yaml and oncall.yaml: names exist, keys are unique, every status can be reached.

Findings have `path` (the file) and `pointer`. The caller (services/checking/settings) checks time zones and files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from ..config.intake import names_in_rules
from ..config.settings import Config, Lifecycle, duration
from ..languages import SHIPPED, shipped_language
from ..oncall.roster import OnCall
from ..problem import Problem
from ..timeline.acts import ambiguous, dead_ends
from ..timeline.guards import GUARDS
from ..timeline.lifecycle import NEW
from ..timeline.state import AssessedFacts
from ..vocabulary import UNKNOWN_COMPONENT
from .comms import COMMS_RULES
from .follow_up import trackers
from .hooks import unknown_events
from .known_names import Names, unknown
from .notify import NOTIFY_RULES
from .oncall import ONCALL_RULES

CONFIG, ONCALL = "sevlog.yaml", "oncall.yaml"
ONCALL_FURTHEST = timedelta(days=366)
"""How far ahead `check` looks in the on-call plan at most."""
_LISTS = ("components", "groups", "severities", "priorities", "types", "roles", "sources")
_ONCALL_LISTS = ("people", "teams", "schedules", "escalations")
ConfigRule = Callable[[Config, OnCall, Names], Iterator[Problem]]


def _config(pointer: str, code: str, message: str, hint: str | None = None) -> Problem:
    return Problem(code=code, message=message, hint=hint, path=CONFIG, pointer=pointer)


def _repeated(items: Iterable[object], pointer: str, path: str) -> Iterator[Problem]:
    """Keys that occur twice in one list."""
    seen: set[str] = set()
    for place, item in enumerate(items):
        word = "key" if hasattr(item, "key") else "name"
        value = getattr(item, word)
        if value in seen:
            yield Problem(
                code="duplicate_name",
                message=f"duplicate {word} `{value}` in `{pointer[1:]}`",
                path=path,
                pointer=f"{pointer}/{place}/{word}",
                hint="rename or delete one of the two",
            )
        seen.add(value)


def unique_keys(config: Config, oncall: OnCall, _: Names) -> Iterator[Problem]:
    """Keys are unique."""
    for name in _LISTS:
        yield from _repeated(getattr(config, name), f"/{name}", CONFIG)
    for name in _ONCALL_LISTS:
        yield from _repeated(getattr(oncall, name), f"/{name}", ONCALL)
    for place, schedule in enumerate(oncall.schedules):
        yield from _repeated(schedule.layers, f"/schedules/{place}/layers", ONCALL)


def _lacking(names: Names, kind: str, values: Iterable[str], path: str, pointer: str) -> Iterator[Problem]:
    """Findings for the unknown names in a list."""
    for place, name in enumerate(values):
        if names.lacks(kind, name):
            yield names.unknown(kind, name, path=path, pointer=f"{pointer}/{place}")


def _lacking_one(names: Names, kind: str, name: str | None, path: str, pointer: str) -> Iterator[Problem]:
    if name is not None and names.lacks(kind, name):
        yield names.unknown(kind, name, path=path, pointer=pointer)


def components(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Owners are teams, dependencies are other components."""
    for place, component in enumerate(config.components):
        at = f"/components/{place}"
        yield from _lacking_one(names, "team", component.owner, CONFIG, f"{at}/owner")
        yield from _lacking(names, "component", component.depends_on, CONFIG, f"{at}/depends_on")
        if component.key == UNKNOWN_COMPONENT:
            yield _config(f"{at}/key", "reserved_name", f"`{UNKNOWN_COMPONENT}` is a reserved key", "use another key")
        if component.key in component.depends_on:
            place = component.depends_on.index(component.key)
            yield _config(f"{at}/depends_on/{place}", "circular", f"`{component.key}` depends on itself", "delete it")


def process(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Types, roles and the priority matrix use names that exist."""
    for place, kind in enumerate(config.types):
        at = f"/types/{place}"
        yield from _lacking_one(names, "lifecycle", kind.lifecycle, CONFIG, f"{at}/lifecycle")
        yield from _lacking(names, "role", kind.roles.required if kind.roles else (), CONFIG, f"{at}/roles/required")
        yield from _lacking(names, "field", kind.fields, CONFIG, f"{at}/fields")
        yield from _lacking(names, "reviewer", kind.reviewers, CONFIG, f"{at}/reviewers")
    defaults = [place for place, kind in enumerate(config.types) if kind.default]
    for place in defaults[1:]:
        yield _config(
            f"/types/{place}/default", "two_defaults", "more than one default type", "keep `default: true` on one type"
        )
    for place, role in enumerate(config.roles):
        at = f"/roles/{place}"
        if role.required is not None:
            yield from _lacking(names, "severity", role.required.severities, CONFIG, f"{at}/required/severities")
            yield from _lacking(names, "type", role.required.types, CONFIG, f"{at}/required/types")
        yield from _lacking(names, "role", role.not_with, CONFIG, f"{at}/not_with")
    for scope, row in config.priority_matrix.items():
        for urgency, level in row.items():
            yield from _lacking_one(names, "priority", level, CONFIG, f"/priority_matrix/{scope}/{urgency}")


def lifecycles(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Transitions use known statuses and guards, and every status can be reached."""
    for name, lifecycle in config.lifecycles.items():
        yield from _repeated(lifecycle.statuses, f"/lifecycles/{name}/statuses", CONFIG)
        statuses = tuple(status.key for status in lifecycle.statuses)
        for place, step in enumerate(lifecycle.transitions):
            at = f"/lifecycles/{name}/transitions/{place}"
            if step.from_ not in (*statuses, NEW):
                yield unknown("status", step.from_, (*statuses, NEW), path=CONFIG, pointer=f"{at}/from")
            if step.to not in statuses:
                yield unknown("status", step.to, statuses, path=CONFIG, pointer=f"{at}/to")
            for number, guard in enumerate(step.guards):
                if guard not in GUARDS:
                    yield unknown("guard", guard, tuple(GUARDS), path=CONFIG, pointer=f"{at}/guards/{number}")
        yield from _acts(name, lifecycle)
        for place, status in enumerate(statuses):
            if status not in _reached(lifecycle):
                yield _config(
                    f"/lifecycles/{name}/statuses/{place}/key",
                    "unreachable",
                    f"status `{status}` is unreachable: no transition leads to it",
                    f"transitions: - {{from: …, to: {status}}}",
                )


def _acts(name: str, lifecycle: Lifecycle) -> Iterator[Problem]:
    """Each command makes one transition from a status, and a live status can be left."""
    for place, act, other in ambiguous(lifecycle):
        step = lifecycle.transitions[place]
        yield _config(
            f"/lifecycles/{name}/transitions/{place}",
            "ambiguous_act",
            f"`{act}` leads from `{step.from_}` to `{other.to}` and to `{step.to}`",
            "name another command for one of the two: act: …",
        )
    for place, status in dead_ends(lifecycle):
        yield _config(
            f"/lifecycles/{name}/statuses/{place}",
            "dead_end",
            f"no transition leaves the live status `{status}`",
            f"transitions: - {{from: {status}, to: …, act: resolve}}",
        )


def _reached(lifecycle: Lifecycle) -> set[str]:
    reached, before = {NEW}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {step.to for step in lifecycle.transitions if step.from_ in reached}
    return reached


def intake(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Rules for alerts name severities and components that exist."""
    for kind, word, pointer in names_in_rules(config.intake):
        yield from _lacking_one(names, kind, word, CONFIG, pointer)


def languages(config: Config, _: OnCall, __: Names) -> Iterator[Problem]:
    """The status page has words in its languages."""
    for place, tag in enumerate(config.page.languages):
        if shipped_language(tag) is None:
            yield Problem(
                code="unknown_language",
                severity="warning",
                message=f"the status page has no words in `{tag}`",
                hint=f"languages: {', '.join(SHIPPED)}",
                path=CONFIG,
                pointer=f"/page/languages/{place}",
            )


def fields(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Custom fields are required at severities that exist."""
    for name, custom in config.fields.items():
        yield from _lacking(names, "severity", custom.required_for, CONFIG, f"/fields/{name}/required_for")


def policies(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Policies use classes, severities and assessment keys that exist."""
    classes = ("priority", "improvement", "cleanup")
    for word, row in config.policies.actions.items():
        if word not in classes:
            yield _config(
                f"/policies/actions/{word}",
                "unknown_class",
                f"unknown action class `{word}`",
                f"classes: {', '.join(classes)}",
            )
        for level in row:
            if level != "default" and names.lacks("severity", level):
                yield names.unknown("severity", level, path=CONFIG, pointer=f"/policies/actions/{word}/{level}")
    for place, guard in enumerate(config.policies.not_for_minor):
        if guard not in GUARDS:
            yield unknown("guard", guard, tuple(GUARDS), path=CONFIG, pointer=f"/policies/not_for_minor/{place}")
    if duration(config.policies.oncall.ahead) > ONCALL_FURTHEST:
        said = f"`{config.policies.oncall.ahead}` is more than the {ONCALL_FURTHEST.days} days that `check` looks ahead"
        yield _config(
            "/policies/oncall/ahead", "too_far_ahead", said, "ahead: 90d; to look further: sevlog oncall check --days N"
        )
    assessed = AssessedFacts.__struct_fields__
    for place, word in enumerate(config.policies.assessment):
        if word not in assessed:
            yield _config(
                f"/policies/assessment/{place}",
                "unknown_key",
                f"unknown assessment key `{word}`",
                f"keys: {', '.join(assessed)}",
            )


def postmortems(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """The investigation board and the reviewers of postmortems are people, teams and roles that exist."""
    policy, at = config.policies.postmortem, "/policies/postmortem"
    yield from _lacking(names, "reviewer", policy.board, CONFIG, f"{at}/board")
    yield from _lacking_one(names, "role", policy.board_role, CONFIG, f"{at}/board_role")
    yield from _lacking(names, "role", policy.reviewer_roles, CONFIG, f"{at}/reviewer_roles")


def teams(_: Config, oncall: OnCall, names: Names) -> Iterator[Problem]:
    """Members are people; schedules, policies and calendars exist."""
    for place, team in enumerate(oncall.teams):
        at = f"/teams/{place}"
        yield from _lacking(names, "person", team.members, ONCALL, f"{at}/members")
        yield from _lacking_one(names, "schedule", team.schedule, ONCALL, f"{at}/schedule")
        yield from _lacking_one(names, "policy", team.escalation, ONCALL, f"{at}/escalation")
        if team.holidays is not None and team.holidays not in oncall.holidays:
            yield Problem(
                code="unknown_calendar",
                message=f"holiday calendar `{team.holidays}` is not listed in oncall.yaml",
                path=ONCALL,
                pointer=f"{at}/holidays",
                hint=f"holidays: {', '.join(oncall.holidays) or 'none'}",
            )
    for place, absence in enumerate(oncall.time_off):
        yield from _lacking_one(names, "person", absence.person, ONCALL, f"/time_off/{place}/person")
    for key, calendar in oncall.holidays.items():
        yield from _lacking_one(names, "schedule", calendar.schedule, ONCALL, f"/holidays/{key}/schedule")
    yield from _lacking_one(names, "schedule", oncall.incident_manager_schedule, ONCALL, "/incident_manager_schedule")


def schedules(_: Config, oncall: OnCall, names: Names) -> Iterator[Problem]:
    """Layers and overrides name known people and end after they start; escalation steps name known targets."""
    for place, schedule in enumerate(oncall.schedules):
        for number, layer in enumerate(schedule.layers):
            at = f"/schedules/{place}/layers/{number}"
            yield from _lacking(names, "person", layer.members, ONCALL, f"{at}/members")
            if layer.until is not None and layer.until[:16] <= layer.start[:16]:
                yield _backwards(f"{at}/until", "the layer ends before it starts")
        for number, override in enumerate(schedule.overrides):
            at = f"/schedules/{place}/overrides/{number}"
            yield from _lacking_one(names, "person", override.person, ONCALL, f"{at}/person")
            if override.to[:16] <= override.from_[:16]:
                yield _backwards(f"{at}/to", "the override ends before it starts")
    for place, absence in enumerate(oncall.time_off):
        if absence.to[:10] < absence.from_[:10]:
            yield _backwards(f"/time_off/{place}/to", "the absence ends before it starts")
    for place, policy in enumerate(oncall.escalations):
        for number, step in enumerate(policy.steps):
            kind, _colon, name = step.notify.partition(":")
            yield from _lacking_one(names, kind, name, ONCALL, f"/escalations/{place}/steps/{number}/notify")


def _backwards(pointer: str, message: str) -> Problem:
    return Problem(code="window", message=message, path=ONCALL, pointer=pointer, hint="check the day")


CONFIG_RULES: tuple[ConfigRule, ...] = (
    unknown_events,
    unique_keys,
    components,
    process,
    lifecycles,
    intake,
    languages,
    fields,
    policies,
    postmortems,
    teams,
    schedules,
    trackers,
    *COMMS_RULES,
    *NOTIFY_RULES,
    *ONCALL_RULES,
)
"""Every rule for the two files."""
