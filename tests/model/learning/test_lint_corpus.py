"""The lint of postmortems on its corpus: precision and recall, and docs/postmortem-lint.md in step with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from model.learning.lint_figures import HALVES, MEASURED, Figure, corpus, figure, interval, table
from sevlog.model.learning.lint.rules import RULES

PAGE = Path(__file__).resolve().parents[3] / "docs/postmortem-lint.md"


def test_the_corpus_has_sentences_with_and_without_findings_in_both_halves_and_none_twice() -> None:
    halves = [corpus(half) for half in HALVES]
    texts = [sentence.text for half in halves for sentence in half]

    assert len(set(texts)) == len(texts) >= 300
    for half in halves:
        clean = sum(not sentence.expected for sentence in half)
        assert min(clean, len(half) - clean) >= 60
        assert {label for sentence in half for label in sentence.expected} == set(MEASURED)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"), [(57, 60, 86, 99), (95, 100, 89, 98), (285, 300, 92, 97), (72, 72, 95, 100)]
)
def test_the_intervals_are_exact(successes: int, trials: int, low: int, high: int) -> None:
    found = interval(successes, trials)

    assert [round(100 * end) for end in found] == [low, high]


@pytest.mark.parametrize("rule", MEASURED)
def test_a_rule_that_is_on_is_right_in_95_of_100_reports_and_finds_most(rule: str) -> None:
    for half in HALVES:
        right, wrong, missed = figure(half, rule)
        assert right >= 0.8 * (right + missed), half
        assert right >= 0.95 * (right + wrong) or RULES[rule].gravity == "off", half


def test_a_wrong_report_and_a_missed_one_would_be_counted() -> None:
    assert figure("held_out", "counterfactual") == Figure(right=35, wrong=1, missed=1)


def sections() -> dict[str, str]:
    parts = re.split(r"^### `([a-z_]+)`\n", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_page_has_a_section_for_each_rule_with_examples_and_the_measured_figures() -> None:
    page = sections()

    assert list(page) == list(RULES)
    assert [rule for rule, text in page.items() if "Reported:" not in text or "Not reported:" not in text] == []
    assert {rule: table(rule) for rule in MEASURED if table(rule) not in page[rule]} == {}
    off = {rule for rule, text in page.items() if "Off by default" in text}
    assert off == {rule for rule, row in RULES.items() if row.gravity == "off"}
