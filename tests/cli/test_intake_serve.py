"""The server for alerts: a real one, in a process of its own, with real git."""

from __future__ import annotations

import shutil
import signal
import socket
import sys
from typing import Any

import pytest

from fixtures.receivers import SECRET, receiving
from fixtures.repositories import Repository
from sevlog.stores.git import lock


def alert(name: str, status: str = "firing") -> dict[str, Any]:
    """What Alertmanager sends of one alert."""
    one = {"status": status, "labels": {"alertname": name}, "annotations": {}, "fingerprint": f"f-{name}"}
    return {"version": "4", "status": status, "alerts": [one]}


def titles(records: Repository) -> list[str]:
    return sorted(row["title"] for row in records.tells("board")["incidents"])


@pytest.mark.demand("S25")
def test_a_delivery_with_the_secret_becomes_a_record_and_others_are_refused(records: Repository) -> None:
    with receiving(records.root) as receiver:
        assert receiver.post("/alerts/alertmanager", alert("Disk"))[0] == 401
        assert receiver.post("/alerts/alertmanager", alert("Disk"), Authorization="Bearer nonsense")[0] == 401
        assert receiver.post("/alerts/alertmanager", alert("Disk"), X_Token=SECRET)[0] == 401
        assert receiver.post("/alerts/sentry", {}, Authorization=f"Bearer {SECRET}")[0] == 404
        receiver.deliver(f"/alerts/alertmanager?token={SECRET}", alert("Disk"))
        assert "Disk (firing; it is new)" in receiver.until("opened")
        receiver.deliver("/alerts/alertmanager", alert("Disk"))
        assert "already firing" in receiver.until("known")
        receiver.deliver("/alerts/alertmanager", b"\xff{")
        assert SECRET not in receiver.until("put aside")
        code, health = receiver.health()
        receiver.process.send_signal(signal.SIGTERM)
        assert receiver.process.wait() == 0
        said = "".join(receiver.lines)

    assert said == "stopped; 0 deliveries wait\n"
    assert (code, health["ok"], health["waiting"], health["refused"]) == (200, True, 0, 1)
    assert titles(records) == ["Disk"]
    (reason,) = sorted((records.root / ".git/sevlog/intake/refused").glob("*.reason.txt"))
    assert reason.read_text("utf-8").startswith("the payload is not JSON")
    assert reason.with_name(reason.name.replace(".reason.txt", ".body")).read_bytes() == b"\xff{"


def test_a_delivery_survives_a_sudden_death_after_its_answer(records: Repository) -> None:
    with receiving(records.root) as receiver, lock.take(records.root / ".git/sevlog/lock"):
        receiver.deliver("/alerts/alertmanager", alert("Disk"))
        receiver.deliver("/alerts/alertmanager", alert("Memory"))
        assert receiver.health()[1]["waiting"] == 2
        receiver.process.kill()
        receiver.process.wait()
    assert titles(records) == []

    with receiving(records.root) as receiver:
        receiver.until("opened")
        receiver.until("opened")
        assert receiver.health()[1]["waiting"] == 0
    assert titles(records) == ["Disk", "Memory"]


def test_too_large_too_many_and_too_slow_are_answered_so_that_the_sender_knows_what_to_do(records: Repository) -> None:
    with receiving(records.root, "--max-body", "1", "--rate", "2") as receiver:
        assert receiver.post("/alerts/alertmanager", b" " * 1025, Authorization=f"Bearer {SECRET}")[0] == 413
        with socket.create_connection(("127.0.0.1", int(receiver.url.rpartition(":")[2]))) as line:
            line.sendall(b"POST /alerts/alertmanager HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            line.sendall(b"401\r\n" + b" " * 1025 + b"\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 413 ")
        for name in ("a", "b"):
            receiver.deliver("/alerts/alertmanager", alert(name))
        code, _, headers = receiver.post("/alerts/alertmanager", alert("c"), Authorization=f"Bearer {SECRET}")
        assert (code, headers["retry-after"]) == (429, "30")


def test_what_cannot_be_kept_is_answered_with_503(records: Repository) -> None:
    with receiving(records.root, "--max-queue", "1") as receiver:
        folder = records.root / ".git/sevlog/intake"
        with lock.take(records.root / ".git/sevlog/lock"):
            receiver.deliver("/alerts/alertmanager", alert("Disk"))
            code, answer, headers = receiver.post("/alerts/alertmanager", {}, Authorization=f"Bearer {SECRET}")
            assert (code, answer["error"], headers["retry-after"]) == (503, "the queue is full", "30")
            assert receiver.health()[0] == 503
        receiver.until("opened")
        shutil.rmtree(folder)
        folder.write_text("a file where the folder was", "utf-8")
        code, answer, _ = receiver.post("/alerts/alertmanager", {}, Authorization=f"Bearer {SECRET}")
        assert (code, answer["error"]) == (503, "cannot write to the queue: Not a directory")
        assert receiver.health() == (503, {"ok": False, "last_error": "cannot write to the queue: Not a directory"})


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        ((), {}, "no source has a secret, so nobody could deliver"),
        (("--no-secrets", "--listen", "0.0.0.0:0"), {}, "works on a loopback address only, not on 0.0.0.0"),
        ((), {"SEVLOG_INTAKE_JSON_SECRET": "short"}, "SEVLOG_INTAKE_JSON_SECRET is shorter than 16 characters"),
        (("--no-secrets", "--listen", "8085"), {}, "`8085` is not an address"),
        (("--no-secrets", "--as", "nobody"), {}, "nobody"),
        (("--json", "--no-secrets"), {}, "intake serve has no JSON output"),
    ],
)
def test_a_server_that_is_not_safe_does_not_start(
    records: Repository,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    environment: dict[str, str],
    said: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = records.sevlog("intake", "serve", *options)

    assert done.code == 2
    assert said in done.out + done.err


def test_without_the_extra_the_error_says_how_to_install_it(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("sevlog.adapters.receiving")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "sevlog.services.automation.receiver", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    said = records.refuses(2, "intake", "serve", "--no-secrets")

    assert "intake serve needs the Python package uvicorn" in said
    assert "[serve]" in said
