"""Upptime: its issues as incidents, with the times of GitHub, and nothing dropped without a word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixtures.statuspages import plain_config
from sevlog.adapters.importers.base import ImportBatch, build
from sevlog.adapters.importers.upptime.importer import open_upptime
from sevlog.errors import NotFound, UsageError
from sevlog.model.timeline.entries import Update

RC = """\
owner: acme
repo: upptime
sites:
  - {name: Shop, url: "https://shop.example.com"}
  - {name: Hacker News, url: "https://news.example.com", slug: hn}
  - {url: "https://nameless.example.com"}
status-website: {name: Acme Status, cname: status.acme.example, introMessage: "How   we are"}
"""


def issue(number: int, title: str, *labels: str, **more: Any) -> dict[str, Any]:
    row = {
        "number": number,
        "title": title,
        "state": "closed",
        "body": "In [`abc`](https://github.com/acme/upptime/commit/abc), Shop was **down**:\n- HTTP code: 0",
        "labels": [{"name": label} for label in labels],
        "created_at": "2026-03-01T10:00:00Z",
        "closed_at": "2026-03-01T10:21:00Z",
        "updated_at": "2026-03-01T10:22:00Z",
        "html_url": f"https://github.com/acme/upptime/issues/{number}",
        "comments": 0,
    }
    return row | more


def comment(of: int, at: str, body: str) -> dict[str, Any]:
    url = f"https://api.github.com/repos/acme/upptime/issues/{of}"
    return {"id": of * 100 + len(body), "issue_url": url, "created_at": at, "body": body}


WINDOW = "<!--\nstart: 2026-03-05T22:00:00Z\nend: 2026-03-05T23:00:00Z\nexpectedDown: shop, unknown\n-->\n\nWe move."
ISSUES = [
    issue(1, "🛑 Shop is down", "status", "shop", comments=2),
    issue(2, "⚠️ Hacker News has degraded performance", "status", "hn", state="open", closed_at=None),
    issue(3, "Move", "maintenance", body=WINDOW, created_at="2026-03-04T10:00:00Z", closed_at="2026-03-05T23:02:00Z"),
    issue(4, "Question", "bug"),
    issue(5, "Bump", "status", pull_request={}),
    issue(6, "Login fails", "status", "shop", body="<!-- internal: db -->", closed_at="2026-02-01T00:00:00Z"),
    issue(7, "🛑 Old site is down", "status", "old-site", comments=3),
    issue(8, "Broken", "status", created_at="yesterday"),
]
COMMENTS = [
    comment(1, "2026-03-01T10:20:30Z", "**Resolved:** Shop is back up in [`def`](https://x.example) after 20 minutes."),
    comment(1, "2026-03-01T10:05:00Z", "We restart the database."),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "upptime"
    (root / "history").mkdir(parents=True)
    (root / ".upptimerc.yml").write_text(RC, "utf-8")
    history = "url: https://shop.example.com\nstatus: up\nstartTime: 2024-04-20T09:46:06.000Z\n"
    (root / "history/shop.yml").write_text(history, "utf-8")
    down = {"2026-03-01": 21, "2025-12-24": 90, "odd": 5}
    summary = [{"name": "Shop", "slug": "shop", "dailyMinutesDown": down}]
    (root / "history/summary.json").write_text(json.dumps(summary), "utf-8")
    pages = json.dumps(ISSUES[:3]) + "\n" + json.dumps(ISSUES[3:])
    (root / "issues.json").write_text(pages, "utf-8")
    (root / "comments.json").write_text(json.dumps(COMMENTS), "utf-8")
    (root / "package.json").write_text("{}", "utf-8")
    return root


@pytest.fixture
def batch(folder: Path) -> ImportBatch:
    return build(open_upptime(folder), plain_config())


def told(batch: ImportBatch, number: int) -> list[tuple[str, str, str]]:
    record = next(r for r in batch.records if r.origin_id == str(number))
    updates = [entry for entry in record.entries if isinstance(entry, Update)]
    return [(entry.phase, f"{entry.at:%d %H:%M}", (entry.text or "")[:14]) for entry in updates]


def test_an_issue_is_an_incident_with_its_comments_as_updates(batch: ImportBatch) -> None:
    assert told(batch, 1) == [
        ("investigating", "01 10:00", "In [`abc`](htt"),
        ("investigating", "01 10:05", "We restart the"),
        ("resolved", "01 10:20", "**Resolved:** "),
    ]
    card = next(r.card for r in batch.records if r.origin_id == "1")
    assert (card.title, card.origin and card.origin.url) == ("Shop is down", "https://github.com/acme/upptime/issues/1")


def test_the_words_of_the_title_give_impact_and_state(batch: ImportBatch) -> None:
    raised = {r.origin_id: r.entries[0] for r in batch.records}

    assert [(getattr(raised[n], "severity"), getattr(raised[n], "components")) for n in ("1", "2", "6")] == [  # noqa: B009
        ("SEV1", {"shop": "major_outage"}),
        ("SEV3", {"hacker-news": "degraded_performance"}),
        ("SEV2", {"shop": "partial_outage"}),
    ]
    assert told(batch, 2) == [("investigating", "01 10:00", "In [`abc`](htt")]


def test_a_maintenance_has_the_window_of_its_hidden_comment(batch: ImportBatch) -> None:
    card = next(r.card for r in batch.records if r.origin_id == "3")

    assert card.kind == "maintenance"
    assert card.scheduled
    assert f"{card.scheduled.start:%d %H:%M}-{card.scheduled.end:%H:%M}" == "05 22:00-23:00"
    assert told(batch, 3) == [("scheduled", "04 10:00", "We move."), ("completed", "05 23:02", "Completed.")]


def test_sites_are_components_with_the_day_from_which_they_were_watched(batch: ImportBatch) -> None:
    found = {c.key: (c.name, c.start_date, c.origin and c.origin.id) for c in batch.components}

    assert found["shop"] == ("Shop", "2024-04-20", "shop")
    assert found["hacker-news"] == ("Hacker News", None, "hn")
    assert batch.page
    assert (batch.page.name, batch.page.url, batch.page.description) == (
        "Acme Status",
        "https://status.acme.example",
        "How we are",
    )


def test_what_is_left_out_repaired_or_unexplained_is_named(batch: ImportBatch) -> None:
    left = {row.id: row.reason for row in batch.quarantined}
    repairs = [(repair.id, repair.what) for repair in batch.repairs]

    assert "neither the label" in left["issue 4"]
    assert "pull request" in left["issue 5"]
    assert "`yesterday` is not a time" in left["issue 8"]
    assert ("6", "it was closed before it was created: the end is set to the beginning") in repairs
    assert ("7", "3 of its 3 comments are not in the export: save /issues/comments too") in repairs
    assert [what for code, what in repairs if code == "shop"] == [
        "95 minutes down on 2 days (2025-12-24 to odd) have no issue: not imported"
    ]


def test_one_file_of_gh_issue_list_is_enough(tmp_path: Path) -> None:
    row = {
        "number": 9,
        "title": "🛑 Shop is down",
        "state": "OPEN",
        "body": "down",
        "labels": [{"name": "status"}, {"name": "shop"}],
        "createdAt": "2026-03-01T10:00:00Z",
        "closedAt": None,
        "comments": [{"id": "IC_1", "createdAt": "2026-03-01T11:00:00Z", "body": "Still down"}],
    }
    (tmp_path / "list.json").write_text(json.dumps([row]), "utf-8")

    batch = build(open_upptime(tmp_path / "list.json"), plain_config())

    assert [phase for phase, _, _ in told(batch, 9)] == ["investigating", "investigating"]
    assert [c.key for c in batch.components] == ["shop"]


def test_a_folder_without_issues_is_refused_with_the_command_that_saves_them(folder: Path) -> None:
    (folder / "issues.json").unlink()

    with pytest.raises(UsageError, match="no saved issues") as caught:
        open_upptime(folder)
    assert "gh api --paginate" in caught.value.hints[0]
    with pytest.raises(NotFound):
        open_upptime(folder / "nothing")
