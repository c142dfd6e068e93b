"""The index of the search: what is in it, what is not, and how large it becomes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fixtures.clocks import Clock
from fixtures.filled import filled
from fixtures.internal_sites import incident
from sevlog.services.publishing.internal_view import InternalView, internal_view
from sevlog.services.workspace.workspace import Workspace
from sevlog.site.internal.search import PIECE, search_files


def pages(content: bytes) -> list[Any]:
    """The pages in a piece of the index."""
    found: list[Any] = json.loads(content.decode().removeprefix("sevlogFound(").removesuffix(");\n"))
    return found


@pytest.fixture
def view(out: Path, kept: dict[str, Path]) -> InternalView:
    return internal_view(Workspace(kept["root"], clock=Clock()))


def test_the_index_has_titles_facts_and_all_texts_with_the_place_they_are_at(out: Path) -> None:
    found = {row[0]: row for row in pages((out / "internal/search/0.js").read_bytes())}
    live = found[f"{incident(out, 'search')}/"]
    assert live[1:3] == ["Incident", "Search <b>is</b> slow"]
    assert "SEV2" in live[3]
    assert "checkout Checkout" in live[3]
    assert "T2 open: The <i>nightly</i> job died" in live[5][0][2]
    assert live[5][0][:2] == ["Timeline", "timeline"]
    done = {text[0]: text[2] for text in found[f"{incident(out, 'checkout')}/"][5]}
    assert "The pool ran dry." in done["Postmortem"]
    assert "<!--" not in done["Postmortem"]
    assert done["Action items"] == "Alert on <refused> cards"
    assert found["runbook-index/"][2] == "Rebuild the <index>"
    assert [text[0] for text in found["problems/#one-sender"][5]] == ["Causes", "Changes that it takes", "Description"]


def test_every_place_in_the_index_is_on_the_site(out: Path) -> None:
    missing = []
    for address, _, _, _, _, texts in filled(pages((out / "internal/search/0.js").read_bytes())):
        path, _, own = address.partition("#")
        page = (out / f"internal/{path}index.html").read_text("utf-8")
        anchors = {own or anchor for _, anchor, _ in texts} - {""}
        missing += [f"{path}#{anchor}" for anchor in sorted(anchors) if f'id="{anchor}"' not in page]
    assert missing == []


def test_the_index_is_bounded_the_texts_of_the_oldest_records_go_first(view: InternalView) -> None:
    many = replace(view, records=[view.records[number % 2] for number in range(PIECE * 2)])
    texts = sum(len(text[2]) for row in pages(list(search_files(view))[1][1])[-2:] for text in row[5])

    files = [content for path, content in search_files(many, budget=texts * 3) if "/search/" in path]
    rows = [row for content in files for row in pages(content)]
    assert [len(pages(content)) for content in files] == [PIECE, PIECE, len(view.problems) + len(view.runbooks)]
    incidents = [row for row in rows if row[1] == "Incident"]
    assert [bool(row[5]) for row in incidents] == [number < 6 for number in range(PIECE * 2)]
    assert all(row[2] and row[3] for row in incidents)
