"""The logo of the page: the file that `page.logo` of sevlog.yaml names. The plugin publishes it and shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ...model.config.settings import LOGO_FORMATS
from ...stores import files as stored
from ...stores import layout

MAX_BYTES = 1024 * 1024


def published_logo(root: Path | None, name: str | None, warn: Callable[[str], None]) -> tuple[str, bytes] | None:
    """The path below the site and the bytes of the logo `name` of the repository at `root`; None if it cannot be shown.

    Then `warn` gets the reason, and the header shows the name of the page.
    """
    if root is None or not name:
        return None
    content, why = _read(root, PurePosixPath("site", name))
    if content is None:
        warn(f"the logo site/{name} is left out: {why}")
        return None
    return f"assets/sevlog/logo{PurePosixPath(name).suffix.lower()}", content


def _read(root: Path, path: PurePosixPath) -> tuple[bytes | None, str]:
    """The bytes, or None and the reason."""
    if path.suffix.lower() not in LOGO_FORMATS:
        return None, f"it is not one of {', '.join(LOGO_FORMATS)}"
    if ".." in path.parts or path.parts[0] != "site" or not layout.is_plain_folder(root, str(path.parent)):
        return None, "it must be in a folder below site/ that is not a symbolic link"
    try:
        content = stored.read_plain(root / path, MAX_BYTES)
    except OSError as error:
        return None, error.strerror or "it cannot be read"
    return (content, "") if len(content) <= MAX_BYTES else (None, "it is larger than 1 MiB")
