"""Issues at GitLab (REST API v4)."""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct

from . import markdown
from .api import Access, Api
from .base import NewIssue, Standing, shortened
from .contents import Content
from .markdown import body_of, names_marker

URL = "https://gitlab.com"
NEEDS = "it needs a token of the project with the scope `api` and the role Reporter or higher"
LABEL = "action-item"
_PAGE = 100
_TITLE = 255


class _Issue(Struct, rename={"links": "_links"}):
    iid: int
    title: str = ""
    state: str = "opened"
    description: str | None = None
    moved_to_id: int | None = None
    links: dict[str, object] = {}


class GitLab:
    """The issues of one project."""

    def __init__(self, access: Access, project: str, labels: tuple[str, ...] = ()) -> None:
        """project: its path, with its groups. Raises TrackerTrouble."""
        self.name = access.name
        self._web = f"{access.url.rstrip('/').removesuffix('/api/v4')}/{project}"
        self._api = Api(access, {"PRIVATE-TOKEN": access.token})
        self._path = f"{'' if access.url.rstrip('/').endswith('/api/v4') else '/api/v4'}/projects/{quote(project, '')}"
        self._labels = (LABEL, *(label for label in labels if label != LABEL))

    def check(self) -> None:
        """Ask for the project."""
        self._api.get(self._path, dict[str, object])

    def find(self, marker: str) -> str | None:
        """The search in descriptions is one of parts of words, so each result is compared."""
        query: dict[str, str | int] = {"search": marker, "in": "description", "scope": "all", "per_page": _PAGE}
        found, page = list[int](), 1
        while True:
            rows = self._api.get(f"{self._path}/issues", list[_Issue], {**query, "page": page})
            found += [row.iid for row in rows if names_marker(row.description, marker)]
            if len(rows) < _PAGE:
                return self._ref(min(found)) if found else None
            page += 1

    def create(self, issue: NewIssue) -> str:
        """Labels that do not exist are created."""
        body = {
            "title": shortened(issue.title, _TITLE),
            "description": body_of(issue),
            "labels": ",".join(self._labels),
        }
        return self._ref(self._api.post(f"{self._path}/issues", body, _Issue).iid)

    def written(self, issue: NewIssue) -> Content:
        """A long title is cut."""
        return markdown.written(issue, shortened(issue.title, _TITLE))

    def edit(self, ref: str, issue: NewIssue) -> None:
        """Raises TrackerTrouble where there is none."""
        found = self._api.get(self._issue_path(ref), _Issue)
        text = markdown.with_facts(found.description, issue)
        self._api.change("PUT", self._issue_path(ref), {"title": shortened(issue.title, _TITLE), "description": text})

    def _issue_path(self, ref: str) -> str:
        return f"{self._path}/issues/{ref.rpartition('/')[2]}"

    def read(self, ref: str) -> Standing:
        """GitLab does not say why an issue was closed, except that it moved or is a duplicate."""
        found = self._api.seek(self._issue_path(ref), _Issue)
        if isinstance(found, int):
            return Standing("gone", f"answer {found}")
        if found.moved_to_id is not None:
            return Standing("other", "moved to another project")
        if found.state == "opened":
            return Standing("open", "open", markdown.read(found.title, found.description))
        if found.state != "closed":
            return Standing("other", found.state)
        if found.links.get("closed_as_duplicate_of"):
            return Standing("dropped", "closed as duplicate")
        return Standing("completed", "closed")

    def _ref(self, iid: int) -> str:
        return f"{self._web}/-/issues/{iid}"

    def owns(self, ref: str) -> bool:
        """An issue has the address of a work item, too."""
        start, _, number = ref.rpartition("/")
        pages = (f"{self._web}/-/{kind}".lower() for kind in ("issues", "work_items"))
        return number.isdecimal() and start.lower() in pages
