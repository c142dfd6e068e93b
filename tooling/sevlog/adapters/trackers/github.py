"""Issues at GitHub (REST API)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from . import markdown
from .api import Access, Api
from .base import NewIssue, Standing, shortened
from .contents import Content
from .markdown import body_of, names_marker

URL = "https://api.github.com"
NEEDS = "it needs a fine-grained token of the repository with the permission Issues: read and write"
LABEL = "action-item"
"""The label of each issue: it finds them again. GitHub drops labels without a word where the account may not push."""
_PAGE = 100
_TITLE = 256


class _Issue(Struct):
    number: int
    title: str = ""
    state: str = "open"
    state_reason: str | None = None
    body: str | None = None
    pull_request: object = None


class GitHub:
    """The issues of one repository."""

    def __init__(self, access: Access, project: str, labels: tuple[str, ...] = ()) -> None:
        """project: owner/name. Raises TrackerTrouble."""
        self.name = access.name
        headers = {
            "Authorization": f"Bearer {access.token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._api, self._path = Api(access, headers), f"/repos/{project}"
        self._labels = (LABEL, *(label for label in labels if label != LABEL))
        self._issues = f"{web_of(access.url)}/{project}/issues/"
        self._labelled: list[_Issue] | None = None

    def check(self) -> None:
        """Ask for the repository."""
        self._api.get(self._path, dict[str, object])

    def find(self, marker: str) -> str | None:
        """The search of GitHub lags by minutes, so all issues with the label are read, and the newest without it."""
        newest = self._page({})
        if self._labelled is None:
            self._labelled = self._all_labelled()
        known = (*newest, *self._labelled)
        found = [issue.number for issue in known if not issue.pull_request and names_marker(issue.body, marker)]
        return f"{self._issues}{min(found)}" if found else None

    def _all_labelled(self) -> list[_Issue]:
        rows, page = list[_Issue](), 1
        while True:
            more = self._page({"labels": LABEL, "page": page})
            rows += more
            if len(more) < _PAGE:
                return rows
            page += 1

    def _page(self, query: Mapping[str, str | int]) -> list[_Issue]:
        newest: dict[str, str | int] = {"state": "all", "sort": "created", "direction": "desc", "per_page": _PAGE}
        return self._api.get(f"{self._path}/issues", list[_Issue], {**newest, **query})

    def create(self, issue: NewIssue) -> str:
        """The limit is 80 a minute."""
        body = {"title": shortened(issue.title, _TITLE), "body": body_of(issue), "labels": list(self._labels)}
        return f"{self._issues}{self._api.post(f'{self._path}/issues', body, _Issue).number}"

    def written(self, issue: NewIssue) -> Content:
        """A long title is cut."""
        return markdown.written(issue, shortened(issue.title, _TITLE))

    def edit(self, ref: str, issue: NewIssue) -> None:
        """Raises TrackerTrouble where there is none."""
        found = self._api.get(self._issue_path(ref), _Issue)
        body = {"title": shortened(issue.title, _TITLE), "body": markdown.with_facts(found.body, issue)}
        self._api.change("PATCH", self._issue_path(ref), body)

    def _issue_path(self, ref: str) -> str:
        return f"{self._path}/issues/{ref.rpartition('/')[2]}"

    def read(self, ref: str) -> Standing:
        """A deleted issue is 410 or 404, one that was transferred a redirect."""
        found = self._api.seek(self._issue_path(ref), _Issue)
        if isinstance(found, int):
            return Standing("gone", f"answer {found}")
        if found.state != "closed":
            return Standing("open", found.state, markdown.read(found.title, found.body))
        reason = found.state_reason
        if reason in (None, "completed"):
            return Standing("completed", "closed as completed")
        if reason in ("not_planned", "duplicate"):
            return Standing("dropped", f"closed as {reason.replace('_', ' ')}")
        return Standing("other", f"closed as {reason}")

    def owns(self, ref: str) -> bool:
        """GitHub does not distinguish upper and lower case in names."""
        start, end = ref[: len(self._issues)], ref[len(self._issues) :]
        return start.lower() == self._issues.lower() and end.isdecimal()


def web_of(url: str) -> str:
    """The address of the pages that belongs to the address of the API."""
    parts = urlsplit(url)
    if parts.hostname and parts.hostname.startswith("api."):
        return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/api/v3')}"
