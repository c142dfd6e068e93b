"""Edits of a file that a person wrote."""

import pytest

from sevlog.errors import InvalidRecord
from sevlog.stores.yaml import io as yaml_io

CONFIG = """\
# our page
schema: 1   # the format

page: {name: "Acme", url: 'https://x.example'}  # flow
components:
  # the first
  - key: a
    name: A     # trailing
    start_date: 2023-07-11
severities: []
port: 0123
text: |
  keep
    this

folded: >-
  and
  this
"""


def test_a_change_of_nothing_changes_nothing() -> None:
    assert yaml_io.amend(CONFIG, lambda document: None) == CONFIG


def test_an_addition_leaves_the_rest_alone() -> None:
    added = {"key": "b", "name": "B: no", "start_date": "2023-01-01", "description": "Two\nlines\n"}
    changed = yaml_io.amend(CONFIG, lambda document: document["components"].append(added))
    assert changed == CONFIG.replace(
        "severities",
        "  - key: b\n    name: 'B: no'\n    start_date: 2023-01-01\n    description: |\n      Two\n      lines\n"
        "severities",
    )


def test_lists_that_are_not_indented_stay_so() -> None:
    text = "components:\n- key: a\n  name: A\n"
    assert yaml_io.amend(text, lambda d: d["components"].append({"key": "b"})) == text + "- key: b\n"


def test_windows_line_ends_stay() -> None:
    assert yaml_io.amend("a: 1\r\n# c\r\nb: 2\r\n", lambda d: d.update(c=3)) == "a: 1\r\n# c\r\nb: 2\r\nc: 3\r\n"


def test_a_broken_file_is_refused_before_it_is_touched() -> None:
    with pytest.raises(yaml_io.YamlError, match="is used twice"):
        yaml_io.amend("a: 1\na: 2\n", lambda document: pytest.fail("must not be called"))


@pytest.mark.parametrize(
    "text",
    ["# `pha\u0085se` is no key\nkind: note\n", 'a:\n  "\\ufffe": -9\u008508\n', "a: 1\n\u2028b: 2\n", "? a\n? b\n"],
    ids=["an old line end in a remark", "one in a number", "one before a key", "keys alone"],
)
def test_where_more_would_change_nothing_does(text: str) -> None:
    """The library that keeps comments reads some texts as YAML 1.1 does."""
    before = yaml_io.read(text.encode())
    assert isinstance(before, dict)

    try:
        changed = yaml_io.amend(text, lambda document: document.update(zz=1))
    except InvalidRecord as error:
        assert error.hints
    else:
        assert yaml_io.read(changed.encode()) == {**before, "zz": 1}
