"""The lint of postmortems: each rule is a row of RULES (docs/postmortem-lint.md has a section for each).

A rule that reports less than 95 % rightly on the corpus of its tests is off by default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from ...config.postmortem_lint import PostmortemLint
from . import action_items, blame, causes, sections, wording
from .context import QUIET, Context, phrases
from .document import read_document
from .file_rules import broken_file
from .finding import ACTIONS, POSTMORTEM, Finding, Place, Subject
from .suppression import allowances, mistakes


class Rule(Struct, frozen=True):
    """A rule: what is wrong, what to do instead, and how to find it."""

    message: str
    suggestion: str
    finds: Callable[[Context], Iterator[Place]]
    gravity: Literal["error", "warning", "off"] = "warning"


def _suppressions(_: Context) -> Iterator[Place]:
    """Found last, because it depends on the other findings."""
    return iter(())


SUPPRESSION = "suppression"
ALLOWED = "allowed"
"""The word list of phrases without findings."""

RULES: dict[str, Rule] = {
    "broken_file": Rule("file cannot be read as a postmortem", "repair the file", broken_file, "error"),
    "missing_section": Rule("section is missing", "add it", sections.missing_section, "error"),
    "empty_section": Rule(
        "section is empty", "write it, write `None.`, or delete the heading", sections.empty_section, "error"
    ),
    "untouched_template": Rule(
        "section contains only the question of the template", "answer it", sections.untouched_template, "error"
    ),
    "no_contributing_factor": Rule(
        "no contributing factor is listed",
        'add to the front matter: contributing_factors: [{id: F1, text: "…"}]',
        sections.no_contributing_factor,
        "error",
    ),
    "blame_name": Rule(
        "names a person in an analysis",
        "use the role, such as `a responder` or `the author of the change`",
        blame.blame_name,
    ),
    "counterfactual": Rule(
        "says what a person should have done, which explains nothing",
        "say what was done and why it made sense at the time; put the change you want under Actions",
        blame.counterfactual,
    ),
    "single_root_cause": Rule(
        "claims one root cause", "name the conditions that had to meet: contributing factors", causes.single_root_cause
    ),
    "unsupported_cause": Rule(
        "claims a cause without evidence nearby",
        "link a graph, a log or a commit, or name the theory (T1), the factor (F1) or the entry",
        causes.unsupported_cause,
    ),
    "minimizer": Rule(
        "makes it look easy, which it was not at the time", "leave the word out, or say what it took", wording.minimizer
    ),
    "vague_words": Rule(
        "intention that nobody can check",
        "say what will change, so that a second person can see that it is done",
        wording.vague_words,
    ),
    "action_without_verb": Rule(
        "action item does not begin with a verb", "begin with what is done: add, remove, limit", action_items.without_verb
    ),
    "action_without_owner": Rule(
        "action item has no owner", "name a person or a team: `owner: ana`", action_items.without_owner
    ),
    "action_without_due": Rule(
        "action item has no due date", "add a date: `due: 2026-12-01`", action_items.without_due
    ),
    SUPPRESSION: Rule("suppression has a mistake", "write the rule and the reason", _suppressions),
}
"""Rule -> what it is, in the order of the documentation."""


def lint(subject: Subject, settings: PostmortemLint) -> tuple[Finding, ...]:
    """The findings about a postmortem and its action items, in order."""
    context = Context(read_document(subject.text), subject, settings)
    gravities = {name: settings.rules.get(name, rule.gravity) for name, rule in RULES.items()}
    allowed = allowances(context.document)
    phrases_allowed = [m.span() for m in phrases(settings.words.get(ALLOWED, ())).finditer(subject.text)]
    found, used = list[tuple[str, Place]](), set[int]()
    for name, rule in RULES.items():
        for place in _places(context, name, rule) if gravities[name] != "off" else ():
            if not place.pointer:
                by = [number for number, one in enumerate(allowed) if one.covers(name, place.start)]
                used.update(by)
                if by or any(a <= place.start and place.end <= b for a, b in phrases_allowed):
                    continue
            found.append((name, place))
    if gravities[SUPPRESSION] != "off":
        off = [name for name, gravity in gravities.items() if gravity == "off"]
        found += ((SUPPRESSION, place) for place in mistakes(allowed, used, tuple(RULES), off))
    made = {_finding(context, name, place, gravities[name]) for name, place in found}
    return tuple(sorted(made, key=_order))


def _order(finding: Finding) -> tuple[bool, int, int, int, str]:
    number = int(finding.pointer.split("/")[1]) if finding.pointer else 0
    return finding.file != POSTMORTEM, number, finding.line or 0, finding.column or 0, finding.rule


def _places(context: Context, name: str, rule: Rule) -> Iterator[Place]:
    yield from rule.finds(context)
    own = context.settings.words.get(name)
    if own:
        pattern = phrases(own)
        for paragraph in context.paragraphs(QUIET - {"actions"}):
            for match in pattern.finditer(paragraph.text):
                yield Place(paragraph.start + match.start(), paragraph.start + match.end())


def _finding(context: Context, name: str, place: Place, gravity: Literal["error", "warning", "off"]) -> Finding:
    rule = RULES[name]
    milder = place.gravity == "warning" or gravity == "warning"
    line, column = (None, None) if place.pointer else context.document.line_and_column(place.start)
    return Finding(
        rule=name,
        gravity="warning" if milder else "error",
        file=ACTIONS if place.pointer else POSTMORTEM,
        line=line,
        column=column,
        pointer=place.pointer,
        excerpt=place.excerpt or _excerpt(context.subject.text, place),
        message=place.said or rule.message,
        suggestion=place.hint or rule.suggestion,
    )


def _excerpt(text: str, place: Place) -> str:
    shown = " ".join(text[place.start : min(place.end, place.start + 200)].split())[:80]
    return shown.encode("utf-8", "replace").decode()
