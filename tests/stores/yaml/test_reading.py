"""YAML as sevlog reads it: strict YAML 1.2, the place of every mistake, and two readers that agree."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevlog.model.problem import Problem
from sevlog.stores.yaml import document as yaml_document
from sevlog.stores.yaml import io as yaml_io
from sevlog.stores.yaml import nodes as yaml_nodes

EXAMPLES = Path(__file__).parents[3] / "schemas" / "examples"
PIECES = [
    "a",
    "b: ",
    "- ",
    "\n",
    "  ",
    "\t",
    "0",
    "12",
    "0x1F",
    "-",
    "+",
    "1e3",
    ".5",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    ", ",
    ":",
    "#",
    " #",
    "|\n",
    "|2-\n",
    ">\n",
    "!",
    "!!str ",
    "!x ",
    "&a ",
    "*a",
    "~",
    "null",
    "true",
    "no",
    "\r",
    "\r\n",
    "\u2028",
    "\x85",
    "\ufeff",
    "é",
    "? ",
    "\\",
    "%",
    "...",
    "---",
    "\n---\n",
    "\n...\n",
    "@",
    "<<",
    ".inf",
    "\xa0",
    "0o17",
    "0b1",
    "_",
    "\x7f",
    "|+\n",
    "\n\n",
    "2026-11-23",
]


def outcome(read: Callable[[bytes], object], data: bytes) -> str:
    """The value that a reader gives (told apart by type), or `refused`."""
    try:
        return repr(read(data))
    except yaml_io.YamlError:
        return "refused"


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(yaml_io.YamlError) as caught:
        yaml_io.read(data)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", "no"),
        ("a: on", "on"),
        ("a: y", "y"),
        ("a: 0123", 123),
        ("a: -012", -12),
        ("a: [0123]", [123]),
        ('{"a":0123}', 123),
        ("a: 0o17", 15),
        ("a: 0b11", "0b11"),
        ("a: -0x1F", "-0x1F"),
        ("a: 1_000", "1_000"),
        ("a: 1e3", 1000.0),
        ("a: .5e1", 5.0),
        ("a: 12:30:45", "12:30:45"),
        ("a: 2026-11-23", "2026-11-23"),
        ("a: 2026-11-23T14:07:30Z", "2026-11-23T14:07:30Z"),
        ("a: ~", None),
        ("a: TRUE", True),
        ("a: <<", "<<"),
        ("a: =", "="),
        ("a: 18446744073709551616", 18446744073709551616),
        ("a: b\tc", "b\tc"),
        ("a: |\n  x\n  \ty\n", "x\n\ty\n"),
        ("a: 'x\u2028 y'", "x\u2028 y"),
        ("a: |\n  x\u2028y\n  z\x85\n", "x\u2028y\nz\x85\n"),
        ("\ufeffa: 1", 1),
        ("a: !!str 1", "1"),
        ("x: &v 1\na: *v", 1),
        ("a: x\r\n", "x"),
        ('a: "\\ud83d\\ude00"', "😀"),
    ],
)
def test_words_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    read = yaml_io.read(text.encode())
    assert isinstance(read, dict)
    assert repr(read["a"]) == repr(value)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_a_file_without_a_value_is_none(text: str) -> None:
    assert yaml_io.read(text.encode()) is None


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "the key `a` is used twice"),
        ("a: !secret x\n", 1, 4, "the tag `!secret` is not supported"),
        ("a: !!binary aGk=\n", 1, 4, "the tag `!!binary` is not supported"),
        ("a: !!set {x}\n", 1, 4, "the tag `!!set` is not supported"),
        ("a: 1\n1: b\n", 2, 1, "the key `1` is a number, but keys must be text"),
        ("true: b\n", 1, 1, "the key `true` is true or false, but keys must be text"),
        ("~: b\n", 1, 1, "the key `~` is empty, but keys must be text"),
        ("[a]: b\n", 1, 1, "a list is used as a key"),
        ("a:\n\tb: 1\n", 2, 1, "a tab where only spaces are allowed"),
        ("a:\tb\n", 1, 3, "a tab where only spaces are allowed"),
        ("a: b\t# c\n", 1, 5, "a tab where only spaces are allowed"),
        ("a: b\n---\nc: d\n", 2, 1, "a second document starts here"),
        ("%YAML 1.1\n---\na: no\n", 2, 1, "the directive %YAML 1.1 is not allowed"),
        ("a: *b\n", 1, 4, "`*b` refers to `&b`, which does not exist"),
        ("a: &b [*b]\n", 1, 8, "`*b` is inside the value that it refers to"),
        ("text: Note: all is well\n", 1, 11, "`: ` is not allowed here"),
        ("a: 'it's fine'\n", 1, 8, "the indentation does not match any line above, or the line before"),
        ('a: "x\nb: y\n', 1, 4, "the quotes that open here are never closed"),
        ("a: @x\n", 1, 4, "a text cannot start with `@` here"),
        ("a: [1, 2\nb: 3\n", 1, 4, "the list `[…]` that opens here is not closed, or a comma is missing"),
        ("a: {b: 1\nc: 3\n", 1, 4, "the mapping `{…}` that opens here is not closed, or a comma is missing"),
        ('a: "C:\\users"\n', 1, 9, "this escape needs hexadecimal digits"),
        ('a: "\\q"\n', 1, 6, "unknown escape in double quotes"),
        ("a: |x\n", 1, 5, "after `|` or `>` only a line break"),
        ("a: 1\n  b: 2\n", 2, 4, "`: ` is not allowed here"),
        ("- a\n-b\n", 2, 1, "a key without `:` and value, or a text that should be in quotes"),
        ('a: "\\ud83d"\n', 1, 4, "unpaired surrogate"),
        ("a: x\x07\n", 1, 5, "the control character U+0007 is not allowed in a file"),
        ("a: x\0\n", 1, 5, "the control character U+0000 is not allowed in a file"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_in_words(text: str, line: int, column: int, message: str) -> None:
    found = problems_of(text)[0]
    assert (found.line, found.column) == (line, column)
    assert message in found.message


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    found = problems_of("a: 1\na: 2\nb: !x y\nb: 3\nc: 'open\n")
    assert [(p.line, p.code) for p in found] == [
        (2, "duplicate_key"),
        (3, "yaml_tag"),
        (4, "duplicate_key"),
        (5, "yaml_syntax"),
    ]


def test_a_duplicate_says_where_the_first_one_stands() -> None:
    assert problems_of("text: one\nby: ana\ntext: two\n")[0].hint == "it is already on line 1: keep one of the two"


def test_a_file_that_is_not_utf_8_says_where() -> None:
    found = problems_of(b"title: caf" + b"\xe9\n")[0]
    assert (found.code, found.line, found.column) == ("not_utf8", 1, 11)
    assert "0xE9" in found.message


def test_utf_16_is_named() -> None:
    assert problems_of("a: b\n".encode("utf-16"))[0].message == "the file is saved as UTF-16"


def test_a_file_over_one_mebibyte_is_refused() -> None:
    assert problems_of(b"a: " + b"x" * yaml_io.MAX_BYTES)[0].code == "too_large"
    assert yaml_io.read(b"a: " + b"x" * (yaml_io.MAX_BYTES - 3)) is not None


def test_anchors_cannot_blow_up() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    found = problems_of("l0: &l0 [x, x]\n" + "\n".join(levels))[0]
    assert "expand to more than 100,000 values" in found.message


@pytest.mark.parametrize("text", ["[" * 140, "{a: " * 140, "- " * 140, "".join(f"{' ' * n}a:\n" for n in range(140))])
def test_depth_is_bounded(text: str) -> None:
    assert "nested more than 128 levels deep" in problems_of(text)[0].message


@pytest.mark.parametrize("text", ["[" * 128 + "]" * 128, "{a: " * 128 + "x" + "}" * 128, "- " * 128 + "x"])
def test_both_readers_go_equally_deep(text: str) -> None:
    assert outcome(yaml_io.read, text.encode()) == outcome(yaml_io.read_carefully, text.encode()) != "refused"


@pytest.mark.parametrize("text", ["{a: " * 200_000, "[" * 500_000, "!" * 1400_000, "a: b\n" * 200_000])
def test_hostile_files_do_not_take_forever(text: str) -> None:
    started = time.process_time()
    assert problems_of(text)
    assert time.process_time() - started < 20  # each took minutes, or would; a bound on hanging, not on speed


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join), st.sampled_from(["", "k: ", "- ", "k:\n  "]))
def test_the_fast_and_the_careful_reader_agree_on_anything(pieces: str, start: str) -> None:
    data = (start + pieces).encode()
    assert outcome(yaml_io.read, data) == outcome(yaml_io.read_carefully, data)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_make_the_readers_stumble(data: bytes) -> None:
    assert outcome(yaml_io.read, data) == outcome(yaml_io.read_carefully, data)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*/*.yaml")), ids=lambda p: "/".join(p.parts[-3:]))
def test_the_readers_agree_on_every_example(path: Path) -> None:
    assert outcome(yaml_io.read, path.read_bytes()) == outcome(yaml_io.read_carefully, path.read_bytes())


def test_ordinary_records_take_the_fast_way() -> None:
    record = (
        "# yaml-language-server: $schema=../../../../schemas/timeline.schema.json\n- kind: update\n"
        "  at: 2026-11-23T07:08:09.010Z\n  by: ana\n  audience: public\n  phase: monitoring\n  text: |\n"
        "    At 09:30, 05 of 10 hosts were back! R&D is 100 % sure, see https://example.com/?a=1&b=2 (0x1F).\n"
    )
    assert yaml_io.is_plain(record.encode())


def test_a_pointer_leads_to_the_place_of_value_and_key() -> None:
    tree, _ = yaml_document.compose(b"a: 1\nlist:\n  - x\n  - key/with~odd: deep\n")
    assert tree is not None
    value, key = yaml_nodes.find(tree, "/list/1/key~1with~0odd")
    assert (value.line, value.column) == (4, 19)
    assert key is not None
    assert (key.line, key.column) == (4, 5)


def test_a_pointer_to_something_missing_leads_to_its_parent() -> None:
    tree, _ = yaml_document.compose(b"a: 1\nb:\n  c: 2\n")
    assert tree is not None
    value, key = yaml_nodes.find(tree, "/b/missing")
    assert (value.line, value.column, key.line if key else None) == (3, 3, 2)
