"""Single values of a file changed, to the character; what cannot be changed alone is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from fixtures.any_entries import any_entry
from sevlog.errors import InvalidRecord
from sevlog.model.redaction import content, redacted
from sevlog.model.timeline.entry_parts import Entry
from sevlog.stores.records import codec
from sevlog.stores.yaml import io as yaml_io
from sevlog.stores.yaml.patch import GONE, Changes, patched

CASES: dict[str, tuple[str, Changes, str]] = {
    "in place": ("a:   x   # c\nb: 1\n", {("a",): "(new)"}, "a:   (new)   # c\nb: 1\n"),
    "quotes over lines": ('a: "x\n  y"  # c\nb: 1\n', {("a",): "(new)"}, "a: (new)  # c\nb: 1\n"),
    "plain over lines": ("a: x\n  y\nb: 1\n", {("a",): "(new)"}, "a: (new)\nb: 1\n"),
    "a block and its remark": (
        "a: |-  # c\n  x\n\n  y\n\n# d\nb: 1\n",
        {("a",): "(new)"},
        "a: (new)  # c\n\n# d\nb: 1\n",
    ),
    "a block at the end": ("b: 1\na: >+\n  x\n\n", {("a",): "(new)"}, "b: 1\na: (new)\n\n"),
    "no line break at the end": ("b: 1\na: >\n  x", {("a",): "(new)"}, "b: 1\na: (new)"),
    "windows": ("a: |\r\n  x\r\nb: 1\r\n", {("a",): "(new)"}, "a: (new)\r\nb: 1\r\n"),
    "a mark at the start": ("\ufeffa: x\n", {("a",): "(new)"}, "\ufeffa: (new)\n"),
    "nothing there": ("a:\nb: 1\n", {("a",): "(new)"}, "a: (new)\nb: 1\n"),
    "a list": ("a:\n  - x\n  - y\nb: 1\n", {("a",): ("(new)",)}, "a: [(new)]\nb: 1\n"),
    "in brackets": ("{a: 'x, y', b: 1}\n", {("a",): "(new)"}, "{a: (new), b: 1}\n"),
    "quotes where needed": ("{a: x}\n", {("a",): "p, q: r"}, '{a: "p, q: r"}\n'),
    "nothing": ("a: x\n", {("a",): None}, "a: null\n"),
    "deeper": ("- b:\n    a: x\n    c: y\n", {(0, "b", "a"): "(new)"}, "- b:\n    a: (new)\n    c: y\n"),
    "a key goes": ("a: 1\nb: # c\n  - x\n# d\nc: 2\n", {("b",): GONE}, "a: 1\n# d\nc: 2\n"),
    "the last goes": ("a: 1\nb: x", {("b",): GONE}, "a: 1\n"),
    "the first of an item goes": ("- a: 1\n  b: x\n", {(0, "a"): GONE}, "- b: x\n"),
    "first in brackets goes": ("{a: 1, b: x}", {("a",): GONE}, "{b: x}"),
    "last in brackets goes": ("{a: 1, b: x }", {("b",): GONE}, "{a: 1 }"),
    "several": (
        "a: x\nb: [y]\nc: z\n",
        {("a",): "(1x)", ("c",): GONE},
        "a: (1x)\nb: [y]\nc: 0\n".replace("c: 0\n", ""),
    ),
}


@pytest.mark.parametrize(("text", "changes", "expected"), CASES.values(), ids=CASES)
def test_only_the_value_changes(text: str, changes: Changes, expected: str) -> None:
    assert patched(text, changes) == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: &x leak\nb: *x\n", ("a",)),
        ("a: [\n", ("a",)),
        ("", ("a",)),
        ("a: 1\n", ("b",)),
        ("a: 1\n", (0,)),
        ("a: &m {x: leak}\nb: *m\n", ("b", "x")),
        ("a: 1\n", ()),
        ("{a, b}\n", ("b",)),
        ("? a\n", ("a",)),
    ],
    ids=["an anchor", "broken", "empty", "no key", "no list", "below an alias", "all of it", "no colon", "a key alone"],
)
def test_what_cannot_be_changed_alone_is_refused(text: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(InvalidRecord):
        patched(text, {path: "(new)"})


def test_a_key_without_a_colon_goes_by_hand() -> None:
    with pytest.raises(InvalidRecord, match="has no colon"):
        patched("b: 1\n? a\n", {("a",): GONE})


def test_the_only_key_does_not_go() -> None:
    with pytest.raises(InvalidRecord, match="is the only key"):
        patched("a: 1\n", {("a",): GONE})


@given(any_entry())
@settings(max_examples=100, deadline=None)
def test_a_file_of_any_entry_is_redacted_as_the_model_says(entry: Entry) -> None:
    text = yaml_io.dump(codec.entry_data(entry), schema="s")
    spots = content(entry)
    after = patched(text, {spot.path: GONE if spot.is_key else spot.new for spot in spots}) if spots else text
    assert yaml_io.read(after.encode()) == yaml_io.read(yaml_io.dump(codec.entry_data(redacted(entry, spots))).encode())
