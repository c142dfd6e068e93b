"""Issues in Jira: Cloud (REST v3) and Data Center (v2)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping

from msgspec import Struct, field

from .api import Access, Api
from .base import NewIssue, Standing, TrackerTrouble, shortened
from .contents import Content, content, fact_in, facts_in, replaced

NEEDS = "it needs the permissions Browse projects, Create issues and Edit issues in the project"
NEEDS_CLOUD = f"its value is E-MAIL:TOKEN of an account; {NEEDS}"
_TITLE = 255
_PAGE = 50
_DONE = re.compile(r"done|fixed|resolved|completed?|implemented|delivered")
_DROPPED = re.compile(
    r"won.?t (?:do|fix)|duplicate|declin\w+|reject\w+|cancel\w+|cannot reproduce|incomplete|not a bug|invalid|obsolete"
)
"""Resolutions as Jira ships them, and usual ones. Any other is said once, and a person decides."""


class _Named(Struct):
    name: str = ""


class _Category(Struct):
    key: str = ""


class _Status(Struct):
    name: str = ""
    category: _Category = field(default_factory=_Category, name="statusCategory")


class _Fields(Struct):
    status: _Status = field(default_factory=_Status)
    resolution: _Named | None = None
    summary: str = ""
    description: object = None


class _Issue(Struct):
    key: str
    fields: _Fields = field(default_factory=_Fields)


class _Found(Struct):
    issues: list[_Issue]
    next: str | None = field(default=None, name="nextPageToken")
    last: bool | None = field(default=None, name="isLast")
    total: int | None = None


class Jira:
    """The issues of one project. Subclasses know the differences of the two products."""

    version: str

    def __init__(self, access: Access, project: str, labels: tuple[str, ...], issue_type: str) -> None:
        """project: its key. Raises TrackerTrouble."""
        self.name = access.name
        self._api = Api(access, self._login(access))
        self._project, self._labels, self._type = project, labels, issue_type
        self._pages = f"{access.url.rstrip('/')}/browse/"

    def _login(self, access: Access) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {access.token}"}

    def check(self) -> None:
        """Ask for the project."""
        self._api.get(f"/rest/api/{self.version}/project/{self._project}", dict[str, object])

    def find(self, marker: str) -> str | None:
        """Look for the label. In Cloud this may lag behind by some seconds."""
        found = self._search(f'project = "{self._project}" AND labels = "{label_of(marker)}"')
        keys = sorted((issue.key for issue in found), key=lambda key: int(key.rpartition("-")[2]))
        return f"{self._pages}{keys[0]}" if keys else None

    def _search(self, jql: str) -> list[_Issue]:
        raise NotImplementedError

    def _text(self, issue: NewIssue) -> object:
        """The description."""
        raise NotImplementedError

    def create(self, issue: NewIssue) -> str:
        """Labels of Jira have no spaces."""
        labels = [label_of(issue.marker), *("-".join(label.split()) for label in self._labels)]
        fields = {
            "project": {"key": self._project},
            "issuetype": {"name": self._type},
            "summary": _summary(issue),
            "description": self._text(issue),
            "labels": labels,
        }
        return f"{self._pages}{self._api.post(f'/rest/api/{self.version}/issue', {'fields': fields}, _Issue).key}"

    def written(self, issue: NewIssue) -> Content:
        """A long title is cut."""
        return content(_summary(issue), issue.facts)

    def edit(self, ref: str, issue: NewIssue) -> None:
        """Raises TrackerTrouble where there is none."""
        found = self._api.get(self._issue_path(ref), _Issue, {"fields": "description"})
        text = self._with_facts(found.fields.description, issue)
        self._api.change("PUT", self._issue_path(ref), {"fields": {"summary": _summary(issue), "description": text}})

    def _with_facts(self, description: object, issue: NewIssue) -> object:
        """A description with other facts."""
        raise NotImplementedError

    def _lines(self, description: object) -> list[str]:
        """The lines of a description."""
        raise NotImplementedError

    def _issue_path(self, ref: str) -> str:
        return f"/rest/api/{self.version}/issue/{ref.rpartition('/')[2]}"

    def read(self, ref: str) -> Standing:
        """By its key: that sees the issue as it is now."""
        found = self._api.seek(self._issue_path(ref), _Issue, {"fields": "status,resolution,summary,description"})
        if isinstance(found, int):
            return Standing("gone", f"answer {found}")
        status, resolution = found.fields.status, found.fields.resolution
        word = f"{status.name} ({resolution.name})" if resolution else status.name
        if status.category.key != "done":
            says = content(found.fields.summary, facts_in(self._lines(found.fields.description)))
            return Standing("open" if status.category.key in ("new", "indeterminate") else "other", word, says)
        if resolution is None or _DONE.fullmatch(resolution.name.lower()):
            return Standing("completed", word)
        known = _DROPPED.fullmatch(resolution.name.lower())
        return Standing("dropped" if known else "other", word)

    def owns(self, ref: str) -> bool:
        """Whether it is the page of an issue with the key of the project."""
        key = ref.removeprefix(self._pages)
        return ref.startswith(self._pages) and bool(re.fullmatch(re.escape(self._project) + r"-\d+", key))


class JiraCloud(Jira):
    """Jira Cloud: an account signs in with its address and a token, and texts are documents (ADF)."""

    version = "3"

    def _login(self, access: Access) -> Mapping[str, str]:
        if ":" not in access.token:
            raise TrackerTrouble(f"{access.name} cannot use {access.variable}: it has no e-mail address", NEEDS_CLOUD)
        return {"Authorization": f"Basic {b64encode(access.token.encode()).decode()}"}

    def _search(self, jql: str) -> list[_Issue]:
        """Its older search was removed; this one has no total, and returns no fields unless they are named."""
        rows, more = list[_Issue](), dict[str, object]()
        while True:
            asked = {"jql": jql, "fields": ["status"], "maxResults": _PAGE, **more}
            page = self._api.ask("/rest/api/3/search/jql", asked, _Found)
            rows += page.issues
            if page.last or page.next is None:
                return rows
            more = {"nextPageToken": page.next}

    def _text(self, issue: NewIssue) -> object:
        parts = [*_fact_paragraphs(issue), _paragraph({"type": "text", "text": f"Action item: {issue.marker}"})]
        if issue.link:
            mark = {"type": "link", "attrs": {"href": issue.link}}
            parts.append(_paragraph({"type": "text", "text": "Record", "marks": [mark]}))
        return {"type": "doc", "version": 1, "content": parts}

    def _with_facts(self, description: object, issue: NewIssue) -> object:
        parts = replaced(
            _children(description), _fact_paragraphs(issue), lambda part: fact_in(_words(part)) is not None
        )
        return {"type": "doc", "version": 1, "content": parts}

    def _lines(self, description: object) -> list[str]:
        return [_words(part) for part in _children(description)]


class JiraServer(Jira):
    """Jira Data Center and Server: a personal access token, and texts in wiki markup."""

    version = "2"

    def _search(self, jql: str) -> list[_Issue]:
        rows = list[_Issue]()
        while True:
            asked = {"jql": jql, "fields": ["status"], "maxResults": _PAGE, "startAt": len(rows)}
            page = self._api.ask("/rest/api/2/search", asked, _Found)
            rows += page.issues
            if not page.issues or len(rows) >= (page.total or 0):
                return rows

    def _text(self, issue: NewIssue) -> object:
        lines = [*(f"* {name}: {text}" for name, text in issue.facts), f"* Action item: {issue.marker}"]
        return "\n".join([*lines, *([f"* Record: {issue.link}"] if issue.link else [])])

    def _with_facts(self, description: object, issue: NewIssue) -> object:
        facts = [f"* {name}: {text}" for name, text in issue.facts]
        return "\n".join(replaced(self._lines(description), facts, lambda line: fact_in(line) is not None))

    def _lines(self, description: object) -> list[str]:
        return description.splitlines() if isinstance(description, str) else []


def label_of(marker: str) -> str:
    """The marker as a label: the slash of INCIDENT/A1 becomes a dot."""
    return f"sevlog.{marker.replace('/', '.')}"


def _paragraph(text: Mapping[str, object]) -> object:
    return {"type": "paragraph", "content": [text]}


def _summary(issue: NewIssue) -> str:
    return shortened(" ".join(issue.title.split()), _TITLE)


def _fact_paragraphs(issue: NewIssue) -> list[object]:
    return [_paragraph({"type": "text", "text": f"{name}: {text}"}) for name, text in issue.facts]


def _children(node: object) -> list[object]:
    """The parts of a node of a document (ADF)."""
    found = node.get("content") if isinstance(node, dict) else None
    return found if isinstance(found, list) else []


def _words(node: object) -> str:
    """The text of a node."""
    text = node.get("text") if isinstance(node, dict) else None
    return text if isinstance(text, str) else "".join(_words(part) for part in _children(node))
