"""sevlog postmortem import chat: nothing enters the record without a review, and each message enters once."""

from __future__ import annotations

import pytest

from fixtures.chats import BIDI
from fixtures.repositories import Repository
from sevlog.stores.yaml import io as yaml_io

KEY = "AKIA" + "Q7RT5LKM2WXZ9VBN"
LOG = f"""\
[09:00] ana: about lunch
[14:50] Ana: Seeing 5xx on checkout
[14:51] zed: the pool is full
[14:51] ana: ok thanks
[14:52] bo: decision: no promo {BIDI}
[14:53] chi-forge: key is {KEY}
[14:54] bo: rolled back
"""
ZONE = ("--zone", "Europe/Berlin", "--date", "2026-11-23")


def proposed(records: Repository, *more: str, log: str = LOG) -> str:
    """Propose the messages of a log; the id of the incident."""
    incident = records.resolved()
    (records.root / "log.txt").write_text(log, "utf-8")
    done = records.sevlog("postmortem", "import", "chat", "log.txt", *ZONE, "-i", incident, "-o", "p.yaml", *more)
    assert done.code == 0, done.err
    return incident


def reviewed(records: Repository, *changes: tuple[str, str]) -> None:
    path = records.root / "p.yaml"
    text = path.read_text("utf-8")
    for old, new in (("reviewed: false", "reviewed: true"), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def rows(records: Repository) -> list[dict[str, object]]:
    read = yaml_io.read((records.root / "p.yaml").read_bytes())
    assert isinstance(read, dict)
    found: list[dict[str, object]] = read["messages"]
    return found


@pytest.mark.demand("S84")
def test_a_chat_becomes_entries_after_a_review_in_one_commit(records: Repository) -> None:
    incident = proposed(records)
    before = records.commits()
    assert "is not reviewed yet" in records.refuses(3, "postmortem", "import", "chat", "--apply", "p.yaml")
    reviewed(records)

    done = records.tells("postmortem", "import", "chat", "--apply", "p.yaml", "--as", "chi")

    assert records.commits()[1:] == before
    assert len(done["entries"]) == 4
    found = [e for e in records.tells("timeline", incident)["timeline"] if "-chat-" in e["id"]]
    assert [(e["kind"], e["at"], e["by"]) for e in found] == [
        ("observation", "2026-11-23T13:50:00Z", "ana"),
        ("note", "2026-11-23T13:51:00Z", "chi"),
        ("decision", "2026-11-23T13:52:00Z", "bo"),
        ("action_taken", "2026-11-23T13:54:00Z", "bo"),
    ]
    text = records.does("show", incident, "--json")
    assert "zed (in the chat): the pool is full" in text and "\\u202e" not in text
    assert {e["recorded_at"][:16] for e in found} == {"2026-11-23T14:00"}
    shown = records.does("postmortem", "show", "-i", incident)
    assert "rolled back" in shown and "the pool is full" not in shown
    assert records.sevlog("check").code == 0


def test_a_repeated_import_records_nothing_twice(records: Repository) -> None:
    incident = proposed(records)
    reviewed(records)
    records.does("postmortem", "import", "chat", "--apply", "p.yaml")

    again = records.refuses(3, "postmortem", "import", "chat", "--apply", "p.yaml")
    more = records.sevlog("postmortem", "import", "chat", "log.txt", *ZONE, "-i", incident, "-o", "q.yaml")

    assert "all 4 messages are recorded already" in again
    assert "4 recorded already" in more.err
    assert "2 messages of plain" in more.err


def test_the_file_says_what_to_look_at(records: Repository) -> None:
    proposed(records)

    ana, zed, thanks, promo, secret, back = rows(records)
    assert (ana["keep"], ana["by"], ana["kind"], ana["key"]) == (True, "ana", "observation", False)
    assert (zed["by"], zed["name"], zed["kind"]) == (None, "zed", "note")
    assert thanks["keep"] is False
    assert (promo["key"], promo["text"]) == (True, "decision: no promo admingnp.exe")
    assert (secret["keep"], secret["by"]) == (False, "chi")
    assert KEY not in (records.root / "p.yaml").read_text("utf-8")
    assert "revoke it" in str(secret["remark"])
    assert (back["type"], back["message"]) == ("rollback", "log.txt: line 7")


MISTAKES = (
    ("kind: observation", "kind: rant", 2, "p.yaml: message 1: Invalid enum value 'rant' - at `$.kind`"),
    ("by: ana", "by: anna", 2, "message 1: person `anna` is not listed in oncall.yaml"),
    ("type: rollback", "key: true", 6, "p.yaml: line"),
    ("    type: rollback\n", "", 2, "message 6: `action_taken` needs a `type`"),
    ("the pool is full", f"the pool {KEY}", 3, "message 2: this looks like"),
    ("13:50", "23:50", 2, "message 1: 2026-11-23T23:50:00Z is in the future"),
    ("by: ana", "bye: ana", 2, "message 1: Object contains unknown field `bye`"),
)


def test_a_mistake_in_the_file_is_named_with_its_message(records: Repository) -> None:
    proposed(records)
    reviewed(records)
    path = records.root / "p.yaml"
    right = path.read_text("utf-8")

    for old, new, code, said in MISTAKES:
        path.write_text(right.replace(old, new, 1), "utf-8")
        assert said in records.refuses(code, "postmortem", "import", "chat", "--apply", "p.yaml")


def test_a_note_that_is_marked_key_is_in_the_timeline_of_the_postmortem(records: Repository) -> None:
    incident = proposed(records)
    reviewed(records, ("kind: note\n    key: false", "kind: note\n    key: true"))

    records.does("postmortem", "import", "chat", "--apply", "p.yaml")

    assert "the pool is full" in records.does("postmortem", "show", "-i", incident)


def test_other_times_are_left_out_unless_all_are_asked_for(records: Repository) -> None:
    incident = proposed(records, "--all")
    assert str(rows(records)[0]["text"]) == "about lunch"
    records.refuses(2, "postmortem", "import", "chat", "log.txt", *ZONE, "-i", incident, "-o", "p.yaml")
    (records.root / "log.txt").write_text("[09:00] ana: about lunch\n", "utf-8")

    said = records.refuses(3, "postmortem", "import", "chat", "log.txt", *ZONE, "-i", incident)

    assert "1 outside the time of the incident" in said
    assert "add --all" in said
