"""Finds what travels with sevlog: schemas, site and demo records (top-level folders), templates and shipped data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..errors import InvalidRecord

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


@cache
def shared(name: str) -> Path:
    """A file or folder that stands at the top of sevlog's own repository, such as `schemas` or `site/theme`.

    In an installed sevlog it is in the package's _data folder, in a checkout at its top.
    Raises InvalidRecord where it is in neither: the installation is broken.
    """
    for path in (_PACKAGE / "_data" / name, _CHECKOUT / name):
        if path.exists():
            return path
    raise InvalidRecord(f"sevlog's own `{name}` is missing from this installation", "reinstall sevlog from its source")


def template(name: str) -> str:
    """The text of a file below templates/."""
    return (_PACKAGE / "templates" / name).read_text("utf-8")


def shipped(name: str) -> str:
    """The text of a file below data/."""
    return (_PACKAGE / "data" / name).read_text("utf-8")


def data_folder(name: str) -> Path:
    """A folder below data/."""
    return _PACKAGE / "data" / name


def shipped_names(folder: str) -> list[str]:
    """The names of the files in a folder below data/, without their endings, sorted."""
    return sorted(path.stem for path in (_PACKAGE / "data" / folder).iterdir())
