"""The page can be read without a script, on a narrow screen, in both themes, from a folder, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Visiting = Callable[..., tuple[Any, Any]]
PATHS = (
    "",
    "history/",
    "history/2026-11/",
    "maintenance/",
    "postmortems/",
    "subscribe/",
    "about/",
    "404.html",
    "incidents/k3v9p0d2m7xy/",
    "incidents/t8n5w1q6z3cd/",
    "components/lockers/",
    "postmortems/t8n5w1q6z3cd/",
)
WIDTH = "document.documentElement.scrollWidth"
DUE = "2026-11-23T14:33:00Z"


def test_without_script_the_page_says_all_of_it(visit: Visiting) -> None:
    page, _ = visit("company/", javascript=False)
    text = page.inner_text("body")
    assert "Card payments are failing for some customers" in text
    assert "Next update by 23 Nov 2026, 15:33 CET" in text
    assert "As of 23 Nov 2026, 15:40 CET" in text
    page.locator("summary", has_text="2 days with incidents").click()
    assert "Lockers do not open with the app" in page.locator("details.days[open]").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("site", ["company", "hostile"])
def test_nothing_is_wider_than_a_small_phone(site: str, javascript: bool, address: str, visit: Visiting) -> None:
    page, _ = visit(f"{site}/", width=320, javascript=javascript)
    wide = []
    for path in PATHS if site == "company" else ("", "history/", "about/", "subscribe/"):
        page.goto(f"{address}/{site}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        wide += [path] if page.evaluate(WIDTH) > 320 else []
    assert wide == []


def test_the_system_s_colours_hold_with_and_without_script(visit: Visiting) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light = visit("company/", scheme="light")[0].evaluate(ground)
    dark = visit("company/", scheme="dark")[0].evaluate(ground)
    assert light != dark
    assert visit("company/", scheme="dark", javascript=False)[0].evaluate(ground) == dark
    assert visit("company/about/", scheme="dark")[0].evaluate(ground) == dark


@pytest.mark.parametrize("start", ["company/", "company/about/"])
def test_a_chosen_palette_holds_on_pages_of_either_kind(start: str, address: str, visit: Visiting) -> None:
    scheme = "document.documentElement.dataset.scheme"
    page, watched = visit(start, scheme="light")
    assert page.evaluate(scheme) == "default"
    for name in ("Use light colors", "Use dark colors"):
        page.locator(f"label[title='{name}']:visible").click()
    assert page.evaluate(scheme) == "slate"
    for path in ("company/", "company/about/", "company/incidents/k3v9p0d2m7xy/"):
        page.goto(f"{address}/{path}")
        assert page.evaluate(scheme) == "slate", path
        assert page.locator("label[title='Use the colors of your system']").is_visible()
    assert watched.trouble == []


def test_times_turn_into_the_reader_s_and_keep_the_page_s_at_hand(visit: Visiting) -> None:
    page, _ = visit("company/", zone="Asia/Tokyo", at="2026-11-23T14:20:00Z")
    due = page.locator(".due time").first
    assert due.inner_text().replace("\xa0", " ").startswith("23 Nov, 23:33")
    assert due.get_attribute("title") == "23 Nov 2026, 15:33 CET"
    assert "Asia/Tokyo" in page.locator(".sl-zone").inner_text()


def test_a_window_over_the_reader_s_midnight_names_both_days(visit: Visiting) -> None:
    page, _ = visit("company/maintenance/", zone="Asia/Tokyo")
    window = page.locator(".window", has_text=re.compile(r"24\sNov, "))
    assert "23\xa0Nov, " in window.inner_text()


@pytest.mark.parametrize(
    ("at", "words", "late"),
    [("2026-11-23T14:20:00Z", "in 13 min", False), ("2026-11-23T15:45:00Z", "overdue by 1 h 12 min", True)],
)
def test_a_promise_is_late_by_the_reader_s_clock(visit: Visiting, at: str, words: str, late: bool) -> None:
    page, _ = visit("company/", at=at)
    promise = page.locator(".due").first
    assert words in promise.inner_text().replace("\xa0", " ")
    assert ("is-late" in (promise.get_attribute("class") or "")) is late


def test_a_strip_is_one_tab_stop_with_arrows_home_and_end(visit: Visiting) -> None:
    page, _ = visit("company/components/lockers/")
    strip = page.locator(".strip-range")
    assert strip.count() == 1
    strip.focus()

    def said() -> str:
        return strip.get_attribute("aria-valuetext") or ""

    assert said() == "23 Nov 2026: 100% uptime, under maintenance 30 min, 1 incident"
    page.keyboard.press("ArrowLeft")
    assert said() == "22 Nov 2026: 100% uptime, no incidents"
    page.keyboard.press("Home")
    assert said() == "26 Aug 2026: no data yet"
    page.keyboard.press("End")
    for _ in range(9):
        page.keyboard.press("ArrowLeft")
    assert said() == "14 Nov 2026: 94.37% uptime, major outage 1 h 21 min, 1 incident"
    reading = page.locator(".strip-reading")
    assert said() in reading.inner_text()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.closest('.strip-reading') && document.activeElement.textContent")
    assert focused == "Lockers do not open with the app"


def test_a_touch_on_a_strip_shows_that_day(visit: Visiting) -> None:
    page, _ = visit("company/components/lockers/", width=390)
    box = page.locator(".strip-bars").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * (80.5 / 90), box["y"] + box["height"] / 2)
    page.locator(".strip-reading", has_text="14 Nov 2026").wait_for()


def test_links_lead_on_from_a_folder_on_disk(sites: Path, visit: Visiting) -> None:
    page, _ = visit("company/index.html", base=sites.as_uri())
    page.locator("h1 a").click()
    assert page.url.endswith("/incidents/k3v9p0d2m7xy/index.html")
    page.locator(".sl-nav a", has_text="Status").click()
    assert page.url.endswith("/company/index.html")


def test_the_keyboard_reaches_the_content_first(visit: Visiting) -> None:
    page, _ = visit("company/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_a_permalink_marks_its_update(visit: Visiting) -> None:
    page, _ = visit("company/incidents/k3v9p0d2m7xy/")
    page.locator(".permalink").nth(1).click()
    assert page.url.endswith("#update-u2")
    assert "The connection to one of our two" in page.locator(".update:target").inner_text()


def test_print_shows_what_is_folded_away(visit: Visiting) -> None:
    page, _ = visit("calm/", javascript=False)
    row = page.locator(".group-rows .row").first
    assert not row.is_visible()
    page.emulate_media(media="print")
    assert row.is_visible()
