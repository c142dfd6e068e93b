"""A chat with threads: one per incident, across runs and machines, with corrections in place and the roles on top."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fixtures.repositories import Repository
from fixtures.sending import Sending
from fixtures.vendors.every import at
from fixtures.vendors.fake import Fake, Reply

ROUTES = """\
notify:
  routes:
    - {on: [raised, assigned, update, resolved], to: ROOM, channel: chat}
"""
SAID = ("update", "--audience", "internal")


@pytest.fixture
def slack() -> Iterator[tuple[Fake, str]]:
    with at("slack") as found:
        yield found


@pytest.fixture
def room(records: Repository, slack: tuple[Fake, str]) -> Sending:
    found = Sending(records, ROUTES)
    found.environment = {"SEVLOG_NOTIFY_ROOM": f"{slack[1]}&topic=yes"}
    return found


def counted(fake: Fake) -> None:
    """Each message gets a number of its own, as in Slack."""
    before, count = fake.vendor, iter(range(1, 100))

    def vendor(request: object) -> Reply:
        reply = before(request)  # type: ignore[arg-type]
        if isinstance(reply.body, dict) and "ts" in reply.body:
            reply = Reply(200, {**reply.body, "ts": f"1503435956.{next(count):06}"})
        return reply

    fake.vendor = vendor


@pytest.mark.demand("S36")
def test_all_messages_of_an_incident_answer_the_first_one(room: Sending, slack: tuple[Fake, str]) -> None:
    fake = slack[0]
    counted(fake)
    room.raised()
    room.records.does(*SAID, "Two teams look into it.")
    room.notify()  # both in one run
    room.records.does(*SAID, "It is the cache.")
    room.notify()

    posts = [asked.fields for asked in fake.taken if asked.path == "/api/chat.postMessage"]
    assert [post.get("thread_ts") for post in posts] == [None, "1503435956.000001", "1503435956.000001"]


@pytest.mark.demand("S36")
def test_a_message_that_was_late_is_not_the_root_of_the_thread(room: Sending, slack: tuple[Fake, str]) -> None:
    fake = slack[0]
    counted(fake)
    fake.plans = [Reply(429, {}, {"Retry-After": "90"})]
    room.raised()
    room.notify()
    room.records.does(*SAID, "It is the cache.")
    room.notify()
    room.notify(retry=True)  # the first one, late
    room.records.does(*SAID, "It is fixed.")
    room.notify()

    posts = [asked.fields for asked in fake.taken if asked.path == "/api/chat.postMessage"]
    assert [post.get("thread_ts") for post in posts] == [None, "1503435956.000001", "1503435956.000001"]


@pytest.mark.demand("S41")
def test_a_correction_edits_the_message_that_it_corrects(room: Sending, slack: tuple[Fake, str]) -> None:
    fake = slack[0]
    room.raised()
    room.records.does(*SAID, "It is the cache.")
    room.notify()
    entry = room.records.tells("show")["updates"][-1]["id"]
    room.records.does("correct", entry, "text=It is the database.")
    room.notify()

    (edit,) = (asked.fields for asked in fake.taken if asked.path == "/api/chat.update")
    assert "It is the database." in edit["text"]


@pytest.mark.demand("S14")
def test_the_topic_of_the_channel_says_who_has_which_role(room: Sending, slack: tuple[Fake, str]) -> None:
    fake = slack[0]
    room.raised()
    room.records.does("ack", "--as", "ana", "--channel", "chat=https://chat.example/room")
    room.records.does(*SAID, "It is the cache.")
    room.notify()

    topics = [asked.fields["topic"] for asked in fake.taken if asked.path == "/api/conversations.setTopic"]
    assert len(topics) == 2  # the update changes neither
    assert topics[-1].startswith("SEV3 ") and topics[-1].endswith(": Checkout fails | Incident manager: Ana")
