"""Broken bytes by way of each reader and editor of YAML: they agree, place every mistake, and change one thing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from fixtures.hostile.corpus import ID, KINDS, Kind, examples
from fixtures.hostile.ground import SLOWEST, known_by
from fixtures.hostile.mutation import Mutator
from sevlog.errors import InvalidRecord
from sevlog.model.timeline.incident import IncidentCard
from sevlog.services.upkeep.formatting import ENTRIES, form_of
from sevlog.stores import entry_form
from sevlog.stores.markdown import frontmatter
from sevlog.stores.records import lenient_reader
from sevlog.stores.records.completion_words import Lexicon
from sevlog.stores.records.diagnosis import diagnose
from sevlog.stores.yaml import append as yaml_append
from sevlog.stores.yaml import io as yaml_io
from sevlog.stores.yaml import items as yaml_items
from sevlog.stores.yaml import patch as yaml_patch
from torture.figures import Figures
from torture.fuzzing.amount import SEED, share

T = TypeVar("T")
PART = 0.3 / len(KINDS)
SHAPES = {
    "card": "incident",
    "entry": "timeline",
    "closed entry": "timeline",
    "timeline": "timeline",
    "actions": "actions",
    "postmortem": "postmortem",
    "public postmortem": "public-postmortem",
    "config": "config",
    "oncall": "oncall",
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_readers_agree_and_editors_change_nothing_else(kind: Kind, tmp_path: Path, figures: Figures) -> None:
    inputs = Mutator(f"{SEED} readers {kind.name}", examples(kind), fenced=kind.fenced)
    path = tmp_path / kind.path
    path.parent.mkdir(parents=True, exist_ok=True)
    number = share(PART)
    for place in range(number):
        data = inputs.next()
        with known_by(place, data):
            require_places(kind, data)
            path.write_bytes(data)
            soon(lambda: lenient_reader.mapping(path))
            if place % 8 == 0 or number < 1000:
                soon(lambda: look_up(Lexicon(tmp_path)))
            for part in parts(kind, data):
                require_agreement(part)
    figures(inputs=number)


def soon(work: Callable[[], T]) -> T:
    """What the work gives; it must not take long."""
    started = time.process_time()
    try:
        return work()
    finally:
        assert time.process_time() - started < SLOWEST


def parts(kind: Kind, data: bytes) -> list[bytes]:
    """The YAML of a file."""
    if not kind.fenced:
        return [data]
    try:
        matter, _ = frontmatter.split(data)
    except frontmatter.FrontMatterError:
        return []
    return [matter]


def require_places(kind: Kind, data: bytes) -> None:
    """Each mistake stands in the file, and is soon found."""
    if kind.name in SHAPES:
        lines = data.count(b"\n") + data.count(b"\r") + 2
        for problem in soon(lambda: diagnose(kind.path, data, SHAPES[kind.name])):
            assert problem.message and 1 <= (problem.line or 1) <= lines and (problem.column or 1) >= 1, problem


def look_up(words: Lexicon) -> None:
    """Ask for everything that completion asks for."""
    for ask in (
        words.components,
        words.severities,
        words.criteria,
        words.priorities,
        words.types,
        words.roles,
        words.statuses,
        words.guards,
        words.templates,
        words.people,
        words.teams,
        words.schedules,
        words.escalations,
    ):
        assert all(isinstance(word.text, str) and isinstance(word.about, str) for word in ask())
    assert isinstance(words.title(ID), str)
    assert all(isinstance(entry.id, str) and isinstance(entry.about, str) for entry in words.entries(ID))


def require_agreement(data: bytes) -> None:
    """Both readers say the same; and if they can read it, each editor changes what it was asked to, or refuses."""
    try:
        value = soon(lambda: yaml_io.read_carefully(data))
    except yaml_io.YamlError:
        with pytest.raises(yaml_io.YamlError):
            yaml_io.read(data)
        return
    assert same(yaml_io.read(data), value)
    text = data.decode()
    if isinstance(value, dict):
        require_edits(text, value)
    if isinstance(value, dict | list):
        for form in (ENTRIES, form_of(IncidentCard)):
            require_edit(partial(entry_form.formed, text, form, same), value)
        listed = value if isinstance(value, list) else [value]
        require_edit(lambda: yaml_items.bundled(yaml_items.items(text), "x"), listed)


def require_edits(text: str, value: dict[str, Any]) -> None:
    """A new key, a row at the end of a list, another value, a key taken away."""
    row = {"a": "b"}
    require_edit(lambda: yaml_io.amend(text, lambda document: document.update(zz="new")), {**value, "zz": "new"})
    require_edit(lambda: yaml_append.appended(text, [], "zz", [row]), {**value, "zz": [*(value.get("zz") or []), row]})
    for key in list(value)[:2]:
        require_edit(partial(yaml_patch.patched, text, {(key,): "new"}), {**value, key: "new"})
        left = {name: inner for name, inner in value.items() if name != key}
        require_edit(partial(yaml_patch.patched, text, {(key,): yaml_patch.GONE}), left)


def require_edit(edit: Callable[[], str], expected: object) -> None:
    try:
        changed = soon(edit)
    except InvalidRecord:
        return
    assert same(yaml_io.read(changed.encode()), expected)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, and of the same types: 1, 1.0 and True differ, and not-a-number is itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))
