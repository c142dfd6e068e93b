"""Entries of several files in one list: their text is moved, and reads as before."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.any_entries import any_entry
from sevlog.errors import InvalidRecord
from sevlog.model.timeline.entry_parts import Entry
from sevlog.stores.records import codec
from sevlog.stores.yaml import io as yaml_io
from sevlog.stores.yaml.items import bundled, items

LAYOUTS = {
    "plain": ("kind: note\ntext: a\n", "- kind: note\n  text: a\n"),
    "editor's line goes, remarks stay": (
        "# yaml-language-server: $schema=x\n# who wrote this\nkind: note   # c\ntext: a\n# end\n",
        "# who wrote this\n- kind: note   # c\n  text: a\n  # end\n",
    ),
    "no line break at the end": ("kind: note\ntext: a", "- kind: note\n  text: a\n"),
    "windows": ("kind: note\r\ntext: |\r\n  a\r\n  b\r\n", "- kind: note\n  text: |\n    a\n    b\n"),
    "old line ends": ("# c\rkind: note\rtext: a\r", "# c\n- kind: note\n  text: a\n"),
    "a mark at the start": ("\ufeffkind: note\n", "- kind: note\n"),
    "document marks": ("---\nkind: note\n...\n", "- kind: note\n"),
    "blank lines that count": ("text: |+\n  a\n\n\n", "- text: |+\n    a\n\n\n"),
    "blank lines that do not": ("text: |\n  a\n\n\n", "- text: |\n    a\n"),
    "what looks like a remark": ("text: |\n  # a\n   b\n", "- text: |\n    # a\n     b\n"),
    "its own indentation": ("text: |2\n   a\n", "- text: |2\n     a\n"),
    "quotes over lines": ('text: "a\n  b\n\n  c"\n', '- text: "a\n    b\n\n    c"\n'),
    "brackets": ("{kind: note,\n text: a} # c\n", "- {kind: note,\n   text: a} # c\n"),
    "an indented list": (
        "  # one\n  - a: 1\n    # in\n\n  # two\n  -\n    b: 2\n",
        "# one\n- a: 1\n  # in\n# two\n-\n  b: 2\n",
    ),
    "a list in brackets": ("[{a: 1}, # x\n {b: 2}]", "# x\n- a: 1\n- b: 2\n"),
    "indented from the start": ("  kind: note\n  text: >\n    a\n    b\n", "- kind: note\n  text: >\n    a\n    b\n"),
}


@pytest.mark.parametrize(("text", "moved"), LAYOUTS.values(), ids=LAYOUTS)
def test_the_text_of_an_entry_is_moved_and_not_written_anew(text: str, moved: str) -> None:
    found = items(text)
    assert "".join(item.text for item in found) == moved
    value = yaml_io.read(text.encode())
    assert yaml_io.read(bundled(found, "s").encode()) == (value if isinstance(value, list) else [value])


def test_where_it_would_read_otherwise_it_is_written_anew_with_its_remarks() -> None:
    (found,) = items("text: |\n  a # no remark\n  b")  # with a line break at the end it would say another thing
    assert found.value == {"text": "a # no remark\nb"}
    assert found.text == "- text: |-\n    a # no remark\n    b\n"
    (found,) = items("# remark\ntext: |\n  a\n  b # no\nby: &x ana # who\nto: *x\nlast: |\n  a\n  b")
    assert found.text.startswith("# remark\n# who\n- text: ")


def test_what_cannot_be_read_is_not_moved() -> None:
    with pytest.raises(InvalidRecord):
        items("a: [")
    assert items("") == [] == items("# nothing\n")


@given(st.lists(any_entry(), min_size=1, max_size=4), st.integers(0, 4), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=80, deadline=None)
def test_any_entries_read_the_same_in_one_list(entries: list[Entry], split: int, end: str) -> None:
    rows = [codec.entry_data(entry) for entry in entries]
    files = [yaml_io.dump(row, schema="s") for row in rows[:split]] + (
        [yaml_io.dump(rows[split:])] if rows[split:] else []
    )
    found = [item for text in files for item in items(text.replace("\n", end))]
    expected = [row for text in files for row in _rows(yaml_io.read(text.replace("\n", end).encode()))]
    assert yaml_io.read(bundled(found, "s").encode()) == expected


def _rows(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
