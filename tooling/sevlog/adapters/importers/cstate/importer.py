"""Reads a cState site: config.yml for the page and its systems, content/issues for incidents. Its times are in UTC."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ....errors import NotFound, UsageError
from ....stores.yaml import io as yaml_io
from ..source import Quarantined, Source, SourceComponent, SourceGroup, SourceIncident, SourcePage, Unusable, title_of
from ..statuspage.page import address_of
from .posts import Draft, read_post

SYSTEM = "cstate"
NOTICES = (
    "cState says down, disrupted or notice, here SEV1 with major outage, SEV2 with partial outage, SEV3 with its "
    "systems operational; it keeps one text an issue, here the first update, and its end becomes a second one",
)
_CONFIGS = ("config.yml", "config.yaml", "hugo.yml", "hugo.yaml", "config.toml", "hugo.toml")
_MAX_BYTES = 1024 * 1024
Row = Mapping[str, object]
Progress = Callable[[int, int | None], None]


def _silent(done: int, total: int | None) -> None:
    """No progress is shown."""


def open_cstate(folder: Path, progress: Progress = _silent) -> Source:
    """The source in a cState folder. Raises NotFound or UsageError."""
    config = _config(folder)
    params = config.get("params") if isinstance(config.get("params"), Mapping) else {}
    assert isinstance(params, Mapping)
    issues = folder / "content" / "issues"
    if not issues.is_dir():
        raise NotFound(f"{folder} has no content/issues", "pass the folder with config.yml and content/")
    base = address_of(config.get("baseURL") or config.get("baseurl"))
    languages = _other_languages(config)
    incidents: dict[str, SourceIncident] = {}
    quarantined: list[Quarantined] = []
    posts = sorted(_posts(issues))
    for number, path in enumerate(posts):
        progress(number, len(posts))
        place = path.relative_to(issues).as_posix()
        try:
            incident = _read(path, place, base, languages)
            if incident.id in incidents:
                raise Unusable(f"another issue has its id, {incident.id}")
            incidents[incident.id] = incident
        except Unusable as error:
            quarantined.append(Quarantined(place, str(error), _raw(path)))
    groups, components = _systems(params)
    return Source(
        system=SYSTEM,
        label=str(folder),
        incidents=tuple(incidents.values()),
        page=_page(config, params, base),
        groups=groups,
        components=components,
        catalogue=True,
        quarantined=tuple(quarantined),
        notices=NOTICES,
    )


def _config(folder: Path) -> Row:
    if folder.is_file():
        raise UsageError(f"{folder} is a file, but a cState site is a folder", "pass the folder with its config.yml")
    if not folder.is_dir():
        raise NotFound(f"folder {folder} does not exist", "pass the folder of a cState site, which has config.yml")
    path = next((folder / name for name in _CONFIGS if (folder / name).is_file()), None)
    if path is None:
        raise NotFound(f"{folder} has no {_CONFIGS[0]}", "pass the folder of a cState site, which has config.yml")
    try:
        data = path.read_bytes()
        value = tomllib.loads(data.decode()) if path.suffix == ".toml" else yaml_io.read(data)
    except (yaml_io.YamlError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    if not isinstance(value, Mapping):
        raise UsageError(f"{path} is not a mapping")
    return value


def _posts(issues: Path) -> Iterator[Path]:
    for path in issues.rglob("*.md"):
        if path.name not in ("_index.md", "README.md") and not path.name.startswith((".", "_index.")):
            yield path


def _other_languages(config: Row) -> frozenset[str]:
    """Languages whose files are translations of the issue beside them."""
    named = config.get("languages")
    default = str(config.get("defaultContentLanguage") or config.get("languageCode") or "en").split("-")[0]
    return frozenset(str(key) for key in named) - {default} if isinstance(named, Mapping) else frozenset()


def _read(path: Path, place: str, base: str | None, languages: frozenset[str]) -> SourceIncident:
    name = place.removesuffix(".md").removesuffix("/index")
    stem, _, language = name.rpartition(".")
    if stem and language in languages:
        raise Unusable(f"it is the translation ({language}) of another issue: sevlog keeps one language")
    if path.is_symlink():
        raise Unusable("it is a symbolic link")
    if path.stat().st_size > _MAX_BYTES:
        raise Unusable("it is larger than 1 MiB")
    try:
        return read_post(path.read_bytes(), name, base)
    except Draft:
        raise Unusable("it is a draft, which the source does not publish") from None


def _raw(path: Path) -> str:
    with path.open("rb") as handle:
        return handle.read(_MAX_BYTES).decode("utf-8", "replace")


def _page(config: Row, params: Row, base: str | None) -> SourcePage | None:
    if not config.get("title"):
        return None
    about = params.get("description")
    return SourcePage(
        name=title_of(config.get("title"), []),
        url=base.rstrip("/") if base else None,
        time_zone="Etc/UTC",
        description=" ".join(about.split()) if isinstance(about, str) and about.strip() else None,
    )


def _systems(params: Row) -> tuple[tuple[SourceGroup, ...], tuple[SourceComponent, ...]]:
    """Categories and systems in the order of the page: category by category, then systems without one."""
    rows = params.get("systems")
    systems = [row for row in rows if isinstance(row, Mapping) and row.get("name")] if isinstance(rows, list) else []
    listed = params.get("categories")
    named = [row for row in listed if isinstance(row, Mapping) and row.get("name")] if isinstance(listed, list) else []
    names = [str(row["name"]) for row in named]
    groups = {name: _about(named, name) for name in dict.fromkeys(names)}
    in_use = {str(row.get("category")) for row in systems}
    ordered = [row for name in groups for row in systems if row.get("category") == name]
    ordered += [row for row in systems if row.get("category") not in groups]
    return (
        tuple(SourceGroup(code=name, name=name, description=text) for name, text in groups.items() if name in in_use),
        tuple(_system(row, groups) for row in ordered),
    )


def _about(rows: list[Row], name: str) -> str | None:
    return _sentence(next(row for row in rows if str(row["name"]) == name).get("description"))


def _system(row: Row, groups: Mapping[str, str | None]) -> SourceComponent:
    category = str(row.get("category") or "")
    return SourceComponent(
        code=str(row["name"]),
        has_id=False,
        name=title_of(row.get("displayName") or row["name"], []),
        group=category if category in groups else None,
        description=_sentence(row.get("description")),
    )


def _sentence(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
