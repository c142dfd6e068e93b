"""Reads what the hints of a refusal say: the commands that they name, and the options that they ask for."""

from __future__ import annotations

import re
import shlex

OPTIONS = {
    "reason": "because",
    "attestation": "no errors for an hour",
    "ended-at": "now",
    "final-update": "It is over.",
    "severity": "SEV3",
    "component": "checkout",
    "summary": "cards are refused",
}
"""What to say where an option is asked for."""
_COMMAND = re.compile(r"sevlog (?:[^,;()`\"]|\"[^\"]*\")+")
_OPTION = re.compile(r"(?:^|add )--([a-z-]+)")
_END = re.compile(r" (?:or|and|also|names)\b.*$")
_ROOM = {
    "--customer-impact …": "--customer-impact 'some cannot pay'",
    "--scope …": "--scope some",
    '"…"': "words",
    '"what was done"': "restarted",
    "LEVEL": "SEV3",
    "KEY": "checkout",
    "PERSON": "ana",
    "chat=URL": "chat=https://chat.example/cure",
    "chat URL": "chat https://chat.example/cure",
    "raise …": "raise Anew --severity SEV3 --component checkout --summary words",
}
"""What hints leave room for -> words of ours."""


def commands(hint: str, other: str) -> list[list[str]]:
    """The commands that a hint names, with words of ours where it leaves room for them. `other`: another incident.

    Those that only begin (`sevlog resolve …`) are left out.
    """
    found = []
    for text in _COMMAND.findall(hint):
        text = _END.sub("", text).strip().rstrip(":").removeprefix("sevlog ")
        for room, words in {**_ROOM, "OTHER": other}.items():
            text = text.replace(room, words)
        if "…" not in text and "NEW" not in text:
            found.append(shlex.split(text))
    return found


def options(hint: str) -> dict[str, str]:
    """The options that a hint asks for."""
    return {name: OPTIONS[name] for name in _OPTION.findall(hint)}
