"""Large files: what is wrong in them is found without looking at all of them with care."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sevlog.stores.records.diagnosis import MOST_REPORTED, diagnose
from sevlog.stores.yaml import document as yaml_document
from sevlog.stores.yaml import io as yaml_io
from sevlog.stores.yaml import nodes as yaml_nodes
from sevlog.stores.yaml import pieces as yaml_pieces
from sevlog.stores.yaml import scanner as yaml_scanner

ENTRY = (
    "- kind: note\n  at: 2026-11-23T12:00:00Z\n  by: ana\n  text: All is well, said somebody who had looked at it.\n"
)
MANY = ENTRY * 9_000
"""A timeline of almost 1 MiB."""

ITEMS = [
    "- a: 1\n  b: [1, 2]\n",
    "-\n",
    "- |\n  x\n   y\n\n",
    "- - x\n  - y\n",
    "# words\n",
    "\n",
    "- !!str 5\n",
    "- {a: 1, a: 2}\n",
    "- 012\n",
    "- a: *x\n",
    "- 'x\n  y'\n",
    "- z: : :\n",
    "- k:\tv\n",
    "- [1,\n  2]\n",
    "- a: é\n",
    '- "\\ud83d\\ude00"\n',
    "- >-\n  a\n  b\n",
    "- ? b\n",
    "- !x y\n",
    "- ~: 1\n",
    "-  spaced\n",
    "- a\r\n",
    "- b: |+\n    t\n\n\n",
]


def shape(node: yaml_nodes.Node) -> object:
    """All of a tree but its sizes, as plain data."""
    pairs = [(shape(key), shape(value)) for key, value in node.pairs]
    place = (node.line, node.column, node.start, node.end)
    return node.kind, place, node.text, repr(node.value), node.style, pairs, [shape(item) for item in node.items]


def composed(text: str, worth_it: int, monkeypatch: pytest.MonkeyPatch) -> tuple[yaml_nodes.Node | None, list[object]]:
    monkeypatch.setattr(yaml_pieces, "WORTH_IT", worth_it)
    yaml_document.compose.cache_clear()
    tree, problems = yaml_document.compose(text.encode())
    yaml_document.compose.cache_clear()
    return tree, [(p.line, p.column, p.code, p.message) for p in problems]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["", "# head\n", "---\n", "\n# x\n---\n"]), st.lists(st.sampled_from(ITEMS), max_size=8))
def test_a_list_read_item_by_item_gives_the_same_tree(
    monkeypatch: pytest.MonkeyPatch, head: str, items: list[str]
) -> None:
    text = head + "".join(items)

    whole, mistakes = composed(text, 1_000_000, monkeypatch)
    pieces, more_mistakes = composed(text, 0, monkeypatch)

    assert (whole and shape(whole)) == (pieces and shape(pieces))
    assert more_mistakes[: len(mistakes)] == mistakes
    assert bool(more_mistakes) == bool(mistakes)
    if whole and pieces and not mistakes:
        assert repr(yaml_nodes.construct(whole)) == repr(yaml_nodes.construct(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "- a\n---\n- b\n",
        "- &x a\n- *x\n",
        "a: 1\n- b\n",
        "- a\nb\n",
        "- a\r- b\n",
        "%YAML 1.2\n---\n- a\n",
        "-a\n",
        "- a\n...\n",
        "- 'a\nb'\n",
    ],
)
def test_what_is_not_a_plain_list_is_not_taken_apart(text: str) -> None:
    assert not yaml_pieces.pieces(text)


def test_every_broken_item_of_a_large_list_is_told_with_its_place() -> None:
    data = (MANY + "- kind: note\n  text: Note: done\n" + ENTRY + "- [1, 2\n" + ENTRY + "- {a: 1, a: 2}\n").encode()

    with pytest.raises(yaml_io.YamlError) as caught:
        yaml_io.read(data)

    assert [(p.line, p.column, p.code) for p in caught.value.problems] == [
        (36_002, 13, "yaml_syntax"),
        (36_007, 3, "yaml_syntax"),
        (36_012, 10, "duplicate_key"),
    ]


def test_one_wrong_entry_of_a_large_list_is_told_with_its_place() -> None:
    data = (MANY + ENTRY.replace("by: ana", "who: ana") + ENTRY).encode()

    (found,) = diagnose("timeline/history.yaml", data, "timeline")

    assert (found.code, found.line, found.column, found.pointer) == ("unknown_key", 36_003, 3, "/9000/who")


def test_an_item_that_needs_care_does_not_spoil_a_large_list() -> None:
    value = yaml_io.read((MANY + "- {a: 0123,\tb: no}\n").encode())

    assert isinstance(value, list)
    assert (len(value), value[-1]) == (9_001, {"a": 123, "b": "no"})


@pytest.mark.parametrize(
    "text",
    [
        "[" + "1, " * 5_000,
        "a: [" + "{}, " * 25_000 + "]",
        "- &a x\n" + "- *a\n" * 5_000,
        "- [a,\tb]\n" * 20_000,
        "- 1\n" * 20_001 + "\t",
        "{" + "".join(f"? k{n} : b, " for n in range(5_000)),
        "a: |\n" + " x\n" * 120_000 + "\t",
        "\n" * 200_000 + "\t",
        "a\r" * 200_000,
    ],
    ids=["flow", "brackets", "aliases", "tabs", "items", "keys", "lines", "blank", "old"],
)
def test_what_would_take_forever_is_refused_with_a_cure(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_scanner, "MOST_EVENTS", 3_000)
    with pytest.raises(yaml_io.YamlError) as caught:
        yaml_io.read(text.encode())

    last = caught.value.problems[-1]
    assert last.code == "yaml_too_much"
    assert "split" in (last.hint or "")


def test_one_mistake_many_times_is_not_told_many_thousand_times() -> None:
    found = diagnose("timeline/history.yaml", MANY.replace("kind: note", "kind: noto").encode(), "timeline")

    assert len(found) == MOST_REPORTED
    assert {problem.code for problem in found} == {"unknown_kind"}
    assert [problem.line for problem in found[:2]] == [1, 5]


@pytest.mark.parametrize(
    "number", [2**53, -(2**53) - 1, 2**63, 2**64, 2**127, -(2**127) - 1, 2**128, 10**40, -(10**200)]
)
def test_whole_numbers_of_any_size_stay_whole(number: int) -> None:
    assert yaml_io.read(f"a: {number}\nb: [{number}]\n".encode()) == {"a": number, "b": [number]}


@pytest.mark.parametrize("text", ["a: !!float 0x" + "F" * 280, "a: !!float 1e999"])
def test_numbers_beyond_all_bounds_are_mistakes(text: str) -> None:
    with pytest.raises(yaml_io.YamlError) as caught:
        yaml_io.read(text.encode())
    assert caught.value.problems


@pytest.mark.parametrize("text", ["0x" + "F" * 280, "9" * 5000])
def test_whole_numbers_of_very_many_digits_are_read_as_texts(text: str) -> None:
    assert yaml_io.read(f"a: {text}".encode()) == {"a": text}


def test_a_text_of_every_private_character_has_room_for_the_old_line_breaks() -> None:
    text = "".join(map(chr, range(0xE000, 0xF900))) + "\u2028\x85"

    assert yaml_io.read(f"a: '{text}'\n".encode()) == {"a": text}
