"""A symbolic link is an error wherever something is read or published, and is never followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import FOLDER, checked, commit, git, records


def linked(root: Path, place: str, target: Path) -> None:
    """A link there; what stood there goes aside."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.rename(root.parent / "aside")
    path.symlink_to(target)


def links(root: Path, *paths: str, base: str | None = None) -> list[str]:
    return [p.path for p in checked(root, *paths, base=base).problems if p.code == "symbolic_link"]


@pytest.mark.parametrize(
    "place",
    [
        "site",
        "site/docs",
        "site/docs/y",
        "site/docs/leak.md",
        "site/docs/deep/er/x.png",
        "site/theme/main.html",
        "mkdocs.yml",
        "schemas/entry.schema.json",
        "runbooks/x.md",
        "runbooks/below/x.txt",
        "problems/x.md",
        "comms/public",
        "comms/public/initial.md",
        "sevlog.yaml",
        "oncall.yaml",
        "incidents/2026",
        "incidents",
        FOLDER,
        f"{FOLDER}/incident.yaml",
        f"{FOLDER}/postmortem.public.md",
        f"{FOLDER}/actions.yaml",
        f"{FOLDER}/timeline",
        f"{FOLDER}/timeline/README.md",
        f"{FOLDER}/timeline/.hidden.yaml",
        f"{FOLDER}/evidence/.hidden",
    ],
)
def test_a_link_is_an_error_wherever_it_is(tmp_path: Path, place: str) -> None:
    root = records(tmp_path / "records")
    linked(root, place, tmp_path / "elsewhere")

    assert links(root) == [place]


def test_the_folder_of_templates_is_looked_at_where_the_configuration_puts_it(tmp_path: Path) -> None:
    root = records(tmp_path / "records")
    with (root / "sevlog.yaml").open("a", encoding="utf-8") as file:
        file.write("comms: {templates: words/ours}\n")
    linked(root, "words/ours/public/initial.md", tmp_path / "elsewhere")

    assert links(root) == ["words/ours/public/initial.md"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    root = records(tmp_path / "records")
    linked(root, "site/docs/round", Path("../docs"))

    assert links(root) == ["site/docs/round"]


@pytest.mark.parametrize("place", ["incidents", "incidents/2026"])
def test_a_linked_folder_of_records_is_told_whatever_was_asked_for(tmp_path: Path, place: str) -> None:
    root = tmp_path / "records"
    root.mkdir()
    base = commit(root)
    (root / place).rename(tmp_path / "aside")
    (root / place).symlink_to(tmp_path / "aside")

    assert links(root, place) == [place]
    assert links(root, FOLDER) == [place]
    assert links(root, f"{FOLDER}/incident.yaml") == [place]
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "link")
    assert links(root, base=base) == [place]


def test_what_lies_beside_what_was_asked_for_is_not_told(tmp_path: Path) -> None:
    root = records(tmp_path / "records")
    linked(root, "site/docs/leak.md", tmp_path / "elsewhere")

    assert links(root, FOLDER) == []
    assert links(root, "site") == ["site/docs/leak.md"]


def test_a_pull_request_that_adds_a_link_to_the_site_is_told(tmp_path: Path) -> None:
    root = tmp_path / "records"
    root.mkdir()
    base = commit(root)
    linked(root, "site/docs/leak.md", tmp_path / "elsewhere")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "link")

    assert links(root, base=base) == ["site/docs/leak.md"]
