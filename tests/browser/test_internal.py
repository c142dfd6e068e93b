"""The pages for colleagues, below a path prefix and under the strict policy: their search and their forms."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fixtures.internal_sites import build
from fixtures.repositories import Repository, make_template, records, template

__all__ = ["make_template", "records", "template"]

Visiting = Callable[..., tuple[Any, Any]]


@pytest.fixture
def internal(
    sites: Path, template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """Where the pages are, below the address of all sites. They are made from a repository of their own."""
    if not (sites / "colleagues").exists():
        monkeypatch.setenv("SEVLOG_PERSON", "ana")
        root = shutil.copytree(template, tmp_path / "colleagues", symlinks=True)
        build(Repository(root, capsys, monkeypatch), sites / "colleagues")
    return "colleagues/internal"


def test_the_search_finds_words_in_any_record_says_where_and_runs_nothing(internal: str, visit: Visiting) -> None:
    page, watched = visit(f"{internal}/search/", width=320)
    page.keyboard.press("/")
    page.keyboard.type("NIGHTLY sev2")
    page.locator("#internal-found", has_text="1 page found.").wait_for()
    hit = page.locator("#internal-results > li")
    assert hit.locator("a").first.inner_text() == "Search <b>is</b> slow"
    assert "Timeline: … " in hit.inner_text()
    assert hit.locator("mark").all_inner_texts().count("nightly") == 1
    assert hit.locator("b, i").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    hit.get_by_role("link", name="Timeline").click()
    assert page.url.endswith("#timeline")
    assert page.locator("#timeline").is_visible()
    page.go_back()
    page.locator("#internal-found", has_text="1 page found.").wait_for()
    assert watched.trouble == []


HOSTILE = 'He said: "no" \\ # - [x] {y} *z & !t <script>alert(1)</script> 10:30 ñ \u2028 \x07 😀'


def placed(page: Any, name: str, root: Path) -> list[Path]:
    """Put the files that a form made where they belong."""
    found = []
    for part in page.locator(f"#{name}-files .internal-file").all():
        path = root / part.locator("h3").inner_text()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(part.locator("pre").text_content(), "utf-8")
        found.append(path)
    return found


@pytest.mark.parametrize("kind", ["incident", "retrospective"])
def test_the_form_makes_a_record_that_check_accepts_whatever_was_typed(
    kind: str, internal: str, records: Repository, visit: Visiting
) -> None:
    now = records.clock()
    page, watched = visit(f"{internal}/forms/", at=f"{now:%Y-%m-%dT%H:%M:%SZ}", zone="UTC")
    page.select_option("#raise-kind", kind)
    page.fill("#raise-title", HOSTILE)
    page.fill("#raise-summary", f"{HOSTILE}\n\n---\n- a: b\n\ttab: |\n... no")
    page.select_option("#raise-severity", "SEV2")
    page.select_option("#raise-priority", "P2")
    page.select_option("#impact-checkout", "major_outage")
    page.select_option("#raise-by", "ana")
    if kind != "incident":
        page.fill("#raise-started", "2026-11-20T10:00")
        page.fill("#raise-ended", "2026-11-20T11:30")
    page.locator("#raise-form button").click()

    card, timeline = placed(page, "raise", records.root)
    assert "<script>alert(1)</script>" in card.read_text("utf-8")
    assert watched.trouble == []
    over = kind == "retrospective"
    assert (
        card.parent.name == f"{'2026-11-20' if over else '2026-11-23'}-he-said-no-x-y-z-t-script-alert-1-script-10-30-n"
    )
    found = re.findall(r"(\w+)\[(\w+)\]", records.does("check"))
    expected = ["guard_channel", "guard_lead_incident_manager", "guard_assessment", "guard_attestation"] if over else []
    assert found == [("warning", code) for code in expected]
    shown = records.tells("show", card.parent.name)
    assert shown["title"] == HOSTILE.replace(" \x07", " ")
    assert shown["summary"].endswith("---\n- a: b\n\ttab: |\n... no")
    assert shown["components"] == {"checkout": "operational" if over else "major_outage"}
    assert shown["category"] == ("learning" if over else "live")
    assert timeline.name == ("history.yaml" if over else f"{now:%Y%m%dT%H%M%S}.000Z-raised.yaml")


def test_the_form_says_what_is_missing_before_it_makes_a_file(internal: str, visit: Visiting) -> None:
    page, _ = visit(f"{internal}/forms/", at="2026-11-23T15:00:00Z", zone="UTC")
    page.fill("#raise-title", "Over")
    page.fill("#raise-summary", "   ")
    for field, value in (("kind", "retrospective"), ("severity", "SEV2"), ("priority", "P2"), ("by", "ana")):
        page.select_option(f"#raise-{field}", value)
    said = page.locator("#raise-said")
    for field, value, expected in (
        ("title", "Over", "Title and summary are required."),
        ("summary", "It is over", "An incident that is over needs the times when it began and ended."),
        ("started", "2026-11-23T10:00", "An incident that is over needs the times when it began and ended."),
        ("ended", "2026-11-23T09:00", "It must end after it began."),
        ("ended", "2026-11-24T09:00", "Times must be in the past."),
    ):
        page.fill(f"#raise-{field}", value)
        page.locator("#raise-form button").click()
        assert said.inner_text() == expected
        assert page.locator("#raise-files *").count() == 0


def test_an_update_is_one_new_entry_of_a_live_incident_and_the_forge_opens_with_it(
    internal: str, records: Repository, visit: Visiting
) -> None:
    live = records.raised(title="Search <b>is</b> slow")
    records.does("ack", "--channel", "chat=https://chat.example/room")
    page, watched = visit(f"{internal}/forms/", at=f"{records.clock():%Y-%m-%dT%H:%M:%SZ}", zone="UTC")
    page.fill("#update-text", HOSTILE)
    page.select_option("#update-by", "ana")
    page.select_option("#update-approved", "ana")
    page.locator("#update-form button").click()

    (entry,) = placed(page, "update", records.root)
    assert entry.parent == records.folder("search") / "timeline"
    assert entry.name.endswith("-update.yaml")
    assert "no problems" in records.does("check")
    (update,) = records.tells("show", live)["updates"]
    assert update["text"] == HOSTILE.replace(" \x07", " ")
    target = urlsplit(page.get_by_role("link", name="Open the new file at the forge").get_attribute("href"))
    assert target.netloc + target.path == "github.com/cart/records/new/main"
    asked = parse_qs(target.query)
    assert asked == {"filename": [str(entry.relative_to(records.root))], "value": [entry.read_text("utf-8")]}
    assert watched.trouble == []
