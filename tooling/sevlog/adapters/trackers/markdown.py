"""The body of an issue in Markdown, as GitHub and GitLab show it, with the marker that finds it again."""

from __future__ import annotations

from .base import NewIssue


def body_of(issue: NewIssue) -> str:
    """The body. No line begins with a slash, which GitLab would run as a quick action, and nobody is mentioned."""
    lines = [f"- {name}: {text.replace('@', '@ ')}" for name, text in issue.facts]
    link = [f"- Record: {issue.link}"] if issue.link else []
    return "\n".join([*lines, *link, "", comment(issue.marker)])


def comment(marker: str) -> str:
    """The marker as readers do not see it."""
    return f"<!-- sevlog-action: {marker} -->"


def names_marker(body: str | None, marker: str) -> bool:
    """Whether an issue is the one of an action item."""
    return comment(marker) in (body or "")
