"""Prints messages as readers get them, the communication plan, templates, drafts and findings of the lint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...screen import say, style
from ..table import columns
from ..times import span, stamp

if TYPE_CHECKING:
    from ....services.comms.documents import DraftList, LintResult, PlanTable, Previewed, TemplateList, TextFinding
    from ...shared import SharedOptions


def show(shared: SharedOptions, document: Previewed) -> None:
    """Print a message on standard output, and notices about it on standard error."""
    if shared.json:
        from ....services.common.documents import as_json

        say(as_json(document))
        return
    from ..render import hint, warn

    if document.limit is not None:
        say(document.short)
        say(f"{document.channel}: {document.length} of {document.limit}", err=True)
    else:
        say(f"{style(document.subject, bold=True)}\n\n{document.plain}")
    for line in findings(document.findings):
        warn(line)
    for line in document.warnings:
        warn(line)
    if document.approval_missing:
        warn(document.approval_missing)
    if document.next_update_at:
        hint(f"next update promised for {stamp(document.next_update_at)}")


def findings(found: list[TextFinding]) -> list[str]:
    """One line for each finding."""
    return [f"{f.line}:{f.column} “{f.excerpt}”: {f.message} (lint_{f.rule}); {f.instead}" for f in found]


def linted(document: LintResult) -> str:
    """The findings of the lint, in the order of the text."""
    if not document.findings:
        return "No problems found."
    lines = zip(document.findings, findings(document.findings), strict=True)
    return "\n".join(f"{style(f.severity + ':', bold=True)} {line}" for f, line in lines)


def plan(document: PlanTable) -> str:
    """The plan: a row for each audience and severity, and for phases that differ."""
    rows = [
        (
            line.audience,
            line.severity or "-",
            ", ".join(line.phases) or "any",
            ", ".join(line.channels) or "-",
            span(line.first_within) if line.first_within else "-",
            span(line.every) if line.every else "-",
            line.approver or "-",
            line.template or "by phase",
            ", ".join(line.groups) or "-",
        )
        for line in document.plan
    ]
    heads = ("AUDIENCE", "SEVERITY", "PHASE", "CHANNELS", "FIRST WITHIN", "EVERY", "APPROVER", "TEMPLATE", "GROUPS")
    return columns(rows, heads)


def templates(document: TemplateList, one: bool) -> str:
    """A table of templates; for one, its text with its front matter."""
    if not one:
        rows = [(t.name, t.path or "shipped", t.about) for t in document.templates]
        return columns(rows, ("TEMPLATE", "FILE", "PURPOSE"))
    found = document.templates[0]
    head = [f"about: {found.about}"] if found.about else []
    asks = ["asks:", *(f"  {name}: {question}" for name, question in found.asks.items())] if found.asks else []
    matter = "\n".join(["---", *head, *asks, "---", ""]) if head or asks else ""
    return f"{matter}{found.text}".rstrip()


def facts(document: TemplateList) -> str:
    """The facts that templates of an audience can use."""
    return columns([(f"{{{{{name}}}}}", about) for name, about in document.facts.items()], ("FACT", "DESCRIPTION"))


def drafts(document: DraftList) -> str:
    """A table of drafts."""
    if not document.drafts:
        return "No drafts are waiting for approval."
    rows = [
        (d.ref, d.state, span(d.seconds), d.author or "-", d.asked or "anyone", f"{d.incident}  {d.text}")
        for d in document.drafts
    ]
    return columns(rows, ("DRAFT", "STATE", "WAITING", "AUTHOR", "APPROVER", "INCIDENT AND TEXT"))
