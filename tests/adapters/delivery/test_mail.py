"""Mail: one thread an incident, whatever the server does, and nothing in it that was not put there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.messages import behind, message, told
from fixtures.servers import MailServer, free_port, running
from sevlog.adapters.delivery.base import BadAddress, Receipt
from sevlog.adapters.delivery.mail import Mail
from sevlog.adapters.delivery.trying import PAUSES, send

pytestmark = pytest.mark.demand("S35")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running(MailServer()) as up:
        yield up


def test_a_mail_arrives_as_it_was_written(server: MailServer) -> None:
    carrier = behind(server.address("list@shop.example", **{"reply-to": "help@cart.example"}))

    assert carrier.send(message(topic="[Grüße] Zahlungen – überall", plain="Größe: ü\n.\n..x\nend\n", first=True)) == (
        Receipt(outcome="sent")
    )

    taken = server.taken[0]
    assert (taken.sender, taken.recipients) == ("status@cart.example", ("list@shop.example",))
    mail = taken.mail
    assert mail["Subject"] == "[Grüße] Zahlungen – überall"
    assert mail["From"] == "Cart and Co <status@cart.example>"
    assert mail["To"] == "list@shop.example"
    assert mail["Reply-To"] == "help@cart.example"
    assert mail["Date"].datetime.isoformat() == "2026-11-23T14:07:30+00:00"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert taken.text == "Card payments fail\n\nGröße: ü\n.\n..x\nend\n\n"


def test_all_mails_about_an_incident_are_one_thread_with_one_subject(server: MailServer) -> None:
    carrier = behind(server.address("list@shop.example"))

    carrier.send(message(first=True, key="a"))
    carrier.send(message(key="b"))
    carrier.send(message(key="c"))

    first, second, third = server.mails
    assert first["Message-ID"] == "<k3j9x2m7q1ab@status.cart.example>"
    assert first["In-Reply-To"] is None
    for mail in (second, third):
        assert mail["In-Reply-To"] == mail["References"] == first["Message-ID"]
        assert mail["Subject"] == f"Re: {first['Subject']}"
    assert second["Message-ID"] == "<b.k3j9x2m7q1ab@status.cart.example>"


def test_a_mail_that_is_sent_again_is_the_same_mail(server: MailServer) -> None:
    server.plans = [{".": "taken, gone"}]

    receipt, tries = send(behind(server.address("a@x.example")), message(), twice=True, pause=lambda _: None)

    assert (receipt.outcome, tries) == ("sent", 2)
    assert server.taken[0] == server.taken[1]


def test_a_long_incident_id_stays_a_message_id(server: MailServer) -> None:
    thread = "2026-11-23-" + "a-very-long-title-" * 6

    behind(server.address("a@x.example")).send(message(thread=thread))

    assert server.mails[0]["References"].strip() == f"<{thread}@status.cart.example>"
    assert b"=?" not in server.taken[0].data


def test_recipients_do_not_see_each_other(server: MailServer) -> None:
    behind(server.address("a@x.example", "b@y.example")).send(message())

    assert server.taken[0].recipients == ("a@x.example", "b@y.example")
    assert b"x.example" not in server.taken[0].data
    assert server.mails[0]["To"] == "undisclosed-recipients:;"


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), min_size=4, max_size=4))
def test_no_text_ever_becomes_a_header(texts: list[str]) -> None:
    topic, headline, sender, plain = texts
    carrier = behind("smtp://127.0.0.1/?from=status@cart.example&to=a@x.example&to=b@x.example")
    assert isinstance(carrier, Mail)

    data = carrier.written(
        message(topic=f"x\r\nBcc: evil@x.example\r\n{topic}", headline=headline, sender=sender, plain=plain)
    )

    names = [
        line.partition(b":")[0] for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] not in b" \t"
    ]
    assert names == [
        b"Content-Type",
        b"MIME-Version",
        b"Message-ID",
        b"In-Reply-To",
        b"References",
        b"Date",
        b"From",
        b"To",
        b"Subject",
        b"Auto-Submitted",
        b"X-Auto-Response-Suppress",
        b"Content-Transfer-Encoding",
    ] or sorted(names) == sorted(set(names))
    assert b"bcc" not in [name.lower() for name in names]
    assert data.endswith(b"\r\n")


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"greeting": "554 go away"}, ("refused", "the mail server refused the greeting (554)")),
        ({"greeting": "421 busy"}, ("unreachable", "the mail server refused the greeting (421)")),
        ({"greeting": "gone"}, ("unreachable", "cannot reach the mail server (the connection was lost)")),
        ({"MAIL": "550 not you: status@cart.example"}, ("refused", "the mail server refused the sender (550)")),
        ({"MAIL": "mute"}, ("unreachable", "cannot reach the mail server (no response in time)")),
        ({"RCPT": "550 no such user list@shop.example"}, ("refused", "the mail server refused the recipients (550)")),
        ({"RCPT": "450 later"}, ("unreachable", "the mail server refused the recipients (450)")),
        ({"DATA": "451 later"}, ("unreachable", "the mail server refused the message (451)")),
        ({".": "554 spam"}, ("refused", "the mail server refused the message (554)")),
        ({".": "452 full"}, ("unreachable", "the mail server refused the message (452)")),
        ({".": "gone"}, ("unknown", "no response to the message (the connection was lost)")),
        ({".": "taken, mute"}, ("unknown", "no response to the message (no response in time)")),
    ],
)
def test_what_the_server_does_is_told_without_its_words(
    server: MailServer, plan: dict[str, str], expected: tuple[str, str]
) -> None:
    server.plans = [plan]

    assert told(behind(server.address("list@shop.example"), timeout=0.2).send(message())) == expected


def test_it_may_have_arrived_only_after_the_last_dot(server: MailServer) -> None:
    """Then a mail is not sent again; before, it is."""
    pauses: list[float] = []
    carrier = behind(server.address("list@shop.example"), timeout=0.2)
    server.plans = [{".": "taken, mute"}]

    receipt, tries = send(carrier, message(), twice=False, pause=pauses.append)

    assert (receipt.outcome, tries, pauses) == ("unknown", 1, [])
    server.plans = [{"DATA": "gone"}, {"RCPT": "451 later"}]
    receipt, tries = send(carrier, message(), twice=False, pause=pauses.append)
    assert (receipt.outcome, tries, pauses) == ("sent", 3, list(PAUSES))


def test_tries_are_bounded(server: MailServer) -> None:
    server.plans = [{"greeting": "421 busy"}] * 9

    receipt, tries = send(behind(server.address("a@x.example")), message(), twice=True, pause=lambda _: None)

    assert (receipt.outcome, tries, server.connections) == ("unreachable", 3, 3)


def test_some_recipients_may_be_refused(server: MailServer) -> None:
    server.refused = {"b@x.example": "550 unknown"}

    receipt = behind(server.address("a@x.example", "b@x.example", "c@x.example")).send(message())

    assert told(receipt) == ("sent", "1 of 3 recipients were refused")
    assert server.taken[0].recipients == ("a@x.example", "c@x.example")


def test_nobody_there_and_no_such_host() -> None:
    nobody = behind(f"smtp://127.0.0.1:{free_port()}/?from=a@x.example&to=b@x.example")

    assert told(nobody.send(message())) == ("unreachable", "cannot reach the mail server (the connection was refused)")


def test_a_server_that_talks_without_end_is_cut_off(server: MailServer) -> None:
    """Each line comes in time, and there is always one more."""
    server.plans = [{"EHLO": "250-" + "\r\n250-".join("x" * 50 for _ in range(3))}]
    carrier = behind(server.address("a@x.example"), patience=0.2, timeout=30)

    assert told(carrier.send(message()))[0] == "unreachable"


def test_no_password_goes_over_a_connection_that_is_not_encrypted(server: MailServer) -> None:
    carrier = behind(server.address("a@x.example", user="status"))
    assert isinstance(carrier, Mail)
    assert told(carrier.send(message())) == ("sent", "")  # to this machine itself it may

    carrier._loopback = False

    assert told(carrier.send(message()))[0] == "refused"
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    "value",
    [
        "smtp://h/?to=b@x.example",
        "smtp://h/?from=a@x.example",
        "smtp:///?from=a@x.example&to=b@x.example",
        "smtp://h/?from=a&to=b@x.example",
        "smtp://h/?from=a@x.example&to=b%0d%0aRCPT@x.example@y",
        "smtp://h/?from=a@x.example&to=b@x.example&cc=c@x.example",
        "smtp://h:x/?from=a@x.example&to=b@x.example",
        "smtp://h/?from=a@x.example&to=b@x.example&unsubscribe=javascript:x",
        "smtp://h/?from=a@x.example&to=ü@x.example",
    ],
)
def test_an_address_that_is_none_is_told_without_saying_it(value: str) -> None:
    with pytest.raises(BadAddress) as told:
        behind(value)

    said = "\n".join([told.value.message, *told.value.hints])
    assert "SEVLOG_NOTIFY_HERE" in said
    assert value not in said and "x.example&" not in said


def test_names_beside_addresses_and_a_way_out(server: MailServer) -> None:
    value = server.address(
        "List <list@shop.example>", from_="Status Seite <status@bücher.example>", unsubscribe="https://cart.example/u"
    )

    behind(value).send(message())

    mail = server.mails[0]
    assert mail["From"] == "Status Seite <status@xn--bcher-kva.example>"
    assert mail["List-Unsubscribe"] == "<https://cart.example/u>"
    assert mail["Importance"] is None
