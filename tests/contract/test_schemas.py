"""The JSON Schemas say what the model says: in step, complete, and accepting exactly the same documents."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from fixtures.filled import filled
from sevlog.model.timeline.entries import KIND_BY_NAME, AnyEntry
from sevlog.stores.records import schemas
from sevlog.stores.records.diagnosis import diagnose
from sevlog.stores.yaml import io as yaml_io

SCHEMAS = Path(__file__).parents[2] / "schemas"
VALID = [(p.parts[-3], yaml_io.read(p.read_bytes())) for p in sorted(SCHEMAS.glob("examples/*/valid/*.yaml"))]
WORDS = [
    "no",
    "",
    "SEV1",
    "ana",
    "2026-11-23",
    "2026-11-23T14:07:30Z",
    "2026-11-23T14:07:30",
    "x" * 301,
    "a@b.c",
    "https://a.example",
    "major_outage",
    "public",
    "5m",
    "A1",
    "ana\n",
    "\uff12026-01-01",
    "2026-11-23 14:07:30+0100",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "resolved",
]
VALUES = (
    st.sampled_from(WORDS)
    | st.none()
    | st.booleans()
    | st.sampled_from([0, 1, -1, 5.0, 130, 10**30, float("inf")])
    | st.sampled_from([[], {}, ["x"], {"x": "y"}, {"checkout": "major_outage"}, [1], [["x"]]])
)


def test_the_files_are_in_step_with_the_model() -> None:
    """Mend it with: make schemas."""
    assert {name: schemas.text(name) for name in schemas.SHAPES} == {
        path.name.removesuffix(".schema.json"): path.read_text("utf-8") for path in SCHEMAS.glob("*.schema.json")
    }


@pytest.mark.parametrize("name", schemas.SHAPES)
def test_a_schema_is_valid_and_refers_to_nothing_outside(name: str) -> None:
    schema = json.loads(schemas.text(name))
    Draft202012Validator.check_schema(schema)
    assert all(ref.startswith("#/$defs/") for ref in _all(schema, "$ref"))
    assert schema["$id"].startswith("urn:")


@pytest.mark.parametrize("name", schemas.SHAPES)
def test_every_property_is_described_and_no_mapping_takes_unknown_keys(name: str) -> None:
    for part in filled(_objects(json.loads(schemas.text(name)))):
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert [key for key, value in part["properties"].items() if not value.get("description")] == []


@pytest.mark.parametrize("name", schemas.SHAPES)
def test_patterns_are_in_the_dialect_of_json_schema(name: str) -> None:
    for pattern in filled(_all(json.loads(schemas.text(name)), "pattern")):
        assert pattern.endswith("$")
        assert "\\Z" not in pattern
        assert "\\d" not in pattern


def test_a_mistake_does_not_wait_for_its_schema() -> None:
    started = time.process_time()
    made = schemas.schema.__wrapped__("timeline")
    assert time.process_time() - started < 5  # hundredths; it was twenty when each key was looked up anew
    assert made == schemas.schema("timeline")


def test_entries_are_told_apart_by_kind() -> None:
    schema = schemas.schema("entry")
    kinds = [schema["$defs"][part["$ref"].rpartition("/")[2]] for part in schema["oneOf"]]
    assert {part["properties"]["kind"]["const"] for part in kinds} == set(KIND_BY_NAME)
    assert {part["title"] for part in kinds} == set(KIND_BY_NAME)


def test_words_keep_the_order_of_the_model() -> None:
    states = schemas.schema("entry")["$defs"]["ImpactChanged"]["properties"]["components"]["additionalProperties"]
    assert states["enum"][0] == "operational"
    assert states["enum"][-1] == "major_outage"


def test_times_are_checked_and_not_only_described() -> None:
    entry = {"kind": "note", "at": "2026-02-30T10:00:00Z", "text": "x"}
    assert [v.rule for v in schemas.violations("entry", entry, "note")] == ["format"]
    entry["at"] = "2026-02-20T10:00:00"
    assert {v.rule for v in schemas.violations("entry", entry, "note")} == {"format", "pattern"}


@pytest.mark.parametrize("name", schemas.SHAPES)
def test_a_validator_without_a_format_check_still_demands_the_offset(name: str) -> None:
    for part in filled(_objects(json.loads(schemas.text(name)))):
        if part.get("format") == "date-time":
            assert "[Zz]|[+-]" in part["pattern"]


def test_nothing_but_the_schema_s_own_dialect_is_needed() -> None:
    assert {json.loads(schemas.text(name))["$schema"] for name in schemas.SHAPES} == {schemas.DIALECT}


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_schema_and_model_accept_the_same_documents(data: st.DataObject) -> None:
    name, value = data.draw(st.sampled_from(VALID))
    document = json.loads(json.dumps(value))
    for _ in range(data.draw(st.integers(0, 2))):
        document = _mutated(document, data) if document else document
    try:
        _convert(name, document)
        accepted = True
    except msgspec.ValidationError:
        accepted = False
    found = diagnose("f", _as_file(name, document), name)
    if document:  # an empty file is another matter: some may be empty
        assert accepted == (found == []), (document, found)
    if name != "timeline":
        assert accepted == (schemas.violations(name, document) == []), document


def _convert(name: str, document: Any) -> None:
    if name == "timeline":
        rows = document if isinstance(document, list) else [document]
        msgspec.convert(rows, Annotated[list[AnyEntry], msgspec.Meta(min_length=1)])
    else:
        msgspec.convert(document, schemas.SHAPES[name][0])


def _as_file(name: str, document: Any) -> bytes:
    text = yaml_io.dump(document)
    return f"---\n{text}---\n".encode() if "postmortem" in name or name in ("runbook", "problem") else text.encode()


def _mutated(document: Any, data: st.DataObject) -> Any:
    """The document with one value replaced, removed or added somewhere."""
    if not isinstance(document, (dict, list)) or not document:
        return data.draw(VALUES)
    place = data.draw(st.sampled_from(sorted(document) if isinstance(document, dict) else range(len(document))))
    way = data.draw(st.sampled_from(["inside", "inside", "inside", "remove", "replace", "add"]))
    changed: Any = dict(document) if isinstance(document, dict) else list(document)
    if way == "remove":
        del changed[place]
    elif way == "replace":
        changed[place] = data.draw(VALUES)
    elif way == "inside":
        changed[place] = _mutated(document[place], data)
    elif isinstance(changed, dict):
        changed[data.draw(st.sampled_from(["extra", "severity", "Checkout", "origin", "from", "text", "public"]))] = (
            data.draw(VALUES)
        )
    else:
        changed.append(data.draw(VALUES))
    return changed


def _objects(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return [node, *(part for value in node.values() for part in _objects(value))]
    return [part for value in node for part in _objects(value)] if isinstance(node, list) else []


def _all(node: Any, key: str) -> list[Any]:
    return [part[key] for part in _objects(node) if isinstance(part.get(key), str)]
