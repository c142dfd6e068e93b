"""Proposals from a chat: who wrote a message, and what it may be."""

from __future__ import annotations

import hashlib

import pytest

from sevlog.model.learning.chat.people import Matcher
from sevlog.model.learning.chat.proposals import guessed, is_small_talk
from sevlog.model.oncall.roster import Person

PEOPLE = (
    Person(key="ana", name="Ana Lima", email_sha256=hashlib.sha256(b"a@example.org").hexdigest()),
    Person(key="bo", name="Kim Park", forge="bo-forge"),
    Person(key="kim", name="Kim Park"),
    Person(key="bo-forge2", name="ana"),
)


@pytest.mark.parametrize(
    ("names", "mails", "handle"),
    [
        (("ANA",), (), "ana"),
        (("nobody",), ("A@Example.org ",), "ana"),
        (("bo-forge",), (), "bo"),
        (("@ana  lima",), (), "ana"),
        (("Kim Park",), (), None),
        (("kim", "Kim Park"), (), "kim"),
        (("Xu",), ("x@example.org",), None),
    ],
)
def test_people_are_matched_by_mail_then_handle_then_forge_then_name(
    names: tuple[str, ...], mails: tuple[str, ...], handle: str | None
) -> None:
    assert Matcher(PEOPLE).handle(names, mails) == handle


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Decision: no promo", ("decision", None)),
        ("we've rolled back to 4f2c1e", ("action_taken", "rollback")),
        ("Restarted node 3", ("action_taken", "change")),
        ("I'm seeing 5xx", ("observation", None)),
        ("Should we roll back?", ("note", None)),
        ("undecided", ("note", None)),
    ],
)
def test_the_first_words_propose_a_kind(text: str, kind: tuple[str, str | None]) -> None:
    assert guessed(text) == kind


def test_thanks_and_emoji_are_small_talk_and_facts_are_not() -> None:
    assert [t for t in ("ok thanks!", ":tada: :+1:", "👍", "@ana thx", "…") if not is_small_talk(t)] == []
    assert [t for t in ("ok, restarting", "no errors", "503", "disk full") if is_small_talk(t)] == []
