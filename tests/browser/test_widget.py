"""The widget on a page of another origin, with a strict policy and hostile styles, and the page for a frame."""

from __future__ import annotations

import http.server
import itertools
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures import hostile_sites

Visiting = Callable[..., tuple[Any, Any]]
Hosting = Callable[..., str]
STYLES = """
* { color: lime !important; font: 60px cursive !important; text-transform: uppercase !important; }
sevlog-status { display: none !important; position: static !important; }
div, span, a, button, svg { display: none !important; }
"""
PILL = 'data-style="pill" data-position="inline"'
LATER = "2026-11-23T14:41:00Z"
TITLE = "Card payments are failing for some customers"


@pytest.fixture
def host(address: str) -> Iterator[Hosting]:
    """Makes the one page of another origin: its script tags, as site name and attributes; returns its address."""
    policy = (
        f"default-src 'none'; script-src {address}; connect-src {address}; frame-src {address}; "
        "style-src 'self'; img-src data:; require-trusted-types-for 'script'"
    )
    page = ""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_style = self.path.endswith(".css")
            self.send_response(200)
            self.send_header("Content-Type", f"text/{'css' if is_style else 'html'}; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write((STYLES if is_style else page).encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def hosted(*tags: tuple[str, str], html: str = "", root: str = 'lang="en"') -> str:
        nonlocal page
        scripts = "".join(f'<script src="{address}/{site}/widget.js" {more}></script>' for site, more in tags)
        style = '<link rel="icon" href="data:,"><link rel="stylesheet" href="/own.css">'
        page = f"<!doctype html><html {root}><head>{style}</head><body><h1>Shop</h1>{html}{scripts}</body></html>"
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield hosted
    server.shutdown()
    server.server_close()


def texts(page: Any, ready: int) -> list[str]:
    """What each widget of the page says; waits until so many of them say something."""
    page.wait_for_function(
        "n => [...document.querySelectorAll('sevlog-status')]"
        ".filter(e => !e.shadowRoot.querySelector('.off')).length === n",
        arg=ready,
    )
    shown = page.locator("sevlog-status .box").all()
    return [" ".join(box.locator(".message").inner_text().split()) for box in shown]


@pytest.mark.demand("S33")
def test_one_script_tag_shows_the_state_on_a_strict_page_and_neither_touches_the_other(
    visit: Visiting, host: Hosting, address: str
) -> None:
    page, watched = visit("", base=host(), at=LATER)
    look = "(s => [...s].map(name => s.getPropertyValue(name)))(getComputedStyle(document.querySelector('h1')))"
    before = page.evaluate(look)
    page.goto(host(("company", "")))

    assert texts(page, 1) == [f"{TITLE} Harbour Post"]
    assert page.evaluate(look) == before, "the page looks as without the widget"
    assert page.evaluate("document.body.firstElementChild.localName") == "sevlog-status"
    region = page.get_by_role("region", name="Harbour Post status")
    assert region.get_by_role("status").count() == 1
    link = region.get_by_role("link", name=TITLE)
    assert link.get_attribute("href") == f"{address}/company/"
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    style = link.evaluate("e => [getComputedStyle(e).textTransform, getComputedStyle(e).fontSize]")
    assert style == ["none", "16px"], "no style of the page reaches the widget"
    page.keyboard.press("Tab")
    assert link.evaluate("e => e.matches(':focus-visible')")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert region.count() == 0
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    hosts = {url.split("/")[2] for url in watched.requests if not url.startswith("data:")}
    assert hosts == {address.split("/")[2], page.url.split("/")[2]}
    assert watched.trouble == []


def test_options_choose_components_language_place_and_silence(visit: Visiting, host: Hosting) -> None:
    tags = (
        ("company", f'{PILL} data-components="website"'),
        ("company", f'{PILL} data-components="payments, website"'),
        ("calm", f'{PILL} data-lang="fr"'),
        ("calm", PILL),
        ("calm", f"{PILL} data-hide-when-operational"),
        ("company", f'{PILL} data-components="no-such"'),
        ("company", 'data-style="pill" data-theme="dark"'),
        ("company", 'data-position="bottom" data-theme="light"'),
    )
    page, watched = visit("", base=host(*tags, root='lang="ja" dir="rtl"'), at=LATER)
    said = texts(page, 6)

    assert said[:4] == [
        "Website: 正常",
        TITLE,
        "Tous les systèmes sont opérationnels",
        "すべてのシステムは正常に稼働しています",
    ]
    assert sorted(said[4:]) == sorted(["", "", TITLE, f"{TITLE} Harbour Post"])
    assert [line for line in watched.trouble if "no component no-such" not in line] == []
    assert len(watched.trouble) == 1
    assert page.locator("sevlog-status [role=status]").count() == len(tags)
    corner = page.locator("sevlog-status[data-position='bottom-left']")
    assert corner.evaluate("e => e.getBoundingClientRect().left") == 16, "right to left: the other corner"
    colors = "e => getComputedStyle(e.shadowRoot.querySelector('.box')).backgroundColor"
    assert corner.evaluate(colors) == "rgb(27, 33, 37)"
    bar = page.locator("sevlog-status[data-position='bottom']")
    assert bar.evaluate(colors) == "rgb(173, 63, 8)"
    assert bar.evaluate("e => Math.round(innerHeight - e.getBoundingClientRect().bottom)") == 0


def test_the_widget_follows_the_reader_s_clock_between_builds(visit: Visiting, host: Hosting) -> None:
    german = f'{PILL} data-lang="de-AT"'
    tags = (("planned", german), ("planned", f"{german} data-hide-when-operational"), ("company", german))
    page, watched = visit("", base=host(*tags))
    found = []
    for at, ready in (("23T14:45", 2), ("23T15:41", 3), ("23T17:41", 2), ("26T14:41", 2)):
        page.clock.set_fixed_time(f"2026-11-{at}:00Z")
        page.reload()
        found.append(texts(page, ready))

    old = "Dieser Stand ist möglicherweise veraltet"
    assert found == [
        ["Alle Systeme funktionieren", "", TITLE],
        ["New disks for booking Wartung läuft", "New disks for booking Wartung läuft", f"{TITLE} {old}"],
        ["Alle Systeme funktionieren", "", f"{TITLE} {old}"],
        [f"Aktueller Status unbekannt {old}", "", f"{TITLE} {old}"],
    ]
    assert watched.trouble == []


def test_hostile_names_are_text_and_stay_inside_a_narrow_page(visit: Visiting, host: Hosting) -> None:
    page, watched = visit("", base=host(("hostile", ""), ("hostile", 'data-style="pill"')), at=LATER, width=320)
    said = texts(page, 2)

    assert all(
        any(text.startswith(" ".join(payload.split())) for payload in hostile_sites.PAYLOADS[:3]) for text in said
    )
    assert page.locator("sevlog-status :is(script, img, iframe, style)").count() == 0
    boxes = [page.locator("sevlog-status").nth(n).bounding_box() for n in range(2)]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 320 for box in boxes)
    assert watched.trouble == []


def test_without_an_answer_the_widget_stays_silent_and_asks_less_often(
    visit: Visiting, host: Hosting, sites: Path
) -> None:
    away = sites / "away"
    shutil.copytree(sites / "company", away, dirs_exist_ok=True)
    (away / "api").rename(away / "gone")
    page, watched = visit("", base=host(("away", "")), at=LATER, runs=True)
    times: list[int] = []
    for second in range(0, 30_000, 20):
        page.clock.run_for(20_000)
        page.evaluate("0")  # lets an answer come in before time goes on
        count = sum(url.endswith("summary.json") for url in watched.requests)
        times += [second] * (count - len(times))
        if len(times) >= 5:
            break
    gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
    assert [gap >= least for gap, least in zip(gaps, (100, 220, 460, 580), strict=True)] == [True] * 4
    assert page.locator("sevlog-status .off").count() == 1
    assert page.locator("sevlog-status").bounding_box()["height"] == 0
    assert [line for line in watched.trouble if "404" not in line] == []

    (away / "gone").rename(away / "api")
    page.clock.run_for(601_000)
    assert texts(page, 1)[0].startswith(TITLE)


def test_the_page_for_a_frame_works_on_another_origin_without_script_and_no_other_page_does(
    visit: Visiting, host: Hosting, address: str
) -> None:
    frames = "".join(f'<iframe src="{address}/company/{path}"></iframe>' for path in ("embed/", ""))
    page, _ = visit("", base=host(html=frames), javascript=False)
    embed, home = page.frames[1:]

    assert embed.locator("h1").text_content() == TITLE
    assert "Major impact" in embed.locator("body").text_content()
    assert home.url.startswith("chrome-error:")


def test_the_page_for_a_frame_follows_the_reader_s_clock(visit: Visiting) -> None:
    page, watched = visit("planned/embed/", at="2026-11-23T15:41:00Z")

    assert page.locator(".headline.is-under_maintenance h1").inner_text() == "New disks for booking"
    page.clock.set_fixed_time("2027-01-21T14:40:00Z")
    page.reload()
    assert page.locator(".headline .stale").count() == 1
    assert watched.trouble == []
