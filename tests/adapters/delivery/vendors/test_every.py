"""What holds for every vendor: its API takes what is sent, failures are told apart, and no secret gets out."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from fixtures.messages import behind, message, told
from fixtures.vendors.every import EVERY, at
from fixtures.vendors.fake import Reply
from fixtures.vendors.posts import SESSION
from sevlog.adapters.delivery.base import BadAddress
from sevlog.adapters.delivery.trying import send
from sevlog.adapters.delivery.vendors.table import VENDORS

pytestmark = pytest.mark.demand("S32")

KINDS = sorted(EVERY)
LONG = "Cards & wallets <fail> for *every*one in \u00e4 \U0001f600 region_1. " * 1500


def secrets(address: str) -> list[str]:
    """The parts of an address that no output may have."""
    found = urlsplit(address)
    parts = [found.username or "", found.password or "", *found.path.split("/"), *dict(parse_qsl(found.query)).values()]
    return [part for part in parts if "s3cr" in part or "s3cret" in part]


def test_every_vendor_has_a_fake() -> None:
    assert {*EVERY} == {*VENDORS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_longer_than_the_limit_is_taken_and_keeps_its_link(kind: str) -> None:
    with at(kind) as (fake, address):
        carrier = behind(address)
        long = message(plain=LONG, headline=LONG, short=LONG, signal="trigger", urgent=True, level="critical")

        receipts = [carrier.send(long), carrier.send(message(signal="trigger"))]

        assert [told(one) for one in receipts] == [("sent", ""), ("sent", "")]
        assert len(fake.taken) == len(fake.asked) >= 2
        assert carrier.kind == kind
        first = [str(asked.fields) for asked in fake.taken[: len(fake.taken) // 2]]
        assert any("https://status.cart.example/incidents/k3j9x2m7q1ab/" in fields for fields in first)


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_has_the_words_of_the_vendor_and_no_secret(kind: str) -> None:
    with at(kind) as (fake, address):
        carrier = behind(address)
        echo = f"bad: {' '.join(secrets(address))} and http://h/?k={'k3y' * 12}"
        body = {"message": echo, "error": echo, "errors": [echo], "description": echo, "detail": echo}
        for status in (400, 401, 403, 404, 410):
            fake.plans = [Reply(status, body)]
            receipt = carrier.send(message(signal="trigger", urgent=True, level="critical"))

            assert receipt.outcome == "refused"
            assert str(status) in receipt.reason and "bad:" in receipt.reason
            assert not any(secret in receipt.reason for secret in [*secrets(address), "k3yk3y"])
        assert len(secrets(address)) >= 1
        assert not any(secret in repr(carrier) for secret in secrets(address))


@pytest.mark.parametrize("kind", KINDS)
def test_a_vendor_that_is_busy_gets_the_pause_it_asks_for(kind: str) -> None:
    with at(kind) as (fake, address):
        page = message(signal="trigger", urgent=True, level="critical")
        pauses: list[float] = []
        fake.plans = [Reply(429, {}, {"Retry-After": "7"}), Reply(503, {})]
        receipt, tries = send(behind(address), page, twice=False, pause=pauses.append)
        assert (receipt.outcome, tries, pauses) == ("sent", 3, [7.0, 4.0])

        fake.plans = [Reply(429, {}, {"Retry-After": "90"})]
        receipt, tries = send(behind(address), page, twice=False, pause=pauses.append)
        assert (receipt.outcome, receipt.wait, tries) == ("unreachable", 90.0, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_vendor_that_hangs_up_after_the_request_leaves_a_doubt(kind: str) -> None:
    with at(kind) as (fake, address):
        before = [Reply(200, SESSION)] if kind == "bluesky" else []
        fake.plans = [*before, "gone"]
        receipt, tries = send(behind(address), message(signal="trigger"), twice=False, pause=lambda _: None)
        assert (receipt.outcome, tries) == ("unknown", 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_malformed_address_is_named_and_not_shown(kind: str) -> None:
    _, address = EVERY[kind]
    for broken in (
        address.replace("http://", "http://far.").replace("HOST", "example"),
        address.replace("HOST", "h:port"),
        f"{address.replace('HOST', '127.0.0.1')}{'&' if '?' in address else '?'}s3cretoption=1",
        address.replace("HOST", "").replace("@/", "/"),
    ):
        if kind in ("googlechat", "teams") and "s3cretoption" in broken:
            continue  # their own addresses have any options
        with pytest.raises(BadAddress) as wrong:
            behind(broken)
        said = "\n".join([wrong.value.message, *wrong.value.hints])
        assert "SEVLOG_NOTIFY_HERE" in said
        assert not any(secret in said for secret in [*secrets(address), "s3cretoption"])


def test_the_documentation_has_one_row_for_each_vendor() -> None:
    text = (Path(__file__).parents[4] / "docs/notifications.md").read_text("utf-8")
    for kind, entry in VENDORS.items():
        (row,) = (line for line in text.splitlines() if line.startswith(f"| `{kind}+https:"))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[1:] == [entry.name, "no", entry.same, entry.threads, entry.limit]
        assert f"| {entry.name} | {entry.carrier.form} |" in text.replace("`", "")
