"""Every key of sevlog.yaml and oncall.yaml is acted on somewhere, or is listed as not in effect yet."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from sevlog.cli.reference.pages import pages
from sevlog.model.config.settings import Config
from sevlog.model.oncall.roster import OnCall
from sevlog.model.rules.not_in_effect import NOT_IN_EFFECT, not_in_effect, reason
from sevlog.stores.records.schemas import schema

PACKAGE = Path(__file__).resolve().parents[2] / "tooling/sevlog"
LISTED = Path(__file__).with_name("setting_readers.txt")
NOTE = "(a note for those who read the file)"
CHECKS = ("model/rules/config.py", "model/rules/comms.py", "model/rules/oncall.py", "services/checking/settings")
"""Modules that only look whether a value can be right: that is no effect."""


def structs(kind: Any) -> list[type[msgspec.Struct]]:
    inspect = msgspec.inspect
    if isinstance(kind, inspect.StructType):
        return [kind.cls]
    inner = [getattr(kind, name) for name in ("type", "item_type", "value_type") if hasattr(kind, name)]
    return [found for one in (*inner, *getattr(kind, "types", ())) for found in structs(one)]


def keys() -> dict[str, str]:
    """Class and key, as the list has them -> the attribute of the class. None below one without effect."""
    found: dict[str, str] = {}
    todo: list[type[msgspec.Struct]] = [Config, OnCall]
    for shape in todo:
        info: Any = msgspec.inspect.type_info(shape)
        for field in info.fields:
            found[f"{shape.__name__}.{field.encode_name}"] = field.name
            if reason(shape.__name__, field.encode_name) is None:
                todo += [inner for inner in structs(field.type) if inner not in todo]
    return found


def listed() -> dict[str, str]:
    rows = [line.split(" ", 1) for line in LISTED.read_text("utf-8").splitlines() if not line.startswith("#")]
    return dict(rows)


@cache
def words_of(module: str) -> frozenset[str]:
    """What a module takes from a mapping or an object: attributes, and names in quotes."""
    tree = ast.parse((PACKAGE / module).read_text("utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return frozenset(attributes | {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)})


def test_every_key_has_a_reader_or_is_listed_as_not_in_effect() -> None:
    unread = {key for key in keys() if reason(*key.split(".", 1)) is not None}

    assert len(unread) == len(NOT_IN_EFFECT)
    assert sorted(keys().keys() - unread - listed().keys()) == []


def test_the_list_of_readers_has_no_key_that_is_gone_or_has_no_effect() -> None:
    unread = {key for key in keys() if reason(*key.split(".", 1)) is not None}

    assert sorted(listed().keys() - (keys().keys() - unread)) == []


def test_every_listed_reader_reads_the_key() -> None:
    attributes = keys()
    by_name = {key for key, module in listed().items() if module == "model/comms/plan.py"}  # through getattr

    wrong = [
        f"{key}: {module}"
        for key, module in listed().items()
        if module != NOTE and key not in by_name and attributes[key] not in words_of(module)
    ]
    assert wrong == []
    assert "__struct_fields__" in words_of("model/comms/plan.py")


def test_no_check_counts_as_a_reader() -> None:
    assert [row for row in listed().items() if row[1].startswith(CHECKS)] == []


def test_what_has_no_effect_is_said_in_the_reference_and_in_the_schema() -> None:
    written = schema("config")["properties"]["sources"]["description"]

    assert "Not in effect yet: no other repository or page is shown or imported." in written
    assert pages()["files.md"].count("**Not in effect yet**") == len(NOT_IN_EFFECT)


def test_a_value_that_asks_for_what_holds_anyway_is_no_finding() -> None:
    data: dict[str, object] = {"page": {"logo": None}, "sources": [], "notify": None}

    assert list(not_in_effect("sevlog.yaml", data)) == []
    assert [p.pointer for p in not_in_effect("sevlog.yaml", {"sources": ["a"]})] == ["/sources"]


def test_what_init_writes_is_no_finding() -> None:
    given = {"sources": ["https://status.example"]}

    assert list(not_in_effect("sevlog.yaml", given, given)) == []
    assert [p.pointer for p in not_in_effect("sevlog.yaml", given, {})] == ["/sources"]
