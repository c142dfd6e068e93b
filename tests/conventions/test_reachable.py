"""Every module does something: a command, the MkDocs plugin or a generator of documents reaches it."""

from __future__ import annotations

from collections.abc import Iterable

import grimp

STARTS = (
    "sevlog.__main__",
    "sevlog.site.building.plugin",
    "sevlog.site.building.generator",
    "sevlog.site.building.preview",
    "sevlog.services.automation.receiver",
)
"""Where a program begins, besides the commands, which `cli/main.py` imports by name."""

GENERATORS = ("sevlog.cli.reference.pages", "sevlog.cli.reference.document_schemas")
"""What `make reference` and `make schemas` run."""

PLANNED: dict[str, str] = {}
"""Modules that no command reaches yet, and what will."""


def reached(graph: grimp.ImportGraph, starts: Iterable[str]) -> set[str]:
    """The modules that the starts import, directly or not, with the packages around them."""
    found, waiting = set(starts), list(starts)
    while waiting:
        new = graph.find_modules_directly_imported_by(waiting.pop()) - found
        found |= new
        waiting += new
    return found | {name.rsplit(".", depth)[0] for name in found for depth in range(1, name.count(".") + 1)}


def test_every_module_is_reached_or_planned() -> None:
    graph = grimp.build_graph("sevlog", cache_dir=None)
    commands = [name for name in graph.modules if name.startswith("sevlog.cli.commands.")]

    idle = graph.modules - reached(graph, (*STARTS, *GENERATORS, *commands))

    assert len(commands) > 20
    assert sorted(idle) == sorted(PLANNED)


def test_a_module_that_nothing_imports_is_not_reached() -> None:
    graph = grimp.ImportGraph()
    graph.add_import(importer="a.start", imported="a.used.one")
    graph.add_import(importer="a.idle", imported="a.used.one")

    assert reached(graph, ["a.start"]) == {"a", "a.start", "a.used", "a.used.one"}
