"""What others say of an incident comes from the index, and is what their records say."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.clocks import Clock
from fixtures.repositories import Repository
from sevlog.services.workspace.catalog import Catalog
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.index import file_index
from sevlog.stores.records.records import Reading


class CountingCatalog(Catalog):
    """A catalog that remembers which folders it had to read."""

    def __init__(self, root: Path, *, remember: bool = True) -> None:
        super().__init__(Workspace(root, clock=Clock()), remember=remember)
        self.read: list[str] = []

    def reading(self, path: str) -> Reading:
        self.read.append(path.rpartition("/")[2])
        return super().reading(path)


def test_ties_are_known_without_reading_a_record_again(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_index, "FRESH", -(10**15))
    parent, child = records.raised(), records.raised(title="Cards refused")
    records.does("link", parent, "--rel", "child_of", "-i", child)

    first = CountingCatalog(records.root)
    known = first.ties()
    again = CountingCatalog(records.root)

    assert again.ties() == known
    assert [(tie.rel, tie.target) for tie in known[child].links] == [("child_of", parent)]
    assert again.read == []
    records.raised(title="Labels do not print")
    assert CountingCatalog(records.root, remember=False).ties() == known


def test_only_what_changed_is_read_again(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_index, "FRESH", -(10**15))
    parent, child = records.raised(), records.raised(title="Cards refused")
    CountingCatalog(records.root).ties()
    records.does("link", parent, "-i", child)

    catalog = CountingCatalog(records.root)

    assert (list(catalog.ties()), catalog.read) == ([child], [child])
