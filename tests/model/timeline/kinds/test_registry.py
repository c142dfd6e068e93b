"""Every kind of entry has a complete row, an example, and a line in the reference."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sevlog.model.timeline.entries import KIND_BY_NAME, KINDS, Correction, Note, Redaction, Retraction, StatusChanged
from sevlog.model.timeline.kinds.registry import ENTRY_KINDS, EntryKind
from sevlog.stores.yaml import io as yaml_io

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = ROOT / "schemas/examples/entry/valid"
WITHOUT_SUMMARY = {"note", "decision", "follow_up_idea"}
"""Their text says it all."""


def name(kind: EntryKind) -> str:
    return str(kind.entry.__struct_config__.tag)


def example_of(kind: str) -> dict[str, object]:
    for path in sorted(EXAMPLES.glob("*.yaml")):
        value = yaml_io.read(path.read_bytes())
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict) and entry.get("kind") == kind:
                return entry
    raise AssertionError(f"no example of the kind {kind} in schemas/examples/entry")


def test_every_kind_has_one_row() -> None:
    assert [kind.entry for kind in ENTRY_KINDS] == list(dict.fromkeys(kind.entry for kind in ENTRY_KINDS))
    assert {kind.entry for kind in ENTRY_KINDS} == set(KINDS)


def test_only_steps_amendments_and_notes_leave_the_state_to_others() -> None:
    idle = {kind.entry for kind in ENTRY_KINDS if kind.effect.__name__ == "_none"}

    assert idle == {StatusChanged, Correction, Retraction, Redaction, Note}


@pytest.mark.parametrize("kind", ENTRY_KINDS, ids=name)
def test_a_row_is_complete(kind: EntryKind) -> None:
    """A summary that says something, names that are attributes of the class, an example, a line of reference."""
    plain = example_of(name(kind))
    entry = msgspec.convert(plain, KIND_BY_NAME[name(kind)])
    fields = dict(zip(kind.entry.__struct_fields__, kind.entry.__struct_encode_fields__, strict=True))

    assert (kind.summary(entry) == "") == (name(kind) in WITHOUT_SUMMARY)
    assert {(attribute, fields.get(attribute)) for attribute, _, _ in kind.names} == {
        (attribute, key) for attribute, key, _ in kind.names
    }
    assert f"## `{name(kind)}`" in (ROOT / "docs/reference/entries.md").read_text("utf-8")
