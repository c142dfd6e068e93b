"""Reads a report from the issue form that `sevlog init` writes (GitHub, Forgejo, Gitea)."""

from __future__ import annotations

import re

from msgspec import Struct

from ...errors import UsageError
from ...model.intake.alert import clean, web_address
from .payload import PayloadPart

_HEADING = re.compile(r"^#{3} +(.+?)\s*$", re.MULTILINE)
_EMPTY = ("_no response_", "none selected", "")
_KEYS = {
    "what is wrong": "title",
    "what does it hit": "components",
    "which customers": "scope",
    "how did you notice": "source",
    "since when": "started_at",
    "what do you see": "summary",
}
"""Start of a heading of the form -> its field. Other headings are copied to the summary."""
_SCOPES = {"all": "all", "some": "some", "none": "none"}
_SOURCES = {"monitoring": "monitoring", "a customer": "customer_report", "a colleague": "personnel"}


class IssueReport(Struct, frozen=True, kw_only=True):
    """A report. over: the issue was closed. components: words that may name components."""

    url: str
    title: str
    summary: str
    author: str
    components: tuple[str, ...] = ()
    scope: str | None = None
    source: str | None = None
    started_at: str | None = None
    over: bool = False


def why_skipped(payload: dict[str, object]) -> str | None:
    """Why an event of the forge is not about an issue; None where it is, or is not an event."""
    if "zen" in payload or "hook_id" in payload:
        return "it is a ping of the forge"
    issue = payload.get("issue")
    if isinstance(issue, dict) and "pull_request" in issue:
        return "it is about a pull request"
    if "comment" in payload:
        return "it is a comment"
    if issue is None and "html_url" not in payload and isinstance(payload.get("repository"), dict):
        return "it is not about an issue"
    return None


def read(payload: dict[str, object]) -> IssueReport:
    """The report of an event (`issue` and `action`), or of the issue itself. Raises UsageError."""
    whole = PayloadPart(payload)
    issue = whole.mapping("issue", required=True) if "issue" in payload else whole
    url = web_address(issue.text("html_url", "url", required=True))
    if url is None:
        raise UsageError("html_url is not a URL", "pass the payload of the forge unchanged")
    answers, more = _answers(issue.text("body"))
    title = re.sub(r"^\s*\[[^\]]*\]\s*", "", issue.text("title"))
    said = [answers.get("summary", ""), *more]
    return IssueReport(
        url=url,
        title=clean(answers.get("title") or title, otherwise="Report without a title"),
        summary=clean("\n".join(text for text in said if text), "summary"),
        author=clean(issue.text("user.login")),
        components=tuple(clean(one, "label") for one in re.split(r"[,\n]", answers.get("components", ""))),
        scope=_word(_SCOPES, answers.get("scope", "")),
        source=_word(_SOURCES, answers.get("source", "")),
        started_at=clean(answers.get("started_at", ""), "label") or None,
        over=whole.text("action") in ("closed", "deleted") or issue.text("state") == "closed",
    )


def _answers(body: str) -> tuple[dict[str, str], list[str]]:
    """Field -> answer, and the other text."""
    parts = _HEADING.split(body.replace("\r\n", "\n"))
    found: dict[str, str] = {}
    more = [parts[0].strip()]
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        answer = text.strip()
        key = next((key for begin, key in _KEYS.items() if heading.lower().startswith(begin)), None)
        if answer.lower() in _EMPTY:
            continue
        if key is None or key in found:
            more.append(f"{heading}: {answer}")
        else:
            found[key] = answer
    return found, [text for text in more if text]


def _word(known: dict[str, str], answer: str) -> str | None:
    return next((word for begin, word in known.items() if answer.lower().startswith(begin)), None)
