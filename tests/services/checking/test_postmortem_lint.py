"""`sevlog check` reports errors of the lint of postmortems, by the status of the postmortem and the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import CONFIG, FOLDER, checked, commit, records, told
from sevlog.stores.index import file_index

POSTMORTEM = """\
---
status: in_review
template: tpl/own.md
---

## What

The engineer should have slept.

## Why
"""
TEMPLATE = "# {title}\n\n## What\n\n<!-- What broke? -->\n\n## Why\n\n<!-- Why then? -->\n"


def written(root: Path, policy: str = "", **changed: str) -> Path:
    files = {f"{FOLDER}/postmortem.md": POSTMORTEM, "tpl/own.md": TEMPLATE, "sevlog.yaml": CONFIG + policy}
    return records(root, files | {name.replace("__", "/") + ".md": text for name, text in changed.items()})


def linted(root: Path) -> list[str]:
    return [line.split(": ")[0] for line in told(checked(root)) if "postmortem_" in line]


def test_errors_of_a_postmortem_in_review_are_findings_with_their_places(tmp_path: Path) -> None:
    assert linted(written(tmp_path)) == [
        "postmortem.md:1:1 postmortem_no_contributing_factor",
        "postmortem.md:10:1 postmortem_empty_section",
    ]


def test_they_are_warnings_unless_the_settings_make_a_rule_an_error(tmp_path: Path) -> None:
    root = written(tmp_path, "policies: {postmortem_lint: {rules: {empty_section: error}}}\n")

    assert {p.code: p.severity for p in checked(root).problems if p.code.startswith("postmortem_")} == {
        "postmortem_no_contributing_factor": "warning",
        "postmortem_empty_section": "error",
    }


@pytest.mark.parametrize("status", ["draft", "published", "waived"])
def test_what_is_not_under_review_has_none(tmp_path: Path, status: str) -> None:
    root = written(tmp_path)
    (root / FOLDER / "postmortem.md").write_text(POSTMORTEM.replace("in_review", status), "utf-8")

    assert linted(root) == []


def test_the_settings_say_which_status_has_which_findings(tmp_path: Path) -> None:
    policy = "policies: {postmortem_lint: {check: {in_review: warning}, rules: {no_contributing_factor: 'off'}}}\n"
    root = written(tmp_path, policy)
    assert linted(root) == [
        "postmortem.md:8:14 postmortem_counterfactual",
        "postmortem.md:10:1 postmortem_empty_section",
    ]

    (root / "sevlog.yaml").write_text(CONFIG + "policies: {postmortem_lint: {check: {}}}\n", "utf-8")
    assert linted(root) == []


def test_an_unknown_rule_in_the_settings_is_a_finding(tmp_path: Path) -> None:
    root = written(tmp_path, "policies: {postmortem_lint: {rules: {blame: 'off'}, words: {minimiser: [bloß]}}}\n")

    assert [line for line in told(checked(root)) if "unknown_lint" in line] == [
        "sevlog.yaml:6:38 unknown_lint: unknown lint rule `blame`",
        "sevlog.yaml:6:61 unknown_lint: unknown lint rule `minimiser`",
    ]


def test_a_changed_template_changes_the_findings_although_the_record_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_index, "FRESH", -(10**15))
    commit(tmp_path)
    root = written(tmp_path)
    before = linted(root)
    (root / "tpl/own.md").write_text(TEMPLATE + "\n## Who\n\n<!-- Who noticed? -->\n", "utf-8")

    assert [line for line in linted(root) if line not in before] == ["postmortem.md:5:1 postmortem_missing_section"]


def test_what_a_broken_oncall_file_leaves_is_enough(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / "oncall.yaml").write_text("people: [\n", "utf-8")

    assert "postmortem.md:10:1 postmortem_empty_section" in linted(root)
