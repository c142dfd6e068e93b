"""Conditions for publishing a text: its approval and the findings of the lint.

Each can be passed with an override. Commands apply the rules, and `check --base` applies them to a pull request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec import Struct

from ..comms.lint import PREFIX, RULES, Finding, Hearing, lint
from ..comms.plan import OUTSIDE, Plan, plan_of
from ..config.settings import Config
from ..oncall.roster import OnCall
from ..timeline.entries import Assigned, Handover, Update
from ..timeline.entry_parts import Entry
from ..timeline.state import State
from ..vocabulary import in_words

APPROVAL = "approval"
TEXT_RULES = (APPROVAL, *(f"{PREFIX}{name}" for name in RULES))
"""The rules that `--override` can name besides guards."""
LINT_SECRET = f"{PREFIX}secret"
"""The override that publishes a text that may contain a secret."""


class Approval(Struct, frozen=True, kw_only=True):
    """Whether a text may be published.

    by: who approved it; None if no approval is needed or nobody holds the role. missing: why it may not be published,
    else None. asked: the people who can approve it. role: the approver's.
    """

    by: str | None = None
    missing: str | None = None
    asked: tuple[str, ...] = ()
    role: str | None = None

    @property
    def unasked(self) -> bool:
        """Approval is required but nobody holds the role. The text is published: customers must not wait for that."""
        return self.role is not None and not self.asked


def approvers(state: State, plan: Plan, act: Iterable[Entry] = ()) -> tuple[str, ...]:
    """Who may approve: the holders of the role, and the deputies of an incident manager.

    act: entries of the same act, which may assign the role.
    """
    roles = (plan.approver, *plan.deputies)
    now = [h.person for h in state.holders if h.role in roles and h.workstream is None]
    given = [e.person for e in act if isinstance(e, Assigned) and e.role in roles and e.workstream is None]
    given += [e.to for e in act if isinstance(e, Handover) and e.role in roles and e.accepted]
    return tuple(dict.fromkeys((*now, *given)))


def approval_of(
    state: State,
    plan: Plan,
    *,
    author: str,
    sender: str,
    named: str | None,
    waited: timedelta | None = None,
    act: Iterable[Entry] = (),
) -> Approval:
    """Whether a text by `author`, sent by `sender`, is approved. named: the approver that was given, if any."""
    if plan.approver is None:
        return Approval(by=named)
    asked = approvers(state, plan, act)
    found = Approval(asked=asked, role=plan.approver)
    if not asked:
        return Approval(by=named, role=plan.approver)
    by = named or (sender if sender in asked else None)
    if by is None:
        return _missing(found, f"{_role(plan)} ({', '.join(asked)}) has not approved it yet")
    if by not in asked:
        return _missing(found, f"{by} cannot approve it: only {_role(plan)} can ({', '.join(asked)})")
    if by == author and not plan.self_approval:
        return _missing(found, f"{by} wrote it, so somebody else must approve it")
    return Approval(by=by, asked=asked, role=plan.approver)


def _missing(found: Approval, why: str) -> Approval:
    return Approval(missing=why, asked=found.asked, role=found.role)


def _role(plan: Plan) -> str:
    return f"the {in_words(plan.approver or '')}"


def needs_approval(update: Update) -> bool:
    """Whether an update needs approval; imported ones do not."""
    return update.by is not None


def hearing_of(state: State, config: Config, oncall: OnCall, update: Update, *, title: str | None = None) -> Hearing:
    """The text of an update with the facts that the lint needs. title: the public title it comes with."""
    states = {**state.components, **(update.components or {})}
    hidden = [c.name for c in config.components if not c.public]
    hidden += [c.key for c in config.components if not c.public and "-" in c.key]
    people = [
        word for p in oncall.people for word in (p.name, *_first_names(p.name), f"@{p.key}", f"@{p.forge}") if word
    ]
    people += [p.key for p in oncall.people if len(p.key) > 3]
    same = state.card.title in (title, state.card.public_title)
    return Hearing(
        text=update.text,
        phase=update.phase,
        down="major_outage" in states.values(),
        people=tuple(people),
        hidden=(*hidden, *(t.name for t in oncall.teams if t.name and " " in t.name)),
        ids=(state.id, *(s.key for s in config.severities), *(p.key for p in config.priorities)),
        title=None if same else state.card.title,
        support=config.page.support_url,
    )


def _first_names(name: str | None) -> tuple[str, ...]:
    parts = (name or "").split()
    return (parts[0],) if parts else ()


def findings_of(
    state: State, config: Config, oncall: OnCall, update: Update, *, title: str | None = None
) -> tuple[Finding, ...]:
    """The findings of the lint in an update; none for internal audiences."""
    if update.audience not in OUTSIDE:
        return ()
    return lint(hearing_of(state, config, oncall, update, title=title), config.comms.lint)


def plan_of_update(config: Config, state: State, update: Update) -> Plan:
    """The communication plan for an update."""
    return plan_of(config, state, update.audience, update.phase)


def stated(findings: Iterable[Finding]) -> Iterator[str]:
    """Findings as lines of text."""
    for f in findings:
        yield f"{f.line}:{f.column} “{f.excerpt}”: {f.message} ({PREFIX}{f.rule}); {f.instead}"
