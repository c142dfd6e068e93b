"""Reads a YAML file for what can be had of it: where it is broken, the sections that are whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_SECTION = re.compile(rb"^(?=[A-Za-z_][A-Za-z0-9_]*:)", re.MULTILINE)


def mapping(path: Path) -> dict[str, object]:
    """The mapping in a file, or those of its keys that can be read; empty where there is none."""
    data = value(path)
    return data if isinstance(data, dict) else {}


def value(path: Path) -> object:
    """What a file holds; None where there is no file."""
    from .. import files
    from ..yaml import plain as yaml_plain

    try:
        data = files.read_plain(path, yaml_plain.MAX_BYTES)
        return yaml_plain.read_plain(data)
    except OSError:
        return None
    except yaml_plain.NotPlain:
        return _carefully(data)


def _carefully(data: bytes) -> object:
    from ..yaml import io as yaml_io  # heavy: only for files that are broken, or written in an unusual way

    try:
        return yaml_io.read_carefully(data)
    except yaml_io.YamlError:
        return dict(_whole_sections(data))


def _whole_sections(data: bytes) -> Iterator[tuple[str, object]]:
    from ..yaml import plain as yaml_plain

    for section in _SECTION.split(data):
        try:
            whole = yaml_plain.read_plain(section)
        except yaml_plain.NotPlain:
            continue
        if isinstance(whole, dict):
            yield from whole.items()
