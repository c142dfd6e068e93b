"""Rules for action items, in the section of the postmortem and in actions.yaml: verb, owner, due date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...timeline.incident import ActionItem
from . import english
from .context import Context
from .document import Paragraph
from .finding import Place

_LABEL = re.compile(r"[\s*_`]{0,4}(?:\[[ xX]\]\s{0,3})?(?:[A-Z]{1,3}\d{1,4}[\s*_`:.)]{0,5})?[\s*_`]{0,4}")
_REFERENCE = re.compile(r"(?<![\w-])(?:A\d{1,4}|[A-Z][A-Z0-9]{1,9}-\d{1,6}|#\d+)(?![\w-])|https?://")
_OWNER = re.compile(r"(?<!\w)@\w|\b(?:owner|owned by|assignee|team|squad)\b", re.IGNORECASE)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DUE = re.compile(
    rf"\d{{4}}-\d\d(?:-\d\d)?|(?<!\w)\d{{1,2}}(?:st|nd|rd|th)?\.? {_MONTH}\b|(?<!\w){_MONTH} \d{{1,4}}"
    r"|(?<!\w)\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?<!\w)q[1-4](?!\w)|\bdue\b|\bdone\b|\b(?:by|before|until|in) \d"
    r"|\bby (?:the )?(?:end|mon|tues|wednes|thurs|fri|next|this)|\bnext (?:week|sprint|month|quarter)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[^\W\d_][\w'-]*")
_SUBJECT_DOES = re.compile(
    r"(?:\S+\s+){0,3}?\S*\s*(?:will|should|must|shall|to|needs to|has to|have to)\s+(?P<verb>\w+)"
)
OPEN = ("accepted", "in_progress")


def _items(context: Context) -> Iterator[Paragraph]:
    for paragraph in context.document.paragraphs:
        if paragraph.is_item and context.categories[paragraph.section] == "actions" and paragraph.text.strip():
            yield paragraph


def _in_text(context: Context, lacks: Callable[[Context, str], bool]) -> Iterator[Place]:
    for paragraph in _items(context):
        if not _REFERENCE.search(paragraph.raw, _label(paragraph.raw)) and lacks(context, paragraph.raw):
            yield _line_of(paragraph)


def _label(text: str) -> int:
    found = _LABEL.match(text)
    return found.end() if found else 0


def _line_of(paragraph: Paragraph) -> Place:
    start = _label(paragraph.raw)
    end = paragraph.raw.find("\n", start)
    end = len(paragraph.raw.rstrip()) if end < 0 else end
    return Place(paragraph.start + start, paragraph.start + min(max(end, start + 1), start + 60))


def _in_list(context: Context, lacks: Callable[[ActionItem], bool]) -> Iterator[Place]:
    for number, item in enumerate(context.subject.actions):
        if lacks(item):
            yield Place(pointer=f"/{number}", excerpt=f"{item.id} {item.title}"[:80])


def without_owner(context: Context) -> Iterator[Place]:
    """An action item that names no person or team. In actions.yaml: one that was agreed."""
    yield from _in_text(context, lambda c, text: not _OWNER.search(text) and not any(c.names(f"x {text}")))
    yield from _in_list(context, lambda item: item.status in OPEN and not (item.owner or item.team))


def without_due(context: Context) -> Iterator[Place]:
    """An action item without a date. In actions.yaml: one that was agreed."""
    yield from _in_text(context, lambda _, text: not _DUE.search(text))
    yield from _in_list(context, lambda item: item.status in OPEN and not item.due)


def without_verb(context: Context) -> Iterator[Place]:
    """An action item that does not begin with what is to be done."""
    for paragraph in _items(context):
        if not begins_with_verb(paragraph.text):
            yield _line_of(paragraph)
    for number, item in enumerate(context.subject.actions):
        if item.status != "wont_do" and not begins_with_verb(item.title):
            yield Place(pointer=f"/{number}/title", excerpt=f"{item.id} {item.title}"[:80])


def begins_with_verb(text: str) -> bool:
    """Whether an action item begins with a verb, or says who will do what."""
    rest = text[_label(text) :].lstrip()[:200]
    found = _NEXT.match(rest)
    if found is None or is_verb(found[0]):
        return True
    does = _SUBJECT_DOES.match(rest)
    return (does is not None and is_verb(does["verb"])) or not _looks_like_a_noun(rest)


def _looks_like_a_noun(text: str) -> bool:
    """Whether an action item that begins with an unknown word begins with a noun phrase."""
    words = re.findall(r"[^\W_][\w'-]*", text.partition("(")[0].lower())
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in english.NOT_VERBS or second in ("for", "of") or first.endswith(english.NOUN_ENDINGS):
        return True
    if first.endswith("s") and not first.endswith(english.NOT_PLURAL):
        return True
    return len(words) <= 3 and words[-1] in english.THINGS


def is_verb(word: str) -> bool:
    """Whether a word can be a verb in its basic form."""
    word = word.lower()
    if word in english.VERBS or (word.endswith(english.VERB_ENDINGS) and len(word) > 5):
        return True
    return any(
        word.startswith(prefix) and word.removeprefix(prefix).lstrip("-") in english.VERBS
        for prefix in english.VERB_PREFIXES
    )
