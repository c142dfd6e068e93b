"""Opens a Statuspage source: a page's address, or a file or folder of captured JSON, JSON Lines or Atom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from ....errors import NotFound, UsageError
from ..source import Quarantined, Source, Unusable
from . import feed as statuspage_feed
from . import web as statuspage_web
from .gather import Gathered

Progress = Callable[[int, int | None], None]
"""Called with the number done and the total, None if it is not known yet."""

MAX_BYTES = 512 * 1024 * 1024
_SUFFIXES = (".json", ".jsonl", ".ndjson", ".atom", ".xml")
_BESIDE = "components.json"


def _silent(done: int, total: int | None) -> None:
    """No progress is shown."""


def open_source(where: str, components: Path | None = None, progress: Progress = _silent) -> Source:
    """Everything at an address or path.

    components: a further document with the page and its components (as /api/v2/components.json); left out, a
    components.json beside a file is taken. Raises NotFound or UsageError.
    """
    gathered = Gathered(where)
    if where.startswith(("https://", "http://")):
        statuspage_web.fetch_into(gathered, where, progress)
    else:
        _add_path(gathered, Path(where))
    if components is not None:
        if not components.is_file():
            raise NotFound(
                f"file {components} does not exist", "pass a captured components.json with --components FILE"
            )
        _add_file(gathered, components)
    source = gathered.source()
    if not source.incidents and not source.quarantined and not source.components:
        raise UsageError(
            f"no Statuspage incidents in {where}",
            "pass the URL of a page, a captured /api/v2 document, JSON Lines of incidents, an Atom feed, or a folder",
        )
    return source


def _add_path(gathered: Gathered, path: Path) -> None:
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in _SUFFIXES and p.is_file())
        if not files:
            raise NotFound(
                f"{path} contains no {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]} file",
                "import from the page itself: sevlog import statuspage https://status.example.com",
            )
    elif path.is_file():
        beside = path.parent / _BESIDE
        files = [path, beside] if beside.is_file() and beside != path and path.suffix != ".json" else [path]
    else:
        raise NotFound(f"{path} does not exist", "pass a path, or a URL that starts with https://")
    for file in files:
        _add_file(gathered, file)


def _add_file(gathered: Gathered, path: Path) -> None:
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(
            f"{path} is larger than {MAX_BYTES // 1024 // 1024} MiB", "split the file, and import the parts"
        )
    data = path.read_bytes()
    if statuspage_feed.is_feed(data):
        add_feed(gathered, data, path.name)
    elif path.suffix.lower() in (".jsonl", ".ndjson"):
        _add_lines(gathered, data, path.name)
    else:
        try:
            gathered.add_document(decode(data), path.name)
        except Unusable as error:
            if b"\n{" not in data.strip():
                raise UsageError(f"{path}: {error}") from None
            _add_lines(gathered, data, path.name)


def add_feed(gathered: Gathered, data: bytes, place: str) -> None:
    """The incidents of a feed. Raises UsageError if it is not an Atom feed."""
    try:
        page, incidents, quarantined = statuspage_feed.read_feed(data, place)
    except Unusable as error:
        raise UsageError(f"{place}: {error}") from None
    gathered.feed_page = gathered.feed_page or page
    gathered.quarantined += quarantined
    for incident in incidents:
        gathered.add_incident(incident)
    gathered.notices.update(dict.fromkeys(statuspage_feed.NOTICES))


def _add_lines(gathered: Gathered, data: bytes, place: str) -> None:
    for number, line in _lines(data):
        try:
            value = decode(line)
        except Unusable as error:
            text = line[:2000].decode("utf-8", "replace")
            gathered.quarantined.append(Quarantined(f"{place}, line {number}", str(error), text))
            continue
        if isinstance(value, Mapping) and "incident_updates" not in value and "page" in value:
            gathered.add_document(value, f"{place}, line {number}")
        else:
            gathered.add_row(value, f"{place}, line {number}")


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield number, line


def decode(data: bytes) -> object:
    """The value of a JSON text. Raises Unusable for anything else."""
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unusable(f"it is not JSON ({error})") from None
