"""Reads an Upptime repository: sites from .upptimerc.yml and history/, incidents from saved issues of GitHub.

Issues and comments are the answers of GitHub's API (`gh api`), or of `gh issue list --json`. Times are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from ....errors import NotFound, UsageError
from ....stores.layout import slug
from ....stores.yaml import io as yaml_io
from ..saved_json import Row, SavedRow, read_saved
from ..source import Quarantined, Repair, Source, SourceComponent, SourceIncident, SourcePage, Unusable, title_of
from ..statuspage.page import address_of
from ..times import BadTime, read_time
from .issues import read_issue

SYSTEM = "upptime"
NOTICES = (
    "Upptime has no severities: a site that was down is here its highest impact with a major outage, a degraded one "
    "a minor impact; other issues are partial outages",
    "response times, graphs and uptime figures of Upptime are not imported; the uptime here is counted from incidents",
    "authors, assignees and reactions of issues are not imported",
)
_CONFIGS = (".upptimerc.yml", ".upptimerc.yaml")
_MAX_BYTES = 1024 * 1024
_SAVE = "gh api --paginate 'repos/OWNER/REPO/issues?state=all' > issues.json"


def open_upptime(source: Path) -> Source:
    """The source in a checkout with saved issues beside .upptimerc.yml, or in one file of issues.

    Raises NotFound or UsageError.
    """
    if not source.exists():
        raise NotFound(f"{source} does not exist", f"pass a clone of the status page; first, in it: {_SAVE}")
    folder = source if source.is_dir() else None
    config = _config(folder) if folder else {}
    sites = _sites(folder, config) if folder else {}
    rows, bad = _saved(source)
    issues, comments = _told_apart(rows)
    if not issues:
        raise UsageError(f"{source} contains no saved issues of GitHub", f"save them: {_SAVE}")
    incidents: dict[str, SourceIncident] = {}
    for row in issues:
        number = str(row.value.get("number"))
        try:
            incident = read_issue(row.value, comments.get(number, []), frozenset(sites))
            if incident.id in incidents and incidents[incident.id].updated_at != incident.updated_at:
                bad.append(Quarantined(f"issue {number}", "another copy of the issue was used", row.value))
            incidents.setdefault(incident.id, incident)
        except Unusable as error:
            bad.append(Quarantined(f"issue {number}", str(error), row.value))
    return Source(
        system=SYSTEM,
        label=str(source),
        incidents=tuple(incidents.values()),
        page=_page(config),
        components=tuple(sites.values()),
        catalogue=bool(sites),
        repairs=tuple(_unexplained(folder, list(incidents.values()))) if folder else (),
        quarantined=tuple(bad),
        notices=NOTICES,
    )


def _saved(source: Path) -> tuple[list[SavedRow], list[Quarantined]]:
    """The objects in JSON files at the top of the checkout; those of folders are Upptime's own figures."""
    if source.is_file():
        return read_saved(source)
    rows: list[SavedRow] = []
    bad: list[Quarantined] = []
    for path in sorted(source.glob("*.json")):
        if path.is_file() and not path.is_symlink() and path.name not in ("package.json", "package-lock.json"):
            found, wrong = read_saved(path)
            rows += found
            bad += wrong
    return rows, bad


def _told_apart(rows: list[SavedRow]) -> tuple[list[SavedRow], dict[str, list[Row]]]:
    """Issues, newest copy first, and comments by the number of their issue."""
    issues, comments = [], dict[str, list[Row]]()
    for row in rows:
        where = row.value.get("issue_url")
        if isinstance(where, str):
            comments.setdefault(where.rstrip("/").rpartition("/")[2], []).append(row.value)
        elif isinstance(row.value.get("number"), int) and "title" in row.value:
            issues.append(row)
    issues.sort(key=lambda row: str(row.value.get("updated_at") or row.value.get("updatedAt") or ""), reverse=True)
    return issues, comments


def _yaml(path: Path) -> Row:
    """A YAML file as a mapping; nothing where there is none. Raises UsageError."""
    if not path.is_file() or path.is_symlink() or path.stat().st_size > _MAX_BYTES:
        return {}
    try:
        value = yaml_io.read(path.read_bytes())
    except yaml_io.YamlError as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    return value if isinstance(value, Mapping) else {}


def _config(folder: Path) -> Row:
    found = next((folder / name for name in _CONFIGS if (folder / name).is_file()), None)
    return _yaml(found) if found else {}


def _sites(folder: Path, config: Row) -> dict[str, SourceComponent]:
    """The sites in the order of the page, by slug. History files of removed sites are not components."""
    found: dict[str, SourceComponent] = {}
    listed = config.get("sites")
    for row in listed if isinstance(listed, list) else []:
        name = row.get("name") if isinstance(row, Mapping) else None
        if isinstance(name, str) and name.strip():
            given = row.get("slug")
            code = given if isinstance(given, str) and given else slug(name)
            found.setdefault(code, _site(folder, code, name))
    if not listed:
        for row in _summary(folder):
            key, title = row.get("slug"), row.get("name")
            if isinstance(key, str) and key and isinstance(title, str) and title.strip():
                found.setdefault(key, _site(folder, key, title))
    return found


def _site(folder: Path, code: str, name: str) -> SourceComponent:
    history = _yaml(folder / "history" / f"{code}.yml") if "/" not in code and ".." not in code else {}
    try:
        start = read_time(history.get("startTime"), "startTime", [])
    except BadTime:
        start = None
    return SourceComponent(
        code=code, has_id=True, name=title_of(name, []), start_date=f"{start:%Y-%m-%d}" if start else None
    )


def _summary(folder: Path) -> Iterator[Row]:
    path = folder / "history" / "summary.json"
    if path.is_file() and not path.is_symlink():
        yield from (row.value for row in read_saved(path)[0])


def _page(config: Row) -> SourcePage | None:
    site = config.get("status-website")
    site = site if isinstance(site, Mapping) else {}
    name = site.get("name")
    if not isinstance(name, str) or not name.strip():
        return None
    cname = site.get("cname")
    url = address_of(f"https://{cname}") if isinstance(cname, str) and cname else None
    about = site.get("introMessage")
    return SourcePage(
        name=title_of(name, []),
        url=url.rstrip("/") if url else None,
        time_zone="Etc/UTC",
        description=" ".join(about.split())[:1000] or None if isinstance(about, str) else None,
    )


def _unexplained(folder: Path, incidents: list[SourceIncident]) -> Iterator[Repair]:
    """Days on which summary.json counts minutes down that no issue explains: no incident is made up for them."""
    for row in _summary(folder):
        code, minutes = row.get("slug"), row.get("dailyMinutesDown")
        if not isinstance(code, str) or not isinstance(minutes, Mapping):
            continue
        explained = set[date]()
        for incident in incidents:
            if code in (incident.components or ()):
                explained |= set(_days(incident))
        left = [d for d, n in minutes.items() if isinstance(n, int) and n > 0 and not _is_one_of(d, explained)]
        if left:
            total = sum(n for d, n in minutes.items() if d in left and isinstance(n, int))
            what = f"{total} minutes down on {len(left)} days ({min(left)} to {max(left)}) have no issue: not imported"
            yield Repair(code, what)


def _days(incident: SourceIncident) -> Iterator[date]:
    first, last = incident.updates[0].at, max(update.at for update in incident.updates)
    if last - first > timedelta(days=3660):
        last = first + timedelta(days=3660)
    for number in range((last.date() - first.date()).days + 1):
        yield first.date() + timedelta(days=number)


def _is_one_of(text: object, days: set[date]) -> bool:
    try:
        return datetime.fromisoformat(str(text)).date() in days
    except ValueError:
        return False
