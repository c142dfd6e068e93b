"""Rules for blame: names and labels in an analysis, and what people should have done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import english
from .context import NAME, QUIET, Context, expressions, is_human_phrase, sentence, sentence_ends
from .document import Paragraph
from .finding import Place

_LABELS = expressions((*english.BLAME, r"(?:his|her|their|your|my) (?:own )?fault", r"is to blame|are to blame"))
_PRAISE = expressions(english.PRAISE)
_NOT_MEANT = re.compile(r"\b(?:not|no|never|than|instead of|label|called|calling)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE)


def blame_name(context: Context) -> Iterator[Place]:
    """A person's name or handle, or a label such as "human error", in an analysis."""
    for paragraph in context.paragraphs(QUIET | {"praise"}):
        yield from _named(context, paragraph)
        text = paragraph.text
        for match in _LABELS.finditer(text):
            if not _NOT_MEANT.search(text[max(match.start() - 40, 0) : match.start()]):
                yield Place(
                    paragraph.start + match.start(),
                    paragraph.start + match.end(),
                    said=f"`{match[0].lower()}` is a label, not a finding",
                    hint="say what made the act reasonable at the time: what was visible, what the tool allowed",
                )


def _named(context: Context, paragraph: Paragraph) -> Iterator[Place]:
    text = paragraph.text
    ends = sentence_ends(text)
    last = -1
    for match in context.names(text):
        around = sentence(text, ends, match.start())
        if around.number == last or _PRAISE.search(around.before) or _PRAISE.search(around.behind):
            continue
        last = around.number
        yield Place(paragraph.start + match.start(), paragraph.start + match.end())
    for start, end in paragraph.spans:
        inside = paragraph.raw[start:end].strip("`").strip() if end - start < 100 else ""
        if inside and any(found[0] == inside for found in context.names(f"x {inside}")):
            yield Place(paragraph.start + start, paragraph.start + end)


_MODAL = re.compile(
    r"(?<!\w)(?P<modal>should|could|ought to|shouldn't|couldn't)(?P<mid>(?:\s+\w{1,20}){0,2}?)(?:\s+have|'ve)(?!\w)",
    re.IGNORECASE,
)
_OMITTED = re.compile(r"(?<!\w)(?:(?:failed|neglected|omitted|forgot|forgets|fails) to)(?!\w)", re.IGNORECASE)
_DID_NOT = re.compile(r"(?<!\w)(?:did\s{1,20}not|didn't)\s+(?:\w+ly\s+|even\s+)?(?P<verb>\w+)", re.IGNORECASE)
_FAILURE = re.compile(r"(?<!\w)failure to (?P<verb>\w+)", re.IGNORECASE)
_IF_ONLY = re.compile(r"(?<!\w)if only\s+(?P<rest>(?:\w+\s+){1,3})", re.IGNORECASE)


def counterfactual(context: Context) -> Iterator[Place]:
    """What a person should or could have done instead of what was done."""
    for paragraph in context.paragraphs(QUIET):
        text = paragraph.text
        ends = sentence_ends(text)
        seen = set[int]()
        for match in sorted(_counterfactuals(text), key=lambda m: m.start()):
            around = sentence(text, ends, match.start())
            if around.number in seen or around.behind.rstrip().endswith("?"):
                continue
            if _about_people(context, match, around.before, around.behind):
                seen.add(around.number)
                yield Place(paragraph.start + match.start(), paragraph.start + match.end())


def _counterfactuals(text: str) -> Iterator[re.Match[str]]:
    lowered = text.lower()
    for hint, pattern in (
        ("ha", _MODAL),
        (" to", _OMITTED),
        ("'ve", _MODAL),
        ("did", _DID_NOT),
        ("failure", _FAILURE),
        ("if only", _IF_ONLY),
    ):
        if hint in lowered and not (hint == "'ve" and "ha" in lowered):
            yield from pattern.finditer(text)


def _about_people(context: Context, match: re.Match[str], before: str, behind: str) -> bool:
    before = _with_names(context, before)
    if match.re is _MODAL:
        return _modal(match, before, behind[match.end() - match.start() :])
    if match.re is _IF_ONLY:
        return is_human_phrase(_with_names(context, match["rest"]).split(" only")[0]) or _first_is_human(match["rest"])
    if match.re is _FAILURE:
        owner = before.rstrip().rpartition(" ")[2]
        return match["verb"].lower() in english.HUMAN_VERBS and not owner.endswith("'s")
    if match.re is _DID_NOT and match["verb"].lower() not in english.HUMAN_VERBS:
        return False
    return is_human_phrase(before)


def _first_is_human(text: str) -> bool:
    return any(word.lower() in english.HUMANS for word in text.split()[:2])


def _with_names(context: Context, text: str) -> str:
    """The text with a word for each name of a person, which may have several words."""
    for match in reversed(list(context.names(f" x {text}"))):
        text = f"{text[: match.start() - 3]}{NAME}{text[match.end() - 3 :]}"
    return text


_NEXT_WORDS = re.compile(r"[^\W_][\w'-]*|,")


def _modal(match: re.Match[str], before: str, behind: str) -> bool:
    modal, middle = match["modal"].lower(), match["mid"].lower().split()
    negative = "not" in middle or "never" in middle or modal.endswith("n't")
    if before.lower().split()[-1:] in (["what"], ["which"]):
        return False
    words = _after_asides([word.lower() for word in _NEXT_WORDS.findall(behind[:120])])
    if not words or (modal.startswith("could") and (negative or _begins_negative(before))):
        return False
    verb = words[0]
    if verb == "been":
        later = [word for word in words[1:] if word not in english.ADVERBS and not word.endswith("ly")]
        return bool(later) and (later[0] in english.HUMAN_DONE or is_human_phrase(before))
    if not (verb.endswith("ed") or verb in english.PARTICIPLES):
        return False
    return is_human_phrase(before)


def _after_asides(words: list[str]) -> list[str]:
    """The words behind adverbs and an aside between commas."""
    if words and words[0] == "," and "," in words[1:9]:
        words = words[words.index(",", 1) + 1 :]
    while words and (words[0] in english.ADVERBS or words[0].endswith("ly")):
        words = words[1:]
    return words


def _begins_negative(before: str) -> bool:
    words = before.lower().split()[-8:]
    return any(word in ("nobody", "no-one", "none") or word == "no" for word in words)
