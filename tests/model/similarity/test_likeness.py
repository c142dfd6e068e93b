"""How alike incidents are: shared words by their rarity, what both have hit, and when it counts as having come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevlog.model.similarity.incident_profile import FIELDS, Story, Words
from sevlog.model.similarity.likeness import Likeness, asked, counts, likeness
from sevlog.model.similarity.tokenizer import stems

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def story(words: Words, **more: Any) -> Story:
    told = tuple(" ".join(stems(getattr(words, name))) for name in FIELDS)
    keys: dict[str, Any] = {
        "id": "2026-11-01-x",
        "title": words.names,
        "kind": "incident",
        "type": "service",
        "status": "closed",
        "category": "closed",
        "began_at": NOW - timedelta(days=20),
    }
    return Story(stems=told, **(keys | more))


def alike(ours: Words, theirs: Words, known_in: dict[str, int] | None = None, **both: Any) -> Likeness:
    """How much an incident of now is like one that began twenty days ago. both: what the two stories have."""
    own = {key: value for key, value in both.items() if not key.startswith("other_")}
    others = {key.removeprefix("other_"): value for key, value in both.items()}
    held = asked(story(ours, began_at=NOW, **own), ours, known_in or {}, 100)
    return likeness(held, story(theirs, **others), NOW)


def test_words_count_by_their_stem() -> None:
    found = alike(Words(names="Payments are failing with timeouts"), Words(names="A payment failed: timeout"))

    assert found.score > 0.4
    assert found.why == ("shared words: failing, payments, timeouts",)


def test_what_stands_in_every_text_makes_nothing_alike() -> None:
    assert alike(Words(names="It is the same again for all of us"), Words(names="It was all of us again")).score == 0


def test_rare_words_tell_more_than_frequent_ones() -> None:
    ours, spread = Words(names="checkout certificate"), {"checkout": 90, "certificat": 2}

    assert (
        alike(ours, Words(names="certificate"), spread).score > 2 * alike(ours, Words(names="checkout"), spread).score
    )


def test_a_word_in_the_title_tells_more_than_one_in_passing() -> None:
    ours = Words(names="certificate expired")

    in_title = alike(ours, Words(names="certificate")).score
    assert in_title > alike(ours, Words(seen="certificate")).score > 0


@pytest.mark.demand("S61")
def test_a_component_a_tag_and_an_alert_in_common_add_up_and_are_named() -> None:
    ours, theirs = Words(names="Checkout fails"), Words(names="Checkout is slow")
    plain = alike(ours, theirs)

    found = alike(ours, theirs, components=("checkout", "unknown"), tags=("black-week",), fingerprints=("f1",))

    assert found.score > plain.score + 0.5
    assert found.why[:3] == ("same alert f1", "same component checkout", "same tag black-week")


def test_a_component_alone_is_no_likeness() -> None:
    found = alike(Words(names="Checkout fails"), Words(names="Fonts are ugly"), components=("checkout",))

    assert found.score == 0


def test_not_knowing_the_component_is_nothing_in_common() -> None:
    found = alike(Words(names="Checkout fails"), Words(names="Checkout slow"), components=("unknown",))

    assert "unknown" not in " ".join(found.why)


@pytest.mark.demand("S80")
@pytest.mark.parametrize(
    ("more", "back"),
    [
        ({"components": ("checkout",)}, True),
        ({"components": ("checkout",), "other_began_at": NOW - timedelta(days=91)}, False),
        ({"components": ("checkout",), "other_components": ("search",)}, False),
        ({"components": ("checkout",), "other_category": "dropped"}, False),
        ({"components": ("checkout",), "other_began_at": None}, False),
        ({}, False),
    ],
)
def test_the_same_component_much_alike_and_not_long_ago_is_back(more: dict[str, Any], back: bool) -> None:
    ours, theirs = Words(names="Connection pool of checkout is full"), Words(names="The connection pool is full")

    assert alike(ours, theirs, **more).recurs is back


def test_the_same_alert_is_back_whatever_the_words_are() -> None:
    assert alike(Words(names="Disk"), Words(names="Latency"), fingerprints=("f1",)).recurs


@given(st.lists(st.sampled_from(["disk", "pool", "card", "slow", "dns", "Ünïcode", "支払い"]), max_size=30))
def test_the_likeness_is_between_0_and_1_and_nobody_is_more_alike_than_oneself(named: list[str]) -> None:
    words = Words(names=" ".join(named[:10]), told=" ".join(named[10:]))
    other = Words(names=" ".join(named[:3]))

    own, less = alike(words, words, components=("a",)), alike(words, other, components=("a",))

    assert 0 <= less.score <= own.score <= 1


def test_a_word_counts_for_each_field_and_not_without_end() -> None:
    assert counts([["pool"], ["pool", "pool"], [], ["disk"]]) == {"pool": 7, "disk": 2}
    assert counts([["pool"] * 300, [], [], []]) == {"pool": 255}


def test_a_story_comes_back_from_the_index_as_it_was() -> None:
    told = story(Words(names="Checkout fails"), components=("checkout",), seconds=3.5)

    assert msgspec.json.decode(msgspec.json.encode(told), type=Story) == told
