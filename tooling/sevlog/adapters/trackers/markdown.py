"""The body of an issue in Markdown, as GitHub and GitLab show it, with the marker that finds it again."""

from __future__ import annotations

from .base import NewIssue
from .contents import Content, content, fact_in, facts_in, replaced


def body_of(issue: NewIssue) -> str:
    """The body. No line begins with a slash, which GitLab would run as a quick action, and nobody is mentioned."""
    lines = _lines(issue)
    link = [f"- Record: {issue.link}"] if issue.link else []
    return "\n".join([*lines, *link, "", comment(issue.marker)])


def comment(marker: str) -> str:
    """The marker as readers do not see it."""
    return f"<!-- sevlog-action: {marker} -->"


def names_marker(body: str | None, marker: str) -> bool:
    """Whether an issue is the one of an action item."""
    return comment(marker) in (body or "")


def with_facts(body: str | None, issue: NewIssue) -> str:
    """A body with other facts, and the rest as it is."""
    return "\n".join(replaced((body or "").splitlines(), _lines(issue), lambda line: fact_in(line) is not None))


def written(issue: NewIssue, title: str) -> Content:
    """The content of an issue with this title."""
    return content(title, facts_in(_lines(issue)))


def read(title: str, body: str | None) -> Content:
    """The content of an issue as it is."""
    return content(title, facts_in((body or "").splitlines()))


def _lines(issue: NewIssue) -> list[str]:
    return [f"- {name}: {text.replace('@', '@ ')}" for name, text in issue.facts]
