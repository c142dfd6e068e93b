"""YAML as sevlog writes it: pretty, and true to the last character."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevlog.stores.yaml import io as yaml_io

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    "ab \n\t:#-'\"|>{}[],&*!?0123.eExX~\\\r\u2028\x85\u202e\ufeff", max_size=14
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@settings(max_examples=500, deadline=None)
@given(VALUES)
def test_whatever_is_written_is_read_back_by_both_readers(value: object) -> None:
    data = yaml_io.dump(value).encode()
    assert repr(yaml_io.read(data)) == repr(value)
    assert repr(yaml_io.read_carefully(data)) == repr(value)


@pytest.mark.parametrize(
    "text",
    [
        " a\nb",
        "\n a\nb\n",
        "\ta\nb",
        "a\n b\n\n",
        "a\n\n",
        "\n\na",
        "a \n  \nb",
        "a\n---\nb\n",
        "a\n# b",
        "a\r\nb",
        "\n",
        " \n ",
    ],
)
def test_a_text_of_several_lines_keeps_every_space_and_line_break(text: str) -> None:
    value = {"a": [text, {"b": text}], "c": text, "d": "x"}
    data = yaml_io.dump(value).encode()
    assert yaml_io.read(data) == yaml_io.read_carefully(data) == value


def test_an_entry_looks_as_a_person_would_write_it() -> None:
    entry = {
        "kind": "update",
        "at": "2026-11-23T14:07:30Z",
        "by": "ana",
        "id": "0123",
        "components": {"checkout": "major_outage"},
        "evidence": [{"url": "https://graphs.example.com/d/1?x=2", "label": "Graph: errors"}, {"url": "no"}],
        "tags": ["a", "b"],
        "nothing": [],
        "text": "We are on it.\n\n  * Next: 15:00 — Ana\n",
    }
    assert yaml_io.dump([entry], schema="../schemas/entry.schema.json") == (
        "# yaml-language-server: $schema=../schemas/entry.schema.json\n"
        "- kind: update\n"
        "  at: 2026-11-23T14:07:30Z\n"
        "  by: ana\n"
        '  id: "0123"\n'
        "  components:\n"
        "    checkout: major_outage\n"
        "  evidence:\n"
        "    - url: https://graphs.example.com/d/1?x=2\n"
        '      label: "Graph: errors"\n'
        '    - url: "no"\n'
        "  tags:\n"
        "    - a\n"
        "    - b\n"
        "  nothing: []\n"
        "  text: |\n"
        "    We are on it.\n"
        "\n"
        "      * Next: 15:00 — Ana\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "On",
        "y",
        "NULL",
        "~",
        "",
        " a",
        "a ",
        "0123",
        "1e3",
        "12:30:45",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "[a]",
        "{a}",
        "'a'",
        '"a"',
        "a:",
        "1_000",
        ".inf",
        "+1",
        "<<",
        "=",
        "?",
        "|",
    ],
)
def test_a_text_that_yaml_could_take_for_something_else_is_quoted(text: str) -> None:
    assert yaml_io.dump({"a": text}).startswith(("a: '", 'a: "'))


@pytest.mark.parametrize(
    "text", ["2026-11-23T14:07:30Z", "2026-11-23", "SEV1", "We're back", "café", "a, b", "https://example.com/a#b"]
)
def test_an_ordinary_text_stands_without_quotes(text: str) -> None:
    assert yaml_io.dump({"a": text}) == f"a: {text}\n"


def test_what_cannot_be_seen_is_written_as_an_escape() -> None:
    text = "a\u202eb\u200bc\x1b[0m\x85\ufeff\n"
    written = yaml_io.dump({"a": text})
    assert written.isascii()
    assert yaml_io.read(written.encode()) == {"a": text}


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        yaml_io.dump({"a": "x\ud800"})


def test_only_plain_values_are_written() -> None:
    with pytest.raises(TypeError, match="a key must be text, not int"):
        yaml_io.dump({1: "a"})
    with pytest.raises(TypeError, match="Struct cannot be written as YAML"):
        yaml_io.dump({"a": msgspec.Struct()})
