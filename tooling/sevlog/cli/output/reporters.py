"""Formats findings as text for people and for forges. Pure: findings in, text out."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from ... import __version__

if TYPE_CHECKING:
    from ...model.problem import Problem
    from ...services.checking.result import CheckResult

SCHEMA = "1"
"""The version of the JSON document."""

MOST_ROWS = 500
"""How many findings the summary of a GitHub job lists (a summary may have 1 MiB)."""

_JSON_KEYS = ("code", "severity", "path", "line", "column", "pointer", "message", "hint")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
_GITLAB = {"error": "major", "warning": "minor", "note": "info"}
_SIGNS = {"error": "❌ error", "warning": "⚠️ warning", "note": "ℹ️ note"}


class ReportStyle(NamedTuple):
    """How to print a report. prefix: path from the top of the git repository to the records, empty or with a slash at
    its end, because forges want paths from the top. style: colors a word for a terminal by its role (error, warning,
    hint, path); the default does not. noun: what was checked."""

    prefix: str = ""
    style: Callable[[str, str], str] = lambda text, role: text
    noun: str = "record"


def text(result: CheckResult, frame: ReportStyle) -> str:
    """For people: the findings of each file on lines that editors can jump to, with hints, and a summary."""
    lines: list[str] = []
    for _, group in groupby(result.problems, key=lambda problem: problem.path):
        for problem in group:
            word = frame.style(f"{problem.severity}[{problem.code}]", problem.severity)
            lines.append(f"{frame.style(place(problem), 'path')}: {word}: {_visible(problem.message)}")
            if problem.hint:
                lines.append(f"  {frame.style('hint:', 'hint')} {_visible(problem.hint)}")
        lines.append("")
    return "\n".join([*lines, summary(result, frame.noun)])


def place(problem: Problem) -> str:
    """`path:line:column`, as far as known."""
    parts = (_visible(problem.path or "records"), problem.line, problem.column)
    return ":".join(str(part) for part in parts if part is not None)


def _visible(value: str) -> str:
    """One line, with escapes for control and invisible characters, because records are untrusted input."""
    if value.isprintable():
        return value
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)


def summary(result: CheckResult, noun: str = "record") -> str:
    """One line with the number of records, errors and warnings."""
    records = _count(result.checked, noun)
    known = f" ({result.reused:,} unchanged since the last check)" if result.reused else ""
    if not result.problems:
        return f"{records} checked{known}, no problems"
    files = len({problem.path for problem in result.problems})
    numbers = ((result.errors, "error"), (result.warnings, "warning"), (result.notes, "note"))
    found = " and ".join(_count(number, word) for number, word in numbers if number)
    return f"{records} checked{known}: {found} in {_count(files, 'file')}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def as_json(result: CheckResult, _: ReportStyle) -> str:
    """The JSON document of `--json`."""
    problems = [{key: getattr(problem, key) for key in _JSON_KEYS} for problem in result.problems]
    document = {"schema": SCHEMA, "problems": problems, "checked": result.checked, "reused": result.reused}
    return json.dumps(document, ensure_ascii=False, indent=2)


def github(result: CheckResult, frame: ReportStyle) -> str:
    """Workflow commands that GitHub shows as annotations, at most ten of each level; `markdown` has all."""
    lines = []
    for problem in result.problems:
        spots = {
            "file": frame.prefix + problem.path,
            "line": problem.line,
            "col": problem.column,
            "title": problem.code,
        }
        properties = ",".join(f"{key}={_property(str(spot))}" for key, spot in spots.items() if spot not in (None, ""))
        hint = f"\nhint: {problem.hint}" if problem.hint else ""
        lines.append(f"::{_GITHUB[problem.severity]} {properties}::{_data(problem.message + hint)}")
    return "\n".join([*lines, summary(result, frame.noun)])


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def markdown(result: CheckResult, frame: ReportStyle) -> str:
    """The summary of a GitHub job: all findings, up to MOST_ROWS."""
    lines = ["## sevlog check", "", summary(result, frame.noun), ""]
    if result.problems:
        lines += ["| | place | message | hint |", "|---|---|---|---|"]
        for problem in result.problems[:MOST_ROWS]:
            sign = _SIGNS[problem.severity]
            where = place(problem).replace("`", "'")
            row = (sign, f"`{where}`", _cell(f"{problem.message} ({problem.code})"), _cell(problem.hint or ""))
            lines.append(f"| {' | '.join(row)} |")
    left = len(result.problems) - MOST_ROWS
    if left > 0:
        lines += ["", f"… and {left:,} more; to see all, run `sevlog check`"]
    return "\n".join([*lines, ""])


def _cell(value: str) -> str:
    """A text in a Markdown table: code spans stay, other markup is escaped."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")
    return re.sub(r"(?<!`)([*_\[\]])(?![^`]*`(?:[^`]*`[^`]*`)*[^`]*$)", r"\\\1", escaped)


def gitlab(result: CheckResult, frame: ReportStyle) -> str:
    """GitLab's code quality report."""
    rows = [
        {
            "description": problem.message + (f" ({problem.hint})" if problem.hint else ""),
            "check_name": problem.code,
            "fingerprint": fingerprint(problem, number),
            "severity": _GITLAB[problem.severity],
            "location": {"path": frame.prefix + problem.path, "lines": {"begin": problem.line or 1}},
        }
        for problem, number in _numbered(result.problems)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def sarif(result: CheckResult, frame: ReportStyle) -> str:
    """SARIF 2.1.0, for code scanning."""
    codes = sorted({problem.code for problem in result.problems})
    driver: dict[str, object] = {
        "name": "sevlog",
        "version": __version__,
        "rules": [{"id": code, "shortDescription": {"text": code.replace("_", " ")}} for code in codes],
    }
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": codes.index(problem.code),
            "level": problem.severity,
            "message": {"text": problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")},
            "locations": [{"physicalLocation": _physical(problem, frame)}],
            "partialFingerprints": {"sevlog/v1": fingerprint(problem, number)},
        }
        for problem, number in _numbered(result.problems)
    ]
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _physical(problem: Problem, frame: ReportStyle) -> dict[str, object]:
    address = {"uri": quote(frame.prefix + problem.path), "uriBaseId": "%SRCROOT%"}
    spot = {"startLine": problem.line or 1, "startColumn": problem.column or 1}
    return {"artifactLocation": address, "region": spot}


def junit(result: CheckResult, frame: ReportStyle) -> str:
    """JUnit XML: a case for each file with findings, failed if there are errors, and one for all other files."""
    from xml.etree import ElementTree

    suite = ElementTree.Element("testsuite", name="sevlog check", errors="0", skipped="0")
    failures = 0
    grouped = groupby(result.problems, key=lambda problem: problem.path)
    for path, group in grouped:
        case = ElementTree.SubElement(suite, "testcase", name=_xml(frame.prefix + path), classname="sevlog")
        for problem in group:
            said = f"{place(problem)}: {problem.severity}[{problem.code}]: {problem.message}\n{problem.hint or ''}"
            if problem.severity == "error":
                failures += 1
                failure = ElementTree.SubElement(case, "failure", message=_xml(problem.message), type=problem.code)
                failure.text = _xml(said)
            else:
                ElementTree.SubElement(case, "system-out").text = _xml(said)
    ElementTree.SubElement(
        suite, "testcase", name=f"other files of {_count(result.checked, frame.noun)}", classname="sevlog"
    )
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode")


def _xml(value: str) -> str:
    return _NOT_XML.sub("�", value)


def fingerprint(problem: Problem, number: int = 0) -> str:
    """A stable name for a finding: it does not change when lines above it are added or removed."""
    parts = (problem.code, problem.path, problem.entry or problem.pointer, problem.message, str(number))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:40]


def _numbered(problems: tuple[Problem, ...]) -> list[tuple[Problem, int]]:
    """Each problem with the number of earlier ones that have the same fingerprint."""
    seen: dict[str, int] = {}
    result = []
    for problem in problems:
        name = fingerprint(problem)
        result.append((problem, seen.get(name, 0)))
        seen[name] = seen.get(name, 0) + 1
    return result


REPORTERS: dict[str, Callable[[CheckResult, ReportStyle], str]] = {
    "text": text,
    "json": as_json,
    "github": github,
    "gitlab": gitlab,
    "sarif": sarif,
    "junit": junit,
}
"""The formats of `sevlog check --format`."""
