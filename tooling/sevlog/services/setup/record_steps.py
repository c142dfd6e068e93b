"""Steps that bring a record file from one schema version to the next.

There is only version 1 so far, so `STEPS` is empty. A step is added together with a new `NEWEST_SCHEMA`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ...errors import InvalidRecord
from ...stores import layout
from ...stores.records.records import NEWEST_SCHEMA

Step = Callable[[str, str], str]
"""Takes the path of a file and its text, and returns the text of the next version. It does not set `schema`."""

STEPS: Mapping[int, Step] = {}
"""The version that a step starts from -> the step."""

_SCHEMA = re.compile(r"^(schema:[ \t]*)([0-9]{1,6})\b", re.MULTILINE)


def migrated(root: Path, steps: Mapping[int, Step] = STEPS, newest: int = NEWEST_SCHEMA) -> Iterator[tuple[str, str]]:
    """The files with an older schema version: the path and the new text.

    Raises InvalidRecord for a newer version, and for an older one that no step knows.
    """
    for path in _versioned(root):
        text = (root / path).read_text("utf-8")
        found = _SCHEMA.search(text)
        version = int(found[2]) if found else newest
        if version > newest:
            raise InvalidRecord(
                f"{path} has schema {version}; this sevlog supports up to {newest}",
                "install the newer sevlog that wrote it, then: sevlog upgrade",
            )
        if version < newest:
            yield path, _stepped(path, text, version, steps, newest)


def _stepped(path: str, text: str, version: int, steps: Mapping[int, Step], newest: int) -> str:
    for number in range(version, newest):
        if number not in steps:
            raise InvalidRecord(
                f"{path} has schema {version}, and this sevlog cannot read it",
                "install the sevlog that wrote it, or correct `schema:`",
            )
        text = _SCHEMA.sub(rf"\g<1>{number + 1}", steps[number](path, text), count=1)
    return text


def _versioned(root: Path) -> Iterator[str]:
    """The files that have a `schema:` of their own."""
    for name in (layout.CONFIG_FILE, layout.ONCALL_FILE):
        if (root / name).is_file():
            yield name
    for incident_id in layout.incident_ids(root):
        card = layout.folder_of(incident_id) / layout.CARD_FILE
        if (root / card).is_file():
            yield card.as_posix()
