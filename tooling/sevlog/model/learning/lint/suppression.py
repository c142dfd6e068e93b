"""Comments that allow a finding: `<!-- sevlog:allow RULE: REASON -->`, on its line or before a paragraph."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from ...suggestions import did_you_mean
from .document import Comment, Document
from .finding import Place

MARKER = "sevlog:allow"
OF_THE_FILE = frozenset({"missing_section", "no_contributing_factor"})
"""Rules about the whole file: a comment anywhere in it allows them."""


_NEAR = 200
"""How far below its heading, in characters, a comment may be to stand for the heading."""


class Allowance(Struct, frozen=True):
    """What one comment allows: rules, reason, and the stretches of the file that it covers."""

    comment: Comment
    rules: tuple[str, ...]
    reason: str
    spans: tuple[tuple[int, int], ...]

    def spans_of(self, rule: str, size: int) -> tuple[tuple[int, int], ...]:
        """Where it allows findings of a rule. size: of the file."""
        if rule not in self.rules or not self.reason:
            return ()
        return ((0, size + 1),) if rule in OF_THE_FILE else self.spans


class Cover:
    """Stretches of a file, to ask whether a place is in one of them."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if self._spans and start <= self._spans[-1][1]:
                start, last = self._spans.pop()
                end = max(end, last)
            self._spans.append((start, end))

    def has(self, place: int) -> bool:
        """Whether a place is covered."""
        number = bisect_right(self._spans, (place, place + 1_000_000_000)) - 1
        return number >= 0 and place < self._spans[number][1]


def spans_for(allowed: Sequence[Allowance], rule: str, size: int) -> Iterator[tuple[int, int]]:
    """Where findings of a rule are allowed."""
    for one in allowed:
        yield from one.spans_of(rule, size)


def used_by(allowed: Sequence[Allowance], rule: str, starts: Iterable[int]) -> set[int]:
    """The numbers of the suppressions that suppress a finding of a rule. starts: the places of its findings."""
    places = sorted(starts)
    used = set[int]()
    for number, one in enumerate(allowed):
        for start, end in one.spans_of(rule, places[-1] if places else 0):
            first = bisect_left(places, start)
            if first < len(places) and places[first] < end:
                used.add(number)
    return used


def allowances(document: Document) -> list[Allowance]:
    """The suppressions of a document, in its order."""
    found = []
    starts = [paragraph.start for paragraph in document.paragraphs]
    headings = [section.start for section in document.sections]
    for comment in document.comments:
        if comment.text.split(maxsplit=1)[:1] != [MARKER] and not comment.text.startswith(f"{MARKER}:"):
            continue
        names, _, reason = comment.text.removeprefix(MARKER).partition(":")
        rules = tuple(name for name in names.replace(",", " ").split() if name)
        spans = _spans(document, comment, starts, headings)
        found.append(Allowance(comment, rules, reason.strip(), tuple(spans)))
    return found


def _spans(
    document: Document, comment: Comment, starts: Sequence[int], headings: Sequence[int]
) -> Iterator[tuple[int, int]]:
    if not comment.alone:
        yield document.line_span(comment.start)
        return
    number = bisect_left(starts, comment.end)
    heading = bisect_left(headings, comment.end)
    paragraph = document.paragraphs[number] if number < len(starts) else None
    following = headings[heading] if heading < len(headings) else len(document.source)
    if paragraph and paragraph.start < following:
        yield comment.start, paragraph.end
    elif heading < len(headings):
        yield following, document.line_span(following)[1]
    above = headings[comment.section]
    first_line = document.line_span(above)[1]
    is_near = comment.start - first_line < _NEAR
    if comment.section and is_near and not document.source[first_line : comment.start].strip():
        yield above, first_line


def mistakes(
    allowed: Sequence[Allowance], used: Collection[int], rules: Collection[str], off: Collection[str]
) -> Iterator[Place]:
    """Suppressions without a rule, with an unknown one, without a reason, or that suppress nothing."""
    for number, one in enumerate(allowed):
        start, end = one.comment.start, one.comment.end
        unknown = [name for name in one.rules if name not in rules]
        example = f"<!-- {MARKER} {one.rules[0] if one.rules else 'counterfactual'}: why it is right here -->"
        if not one.rules:
            yield Place(start, end, said="suppression names no rule", hint=f"write {example}")
        elif unknown:
            hint = did_you_mean(unknown[0], rules) or f"rules: {', '.join(rules)}"
            yield Place(start, end, said=f"suppression names an unknown rule `{unknown[0]}`", hint=hint)
        elif not one.reason:
            yield Place(start, end, said="suppression has no reason, so it has no effect", hint=f"write {example}")
        elif number not in used and not any(name in off for name in one.rules):
            yield Place(start, end, said="suppression suppresses nothing", hint="delete the comment")
