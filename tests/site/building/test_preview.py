"""`sevlog site serve` follows changes, and a failed build does not stop the site."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from watchdog.events import DirModifiedEvent, FileClosedNoWriteEvent, FileModifiedEvent, FileOpenedEvent

from fixtures.clocks import Clock
from fixtures.commands import SEVLOG
from sevlog.errors import UsageError
from sevlog.site.building.preview import _Server, serve_site

CONFIG = 'schema: 1\npage: {name: NAME, url: "https://acme.example/"}\ncomponents: [{key: shop, name: Shop}]\n'
CARD = "schema: 1\ntitle: inner\npublic_title: The shop is slow\nkind: incident\nvisibility: public\n"
ENTRIES = """\
- {kind: raised, at: "2026-11-20T10:00:00Z", by: ana, severity: SEV2, priority: P2, components: {shop: partial_outage}}
- {kind: update, at: "2026-11-20T10:05:00Z", by: ana, audience: public, phase: investigating, text: We look into it.}
"""


class Served:
    """A running `sevlog site serve`, and the version of the site that a reader has seen."""

    def __init__(self, root: Path, port: int) -> None:
        self.root = root
        self.url = f"http://127.0.0.1:{port}/"
        command = [*SEVLOG, "--repo", str(root), "site", "serve", "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)
        self.said()

    def said(self) -> str:
        """The next line it prints; waits for it."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def home(self) -> str:
        with urlopen(self.url, timeout=30) as answer:
            return str(answer.read().decode())


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "sevlog.yaml").write_text(CONFIG.replace("NAME", "Acme"), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Served(tmp_path, port)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)


def write(path: Path, text: str) -> None:
    """In one step, as editors and sevlog itself do it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_suffix(".tmp")
    spare.write_text(text, "utf-8")
    spare.rename(path)


def test_a_first_record_appears_and_readers_are_told_to_look_again(served: Served) -> None:
    page = served.home()
    assert "The shop is slow" not in page
    epoch = re.search(r"livereload\((\d+), (\d+)\)", page)
    assert epoch
    folder = served.root / "incidents/2026/2026-11-20-shop"
    write(folder / "timeline/history.yaml", ENTRIES)
    write(folder / "incident.yaml", CARD)
    while "The shop is slow" not in served.home():
        assert "built again" in served.said()
    with urlopen(f"{served.url}livereload/{epoch[1]}/{epoch[2]}", timeout=30) as answer:
        assert int(answer.read()) > int(epoch[1])


def test_a_mistake_is_said_and_what_was_there_stays_until_it_is_mended(served: Served) -> None:
    write(served.root / "sevlog.yaml", "schema: [")
    assert "error: sevlog.yaml" in served.said()
    assert "hint: sevlog check sevlog.yaml" in served.said()
    assert "Acme" in served.home()
    write(served.root / "sevlog.yaml", CONFIG.replace("NAME", "Repaired"))
    while "Repaired" not in served.home():
        served.said()


def test_that_a_build_reads_the_records_is_no_change(tmp_path: Path) -> None:
    server = _Server(builder=lambda: None, host="127.0.0.1", port=0, root=str(tmp_path))
    for event in (FileOpenedEvent("a"), FileClosedNoWriteEvent("a"), DirModifiedEvent("b")):
        server._noticed(event)
        assert not server._want_rebuild, event
    server._noticed(FileModifiedEvent("a"))
    assert server._want_rebuild


@pytest.mark.parametrize(
    ("path", "is_public", "allowed"),
    [("/build.json", True, True), ("/build.json", False, False), ("/index.html", True, False)],
)
def test_the_widget_on_another_page_may_read_the_public_site(
    tmp_path: Path, path: str, is_public: bool, allowed: bool
) -> None:
    (tmp_path / path[1:]).write_text("{}", "utf-8")
    server = _Server(builder=lambda: None, host="127.0.0.1", port=0, root=str(tmp_path), is_public=is_public)
    sent: list[tuple[str, str]] = []
    server.serve_request({"PATH_INFO": path}, lambda _status, headers: sent.extend(headers))

    assert (("Access-Control-Allow-Origin", "*") in sent) == allowed


def test_what_is_not_there_is_the_404_page(served: Served) -> None:
    with pytest.raises(HTTPError) as missing:
        urlopen(f"{served.url}nowhere/", timeout=30)
    assert "Page not found" in missing.value.read().decode()


def test_a_port_that_is_taken_is_refused_with_another_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}") as refused:
            serve_site(tmp_path, port=port, clock=Clock())
        assert refused.value.hints == (f"use another port: sevlog site serve --port {port + 1}",)
