"""The services of apprise: told in the form they take; what they say of hosts and tokens stays out of every output."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from fixtures.messages import behind, message, told
from fixtures.servers import WebServer, free_port, running
from sevlog.adapters.delivery.base import BadAddress, Receipt
from sevlog.adapters.delivery.services import Service

pytestmark = pytest.mark.demand("S32", "S36")


@pytest.fixture
def server() -> Iterator[WebServer]:
    with running(WebServer()) as up:
        yield up


def test_a_service_gets_headline_and_text(server: WebServer) -> None:
    """apprise's own JSON service stands for the 170."""
    assert behind(server.address("json", "/room")).send(message(level="error", signal="trigger")) == (
        Receipt(outcome="sent")
    )

    sent = json.loads(server.asked[0].body)
    assert (sent["title"], sent["message"].strip(), sent["type"]) == (
        "Card payments fail",
        "Cards are **refused**.",
        "failure",
    )


@pytest.mark.demand("S38")
def test_a_service_for_short_texts_gets_the_one_line(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = behind(server.address("json", "/room"))
    assert isinstance(carrier, Service)
    made = carrier._plugin_for

    def small(dedup: str) -> object:
        plugin = made(dedup)
        plugin.body_maxlen = 160
        return plugin

    monkeypatch.setattr(carrier, "_plugin_for", small)
    carrier.send(message())

    sent = json.loads(server.asked[0].body)
    assert (sent["title"], sent["message"]) == ("", "Card payments fail: cards are refused")


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (403, ("refused", "the service returned 403")),
        (429, ("unreachable", "the service returned 429")),
        (503, ("unreachable", "the service returned 503")),
        (302, ("refused", "the service returned 302")),
        ("gone", ("unknown", "the service did not accept it, or did not confirm it")),
    ],
)
def test_what_went_wrong_is_told_and_nothing_is_printed(
    server: WebServer, plan: int | str, expected: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    server.plans = [plan]
    with running(WebServer()) as other:
        server.location = other.address("http")
        receipt = behind(server.address("json", login="me:s3cret@")).send(message())
        assert other.asked == []

    assert told(receipt) == expected
    assert capfd.readouterr() == ("", "")


def test_nobody_there_is_a_doubt(capfd: pytest.CaptureFixture[str]) -> None:
    """apprise does not say at which point the connection was lost."""
    assert told(behind(f"json://me:s3cret@127.0.0.1:{free_port()}/x").send(message()))[0] == "unknown"
    assert capfd.readouterr() == ("", "")


def test_a_logger_that_listens_to_everything_hears_nothing(server: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    server.plans = [500]
    with caplog.at_level(logging.DEBUG):
        behind(server.address("json", login="me:s3cret@")).send(message())

    assert caplog.text == ""


def test_a_plugin_that_breaks_is_a_doubt_and_keeps_its_words_to_itself(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import apprise

    carrier = behind(server.address("json"))

    def broken(*_: object, **__: object) -> None:
        raise KeyError("t0ken-in-path")

    monkeypatch.setattr(apprise.Apprise, "notify", broken)

    assert told(carrier.send(message())) == ("unknown", "the service failed (KeyError)")


def test_the_key_by_which_a_pager_counts_goes_where_the_address_wants_it(server: WebServer) -> None:
    behind(server.address("json", "/{dedup}/x")).send(message(alert="2026-11-23-checkout-fails"))

    assert server.asked[0].path == "/sevlog-2026-11-23-checkout-fails/x"


@pytest.mark.parametrize(
    "value", ["nothing-like-that", "nosuch://s3cret@h", "slack://s3cret", "https://s3cret.example/x"]
)
def test_an_address_that_nobody_understands_is_told_without_saying_it(value: str) -> None:
    with pytest.raises(BadAddress) as told:
        behind(value)

    said = "\n".join([told.value.message, *told.value.hints])
    assert "SEVLOG_NOTIFY_HERE" in said
    assert "s3cret" not in said and value not in said


def test_without_apprise_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(BadAddress) as told:
        behind("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#incidents")

    assert "apprise, which is not installed" in told.value.message
    assert told.value.hints[0].startswith(("pip install", "python -m pip install"))
    assert "[notify]" in told.value.hints[0]


def test_apprise_is_not_loaded_for_an_address_of_our_own() -> None:
    code = (
        "import sys; from sevlog.adapters.delivery.addresses import carrier; "
        "carrier({'SEVLOG_NOTIFY_A': 'webhook+https://h/x'}, 'A'); "
        "carrier({'SEVLOG_NOTIFY_A': 'smtps://h/?from=a@x.example&to=b@x.example'}, 'A'); "
        "print([m for m in ('apprise', 'requests', 'click') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
