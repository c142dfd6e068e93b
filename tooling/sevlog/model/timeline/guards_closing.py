"""The guards from the mitigation on: what must be true before it is watched, resolved, closed, reopened or merged."""

from __future__ import annotations

from ..config.settings import duration
from ..vocabulary import FINAL_PHASES, in_words
from .entries import Raised
from .fold_state import Draft
from .missing import Missing, Step


def mitigation(draft: Draft, step: Step) -> Missing | None:
    """Something was done that mitigates the impact, since the last relapse."""
    if draft.mitigated:
        return None
    again = len([taken for taken in draft.status_steps if taken.status == draft.status]) > 1
    return Missing(
        f"nothing was recorded{' since it came back' if again else ''} that mitigates the impact",
        'sevlog act -i ID --type mitigation "what was done"',
    )


_OPTIONS = {"affected_count": "affected", "affected_percent": "affected", "factors": "factor"}
"""Assessment key -> its option, where that is not the key itself."""


def assessment(draft: Draft, step: Step) -> Missing | None:
    """The assessment has what `policies.assessment` asks for, and does not say that it is no incident."""
    absent = [key for key in draft.config.policies.assessment if draft.known.get(key) is None]
    if absent:
        options = " ".join(dict.fromkeys(f"--{_OPTIONS.get(key, key.replace('_', '-'))} …" for key in absent))
        words = " and ".join(in_words(key) for key in absent)
        return Missing(f"the assessment lacks: {words}", f"sevlog assess -i ID {options}")
    if draft.known.get("confirmed") is False:
        return Missing(
            "the assessment says that the incident is not confirmed",
            'if it is real: sevlog assess -i ID --confirmed; if not: sevlog decline -i ID --reason "…"',
        )
    return None


def attestation(draft: Draft, step: Step) -> Missing | None:
    """The lead incident manager attests that current and imminent impact on the business has ended."""
    lead, attestation = draft.lead, None if isinstance(step, Raised) else step.attestation
    if lead is None:
        return Missing(
            "nobody leads it, and only the lead incident manager can attest that the impact has ended",
            "sevlog assign -i ID incident_manager PERSON --lead",
        )
    if not attestation:
        return Missing(
            "the lead incident manager must attest that the current and imminent business impact has ended",
            'add --attestation "how we know"',
        )
    if step.by != lead:
        return Missing(
            f"only the lead incident manager, {lead}, can attest that the impact has ended, not {step.by or 'nobody'}",
            f"let {lead} resolve it, or take the lead first: sevlog assign -i ID incident_manager {step.by} --lead",
        )
    return None


def impact_end(draft: Draft, step: Step) -> Missing | None:
    """It says when the impact ended."""
    if draft.clocks.get("ended_at") is not None:
        return None
    return Missing("nothing says when the impact ended", "add --ended-at TIME (or --ended-at now)")


def final_updates(draft: Draft, step: Step) -> Missing | None:
    """Every audience that was told of it got a last update."""
    last = {u.entry.audience: u.entry.phase for u in draft.updates}
    waiting = [audience for audience, phase in last.items() if phase not in FINAL_PHASES]
    if not waiting:
        return None
    maintenance = draft.record.card.kind == "maintenance"
    phase = "completed" if maintenance else "resolved"
    commands = "; ".join(f'sevlog update -i ID --audience {a} --phase {phase} "…"' for a in waiting)
    return Missing(
        f"no final update went to: {', '.join(waiting)}",
        commands if maintenance else f'add --final-update "…" for all of them, or: {commands}',
    )


def reopen_window(draft: Draft, step: Step) -> Missing | None:
    """It was resolved no longer ago than `policies.reopen_within`."""
    resolved_at = draft.clocks.get("resolved_at")
    window = draft.config.policies.reopen_within
    if resolved_at is None or step.at - resolved_at <= duration(window):
        return None
    return Missing(
        f"it was resolved more than {window} ago",
        "raise a new incident instead: sevlog raise …, then link the two: sevlog link -i NEW ID",
    )


def cleanups(draft: Draft, step: Step) -> Missing | None:
    """No task of the response is open."""
    waiting = {t.ref: f"{t.ref} ({t.text})" if t.text else t.ref for t in draft.tasks.values() if t.state == "open"}
    if not waiting:
        return None
    more = ", and so on" if len(waiting) > 1 else ""
    return Missing(
        f"not done yet: {', '.join(waiting.values())}",
        f"sevlog task -i ID --ref {next(iter(waiting))} --state done{more} (or dropped)",
    )


def postmortem(draft: Draft, step: Step) -> Missing | None:
    """A severity that needs a postmortem has one that is approved, published or waived with reason and approver."""
    if not draft.config.needs_postmortem(draft.severity):
        return None
    found = draft.record.postmortem
    if found is None:
        return Missing(
            f"a {draft.severity} needs a postmortem and there is none",
            'sevlog postmortem new -i ID (or, with a reason: sevlog postmortem waive -i ID --reason "…")',
        )
    if found.status in ("approved", "published"):
        return None
    if found.status != "waived":
        message = f"the postmortem is `{found.status}`: it must be approved or waived"
        return Missing(message, _TO_APPROVAL.get(found.status, _TO_APPROVAL["draft"]))
    if found.reason and found.approved_by:
        return None
    return Missing("the postmortem is waived without `reason` or `approved_by`", "add both to postmortem.md")


_APPROVE = 'sevlog postmortem approve -i ID (or, with a reason: sevlog postmortem waive -i ID --reason "…")'
_TO_APPROVAL = {
    "draft": f"when it is written: sevlog postmortem submit -i ID; when it was reviewed: {_APPROVE}",
    "in_review": f"when it was reviewed: {_APPROVE}",
}
"""Status of a postmortem -> how it gets on from there."""


def actions(draft: Draft, step: Step) -> Missing | None:
    """On a major incident each agreed action has an owner and a due date."""
    if not draft.config.is_major(draft.severity):
        return None
    agreed = [a for a in draft.record.actions if a.status in ("accepted", "in_progress")]
    vague = [a.id for a in agreed if not (a.owner or a.team) or not a.due]
    if not vague:
        return None
    return Missing(f"accepted actions without owner or due date: {', '.join(vague)}", "add both in actions.yaml")


def merge_target(draft: Draft, step: Step) -> Missing | None:
    """It says into which other incident it is merged."""
    into = None if isinstance(step, Raised) else step.into
    if into is None:
        return Missing("nothing says which incident it is merged into", "sevlog merge -i ID OTHER")
    if into == draft.record.id:
        return Missing("an incident cannot be merged into itself", "name the other incident: sevlog merge -i ID OTHER")
    return None
