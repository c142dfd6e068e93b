"""The steps that a runbook's Markdown has, and which one a person means. It loads nothing: completion uses it too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """A step. number: from 1, in the order of the file. label: its own number where it has one. text: what is below."""

    number: int
    label: str
    title: str
    text: str

    @property
    def name(self) -> str:
        """What a timeline calls it."""
        return f"{self.label}. {self.title}" if self.label else self.title


_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TASK = re.compile(r" {0,3}[-*+] \[[ xX]\] +(.+)")
_HEADING = re.compile(r"(#{1,6}) +(.+?)(?: +#+)?\s*\Z")
_NUMBERED = re.compile(r"(?:[Ss]tep +)?([0-9]{1,3})(?:[.):]|\s+[-\u2013\u2014])\s+(.+)")
_LISTED = re.compile(r"([0-9]{1,3})[.)] +(.+)")
_MOST_STEPS = 500


def steps_of(text: str) -> tuple[Step, ...]:
    """The steps of a runbook's Markdown: its tasks (`- [ ]`), else numbered headings, else all headings of the second
    level, else the numbered list. What is above the first one, and in code, is none."""
    lines = [(line, fenced) for line, fenced in _lines(text)]
    for finder in (_tasks, _numbered_headings, _headings, _numbers):
        marks = [
            (place, *found) for place, (line, fenced) in enumerate(lines) if not fenced and (found := finder(line))
        ]
        if marks:
            return tuple(_steps(lines, marks[:_MOST_STEPS], headings=finder in (_numbered_headings, _headings)))
    return ()


def first_heading(text: str) -> str | None:
    """The first heading of a Markdown text."""
    found = (_HEADING.match(line) for line, fenced in _lines(text) if not fenced)
    return next((match[2] for match in found if match), None)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a block of code."""
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if fence:
            yield line, True
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        else:
            fence = mark[1] if mark else ""
            yield line, bool(mark)


def _tasks(line: str) -> tuple[str, str] | None:
    found = _TASK.match(line)
    return split_number(found[1].strip()) if found else None


def _headings(line: str) -> tuple[str, str] | None:
    found = _HEADING.match(line)
    return split_number(found[2]) if found and len(found[1]) == 2 else None


def _numbered_headings(line: str) -> tuple[str, str] | None:
    found = _headings(line)
    return found if found and found[0] else None


def _numbers(line: str) -> tuple[str, str] | None:
    found = _LISTED.match(line)
    return (found[1], found[2].strip()) if found else None


def split_number(title: str) -> tuple[str, str]:
    """The number that a title begins with (empty where it has none), and the rest."""
    found = _NUMBERED.fullmatch(title)
    return (found[1], found[2].strip()) if found else ("", title)


def _steps(lines: list[tuple[str, bool]], marks: list[tuple[int, str, str]], *, headings: bool) -> Iterator[Step]:
    for number, (place, label, title) in enumerate(marks, 1):
        end = marks[number][0] if number < len(marks) else len(lines)
        below = lines[place + 1 : end]
        if headings:
            stop = next((n for n, (line, code) in enumerate(below) if not code and _is_above(line)), len(below))
        else:
            stop = next((n for n, (line, code) in enumerate(below) if not code and _HEADING.match(line)), len(below))
        text = "\n".join(line for line, _ in below[:stop]).strip("\n")
        yield Step(number=number, label=label, title=title[:280], text=text)


def _is_above(line: str) -> bool:
    found = _HEADING.match(line)
    return found is not None and len(found[1]) <= 2


def find_step(steps: Sequence[Step], word: str) -> list[Step]:
    """The steps that a person may mean: by the whole name, by number, or by a part of the title."""
    plain = " ".join(word.split()).casefold()
    for match in (
        lambda s: plain in (s.name.casefold(), s.title.casefold()),
        lambda s: plain.removesuffix(".") == s.label,
        lambda s: not s.label and plain == str(s.number),
        lambda s: bool(plain) and plain in s.name.casefold(),
    ):
        found = [step for step in steps if match(step)]
        if found:
            return found
    return []
