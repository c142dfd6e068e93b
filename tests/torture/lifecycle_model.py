"""What an incident should look like after some commands, from the table of the lifecycle and the words of its guards.

Written apart from the fold: a few facts, changed by the words of each command that was accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sevlog.model.config.settings import Transition
from sevlog.model.vocabulary import FINAL_PHASES

MAJOR = {"SEV1", "SEV2"}
NOT_FOR_MINOR = ("channel", "attestation")


@dataclass
class Expected:
    """One incident as it should stand."""

    id: str
    status: str
    severity: str | None
    lead: str | None = None
    channel: bool = False
    mitigated: bool = False
    assessed: set[str] = field(default_factory=set)
    ended: bool = False
    told: dict[str, str] = field(default_factory=dict)
    open_tasks: set[str] = field(default_factory=set)
    tasks: int = 0
    postmortem: str | None = None

    def step(self, to: str) -> None:
        """It has another status now, with what that brings."""
        relapse = to == "fixing" and self.status in ("monitoring", "resolved")
        if relapse and self.status == "resolved":
            self.told = dict.fromkeys(self.told, "reopened")
        self.status = to
        if relapse:
            self.mitigated = self.ended = False
        if to == "resolved" and self.severity in MAJOR:
            self.postmortem = self.postmortem or "draft"


@dataclass(frozen=True)
class Typed:
    """A command: its words, and the options with which it comes. `person` types it."""

    word: str
    person: str
    options: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()

    def words(self, incident: str) -> list[str]:
        """As they are typed."""
        options = [part for name, value in self.options.items() for part in (f"--{name}", value) if part]
        overrides = [part for rule in self.overrides for part in ("--override", rule)]
        return [self.word, *self.arguments, *options, *overrides, "-i", incident, "--as", self.person]


def read(words: list[str], person: str) -> Typed:
    """A command from its words. An option that takes no value has an empty one."""
    options: dict[str, str] = {}
    arguments: list[str] = []
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        if word in ("-i", "--incident"):
            rest.pop(0)
        elif word.startswith("--"):
            options[word[2:]] = "" if word in ("--lead", "--confirmed") else rest.pop(0)
        else:
            arguments.append(word)
    return Typed(words[0], person, options, tuple(arguments))


TARGETS = {
    "ack": "fixing",
    "monitor": "monitoring",
    "resolve": "resolved",
    "close": "closed",
    "reopen": "fixing",
    "decline": "declined",
    "merge": "merged",
    "raise": "raised",
}
"""Command -> the status that it leads to."""


def unmet(now: Expected, row: Transition, typed: Typed) -> list[str]:
    """The guards of the row that do not hold with this command."""
    options = typed.options
    severity = options.get("severity", now.severity)
    lead = typed.person if typed.word == "ack" else now.lead
    last = {**now.told, **dict.fromkeys(now.told, "resolved")} if "final-update" in options else now.told
    holds = {
        "title": True,
        "detection": True,
        "reporter": True,
        "priority": True,
        "severity": "severity" in options,
        "component": "component" in options,
        "summary": "summary" in options,
        "reason": "reason" in options,
        "closing_update": now.told.get("public", "resolved") in FINAL_PHASES,
        "lead_incident_manager": lead is not None,
        "channel": now.channel or "channel" in options,
        "mitigation": now.mitigated or "mitigation" in options,
        "assessment": {"customer-impact", "scope"} <= now.assessed,
        "attestation": "attestation" in options and now.lead == typed.person,
        "impact_end": now.ended or "ended-at" in options,
        "final_updates": all(phase in FINAL_PHASES for phase in last.values()),
        "reopen_window": True,
        "cleanups": not now.open_tasks,
        "postmortem": now.severity not in MAJOR or now.postmortem in ("approved", "published", "waived"),
        "actions": True,
        "merge_target": bool(typed.arguments),
    }
    waived = () if severity in MAJOR else NOT_FOR_MINOR
    return [guard for guard in row.guards if not holds[guard] and guard not in (*typed.overrides, *waived)]


def is_accepted(now: Expected, rows: tuple[Transition, ...], typed: Typed) -> bool:
    """Whether the table and the guards let the command through."""
    if typed.word == "ack" and now.status in ("fixing", "monitoring"):
        return now.lead is None or (now.lead == typed.person and "channel" in typed.options)
    if typed.word == "ack" and now.lead not in (None, typed.person):
        return False
    if typed.word in TARGETS:
        row = step(now, rows, typed)
        return row is not None and not unmet(now, row, typed)
    if typed.word == "severity":
        return now.severity not in (None, typed.arguments[0])
    return True


def step(now: Expected, rows: tuple[Transition, ...], typed: Typed) -> Transition | None:
    """The row of the table for the step that a command takes; None where there is none, or what is not over reopens."""
    if typed.word == "reopen" and now.status == "raised":
        return None
    return next((row for row in rows if (row.from_, row.to) == (now.status, TARGETS[typed.word])), None)


def learn(now: Expected, typed: Typed) -> None:
    """What an accepted command changes."""
    options = typed.options
    if typed.word == "ack":
        now.lead = typed.person
        now.channel |= "channel" in options
        if now.status == "raised":
            now.step("fixing")
    elif typed.word in TARGETS:
        now.mitigated |= "mitigation" in options
        now.ended |= "ended-at" in options
        if "final-update" in options:
            now.told = dict.fromkeys(now.told, "resolved")
        now.severity = options.get("severity", now.severity)
        now.step(TARGETS[typed.word])
    elif typed.word == "assess":
        now.assessed |= set(options)
    elif typed.word == "act":
        now.mitigated |= options.get("type") == "mitigation"
    elif typed.word == "impact":
        now.ended |= "ended-at" in options
    elif typed.word == "update":
        now.told[options["audience"]] = options["phase"]
    elif typed.word == "severity":
        now.severity = typed.arguments[0]
    elif typed.word == "assign" and "lead" in options:
        now.lead = typed.arguments[1]
    elif typed.word == "postmortem":
        now.postmortem = {"new": "draft", "submit": "in_review", "approve": "approved", "waive": "waived"}[
            typed.arguments[0]
        ]
    elif typed.word == "task" and "state" in options:
        now.open_tasks.discard(options["ref"])
    elif typed.word == "task":
        now.tasks += 1
        now.open_tasks.add(f"K{now.tasks}")
