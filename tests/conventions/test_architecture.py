"""The picture of the architecture shows the code as it is."""

from __future__ import annotations

import re

import grimp
import pytest

from conventions.architecture import LAYERS, PICTURE, ROOT, drawn, rooms


def test_the_picture_is_in_step_with_the_import_graph() -> None:
    assert PICTURE.read_text("utf-8") == drawn(), "draw it again: make architecture"


def test_packages_stand_left_of_what_they_import() -> None:
    graph = grimp.ImportGraph()
    for name in ("sevlog.model.a.x", "sevlog.model.b.x", "sevlog.model.c.x", "sevlog.model.single"):
        graph.add_module(name)
        graph.add_module(name.rpartition(".")[0])
    graph.add_import(importer="sevlog.model.a.x", imported="sevlog.model.b.x")
    graph.add_import(importer="sevlog.model.b.x", imported="sevlog.model.c.x")
    graph.add_import(importer="sevlog.model.a.x", imported="sevlog.model.c.x")

    found = {room.name: (room.floor, sorted(room.uses)) for room in rooms(graph, "model")}

    assert found == {"(modules)": (0, []), "a": (2, ["b"]), "b": (1, ["c"]), "c": (0, [])}


def test_every_layer_is_on_it() -> None:
    assert re.findall(r'class="layer"[^>]*>(\w+)<', PICTURE.read_text("utf-8")) == list(LAYERS)


@pytest.mark.parametrize("document", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_the_modules_that_a_document_names_exist(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    tops = ("", "tooling/sevlog/", "tooling/sevlog/model/timeline/", "tooling/sevlog/adapters/importers/")
    named = sorted({name for name in re.findall(r"`([\w/.]+\.(?:py|md|yaml|toml))`", text) if "/" in name})

    assert len(named) > 15
    assert [name for name in named if not any((ROOT / top / name).exists() for top in tops)] == []
