"""Single keys of files that people edit too."""

from __future__ import annotations

import pytest

from sevlog.errors import InvalidRecord
from sevlog.stores.records import card_edits

CARD = """\
# yaml-language-server: $schema=../../../schemas/incident.schema.json
schema: 1
title: "Cards fail"   # as support says it
kind: incident
tags: [cards, money]
"""
POSTMORTEM = """\
---
status: draft   # for now
authors:
  - ana
reason: none
---

# Cards fail

---
status: this is text
"""


def test_a_new_key_comes_behind_the_one_it_belongs_to() -> None:
    changed = card_edits.set_key(CARD, "public_title", "Cards: refused", after="title")

    assert changed == CARD.replace("kind: incident", "public_title: 'Cards: refused'\nkind: incident")


def test_a_key_that_is_there_changes_in_its_place() -> None:
    assert card_edits.set_key(CARD, "kind", "drill", after="title") == CARD.replace("incident\n", "drill\n")


def test_without_the_key_before_it_goes_to_the_end() -> None:
    assert card_edits.set_key("schema: 1\n", "summary", "x", after="title") == "schema: 1\nsummary: x\n"


def test_a_text_of_several_lines_stays_readable() -> None:
    assert (
        card_edits.set_key("title: x\n", "summary", "one\ntwo\n", after="title")
        == "title: x\nsummary: |\n  one\n  two\n"
    )


def test_front_matter_changes_and_the_text_below_does_not() -> None:
    changed = card_edits.set_front_matter(POSTMORTEM, {"status": "waived", "reason": None, "approved_by": "bo"})

    front, _, body = changed.partition("---\n\n")
    assert front == "---\nstatus: waived  # for now\nauthors:\n  - ana\napproved_by: bo\n"
    assert body == POSTMORTEM.partition("---\n\n")[2]


def test_windows_line_ends_stay() -> None:
    text = POSTMORTEM.replace("\n", "\r\n")

    changed = card_edits.set_front_matter(text, {"status": "approved"})

    assert "\n" not in changed.replace("\r\n", "")
    assert changed.endswith("status: this is text\r\n")


@pytest.mark.parametrize("text", ["# no front matter\n", "---\nstatus: draft\n", "---\n- a\n---\n", "---\na: [\n---\n"])
def test_what_cannot_be_read_is_not_edited(text: str) -> None:
    with pytest.raises(InvalidRecord):
        card_edits.set_front_matter(text, {"status": "approved"})


@pytest.mark.parametrize("text", ["- a\n", "a: 1\na: 2\n", "a: [\n", "just text\n"])
def test_nor_is_a_card(text: str) -> None:
    with pytest.raises(InvalidRecord):
        card_edits.set_key(text, "title", "x", after="schema")
