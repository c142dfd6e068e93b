"""Takes in what a monitoring system sends: a known alert goes to its incident, a new one opens one in triage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from ...errors import UsageError
from ...model.config.intake import PayloadMapping
from ...model.config.settings import Config
from ...model.intake.alert import AlertSighting, Signal, Taken, decide, likely_component
from ...model.intake.alert_rules import is_flapping, number_of, rule_for, why_left_out
from ...model.intake.snoozes import SnoozedAlert, snooze_of
from ...model.timeline.acts import table_of
from ...model.timeline.attachments import alert_name
from ...model.timeline.entries import Alert
from ...model.vocabulary import IMPACTS, UNKNOWN_COMPONENT, Impact, instant
from ...stores.index.sightings import read_sightings, write_sightings
from ...stores.index.snoozed_alerts import read_snoozed, write_snoozed
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession, entry_from
from ..recording.recorder import Options, begin
from ..response.raising import Report, raise_incident
from ..workspace.known_alerts import KnownAlerts
from ..workspace.workspace import Workspace
from . import answers

_NEWS = ("opened", "attached", "changed")
MOST_ALERTS = 1000
"""The most alerts of one incident; a larger storm is the same incident, and needs no longer record."""
_NO_ROOM = f"its incident has {MOST_ALERTS:,} alerts, and takes no more"


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
    answered = [] if options.dry_run else _record_answers(workspace, signals, options)
    begin(workspace, options)
    decided = _decided(workspace, signals, remember=not options.dry_run)
    done: list[Outcome] = answered
    named: dict[str, str] = {}
    for incident in dict.fromkeys(one.incident or "" for one, _ in decided if one.decision in _NEWS):
        mine = [(one, signal) for one, signal in decided if one.decision in _NEWS and (one.incident or "") == incident]
        made = [signal for _, signal in mine]
        outcome = _attach(workspace, incident, made, options) if incident else _open_incident(workspace, made, options)
        done.append(outcome)
        named[incident] = outcome.incident
    workspace.close()
    return Intake(
        schema="1",
        source=source,
        dry_run=options.dry_run,
        alerts=[
            replace(one, incident=named.get(one.incident or "", one.incident)) if one.decision in _NEWS else one
            for one, _ in decided
        ],
        commits=[outcome.commit for outcome in done if outcome.commit],
        warnings=[
            *(one.notice for one in signals if one.notice),
            *_too_many(decided),
            *_unknown_words(signals),
            *(text for outcome in done for text in outcome.warnings),
        ],
        hints=[text for outcome in done for text in outcome.hints],
    )


def _record_answers(workspace: Workspace, signals: Sequence[Signal], options: Options) -> list[Outcome]:
    """Put what people answered at the source into the timelines that it belongs to."""
    if not any(signal.answer for signal in signals):
        return []
    done: list[Outcome] = []
    for signal in signals:
        fresh = workspace.anew()
        incident = answers.incident_of(fresh, signal, KnownAlerts(fresh)) if signal.answer else None
        made = answers.record(fresh, incident, signal, options) if incident else None
        done += [made] if made else []
        workspace.acted += fresh.acted
        fresh.close()
    return done


def _too_many(decided: Sequence[tuple[Taken, Signal]]) -> list[str]:
    count = sum(one.reason == _NO_ROOM for one, _ in decided)
    return [f"{count:,} alerts were not recorded: an incident takes {MOST_ALERTS:,}"] if count else []


def _unknown_words(signals: Iterable[Signal]) -> list[str]:
    """Words of a source that sevlog does not know: they change nothing, and somebody should know."""
    found = dict.fromkeys((one.source, one.unknown_word) for one in signals if one.unknown_word)
    return [
        f"unknown word `{word}` of {source}: it changes nothing (docs/intake.md of sevlog)" for source, word in found
    ]


def mapping(workspace: Workspace, name: str | None) -> tuple[str, PayloadMapping]:
    """A mapping of sevlog.yaml by name; of None, the only one. Raises UsageError."""
    known = workspace.config.intake.mappings
    if name is None and len(known) == 1:
        name = next(iter(known))
    if name is None or name not in known:
        said = f"unknown mapping `{name}`" if name else "no mapping for this JSON"
        listed = f"there are: {', '.join(known)}" if known else "add one to sevlog.yaml under intake.mappings"
        raise UsageError(said, listed)
    return name, known[name]


def _decided(workspace: Workspace, signals: list[Signal], *, remember: bool) -> list[tuple[Taken, Signal]]:
    """What to do with each. An incident of None is the one that is yet to be opened."""
    waiting = _Waiting(workspace)
    known = KnownAlerts(workspace)
    here = [one for signal in signals for one in known.of(signal) if one.live]
    same = here[-1].incident if here else None
    found: list[tuple[Taken, Signal]] = []
    opening = False
    room: dict[str | None, int] = {None: MOST_ALERTS}
    for signal in signals:
        if (own := _judged_apart(workspace, signal, known)) is not None:
            found.append((own, signal))
            continue
        taken = waiting.judged(decide(signal, known.of(signal), same), signal, known.of(signal))
        if taken.decision == "opened" and opening:
            taken = replace(taken, decision="attached", reason="grouped with other alerts of that incident")
        if taken.decision == "attached":
            room.setdefault(taken.incident, MOST_ALERTS - known.count(taken.incident or ""))
        if taken.decision in ("opened", "attached"):
            room[taken.incident] -= 1
            if room[taken.incident] < 0:
                taken = replace(taken, decision="held", reason=_NO_ROOM)
        opening = opening or taken.decision == "opened"
        found.append((taken, signal))
    if remember:
        waiting.remember()
        return found
    return [(replace(taken, labels=dict(signal.labels)), signal) for taken, signal in found]


def _judged_apart(workspace: Workspace, signal: Signal, known: KnownAlerts) -> Taken | None:
    """What becomes of an answer, and of a page of sevlog that a pager sends back; None for any other alert."""
    incident = answers.incident_of(workspace, signal, known) if signal.answer else None
    if incident is not None:
        return answers.answered(signal, incident)
    own = answers.own_page(workspace, signal)
    return answers.of_own_page(signal, own) if own else None


class _Waiting:
    """What an alert has to wait for: that it comes often enough, that quiet hours end, that it stops flapping."""

    def __init__(self, workspace: Workspace) -> None:
        self._config, self._now, self._root = workspace.config, workspace.clock(), workspace.root
        self._counts = any(rule.after for rule in self._config.intake.rules)
        self._seen = read_sightings(self._root) if self._counts else {}
        self._snoozed = read_snoozed(self._root)
        self._before = dict(self._snoozed)

    def judged(self, taken: Taken, signal: Signal, known: Sequence[AlertSighting]) -> Taken:
        """What becomes of it after all."""
        found = self._judged(taken, signal, known)
        if found.decision == "snoozed":
            seen = self._snoozed.get(alert_name(signal.source, signal.fingerprint))
            self._snoozed[alert_name(signal.source, signal.fingerprint)] = SnoozedAlert(
                signal=signal,
                count=seen.count + 1 if seen else 1,
                first_at=seen.first_at if seen else self._now,
                last_at=self._now,
            )
        elif found.decision in _NEWS or (signal.state == "resolved" and not signal.remark):
            self._snoozed.pop(alert_name(signal.source, signal.fingerprint), None)
        return found

    def _judged(self, taken: Taken, signal: Signal, known: Sequence[AlertSighting]) -> Taken:
        if taken.decision == "changed":
            here = next(one for one in reversed(known) if one.live)
            if is_flapping(self._config, here, self._now):
                most = self._config.intake.flapping
                said = f"flapping: at least {most.changes} changes within {most.within}"
                return replace(taken, decision="held", reason=said)
        rule = None if any(one.live for one in known) else rule_for(self._config, signal, self._now)
        if taken.decision == "attached" and not (rule and rule.ignore):
            return taken  # its incident is open already: nobody is disturbed by more of the same
        if taken.decision not in ("opened", "attached"):
            return taken
        sent = self._sent(signal) if rule and rule.after else ()
        left_out = why_left_out(self._config, rule, self._now, sent)
        taken = replace(taken, rule=number_of(self._config, rule))
        snooze = snooze_of(self._config, signal, rule, self._now)
        if snooze and taken.decision == "opened" and (left_out is None or left_out[0] != "ignored"):
            left_out = "snoozed", f"until {instant(snooze.until)}: {snooze.reason}"
        if left_out is None:
            return taken
        return replace(taken, decision=left_out[0], reason=left_out[1], incident=None)

    def remember(self) -> None:
        """Keep how often each was sent, and what fired while it was snoozed."""
        if self._snoozed != self._before:
            write_snoozed(self._root, self._snoozed)
        if self._counts:
            write_sightings(self._root, self._seen, self._now.timestamp())

    def _sent(self, signal: Signal) -> list[float]:
        times = self._seen.setdefault(f"{signal.source} {signal.fingerprint}", [])
        times.append(self._now.timestamp())
        return times


def _attach(workspace: Workspace, incident: str, signals: Iterable[Signal], options: Options) -> Outcome:
    session = IncidentSession(workspace, incident, options)
    entries = [entry_from(_sent(signal), _effective_time(signal, session.at)) for signal in signals]
    return session.do(entries, _alert_summary([entry for entry in entries if isinstance(entry, Alert)]))


def _open_incident(workspace: Workspace, signals: list[Signal], options: Options) -> Outcome:
    """A new incident in triage: somebody looks before anybody is woken. A rule may say that it is to be raised."""
    config = workspace.config
    first, keys = signals[0], [c.key for c in config.components if not c.retired_on]
    rules = [rule for signal in signals if (rule := rule_for(config, signal, workspace.clock())) is not None]
    severity = next((s.key for s in config.severities if any(rule.severity == s.key for rule in rules)), None)
    if severity is None and table_of(config.lifecycle_for("incident", _type(config))).target("triage") is None:
        severity = config.severities[-1].key  # a lifecycle without triage: the mildest level, until somebody looks
    hit: dict[str, Impact] = {}
    for rule in rules:
        for key, impact in rule.components.items():
            hit[key] = max(impact, hit.get(key, impact), key=IMPACTS.index)
    components = [f"{key}={impact}" for key, impact in hit.items()]
    guessed = (likely_component(signal, keys) for signal in signals)
    components += [key for key in dict.fromkeys(guessed) if key and key not in hit]
    if severity and not components:
        components.append(UNKNOWN_COMPONENT)
    more = f" and {len(signals) - 1} more" if len(signals) > 1 else ""
    report = Report(
        title=f"{first.title}{more}",
        source="monitoring",
        ref=f"{first.source} {first.fingerprint}",
        triage=severity is None,
        severity=severity,
        summary=first.summary or first.title,
        components=tuple(components),
        alerts=tuple((_sent(signal), signal.at) for signal in signals),
    )
    return raise_incident(workspace, report, options)


def _type(config: Config) -> str:
    """The type of an incident that an alert opens."""
    return next((kind.key for kind in config.types if kind.default), config.types[0].key if config.types else "")


def _sent(signal: Signal) -> dict[str, object]:
    plain = {
        "kind": "alert",
        "fingerprint": signal.fingerprint,
        "source": signal.source,
        "state": signal.state,
        "url": signal.url,
        "text": _words(signal),
    }
    return {key: value for key, value in plain.items() if value is not None}


def _effective_time(signal: Signal, now: datetime) -> datetime:
    """When it began or ended, by its source; now where that is not known, or is in the future."""
    return min(signal.at, now) if signal.at else now


def _words(signal: Signal) -> str:
    return f"{signal.title}\n\n{signal.summary}" if signal.summary and signal.summary != signal.title else signal.title


def _alert_summary(alerts: list[Alert]) -> str:
    first = alerts[0]
    more = f" and {len(alerts) - 1} more" if len(alerts) > 1 else ""
    return f"alert {first.state} ({first.source} {first.fingerprint}){more}"
