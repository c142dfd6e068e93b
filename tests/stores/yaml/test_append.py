"""Rows added to a list of a YAML file: one line each, and not a character of the rest changed."""

from __future__ import annotations

import pytest

from sevlog.errors import InvalidRecord
from sevlog.stores.yaml import io as yaml_io
from sevlog.stores.yaml.append import appended

ROW = {"from": "2026-12-24T09:00", "person": "bo"}
FLOW = "{from: 2026-12-24T09:00, person: bo}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "a:\n  - key: x\n    rows:\n      - {from: 1}  # one\n      # two\n\n    last: 1\n",
            "a:\n  - key: x\n    rows:\n      - {from: 1}  # one\n      - ROW\n      # two\n\n    last: 1\n",
        ),
        (
            "a:\n- key: x\n  rows:\n  - from: 1\n    to: 2 # two\n\n\n# end\n",
            "a:\n- key: x\n  rows:\n  - from: 1\n    to: 2 # two\n  - ROW\n\n\n# end\n",
        ),
        (
            "a:\n  - key: x\n    rows:\n      - why: |\n          one\n\n          two\n\nb: 1\n",
            "a:\n  - key: x\n    rows:\n      - why: |\n          one\n\n          two\n      - ROW\n\nb: 1\n",
        ),
        (
            "a:\n  - key: x\n    rows: [{from: 1}]  # in brackets\n",
            "a:\n  - key: x\n    rows: [{from: 1}, ROW]  # in brackets\n",
        ),
        ("a: [{key: x, rows: []}]\n", "a: [{key: x, rows: [ROW]}]\n"),
        ("a: [{key: x}]", "a: [{key: x, rows: [ROW]}]"),
        ("a: [{}]", "a: [{rows: [ROW]}]"),
        ("a: [! {} ] # c", "a: [! {rows: [ROW]} ] # c"),
        (
            "a:\n  - key: x  # no rows\n\n  - key: y\n",
            "a:\n  - key: x  # no rows\n    rows:\n      - ROW\n\n  - key: y\n",
        ),
        (
            "a:\n  - key: x\n    rows: # none yet\n    last: 1\n",
            "a:\n  - key: x\n    rows: # none yet\n      - ROW\n    last: 1\n",
        ),
        (
            "a:\n  - key: x\n    layers:\n      - {k: 1}",
            "a:\n  - key: x\n    layers:\n      - {k: 1}\n    rows:\n      - ROW",
        ),
        (
            "a:\r\n  - key: x\r\n    rows:\r\n      - {from: 1}\r\n# end\r\n",
            "a:\r\n  - key: x\r\n    rows:\r\n      - {from: 1}\r\n      - ROW\r\n# end\r\n",
        ),
        (
            "\ufeffa:\n  - key: x\n    rows:\n      - {from: 1}\n",
            "\ufeffa:\n  - key: x\n    rows:\n      - {from: 1}\n      - ROW\n",
        ),
    ],
)
def test_a_row_goes_behind_the_last_one_and_the_rest_stays(before: str, after: str) -> None:
    assert appended(before, ("a", 0), "rows", [ROW]) == after.replace("ROW", FLOW)


@pytest.mark.parametrize(
    "value", ["Ewa: away, 100%", "", "true", "12", "- x", "{a}", 'it\'s "so"', "# no", "Größe", "a\nb", "0x1F", "x: y"]
)
def test_any_text_reads_back_as_it_was(value: str) -> None:
    found = yaml_io.read(appended("a:\n  - key: x\n", ("a", 0), "rows", [{"reason": value}]).encode())
    assert found == {"a": [{"key": "x", "rows": [{"reason": value}]}]}


def test_several_rows_keep_their_order() -> None:
    text = appended("a:\n  - rows:\n      - {from: 0}\n", ("a", 0), "rows", [{"from": "one"}, {"from": "two"}])
    assert text == "a:\n  - rows:\n      - {from: 0}\n      - {from: one}\n      - {from: two}\n"


@pytest.mark.parametrize(
    "text",
    [
        "a: &x\n  - key: x\n    rows: &r [{from: 1}]\nb: *r\n",
        "a:\n  - key: x\n    rows: word\n",
        "a: [\n",
        "",
        "a:\n  - ? key\n",
        "a:\n  - ? rows\n",
    ],
)
def test_what_cannot_be_added_to_without_harm_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecord):
        appended(text, ("a", 0), "rows", [ROW])
