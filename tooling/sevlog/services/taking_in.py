"""Takes in what a monitoring system sends: a known alert goes to its incident, a new one opens one in triage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from ..model.alert import Known, Signal, Taken, decide, likely_component
from ..model.entries import Alert
from ..stores import layout
from .acting import Options, Outcome, begin
from .desk import Desk, entry_from
from .raising import Report, raise_incident
from .workspace import Workspace

_NEWS = ("opened", "attached", "changed")


class Intake(Struct, kw_only=True):
    """`sevlog intake … --json`."""

    schema: str
    source: str
    dry_run: bool
    alerts: Annotated[list[Taken], Meta(description="Each alert of the payload, and what became of it.")]
    commits: Annotated[list[str], Meta(description="One for each incident that was opened or has news.")]
    warnings: list[str] = []
    hints: list[str] = []


def take_in(workspace: Workspace, source: str, signals: list[Signal], options: Options) -> Intake:
    """Record the alerts of one payload. Nobody else writes between the look at what is known and the first act.

    Raises what acts raise; what was recorded before stays, and the same payload again adds only what is missing.
    """
    begin(workspace, options)
    decided = _decided(workspace, signals)
    done: list[Outcome] = []
    named: dict[str, str] = {}
    for incident in dict.fromkeys(one.incident or "" for one, _ in decided if one.decision in _NEWS):
        mine = [(one, signal) for one, signal in decided if one.decision in _NEWS and (one.incident or "") == incident]
        made = [signal for _, signal in mine]
        outcome = _attach(workspace, incident, made, options) if incident else _open(workspace, made, options)
        done.append(outcome)
        named[incident] = outcome.incident
    workspace.close()
    return Intake(
        schema="1", source=source, dry_run=options.dry_run,
        alerts=[replace(one, incident=named.get(one.incident or "", one.incident)) if one.decision in _NEWS else one
                for one, _ in decided],
        commits=[outcome.commit for outcome in done if outcome.commit],
        warnings=[text for outcome in done for text in outcome.warnings],
        hints=[text for outcome in done for text in outcome.hints],
    )  # fmt: skip


def _decided(workspace: Workspace, signals: list[Signal]) -> list[tuple[Taken, Signal]]:
    """What to do with each. An incident of None is the one that is yet to be opened."""
    known = _known(workspace)
    here = [one for signal in signals for one in known.get((signal.source, signal.fingerprint), ()) if one.live]
    same = here[-1].incident if here else None
    found: list[tuple[Taken, Signal]] = []
    opening = False
    for signal in signals:
        taken = decide(signal, known.get((signal.source, signal.fingerprint), ()), same)
        if taken.decision == "opened" and opening:
            taken = replace(taken, decision="attached", reason="it came with others of that incident")
        opening = opening or taken.decision == "opened"
        found.append((taken, signal))
    return found


def _known(workspace: Workspace) -> dict[tuple[str, str], list[Known]]:
    """(source, fingerprint) -> where it was seen, in incidents that are live or not closed yet, the oldest first."""
    register = workspace.register()
    wanted = [str(layout.folder_of(b.id)) for b in register.briefs() if b.category in ("triage", "live", "learning")]
    found: dict[tuple[str, str], list[Known]] = {}
    for state in register.states(wanted):
        for alert in state.alerts.values():
            seen = Known(incident=state.id, state=alert.state, live=state.live)
            found.setdefault((alert.source, alert.fingerprint), []).append(seen)
    return found


def _attach(workspace: Workspace, incident: str, signals: Iterable[Signal], options: Options) -> Outcome:
    desk = Desk(workspace, incident, options)
    entries = [entry_from(_sent(signal), desk.at) for signal in signals]
    return desk.do(entries, _told([entry for entry in entries if isinstance(entry, Alert)]))


def _open(workspace: Workspace, signals: list[Signal], options: Options) -> Outcome:
    """A new incident in triage: somebody looks before anybody is woken."""
    first, keys = signals[0], [c.key for c in workspace.config.components if not c.retired_on]
    components = dict.fromkeys(key for signal in signals if (key := likely_component(signal, keys)))
    more = f" and {len(signals) - 1} more" if len(signals) > 1 else ""
    report = Report(
        title=f"{first.title}{more}", source="monitoring", ref=f"{first.source} {first.fingerprint}", triage=True,
        summary=first.summary or first.title, components=tuple(components), alerts=tuple(map(_sent, signals)),
    )  # fmt: skip
    return raise_incident(workspace, report, options)


def _sent(signal: Signal) -> dict[str, object]:
    plain = {"kind": "alert", "fingerprint": signal.fingerprint, "source": signal.source, "state": signal.state,
             "url": signal.url, "text": _words(signal)}  # fmt: skip
    return {key: value for key, value in plain.items() if value is not None}


def _words(signal: Signal) -> str:
    return f"{signal.title}\n\n{signal.summary}" if signal.summary and signal.summary != signal.title else signal.title


def _told(alerts: list[Alert]) -> str:
    first = alerts[0]
    more = f" and {len(alerts) - 1} more" if len(alerts) > 1 else ""
    return f"alert {first.state} ({first.source} {first.fingerprint}){more}"
