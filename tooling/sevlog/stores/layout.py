"""The layout of a records repository: names, ids and paths."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath

from ..errors import InvalidRecord, NotFound
from . import links

CONFIG_FILE = "sevlog.yaml"
ONCALL_FILE = "oncall.yaml"
INCIDENTS = "incidents"
CARD_FILE = "incident.yaml"
TIMELINE = "timeline"
HISTORY_FILE = "history.yaml"
ACTIONS_FILE = "actions.yaml"
POSTMORTEM_FILE = "postmortem.md"
PUBLIC_POSTMORTEM_FILE = "postmortem.public.md"
EVIDENCE = "evidence"
SCHEMAS = "schemas"

_SYLLABLE = re.compile(r"(?<=[\u2e80-\U0001ffff])")
"""Behind each Chinese, Japanese or Korean character and each emoji: scripts that put no space between words."""
_WHOLE_SECOND = re.compile(r"^([0-9]{8}T[0-9]{6})Z")
_ENTRY_FILE = re.compile(r"[0-9]{8}T[0-9]{6}(?:\.[0-9]{3})?Z-[a-z_]+")
_NO_MILLISECONDS = re.compile(r"^([0-9]{8}T[0-9]{6})\.000Z")
INCIDENT_ID = re.compile(r"(?!.{256})[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:-[a-z0-9]+)+")
"""An incident id: a date and a slug, such as 2026-11-23-checkout-errors, no longer than the name of a folder may be."""

_SLUG_LENGTH = 60
_SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
"""Letters that are not a plain one with a mark on it."""


def find_root(start: Path) -> Path:
    """The records repository around `start`: the nearest folder upwards that holds sevlog.yaml.

    Raises NotFound with the commands that make or name one.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG_FILE).is_file():
            return folder
    raise NotFound(
        f"not in a records repository: no {CONFIG_FILE} in {here} or above it",
        "change to one, use --repo PATH, or create one: sevlog init",
    )


def slug(title: str) -> str:
    """A title as lower-case words and hyphens, cut at a word to 60 characters; `incident` if nothing is left.

    Letters that are not Latin, and emoji, are written in Latin letters: an id has to tell incidents apart and be typed.
    """
    spelled = unicodedata.normalize("NFKC", title.lower()).translate(_SPELLED)
    if not spelled.isascii():
        from anyascii import anyascii

        spelled = " ".join(anyascii(word) for word in _SYLLABLE.split(spelled) if word)
    text = re.sub(r"[^a-z0-9]+", "-", spelled.lower()).strip("-")
    if len(text) > _SLUG_LENGTH:
        text = text[: _SLUG_LENGTH + 1].rsplit("-", 1)[0][:_SLUG_LENGTH].strip("-")
    return text or "incident"


def new_incident_id(at: datetime, title: str, taken: Callable[[str], bool]) -> str:
    """`<date>-<slug>`, with -2, -3 … where that is taken. The date is the day in `at`'s own offset."""
    base = f"{at:%Y-%m-%d}-{slug(title)}"
    candidate, number = base, 1
    while taken(candidate):
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def folder_of(incident_id: str) -> PurePosixPath:
    """The folder of an incident, relative to the repository. The id must match INCIDENT_ID."""
    return PurePosixPath(INCIDENTS) / incident_id[:4] / incident_id


def timeline_file(incident_id: str, entry_id: str) -> PurePosixPath:
    """The file of a single entry. Its name always has milliseconds, so that names sort as times do."""
    name = _WHOLE_SECOND.sub(r"\1.000Z", entry_id, count=1)
    return folder_of(incident_id) / TIMELINE / f"{name}.yaml"


def entry_named(path: str) -> str:
    """The id of the single entry in a file, by the file's name: the way back from `timeline_file`."""
    return _NO_MILLISECONDS.sub(r"\1Z", path.rpartition("/")[2].removesuffix(".yaml"), count=1)


def is_entry_of_a_command(path: str) -> bool:
    """Whether a path is that of an entry in a file of its own, named by its time as commands do."""
    folder, _, name = path.rpartition("/")
    return folder.endswith(f"/{TIMELINE}") and _ENTRY_FILE.match(name) is not None


def by_time(path: str) -> str:
    """A timeline file's name so that names sort as times do, those from before milliseconds were always written too."""
    return _WHOLE_SECOND.sub(r"\1.000Z", path.rpartition("/")[2], count=1)


def schema_reference(path: PurePosixPath, schema: str) -> str:
    """The relative address of a schema from a file of the repository, for editors: no network is needed."""
    return "../" * (len(path.parts) - 1) + f"{SCHEMAS}/{schema}.schema.json"


def incident_ids(root: Path) -> list[str]:
    """The ids of all incidents in the repository, sorted. Others are left out (`check` reports them)."""
    names = (path.rpartition("/")[2] for path in incident_paths(root))
    return sorted(name for name in names if INCIDENT_ID.fullmatch(name))


def is_incident(root: Path, incident_id: str) -> bool:
    """Whether there is a folder for this id. A folder behind a symbolic link does not count."""
    if not INCIDENT_ID.fullmatch(incident_id):
        return False
    return is_plain_folder(root, str(folder_of(incident_id)))


def is_plain_folder(root: Path, relative: str) -> bool:
    """Whether there is a folder, and no symbolic link on the way to it."""
    return links.first_on_the_way(root, relative) is None and (root / relative).is_dir()


def incident_folders(root: Path) -> Iterable[Path]:
    """Every folder that should be an incident: incidents/<year>/<name>."""
    return (root / path for path in incident_paths(root))


def incident_paths(root: Path) -> list[str]:
    """The same as paths relative to the repository. Ten thousand of them take 20 ms."""
    base = root / INCIDENTS
    return [f"{INCIDENTS}/{year}/{name}" for year in years(root) for name in folders(base / year)]


def years(root: Path) -> list[str]:
    """The names of the folders below incidents/, sorted; none where that is a link. Raises InvalidRecord."""
    base = root / INCIDENTS
    return [] if base.is_symlink() else folders(base)


def folders(place: Path) -> list[str]:
    """The names of the folders at a place, sorted; no links, nothing hidden. Raises InvalidRecord for a closed one."""
    try:
        with os.scandir(place) as rows:
            return sorted(r.name for r in rows if r.name[0] != "." and r.is_dir(follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise InvalidRecord(f"{place} cannot be read: {error.strerror}", "fix its permissions") from None
