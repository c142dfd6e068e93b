"""A whole YAML file as a tree, with every mistake in it: also one that is broken, or large."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ...model.problem import Problem
from . import characters as yaml_characters
from . import pieces as yaml_pieces
from . import rescue as yaml_rescue
from .nodes import Node, compose_text
from .scanner import Allowance, Broken, mistake

_CONFLICT = re.compile(r"^<{7} .*$", re.MULTILINE)


@lru_cache(maxsize=2)  # who reads a broken file next is the one who tells what is wrong with it
def compose(data: bytes) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of a document (None where there is none), and its mistakes. Total: raises for no bytes at all.

    Where the YAML is broken, it is the tree of what can be read; what cannot has the style `broken`.

    The work is bounded: of a large list, only items that the fast reader does not take are looked at with care, and
    of those, and of any other file, no more than MOST_EVENTS steps and MOST_LINES lines. Treat the tree as read-only.
    """
    found: list[Problem] = []
    try:
        text, put_back = yaml_characters.of(data)
    except Broken as broken:
        return None, (broken.problem,)
    try:
        pieces = yaml_pieces.pieces(text) if len(text) >= yaml_pieces.WORTH_IT and not put_back else ()
        if pieces:
            return yaml_pieces.compose(pieces)
        tree = compose_text(text, Allowance(), found, put_back)
    except Broken as broken:
        conflicts = tuple(_conflicts(text))
        if conflicts:
            return None, conflicts
        tree, problems = yaml_rescue.rescued(text, put_back, broken.problem)
        return tree, problems if tree is not None else (*found, *problems)
    return tree, tuple(found)


def _conflicts(text: str) -> Iterator[Problem]:
    """A mistake for each merge conflict that git left in a file."""
    for found in _CONFLICT.finditer(text):
        yield mistake(
            "yaml_syntax",
            f"merge conflict: the marker `{found[0].strip()}`",
            text.count("\n", 0, found.start()) + 1,
            1,
            "keep one side, or both if they are different entries, and delete the lines <<<<<<<, ======= and >>>>>>>",
        )
