"""Chats: threads, corrections and topics where they have them, and texts that show as written and notify nobody."""

from __future__ import annotations

import json

import pytest

from fixtures.messages import behind, message, told
from fixtures.vendors.chats import TS
from fixtures.vendors.every import at
from fixtures.vendors.fake import Reply

pytestmark = pytest.mark.demand("S36")

HOSTILE = (
    "@everyone @here @channel @all <!channel> <!here> <@U123> <users/all> <at>bo</at>\n# *x* [a](b) ops@cart.example"
)
PINGS = ("@everyone", "@here", "@channel", "@all", "<!", "<@", "<users/", "<at>")
CHATS = ("slack", "slack hook", "teams", "mattermost", "googlechat", "discord", "telegram")


@pytest.mark.parametrize("kind", CHATS)
def test_a_text_notifies_nobody_and_shows_as_written(kind: str) -> None:
    with at(kind) as (fake, address):
        assert told(behind(address).send(message(plain=HOSTILE, headline="Hi @here & <!channel>"))) == ("sent", "")

        sent = json.dumps(fake.taken[0].fields, ensure_ascii=False)
        assert [ping for ping in PINGS if ping in sent] == []
        assert "ops@cart.example" in sent
        if kind in ("mattermost", "discord"):
            assert "\\# \\*x\\* \\[a\\](b)" in json.loads(sent)["text" if kind == "mattermost" else "content"]
        if kind.startswith("slack"):
            assert "Hi @\u200bhere &amp; &lt;\u200b!channel&gt;" in sent


def test_a_slack_bot_answers_in_the_thread_edits_what_a_correction_corrects_and_sets_the_topic() -> None:
    with at("slack") as (fake, address):
        carrier = behind(f"{address}&topic=yes")
        first = carrier.send(message(standing="SEV1 fixing | manager: ana"))
        second = carrier.send(message(root=first.id, replaces=first.id, plain="Correction: it is 3 %."))

        assert (first.id, second.reason) == (TS, "")
        posted, topic, edited, answered = fake.taken
        assert "thread_ts" not in posted.fields
        assert (topic.path, topic.fields["topic"]) == ("/api/conversations.setTopic", "SEV1 fixing | manager: ana")
        assert (edited.path, edited.fields["ts"]) == ("/api/chat.update", TS)
        assert answered.fields["thread_ts"] == TS
        assert answered.fields["text"] == edited.fields["text"]


def test_what_a_slack_bot_may_not_do_beside_the_message_is_named() -> None:
    with at("slack") as (fake, address):
        fake.plans = [
            Reply(200, {"ok": False, "error": "cant_update_message"}),
            Reply(200, {"ok": True, "ts": TS}),
            Reply(200, {"ok": False, "error": "missing_scope"}),
        ]
        receipt = behind(f"{address}&topic=yes").send(message(replaces=TS, standing="SEV1"))

        assert (receipt.outcome, receipt.id) == ("sent", TS)
        assert "not edited: it answered 200: cant_update_message" in receipt.reason
        assert "topic was not set: it answered 200: missing_scope" in receipt.reason


def test_a_topic_is_cut_to_what_slack_takes() -> None:
    with at("slack") as (fake, address):
        assert behind(f"{address}&topic=yes").send(message(standing="role: bo, " * 60)).reason == ""
        assert len(fake.taken[1].fields["topic"]) <= 250


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"ok": False, "error": "channel_not_found"}, "refused"),
        ({"ok": False, "error": "ratelimited"}, "unreachable"),
        ({"ok": False, "error": "fatal_error"}, "unreachable"),
        ("<html>log in to the proxy</html>", "unknown"),
    ],
)
def test_slack_says_no_with_the_status_200(body: object, outcome: str) -> None:
    with at("slack") as (fake, address):
        fake.plans = [Reply(200, body)]
        assert behind(address).send(message()).outcome == outcome


def test_a_slack_webhook_that_was_removed_says_so() -> None:
    with at("slack hook") as (fake, address):
        fake.plans = [Reply(410, "channel_is_archived")]
        assert told(behind(address).send(message())) == ("refused", "it answered 410: channel_is_archived")


def test_google_chat_has_one_thread_per_incident_and_one_message_per_delivery() -> None:
    with at("googlechat") as (fake, address):
        receipts = [behind(address).send(message()) for _ in range(2)]

        assert {asked.fields["thread"]["threadKey"] for asked in fake.taken} == {"k3j9x2m7q1ab"}
        assert {asked.query["requestId"] for asked in fake.taken} == {"5f2c8a01d4"}
        assert receipts[0].id == "spaces/AAAA/messages/B.C"


def test_telegram_answers_the_first_message_and_is_silent_unless_it_wakes_somebody() -> None:
    with at("telegram") as (fake, address):
        first = behind(address).send(message(urgent=True))
        behind(f"{address}&topic=7").send(message(root=first.id))

        assert first.id == "42"
        urgent, answer = (asked.fields for asked in fake.taken)
        assert (urgent["disable_notification"], answer["disable_notification"]) == (False, True)
        assert answer["reply_parameters"] == {"message_id": 42, "allow_sending_without_reply": True}
        assert (answer["message_thread_id"], "parse_mode" in answer) == (7, False)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("telegram", {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 31}}),
        ("discord", {"message": "You are being rate limited.", "retry_after": 31.0}),
    ],
)
def test_a_pause_that_is_named_in_the_body_counts_too(kind: str, body: dict[str, object]) -> None:
    with at(kind) as (fake, address):
        fake.plans = [Reply(429, body)]
        receipt = behind(address).send(message())
        assert (receipt.outcome, receipt.wait) == ("unreachable", 31.0)


def test_discord_posts_to_a_thread_and_says_the_id() -> None:
    with at("discord") as (fake, address):
        assert behind(f"{address}?thread=123456789").send(message()).id == "1098765432109876543"
        assert fake.taken[0].query == {"wait": "true", "thread_id": "123456789"}
