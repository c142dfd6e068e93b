"""The postmortem for customers: a draft made from public facts alone, and the text as the page shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from .site import PublicIncident, PublicUpdate

_MARKER = re.compile(r"^[ \t]{0,3}<!--[ \t]*sevlog:timeline[ \t]*-->[ \t]*$", re.M)
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\((?P<address>[^\s)]{1,500})")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_BLANK_LINES = re.compile(r"\n{3,}")


def draft(incident: PublicIncident, components: Mapping[str, str], zone: str) -> str:
    """The text of a draft. components: public id -> public name. zone: of the page."""
    clock = _Clock(zone)
    names = [components[name] for name in incident.components if name in components]
    about = f" Affected: {', '.join(names)}." if names else ""
    ended = incident.ended_at
    until = f" to {clock(ended)}, {_span(incident.started_at, ended)}" if ended and ended >= incident.started_at else ""
    seen = incident.updates[-1].body.strip() if incident.updates else ""
    return f"""\
## What happened

From {clock(incident.started_at)}{until}.{about}

{_as_quote(seen)}

<!-- What did customers see, who was affected, and what did it mean for them? -->

## Timeline

<!-- sevlog:timeline -->

## Why it happened

<!-- Which conditions had to be there together? Name no people and no internal systems. -->

## What we change

<!-- What have you changed already, what comes next, and until when? -->
"""


def shown(body: str, updates: Iterable[PublicUpdate], zone: str) -> str:
    """The text as customers read it: the public updates in place of the marker, and no comments."""
    clock = _Clock(zone)
    said = sorted((u for u in updates if u.phase != "postmortem"), key=lambda update: update.at)
    lines = "\n".join(f"- **{clock(u.at)}** {_phase(u)}: {' '.join(u.body.split())}" for u in said)
    lines = lines.replace("<!--", "&lt;!--")
    once = _MARKER.sub(lambda _: lines, body.replace("\r\n", "\n"), count=1)
    whole = _COMMENT.sub("", once)  # a second marker is a comment like others
    return f"{_BLANK_LINES.sub(chr(10) * 2, whole).strip()}\n"


def local_images(body: str) -> list[str]:
    """The images of a text that are not at a web address."""
    named = (found["address"].strip("<>") for found in _IMAGE.finditer(body))
    return [address for address in dict.fromkeys(named) if not address.startswith(("https://", "http://"))]


def unanswered(body: str) -> list[str]:
    """The titles of the sections that have a heading and nothing below it."""
    text = _MARKER.sub("(timeline)", body.replace("\r\n", "\n"))
    parts = re.split(r"^##[ \t]+(.+)$", _COMMENT.sub("", text), flags=re.M)
    return [title.strip() for title, below in zip(parts[1::2], parts[2::2], strict=True) if not below.strip()]


class _Clock:
    """Times in the zone of the page, with its short name."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def __call__(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M %Z}"


def _phase(update: PublicUpdate) -> str:
    return update.phase.replace("_", " ").capitalize()


def _as_quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _span(start: datetime, end: datetime) -> str:
    minutes = max(round((end - start).total_seconds() / 60), 1)
    parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)
