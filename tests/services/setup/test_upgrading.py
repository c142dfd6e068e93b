"""`sevlog upgrade`: what sevlog wrote is brought up to date, and nothing that a person changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.clocks import Clock
from sevlog.errors import InvalidRecord, UsageError
from sevlog.services.recording.recorder import Options
from sevlog.services.setup.blueprint import Start
from sevlog.services.setup.record_steps import migrated
from sevlog.services.setup.repository import initialise
from sevlog.services.setup.upgrading import upgrade
from sevlog.services.workspace.workspace import Workspace

SCHEMA, WORKFLOW, FORM = "schemas/incident.schema.json", ".github/workflows/notify.yml", "mkdocs.yml"


@pytest.fixture
def older(tmp_path: Path) -> Workspace:
    """A repository as an older sevlog wrote it, in one commit of its own."""
    root = Path(initialise(tmp_path / "acme", Start(name="Acme", url="https://status.example.com/")).root)
    workspace = Workspace(root, clock=Clock())
    for path in (SCHEMA, WORKFLOW, FORM):
        (root / path).write_text("# from an older version\n", "utf-8")
    (root / ".github/ISSUE_TEMPLATE/config.yml").unlink()
    workspace.git.run("add", "-A")
    workspace.git.run("commit", "-q", "--amend", "--no-edit")
    return workspace


def commit(workspace: Workspace, subject: str) -> None:
    workspace.git.run("add", "-A")
    workspace.git.run("commit", "-qm", subject)


def test_older_files_are_written_and_missing_ones_added_in_one_commit(older: Workspace) -> None:
    before = older.git.head()

    done = upgrade(older, Options())

    assert set(done.updated) == {SCHEMA, WORKFLOW, FORM}
    assert done.added == (".github/ISSUE_TEMPLATE/config.yml",)
    assert older.git.text("rev-list", "--count", f"{before}..HEAD") == "1"
    assert older.git.text("status", "--porcelain") == ""
    assert upgrade(older, Options()).updated == ()


def test_a_file_that_somebody_changed_or_deleted_stays_so_and_is_named(older: Workspace) -> None:
    root = older.root
    (root / WORKFLOW).write_text("# ours\n", "utf-8")
    (root / "schemas/oncall.schema.json").unlink()
    commit(older, "our own workflow")
    (root / FORM).write_text("# not committed yet\n", "utf-8")

    done = upgrade(older, Options())

    assert (done.updated, set(done.changed_here)) == ((SCHEMA,), {WORKFLOW, FORM})
    assert done.deleted_here == ("schemas/oncall.schema.json",)
    assert (root / WORKFLOW).read_text("utf-8") == "# ours\n"
    assert (root / FORM).read_text("utf-8") == "# not committed yet\n"


def test_a_changed_file_is_replaced_if_it_is_named(older: Workspace) -> None:
    (older.root / WORKFLOW).write_text("# ours\n", "utf-8")
    commit(older, "our own workflow")

    assert WORKFLOW in upgrade(older, Options(), replaced=(WORKFLOW,)).updated
    assert "jobs:" in (older.root / WORKFLOW).read_text("utf-8")
    with pytest.raises(UsageError, match=r"does not write sevlog\.yaml"):
        upgrade(older, Options(), replaced=("sevlog.yaml",))


def test_a_dry_run_names_the_files_and_writes_none(older: Workspace) -> None:
    done = upgrade(older, Options(dry_run=True))

    assert (len(done.updated), len(done.added), done.commit) == (3, 1, None)
    assert (older.root / SCHEMA).read_text("utf-8") == "# from an older version\n"


def test_records_go_through_every_step_from_their_version_to_the_newest(older: Workspace) -> None:
    steps = {1: lambda path, text: text + f"# 1 to 2: {path}\n", 2: lambda path, text: text + "# 2 to 3\n"}

    found = dict(migrated(older.root, steps, newest=3))

    assert set(found) == {"sevlog.yaml", "oncall.yaml"}
    assert "\nschema: 3\n" in f"\n{found['oncall.yaml']}"
    assert found["oncall.yaml"].endswith("# 1 to 2: oncall.yaml\n# 2 to 3\n")
    with pytest.raises(InvalidRecord, match="schema 1, and this sevlog cannot read it"):
        dict(migrated(older.root, {2: steps[2]}, newest=3))


def test_a_newer_schema_version_is_refused_with_what_to_install(older: Workspace) -> None:
    path = older.root / "oncall.yaml"
    path.write_text(path.read_text("utf-8").replace("schema: 1", "schema: 2"), "utf-8")

    with pytest.raises(InvalidRecord, match=r"oncall\.yaml has schema 2") as caught:
        upgrade(older, Options())
    assert "install the newer sevlog" in caught.value.hints[0]
