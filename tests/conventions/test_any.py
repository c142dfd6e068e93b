"""`Any` turns the type checker off. Only the modules that are listed here use it, each with the reason."""

from __future__ import annotations

import ast
from pathlib import Path

from fixtures.filled import filled

PACKAGE = Path(__file__).resolve().parents[2] / "tooling/sevlog"

ALLOWED: dict[str, tuple[str, ...]] = {
    "JSON of other programs, before it is checked": (
        "adapters/alerts/monitors.py",
        "adapters/alerts/payload.py",
        "adapters/alerts/readers.py",
        "adapters/chat/message.py",
        "adapters/chat/reading.py",
        "adapters/importers/statuspage/gather.py",
        "adapters/importers/statuspage/page.py",
        "stores/installation.py",
    ),
    "classes of libraries that have no usable types": (
        "adapters/delivery/mail.py",
        "adapters/delivery/services.py",
        "adapters/http_client.py",
        "site/building/plugin.py",
        "site/markup/markdown.py",
        "site/markup/tree.py",
        "stores/history/history.py",
        "stores/yaml/edit.py",
        "stores/yaml/nodes.py",
    ),
    "YAML values before they are checked, and edits of YAML documents": (
        "services/importing/config.py",
        "stores/records/action_edits.py",
        "stores/records/adapted_defaults.py",
        "stores/records/card_edits.py",
        "stores/records/codec.py",
        "stores/records/completion_words.py",
        "stores/records/settings.py",
        "stores/yaml/append.py",
        "stores/yaml/io.py",
        "stores/yaml/patch.py",
        "stores/yaml/plain.py",
    ),
    "JSON Schemas, and values that do not fit them": (
        "stores/records/diagnosis.py",
        "stores/records/salvage.py",
        "stores/records/salvaged_records.py",
        "stores/records/schema_messages.py",
        "stores/records/schemas.py",
    ),
    "rows of SQLite, and facets of any type": (
        "stores/index/file_index.py",
        "stores/index/search.py",
        "stores/index/storage.py",
    ),
    "JSON documents whose keys depend on the kind of an entry": (
        "services/common/documents.py",
        "site/internal/records.py",
        "site/internal/theories.py",
    ),
    "a table of page makers, each with its own argument": ("site/pages/all_pages.py",),
}
"""Reason -> modules. Prefer `object`, a TypedDict, a Struct, a Protocol or a TypeVar to a new row."""


def uses_any(source: str) -> bool:
    """Whether a module uses the name `Any` of typing."""
    return any(
        (isinstance(node, ast.Name) and node.id == "Any") or (isinstance(node, ast.Attribute) and node.attr == "Any")
        for node in ast.walk(ast.parse(source))
    )


def test_any_is_used_only_in_the_listed_modules() -> None:
    using = [
        path.relative_to(PACKAGE).as_posix()
        for path in filled(sorted(PACKAGE.rglob("*.py")))
        if uses_any(path.read_text("utf-8"))
    ]

    assert using == sorted(module for modules in ALLOWED.values() for module in modules)


def test_each_form_of_any_is_found() -> None:
    assert uses_any("from typing import Any\nx: dict[str, Any]\n")
    assert uses_any("import typing\nx: typing.Any\n")
    assert not uses_any('x: object = "Any part of an id"  # Any\n')
