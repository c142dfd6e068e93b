"""Fetches a Statuspage over its public API: one request at a time, with size and time limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from .... import __version__
from ....errors import NotFound, UsageError
from ..source import Quarantined, identifier
from .gather import Gathered

if TYPE_CHECKING:
    from ...http_client import Client

DOCUMENTS = ("summary", "components", "incidents", "scheduled-maintenances")
LONGEST = 50
"""The documents contain at most this many incidents. Older ones are fetched one by one."""

_TIMEOUT = 20
_MAX_BYTES = 64 * 1024 * 1024
_EMPTY_PAGES = 4
_MAX_PAGES = 200
_PAUSE = 0.1
Progress = Callable[[int, int | None], None]


def fetch_into(gathered: Gathered, address: str, progress: Progress) -> None:
    """Fetch the four documents of a page, and older incidents from its history. Raises NotFound or UsageError."""
    from ...http_client import Client

    base = _base_of(address)
    headers = {"User-Agent": f"sevlog/{__version__} (import)", "Accept": "application/json"}
    with Client(headers, timeout=_TIMEOUT, max_bytes=_MAX_BYTES) as client:
        _fetch(client, base, gathered, progress)


def _fetch(client: Client, base: str, gathered: Gathered, progress: Progress) -> None:
    for number, name in enumerate(DOCUMENTS):
        progress(number, None)
        url = f"{base}/api/v2/{name}.json"
        document = _get(client, url)
        if document is None:
            raise NotFound(
                f"{url} does not exist: {base} does not look like a Statuspage", "give the address of the home page"
            )
        gathered.add_document(document, f"{name}.json")
    known = set(gathered.captures)
    if len(known) < LONGEST:
        return
    missing = [code for code in dict.fromkeys(_codes(client, base)) if code not in known]
    for number, code in enumerate(missing):
        progress(number, len(missing))
        url = f"{base}/incidents/{code}.json"
        document = _get(client, url) or _get(client, f"{base}/api/v2/incidents/{code}.json")
        if document is None:
            gathered.quarantined.append(Quarantined(code, f"it is in the history, but {url} does not exist"))
        else:
            gathered.add_row(document, url)
        time.sleep(_PAUSE)
    progress(len(missing), len(missing))


def _base_of(address: str) -> str:
    """The root address of a status page, from any address below it."""
    parts = urlsplit(address)
    if not parts.hostname or parts.username or parts.password:
        raise UsageError(
            f"{address} is not the address of a status page", "give an address such as https://status.example.com"
        )
    path = parts.path
    for marker in ("/api/v2", "/history", "/incidents"):
        path = path.split(marker)[0]
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}"


def _codes(client: Client, base: str) -> Iterator[str]:
    """The ids of all incidents in the history, newest first. Reads the history of Statuspage or of a sevlog page."""
    empty = 0
    for page in range(1, _MAX_PAGES + 1):
        document = _get(client, f"{base}/history.json?page={page}")
        if not isinstance(document, Mapping) or not isinstance(document.get("months"), list):
            break
        codes = [code for month in document["months"] for code in _codes_of(month)]
        yield from codes
        empty = 0 if codes else empty + 1
        if empty == _EMPTY_PAGES:
            return
        time.sleep(_PAUSE)
    else:
        return
    if page == 1:
        yield from _codes_of_sevlog(client, base)


def _codes_of(month: object) -> list[str]:
    rows = month.get("incidents") if isinstance(month, Mapping) else None
    found = [identifier(row.get("code")) for row in rows or [] if isinstance(row, Mapping)]
    return [code for code in found if code]


def _codes_of_sevlog(client: Client, base: str) -> Iterator[str]:
    index = _get(client, f"{base}/api/v2/history/index.json")
    months = index.get("months") if isinstance(index, Mapping) else None
    for month in months if isinstance(months, list) else []:
        path = month.get("path") if isinstance(month, Mapping) else None
        document = _get(client, f"{base}{path}") if isinstance(path, str) and path.startswith("/") else None
        for name in ("incidents", "scheduled_maintenances"):
            for row in document.get(name) or [] if isinstance(document, Mapping) else []:
                code = identifier(row.get("id")) if isinstance(row, Mapping) else None
                if code:
                    yield code


def _get(client: Client, url: str) -> object:
    """The JSON document at an address; None if it does not exist. Tries again later if the host asks for it."""
    from ...http_client import NoAnswer

    try:
        answer = client.get(url)
    except NoAnswer as error:
        raise NotFound(f"{url} cannot be reached: {error}", "check the address and the network") from None
    if answer.status in (404, 410):
        return None
    if not 200 <= answer.status < 300:
        raise NotFound(f"{url} answers {answer.status} {answer.reason}", "try again later")
    return _decoded(url, answer.body)


def _decoded(url: str, data: bytes) -> object:
    if len(data) > _MAX_BYTES:
        raise UsageError(f"{url} is larger than {_MAX_BYTES // 1024 // 1024} MiB")
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if b"<html" in data[:2000].lower() or b"<!doctype" in data[:2000].lower():
            return None  # some hosts answer every address with an HTML page
        raise UsageError(f"{url} is not JSON", "is it the address of a Statuspage?") from None
