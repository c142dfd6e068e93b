"""Webhooks and pagers over HTTP: what is posted, what counts as taken, and that nothing is followed or waited for."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from fixtures.messages import behind, message, told
from fixtures.servers import WebServer, free_port, running
from sevlog.adapters.delivery.base import PAGES_ONLY, BadAddress, Receipt
from sevlog.adapters.delivery.trying import send


@pytest.fixture
def server() -> Iterator[WebServer]:
    with running(WebServer()) as up:
        yield up


def test_a_webhook_gets_the_document_and_the_same_key_at_every_try(server: WebServer) -> None:
    carrier = behind(server.address("webhook+http", "/hook?token=1", "us%40er:pa%3Ass@"))
    server.plans = [503, 429, 204]

    assert send(carrier, message(), twice=False, pause=lambda _: None) == (Receipt(outcome="sent"), 3)

    assert {(a.path, a.body, a.headers["Idempotency-Key"]) for a in server.asked} == {
        ("/hook?token=1", b'{"event": "update"}', "5f2c8a01d4")
    }
    assert server.asked[0].headers["Content-Type"] == "application/json"
    assert server.asked[0].headers["Authorization"] == "Basic dXNAZXI6cGE6c3M="


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (201, ("sent", "")),
        (400, ("refused", "it answered 400")),
        (404, ("refused", "it answered 404")),
        (408, ("unreachable", "it answered 408")),
        (429, ("unreachable", "it answered 429")),
        (500, ("unreachable", "it answered 500")),
        ("gone", ("unknown", "no answer to the whole request (the connection was lost)")),
        ("mute", ("unknown", "no answer to the whole request (no response in time)")),
    ],
)
def test_what_the_server_answers_is_told(server: WebServer, plan: int | str, expected: tuple[str, str]) -> None:
    server.plans = [plan]

    assert told(behind(server.address("webhook+http"), timeout=0.2).send(message())) == expected


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_to_anyone(server: WebServer, code: int) -> None:
    """The credentials stay with the host they are for; to Statuspage a redirect is a failure too."""
    with running(WebServer()) as other:
        server.plans, server.location = [code], other.address("http", "/elsewhere")

        receipt = behind(server.address("webhook+http", login="me:secret@")).send(message())

        assert told(receipt) == ("refused", f"it answered {code}, and redirects are not followed")
        assert other.asked == []


def test_an_answer_that_never_ends_is_cut_off(server: WebServer) -> None:
    """Each byte comes in time."""
    server.plans = ["drip"]

    assert told(behind(server.address("webhook+http"), patience=0.3, timeout=30).send(message()))[0] == "unknown"


def test_nobody_there(server: WebServer) -> None:
    assert told(behind(f"webhook+http://127.0.0.1:{free_port()}/x").send(message())) == (
        "unreachable",
        "the host cannot be reached (the connection was refused)",
    )


def test_a_host_without_a_certificate_we_trust_gets_nothing(server: WebServer) -> None:
    outcome, _ = told(behind(server.address("webhook+https"), timeout=0.5).send(message()))

    assert outcome == "unreachable"
    assert server.asked == []


def test_a_pager_gets_one_incident_however_often_it_is_told(server: WebServer) -> None:
    carrier = behind(server.address("events+http", "/v2/enqueue?routing_key=R0UTE"))

    for signal in ("trigger", "trigger", "acknowledge", "resolve"):
        carrier.send(message(signal=signal, level="critical"))

    sent = [json.loads(asked.body) for asked in server.asked]
    assert [(e["event_action"], e["dedup_key"], e["routing_key"]) for e in sent] == [
        (action, "sevlog-k3j9x2m7q1ab", "R0UTE") for action in ("trigger", "trigger", "acknowledge", "resolve")
    ]
    assert sent[0]["payload"] == {
        "summary": "Card payments fail",
        "source": "Cart and Co",
        "severity": "critical",
        "timestamp": "2026-11-23T14:07:30+00:00",
        "custom_details": {"text": "Cards are refused.\n"},
    }
    assert sent[0]["links"][0]["href"] == "https://status.cart.example/incidents/k3j9x2m7q1ab/"
    assert "payload" not in sent[2]
    assert all("R0UTE" not in asked.path for asked in server.asked)


def test_a_pager_is_not_told_what_it_cannot_act_on(server: WebServer) -> None:
    receipt = behind(server.address("events+http", "/?routing_key=R0UTE")).send(message())

    assert told(receipt) == ("not_for_it", PAGES_ONLY)
    assert server.asked == []


@pytest.mark.parametrize(
    "value",
    [
        "webhook://h/x",
        "webhook+ftp://h/x",
        "webhook+https:///x",
        "webhook+http://me:pw@far.example/x",
        "events+https://h/x",
        "events+https://h/x?routing_key=a&routing_key=b",
        "webhook+https://h:port/x",
        "webhook+https://one.example https://two.example",
        "webhook+https://h/x\u00fc",
    ],
)
def test_an_address_that_is_none_is_told_without_saying_it(value: str) -> None:
    with pytest.raises(BadAddress) as told:
        behind(value)

    said = "\n".join([told.value.message, *told.value.hints])
    assert "SEVLOG_NOTIFY_HERE" in said
    assert value not in said and "pw" not in said
