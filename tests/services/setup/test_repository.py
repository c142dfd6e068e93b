"""`sevlog init`: a new records repository, whole or not at all, and nothing of the user's touched."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from fixtures.clocks import Clock
from sevlog.errors import GitTrouble, UsageError
from sevlog.model.vocabulary import Forge
from sevlog.services.setup.blueprint import Person, Start, process_text
from sevlog.services.setup.repository import initialise, suggested, with_identity
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores import installation, resources
from sevlog.stores.git import transaction
from sevlog.stores.records import settings
from sevlog.stores.yaml import io as yaml_io

ACME = Start(
    name="Acme Status",
    url="https://status.example.com/",
    components=(("checkout", "Checkout: cards"), ("search", "Search")),
    people=(Person(key="ana", name="Ana"), Person(key="bo")),
)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def files_of(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts
    }


def test_a_new_folder_becomes_a_repository_with_one_commit_of_everything(tmp_path: Path) -> None:
    started = initialise(tmp_path / "deep/acme", ACME)

    assert files_of(Path(started.root)) == set(started.written)
    assert (
        git(Path(started.root), "log", "--format=%H %s") == f"{started.commit} sevlog: start the records of Acme Status"
    )
    assert git(Path(started.root), "status", "--porcelain") == ""
    assert git(Path(started.root), "branch", "--show-current") == "main"


def test_what_was_asked_for_is_in_the_configuration(tmp_path: Path) -> None:
    workspace = Workspace(Path(initialise(tmp_path / "acme", ACME).root), clock=Clock())

    assert (workspace.config.page.name, workspace.config.page.url) == ("Acme Status", "https://status.example.com/")
    assert [(c.key, c.name) for c in workspace.config.components] == [
        ("checkout", "Checkout: cards"),
        ("search", "Search"),
    ]
    assert [p.key for p in workspace.oncall.people] == ["ana", "bo"]


@pytest.mark.demand("S9")
def test_the_process_is_written_out_as_shipped_before_the_first_incident(tmp_path: Path) -> None:
    written = yaml_io.read(Path(initialise(tmp_path / "acme", ACME).root, "sevlog.yaml").read_bytes())
    shipped = settings.shipped_defaults()
    assert isinstance(written, dict)

    assert {key: written[key] for key in shipped if key not in ("lifecycles", "policies")} == {
        key: value for key, value in shipped.items() if key not in ("lifecycles", "policies")
    }
    commented = "\n".join(line.removeprefix("# ") for line in process_text().splitlines())
    assert yaml_io.read(f"schema: 1\n{commented}\n".encode()) == shipped


def test_the_issue_form_offers_the_components(tmp_path: Path) -> None:
    root = Path(initialise(tmp_path / "acme", ACME).root)
    form = yaml_io.read((root / ".github/ISSUE_TEMPLATE/incident.yml").read_bytes())
    assert isinstance(form, dict)

    fields = {row.get("id"): row["attributes"] for row in form["body"]}
    assert fields["component"]["options"] == ["Checkout: cards", "Search", "I do not know"]


@pytest.mark.parametrize(
    ("forge", "there", "not_there"),
    [
        ("github", ".github/workflows/publish.yml", ".gitlab-ci.yml"),
        ("gitlab", ".gitlab-ci.yml", ".github/workflows/publish.yml"),
        ("none", "sevlog.yaml", ".github/workflows/publish.yml"),
    ],
)
def test_the_forge_decides_which_workflows_are_written(
    tmp_path: Path, forge: Forge, there: str, not_there: str
) -> None:
    initialise(tmp_path, Start(name="Acme", url="https://a.example", forge=forge))

    assert (tmp_path / there).exists()
    assert not (tmp_path / not_there).exists()


def test_files_in_the_way_are_listed_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "oncall.yaml").write_text("mine\n")
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/publish.yml").write_text("mine too\n")

    with pytest.raises(UsageError, match="oncall.yaml") as refusal:
        initialise(tmp_path, ACME)

    assert refusal.value.details["in_the_way"] == ["oncall.yaml", ".github/workflows/publish.yml"]
    assert files_of(tmp_path) == {"oncall.yaml", ".github/workflows/publish.yml"}
    assert not (tmp_path / ".git").exists()


def test_a_link_that_leads_elsewhere_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("x")
    (tmp_path / "here").mkdir()
    (tmp_path / "here/oncall.yaml").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UsageError, match="oncall.yaml"):
        initialise(tmp_path / "here", ACME)


def test_a_readme_that_is_there_stays_and_the_rest_is_written(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Mine\n")

    started = initialise(tmp_path, ACME)

    assert (tmp_path / "README.md").read_text() == "# Mine\n"
    assert started.kept == ("README.md",)
    assert "sevlog.yaml" in started.written


def test_only_its_own_files_are_committed_in_a_repository_with_work_under_way(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "app.py").write_text("print(1)\n")
    git(tmp_path, "add", "app.py")
    git(tmp_path, "commit", "--quiet", "-m", "app")
    (tmp_path / "app.py").write_text("print(2)\n")
    (tmp_path / "staged.py").write_text("new\n")
    git(tmp_path, "add", "staged.py")

    started = initialise(tmp_path, ACME)

    assert set(git(tmp_path, "show", "--name-only", "--format=").splitlines()) == set(started.written)
    assert git(tmp_path, "status", "--porcelain") == "M app.py\nA  staged.py"


def test_running_it_again_adds_what_is_missing_and_changes_nothing_else(tmp_path: Path) -> None:
    initialise(tmp_path, ACME)
    (tmp_path / "oncall.yaml").write_text("schema: 1\n")
    git(tmp_path, "rm", "--quiet", ".github/workflows/validate.yml")
    git(tmp_path, "commit", "--quiet", "-a", "-m", "mine")

    again = initialise(tmp_path, Start(name="Another name", url="https://b.example"))

    assert again.written == (".github/workflows/validate.yml",)
    assert (tmp_path / "oncall.yaml").read_text() == "schema: 1\n"
    assert git(tmp_path, "log", "-1", "--format=%s") == "sevlog: add missing files to the records repository"
    assert initialise(tmp_path, ACME).commit is None


def test_without_a_commit_the_files_are_written_only(tmp_path: Path) -> None:
    started = initialise(tmp_path, ACME, commit=False)

    assert started.commit is None
    assert files_of(tmp_path) == set(started.written)
    assert git(tmp_path, "status", "--porcelain") != ""


def test_without_a_git_identity_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("EMAIL", "")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")

    with pytest.raises(GitTrouble, match="git has no user name and email") as refusal:
        initialise(tmp_path / "new/acme", ACME)

    assert any("git config" in hint for hint in refusal.value.hints)
    assert sorted(tmp_path.iterdir()) == []


def test_a_folder_below_the_top_of_a_repository_gets_no_workflows(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")

    started = initialise(tmp_path / "incidents-of-us", ACME)

    assert not (Path(started.root) / ".github").exists()
    assert "top of the repository" in started.warnings[0]
    assert set(git(tmp_path, "show", "--name-only", "--format=").splitlines()) == {
        f"incidents-of-us/{name}" for name in started.written
    }


@pytest.mark.parametrize(
    ("remote", "url", "forge"),
    [
        ("git@github.com:Acme/Status-Page.git", "https://acme.github.io/Status-Page/", "github"),
        ("https://github.com/acme/acme.github.io", "https://acme.github.io/", "github"),
        ("https://gitlab.com/acme/status.git", "https://acme.gitlab.io/status/", "gitlab"),
        ("ssh://git@git.example.com/acme/status", "http://127.0.0.1:8000/", "github"),
    ],
)
def test_address_and_forge_are_suggested_from_the_remote(tmp_path: Path, remote: str, url: str, forge: str) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "remote", "add", "origin", remote)

    assert (suggested(tmp_path).url, suggested(tmp_path).forge) == (url, forge)


def test_the_first_person_is_gits_own_without_a_mail_address(tmp_path: Path) -> None:
    start = suggested(tmp_path / "acme-payments")

    assert start.name == "Acme Payments Status"
    assert start.people == (
        Person(key="ana", name="Ana Test", email_sha256=hashlib.sha256(b"ana@example.org").hexdigest()),
    )


def test_the_site_of_a_new_repository_is_set_up_as_shipped(tmp_path: Path) -> None:
    initialise(tmp_path, ACME)

    assert (tmp_path / "mkdocs.yml").read_text() == resources.shared("mkdocs.yml").read_text()
    assert (tmp_path / "site/docs/about.md").exists()


def test_the_requirement_is_what_was_asked_for(tmp_path: Path) -> None:
    line = "sevlog[site] @ git+https://git.example.com/tools/sevlog@4f2c1ea"

    initialise(tmp_path, replace(ACME, install=line))

    assert (tmp_path / "requirements.txt").read_text("utf-8").splitlines()[-1] == line


@pytest.mark.parametrize("line", ["sevlog", "sevlog[site]", "sevlog[site]==0.1.0", "sevlog>=0.1", "other", "x\nsevlog"])
def test_a_name_that_anybody_could_register_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(UsageError, match="--install"):
        initialise(tmp_path / "acme", replace(ACME, install=line))

    assert not (tmp_path / "acme").exists()


def test_what_is_written_by_itself_names_no_unpublished_version_and_no_place_of_this_machine(tmp_path: Path) -> None:
    initialise(tmp_path, ACME)

    line = installation.named_in((tmp_path / "requirements.txt").read_text("utf-8"))
    assert line is None or not (installation.is_unpublished(line) or installation.is_at_home(line))
    assert str(Path(resources.__file__).parents[3]) not in (tmp_path / "requirements.txt").read_text("utf-8")


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_where_no_sevlog_is_named_the_workflows_fail_and_say_so(tmp_path: Path, forge: Forge) -> None:
    initialise(tmp_path, replace(ACME, forge=forge))
    name = ".gitlab-ci.yml" if forge == "gitlab" else ".github/workflows/validate.yml"
    lines = [line.strip() for line in (tmp_path / name).read_text("utf-8").splitlines()]
    (line,) = [line.removeprefix("- ").strip("'") for line in lines if "command -v sevlog" in line]

    done = subprocess.run(["/bin/sh", "-c", line], env={"PATH": ""}, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "requirements.txt does not name sevlog" in done.stdout


@pytest.mark.parametrize("branch", ["master", "0.x"])
def test_the_branch_that_is_there_is_the_one_that_is_written_of(tmp_path: Path, branch: str) -> None:
    git(tmp_path, "init", "--quiet", "-b", branch)

    initialise(tmp_path, replace(ACME, branch=suggested(tmp_path).branch))

    assert Workspace(tmp_path, clock=Clock()).config.git.branch == branch
    for name in ("publish", "validate"):
        workflow = yaml_io.read((tmp_path / f".github/workflows/{name}.yml").read_bytes())
        assert isinstance(workflow, dict)
        assert workflow["on"]["push"]["branches"] == [branch]


def test_gitlab_has_a_form_for_issues_too(tmp_path: Path) -> None:
    initialise(tmp_path, replace(ACME, forge="gitlab"))

    form = (tmp_path / ".gitlab/issue_templates/Incident.md").read_text("utf-8")
    assert "- [ ] Checkout: cards\n- [ ] Search\n- [ ] I do not know" in form
    assert re.findall("^### (.*)", form, re.MULTILINE) == re.findall(
        "label: (.*)", resources.template("github/incident.yml")
    )


@pytest.mark.parametrize(
    ("start", "named"),
    [
        (Start(name="Acme", url="acme.example"), "--url"),
        (Start(name="", url="https://a.example"), "--name"),
        (Start(name="Acme", url="https://a.example", components=(("Check Out", "Checkout"),)), "Check Out"),
        (Start(name="Acme", url="https://a.example", people=(Person(key="ana@example.org"),)), "ana@example.org"),
        (Start(name="Acme", url="https://a.example", components=(("a", "A"), ("a", "B"))), "twice"),
    ],
)
def test_what_the_configuration_would_not_take_is_refused_first(tmp_path: Path, start: Start, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        initialise(tmp_path / "acme", start)

    assert sorted(tmp_path.iterdir()) == []


def test_whoever_runs_it_is_known_by_their_commits_when_they_name_themselves() -> None:
    found = (Person(key="ana", name="Ana Test", email_sha256="f" * 64),)
    people = with_identity((Person(key="at", name="Ana Test"), Person(key="bo", name="Bo")), found)

    assert [p.email_sha256 for p in people] == ["f" * 64, None]


def test_the_hook_checks_what_is_staged_and_is_in_nobodys_way(tmp_path: Path) -> None:
    """What pre-commit does with the configuration: the entry with the names of the staged files."""
    initialise(tmp_path, ACME)
    whole = yaml_io.read((tmp_path / ".pre-commit-config.yaml").read_bytes())
    assert isinstance(whole, dict)
    hook = whole["repos"][0]["hooks"][0]
    for name, summary in (("mine", "x"), ("theirs", "[")):
        folder = tmp_path / f"incidents/2026/2026-11-20-{name}"
        (folder / "timeline").mkdir(parents=True)
        (folder / "incident.yaml").write_text(f"schema: 1\ntitle: x\nkind: incident\nsummary: {summary}\n", "utf-8")
        (folder / "timeline/history.yaml").write_text(
            "- {kind: raised, at: 2026-11-20T10:00:00Z, by: ana, severity: SEV3, priority: P3, "
            "components: {checkout: partial_outage}}\n",
            "utf-8",
        )

    def run_hook(*names: str) -> int:
        assert all(re.search(hook["files"], name) for name in names)
        command = [sys.executable, "-m", *hook["entry"].split(), *names]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert "pass_filenames" not in hook and hook["id"] == transaction.CHECK_HOOK
    assert run_hook("incidents/2026/2026-11-20-mine/incident.yaml", "sevlog.yaml") == 0
    assert run_hook("incidents/2026/2026-11-20-theirs/incident.yaml") == 1
