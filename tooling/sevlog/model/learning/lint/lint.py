"""Runs the rules of the lint of postmortems, and leaves out what is suppressed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...config.postmortem_lint import PostmortemLint
from . import action_items, blame, causes, sections, wording
from .context import QUIET, Context, phrases
from .document import read_document
from .file_rules import broken_file
from .finding import ACTIONS, POSTMORTEM, Finding, Place, Subject
from .rules import ALLOWED, RULES, SUPPRESSION, RuleGravity
from .suppression import Cover, allowances, mistakes, spans_for, used_by

FINDERS: dict[str, Callable[[Context], Iterator[Place]]] = {
    "broken_file": broken_file,
    "missing_section": sections.missing_section,
    "empty_section": sections.empty_section,
    "untouched_template": sections.untouched_template,
    "no_contributing_factor": sections.no_contributing_factor,
    "blame_name": blame.blame_name,
    "counterfactual": blame.counterfactual,
    "single_root_cause": causes.single_root_cause,
    "unsupported_cause": causes.unsupported_cause,
    "minimizer": wording.minimizer,
    "vague_words": wording.vague_words,
    "action_without_verb": action_items.without_verb,
    "action_without_owner": action_items.without_owner,
    "action_without_due": action_items.without_due,
}
"""Rule -> what finds it. Mistakes in suppressions depend on the other findings, and are found last."""


def lint(subject: Subject, settings: PostmortemLint) -> tuple[Finding, ...]:
    """The findings about a postmortem and its action items, in order."""
    context = Context(read_document(subject.text), subject, settings)
    gravities = {name: settings.rules.get(name, rule.gravity) for name, rule in RULES.items()}
    allowed = allowances(context.document)
    spoken = [match.span() for match in phrases(settings.words.get(ALLOWED, ())).finditer(subject.text)]
    found, used = list[tuple[str, Place]](), set[int]()
    for name in FINDERS:
        places = list(_places(context, name)) if gravities[name] != "off" else []
        used |= used_by(allowed, name, [place.start for place in places if not place.pointer])
        hidden = Cover([*spans_for(allowed, name, len(subject.text)), *spoken])
        found += ((name, place) for place in places if place.pointer or not hidden.has(place.start))
    if gravities[SUPPRESSION] != "off":
        off = [name for name, gravity in gravities.items() if gravity == "off"]
        found += ((SUPPRESSION, place) for place in mistakes(allowed, used, tuple(RULES), off))
    made = {_finding(context, name, place, gravities[name]) for name, place in found}
    return tuple(sorted(made, key=_order))


def _order(finding: Finding) -> tuple[bool, int, int, int, str]:
    number = int(finding.pointer.split("/")[1]) if finding.pointer else 0
    return finding.file != POSTMORTEM, number, finding.line or 0, finding.column or 0, finding.rule


def _places(context: Context, name: str) -> Iterator[Place]:
    yield from FINDERS[name](context)
    own = context.settings.words.get(name)
    if own:
        pattern = phrases(own)
        for paragraph in context.paragraphs(QUIET - {"actions"}):
            for match in pattern.finditer(paragraph.text):
                yield Place(paragraph.start + match.start(), paragraph.start + match.end())


def _finding(context: Context, name: str, place: Place, gravity: RuleGravity) -> Finding:
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
