"""Reads a postmortem into sections and paragraphs of prose, each with its place in the file.

This is not a Markdown parser: it separates prose from front matter, code, quotations, log lines, comments and
headings, line by line, in linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from functools import cached_property

from msgspec import Struct

from .markup import code_spans, prose


class Paragraph(Struct, frozen=True, dict=True):
    """A paragraph, list item or table row. start: its offset in the file, behind the marker of a list item."""

    start: int
    raw: str
    section: int
    is_item: bool = False
    is_task_done: bool = False

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Its code spans."""
        return code_spans(self.raw)

    @cached_property
    def text(self) -> str:
        """Its prose, as long as `raw`."""
        return prose(self.raw, self.spans)

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.raw)


class Comment(Struct, frozen=True):
    """An HTML comment. alone: whether nothing else is on its lines."""

    start: int
    end: int
    text: str
    section: int
    alone: bool


class Section(Struct):
    """A heading and what is below it. level 0: what is before the first heading. above: the section that contains it.

    has_other: whether there is content that is not prose, such as code, a quotation or a marker of sevlog.
    """

    title: str
    level: int
    start: int
    end: int
    above: int | None
    has_other: bool = False


class Document(Struct, frozen=True, dict=True):
    """A postmortem: sections, paragraphs and comments in the order of the file."""

    source: str
    sections: list[Section]
    paragraphs: list[Paragraph]
    comments: list[Comment]
    body: int

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.source))]

    def line_and_column(self, place: int) -> tuple[int, int]:
        """Line and column of an offset, in characters, both from 1."""
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1] + 1

    def line_span(self, place: int) -> tuple[int, int]:
        """Start and end of the line of an offset."""
        line = bisect_right(self._starts, place)
        end = self._starts[line] if line < len(self._starts) else len(self.source)
        return self._starts[line - 1], end

    def titles(self, number: int) -> list[str]:
        """The titles of a section and of those that contain it, innermost first, without that of the document."""
        found = list[str]()
        place: int | None = number
        while place is not None and len(found) < 8:
            if self.sections[place].level > 1:
                found.append(self.sections[place].title)
            place = self.sections[place].above
        return found


_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*\Z")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)(\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r"[ \t]*>")
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]{1,200}\]:")
_ROW = re.compile(r"[ \t]*\|")
_DIVIDER = re.compile(r"[ \t|:-]+\Z")
_LOG = re.compile(
    r"\s*\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?\s+\[?"
    r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|crit|err|warn)\b"
    r"|\s*\[?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
    r"|\s*(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d "
)
_MARKER = re.compile(r"sevlog:[a-z_-]+\s*\Z")


def title_key(text: str) -> str:
    """A heading for comparison: lower case, without markup, numbers and punctuation at its ends."""
    words = re.sub(r"[*_`#]+|<!--.*", "", text.lower()).strip()
    return " ".join(re.sub(r"^\d+[.)]\s+", "", words).strip(" :.?!").split())


class _Reader:
    """One pass over the lines of a file."""

    def __init__(self, source: str, body: int) -> None:
        self.source, self.body = source, body
        self.sections = [Section("", 0, body, body, None)]
        self.paragraphs: list[Paragraph] = []
        self.comments: list[Comment] = []
        self.fence: str | None = None
        self.open: list[int] | None = None
        self.is_item = self.done = self.in_list = self.in_quote = False
        self.was_blank = True

    def read(self) -> Document:
        """The document."""
        place = self.body
        while place < len(self.source):
            end = self.source.find("\n", place)
            end = len(self.source) if end < 0 else end
            place = self._line(place, end)
        self._close()
        self.sections[-1].end = len(self.source)
        return Document(self.source, self.sections, self.paragraphs, self.comments, self.body)

    def _line(self, start: int, end: int) -> int:
        """Read a line, with the lines that a comment in it lasts for; returns where the next one starts."""
        line = self.source[start:end].rstrip("\r")
        if self.fence is not None:
            bare = line.strip()
            if bare.startswith(self.fence) and not bare.strip(self.fence[0]):
                self.fence = None
            return end + 1
        if "<!--" in line:
            line, end = self._comments(start, end)
        self._plain(start, line, end)
        return end + 1

    def _comments(self, start: int, end: int) -> tuple[str, int]:
        """A line without its comments, and its end: that of the line where the last comment closes."""
        spans = deque(code_spans(self.source[start:end]))
        pieces, last = list[str](), start
        found: list[tuple[int, int]] = []
        place = self.source.find("<!--", start, end)
        while place >= 0:
            while spans and start + spans[0][1] <= place:
                spans.popleft()
            if spans and start + spans[0][0] <= place:
                place = self.source.find("<!--", start + spans[0][1], end)
                continue
            closing = self.source.find("-->", place + 4)
            after = len(self.source) if closing < 0 else closing + 3
            found.append((place, after))
            pieces += [self.source[last:place], " " * (after - place)]
            last = after
            if after > end:
                newline = self.source.find("\n", after)
                end, spans = (len(self.source) if newline < 0 else newline), deque()
            place = self.source.find("<!--", after, end)
        line = "".join([*pieces, self.source[last:end]]).rstrip("\r")
        self._note(found, alone=not line.strip())
        return line, end

    def _note(self, found: list[tuple[int, int]], *, alone: bool) -> None:
        for start, after in found:
            text = self.source[start + 4 : after].removesuffix("-->").strip()
            self.comments.append(Comment(start, after, text, len(self.sections) - 1, alone))
            if _MARKER.match(text) and text != "sevlog:allow":
                self.sections[-1].has_other = True

    def _plain(self, start: int, line: str, end: int) -> None:
        if not line.strip():
            self._close()
            self.was_blank, self.in_quote = True, False
            return
        self._content(start, line, end)
        self.was_blank = False

    def _content(self, start: int, line: str, end: int) -> None:
        fence = _FENCE.match(line.lstrip() if self.in_list else line)
        heading = _HEADING.match(line)
        if fence and not ("`" in fence[1] and "`" in line.strip()[len(fence[1]) :]):
            self.fence = fence[1]
            self._other()
        elif heading:
            self._heading(start, end, len(heading[1]), line[heading.end() :])
        elif self.open is not None and not self.is_item and _UNDERLINE.match(line):
            self._underlined(end, 1 if "=" in line else 2)
        elif _RULE.match(line) or _DEFINITION.match(line):
            self._close()
        elif _QUOTE.match(line) or (self.in_quote and not _ITEM.match(line)):
            self.in_quote = True
            self._other()
        elif _LOG.match(line) or self._is_code(start):
            self._other()
        else:
            self._prose(start, line, end)

    def _is_code(self, start: int) -> bool:
        return self.source.startswith(("    ", "\t"), start) and self.was_blank and not self.in_list

    def _prose(self, start: int, line: str, end: int) -> None:
        item = _ITEM.match(line)
        if item:
            self._close()
            self.is_item = self.in_list = True
            self.done = bool(item[1]) and "x" in item[1].lower()
            self.open = [start + item.end(), start + len(line)]
            if not line[item.end() :].strip():
                self.open = None
        elif _ROW.match(line):
            self._close()
            if not _DIVIDER.match(line):
                self.open = [start, start + len(line)]
                self._close()
        elif self.open is not None:
            self.open[1] = start + len(line)
        else:
            self.in_list = self.in_list and line.startswith((" ", "\t"))
            self.is_item = False
            self.open = [start + len(line) - len(line.lstrip()), start + len(line)]

    def _other(self) -> None:
        self._close()
        self.sections[-1].has_other = True

    def _close(self) -> None:
        if self.open is not None:
            start, end = self.open
            raw = self.source[start:end]
            self.paragraphs.append(Paragraph(start, raw, len(self.sections) - 1, self.is_item, self.done))
        self.open, self.is_item, self.done = None, False, False

    def _underlined(self, end: int, level: int) -> None:
        assert self.open is not None
        start, last = self.open
        self.open = None
        self._heading(start, end, level, self.source[start:last])

    def _heading(self, start: int, end: int, level: int, title: str) -> None:
        self._close()
        self.in_list = self.in_quote = False
        above = len(self.sections) - 1
        while self.sections[above].level >= level and self.sections[above].above is not None:
            above = self.sections[above].above or 0
        self.sections[-1].end = start
        self.sections.append(Section(title_key(title), level, start, end, above))


def body_start(source: str) -> int | None:
    """Where the text begins, behind the front matter; 0 where there is none, None where it is never closed."""
    if not re.match(r"\ufeff?---[ \t]*\r?\n", source):
        return 0
    closing = re.compile(r"^---[ \t]*\r?(?:\n|\Z)", re.MULTILINE).search(source, source.index("\n") + 1)
    return closing.end() if closing else None


def read_document(source: str) -> Document:
    """The document of a file, whatever is in it."""
    return _Reader(source, body_start(source) or 0).read()
