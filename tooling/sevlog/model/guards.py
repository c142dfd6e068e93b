"""The guards of the lifecycle: what must be true before a step. One function a guard, one table, used by all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from .config import duration
from .draft import Draft
from .entries import Raised, StatusChanged
from .vocabulary import FINAL_PHASES

Step = Raised | StatusChanged


class Missing(Struct, frozen=True):
    """What a guard misses, and the command that would provide it. `ID` in the command stands for the incident."""

    message: str
    hint: str


Guard = Callable[[Draft, Step], Missing | None]


def _title(draft: Draft, step: Step) -> Missing | None:
    """The card has a title."""
    if draft.record.card.title.strip():
        return None
    return Missing("the incident has no title", "set `title` in incident.yaml")


def _detection(draft: Draft, step: Step) -> Missing | None:
    """The card says how we came to know of it."""
    if draft.record.card.detection is not None:
        return None
    return Missing(
        "nothing says how we came to know of it",
        "add --source monitoring, customer_report or personnel (`detection: {source: …}` in incident.yaml)",
    )


def _reporter(draft: Draft, step: Step) -> Missing | None:
    """It says who reported it: the entry's author, or `detection.reporter` of the card."""
    detection = draft.record.card.detection
    if step.by or (detection and detection.reporter):
        return None
    return Missing(
        "nothing says who reported it", "add --reporter PERSON (`detection: {reporter: …}` in incident.yaml)"
    )


def _severity(draft: Draft, step: Step) -> Missing | None:
    """It has a severity."""
    if draft.severity is not None:
        return None
    return Missing("it has no severity", "add --severity LEVEL")


def _priority(draft: Draft, step: Step) -> Missing | None:
    """It has a priority."""
    if draft.priority is not None:
        return None
    return Missing("it has no priority", "add --priority LEVEL")


def _component(draft: Draft, step: Step) -> Missing | None:
    """At least one component is named, or `unknown`."""
    if draft.components:
        return None
    return Missing("no component is named", "add --component KEY=STATE, or --component unknown")


def _summary(draft: Draft, step: Step) -> Missing | None:
    """The card has a summary: what is the emergency?"""
    if (draft.record.card.summary or "").strip():
        return None
    return Missing("it has no summary: what is the emergency?", 'add --summary "…" (`summary` in incident.yaml)')


def _reason(draft: Draft, step: Step) -> Missing | None:
    """The step says why."""
    if isinstance(step, Raised) or step.reason:
        return None
    return Missing(f"going to `{step.to}` needs a reason", 'add --reason "…"')


def _closing_update(draft: Draft, step: Step) -> Missing | None:
    """Customers who were told of it were told that it is over."""
    public = [u.entry for u in draft.updates if u.entry.audience == "public"]
    if not public or public[-1].phase in FINAL_PHASES:
        return None
    return Missing(
        f"customers were last told `{public[-1].phase}`: they need a closing update",
        'sevlog update -i ID --audience public --phase resolved "…"',
    )


def _lead(draft: Draft, step: Step) -> Missing | None:
    """Somebody leads it as incident manager."""
    if draft.lead is not None:
        return None
    return Missing(
        "nobody leads it: an incident manager must take command",
        "sevlog assign -i ID incident_manager PERSON --lead (or take it yourself: sevlog ack -i ID)",
    )


def _channel(draft: Draft, step: Step) -> Missing | None:
    """There is a channel where the response talks."""
    if draft.channels:
        return None
    return Missing(
        "there is no channel where the response talks",
        "sevlog ack -i ID --channel chat=URL (also video=URL, document=URL), or: sevlog channel -i ID chat URL",
    )


def _mitigation(draft: Draft, step: Step) -> Missing | None:
    """Something was done that mitigates the impact, since the last relapse."""
    if draft.mitigated:
        return None
    again = len([step for step in draft.status_steps if step.status == draft.status]) > 1
    return Missing(
        f"nothing was recorded{' since it came back' if again else ''} that mitigates the impact",
        'sevlog act -i ID --type mitigation "what was done"',
    )


_OPTIONS = {"affected_count": "affected", "affected_percent": "affected", "factors": "factor"}
"""Assessment key -> its option, where that is not the key itself."""


def _assessment(draft: Draft, step: Step) -> Missing | None:
    """The assessment has what `policies.assessment` asks for, and does not say that it is no incident."""
    absent = [key for key in draft.config.policies.assessment if draft.known.get(key) is None]
    if absent:
        options = " ".join(dict.fromkeys(f"--{_OPTIONS.get(key, key.replace('_', '-'))} …" for key in absent))
        words = " and ".join(key.replace("_", " ") for key in absent)
        return Missing(f"the assessment lacks: {words}", f"sevlog assess -i ID {options}")
    if draft.known.get("confirmed") is False:
        return Missing(
            "the assessment says that the incident is not confirmed",
            'if it is real: sevlog assess -i ID --confirmed; if not: --override assessment --reason "false alarm"',
        )
    return None


def _attestation(draft: Draft, step: Step) -> Missing | None:
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


def _impact_end(draft: Draft, step: Step) -> Missing | None:
    """It says when the impact ended."""
    if draft.clocks.get("ended_at") is not None:
        return None
    return Missing("nothing says when the impact ended", "add --ended-at TIME (or --ended-at now)")


def _final_updates(draft: Draft, step: Step) -> Missing | None:
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


def _reopen_window(draft: Draft, step: Step) -> Missing | None:
    """It was resolved no longer ago than `policies.reopen_within`."""
    resolved_at = draft.clocks.get("resolved_at")
    window = draft.config.policies.reopen_within
    if resolved_at is None or step.at - resolved_at <= duration(window):
        return None
    return Missing(
        f"it was resolved more than {window} ago",
        "raise a new incident instead: sevlog raise …, then link the two: sevlog link -i NEW ID",
    )


def _cleanups(draft: Draft, step: Step) -> Missing | None:
    """No task of the response is open."""
    waiting = {t.ref: f"{t.ref} ({t.text})" if t.text else t.ref for t in draft.tasks.values() if t.state == "open"}
    if not waiting:
        return None
    return Missing(
        f"not done yet: {', '.join(waiting.values())}",
        f"sevlog task -i ID {next(iter(waiting))} --state done{', and so on' if len(waiting) > 1 else ''} (or dropped)",
    )


def _postmortem(draft: Draft, step: Step) -> Missing | None:
    """A severity that needs a postmortem has one that is approved, published or waived with reason and approver."""
    if not draft.config.needs_postmortem(draft.severity):
        return None
    found = draft.record.postmortem
    if found is None:
        return Missing(
            f"a {draft.severity} needs a postmortem and there is none", f"add postmortem.md with {_APPROVED}"
        )
    if found.status in ("approved", "published"):
        return None
    if found.status != "waived":
        message = f"the postmortem is `{found.status}`: it must be approved or waived"
        return Missing(message, f"when it was reviewed, write in postmortem.md: {_APPROVED}")
    if found.reason and found.approved_by:
        return None
    return Missing("the postmortem is waived without `reason` or `approved_by`", "add both to postmortem.md")


_APPROVED = "`status: approved` and `approved_by: PERSON` (or `status: waived`, with `reason` and `approved_by`)"


def _actions(draft: Draft, step: Step) -> Missing | None:
    """On a major incident each agreed action has an owner and a due date."""
    if not draft.config.is_major(draft.severity):
        return None
    agreed = [a for a in draft.record.actions if a.status in ("accepted", "in_progress")]
    vague = [a.id for a in agreed if not (a.owner or a.team) or not a.due]
    if not vague:
        return None
    return Missing(f"accepted actions without owner or due date: {', '.join(vague)}", "add both in actions.yaml")


def _merge_target(draft: Draft, step: Step) -> Missing | None:
    """It says into which other incident it is merged."""
    into = None if isinstance(step, Raised) else step.into
    if into is None:
        return Missing("nothing says which incident it is merged into", "sevlog merge -i ID OTHER")
    if into == draft.record.id:
        return Missing("an incident cannot be merged into itself", "name the other incident: sevlog merge -i ID OTHER")
    return None


GUARDS: dict[str, Guard] = {
    "title": _title,
    "detection": _detection,
    "reporter": _reporter,
    "severity": _severity,
    "priority": _priority,
    "component": _component,
    "summary": _summary,
    "reason": _reason,
    "closing_update": _closing_update,
    "lead_incident_manager": _lead,
    "channel": _channel,
    "mitigation": _mitigation,
    "assessment": _assessment,
    "attestation": _attestation,
    "impact_end": _impact_end,
    "final_updates": _final_updates,
    "reopen_window": _reopen_window,
    "cleanups": _cleanups,
    "postmortem": _postmortem,
    "actions": _actions,
    "merge_target": _merge_target,
}
"""Every guard that a lifecycle in sevlog.yaml can name (process.md, Lifecycle)."""


def unmet(draft: Draft, step: Step, names: tuple[str, ...]) -> Iterator[tuple[str, Missing]]:
    """The named guards that do not hold, in order. A name that is no guard is skipped (check tells)."""
    for name in names:
        guard = GUARDS.get(name)
        missing = guard(draft, step) if guard else None
        if missing is not None:
            yield name, missing
