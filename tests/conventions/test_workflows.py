"""The workflows, shipped and our own: pinned, with no more rights than they need, and in step with each other."""

from __future__ import annotations

import re
from typing import Any

import pytest

from conventions.workflows import ROOT, own_workflows
from fixtures.filled import filled
from sevlog.stores import resources
from sevlog.stores.yaml import io as yaml_io

TEMPLATES = ROOT / "tooling/sevlog/templates/github"
SOURCES = [*sorted(TEMPLATES.glob("*.yml")), *sorted((ROOT / ".github").rglob("*.yml"))]
WORKFLOWS = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    .replace("@INSTALL@", "          true")
    .replace("@BRANCH@", "main")
    for path in SOURCES
    if re.search(r"^jobs:", path.read_text("utf-8"), re.MULTILINE)
}


def steps(text: str) -> list[dict[str, Any]]:
    workflow = yaml_io.read(text.encode())
    assert isinstance(workflow, dict)
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_commit_with_their_version_beside(name: str) -> None:
    lines = [line for line in WORKFLOWS[name].splitlines() if "uses:" in line]

    assert lines
    for line in lines:
        assert re.fullmatch(r"\s+(- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_checkout_has_the_whole_history_and_leaves_no_credentials(name: str) -> None:
    checkouts = [step for step in steps(WORKFLOWS[name]) if "actions/checkout" in step.get("uses", "")]

    assert checkouts
    for step in checkouts:
        assert step["with"]["fetch-depth"] == 0
        assert step["with"]["persist-credentials"] is False


MAY_WRITE = {"deploy": {"pages", "id-token"}, "notify": {"contents"}}
"""The page, and the ledger of what was sent."""


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_job_may_write_only_where_it_deploys(name: str) -> None:
    workflow = yaml_io.read(WORKFLOWS[name].encode())
    assert isinstance(workflow, dict)

    assert set(workflow["permissions"].values()) <= {"read"}
    for job_name, job in workflow["jobs"].items():
        writes = {right for right, level in job.get("permissions", {}).items() if level == "write"}
        assert writes == MAY_WRITE.get(job_name, set())


@pytest.mark.parametrize("name", WORKFLOWS)
def test_two_runs_for_the_same_thing_do_not_race(name: str) -> None:
    workflow = yaml_io.read(WORKFLOWS[name].encode())
    assert isinstance(workflow, dict)

    assert workflow["concurrency"]["group"]
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_from_outside_is_pasted_into_a_shell(name: str) -> None:
    """`${{ github.event… }}` in `run:` is how a title becomes a command; the environment carries it instead."""
    assert [step["run"] for step in steps(WORKFLOWS[name]) if "${{" in step.get("run", "")] == []


def test_our_own_workflows_are_the_shipped_ones() -> None:
    for path, text in filled(own_workflows().items()):
        assert path.read_text("utf-8") == text, "write them again: make workflows"


def test_the_gitlab_pipeline_is_yaml_and_publishes_the_site() -> None:
    pipeline = yaml_io.read(resources.template("gitlab/gitlab-ci.yml").encode())
    assert isinstance(pipeline, dict)

    assert pipeline["pages"]["pages"] == {"publish": "public"}
    assert "sevlog site build --out public" in pipeline["pages"]["script"]


def test_what_is_pushed_without_a_request_is_checked_and_the_page_is_built_every_hour() -> None:
    validate, publish = (
        yaml_io.read(WORKFLOWS[f".github/workflows/{n}.yml"].encode()) for n in ("validate", "publish")
    )
    assert isinstance(validate, dict) and isinstance(publish, dict)

    assert validate["on"]["push"] == {"branches": ["main"]}
    assert re.fullmatch(r"\d+ \* \* \* \*", publish["on"]["schedule"][0]["cron"])


def test_gitlab_compares_with_the_branch_that_a_request_goes_to_and_checks_pushes() -> None:
    pipeline = yaml_io.read(resources.template("gitlab/gitlab-ci.yml").encode())
    assert isinstance(pipeline, dict)

    script = "\n".join(pipeline["validate"]["script"])
    assert "CI_MERGE_REQUEST_TARGET_BRANCH_NAME" in script and "DIFF_BASE" not in script
    assert "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" in pipeline["validate-push"]["rules"][0]["if"]
    assert pipeline["pages"]["needs"] == []


def test_both_pipelines_check_the_main_branch_at_night_and_fail_only_as_check_does() -> None:
    text = WORKFLOWS[".github/workflows/validate.yml"]
    validate = yaml_io.read(text.encode())
    assert isinstance(validate, dict)
    (night,) = [step for step in steps(text) if "'schedule'" in step.get("if", "") and "sevlog check" in step["run"]]
    assert re.fullmatch(r"\d+ 5 \* \* \*", validate["on"]["schedule"][0]["cron"])
    assert night["run"].startswith("sevlog check --format github")
    assert "continue-on-error" not in night and "||" not in night["run"]
    assert "github.event_name" in validate["concurrency"]["group"], "a push at night would cancel the report"

    pipeline = yaml_io.read(resources.template("gitlab/gitlab-ci.yml").encode())
    assert isinstance(pipeline, dict)
    assert pipeline["overdue"]["script"][-1] == "sevlog check"
    assert "$SEVLOG_NIGHTLY" in pipeline["overdue"]["rules"][0]["if"], "the page has a schedule of its own, each hour"


def test_both_pipelines_sync_action_items_after_the_notifications_even_if_those_fail() -> None:
    pipeline = yaml_io.read(resources.template("gitlab/gitlab-ci.yml").encode())
    assert isinstance(pipeline, dict)
    (send,) = [step for step in steps(WORKFLOWS[".github/workflows/notify.yml"]) if step.get("name") == "Send"]

    for script in (send["run"], "\n".join(pipeline["notify"]["script"])):
        assert re.search(
            r"^sevlog notify \|\| failed=1\nsevlog action sync \|\| failed=1\nexit \$failed$", script, re.M
        )
    assert send["env"]["SEVLOG_TRACKER"] == "${{ secrets.SEVLOG_TRACKER }}"
    assert "git switch" in "\n".join(pipeline["notify"]["script"]), "GitLab checks out a commit, not the branch"
