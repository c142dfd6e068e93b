"""sevlog postmortem import: timeline entries from a chat, proposed and then recorded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from ...errors import UsageError
from ..options import acting
from ..output import render
from ..screen import say, send
from ..shared import SharedOptions

if TYPE_CHECKING:
    from datetime import timedelta

    from ...adapters.chat.plain import Asked

FORMATS = ("slack", "teams", "mattermost", "discord", "plain")


class ChatOptions(TypedDict):
    """How to read an export, and which of its messages to propose."""

    form: str | None
    channel: str | None
    zone: str | None
    day: str | None
    margin: str
    every: bool


@click.group("import", epilog="\b\nExamples:\n  sevlog postmortem import chat export.zip -o proposals.yaml")
def import_() -> None:
    """Import what was said elsewhere into the timeline of an incident."""


@import_.command(
    epilog="\b\nExamples:\n  sevlog postmortem import chat export.zip --channel inc-checkout -o proposals.yaml\n"
    "  sevlog postmortem import chat log.txt --zone Europe/Berlin --date 2026-11-23 -o proposals.yaml\n"
    "  sevlog postmortem import chat --apply proposals.yaml"
)
@click.argument("source", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--apply", "apply_", metavar="FILE", type=click.Path(path_type=Path), help="Record a reviewed file.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Format of the export (default: detected).")
@click.option("--channel", metavar="NAME", help="Channel, if the export has several.")
@click.option("--zone", metavar="ZONE", help="Time zone of a plain text, such as Europe/Berlin.")
@click.option("--date", "day", metavar="DAY", help="Day of the first line of a plain text, such as 2026-11-23.")
@click.option(
    "--margin", metavar="DURATION", default="30m", show_default=True, help="Time before and after the incident."
)
@click.option("--all", "every", is_flag=True, help="Propose messages of any time.")
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write proposals to this file."
)
@acting(guarded=False, reason=False, evidence=False, without={"--at": "entries have the times of the chat"})
def chat(
    shared: SharedOptions, source: Path | None, apply_: Path | None, out: Path | None, **asked: Unpack[ChatOptions]
) -> None:
    """Propose timeline entries from the export of a chat, in a file to review; then record it with --apply.

    FILE is an export of Slack (zip, folder or file of a day), Teams (messages of Microsoft Graph), Mattermost (JSON
    lines), Discord (DiscordChatExporter, JSON), or a plain text with lines such as `[12:03] name: text`.
    """
    if (source is None) == (apply_ is None):
        raise UsageError(
            "give an export to read, or a reviewed file to record",
            "sevlog postmortem import chat EXPORT -o proposals.yaml",
            "sevlog postmortem import chat --apply proposals.yaml",
        )
    if apply_ is not None:
        from ...services.learning.postmortems import chat_import

        render.outcome(shared, chat_import.apply(shared.workspace, shared.incident, apply_, shared.acting))
    elif source is not None:
        _propose(shared, source, out, asked)


def _propose(shared: SharedOptions, source: Path, out: Path | None, asked: ChatOptions) -> None:
    from msgspec.structs import replace

    from ...adapters.chat.reading import read_chat
    from ...services.common.documents import as_json
    from ...services.learning.postmortems.chat_proposals import propose

    when = _asked(asked["zone"], asked["day"])
    chat = read_chat(source, asked["form"], asked["channel"], when)
    found, text = propose(
        shared.workspace, shared.incident, chat, margin=_margin(asked["margin"]), every=asked["every"]
    )
    if out is not None and not shared.dry_run:
        _write(out, text)
        found = replace(found, out=str(out), text=None)
    if shared.json:
        say(as_json(found))
        return
    if found.out is None:
        send(text.encode())
    for warning in found.warnings:
        render.warn(warning)
    left = "".join(f"; {number} {reason}" for reason, number in found.left_out.items())
    say(f"{found.id}: {found.proposed} messages of {found.format}, {found.kept} of them kept{left}", err=True)
    if found.unmatched:
        render.hint(f"not in oncall.yaml: {', '.join(found.unmatched[:8])}{' …' if len(found.unmatched) > 8 else ''}")
    render.hint(
        f"review the file, set `reviewed: true`, then: sevlog postmortem import chat --apply {found.out or 'FILE'}"
    )


def _asked(zone: str | None, day: str | None) -> Asked | None:
    """The zone and the day of a plain text. Raises UsageError."""
    from datetime import date
    from zoneinfo import ZoneInfo

    from ...adapters.chat.plain import Asked

    if zone is None:
        if day is not None:
            raise UsageError("--date needs a time zone", f"add --zone Europe/Berlin --date {day}")
        return None
    try:
        known = ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        raise UsageError(f"unknown time zone `{zone}`", "use an IANA name: --zone Europe/Berlin, --zone UTC") from None
    try:
        return Asked(known, date.fromisoformat(day) if day else None)
    except ValueError:
        raise UsageError(f"--date {day}: not a day", "use --date 2026-11-23") from None


def _margin(text: str) -> timedelta:
    from ...model.config.settings import duration

    if not re.fullmatch(r"[0-9]{1,5}[smhdw]", text):
        raise UsageError(f"--margin {text}: not a duration", "use 90s, 30m, 6h or 2d")
    return duration(text)


def _write(out: Path, text: str) -> None:
    """Write the file, but never over one that somebody may have reviewed."""
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{out} exists already, and may have been edited", "give another file: -o FILE") from None
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}", "give another file: -o FILE") from None
