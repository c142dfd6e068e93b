"""An open page stays correct: windows, age, live updates, the reader's time format, no storage."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fixtures.public_sites import AS_OF, WINDOW, company, minutes, update
from sevlog.site.building.generator import build_site

Visiting = Callable[..., tuple[Any, Any]]
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo")
BEFORE, INSIDE, AFTER = (
    f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (AS_OF + minutes(5), WINDOW[0] + minutes(1), WINDOW[1] + minutes(1))
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("at", "headline", "state", "phase"),
    [
        (BEFORE, "All systems operational", "operational", "Scheduled"),
        (INSIDE, "New disks for booking", "under_maintenance", "In progress"),
        (AFTER, "All systems operational", "operational", "Completed"),
    ],
)
def test_a_planned_maintenance_moves_by_the_reader_s_clock(
    visit: Visiting, zone: str, at: str, headline: str, state: str, phase: str
) -> None:
    page, watched = visit("planned/", at=at, zone=zone)

    assert page.locator("h1").inner_text() == headline
    assert page.locator(f".headline.is-{state}").count() == 1
    assert page.locator(".live[data-from] .phase").first.inner_text() == phase
    row = page.locator(".row", has=page.locator("a[href='components/booking/']"))
    assert f"is-{state}" in (row.get_attribute("class") or "")
    assert watched.trouble == []


@pytest.mark.parametrize(("path", "place"), [("maintenance/", ".entry"), ("incidents/w0w1w2w3w4w5/", ".record")])
def test_other_pages_tell_of_the_window_too(visit: Visiting, path: str, place: str) -> None:
    page, _ = visit(f"planned/{path}", at=INSIDE)

    assert page.locator(f"{place}[data-from] .phase").first.inner_text() == "In progress"


@pytest.mark.parametrize(
    ("path", "at", "said"),
    [
        ("calm/", "2026-11-24T14:39:00Z", None),
        ("calm/", "2027-01-21T14:40:00Z", "It was built 59 d ago"),
        ("company/", "2026-11-23T14:41:00Z", None),
        ("company/", "2026-11-23T15:40:00Z", "It was built 1 h ago"),
        ("company/incidents/k3v9p0d2m7xy/", "2027-01-21T14:40:00Z", "It was built 59 d ago"),
        ("calm/history/", "2027-01-21T14:40:00Z", "It was built 59 d ago"),
    ],
)
def test_an_old_page_says_that_it_is_old(visit: Visiting, path: str, at: str, said: str | None) -> None:
    page, _ = visit(path, at=at)

    if said is None:
        assert page.locator(".stale").count() == 0
        return
    page.locator(".stale").wait_for()
    assert said in page.locator(".stale").inner_text().replace("\xa0", " ")
    if path == "calm/":
        assert page.locator(".headline.is-degraded_performance").count() == 1


def asked_until(page: Any, watched: Any, ending: str, times: int) -> list[int]:
    """Let time pass until the page has asked so often; the second on its clock at which each request was seen.

    How long an answer takes is the machine's business, so requests come later than they would, and never sooner.
    """
    seen: list[int] = []
    for second in range(0, 30_000, 10):
        page.clock.run_for(10_000)
        page.evaluate("0")  # lets an answer come in before time goes on
        count = sum(address.endswith(ending) for address in watched.requests)
        seen += [second] * (count - len(seen))
        if len(seen) >= times:
            break
    assert len(seen) >= times
    return seen[:times]


@pytest.fixture
def changing(sites: Path) -> Path:
    """A site that the test builds again while a page of it is open."""
    folder = sites / "changing"
    shutil.rmtree(folder, ignore_errors=True)
    build_site(sites, folder, source=company)
    return folder


def test_an_open_page_shows_what_was_built_meanwhile_and_says_so(visit: Visiting, changing: Path, sites: Path) -> None:
    page, watched = visit("changing/", runs=True)
    page.clock.run_for(59_000)
    assert not [address for address in watched.requests if address.endswith("summary.json")]

    later = AS_OF + minutes(1)

    def news() -> Any:
        site = company()
        (live,) = [one for one in site.incidents if one.open]
        told = update("u9", later, "resolved", "It works again.", None)
        over = replace(
            live,
            phase="resolved",
            updates=(told, *live.updates),
            updated_at=later,
            resolved_at=later,
            ended_at=later,
            next_update_at=None,
        )
        others = [one for one in site.incidents if not one.open]
        parts = tuple(replace(part, status="operational") for part in site.components)
        return replace(
            site, as_of=later, incidents=(over, *others), components=parts, page=replace(site.page, updated_at=later)
        )

    build_site(sites, changing, source=news)
    for path in sorted(changing.rglob("*.*")):  # a server tells files apart by the second
        os.utime(path, (path.stat().st_mtime + 60,) * 2)
    page.clock.run_for(62_000)
    page.locator(".live-list").wait_for(state="detached")

    assert "Card payments" not in page.locator("h1").inner_text()
    assert page.locator("#sl-news").inner_text() == page.locator("h1").inner_text()
    assert [trouble for trouble in watched.trouble if "Failed to load" not in trouble] == []


def test_a_page_whose_server_is_away_keeps_what_it_shows_and_asks_less_often(visit: Visiting, changing: Path) -> None:
    page, watched = visit("changing/", runs=True)
    shutil.rmtree(changing / "api")
    said = page.locator("h1").inner_text()

    asked_at = asked_until(page, watched, "summary.json", 5)

    gaps = [later - sooner for sooner, later in itertools.pairwise(asked_at)]
    assert [gap >= least for gap, least in zip(gaps, (110, 230, 470, 590), strict=True)] == [True] * 4
    assert page.locator("h1").inner_text() == said


def test_a_page_opened_in_another_language_has_its_times_in_that_format(visit: Visiting) -> None:
    page, _ = visit("company/", zone="Europe/Berlin", locale="de-DE")

    assert page.locator(".due time").first.inner_text().replace("\xa0", " ").startswith("23. Nov., 15:33")
    assert "PM" not in page.locator(".due time").first.inner_text()
    assert "Donnerstag, 19. November 2026" in page.locator(".past").inner_text()
    assert "Days are in Europe/Berlin" in page.locator(".sl-zone").inner_text()


@pytest.mark.parametrize("path", ["company/", "company/about/", "company/incidents/k3v9p0d2m7xy/"])
def test_without_storage_every_script_works(visit: Visiting, path: str) -> None:
    page, watched = visit(path, storage=False)

    assert [trouble for trouble in watched.trouble if not trouble.startswith("warning")] == []
    if path == "company/":
        page.locator("label[title='Use light colors']:visible").click()
        page.locator("label[title='Use dark colors']:visible").click()
        assert page.evaluate("document.documentElement.dataset.scheme") == "slate"


def test_a_page_that_is_the_same_as_before_is_left_alone(visit: Visiting) -> None:
    page, watched = visit("company/incidents/k3v9p0d2m7xy/", at="2027-01-21T14:40:00Z", runs=True)
    page.locator(".stale").wait_for()
    page.evaluate("window.title_ = document.querySelector('h1')")

    asked_until(page, watched, "k3v9p0d2m7xy/", 4)

    assert page.evaluate("window.title_.isConnected")
    assert page.locator(".stale").count() == 1
