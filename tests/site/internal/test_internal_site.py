"""The internal site: whole records for colleagues, never a restricted one, and the handbook of this configuration."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from fixtures.filled import filled
from fixtures.internal_sites import incident, text_of
from fixtures.repositories import Repository
from sevlog.site.building.generator import build_site

ROLES = """\
roles:
  - {key: captain, name: Captain, leads: true, single_lead: true, duties: [Decides & delegates], first_moves: [Breathe]}
severities:
  - {key: SEV1, name: Storm, major: true, criteria: ["All shops <down>"], page: immediate, ack_within: 5m}
  - {key: SEV2, name: Wind, criteria: [Some shops]}
"""


def test_colleagues_read_the_whole_record(out: Path) -> None:
    said = text_of(out, incident(out, "search"))

    assert "Search <b>is</b> slow" in said
    for part in ("Lead Bo", "chat https://chat.example/room", "T1 open: The index is stale", "caused by"):
        assert part in said, part
    assert "Theory by Ana: T1 open: The index is stale" in said
    assert "The pool ran dry." in text_of(out, incident(out, "checkout"))  # the postmortem


@pytest.mark.demand("S14")
def test_the_board_has_who_leads_and_what_is_due(out: Path) -> None:
    board = text_of(out, "board")
    assert "Search <b>is</b> slow SEV2" in board
    assert " Bo " in board
    assert "restricted" in text_of(out, "incidents")


@pytest.mark.demand("S86")
def test_action_items_and_problems_have_pages(out: Path) -> None:
    assert "1 open, 0 of them overdue" in text_of(out, "actions")
    assert "Alert on <refused> cards Ana" in text_of(out, "actions")
    assert "Queues & shares" in text_of(out, "problems")


def test_nothing_of_a_restricted_incident_is_there_and_robots_stay_away(out: Path) -> None:
    files = filled(path for path in sorted(out.rglob("*")) if path.is_file())
    assert [str(path) for path in files if b"canary" in path.read_bytes() or "leaked" in path.name] == []
    assert "Disallow: /" in (out / "robots.txt").read_text("utf-8")


def test_every_link_within_the_site_leads_somewhere_and_every_page_says_that_it_is_internal(out: Path) -> None:
    for page in filled(path for path in sorted(out.rglob("*.html")) if path.name != "404.html"):
        text = page.read_text("utf-8")
        assert "Internal: not for customers" in text or "about" in str(page), page
        for target in filled(re.findall(r'href="([^"#?:]+)[#"]', text)):
            found = (page.parent / unescape(target)).resolve()
            assert found.exists(), f"{page}: {target}"


@pytest.mark.demand("S9", "S10")
def test_the_handbook_says_what_the_configuration_says(records: Repository, tmp_path: Path) -> None:
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8") + ROLES, "utf-8")
    build_site(records.root, tmp_path / "out", as_of=records.clock(), audience="internal")

    said = text_of(tmp_path / "out", "handbook")
    assert "An incident is major if its severity is SEV1" in said
    assert "All shops <down> (SEV1)" in said
    assert "Captain" in said
    assert "Decides & delegates" in said
    assert "Somebody takes command within 5m" in said
    assert "SEV2: Wind" in said
    assert "sevlog resolve" in said


@pytest.mark.demand("S86")
def test_theories_are_a_tree_with_what_spoke_for_and_against_them(out: Path) -> None:
    page = (out / f"internal/{incident(out, 'search')}/index.html").read_text("utf-8")
    tree = page[page.index('id="theories"') : page.index('id="known"')]
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", tree)).split())

    assert "T1 supported The index is stale" in words
    assert "Experiment E1: Rebuild one shard Expected: It is fast Result: It was fast" in words
    assert "For: One shard proves it (Ana," in words
    assert "T2 refuted The <i>nightly</i> job died" in words
    assert "Against: It ran (Ana," in words
    assert "from T1" in words
    assert re.search(r"T1 </strong>(?:(?!</ul></li>).)*<ul class=\"internal-theories\"><li><strong>T2 ", tree)


def test_what_was_recorded_late_says_when_it_was_known(out: Path) -> None:
    page = text_of(out, incident(out, "search"))
    known = page[page.index("What was known when") : page.index("Timeline")]
    assert re.search(
        r"Theory: T1 supported: One shard proves it Ana at once .*Observation: O1: Slow since Monday", known
    )
    assert re.search(r"Observation: O1: Slow since Monday Ana 2 h", known)


def test_a_runbook_has_a_page_that_the_records_link_to_and_that_links_to_them(out: Path) -> None:
    page = (out / f"internal/{incident(out, 'search')}/index.html").read_text("utf-8")
    assert '<a href="../../internal/runbook-index/">Rebuild the &lt;index&gt;</a>: 1 step, from' in page
    said = text_of(out, "runbook-index")
    assert "Search <b>is</b> slow SEV2" in said
    assert said.count("Rebuild the <index>") == 1
    assert "Rebuild the <index> Search Ana" in text_of(out, "runbooks")


def test_the_people_on_call_are_a_calendar_of_days_with_a_file_for_each_schedule(out: Path) -> None:
    said = text_of(out, "on-call")
    assert "Payments desk Ana" in said
    days = re.findall(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d ((?:Ana|Bo)[^M]*?)(?= [MTWFS])", said)
    assert "Ana 09:00 Bo" in days
    assert "Bo (Wedding)" in said
    assert "BEGIN:VCALENDAR" in (out / "internal/on-call/desk.ics").read_text("utf-8")


def test_a_problem_says_what_has_to_change_and_what_it_is(out: Path) -> None:
    said = text_of(out, "problems")
    assert "One sender open Ana 1 0 of 1" in said
    assert "A share per shop open Bo 2026-12-24" in said
    assert "Its whole story." in said


def test_the_page_of_the_action_items_has_the_time_that_each_class_allows(out: Path) -> None:
    assert "improvement others 12w 1 0" in text_of(out, "actions")
