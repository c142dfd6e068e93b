"""Commands that write where a file is broken: refused and nothing changed, or done and nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import pytest

from fixtures.hostile.corpus import ID, KINDS, Kind, examples
from fixtures.hostile.ground import Ground, known_by, records_of
from fixtures.hostile.mutation import Mutator
from fixtures.repositories import git
from sevlog.errors import Exit
from sevlog.stores.markdown import frontmatter
from sevlog.stores.yaml import io as yaml_io
from torture.figures import Figures
from torture.fuzzing.amount import SEED, share

PART = 0.04 / len(KINDS)
RAISED, OBSERVED = "20261120T100000Z-raised", "20261120T100600Z-observation"
ADDING = (
    ("note", "-i", ID, "we look"),
    ("update", "-i", ID, "We found it.", "--phase", "identified"),
    ("correct", "-i", ID, OBSERVED, "text=another", "--reason", "a slip"),
    ("retract", "-i", ID, OBSERVED, "--reason", "a slip"),
    ("severity", "-i", ID, "SEV1", "--reason", "it is worse"),
    ("raise", "Another", "--severity", "SEV3", "--component", "search", "--summary", "It is slow"),
    ("task", "-i", ID, "look"),
    ("join", "-i", ID),
)
"""Acts that add files, and change none that is there. (The card and the list of actions may get a key.)"""

CHANGING = (
    ("fmt",),
    ("redact", "-i", ID, OBSERVED, "--reason", "a name"),
    ("compact", "--all-closed"),
    ("postmortem", "waive", "-i", ID, "--reason", "it is known"),
    ("oncall", "override", "first", "--person", "bo", "--to", "+2h"),
    ("decline", "-i", ID, "--reason", "nothing was there", "--override", "closing_update"),
)
OF_CARDS = ("incident.yaml", "actions.yaml")


def rows(path: str, data: bytes) -> list[Any] | None:
    """What a file says, as a list; None where it cannot be read."""
    try:
        if path.endswith(".md"):
            matter, text = frontmatter.split(data)
            return [yaml_io.read(matter), text.strip()]
        value = yaml_io.read(data)
    except (yaml_io.YamlError, frontmatter.FrontMatterError):
        return None
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_act_beside_a_broken_file_is_whole_or_not_at_all(kind: Kind, ground: Ground, figures: Figures) -> None:
    inputs = Mutator(f"{SEED} writers {kind.name}", examples(kind), fenced=kind.fenced)
    acts = [*ADDING, *CHANGING]
    for number in range(share(PART)):
        data, words = inputs.next(), acts[(number + KINDS.index(kind)) % len(acts)]
        ground.write(kind.path, data)
        before = records_of(ground)
        head = git(ground.root, "rev-parse", "HEAD")
        with known_by(number, data):
            did = ground.sevlog(*words, *(("--no-commit",) if words != ("fmt",) and number % 4 else ()))
            after = records_of(ground)
            if did.code != Exit.OK:
                assert after == before or words == ("fmt",), did
                assert git(ground.root, "rev-parse", "HEAD") == head
            for path, what in before.items():
                if after.get(path) != what:
                    require_nothing_lost(words, path, what, after)
            assert not [path for path in after if path.endswith(".tmp")]
            assert git(ground.root, "diff", "--cached", "--name-only") == ""
        git(ground.root, "update-ref", "refs/heads/main", head)
        git(ground.root, "read-tree", head)
        ground.put_back(before)
        figures(inputs=1)


def require_nothing_lost(words: tuple[str, ...], path: str, what: bytes, after: dict[str, bytes]) -> None:
    """A file that an act changed says what it said, but for the keys and rows that are the act's business."""
    assert words in CHANGING or PurePosixPath(path).name in OF_CARDS, f"{words} changed {path}"
    old, new = rows(path, what), rows(path, after.get(path, b""))
    assert old is not None and new is not None, f"{words} rewrote {path}, which cannot be read"
    if words[0] == "fmt":
        assert in_utc(old) == in_utc(new)
    elif words[0] == "redact":
        assert all(is_observed(row) for row in old if row not in new)
    elif words[0] == "compact":
        folder = str(PurePosixPath(path).parent)
        there = [row for name in after if name.startswith(folder) for row in rows(name, after[name]) or ()]
        assert all(row in there for row in old)
    else:
        assert len(new) >= len(old)


def in_utc(value: Any) -> Any:
    """The value with its times in UTC."""
    if isinstance(value, list):
        return [in_utc(item) for item in value]
    if isinstance(value, dict):
        return {key: in_utc(item) for key, item in value.items()}
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        at = None
    return at.astimezone(UTC) if at is not None and at.tzinfo is not None else value


def is_observed(row: Any) -> bool:
    return isinstance(row, dict) and row.get("kind") == "observation"


def test_the_acts_are_sound_at_first(ground: Ground) -> None:
    """Else the test above would try nothing but refusals."""
    before = records_of(ground)
    for words in [*ADDING, *CHANGING]:
        did = ground.sevlog(*words, *(("--no-commit",) if words != ("fmt",) else ()))
        assert did.code == Exit.OK, did
        assert records_of(ground) != before, words
        ground.put_back(before)
