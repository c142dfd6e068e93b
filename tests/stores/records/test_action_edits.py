"""actions.yaml after an edit: the item has the change, and every other byte is as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevlog.errors import InvalidRecord
from sevlog.model.timeline.incident import ActionItem
from sevlog.stores.records.action_edits import with_changes, with_item
from sevlog.stores.yaml import io as yaml_io

MESSY = """\
# yaml-language-server: $schema=../../../schemas/actions.schema.json
# What we owe, by hand.

- id: A1
  title: "Alert on refused cards"   # at any hour
  done_by:
    - https://git.example/1    # the first try
    - https://git.example/2

  # decided on Monday
  status: accepted
# --- later ---

- {id: A2, title: Tidy up, status: idea}   # small
-   id: A3
    title: >
      Rehearse a lost key
      with everybody
    status: idea
"""


def rows(text: str) -> list[dict[str, Any]]:
    found: Any = yaml_io.read(text.encode())
    return list(found)


def test_a_change_touches_only_lines_of_its_item() -> None:
    changed = with_changes(MESSY, "A1", {"status": "done", "due": "2026-12-10"})

    gone = [line for line in MESSY.splitlines() if line not in changed.splitlines()]
    new = [line for line in changed.splitlines() if line not in MESSY.splitlines()]
    assert gone == ["  status: accepted"]
    assert sorted(new) == ["  due: 2026-12-10", "  status: done"]
    assert changed.endswith(MESSY[MESSY.index("# --- later") :])


def test_an_item_in_braces_stays_on_its_line() -> None:
    changed = with_changes(MESSY, "A2", {"status": "accepted", "owner": "ana"})

    assert "- {id: A2, title: Tidy up, status: accepted, owner: ana} # small\n" in changed
    assert changed.startswith(MESSY[: MESSY.index("- {id: A2")])


def test_the_last_item_and_a_file_without_a_last_line_end() -> None:
    text = MESSY.rstrip("\n")

    changed = with_changes(text, "A3", {"status": "accepted"})
    assert rows(changed)[2]["status"] == "accepted"
    assert changed.startswith(text[: text.index("-   id: A3")])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_new_item_stands_at_the_end(end: str) -> None:
    text = MESSY.replace("\n", end)

    longer = with_item(text, ActionItem(id="A4", title="Pace: every broadcast"), schema="x")
    assert longer.startswith(text.rstrip())
    assert rows(longer)[3] == {"id": "A4", "title": "Pace: every broadcast"}
    assert "\n" not in longer.replace(end, "")


@pytest.mark.parametrize(
    "text", ["[{id: A1, title: x}, {id: A2, title: y}]\n", "  - {id: A1, title: x}\n  - {id: A2, title: y}\n"]
)
def test_lists_in_other_layouts_are_edited_too(text: str) -> None:
    changed = with_changes(text, "A2", {"status": "accepted"})
    longer = with_item(changed, ActionItem(id="A3", title="z"), schema="x")

    assert [row["id"] for row in rows(longer)] == ["A1", "A2", "A3"]
    assert rows(longer)[1]["status"] == "accepted"


def test_a_list_that_is_none_and_an_item_that_is_not_there_are_refused() -> None:
    with pytest.raises(InvalidRecord, match="not a list"):
        with_changes("id: A1\n", "A1", {"status": "done"})
    with pytest.raises(InvalidRecord, match="no item `A9`"):
        with_changes(MESSY, "A9", {"status": "done"})


@given(
    st.lists(st.tuples(st.sampled_from(["A1", "A2", "A3"]), st.sampled_from(["idea", "accepted", "done"])), max_size=6)
)
def test_any_changes_one_after_the_other_read_as_asked(steps: list[tuple[str, str]]) -> None:
    text, wanted = MESSY, {row["id"]: row.get("status") for row in rows(MESSY)}
    for item, status in steps:
        text, wanted[item] = with_changes(text, item, {"status": status}), status

    assert {row["id"]: row.get("status") for row in rows(text)} == wanted
    for comment in ("by hand", "at any hour", "the first try", "decided on Monday", "--- later ---", "small"):
        assert comment in text
