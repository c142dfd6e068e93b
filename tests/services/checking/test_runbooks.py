"""Runbooks are checked: names, reviews that have run out, parts that are gone, links that lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import CONFIG, checked, records, told

RETIRED = CONFIG + '  - {key: fax, name: Fax, retired_on: "2026-03-01"}\n'


def findings(tmp_path: Path, text: str, config: str = CONFIG, **more: str) -> list[str]:
    root = records(tmp_path, {"runbooks/a.md": text, "sevlog.yaml": config, **more})
    return [line.removeprefix("runbooks/a.md:") for line in told(checked(root))]


@pytest.mark.demand("S61")
@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        ("components: [checkout]\nreviewed_on: 2026-11-01", []),
        (
            "reviewed_on: 2025-11-23",
            ["2:14 stale_runbook: its last review was 365 days ago; a review is due every 52w"],
        ),
        ("reviewed_on: 2025-11-24", []),
        (
            "reviewed_on: 2026-10-01\nreview_every: 4w",
            ["2:14 stale_runbook: its last review was 53 days ago; a review is due every 4w"],
        ),
        ("title: A\nreview_every: 4w", ["1:1 stale_runbook: it was never reviewed; a review is due every 4w"]),
        ("reviewed_on: 2027-11-01", ["2:14 stale_runbook: its review date 2027-11-01 is in the future"]),
        ("reviewed_on: 2026-02-30", ["2:14 wrong_day: 2026-02-30 is not a calendar date"]),
        ("components: [checkout, fax]", ["2:24 stale_runbook: `fax` was retired on 2026-03-01"]),
        ("types: [servce]", ["2:9 unknown_type: incident type `servce` is not listed in sevlog.yaml"]),
        ("severities: [SEV9]", ["2:14 unknown_severity: severity `SEV9` is not listed in sevlog.yaml"]),
        ("owner: chi", ["2:8 unknown_person: person `chi` is not listed in oncall.yaml"]),
        ("team: payment", ["2:7 unknown_team: team `payment` is not listed in oncall.yaml"]),
        ("symptom: [slow]", ["2:1 unknown_key: `symptom` is not a key of the front matter"]),
    ],
)
def test_front_matter(tmp_path: Path, matter: str, expected: list[str]) -> None:
    assert findings(tmp_path, f"---\n{matter}\n---\n\n# A\n", RETIRED) == expected


def test_the_policy_asks_every_runbook_for_a_review(tmp_path: Path) -> None:
    policy = CONFIG + "policies: {runbooks_reviewed_within: 8w}\n"

    assert findings(tmp_path, "# A\n", policy) == ["1:1 stale_runbook: it was never reviewed; a review is due every 8w"]
    assert findings(tmp_path, "---\nreviewed_on: 2026-10-01\nreview_every: 20w\n---\n", policy) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("See [b](b.md), [b](b.md#what-to-do), [here](#a), [top](/sevlog.yaml), <https://x.example/nope>.", []),
        ('See [x](https://x.example/nope), [m](mailto:x@x.example), ![](../sevlog.yaml "title").', []),
        ("See [b](c.md).", ["6:9 broken_link: the link `c.md` points to a missing file"]),
        ("![graph](<img/graph.png>)", ["6:11 broken_link: the link `img/graph.png` points to a missing file"]),
        ("See [b](b.md#what-now).", ["6:9 broken_link: the link `b.md#what-now` points to a missing heading"]),
        ("See [b](#b).", ["6:9 broken_link: the link `#b` points to a missing heading"]),
        ("See [b](../../etc/passwd).", ["6:9 broken_link: the link `../../etc/passwd` points outside the repository"]),
        ("[b]: c.md", ["6:6 broken_link: the link `c.md` points to a missing file"]),
        ("`[b](c.md)` and ``[b](`c.md)``", []),
        ("```\n[b](c.md)\n```", []),
        ("Wiki %20: [b](b%2Emd)", []),
    ],
)
def test_links(tmp_path: Path, line: str, expected: list[str]) -> None:
    text = f"---\ncomponents: [checkout]\n---\n\n# A\n{line}\n"

    assert findings(tmp_path, text, **{"runbooks/b.md": "# B\n\n## What to do?\n"}) == expected


def test_findings_about_runbooks_are_warnings(tmp_path: Path) -> None:
    result = checked(records(tmp_path, {"runbooks/a.md": "---\nreviewed_on: 2020-01-01\n---\n[b](c.md)\n"}))

    assert (result.errors, result.warnings) == (0, 2)


def test_the_readme_of_the_folder_is_no_runbook(tmp_path: Path) -> None:
    assert findings(tmp_path, "# A\n", **{"runbooks/README.md": "---\nx: 1\n---\n[b](c.md)\n"}) == []
