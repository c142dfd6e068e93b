"""The corpus of the lint of postmortems, and its precision and recall with exact intervals (Clopper-Pearson)."""

from __future__ import annotations

from functools import cache
from math import comb
from pathlib import Path
from typing import NamedTuple

from sevlog.model.config.postmortem_lint import PostmortemLint
from sevlog.model.learning.lint.finding import Subject
from sevlog.model.learning.lint.lint import lint
from sevlog.model.learning.lint.rules import RULES

CORPUS = Path(__file__).parent / "lint_corpus"
HALVES = ("development", "held_out")
SECTIONS = {
    "summary": "Summary",
    "leadup": "Leadup",
    "fault": "Fault",
    "impact": "Impact",
    "detection": "Detection",
    "response": "Response",
    "recovery": "Recovery",
    "timeline": "Timeline",
    "people": "Participants",
    "factors": "Contributing factors",
    "well": "What went well",
    "badly": "What did not",
    "lucky": "Where we got lucky",
    "lessons": "Lessons",
    "actions": "Actions",
}
LISTS = ("actions", "factors")
"""Sections whose sentences are items of a list."""
PEOPLE = (
    *("ana", "Ana Ruiz", "jonas", "Jonas Berg", "priya", "Priya Nair", "dana", "will", "Will Chen", "mark"),
    *("Mark Olsen", "may", "May Tan", "grace", "Grace Hale", "rose", "Rose Weber", "bill", "Bill Kowalski"),
    *("felix", "Felix Roth"),
)
COMPONENTS = ("felix", "checkout")
MEASURED = (
    "blame_name",
    "counterfactual",
    "single_root_cause",
    "unsupported_cause",
    "minimizer",
    "vague_words",
    "action_without_verb",
    "action_without_owner",
    "action_without_due",
)
"""The rules about sentences; the others are about the form of the file, and have tests instead of figures."""


class Labelled(NamedTuple):
    """A sentence of the corpus with the rules that must report it."""

    line: int
    expected: frozenset[str]
    section: str
    text: str


class Figure(NamedTuple):
    """What a rule gave on a half of the corpus."""

    right: int
    wrong: int
    missed: int


def corpus(half: str) -> list[Labelled]:
    """The sentences of a half."""
    found = []
    for number, line in enumerate((CORPUS / f"{half}.txt").read_text("utf-8").splitlines(), 1):
        if not line.startswith("#"):
            labels, section, text = (part.strip() for part in line.split(" | ", 2))
            expected = frozenset() if labels == "-" else frozenset(labels.split("+"))
            found.append(Labelled(number, expected, section, text.replace("\\n", "\n")))
    return found


def reported(sentence: Labelled) -> frozenset[str]:
    """The measured rules that report a sentence, all rules being on."""
    bullet = "- " if sentence.section in LISTS else ""
    text = f"---\nstatus: draft\n---\n\n## {SECTIONS[sentence.section]}\n\n{bullet}{sentence.text}\n"
    on = PostmortemLint(rules=dict.fromkeys(RULES, "warning"))
    found = lint(Subject(text=text, people=PEOPLE, words=COMPONENTS), on)
    return frozenset(finding.rule for finding in found) & frozenset(MEASURED)


@cache
def judged(half: str) -> list[tuple[Labelled, frozenset[str]]]:
    """Each sentence of a half with what was reported."""
    return [(sentence, reported(sentence)) for sentence in corpus(half)]


def figure(half: str, rule: str) -> Figure:
    """Right, wrong and missed reports of a rule."""
    rows = judged(half)
    return Figure(
        right=sum(rule in found and rule in sentence.expected for sentence, found in rows),
        wrong=sum(rule in found and rule not in sentence.expected for sentence, found in rows),
        missed=sum(rule not in found and rule in sentence.expected for sentence, found in rows),
    )


def interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """The exact Clopper-Pearson interval of a proportion, by bisection of the binomial tails."""
    tail = (1 - level) / 2

    def at_most(limit: int, p: float) -> float:
        """The probability of at most `limit` successes."""
        return sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(limit + 1))

    def where(limit: int, value: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if at_most(limit, middle) > value else (low, middle)
        return low

    lower = 0.0 if successes == 0 else where(successes - 1, 1 - tail)
    upper = 1.0 if successes == trials else where(successes, tail)
    return lower, upper


def share(successes: int, trials: int) -> str:
    """A proportion with its interval, as docs/postmortem-lint.md prints it."""
    if not trials:
        return "none"
    low, high = interval(successes, trials)
    return f"{successes} of {trials} ({100 * low:.0f} to {100 * high:.0f} %)"


def table(rule: str) -> str:
    """The figures of a rule as a Markdown table."""
    rows = ["| half | precision | recall |", "|---|---|---|"]
    for half in HALVES:
        right, wrong, missed = figure(half, rule)
        rows.append(f"| {half.replace('_', ' ')} | {share(right, right + wrong)} | {share(right, right + missed)} |")
    return "\n".join(rows)
