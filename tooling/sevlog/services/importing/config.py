"""What an import adds to sevlog.yaml: the page, components and groups. Existing values always win."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from ...adapters.importers.base import ImportBatch
from ...model.config.settings import Component, Config, Group
from ...stores.records import codec
from ...stores.yaml import io as yaml_io
from ..setup.blueprint import Start
from ..setup.repository import is_unset

Change = Callable[[Any], None]
"""Edits the value of one key of sevlog.yaml: a mapping for `page`, a list for the others."""
_TRAILING = re.compile(r"(?:^[ \t]*(?:#[^\n]*)?(?:\n|\Z))*\Z", re.MULTILINE)
_AFTER = {"groups": "components", "components": "page"}


class Merged(Struct, frozen=True, kw_only=True):
    """The new text of sevlog.yaml and what is different in it, in words."""

    text: str
    changes: tuple[str, ...]
    notices: tuple[str, ...]


def merge(text: str, config: Config, batch: ImportBatch, *, fresh: bool, named: frozenset[str] = frozenset()) -> Merged:
    """sevlog.yaml with what the batch brings.

    fresh: the repository has no records but those of this source, so that its page is this page, and the component
    that `sevlog init` wrote for want of a better one may go. named: the components that records name.
    """
    changes: list[str] = []
    notices: list[str] = []
    steps: list[tuple[str, Change]] = []
    page = _page(config, batch, changes, notices) if fresh else {}
    if page:
        steps.append(("page", lambda found: found.update(page)))
    spare = tuple(key for key in _spare(config, batch) if fresh and key not in named)
    components = _components(config, batch, changes, spare)
    if components:
        steps.append(("components", components))
    groups = _groups(config, batch, changes)
    if groups:
        steps.append(("groups", groups))
    for key, change in steps:
        text = amended(text, key, change)
    return Merged(text=text, changes=tuple(changes), notices=tuple(notices))


def _page(config: Config, batch: ImportBatch, changes: list[str], notices: list[str]) -> dict[str, object]:
    """The keys of `page` that change: all that the source knows, but for an address that was set on purpose."""
    theirs, ours = batch.page, config.page
    if theirs is None or ours.origin is not None:
        return {}
    found = codec.plain(theirs)
    if not _is_placeholder(ours.url) or _is_placeholder(theirs.url):
        found["url"] = ours.url
        if theirs.url != ours.url and not _is_placeholder(theirs.url):
            notices.append(f"page.url stays {ours.url}; the source has {theirs.url}")
    kept = codec.plain(ours)
    new = {key: value for key, value in found.items() if kept.get(key) != value}
    if ours.description:
        new.pop("description", None)
    changes += [f"page.{key}: {value}" for key, value in new.items() if key != "origin"]
    return new


def _is_placeholder(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return is_unset(url) or host in ("localhost", "127.0.0.1") or host.split(".")[-2:] == ["example", "com"]


def _components(config: Config, batch: ImportBatch, changes: list[str], spare: tuple[str, ...]) -> Change | None:
    have = {c.key: c for c in config.components}
    new = [_row(c) for c in batch.components if c.key not in have]
    adopted = {c.key: codec.plain(c.origin) for c in batch.components if _adopts(have.get(c.key), c)}
    spare = spare if new else ()
    changes += [f"component {row['key']}: {row['name']}" for row in new]
    changes += [f"component {key}: id {origin['id']} at the source" for key, origin in adopted.items()]
    changes += [f"component {key} removed: `sevlog init` wrote it as an example" for key in spare]
    if not new and not adopted:
        return None

    def change(rows: list[dict[str, object]]) -> None:
        for row in rows:
            if row["key"] in adopted:
                row["origin"] = adopted[row["key"]]
        for number in reversed([n for n, row in enumerate(rows) if row["key"] in spare]):
            del rows[number]
        rows.extend(copy.deepcopy(new))

    return change


def _row(component: Component | Group) -> dict[str, object]:
    found: dict[str, object] = codec.plain(component)
    return found


def _adopts(mine: Component | None, theirs: Component) -> bool:
    return mine is not None and mine.origin is None and theirs.origin is not None


def _spare(config: Config, batch: ImportBatch) -> list[str]:
    """The one component that `sevlog init` writes where nobody named one, if nothing was done with it."""
    written = Start(name="", url="").components
    found = tuple((c.key, c.name) for c in config.components)
    untouched = found == written and _row(config.components[0]).keys() == {"key", "name"}
    return [key for key, _ in written if untouched and key not in {c.key for c in batch.components}]


def _groups(config: Config, batch: ImportBatch, changes: list[str]) -> Change | None:
    have = {g.name: g for g in config.groups}
    new = [_row(g) for g in batch.groups if g.name not in have]
    changes += [f"group {row['name']}" for row in new]
    if not new:
        return None
    return lambda rows: rows.extend(copy.deepcopy(new))


def amended(text: str, key: str, change: Change) -> str:
    """The text after a change to one top-level key; comments that stand behind it stay behind it."""
    expected = yaml_io.read(text.encode())
    assert isinstance(expected, dict)
    expected.setdefault(key, {} if key == "page" else [])
    change(expected[key])
    sections = re.split(r"^(?=[A-Za-z_\"'])", text, flags=re.MULTILINE)
    place = next((n for n, s in enumerate(sections) if re.match(rf"[\"']?{key}[\"']?\s*:", s)), None)
    if place is None:
        before = next((n for n, s in enumerate(sections) if s.startswith(f"{_AFTER.get(key)}:")), len(sections) - 1)
        body, rest = _without_trailing_comments(sections[before])
        sections[before] = body + yaml_io.dump({key: expected[key]}) + rest
    else:
        body, rest = _without_trailing_comments(sections[place])
        sections[place] = yaml_io.amend(body, lambda document: change(document[key])) + rest
    found = "".join(sections)
    try:
        true = yaml_io.read(found.encode()) == expected
    except yaml_io.YamlError:
        true = False
    return found if true else yaml_io.amend(text, lambda document: _on_whole(document, key, change))


def _on_whole(document: dict[str, object], key: str, change: Change) -> None:
    if key not in document:
        document[key] = {} if key == "page" else []
    change(document[key])


def _without_trailing_comments(section: str) -> tuple[str, str]:
    """A section, and the blank and comment lines behind it."""
    match = _TRAILING.search(section)
    start = match.start() if match else len(section)
    return section[:start], section[start:]
