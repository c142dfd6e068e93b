"""Words as they are compared: without accents, endings and what stands in every text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevlog.model.similarity.tokenizer import stems, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("refused", "refuses"),
        ("refusing", "refuse"),
        ("timeouts", "timeout"),
        ("databases", "database"),
        ("queries", "query"),
        ("logging", "logged"),
        ("Störung", "storung"),
        ("jobs", "job"),
        ("HTTP", "http"),
    ],
)
def test_forms_of_a_word_are_the_same(one: str, other: str) -> None:
    assert stems(one) == stems(other) != ()


@pytest.mark.parametrize(("one", "other"), [("bus", "but"), ("status", "state"), ("class", "clash"), ("503", "504")])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stems(one) != stems(other)


@pytest.mark.parametrize("text", ["the and of with", "a", "7 42 1234567", "…!?", ""])
def test_what_tells_nothing_is_left_out(text: str) -> None:
    assert stems(text) == ()


def test_keys_and_codes_are_taken_apart() -> None:
    assert stems("payments-api returns HTTP 503 in eu_west, p95 4000 ms") == (
        "payment",
        "api",
        "return",
        "http",
        "503",
        "eu",
        "west",
        "p95",
        "4000",
        "ms",
    )


def test_scripts_without_spaces_are_compared_by_pairs_of_letters() -> None:
    assert set(stems("支払いが失敗")) & set(stems("支払い"))


def test_the_word_is_told_as_it_was_written() -> None:
    assert list(words_of("Refused payments")) == [("refus", "refused"), ("payment", "payments")]


def test_a_text_without_end_is_cut() -> None:
    assert len(stems("disk pool " * 5000)) == 400


@given(st.text(max_size=200))
def test_stems_are_words_of_letters_and_digits(text: str) -> None:
    assert all(stem and not any(char.isspace() for char in stem) for stem in stems(text))
