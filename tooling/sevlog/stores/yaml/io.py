"""YAML in and out: one strict dialect (YAML 1.2 without tags), read fast where it is plain and with care where not.

`read` hands a file to the fast reader (stores/yaml/plain) unless a cheap look at its bytes finds one of the few things
that reader would take differently from YAML 1.2; those files, and those it refuses, go to the careful reader
(stores/yaml/nodes), which also knows the line and column of everything. Both give the same value for every file, which
tests check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import InvalidRecord
from ...model.problem import Problem
from .plain import MAX_BYTES, NotPlain, is_plain, read_plain
from .text import dump

__all__ = ["MAX_BYTES", "YamlError", "amend", "dump", "is_plain", "read", "read_carefully"]


class YamlError(InvalidRecord):
    """A file that is not YAML as sevlog reads it. problems: every mistake with line and column, without path."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        place = f"line {first.line}, column {first.column}: " if first.line else ""
        super().__init__(f"{place}{first.message}", first.hint or "")
        self.problems = problems


def read(data: bytes) -> object:
    """The value of one YAML document: dict (keys are str), list, str, int, float, bool or None; None for an empty one.

    Raises YamlError for whatever is not one plain YAML 1.2 document within bounds.
    """
    try:
        return read_plain(data)
    except NotPlain:
        return read_carefully(data)


def read_carefully(data: bytes) -> object:
    """As `read`, by the slow reader alone. Raises YamlError."""
    from . import document as yaml_document
    from . import nodes as yaml_nodes

    tree, problems = yaml_document.compose(data)
    if problems:
        raise YamlError(problems)
    return None if tree is None else yaml_nodes.construct(tree)


def amend(text: str, change: Callable[[Any], None]) -> str:
    """The text of a file after a change to its value; comments, order, quotes and layout of the rest stay.

    change: gets the document (it acts like a dict or list) and alters it in place.
    Raises YamlError where the text is not readable, InvalidRecord where more of it would change than what was asked.
    """
    from . import edit as yaml_edit

    changed, value = yaml_edit.amended(text, read(text.encode()), change)
    try:
        if read(changed.encode()) == value:
            return changed
    except YamlError:
        pass
    raise InvalidRecord(*yaml_edit.CANNOT)
