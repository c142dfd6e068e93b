"""The guards of later transitions: conditions for monitoring, resolving, closing, reopening and merging."""

from __future__ import annotations

from collections.abc import Iterator

from ..config.settings import duration
from ..vocabulary import FINAL_PHASES, in_words
from .entries import DRAFT_FILES, Raised, Task
from .fold_state import Draft
from .missing import Missing, Step


def mitigation(draft: Draft, step: Step) -> Missing | None:
    """A mitigation is recorded since the incident began, or since it last returned."""
    if draft.mitigated:
        return None
    again = len([taken for taken in draft.status_steps if taken.status == draft.status]) > 1
    return Missing(
        f"no mitigation recorded {'since the incident returned' if again else 'yet'}",
        'sevlog act -i ID --type mitigation "what was done"',
    )


_OPTIONS = {
    "affected_count": "affected",
    "affected_percent": "affected",
    "factors": "factor",
    "support_case_refs": "support-cases",
}
"""Assessment key -> its option, where the two differ."""


def assessment(draft: Draft, step: Step) -> Missing | None:
    """The assessment has the keys that `policies.assessment` requires, and does not deny the incident."""
    absent = [key for key in draft.config.policies.assessment if getattr(draft.assessed, key, None) is None]
    if absent:
        options = " ".join(dict.fromkeys(f"--{_OPTIONS.get(key, key.replace('_', '-'))} …" for key in absent))
        words = " and ".join(in_words(key) for key in absent)
        return Missing(f"assessment is incomplete: {words} missing", f"sevlog assess -i ID {options}")
    if draft.assessed.confirmed is False:
        return Missing(
            "the assessment says that this incident is not confirmed",
            'if it is real: sevlog assess -i ID --confirmed; if not: sevlog decline -i ID --reason "…"',
        )
    return None


def attestation(draft: Draft, step: Step) -> Missing | None:
    """The lead incident manager attests that the current and imminent business impact has ended."""
    role = draft.config.role_name(draft.config.lead_role).lower()
    lead, attestation = draft.lead, None if isinstance(step, Raised) else step.attestation
    if lead is None:
        return Missing(
            f"no lead {role}: only the lead can attest that the impact has ended",
            f"sevlog assign -i ID {draft.config.lead_role} PERSON --lead",
        )
    if not attestation:
        return Missing(
            f"the lead {role} must attest that the current and imminent business impact has ended",
            'add --attestation "how we know"',
        )
    if step.by != lead:
        return Missing(
            f"only the lead {role} ({lead}) can attest that the impact has ended, not {step.by or 'nobody'}",
            f"ask {lead} to resolve it, or take the lead first: "
            f"sevlog assign -i ID {draft.config.lead_role} {step.by} --lead",
        )
    return None


def impact_end(draft: Draft, step: Step) -> Missing | None:
    """The time when the impact ended is recorded."""
    if draft.clocks.get("ended_at") is not None:
        return None
    return Missing("end time of the impact is missing", "add --ended-at TIME (or --ended-at now)")


def final_updates(draft: Draft, step: Step) -> Missing | None:
    """Every audience that received an update received a final one."""
    last = draft.last_phases
    waiting = [audience for audience, phase in last.items() if phase not in FINAL_PHASES]
    if not waiting:
        return None
    maintenance = draft.record.card.kind == "maintenance"
    phase = "completed" if maintenance else "resolved"
    commands = "; ".join(f'sevlog update -i ID --audience {a} --phase {phase} "…"' for a in waiting)
    return Missing(
        f"no final update sent to: {', '.join(waiting)}",
        commands if maintenance else f'add --final-update "…" for all of them, or: {commands}',
    )


def reopen_window(draft: Draft, step: Step) -> Missing | None:
    """The incident was resolved within `policies.reopen_within`."""
    resolved_at = draft.clocks.get("resolved_at")
    window = draft.config.policies.reopen_within
    if resolved_at is None or step.at - resolved_at <= duration(window):
        return None
    return Missing(
        f"too late to reopen: resolved more than {window} ago",
        "raise a new incident and link it: sevlog raise …, then: sevlog link -i NEW ID",
    )


def cleanups(draft: Draft, step: Step) -> Missing | None:
    """All tasks of the response are done or dropped."""
    waiting = {t.ref: f"{t.ref} ({t.text})" if t.text else t.ref for t in draft.tasks.values() if t.state == "open"}
    texts = {entry.ref: waiting.pop(entry.ref) for entry in _drafts(draft) if entry.ref in waiting}
    said, hints = [], []
    if waiting:
        more = ", and so on" if len(waiting) > 1 else ""
        said.append(f"open tasks: {', '.join(waiting.values())}")
        hints.append(f"sevlog task -i ID --ref {next(iter(waiting))} --state done{more} (or --state dropped)")
    if texts:
        ref = next(iter(texts))
        said.append(f"drafts that wait for approval: {', '.join(texts.values())}")
        hints.append(f"sevlog approve -i ID {ref}; or, to drop it: sevlog task -i ID --ref {ref} --state dropped")
    return Missing("; ".join(said), "; ".join(hints)) if said else None


def _drafts(draft: Draft) -> Iterator[Task]:
    """The tasks that are drafts of updates: one for each entry that has a draft file."""
    for entry in draft.record.entries:
        if isinstance(entry, Task) and any((one.file or "").startswith(DRAFT_FILES) for one in entry.evidence):
            yield entry


def postmortem(draft: Draft, step: Step) -> Missing | None:
    """If the severity requires a postmortem, it is approved, published, or waived with a reason and an approver."""
    if not draft.config.needs_postmortem(draft.severity):
        return None
    found = draft.record.postmortem
    if found is None:
        return Missing(
            f"{draft.severity} requires a postmortem: not started yet",
            'sevlog postmortem new -i ID; or, with a reason: sevlog postmortem waive -i ID --reason "…"',
        )
    if found.status in ("approved", "published"):
        return None
    if found.status != "waived":
        message = f"the postmortem is still `{found.status}`: it must be approved or waived"
        return Missing(message, _TO_APPROVAL.get(found.status, _TO_APPROVAL["draft"]))
    if found.reason and found.approved_by:
        return None
    return Missing("the postmortem is waived without `reason` or `approved_by`", "set both in postmortem.md")


_APPROVE = 'sevlog postmortem approve -i ID; or, with a reason: sevlog postmortem waive -i ID --reason "…"'
_TO_APPROVAL = {
    "draft": "write it: sevlog postmortem edit -i ID; when it is written: sevlog postmortem submit -i ID; "
    f"after the review: {_APPROVE}",
    "in_review": f"after the review: {_APPROVE}",
}
"""Status of a postmortem -> the commands that lead to its approval."""


def actions(draft: Draft, step: Step) -> Missing | None:
    """On a major incident, each accepted action item has an owner and a due date."""
    if not draft.config.is_major(draft.severity):
        return None
    agreed = [a for a in draft.record.actions if a.status in ("accepted", "in_progress")]
    vague = [a.id for a in agreed if not (a.owner or a.team) or not a.due]
    if not vague:
        return None
    return Missing(
        f"action items without owner or due date: {', '.join(vague)}",
        "set `owner` (or `team`) and `due` in actions.yaml",
    )


def merge_target(draft: Draft, step: Step) -> Missing | None:
    """The other incident that this one is merged into is named. No override passes this guard."""
    into = None if isinstance(step, Raised) else step.into
    if into is None:
        return Missing("target incident of the merge is missing", "sevlog merge -i ID OTHER")
    if into == draft.record.id:
        return Missing("an incident cannot be merged into itself", "name the other incident: sevlog merge -i ID OTHER")
    return None
