"""The six output formats of a check."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from sevlog.cli.output.reporters import REPORTERS, ReportStyle, fingerprint, markdown
from sevlog.model.problem import Problem
from sevlog.services.checking.result import CheckResult

BROKEN = Problem(
    code="unknown_value",
    message="`to` cannot be `Fixd`",
    path="incidents/2026/a b/timeline/x.yaml",
    line=3,
    column=5,
    pointer="/0/to",
    hint="did you mean `fixed`?",
)
ODD = Problem(code="overdue_action", message="A1 was due", severity="warning", path="incidents/2026/a b/actions.yaml")
HOSTILE = Problem(
    code="x", message="50% <b>|`\n::error::owned\x1b[31m\u202e", path="a:b,c\n.yaml", line=1, column=1, hint="\0"
)
RESULT = CheckResult(problems=(BROKEN, ODD), checked=12, reused=7)
CLEAN = CheckResult(problems=(), checked=1)


def report(name: str, result: CheckResult = RESULT, prefix: str = "") -> str:
    return REPORTERS[name](result, ReportStyle(prefix))


def test_text_is_for_people_and_for_editors_that_jump_to_a_place() -> None:
    assert report("text") == (
        "incidents/2026/a b/timeline/x.yaml:3:5: error[unknown_value]: `to` cannot be `Fixd`\n"
        "  hint: did you mean `fixed`?\n"
        "\n"
        "incidents/2026/a b/actions.yaml: warning[overdue_action]: A1 was due\n"
        "\n"
        "12 records checked (7 unchanged since the last check): 1 error and 1 warning in 2 files"
    )


def test_text_says_when_all_is_well() -> None:
    assert report("text", CLEAN) == "1 record checked, no problems"


def test_words_in_text_can_be_coloured() -> None:
    styled = REPORTERS["text"](RESULT, ReportStyle(style=lambda text, role: f"<{role}>{text}</>"))
    assert "<error>error[unknown_value]</>" in styled
    assert "<hint>hint:</>" in styled


def test_text_obeys_nothing_that_a_record_says() -> None:
    shown = report("text", CheckResult(problems=(HOSTILE,), checked=1))
    assert shown.isprintable() or set(shown) - {"\n"} == {c for c in shown if c.isprintable()}
    assert not any(line.startswith("::") for line in shown.splitlines())


def test_json_has_the_keys_of_the_contract() -> None:
    document = json.loads(report("json"))
    assert list(document) == ["schema", "problems", "checked", "reused"]
    assert document["problems"][0] == {
        "code": "unknown_value",
        "severity": "error",
        "path": BROKEN.path,
        "line": 3,
        "column": 5,
        "pointer": "/0/to",
        "message": BROKEN.message,
        "hint": BROKEN.hint,
    }
    assert document["problems"][1]["line"] is None
    assert (document["checked"], document["reused"]) == (12, 7)


def test_github_gets_annotations_with_paths_from_the_top_of_the_repository() -> None:
    assert report("github", prefix="status/").splitlines() == [
        "::error file=status/incidents/2026/a b/timeline/x.yaml,line=3,col=5,title=unknown_value::"
        "`to` cannot be `Fixd`%0Ahint: did you mean `fixed`?",
        "::warning file=status/incidents/2026/a b/actions.yaml,title=overdue_action::A1 was due",
        "12 records checked (7 unchanged since the last check): 1 error and 1 warning in 2 files",
    ]


def test_github_takes_no_command_from_a_record() -> None:
    lines = report("github", CheckResult(problems=(HOSTILE,), checked=1)).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=a%3Ab%2Cc%0A.yaml,line=1,col=1,title=x::50%25 <b>|`%0A::error::owned")


def test_the_summary_of_a_job_lists_every_finding() -> None:
    lines = markdown(RESULT, ReportStyle()).splitlines()
    assert lines[4:] == [
        "| | place | message | hint |",
        "|---|---|---|---|",
        "| ❌ error | `incidents/2026/a b/timeline/x.yaml:3:5` | `to` cannot be `Fixd` (unknown\\_value) "
        "| did you mean `fixed`? |",
        "| ⚠️ warning | `incidents/2026/a b/actions.yaml` | A1 was due (overdue\\_action) |  |",
    ]


def test_the_summary_of_a_job_is_bounded_and_takes_no_markup() -> None:
    text = markdown(CheckResult(problems=(HOSTILE,) * 600, checked=1), ReportStyle())
    assert text.count("❌") == 500
    assert "… and 100 more" in text
    assert "<b>" not in text
    assert all(line.count("\\|") == 1 for line in text.splitlines() if "❌" in line)


def test_gitlab_gets_a_code_quality_report() -> None:
    first, second = json.loads(report("gitlab", prefix="status/"))
    assert first["location"] == {"path": f"status/{BROKEN.path}", "lines": {"begin": 3}}
    assert (first["check_name"], first["severity"], second["severity"]) == ("unknown_value", "major", "minor")
    assert second["location"]["lines"] == {"begin": 1}


def test_a_fingerprint_stays_when_lines_move_and_differs_between_findings() -> None:
    moved = Problem(code=BROKEN.code, message=BROKEN.message, path=BROKEN.path, line=99, pointer=BROKEN.pointer)
    assert fingerprint(moved) == fingerprint(BROKEN) != fingerprint(ODD)
    twice = json.loads(report("gitlab", CheckResult(problems=(BROKEN, moved), checked=1)))
    assert twice[0]["fingerprint"] != twice[1]["fingerprint"]


def test_sarif_has_a_rule_and_a_place_for_each_finding() -> None:
    document = json.loads(report("sarif"))
    (run,) = document["runs"]
    assert document["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["overdue_action", "unknown_value"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("unknown_value", 1, "error")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "incidents/2026/a%20b/timeline/x.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 5}
    assert second["level"] == "warning"


def test_junit_fails_a_case_for_each_file_with_errors() -> None:
    suite = ElementTree.fromstring(report("junit"))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == [BROKEN.path]


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_takes_any_text(name: str) -> None:
    text = report(name, CheckResult(problems=(HOSTILE,), checked=1))
    reads: dict[str, Callable[[str], object]] = {
        "json": json.loads,
        "gitlab": json.loads,
        "sarif": json.loads,
        "junit": ElementTree.fromstring,
    }
    assert reads.get(name, str)(text) is not None


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_can_say_that_all_is_well(name: str) -> None:
    assert report(name, CLEAN)
