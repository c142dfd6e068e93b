"""The sections of a postmortem: which ones a template asks people to write, and which of them are still empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from .facts import PLACEHOLDERS
from .markers import fenced
from .source import Source

_HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<title>\S[^\n]*)$", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_PLACEHOLDER = re.compile(r"\{(?P<name>[a-z_]+)\}")
_OPTIONAL = re.compile(r"<!--\s*optional\b", re.I)
_NO_FACTS = "None recorded."
_NO_QUESTION = re.compile(r"<!--\s*(?:optional|sevlog)\b", re.I)


class Section(Struct, frozen=True, kw_only=True):
    """A heading and the text up to the next heading. level: 1 to 6. line: of the heading, from 1."""

    title: str
    level: int
    line: int
    text: str

    @property
    def is_asked(self) -> bool:
        """Whether a template asks people to write it: a question in a comment that is not marked optional."""
        return self.level > 1 and any(not _NO_QUESTION.match(asked) for asked in _COMMENT.findall(self.text))


def sections(text: str) -> Iterator[Section]:
    """The sections of a Markdown text, in order; a `#` in fenced code is not a heading."""
    hidden = "".join(part if not is_code else re.sub(r"^#", "\x00", part, flags=re.M) for is_code, part in fenced(text))
    hidden = _COMMENT.sub(lambda m: m[0].replace("\n#", "\n\x00"), hidden)
    found = list(_HEADING.finditer(hidden))
    for place, heading in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        line = text.count("\n", 0, heading.start()) + 1
        title = heading["title"].rstrip(" \t\r#")
        yield Section(title=title, level=len(heading["marks"]), line=line, text=text[heading.end() : end])


def filled(template: str, source: Source) -> str:
    """The template with the facts of the record in its placeholders; a section that would stay empty says so."""
    parts = re.split(r"(?=^#{1,6}[ \t])", template, flags=re.M)
    return re.sub(r"\n{3,}", "\n\n", "".join(_filled_part(part, source) for part in parts))


def _filled_part(part: str, source: Source) -> str:
    """A section. Where the record has no fact for it and it asks nothing, it says that there is none."""
    text = _PLACEHOLDER.sub(lambda m: _fact(m, source), part)
    heading, _, body = text.partition("\n")
    asks = any(not _OPTIONAL.match(found) for found in _COMMENT.findall(body))
    if asks or not _PLACEHOLDER.search(part.partition("\n")[2]) or _COMMENT.sub("", body).strip():
        return text
    return f"{heading}\n\n{_NO_FACTS}\n{body}"


def _fact(found: re.Match[str], source: Source) -> str:
    make = PLACEHOLDERS.get(found["name"])
    return make(source) if make else found[0]


def unwritten(template: str, text: str, source: Source) -> tuple[str, ...]:
    """The titles of the sections that the template asks for and that are missing, or say only what the record says."""
    drafted = _lines(filled(template, source))
    written = {_key(section.title) for section in sections(text) if _lines(section.text) - drafted}
    return tuple(s.title for s in sections(template) if s.is_asked and _key(s.title) not in written)


def has_own_words(template: str, text: str, source: Source) -> bool:
    """Whether a text says anything that neither the template nor the facts of the record say."""
    return bool(_lines(text) - _lines(filled(template, source)))


def _lines(text: str) -> frozenset[str]:
    """The lines of a text without headings and comments, without regard to white space."""
    plain = (" ".join(line.split()) for line in _COMMENT.sub("", text).splitlines())
    return frozenset(line for line in plain if line and not line.startswith("#"))


def _key(title: str) -> str:
    return " ".join(title.casefold().split())


def changed_sections(before: str, after: str) -> list[str]:
    """The titles of the sections that differ between two texts, in the order of the second; removed ones at the end."""
    old = {_key(section.title): section.text.split() for section in sections(before)}
    new = list(sections(after))
    there = {_key(section.title) for section in new}
    changed = [s.title for s in new if old.get(_key(s.title)) != s.text.split()]
    return [*dict.fromkeys(changed), *(s.title for s in sections(before) if _key(s.title) not in there)]
