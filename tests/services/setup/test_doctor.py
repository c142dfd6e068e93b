"""`sevlog doctor`: every trouble that keeps someone from recording is seen, with the command that cures it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sevlog.services.setup.blueprint import Person, Start
from sevlog.services.setup.check import Check
from sevlog.services.setup.doctor import diagnose
from sevlog.services.setup.repository import initialise


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    people = (Person(key="ana", name="Ana"),)
    return Path(initialise(tmp_path / "acme", Start(name="Acme", url="https://a.example", people=people)).root)


def look(folder: Path) -> dict[str, Check]:
    return {check.name: check for check in diagnose(folder).checks}


def cures(check: Check) -> str:
    return "\n".join(check.cure)


def test_a_fresh_repository_has_nothing_that_must_be_mended(records: Path) -> None:
    found = look(records)

    assert diagnose(records).healthy
    assert {name for name, check in found.items() if check.state != "ok"} <= {"remote", "hooks", "site", "install"}
    assert found["person"].message == "ana"
    assert "git remote add origin" in cures(found["remote"])


def test_outside_a_repository_only_the_machine_is_looked_at(tmp_path: Path) -> None:
    found = look(tmp_path)

    assert found["records"].state == "warn"
    assert "sevlog init" in cures(found["records"])
    assert "repository" not in found


def test_without_an_identity_the_commands_that_set_one_are_shown(
    records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git(records, "config", "user.useConfigOnly", "true")

    assert look(records)["identity"].state == "fail"
    assert "git config --global user.email" in cures(look(records)["identity"])
    assert not diagnose(records).healthy


def test_a_stranger_is_told_how_to_be_known(records: Path) -> None:
    git(records, "config", "user.email", "zoe@example.org")

    assert look(records)["person"].state == "warn"
    assert "email_sha256" in cures(look(records)["person"])


def test_a_broken_configuration_is_shown_with_its_place(records: Path) -> None:
    config = records / "sevlog.yaml"
    config.write_text(config.read_text("utf-8").replace("name: Acme", "nam: Acme", 1), "utf-8")

    found = look(records)
    assert found["sevlog.yaml"].state == "fail"
    assert "sevlog.yaml" in found["sevlog.yaml"].message
    assert found["repository"].state == "ok"


def test_a_merge_under_way_is_a_failure(records: Path) -> None:
    (records / ".git/MERGE_HEAD").write_text("0" * 40 + "\n")

    assert look(records)["repository"].state == "fail"
    assert "git merge --abort" in cures(look(records)["repository"])


def test_a_shallow_clone_is_told_how_to_get_its_history(records: Path, tmp_path: Path) -> None:
    git(records, "commit", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{records}", "shallow")

    assert cures(look(tmp_path / "shallow")["history"]) == "git fetch --unshallow"


def test_another_branch_is_told_from_the_one_of_the_records(records: Path) -> None:
    git(records, "switch", "--quiet", "-c", "topic")

    assert cures(look(records)["branch"]) == "git switch main"


def test_a_password_in_the_remotes_address_is_not_shown(records: Path) -> None:
    git(records, "remote", "add", "origin", "https://ana:secret@git.example.com/acme.git")

    assert look(records)["remote"].message == "origin https://git.example.com/acme.git"


def test_records_that_are_not_committed_are_named(records: Path) -> None:
    folder = records / "incidents/2026/2026-01-01-a"
    folder.mkdir(parents=True)
    (folder / "incident.yaml").write_text("schema: 1\n")

    assert "2026-01-01-a/incident.yaml" in look(records)["work"].message


def test_line_ends_that_git_would_rewrite_are_seen(records: Path) -> None:
    git(records, "config", "core.autocrlf", "true")

    assert look(records)["line ends"].state == "warn"


def test_hooks_are_named(records: Path) -> None:
    hook = records / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)

    assert look(records)["hooks"] == Check(name="hooks", state="ok", message="pre-commit; every commit runs them")


@pytest.mark.parametrize(("version", "state"), [("2.27.9", "fail"), ("2.28.0", "ok"), ("3.0.1 (Apple)", "ok")])
def test_a_git_that_is_too_old_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, state: str
) -> None:
    stand_in = tmp_path / "git"
    stand_in.write_text(f"#!/bin/sh\necho 'git version {version}'\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    assert look(tmp_path)["git"].state == state


def test_a_machine_without_git_is_told_so(records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = look(records)
    assert found["git"].state == "fail"
    assert "repository" not in found


@pytest.mark.parametrize(
    ("line", "state", "words"),
    [
        ("sevlog[site]==0.1.0", "warn", "is not on a package index"),
        ("sevlog", "warn", "is not on a package index"),
        ("sevlog[site] @ file:///home/ana/sevlog", "warn", "exists only on this machine"),
        ("# sevlog", "warn", "has no source for sevlog"),
        ("sevlog[site] @ git+https://git.example.com/x/sevlog@4f2c1ea", "ok", "git.example.com"),
    ],
)
def test_what_pipelines_cannot_install_is_told(records: Path, line: str, state: str, words: str) -> None:
    (records / "requirements.txt").write_text(f"{line}\n", "utf-8")

    found = look(records)["install"]

    assert (found.state, words in found.message) == (state, True)
    assert ("requirements.txt" in cures(found)) == (state == "warn")


def test_a_check_before_each_commit_that_looks_at_all_records_is_told(records: Path) -> None:
    hook = records / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    assert look(records)["hooks"].state == "ok"
    configuration = records / ".pre-commit-config.yaml"
    configuration.write_text(
        configuration.read_text("utf-8").replace("require_serial: true", "pass_filenames: false"), "utf-8"
    )

    found = look(records)["hooks"]

    assert found.state == "warn"
    assert "pass_filenames: false" in cures(found)


def test_a_contact_point_with_a_malformed_address_is_named_and_its_key_is_not_shown(
    records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    oncall = records / "oncall.yaml"
    oncall.write_text(
        oncall.read_text("utf-8").replace("  - key: ana\n", "  - key: ana\n    contact: [ANA_PAGER]\n"), "utf-8"
    )
    monkeypatch.setenv("SEVLOG_NOTIFY_ANA_PAGER", "opsgenie+https://s3cretkey@api.opsgenie.com?team=s3cretteam")

    (check,) = (check for check in diagnose(records).checks if "ANA_PAGER" in check.message)
    assert check.state == "fail"
    assert "it has an option that this service does not have" in check.message
    assert "s3cret" not in f"{check.message} {check.cure}"


def test_a_contact_point_without_an_address_is_named_once_another_one_has_one(
    records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    oncall = records / "oncall.yaml"
    contact = "  - key: ana\n    contact: [ANA_PAGER, ANA_PHONE]\n"
    oncall.write_text(oncall.read_text("utf-8").replace("  - key: ana\n", contact), "utf-8")
    assert not [check for check in diagnose(records).checks if "ANA_" in check.message]

    monkeypatch.setenv("SEVLOG_NOTIFY_ANA_PAGER", "ntfy+https://ntfy.example/topic")
    (check,) = (check for check in diagnose(records).checks if "ANA_PHONE" in check.message)
    assert check.state == "warn"
    assert "gh secret set SEVLOG_NOTIFY_ANA_PHONE" in cures(check)
