"""Paths of values in custom JSON: keys, lists, quoted keys and defaults, and what a path says if nothing is there."""

from __future__ import annotations

import re

import pytest

from sevlog.model.field_paths import PATTERN, Missing, values

DATADOG = {
    "id": "1234",
    "alert": {"title": "CPU is high", "transition": "Triggered", "last_updated": 1795000000000},
    "tags": ["env:prod", "service:search"],
    "labels": {"app.kubernetes.io/name": "search", "empty": "", "none": None},
    "runs": [{"id": 7, "steps": [{"ok": True}]}, {"id": 8, "steps": []}, {"name": "x"}],
    "org": {"a b": 1, "[0]": 2},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("id", ["1234"]),
        ("alert.title", ["CPU is high"]),
        ('labels."app.kubernetes.io/name"', ["search"]),
        ('labels["app.kubernetes.io/name"]', ["search"]),
        ('"alert".title', ["CPU is high"]),
        ("runs[0].id", [7]),
        ("runs[-1].name", ["x"]),
        ("tags[*]", ["env:prod", "service:search"]),
        ("tags", [["env:prod", "service:search"]]),
        ("runs[*].id", [7, 8]),
        ("runs[*].steps[*].ok", [True]),
        ("alert.name || alert.title", ["CPU is high"]),
        ("labels.empty || labels.none || 'no name'", ["no name"]),
        ("alert.name||'a || b'", ["a || b"]),
        ('org."a b"', [1]),
        ('org["[0]"]', [2]),
    ],
)
def test_a_path_finds_the_value(path: str, found: list[object]) -> None:
    assert re.match(PATTERN, path)
    assert values(DATADOG, path) == found


@pytest.mark.parametrize(
    ("path", "there", "has"),
    [
        ("titel", "", "an object with id, alert, tags, labels, runs, org"),
        ("alert.titel", "alert", "an object with title, transition, last_updated"),
        ("alert.title.text", "alert.title", "a text"),
        ("runs[9].id", "runs", "a list of 3"),
        ("runs[0].steps[0].id", "runs[0].steps[0]", "an object with ok"),
        ("runs[1].steps[*].ok", "runs[1].steps", "an empty list"),
        ("labels.none", "labels.none", "null"),
        ("labels.empty", "labels.empty", "an empty text"),
        ("alert[*]", "alert", "an object with title, transition, last_updated"),
        ("id || tags.x", "tags", "a list of 2"),
    ],
)
def test_a_path_without_a_value_says_how_far_it_got_and_what_is_there(path: str, there: str, has: str) -> None:
    payload = {**DATADOG, "id": None}

    assert values(payload if "id ||" in path else DATADOG, path) == Missing(there, has)


@pytest.mark.parametrize(
    "path", ["", ".", "a.", "a..b", "a[", "a[x]", "a[1", 'a."b', "a b", "a |", "a || ", "'text", "a[*].", "a\n"]
)
def test_what_is_not_a_path_does_not_fit_the_schema(path: str) -> None:
    assert not re.match(PATTERN, path)
