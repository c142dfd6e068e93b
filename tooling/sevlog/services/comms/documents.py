"""The JSON documents of `sevlog comms` and of `update --preview`. The classes are the source of schemas/cli/."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from .drafts import Draft


class TextFinding(Struct, kw_only=True):
    """Something that the lint found in a text."""

    rule: Annotated[str, Meta(description="The rule, as `comms.lint.rules` and (behind lint_) `--override` name it.")]
    severity: Annotated[str, Meta(description="error or warning.")]
    line: int
    column: int
    excerpt: str
    message: Annotated[str, Meta(description="Why.")]
    instead: Annotated[str, Meta(description="What to write instead.")]


class LintResult(Struct, kw_only=True):
    """`sevlog comms lint --json`."""

    schema: str
    incident: str | None
    findings: list[TextFinding]


class Previewed(Struct, kw_only=True):
    """`sevlog comms preview --json` and `sevlog update --preview --json`: a message as its readers get it."""

    schema: str
    incident: str
    audience: str
    channel: str
    subject: str
    text: Annotated[str, Meta(description="The message in Markdown.")]
    plain: Annotated[str, Meta(description="The message as plain text.")]
    short: Annotated[str, Meta(description="One line, within the limit of the channel where that has one.")]
    length: Annotated[int | None, Meta(description="What the channel counts of `short`; null where it has no limit.")]
    limit: int | None
    url: str | None
    correction: bool
    next_update_at: datetime | None
    approved_by: str | None
    approval_missing: Annotated[str | None, Meta(description="Why it may not go out yet; null where it may.")]
    findings: list[TextFinding]
    warnings: list[str]


class PlanLine(Struct, kw_only=True):
    """The plan for an audience at a severity, in some phases."""

    audience: str
    severity: str | None
    phases: Annotated[list[str], Meta(description="Empty: in every phase.")]
    channels: list[str]
    groups: list[str]
    every: Annotated[float | None, Meta(description="Seconds between updates; null where nothing is promised.")]
    first_within: Annotated[float | None, Meta(description="Seconds until the first update.")]
    approver: str | None
    template: str | None


class PlanTable(Struct, kw_only=True):
    """`sevlog comms plan --json`."""

    schema: str
    plan: list[PlanLine]


class TemplateLine(Struct, kw_only=True):
    """A template."""

    name: str
    path: Annotated[str | None, Meta(description="The file; null for a shipped one.")]
    about: str
    asks: Annotated[dict[str, str], Meta(description="What its author must say -> the question.")]
    text: str


class TemplateList(Struct, kw_only=True):
    """`sevlog comms templates --json`."""

    schema: str
    templates: list[TemplateLine]
    facts: Annotated[dict[str, str], Meta(description="Fact -> what it is, of the audience asked for.")]


class DraftList(Struct, kw_only=True):
    """`sevlog drafts --json`."""

    schema: str
    drafts: list[Draft]
