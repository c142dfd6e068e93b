"""Text messages and posts: within the limits as the networks count them, with the link, and once."""

from __future__ import annotations

import pytest

from fixtures.messages import behind, message, told
from fixtures.vendors.every import at
from fixtures.vendors.fake import Reply
from fixtures.vendors.posts import STOPPED
from sevlog.adapters.delivery.vendors.posts.twilio import segments, text_message

LINK = "https://status.cart.example/incidents/k3j9x2m7q1ab/"


@pytest.mark.demand("S38")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("ł" * 134, 2),
        ("\U0001f600" * 35, 1),
        ("\U0001f600" * 36, 2),
    ],
)
def test_segments_are_counted_as_networks_do(text: str, expected: int) -> None:
    assert segments(text) == expected


@pytest.mark.demand("S38")
@pytest.mark.parametrize("text", ["Cards are refused. " * 40, "Płatności nie działają. " * 40, "[~|€] " * 90])
@pytest.mark.parametrize("most", [1, 2, 4])
def test_a_text_message_has_at_most_so_many_segments_and_its_link(text: str, most: int) -> None:
    found = text_message(text, LINK, most)

    assert segments(found) <= most
    assert found.endswith(LINK) or (most == 1 and "ł" in text)
    assert segments(found + " " + text[:30]) > most or most == 1


def test_typographic_characters_do_not_double_the_price() -> None:
    assert text_message("It\u2019s \u201cdown\u201d \u2013 wait\u2026", None, 2) == 'It\'s "down" - wait...'


@pytest.mark.demand("S38")
def test_a_text_message_says_its_id_and_a_recipient_who_stopped_is_final() -> None:
    with at("twilio") as (fake, address):
        assert behind(address).send(message()).id == "SM0123456789abcdef0123456789abcdef"
        assert fake.taken[0].fields["Body"] == f"Card payments fail: cards are refused {LINK}"

        outcome, reason = told(behind(address.replace("+15005550009", STOPPED)).send(message()))
        assert (outcome, STOPPED in reason) == ("refused", False)
        assert reason.startswith("it answered 400: 21610 Attempt to send to unsubscribed recipient")


def test_a_mastodon_post_is_made_once_and_the_next_one_answers_it() -> None:
    with at("mastodon") as (fake, address):
        carrier = behind(f"{address}?visibility=unlisted")
        first, again = carrier.send(message()), carrier.send(message())
        carrier.send(message(key="other", root=first.id))

        assert first.id == again.id
        assert [asked.fields.get("in_reply_to_id") for asked in fake.taken] == [None, None, first.id]
        assert {asked.fields["visibility"] for asked in fake.taken} == {"unlisted"}


def test_a_post_mentions_nobody_and_keeps_a_link_with_an_at_sign() -> None:
    with at("mastodon") as (fake, address):
        behind(address).send(message(short="@bo@social.example see https://social.example/@ana/1"))

        assert fake.taken[0].fields["status"].startswith("@\u200bbo@social.example see https://social.example/@ana/1")


def test_a_bluesky_post_has_a_link_the_same_key_at_every_try_and_a_thread() -> None:
    with at("bluesky") as (fake, address):
        first, again = (behind(address).send(message(short="Zahlungen fallen für alle aus")) for _ in range(2))
        behind(address).send(message(key="other", root=first.id))

        posts = [asked.fields for asked in fake.taken if "record" in asked.fields]
        assert first.id == again.id == f"at://did:plc:abc/app.bsky.feed.post/{posts[0]['rkey']} bafyreib2rxk"
        assert posts[0]["rkey"] != posts[2]["rkey"]
        assert posts[0]["record"]["facets"][0]["features"][0]["uri"] == LINK
        uri, cid = (first.id or "").split()
        assert posts[2]["record"]["reply"]["root"] == {"uri": uri, "cid": cid}


def test_a_login_that_fails_posted_nothing() -> None:
    with at("bluesky") as (fake, address):
        fake.plans = ["gone"]
        assert told(behind(address).send(message()))[0] == "unreachable"

        fake.plans = [Reply(200, "<html>")]
        assert told(behind(address).send(message()))[0] == "unreachable"

        outcome, reason = told(behind(address.replace("abcd", "wxyz")).send(message()))
        assert (outcome, reason) == ("refused", "login: it answered 401: Invalid identifier or password")
        assert len([asked for asked in fake.asked if "record" in asked.fields]) == 0
