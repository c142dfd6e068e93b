"""The JSON documents of runbooks. The classes are the source of schemas/cli/."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from ...model.guidance.runbook import Tick


class RunbookRow(Struct, kw_only=True):
    """A runbook in a list."""

    name: Annotated[str, Meta(description="Its file below runbooks/.")]
    title: str
    components: list[str]
    types: list[str]
    severities: list[str]
    symptoms: list[str]
    owner: Annotated[str | None, Meta(description="A person, or team:KEY.")]
    reviewed_on: str | None
    steps: Annotated[int, Meta(description="How many steps it has.")]
    ticked: Annotated[int, Meta(description="How many of them are done or skipped in the incident.")]
    next: Annotated[str | None, Meta(description="The first step that is open in the incident.")]
    score: Annotated[float | None, Meta(description="How well it fits, the more the better; null in a plain list.")]
    why: Annotated[list[str], Meta(description="Why it fits.")]
    command: Annotated[str, Meta(description="What shows it.")]


class RunbookList(Struct, kw_only=True):
    """`sevlog runbook list --json` and `sevlog runbook find --json`, the best first."""

    schema: str
    incident: Annotated[str | None, Meta(description="The incident that was asked for.")]
    runbooks: list[RunbookRow]


class ChecklistStep(Struct, kw_only=True):
    """A step, and what the incident's timeline says of it."""

    number: int
    name: str
    text: Annotated[str, Meta(description="What stands below it, in Markdown.")]
    tick: Annotated[Tick | None, Meta(description="Who did or skipped it, and when; null while it is open.")]


class Checklist(Struct, kw_only=True):
    """`sevlog runbook show --json`: a runbook as a checklist."""

    schema: str
    incident: str | None
    name: str
    title: str
    owner: str | None
    reviewed_on: str | None
    steps: list[ChecklistStep]
    elsewhere: Annotated[list[Tick], Meta(description="Steps that were taken and that the file does not have now.")]
    text: Annotated[str, Meta(description="The whole text, in Markdown.")]
    command: Annotated[str | None, Meta(description="What ticks the next step; null where none is open.")]
