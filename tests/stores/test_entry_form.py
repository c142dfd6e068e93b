"""One form for record files: the same whoever wrote them, with every value and every remark still there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.any_entries import any_entry
from sevlog.model.timeline.incident import IncidentCard
from sevlog.services.upkeep.formatting import ENTRIES, form_of
from sevlog.services.upkeep.formatting import _decoded as decoded
from sevlog.stores.entry_form import formed, is_formed
from sevlog.stores.records import codec
from sevlog.stores.yaml import io as yaml_io


def entries(text: str) -> str:
    return formed(text, ENTRIES, lambda old, new: decoded(old, None) == decoded(new, None))


NOTE = "kind: note\nat: 2026-01-01T08:00:00Z\nby: ana\ntext: x\n"
FOLDED = NOTE.replace("text: x", "text: >-\n     a\n\n     b")
CASES = {
    "as it is": (NOTE, NOTE),
    "order": ("text: x\nby: ana\nkind: note\nat: 2026-01-01T08:00:00Z\n", NOTE),
    "remarks go with their key": (
        "# top\n\n# one\ntext: x   # a\n# two\n# three\nkind: note\nat: 2026-01-01T08:00:00Z\nby: ana\n\n# end\n",
        "# top\n\n# one\n# two\n# three\nkind: note\nat: 2026-01-01T08:00:00Z\nby: ana\ntext: x   # a\n\n# end\n",
    ),
    "time": (
        NOTE.replace("2026-01-01T08:00:00Z", "'2026-01-01T10:00:00+02:00'  # c"),
        NOTE.replace("08:00:00Z", "08:00:00Z  # c"),
    ),
    "time finer than we write": (NOTE.replace("00Z", "00.000001+00:00"), NOTE.replace("00Z", "00.000001+00:00")),
    "text": (NOTE.replace("text: x", 'text: "a\\nb\\n"  # c'), NOTE.replace("text: x", "text: |  # c\n  a\n  b")),
    "text over lines": (NOTE.replace("text: x", "text: 'a\n\n  b'"), NOTE.replace("text: x", "text: |-\n  a\n  b")),
    "text below its key": (
        NOTE.replace("text: x", "text:\n    'a\n\n    b'"),
        NOTE.replace("text: x", "text: |-\n  a\n  b"),
    ),
    "blocks stay": (FOLDED, FOLDED),
    "no line break at the end": (NOTE.rstrip("\n"), NOTE),
    "windows": ("by: ana\r\nkind: note\r\nat: 2026-01-01T08:00:00Z\r\ntext: x\r\n", NOTE.replace("\n", "\r\n")),
    "in brackets": (
        "{text: x,\n at: 2026-01-01T10:00:00+02:00, kind: note,  by: ana}\n",
        "{kind: note,\n at: 2026-01-01T08:00:00Z, by: ana,  text: x}\n",
    ),
    "remarks in brackets": (
        "{text: x, # c\n kind: note, at: 2026-01-01T08:00:00Z, by: ana}\n",
        "{text: x, # c\n kind: note, at: 2026-01-01T08:00:00Z, by: ana}\n",
    ),
    "a list": (
        "# one\n- by: ana   # a\n  kind: note\n  # b\n  at: 2026-01-01T08:00:00Z\n  text: x\n\n# two\n-\n  text: y\n"
        "  kind: note\n  at: 2026-01-01T08:00:00Z\n  # end\n",
        "# one\n- kind: note\n  # b\n  at: 2026-01-01T08:00:00Z\n  by: ana   # a\n  text: x\n\n# two\n-\n  kind: note\n"
        "  at: 2026-01-01T08:00:00Z\n  text: y\n  # end\n",
    ),
    "deeper": (
        "kind: note\ntext: x\nat: 2026-01-01T08:00:00Z\nevidence:\n- label: l\n  # u\n  url: https://u.example\n",
        "kind: note\nat: 2026-01-01T08:00:00Z\ntext: x\nevidence:\n- # u\n  url: https://u.example\n  label: l\n",
    ),
    "anchors": (
        "text: &x y\nkind: note\nat: 2026-01-01T08:00:00Z\nby: *x\n",
        "text: &x y\nkind: note\nat: 2026-01-01T08:00:00Z\nby: *x\n",
    ),
    "blank lines that count": (
        "text: |+\n  a\n\n\nkind: note\nat: 2026-01-01T08:00:00Z\n",
        "kind: note\nat: 2026-01-01T08:00:00Z\ntext: |+\n  a\n\n\n",
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_a_file_gets_its_form_and_keeps_it(text: str, expected: str) -> None:
    assert entries(text) == expected
    assert entries(expected) == expected
    assert decoded(yaml_io.read(text.encode()), None) == decoded(yaml_io.read(expected.encode()), None)


def test_a_file_with_old_line_ends_is_left_as_it_is() -> None:
    text = "# c\rtext: x\rkind: note\rat: 2026-01-01T08:00:00Z"
    assert entries(text) == text


def test_a_card_goes_by_its_own_order() -> None:
    text = "title: T\nkind: incident\ndetection:\n  reporter: ana\n  source: monitoring\nschema: 1\n"
    same = formed(text, form_of(IncidentCard), lambda old, new: old == new)
    assert same == "schema: 1\ntitle: T\nkind: incident\ndetection:\n  source: monitoring\n  reporter: ana\n"


@st.composite
def untidy(draw: st.DrawFn) -> str:
    """A file of entries as people leave them: keys anywhere, times of any zone, remarks, quotes, in a list or alone."""
    rows = [codec.entry_data(entry) for entry in draw(st.lists(any_entry(), min_size=1, max_size=3))]
    mixed = [{key: row[key] for key in draw(st.permutations(list(row)))} for row in rows]
    text = yaml_io.dump(mixed if len(mixed) > 1 or draw(st.booleans()) else mixed[0])
    if draw(st.booleans()):
        text = re.sub(r"(\d\d)-(\d\d)T0(\d):(\S+)Z$", r"\1-\2T1\3:\4+10:00", text, flags=re.M)
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        found = re.match(r"( *)(- )?[a-z_]+:( |$)", line)
        if found and draw(st.integers(0, 4)) == 0:
            lines.append(f"{found[1]}# remark {number}")
        lines.append(line)
    candidate = "\n".join(lines)
    try:  # a remark within a block text is no remark
        return candidate if yaml_io.read(candidate.encode()) == yaml_io.read(text.encode()) else text
    except yaml_io.YamlError:
        return text


@given(untidy())
@settings(max_examples=150, deadline=None)
def test_any_file_keeps_what_it_says_and_is_formed_once(text: str) -> None:
    once = entries(text)
    assert decoded(yaml_io.read(once.encode()), None) == decoded(yaml_io.read(text.encode()), None)
    assert entries(once) == once
    assert sorted(re.findall(r"# remark \d+", once)) == sorted(re.findall(r"# remark \d+", text))
    value: Any = yaml_io.read(once.encode())
    for row in value if isinstance(value, list) else [value]:
        order = list(ENTRIES.of(row).keys or {})
        assert list(row) == [key for key in order if key in row]


@given(untidy())
@settings(max_examples=100, deadline=None)
def test_what_is_seen_to_be_in_form_is(text: str) -> None:
    if is_formed(text.encode(), yaml_io.read(text.encode()), ENTRIES):
        assert entries(text) == text
