"""Templates of postmortems: the shipped ones by name, and files of the records repository by path."""

from __future__ import annotations

import re
from pathlib import Path

from ...errors import InvalidRecord, NotFound
from ...model.forms import REPOSITORY_PATH
from ...model.suggestions import did_you_mean
from .. import files, links, resources

DEFAULT = "atlassian"
_FOLDER = "postmortems"
_ENDING = ".md"
_MAX_BYTES = 64 * 1024


def shipped_templates() -> list[str]:
    """The names of the shipped templates, sorted."""
    return resources.shipped_names(_FOLDER)


def exists(root: Path, name: str) -> bool:
    """Whether there is a shipped template of this name, or a Markdown file at this path of the repository."""
    return name in shipped_templates() or _is_file(root, name)


def template_text(root: Path, name: str) -> str:
    """The text of a template, which may contain {title} and {summary}.

    name: of a shipped template, or the path of a Markdown file from the folder of sevlog.yaml. Raises NotFound where
    it is neither, InvalidRecord for a file that cannot be read as text.
    """
    if name in shipped_templates():
        return resources.shipped(f"{_FOLDER}/{name}{_ENDING}")
    if not _is_file(root, name):
        raise NotFound(f"unknown postmortem template `{name}`", *what_there_is(name))
    try:
        data = files.read_plain(root / name, _MAX_BYTES)
        if len(data) > _MAX_BYTES:
            raise InvalidRecord(f"{name} is larger than {_MAX_BYTES // 1024} KiB", "shorten the template")
        return data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeError) as error:
        raise InvalidRecord(f"{name} cannot be read as a template: {error}", f"sevlog check {name}") from None


def what_there_is(name: str) -> tuple[str, str]:
    """The hints for an unknown template: a similar name, and all names."""
    known = shipped_templates()
    return did_you_mean(
        name, known
    ) or "", f"templates: {', '.join(known)}, or the path of a Markdown file (a-z, A-Z, 0-9 and . _ - /)"


def _is_file(root: Path, name: str) -> bool:
    if Path(name).suffix != _ENDING or not re.match(REPOSITORY_PATH, name):
        return False
    return links.first_on_the_way(root, name) is None and (root / name).is_file()
