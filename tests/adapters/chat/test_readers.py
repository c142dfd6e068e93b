"""Exports of chats: what each reader makes of messages, people, threads, edits, bots and damage."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from fixtures import chats
from sevlog.adapters.chat.message import LONGEST, Chat, cleaned
from sevlog.adapters.chat.reading import read_chat
from sevlog.errors import NotFound, SevlogError, UsageError


def read(path: Path, *, form: str | None = None, channel: str | None = None) -> Chat:
    return read_chat(path, form, channel, None)


def saved(folder: Path, value: object, name: str = "export.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


@pytest.mark.demand("S84")
def test_slack_reads_a_folder_and_its_zip_in_the_order_of_the_messages(tmp_path: Path) -> None:
    folder = chats.slack(tmp_path / "export")
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for file in sorted(folder.rglob("*.json")):
            archive.write(file, file.relative_to(folder))

    chat = read(folder, channel="#inc-checkout")

    assert [m.text for m in chat.messages] == [
        "Seeing 5xx > 10% & rising graph (https://g.example/d)",
        "Who looks at #checkout?",
        "me, @ana @here",
        "Rolled back to 4f2c1e\n[file: log.txt]",
        "decision: no promo",
        f"{chats.BIDI} thing_new_subtype",
    ]
    assert [m.author.name for m in chat.messages][2:4] == ["Bo", "U9 (not in users.json)"]
    assert [bool(m.thread) for m in chat.messages] == [False, False, True, False, False, False]
    assert [m.pinned for m in chat.messages] == [True, *[False] * 5]
    assert chat.messages[2].remark == "edited later"
    assert chat.left_out == {
        "system messages": 2, "messages of bots": 1, "deleted messages": 1, "repeated messages": 1
    }  # fmt: skip
    assert chat.broken == ["inc-checkout/2026-05-02.json: message 11: no `ts`"]
    assert read(tmp_path / "export.zip", channel="inc-checkout").messages == chat.messages


def test_one_day_of_slack_finds_its_people_one_folder_up(tmp_path: Path) -> None:
    folder = chats.slack(tmp_path / "export")

    chat = read(folder / "inc-checkout" / "2026-05-02.json")

    assert (chat.form, chat.channel, chat.messages[0].author.mails) == ("slack", "inc-checkout", ("ana@example.org",))


def test_teams_decodes_html_and_leaves_out_what_was_deleted(tmp_path: Path) -> None:
    chat = read(saved(tmp_path, chats.teams()))

    first, reply = chat.messages
    assert (first.text, reply.text) == ("Outage: @Bo 5xx <10%>", "a < b")
    assert (first.at.isoformat(), reply.thread) == ("2026-05-02T12:05:00.123000+02:00", "102")
    assert (first.url, first.remark) == ("https://teams.example/m/102", "edited later")
    assert first.author.names == ("Ana", "ana")
    assert chat.left_out == {"system messages": 1, "deleted messages": 1, "messages of bots": 1}


def test_mattermost_reads_posts_and_replies_line_by_line(tmp_path: Path) -> None:
    chat = read(saved(tmp_path, chats.mattermost(), "export.jsonl"))

    post, reply = chat.messages
    assert (post.text, reply.text, reply.thread) == ("Seeing 5xx", "Same", post.id)
    assert (reply.author.name, reply.author.mails) == ("A.", ("ana@example.org",))
    assert chat.left_out == {"system messages": 1, "messages of bots": 1}
    assert chat.broken == ["export.jsonl: line 6: no `create_at`"]


def test_discord_names_mentions_and_leaves_out_system_messages(tmp_path: Path) -> None:
    chat = read(saved(tmp_path, chats.discord()))

    assert [m.text for m in chat.messages] == ["@bo see :fire:", "[file: a.png]"]
    assert (chat.messages[0].pinned, chat.messages[0].url) == (True, "https://discord.com/channels/1/2/900")
    assert chat.left_out == {"system messages": 1, "messages of bots": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"ts": "1.0",\n  "text": }]', "export.json: line 2, column 11: not valid JSON"),
        ('{"type": "version"}\n{"type": "post", "post": {]}', "export.json: line 2, column 27: not valid JSON"),
        ("What is this?", "not an export of a chat that sevlog knows"),
        ("", "not an export of a chat that sevlog knows"),
        ('[{"ts": 5, "text": "a"}]', "export.json: message 1: no `ts`"),
        ('[{"ts": "later", "text": "a"}]', "export.json: message 1: `later` is not a time"),
        ("[10:00] ana: hi", "does not say in which time zone"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_an_error_names_the_file_and_the_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SevlogError) as error:
        read(saved(tmp_path, text), form="slack" if text.startswith("[[") else None)

    assert said in error.value.message


def test_a_channel_must_be_chosen_and_a_wrong_format_is_refused(tmp_path: Path) -> None:
    folder = chats.slack(tmp_path / "export")

    with pytest.raises(UsageError) as several:
        read(folder)
    with pytest.raises(NotFound) as unknown:
        read(folder, channel="inc-chekout")
    with pytest.raises(UsageError) as wrong:
        read(saved(tmp_path, chats.teams()), form="discord")

    assert "2 channels: choose one" in several.value.message
    assert "did you mean `inc-checkout`?" in unknown.value.hints
    assert "an export of discord has `messages`" in wrong.value.message


def test_a_text_is_cleaned_and_cut_with_a_mark() -> None:
    assert cleaned(f"{chats.BIDI}\r\nb") == "admingnp.exe\nb"
    assert cleaned("x" * 1_000_000) == "x" * LONGEST + " … (cut: the message has 1,000,000 characters)"
    assert cleaned("👩‍🚒 ünï") == "👩‍🚒 ünï"
