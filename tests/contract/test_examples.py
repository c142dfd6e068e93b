"""Drop a file into schemas/examples/<name>/valid or invalid, and it is a test.

An invalid file starts with one comment line for each mistake: `# line:column: part of the message | part of the hint`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sevlog.model.timeline.entries import KIND_BY_NAME
from sevlog.stores.records import schemas
from sevlog.stores.records.diagnosis import diagnose

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
EXPECTED = re.compile(r"# (\d+):(\d+): (.*?)(?: \| (.*))?")


def examples(kind: str) -> list[Path]:
    return sorted(EXAMPLES.glob(f"*/{kind}/*.yaml"))


def name(path: Path) -> str:
    return "/".join((*path.parts[-3:-2], path.stem))


def findings(path: Path) -> list[str]:
    shape, data = path.parts[-3], path.read_bytes()
    if "postmortem" in shape or shape in ("runbook", "problem"):  # its place in the file is the business of others
        data = b"---\n" + data + b"---\n"
        return [f"# {(p.line or 0) - 1}:{p.column}: {p.message} | {p.hint}" for p in diagnose("f", data, shape)]
    return [f"# {p.line}:{p.column}: {p.message} | {p.hint}" for p in diagnose("f", data, shape)]


@pytest.mark.parametrize("shape", schemas.SHAPES)
@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_every_schema_has_examples(shape: str, kind: str) -> None:
    assert sorted((EXAMPLES / shape / kind).glob("*.yaml"))


def test_every_kind_of_entry_has_an_example() -> None:
    shown = {path.stem.replace("-", "_") for path in (EXAMPLES / "entry" / "valid").glob("*.yaml")}
    assert set(KIND_BY_NAME) <= shown


@pytest.mark.parametrize("path", examples("valid"), ids=name)
def test_a_valid_example_has_no_finding(path: Path) -> None:
    assert findings(path) == []


@pytest.mark.parametrize("path", examples("valid"), ids=name)
def test_a_valid_example_names_its_schema(path: Path) -> None:
    address = path.read_text("utf-8").splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / address).resolve() == EXAMPLES.parent / f"{path.parts[-3]}.schema.json"


@pytest.mark.parametrize("path", examples("invalid"), ids=name)
def test_an_invalid_example_gives_exactly_the_messages_it_states(path: Path) -> None:
    stated = [match for line in path.read_text("utf-8").splitlines() if (match := EXPECTED.fullmatch(line))]
    found = findings(path)
    assert len(found) == len(stated), found
    for match, told in zip(sorted(stated, key=lambda m: (int(m[1]), int(m[2]))), found, strict=True):
        place, message, hint = f"# {match[1]}:{match[2]}: ", match[3], match[4] or ""
        assert told.startswith(place + message), found
        assert hint in told.partition(" | ")[2], found


def unions(part: object) -> Iterator[list[dict[str, object]]]:
    """The alternatives of every union in a schema."""
    if isinstance(part, dict):
        yield from ([part["anyOf"]] if "anyOf" in part else [])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from unions(inner)


@pytest.mark.parametrize("shape", schemas.SHAPES)
def test_no_union_is_of_a_text_with_a_pattern_and_a_list(shape: str) -> None:
    """msgspec 0.22 treats the list as an object when it frees such a type, and the process crashes."""
    schema = json.loads((EXAMPLES.parent / f"{shape}.schema.json").read_text("utf-8"))

    mixed = [
        u for u in unions(schema) if any("pattern" in one for one in u) and "array" in [one.get("type") for one in u]
    ]

    assert mixed == []
