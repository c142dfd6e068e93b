"""The steps that a runbook's Markdown has, whichever way it is written, and which of them a person means."""

from __future__ import annotations

import pytest

from sevlog.model.guidance.runbook_steps import find_step, first_heading, steps_of

HEADINGS = """\
# Codes are refused

## 1. Tell them apart

`codes refusals`

### In a hurry

## 2) Bring the key back ##

Text.

# Afterwards

Not a step.
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADINGS, ["1. Tell them apart", "2. Bring the key back"]),
        ("## Why\n\n## Step 1: Look\n\n## Step 2 - Act\n", ["1. Look", "2. Act"]),
        ("# A\n\n## Look\n\n## Act\n", ["Look", "Act"]),
        (
            "## 1. Look\n\n- [ ] At the graph\n- [x] At the log\n\n## 2. Act\n\n* [ ] Drain\n",
            ["At the graph", "At the log", "Drain"],
        ),
        ("Do this:\n\n1. Look\n2. Act\n   more\n\nThen:\n\n3) Rest\n", ["1. Look", "2. Act", "3. Rest"]),
        (
            "```sh\n## 1. not this\n- [ ] nor this\n```\n\n~~~\n```\n## 2. nor that\n~~~\n\n## 3. But this\n",
            ["3. But this"],
        ),
        ("Nothing but words.\n", []),
        ("", []),
    ],
)
def test_steps_are_tasks_or_headings_or_a_numbered_list(text: str, expected: list[str]) -> None:
    assert [step.name for step in steps_of(text)] == expected


def test_a_step_has_the_text_below_it_up_to_the_next() -> None:
    first, second = steps_of(HEADINGS)

    assert first.text == "`codes refusals`\n\n### In a hurry"
    assert second.text == "Text."
    assert [first.number, second.number] == [1, 2]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("1", ["1. Tell them apart"]),
        ("2.", ["2. Bring the key back"]),
        ("bring", ["2. Bring the key back"]),
        ("1. tell them apart", ["1. Tell them apart"]),
        ("th", ["1. Tell them apart", "2. Bring the key back"]),
        ("9", []),
        ("", []),
    ],
)
def test_a_step_is_meant_by_number_or_by_a_part_of_its_name(word: str, expected: list[str]) -> None:
    assert [step.name for step in find_step(steps_of(HEADINGS), word)] == expected


def test_numbers_of_the_text_win_over_places_in_it() -> None:
    steps = steps_of("## 0. Stop\n\n## 1. Look\n")

    assert [step.title for step in find_step(steps, "1")] == ["Look"]


def test_the_first_heading_is_no_comment_of_a_script() -> None:
    assert first_heading("```\n# a comment\n```\n\n# The title\n") == "The title"
