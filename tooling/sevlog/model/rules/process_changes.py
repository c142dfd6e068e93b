"""Changes of sevlog.yaml or of a card that weaken the process, for the reviewer of a pull request.

New entries of a pull request are checked against the sevlog.yaml of its base (services/checking/changes/pull_request).
These rules report what its own sevlog.yaml loosens for later changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from ..config.settings import Config, Lifecycle
from ..timeline.incident import IncidentCard

_STRICTNESS = {"off": 0, "warning": 1, "error": 2, "optional": 0, "required": 1, "restricted": 1}
"""Values of switches by strictness; other values count as 0, the loosest."""


class Weakening(Struct, frozen=True):
    """A requirement that was removed. pointer: its place in the file."""

    pointer: str
    what: str


def weakened(before: Config, now: Config) -> Iterator[Weakening]:
    """Guards, transitions, switches, levels and approvals that the change loosens or removes."""
    for name, lifecycle in before.lifecycles.items():
        if name in now.lifecycles:
            yield from _lifecycle(name, lifecycle, now.lifecycles[name])
    yield from _policies(before, now)
    yield from _severities(before, now)
    yield from _types(before, now)
    yield from _approvers(before, now)


def lifted(before: IncidentCard, now: IncidentCard) -> Iterator[Weakening]:
    """Restrictions of one incident that a change of its card lifts."""
    if _looser(before.visibility, now.visibility):
        yield Weakening("/visibility", f"`visibility` changes from {before.visibility} to {now.visibility}")
    if before.type != now.type:
        yield Weakening(
            "/type", f"`type` changes from {before.type} to {now.type}, which changes roles and transitions"
        )


def _lifecycle(name: str, before: Lifecycle, now: Lifecycle) -> Iterator[Weakening]:
    if {status.key for status in before.statuses} != {status.key for status in now.statuses}:
        yield Weakening(f"/lifecycles/{name}", f"lifecycle `{name}` has other statuses: all transitions are new")
        return
    known = {(row.from_, row.to): row.guards for row in before.transitions}
    for place, row in enumerate(now.transitions):
        pointer, step = f"/lifecycles/{name}/transitions/{place}", f"{row.from_} to {row.to}"
        if (row.from_, row.to) not in known:
            yield Weakening(pointer, f"new transition: {step}")
            continue
        removed = [guard for guard in known[row.from_, row.to] if guard not in row.guards]
        if removed:
            yield Weakening(pointer, f"transition {step} no longer requires {_listed(removed)}")


def _policies(before: Config, now: Config) -> Iterator[Weakening]:
    old, new = before.policies, now.policies
    for key in ("append_only", "signatures"):
        if _looser(getattr(old, key), getattr(new, key)):
            was, is_now = getattr(old, key), getattr(new, key)
            yield Weakening(f"/policies/{key}", f"`policies.{key}` changes from {was} to {is_now}")
    if _looser(old.oncall.findings, new.oncall.findings):
        said = f"`policies.oncall.findings` changes from {old.oncall.findings} to {new.oncall.findings}"
        yield Weakening("/policies/oncall/findings", said)
    removed = [key for key in old.assessment if key not in new.assessment]
    if removed:
        yield Weakening("/policies/assessment", f"the assessment no longer requires {_listed(removed)}")
    waived = [guard for guard in new.not_for_minor if guard not in old.not_for_minor]
    if waived:
        yield Weakening("/policies/not_for_minor", f"incidents that are not major no longer need {_listed(waived)}")
    for key in ("allowed_signers", "openpgp_keys"):
        if getattr(before.git, key) and getattr(before.git, key) != getattr(now.git, key):
            yield Weakening(f"/git/{key}", f"`git.{key}` points to another file")


def _severities(before: Config, now: Config) -> Iterator[Weakening]:
    known = {level.key: level for level in now.severities}
    for level in before.severities:
        place = next((n for n, other in enumerate(now.severities) if other.key == level.key), None)
        new = known.get(level.key)
        if new is None or place is None:
            if level.major:
                yield Weakening("/severities", f"the major severity {level.key} was removed")
            continue
        if level.major and not new.major:
            yield Weakening(f"/severities/{place}/major", f"{level.key} is no longer major")
        if _looser(level.postmortem, new.postmortem):
            yield Weakening(f"/severities/{place}/postmortem", f"{level.key} no longer requires a postmortem")


def _types(before: Config, now: Config) -> Iterator[Weakening]:
    known = {kind.key: (place, kind) for place, kind in enumerate(now.types)}
    for kind in before.types:
        if kind.key not in known:
            continue
        place, new = known[kind.key]
        pointer = f"/types/{place}"
        if _looser(kind.visibility, new.visibility):
            yield Weakening(f"{pointer}/visibility", f"incidents of type {kind.key} are no longer {kind.visibility}")
        required = new.roles.required if new.roles else ()
        removed = [role for role in (kind.roles.required if kind.roles else ()) if role not in required]
        if removed:
            yield Weakening(f"{pointer}/roles", f"incidents of type {kind.key} no longer require {_listed(removed)}")


def _approvers(before: Config, now: Config) -> Iterator[Weakening]:
    for audience, old in before.comms.audiences.items():
        new = now.comms.audiences.get(audience)
        approver = new.approver if new else None
        if old.approver and old.approver != "nobody" and approver in (None, "nobody"):
            yield Weakening(
                f"/comms/audiences/{audience}", f"texts to {audience} no longer need the approval of {old.approver}"
            )


def _looser(before: str | None, now: str | None) -> bool:
    return _STRICTNESS.get(before or "", 0) > _STRICTNESS.get(now or "", 0)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
