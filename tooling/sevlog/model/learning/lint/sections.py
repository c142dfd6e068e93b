"""Rules for the sections of a template: each is there, has words of its own, and no question is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from .context import Context
from .document import Document, Section, read_document
from .finding import Place

_HOLLOW = re.compile(
    r"[\W_]*(?:(?:todo|tbd|tba|fixme|xxx|to be (?:written|done|discussed|filled in))\b.*)?[\W_]*\Z", re.I
)
_NOT_WORDS = re.compile(r"[\W_]+")


class Wanted(Struct, frozen=True):
    """A section of a template. is_required: whether it asks a question; the others may be left empty."""

    title: str
    is_required: bool
    questions: frozenset[str]


@lru_cache(maxsize=16)
def wanted_sections(template: str) -> Mapping[str, Wanted]:
    """The sections of a template, by title."""
    document = read_document(template.replace("\r\n", "\n"))
    found: dict[str, Wanted] = {}
    for number, section in enumerate(document.sections):
        if section.level < 2 or not section.title:
            continue
        comments = [c.text for c in document.comments if c.section == number and not c.text.startswith("sevlog:")]
        lines = [p.raw for p in document.paragraphs if p.section == number and not p.raw.strip().startswith("{")]
        holes = [p for p in document.paragraphs if p.section == number and p.raw.strip().startswith("{")]
        shown = document.source[section.start : section.end].lstrip("# \t").splitlines()[:1]
        asked = frozenset(map(_plain, [*comments, *lines]))
        found[section.title] = Wanted(shown[0].strip() if shown else section.title, bool(asked or holes), asked)
    return found


def _plain(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.lower()).strip()


def _template(context: Context) -> Mapping[str, Wanted]:
    text = context.subject.template
    return {} if text is None else wanted_sections(text)


def _is_optional(context: Context, title: str) -> bool:
    return title in {" ".join(name.lower().split()) for name in context.settings.optional}


def missing_section(context: Context) -> Iterator[Place]:
    """A section of the template with a question, which the postmortem does not have."""
    there = {section.title for section in context.document.sections}
    for title, wanted in _template(context).items():
        if wanted.is_required and title not in there and not _is_optional(context, title):
            yield Place(
                context.document.body,
                context.document.body,
                excerpt=wanted.title,
                said=f"section `{wanted.title}` of the template is missing",
                hint=f"add `{'##'} {wanted.title}`, or leave it out for all: policies.postmortem_lint.optional",
            )


def empty_section(context: Context) -> Iterator[Place]:
    """A section without content, or with nothing but TODO."""
    for number, section, asked in _empty(context):
        if not asked:
            wanted = _template(context).get(section.title)
            mild = wanted is None or not wanted.is_required
            yield Place(*_heading(context.document, number), gravity="warning" if mild else None)


def untouched_template(context: Context) -> Iterator[Place]:
    """A section with nothing but the template's question, or a visible question line that is still there."""
    for number, _, asked in _empty(context):
        if asked:
            yield Place(*_heading(context.document, number))
    hollow = {number for number, *_ in _empty(context)}
    template = _template(context)
    for paragraph in context.document.paragraphs:
        wanted = template.get(context.document.sections[paragraph.section].title)
        if wanted and paragraph.section not in hollow and _plain(paragraph.raw) in wanted.questions:
            yield Place(
                paragraph.start,
                paragraph.end,
                said="question of the template is still there",
                hint="answer it, and delete the question",
                gravity="warning",
            )


def _empty(context: Context) -> Iterator[tuple[int, Section, bool]]:
    """The sections without words of their own, and whether they have the template's question."""
    document, template = context.document, _template(context)
    filled = {number for number, section in enumerate(document.sections) if section.has_other}
    asked = set[int]()
    for paragraph in document.paragraphs:
        wanted = template.get(document.sections[paragraph.section].title)
        if wanted and _plain(paragraph.raw) in wanted.questions:
            asked.add(paragraph.section)
        elif not _HOLLOW.match(paragraph.raw[:200]) or len(paragraph.raw) > 200:
            filled.add(paragraph.section)
    for comment in document.comments:
        wanted = template.get(document.sections[comment.section].title)
        if wanted and _plain(comment.text) in wanted.questions:
            asked.add(comment.section)
    for number in range(len(document.sections) - 1, 0, -1):
        above = document.sections[number].above
        if number in filled and above is not None:
            filled.add(above)
    for number, section in enumerate(document.sections):
        if section.level >= 2 and number not in filled and not _is_optional(context, section.title):
            yield number, section, number in asked


def _heading(document: Document, number: int) -> tuple[int, int]:
    start, end = document.line_span(document.sections[number].start)
    return start, start + len(document.source[start:end].rstrip())


def no_contributing_factor(context: Context) -> Iterator[Place]:
    """No contributing factor in the front matter."""
    if context.subject.factors is False:
        yield Place(0, 0)
