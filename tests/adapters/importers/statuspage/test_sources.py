"""Where a Statuspage is read from: files, folders, and the page itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fixtures.statuspages import COMPONENTS, PAGE, Row, incident, maintenance, summary, update, write_json, write_lines
from sevlog.adapters.importers.source import Source
from sevlog.adapters.importers.statuspage.sources import open_source
from sevlog.errors import NotFound, SevlogError, UsageError

T0, T1 = "2026-05-02T10:00:00.000Z", "2026-05-02T10:30:00.000Z"


def rows(count: int) -> list[Row]:
    return [incident(f"inc1dent{n:04}", f"Incident {n}", update(f"upd{n}", "resolved", T0)) for n in range(count)]


def as_json(body: object) -> bytes:
    return json.dumps(body).encode()


def ids(source: Source) -> list[str]:
    return sorted(i.id for i in source.incidents)


def test_json_lines_take_the_components_beside_them(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "incidents.jsonl", rows(2))
    write_json(tmp_path / "components.json", {"page": PAGE, "components": COMPONENTS})

    source = open_source(str(path))

    assert ids(source) == ["inc1dent0000", "inc1dent0001"]
    assert [c.name for c in source.components] == ["Booking", "Tracking", "Labels"]
    assert source.page is not None
    assert source.page.name == "Parcel Post"


def test_components_can_lie_elsewhere(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "incidents.jsonl", rows(1))
    (tmp_path / "else").mkdir()
    named = write_json(tmp_path / "else/list.json", {"page": PAGE, "components": COMPONENTS})

    assert len(open_source(str(path), named).components) == 3
    with pytest.raises(NotFound, match="does not exist"):
        open_source(str(path), tmp_path / "nowhere.json")


def test_each_of_the_documents_can_be_captured(tmp_path: Path) -> None:
    planned = maintenance("ma1ntenance1", "Move", update("upd", "scheduled", T0), start=T0, end=T1)
    write_json(tmp_path / "components.json", {"page": PAGE, "components": COMPONENTS})
    write_json(tmp_path / "incidents.json", {"page": PAGE, "incidents": rows(2)})
    write_json(tmp_path / "scheduled-maintenances.json", {"page": PAGE, "scheduled_maintenances": [planned]})
    write_json(tmp_path / "status.json", {"page": PAGE, "status": {"indicator": "none", "description": "…"}})
    write_json(tmp_path / "inc1dent0009.json", rows(10)[9])
    (tmp_path / "notes.txt").write_text("not ours", "utf-8")

    source = open_source(str(tmp_path))

    assert ids(source) == ["inc1dent0000", "inc1dent0001", "inc1dent0009", "ma1ntenance1"]
    assert source.quarantined == ()


def test_one_file_can_hold_one_capture_or_a_list(tmp_path: Path) -> None:
    assert ids(open_source(str(write_json(tmp_path / "summary.json", summary(*rows(1)))))) == ["inc1dent0000"]
    assert ids(open_source(str(write_json(tmp_path / "list.json", rows(2))))) == ["inc1dent0000", "inc1dent0001"]
    assert ids(open_source(str(write_lines(tmp_path / "lines.json", rows(2))))) == ["inc1dent0000", "inc1dent0001"]


def test_documents_of_two_pages_are_refused_with_their_names(tmp_path: Path) -> None:
    other = {**summary(), "page": {**PAGE, "id": "0therpage000", "name": "Letter Post"}}
    write_json(tmp_path / "a.json", summary(*rows(1)))
    write_json(tmp_path / "b.json", other)

    with pytest.raises(UsageError, match="documents of 2 pages: Letter Post, Parcel Post"):
        open_source(str(tmp_path))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ('{"a": 1', "it is not JSON"),
        ('{"page": {"name": "x"}}', "no Statuspage incidents"),
        ("<html></html>", "not an Atom feed"),
    ],
)
def test_what_is_no_statuspage_is_refused(tmp_path: Path, content: str, error: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, "utf-8")

    with pytest.raises(SevlogError, match=error):
        open_source(str(path))


def test_nothing_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere does not exist"):
        open_source(str(tmp_path / "nowhere"))
    with pytest.raises(NotFound, match="contains no .json") as empty:
        open_source(str(tmp_path))
    assert empty.value.hints[0].endswith("sevlog import statuspage https://status.example.com")


def test_deeply_nested_json_is_refused_and_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000, "utf-8")

    with pytest.raises(UsageError, match="it is not JSON"):
        open_source(str(path))


def test_bytes_that_are_no_text_are_no_json(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b'{"page": {"name": "\xd8"}}\n')
    path = write_lines(tmp_path / "x.jsonl", rows(1))
    path.write_bytes(path.read_bytes() + b'{"id": "\xd8"}\n')

    with pytest.raises(UsageError, match="it is not JSON"):
        open_source(str(tmp_path / "x.json"))
    assert [q.id for q in open_source(str(path)).quarantined] == ["x.jsonl, line 2"]


class Host:
    """A status page on this machine: what each path answers, and what was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, object]]] = {}
        self.asked: list[str] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append(self.path)
                waiting = host.answers.get(self.path, [(404, "<html>no such page</html>")])
                code, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
                data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else as_json(body)
                self.send_response(code)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def serve(self, path: str, *answers: object) -> None:
        """Answer a path with these documents one after another, the last for ever; (code, text) for a failure."""
        self.answers[path] = [a if isinstance(a, tuple) else (200, a) for a in answers]

    def page(self, *incidents: Row) -> None:
        """The four documents of a page."""
        self.serve("/api/v2/summary.json", summary())
        self.serve("/api/v2/components.json", {"page": PAGE, "components": COMPONENTS})
        self.serve("/api/v2/incidents.json", {"page": PAGE, "incidents": list(incidents)})
        self.serve("/api/v2/scheduled-maintenances.json", {"page": PAGE, "scheduled_maintenances": []})


@pytest.fixture
def host() -> Iterator[Host]:
    found = Host()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_a_page_is_fetched_from_any_of_its_addresses(host: Host) -> None:
    host.page(*rows(2))

    assert ids(open_source(host.url)) == ["inc1dent0000", "inc1dent0001"]
    assert ids(open_source(f"{host.url}/api/v2/summary.json")) == ["inc1dent0000", "inc1dent0001"]
    assert ids(open_source(f"{host.url}/history")) == ["inc1dent0000", "inc1dent0001"]
    assert "/history.json?page=1" not in host.asked


def test_what_lies_beyond_fifty_is_fetched_one_by_one(host: Host) -> None:
    everything = rows(53)
    host.page(*everything[:50])
    months = [{"name": "May", "year": 2026, "incidents": [{"code": r["id"]} for r in everything]}]
    host.serve("/history.json?page=1", {"months": months})
    for number in range(2, 6):
        host.serve(f"/history.json?page={number}", {"months": [{"name": "April", "incidents": []}]})
    host.serve("/incidents/inc1dent0050.json", everything[50])
    host.serve("/incidents/inc1dent0051.json", (503, "busy"), everything[51])
    steps: list[tuple[int, int | None]] = []

    source = open_source(host.url, None, lambda done, total: steps.append((done, total)))

    assert len(source.incidents) == 52
    assert [(q.id, q.reason.split(" http")[0]) for q in source.quarantined] == [
        ("inc1dent0052", "it is in the history, but")
    ]
    assert "/history.json?page=6" not in host.asked
    assert steps[-1] == (3, 3)


def test_the_history_of_a_page_made_by_sevlog_is_followed_too(host: Host) -> None:
    everything = rows(51)
    host.page(*everything[:50])
    path = "/api/v2/history/2026-05.json"
    host.serve("/api/v2/history/index.json", {"page": PAGE, "months": [{"month": "2026-05", "path": path}]})
    host.serve(path, {"month": "2026-05", "incidents": everything, "scheduled_maintenances": []})
    host.serve("/api/v2/incidents/inc1dent0050.json", everything[50])

    assert len(open_source(host.url).incidents) == 51


def test_a_host_without_a_status_page_is_said_to_be_none(host: Host) -> None:
    with pytest.raises(NotFound, match="does not look like a Statuspage"):
        open_source(host.url)
    host.serve("/api/v2/summary.json", "<!DOCTYPE html><html>Hello</html>")
    with pytest.raises(NotFound, match="does not look like a Statuspage"):
        open_source(host.url)


def test_a_host_that_answers_with_what_is_no_text_is_named(host: Host) -> None:
    host.serve("/api/v2/summary.json", b'{"page": {"name": "\xd8"}}')

    with pytest.raises(UsageError, match="is not JSON"):
        open_source(host.url)


def test_a_refusing_host_is_named_with_its_answer(host: Host) -> None:
    host.serve("/api/v2/summary.json", (403, "no"))

    with pytest.raises(NotFound, match="answers 403"):
        open_source(host.url)


def test_an_unreachable_host_is_said_to_be_so(host: Host) -> None:
    host.server.server_close()

    with pytest.raises(NotFound, match="cannot be reached"):
        open_source("http://127.0.0.1:9")
    with pytest.raises(UsageError, match="not the address of a status page"):
        open_source("https://user:secret@status.example.com")
