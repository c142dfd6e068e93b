"""Chromium, and the built sites behind a server that sends the headers of `_headers`."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from fixtures import hostile_sites, public_sites
from fixtures.headers import headers_for
from sevlog.model.public.site import PublicSite
from sevlog.site.building.generator import build_site
from sevlog.site.building.headers import headers_file

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SITES: dict[str, Callable[[], PublicSite]] = {
    "company": public_sites.company,
    "calm": public_sites.calm,
    "planned": public_sites.planned,
    "hostile": hostile_sites.hostile,
}
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built sites, each below a path of its own."""
    folder = tmp_path_factory.mktemp("sites")
    for name, source in SITES.items():
        build_site(folder, folder / name, source=source)
    return folder


@pytest.fixture(scope="session")
def address(sites: Path) -> Iterator[str]:
    """Where the sites are served, with the headers that `_headers` asks hosts for; a site is the first folder."""
    asked = headers_file()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            for name, value in headers_for(asked, "/" + self.path.lstrip("/").partition("/")[2]):
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(sites)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: $CHROMIUM, else the system's (`.ci/browser` installs one), else Playwright's."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("It is insecure.", "SecurityError"); } });
"""


class Visit:
    """What went on while a page was open: requests, errors, dialogs (a payload that runs opens one)."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.trouble: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("dialog", self._dialog)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.trouble.append(f"{kind}: {text}")

    def _dialog(self, dialog: Any) -> None:
        self.trouble.append(f"a script ran: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., tuple[Page, Visit]]]:
    """Opens a page of a site in a fresh browser profile: visit("company/", width=320, javascript=False …)."""
    contexts = []

    def opened(
        path: str,
        *,
        width: int = 1280,
        scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        zone: str = "America/New_York",
        at: str = "2026-11-23T14:40:00Z",
        base: str | None = None,
        locale: str = "en-GB",
        runs: bool = False,
        storage: bool = True,
    ) -> tuple[Page, Visit]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
            timezone_id=zone,
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        if runs:  # time passes when the test says so
            page.clock.install(time=datetime.fromisoformat(at) - timedelta(hours=1))
            page.clock.pause_at(at)
        else:
            page.clock.set_fixed_time(at)
        if not storage:
            page.add_init_script(NO_STORAGE)
        watched = Visit(page)
        page.goto(f"{base or address}/{path}")
        return page, watched

    yield opened
    for context in contexts:
        context.close()
