"""Rules for causes: one root cause where there are several conditions, and causes without evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import english
from .context import QUIET, Context, expressions, is_human_phrase, sentence, sentence_ends
from .document import Paragraph
from .finding import Place

_ROOT = expressions((english.ROOT_CAUSE,))
_ROOT_AS_LABEL = re.compile(r"(?:\A|[.!?])\s{0,5}(?P<root>root[ -]cause)(?=\s{0,3}(?::|–|—|- ))", re.IGNORECASE)
_CAUSAL = expressions(english.CAUSAL)
_EVIDENCE = re.compile(
    r"\]\(|https?://|(?<!\w)\d{8}T\d{6}|(?<!\w)evidence/|(?<![\w-])T\d{1,3}(?!\w)|(?<![\w-])F\d{1,3}(?!\w)"
    r"|(?<![\w&])#\d+|(?<![\w-])[A-Z][A-Z0-9]{1,9}-\d{1,6}(?![\w-])|(?<!\w)[0-9a-f]{7,40}(?!\w)|\[\^|(?<!\w)theory \w"
)
_FACTOR_LABEL = re.compile(r"[*_`\s]{0,4}[A-Z]{1,3}\d{1,3}[*_`:.\s]{1,4}")


def single_root_cause(context: Context) -> Iterator[Place]:
    """ "The root cause", in the singular."""
    for paragraph in context.paragraphs(QUIET):
        text = paragraph.text
        if "root" not in text.lower():
            continue
        ends, seen = sentence_ends(text), set[int]()
        found = [match.span() for match in _ROOT.finditer(text)]
        found += [match.span("root") for match in _ROOT_AS_LABEL.finditer(text)]
        for start, end in sorted(found):
            around = sentence(text, ends, start)
            if around.number not in seen and not english.NEGATED & set(around.before.lower().split()[-5:]):
                seen.add(around.number)
                yield Place(paragraph.start + start, paragraph.start + end)


def unsupported_cause(context: Context) -> Iterator[Place]:
    """A claim of a cause in a paragraph that refers to no evidence, entry, theory, factor, commit or ticket."""
    for paragraph in context.paragraphs(QUIET | {"summary", "impact", "praise"}):
        text = paragraph.text
        claims = list(_CAUSAL.finditer(text))
        if claims and not _has_evidence(paragraph):
            ends, seen = sentence_ends(text), set[int]()
            for match in claims:
                around = sentence(text, ends, match.start())
                if around.number not in seen and _is_claim(context, match, around.before, around.behind):
                    seen.add(around.number)
                    yield Place(paragraph.start + match.start(), paragraph.start + match.end())


def _has_evidence(paragraph: Paragraph) -> bool:
    label = _FACTOR_LABEL.match(paragraph.raw) if paragraph.is_item else None
    return _EVIDENCE.search(paragraph.raw, label.end() if label else 0) is not None


def _is_claim(context: Context, match: re.Match[str], before: str, behind: str) -> bool:
    word = match[0].lower()
    sentence_words = (before + behind).lower()
    if behind.rstrip().endswith("?") or any(word in sentence_words for word in english.NOT_SURE):
        return False
    following = behind[len(match[0]) :].lower().split()[:1]
    if word.startswith("due") and following and following[0].strip(".,") in english.SCHEDULED:
        return False
    if word == "because":
        said = set(re.findall(r"\w+", before.lower())[-12:])
        return not (said & english.DECIDED or any(map(is_human_phrase, _starts(before))))
    return True


def _starts(before: str) -> list[str]:
    """The first words of the clause, where its subject is."""
    words = before.split()
    return [" ".join(words[:1]), " ".join(words[:2])]
