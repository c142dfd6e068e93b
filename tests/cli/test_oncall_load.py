"""sevlog oncall load, and the warnings about people who got too many pages."""

from __future__ import annotations

import json

import pytest

from fixtures.repositories import Repository, validator
from fixtures.servers import WebServer, running


@pytest.fixture
def paged(records: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Bo was paged twice, and answered once after a second. The budget is one page."""
    config = records.root / "sevlog.yaml"
    text = config.read_text("utf-8").replace("policies: {", "policies: {page: {budget: 1}, ")
    config.write_text(text, "utf-8")
    people = records.root / "oncall.yaml"
    people.write_text(people.read_text("utf-8").replace("name: Bo}", "name: Bo, contact: [BO_PAGER]}"), "utf-8")
    records.git("commit", "-qam", "rota")
    incident = records.raised("--as", "ana")
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        records.does("page", "-i", incident, "--to", "bo")
        records.does("note", "I look", "-i", incident, "--as", "bo")
        records.does("page", "-i", incident, "--to", "bo")
    return records


@pytest.mark.demand("S22")
def test_pages_of_a_person_are_counted_and_a_budget_that_was_exceeded_is_named(paged: Repository) -> None:
    answer = json.loads(paged.does("oncall", "load", "--json"))
    validator("oncall-load").validate(answer)
    row = answer["rows"][0]
    assert (row["person"], row["week"], row["pages"], row["incidents"], row["acknowledged"], row["over_budget"]) == (
        ("bo", "2026-W48", 2, 1, 1, True)
    )

    said = paged.does("oncall", "load", "--weeks", "1").splitlines()

    assert said[0].split()[:3] == ["WEEK", "PERSON", "PAGES"]
    assert said[1].split()[:5] == ["2026-W48", "bo", "2", "0", "0"]
    assert said[-1] == "! bo: 2 pages in 2026-W48, more than the budget of 1"
    assert max(map(len, said)) <= 80


@pytest.mark.demand("S22")
def test_check_and_a_dry_run_warn_of_a_person_over_the_budget_who_is_paged_anyway(paged: Repository) -> None:
    said = paged.sevlog("check")
    assert said.code == 0
    assert "bo got 2 pages in 2026-W48, more than the budget of 1" in said.out + said.err
    assert "page_budget" in said.out + said.err

    dry = paged.sevlog("page", "--to", "bo", "--dry-run")

    assert "would page bo by BO_PAGER" in dry.out
    assert "bo got 2 pages this week, more than the budget of 1; they are paged anyway" in dry.err


def test_a_page_that_was_sent_and_not_recorded_counts_by_the_ledger(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = records.root / "oncall.yaml"
    people.write_text(people.read_text("utf-8").replace("name: Bo}", "name: Bo, contact: [BO_PAGER]}"), "utf-8")
    records.git("commit", "-qam", "rota")
    records.raised("--as", "ana")
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        records.does("page", "--to", "bo")
    records.git("reset", "-q", "--hard", "HEAD~1")

    assert [row["pages"] for row in json.loads(records.does("oncall", "load", "--json"))["rows"]] == [1]
