"""Keys of a plain list stand where the composed file has them, or nothing is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.filled import filled
from sevlog.stores.yaml import document as yaml_document
from sevlog.stores.yaml.rows import Spot, plain_rows

ROOT = Path(__file__).resolve().parents[3]
PLAIN = """\
# yaml-language-server: $schema=../x
- kind: raised
  at: 2026-11-20T10:00:00Z
  by:   ana
  components: {checkout: partial_outage}
  text: |
    by: nobody
    - kind: no item
- kind: note   # a comment
  at: "2026-11-20T10:01:00Z"
  by: bo
  text: "by: nobody, in quotes"
  evidence:
    - url: https://x.example
- kind: note
  by: 'chi'
  text: >-
    folded
  at: 2026-11-20T10:02:00Z
"""


def composed(data: bytes) -> list[dict[str, Spot]]:
    tree, _ = yaml_document.compose(data)
    assert tree is not None
    return [{key.text: Spot(value.line, value.column) for key, value in row.pairs} for row in tree.items]


def said(data: bytes) -> list[dict[str, Spot]]:
    rows = plain_rows(data)
    assert rows is not None
    where = composed(data)
    assert rows.count == len(where)
    return [
        {key: spot for key in keys if (spot := rows.spot(place, key)) is not None} for place, keys in enumerate(where)
    ]


def test_scalars_stand_where_the_composed_file_has_them() -> None:
    data = PLAIN.encode()
    where, spots = composed(data), said(data)

    assert [{key: where[place][key] for key in keys} for place, keys in enumerate(spots)] == spots
    assert [set(keys) & {"kind", "at", "by"} for keys in spots] == [{"kind", "at", "by"}] * 3
    assert [rows for rows in spots if "components" in rows or "evidence" in rows] == []


def test_an_item_stands_at_its_first_key() -> None:
    rows = plain_rows(PLAIN.encode())
    assert rows is not None
    assert [rows.spot(place, "") for place in range(3)] == [Spot(2, 3), Spot(9, 3), Spot(15, 3)]


@pytest.mark.parametrize(
    "text", ["kind: note\n", "- kind: x\r\n", "\ufeff- kind: x\n", "", "[{kind: x}]\n", "- a:\tb\n"]
)
def test_of_any_other_form_nothing_is_said(text: str) -> None:
    assert plain_rows(text.encode()) is None


def test_the_histories_of_this_repository_are_told_like_their_composed_files() -> None:
    files = sorted((ROOT / "incidents").rglob("history.yaml")) + sorted(
        (ROOT / "schemas/examples/timeline/valid").glob("*.yaml")
    )
    for path in filled(files):
        data = path.read_bytes()
        if plain_rows(data) is None:
            continue
        where, spots = composed(data), said(data)
        assert [{key: where[place][key] for key in keys} for place, keys in enumerate(spots)] == spots, path
