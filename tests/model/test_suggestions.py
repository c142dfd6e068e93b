"""Suggestions for an unknown word."""

from __future__ import annotations

import pytest

from sevlog.model.suggestions import did_you_mean, nearest, several_nearest
from sevlog.model.vocabulary import in_words


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("alise", ["alice", "bob"], "did you mean `alice`?"),
        ("SEV-1", ["SEV1", "SEV2"], "did you mean `SEV1`?"),
        ("SEV4", ["SEV1", "SEV2", "SEV3"], ""),
        ("carl", ["carla", "carlo"], ""),
        ("xyz", ["alice", "bob"], ""),
        ("bob", [], ""),
    ],
)
def test_a_hint_names_the_one_nearest_word_and_none_where_two_are_equally_near(
    word: str, known: list[str], expected: str
) -> None:
    assert did_you_mean(word, known) == expected


def test_the_nearest_word_of_a_generator_is_found() -> None:
    assert nearest("chekout", (key for key in ("search", "checkout"))) == "checkout"


def test_several_near_words_come_with_the_most_similar_first() -> None:
    assert several_nearest("carl", ["carmela", "carla", "bob", "carlos", "carlo"], most=2) == ["carlo", "carla"]
    assert several_nearest("zzz", ["carla"]) == []


def test_a_key_in_words_has_spaces() -> None:
    assert in_words("incident_manager") == "incident manager"
