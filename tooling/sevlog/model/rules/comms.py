"""Rules for the section `comms` of sevlog.yaml: the names in the plan exist, and groups contain no addresses."""

from __future__ import annotations

from collections.abc import Iterator

from ..comms.lint import ALLOWED, RULES
from ..comms.plan import NOBODY
from ..comms.private_words import MAIL, PHONE
from ..config.comms import AudienceSettings, PlanRow
from ..config.settings import Config
from ..learning.lint.rules import RULES as POSTMORTEM_RULES
from ..oncall.roster import OnCall
from ..problem import Problem
from ..suggestions import did_you_mean
from .known_names import Names

_FILE = "sevlog.yaml"


def plan(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Approvers are roles, and the plan uses groups and severities that exist."""
    for audience, told in config.comms.audiences.items():
        yield from _unknown_names(config, names, told, f"/comms/audiences/{audience}")
    for place, row in enumerate(config.comms.plan):
        yield from _row(config, names, row, f"/comms/plan/{place}")
    for key, rows in config.comms.plans.items():
        for place, row in enumerate(rows):
            yield from _row(config, names, row, f"/comms/plans/{key}/{place}")
    for place, kind in enumerate(config.types):
        if kind.comms is not None and kind.comms not in config.comms.plans:
            yield _unknown("plan", kind.comms, tuple(config.comms.plans), f"/types/{place}/comms", "unknown_plan")


def _row(config: Config, names: Names, row: PlanRow, at: str) -> Iterator[Problem]:
    for place, level in enumerate(row.severities):
        if names.lacks("severity", level):
            yield names.unknown("severity", level, path=_FILE, pointer=f"{at}/severities/{place}")
    yield from _unknown_names(config, names, row, at)


def _unknown_names(config: Config, names: Names, told: AudienceSettings, at: str) -> Iterator[Problem]:
    if told.approver not in (None, NOBODY) and names.lacks("role", told.approver or ""):
        yield names.unknown("role", told.approver or "", path=_FILE, pointer=f"{at}/approver")
    for place, group in enumerate(told.groups or ()):
        if group not in config.comms.groups:
            yield _unknown("group", group, tuple(config.comms.groups), f"{at}/groups/{place}", "unknown_group")


def groups(config: Config, _: OnCall, names: Names) -> Iterator[Problem]:
    """Groups consist of people, teams, groups or names of lists, and contain no addresses (S52)."""
    for key, members in config.comms.groups.items():
        for place, member in enumerate(members):
            at = f"/comms/groups/{key}/{place}"
            kind, _colon, name = member.partition(":")
            if MAIL.search(member) or PHONE.search(member):
                yield _problem(
                    at,
                    "personal_data",
                    "personal address in a group: addresses do not belong in git",
                    "use the name of a list, and keep its addresses in an environment secret",
                )
            elif kind == "group" and name not in config.comms.groups:
                yield _unknown("group", name, tuple(config.comms.groups), at, "unknown_group")
            elif kind in ("team", "person") and name and names.lacks(kind, name):
                yield names.unknown(kind, name, path=_FILE, pointer=at)
        if f"group:{key}" in members:
            place = members.index(f"group:{key}")
            yield _problem(
                f"/comms/groups/{key}/{place}", "circular", f"group `{key}` is a member of itself", "remove it"
            )


def lint_rules(config: Config, _: OnCall, __: Names) -> Iterator[Problem]:
    """Settings and word lists of both lints belong to rules that exist."""
    for at, settings, rules in (
        ("/comms/lint", config.comms.lint, tuple(RULES)),
        ("/policies/postmortem_lint", config.policies.postmortem_lint, tuple(POSTMORTEM_RULES)),
    ):
        for key in settings.rules:
            if key not in rules:
                yield _unknown("rule", key, rules, f"{at}/rules/{key}", "unknown_lint")
        for key in settings.words:
            if key not in (*rules, ALLOWED):
                yield _unknown("rule", key, (*rules, ALLOWED), f"{at}/words/{key}", "unknown_lint")


def _unknown(what: str, name: str, known: tuple[str, ...], at: str, code: str) -> Problem:
    hint = did_you_mean(name, known) or f"{what}s: {', '.join(known) or 'none'}"
    return _problem(at, code, _UNKNOWN[what].format(name), hint)


_UNKNOWN = {
    "plan": "plan `{}` is not listed in `comms.plans`",
    "group": "group `{}` is not listed in `comms.groups`",
    "rule": "unknown lint rule `{}`",
}
"""Kind of name -> the message for an unknown one."""


def _problem(pointer: str, code: str, message: str, hint: str) -> Problem:
    return Problem(code=code, message=message, path=_FILE, pointer=pointer, hint=hint)


COMMS_RULES = (plan, groups, lint_rules)
"""Every rule for the section."""
