"""How hard it gets: little in `make test`, much in `make torture`, and any number by name.

SEVLOG_TORTURE holds words: `long` for the long form, `entries=2000` for one number of it, `seed=7` for other chances.
"""

from __future__ import annotations

import os

import pytest

_SIZES: dict[str, tuple[int, int]] = {
    "entries": (16, 10_000),  # entries sent through clones of one remote
    "clones": (3, 8),  # clones that send at once
    "looks": (10, 500),  # commits whose incident is folded as it was then
    "kills": (3, 1_000),  # commands killed at a random instant
    "calls": (2, 1_000),  # commands killed at a call of git, over all commands and calls
    "syscalls": (2, 1_000),  # commands killed at a write to the disk
    "requests": (2, 400),  # commands killed where acts go by pull request, at an instant and at a call of git
    "disks": (2, 1_000),  # amounts of room on a full disk, for each command
    "commands": (2, 9),  # commands that are tried on full disks
    "cuts": (1, 100),  # places at which a connection is cut
    "notifications": (6, 2_000),  # events that are told to three addresses each
    "senders": (3, 6),  # clones that send notifications; half of them are killed
    "deaths": (2, 100),  # senders of notifications that are killed
    "examples": (5, 400),  # walks of the state machine
    "steps": (10, 40),  # commands in such a walk
    "histories": (12, 300),  # generated histories that are folded in every prefix
    "shuffles": (4, 100),  # orders in which each history is read
    "inputs": (1_000, 100_000),  # broken files, over all tests of fuzzing
    "parts": (1, 20),  # into which the long tests are cut, so that they use all processors
    "seed": (1, 1),
}


def _given() -> dict[str, int]:
    words = os.environ.get("SEVLOG_TORTURE", "").split()
    sizes = {name: row["long" in words] for name, row in _SIZES.items()}
    for word in words:
        name, equals, number = word.partition("=")
        if equals and name not in sizes:
            raise ValueError(f"SEVLOG_TORTURE: there is no size `{name}`; sizes: {', '.join(sizes)}")
        if equals:
            sizes[name] = int(number)
        elif name != "long":
            raise ValueError(f"SEVLOG_TORTURE: `{word}` is neither `long` nor NAME=NUMBER")
    return sizes


_SIZE = _given()
"""Read once, before the tests get an environment without SEVLOG_ variables."""


def share(name: str, part: int) -> range:
    """The numbers below a size that belong to a part."""
    return range(part, size(name), size("parts"))


def size(name: str) -> int:
    """The number of this run for a row of the table above."""
    return _SIZE[name]


in_parts = pytest.mark.parametrize("part", range(size("parts")))
