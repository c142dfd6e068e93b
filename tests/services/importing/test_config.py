"""What an import adds to sevlog.yaml, and that whatever stands there wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.importing import NOW, OVER, T, git, one, run, started
from fixtures.statuspages import affected, incident, update
from sevlog.services.setup.blueprint import Start
from sevlog.services.setup.repository import initialise
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.records import settings


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return started(tmp_path)


def test_the_page_and_its_components_land_in_sevlog_yaml_and_its_comments_stay(workspace: Workspace) -> None:
    before = (workspace.root / "sevlog.yaml").read_text("utf-8")

    result = run(workspace, OVER)

    text = (workspace.root / "sevlog.yaml").read_text("utf-8")
    config = settings.read_config(workspace.root)
    assert (config.page.name, config.page.url) == ("Parcel Post", "https://status.parcelpost.example")
    assert config.page.origin is not None
    assert config.page.origin.id == "p4rce1pag300"
    assert [(c.key, c.group) for c in config.components] == [
        ("booking", None),
        ("tracking", "Sending"),
        ("labels", "Sending"),
    ]
    assert [g.name for g in config.groups] == ["Sending"]
    assert "component website removed: `sevlog init` wrote it as an example" in result.config
    comments = [line for line in before.splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == comments
    assert text.index("# Git: records are committed") > text.index("groups:") > text.index("key: labels")


def test_what_stands_in_sevlog_yaml_wins(tmp_path: Path) -> None:
    initialise(
        tmp_path,
        Start(name="Ours", url="https://status.ours.test/", components=(("track", "tracking"), ("mail", "Mail"))),
    )
    path = tmp_path / "sevlog.yaml"
    path.write_text(
        path.read_text("utf-8").replace("name: tracking", "name: tracking\n    group: Sending # kept"), "utf-8"
    )
    git(workspace := Workspace(tmp_path, clock=lambda: NOW), "commit", "-qam", "a group")

    result = run(
        workspace,
        incident(
            "live00000001",
            "Slow",
            update(
                "li1",
                "investigating",
                T[3],
                affected_components=affected(("c0mptracking", "operational", "partial_outage")),
            ),
        ),
    )

    config = settings.read_config(tmp_path)
    assert config.page.url == "https://status.ours.test/"
    assert any(notice.startswith("page.url stays https://status.ours.test/") for notice in result.notices)
    assert [c.key for c in config.components] == ["track", "mail", "booking", "labels"]
    assert config.components[0].origin is not None
    assert config.components[0].origin.id == "c0mptracking"
    assert "group: Sending # kept" in path.read_text("utf-8")
    assert "track" in one(workspace, "slow")[1].components


def test_a_repository_with_records_of_its_own_keeps_its_page(workspace: Workspace) -> None:
    folder = workspace.root / "incidents/2026/2026-04-01-our-own/timeline"
    folder.mkdir(parents=True)
    (folder.parent / "incident.yaml").write_text(
        "schema: 1\ntitle: Ours\nkind: incident\nsummary: It is ours\n", "utf-8"
    )
    (folder / "history.yaml").write_text(
        "- {kind: raised, at: 2026-04-01T10:00:00Z, by: ana, severity: SEV3, priority: P3, "
        "components: {website: operational}}\n",
        "utf-8",
    )

    run(workspace, OVER)

    config = settings.read_config(workspace.root)
    assert config.page.name == "Ours"
    assert config.page.origin is None
    assert [c.key for c in config.components] == ["website", "booking", "tracking", "labels"]
