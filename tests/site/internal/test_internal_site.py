"""The internal site: whole records for colleagues, never a restricted one, and the handbook of this configuration."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from fixtures.filled import filled
from fixtures.repositories import Repository, make_template, records, template, write_postmortem
from sevlog.site.building.generator import build_site

__all__ = ["make_template", "records", "template"]

ROLES = """\
roles:
  - {key: captain, name: Captain, leads: true, single_lead: true, duties: [Decides & delegates], first_moves: [Breathe]}
severities:
  - {key: SEV1, name: Storm, major: true, criteria: ["All shops <down>"], page: immediate, ack_within: 5m}
  - {key: SEV2, name: Wind, criteria: [Some shops]}
"""


@pytest.fixture
def out(records: Repository, tmp_path: Path) -> Path:
    """A site with a resolved incident, a live one, a restricted one, an action item and a problem."""
    done = records.resolved()
    write_postmortem(records.folder("checkout"))
    records.does("action", "add", "-i", done, "Alert on <refused> cards", "--owner", "ana", "--accept", "--due", "3d")
    records.does("problem", "new", "One sender", "--incident", done, "--cause", "Queues & shares")
    live = records.raised(title="Search <b>is</b> slow")
    records.does("ack", "-i", live, "--channel", "chat=https://chat.example/room", "--as", "bo")
    records.does("theory", "-i", live, "The index is stale", "--ref", "T1")
    records.does("link", "-i", live, done, "--rel", "caused_by")
    records.does(
        "raise",
        "Keys leaked canary",
        "--type",
        "security",
        "--severity",
        "SEV2",
        "--component",
        "checkout",
        "--summary",
        "canary",
    )
    build_site(records.root, tmp_path / "out", as_of=records.clock(), audience="internal")
    return tmp_path / "out"


def text_of(out: Path, name: str) -> str:
    """The words of an internal page."""
    page = (out / f"internal/{name}/index.html").read_text("utf-8")
    main = page[page.index('class="internal"') :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_colleagues_read_the_whole_record(out: Path) -> None:
    (live,) = (path.name for path in sorted((out / "internal").glob("*search*")))
    said = text_of(out, live)

    assert "Search <b>is</b> slow" in said
    for part in ("Lead bo", "chat https://chat.example/room", "T1 open: The index is stale", "caused by"):
        assert part in said, part
    assert "ana: T1 open: The index is stale" in said
    (done,) = (path.name for path in sorted((out / "internal").glob("*checkout*")))
    assert "The pool ran dry." in text_of(out, done)  # the postmortem


@pytest.mark.demand("S14")
def test_the_board_has_who_leads_and_what_is_due(out: Path) -> None:
    board = text_of(out, "board")
    assert "Search <b>is</b> slow SEV2" in board
    assert " bo " in board
    assert "restricted" in text_of(out, "incidents")


@pytest.mark.demand("S86")
def test_action_items_and_problems_have_pages(out: Path) -> None:
    assert "1 open, 0 of them overdue" in text_of(out, "actions")
    assert "Alert on <refused> cards ana" in text_of(out, "actions")
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
