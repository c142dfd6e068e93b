"""Text from records, arguments and errors never controls the terminal."""

from __future__ import annotations

import json

import pytest

from fixtures.repositories import Repository
from sevlog.cli import screen

ODD = "a\x1b[2Jb\x9b31mc\x07d\re\u202ef\u2066g\u2028h\x00i\x7fj\u200bk\udce9l\U000e0041m"


def test_what_a_terminal_would_obey_or_not_show_is_shown_as_escapes() -> None:
    assert screen.visible(ODD) == (
        "a\\u001b[2Jb\\u009b31mc\\u0007d\\re\\u202ef\\u2066g\\u2028h\\u0000i\\u007fj\\u200bk\\udce9l\\udb40\\udc41m"
    )


@pytest.mark.parametrize(
    "text", ["two\nlines\tand a tab\r\n", "née\u00a0Ümit “…”", "👩\u200d👩\u200d👧 ❤\ufe0f", "می\u200cخواهم", "\\x1b"]
)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert screen.visible(text) == text


def test_colours_are_ours_alone(capsys: pytest.CaptureFixture[str]) -> None:
    ours = screen.style("x\x1b[1m", fg="red")

    screen.say(f"{ours} \x1b[1my", color=True)

    assert capsys.readouterr().out == "\x1b[31mx\\u001b[1m\x1b[0m \\u001b[1my\n"


def test_a_document_with_odd_characters_says_the_same_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    text = ODD.replace("\udce9", "")

    screen.say(json.dumps({"text": text}, ensure_ascii=False, indent=2))

    out = capsys.readouterr().out
    assert json.loads(out) == {"text": text}
    assert not set(text) - set("abcdefghijklm[2J31") & set(out)


@pytest.mark.parametrize(
    "words", [["board"], ["list"], ["show"], ["timeline"], ["next"], ["theories"], ["show", "--json"]]
)
def test_a_title_and_a_text_cannot_steer_the_terminal(records: Repository, words: list[str]) -> None:
    incident = records.raised(title="Checkout \x1b[2J\x9b31m\u202efails")
    records.does("theory", "a cache \x1b]0;gone\x07", text=None)

    done = records.sevlog(*words, *([incident] if words[0] in ("show", "timeline") else []))

    assert done.code == 0
    assert not set("\x1b\x9b\x07\u202e") & set(done.out + done.err)


def test_an_error_cannot_steer_the_terminal(records: Repository) -> None:
    done = records.sevlog("show", "\x1b[2Jx\u202e")

    assert done.code == 4
    assert "\\u001b[2jx\\u202e" in done.err.lower()
    assert not set("\x1b\u202e") & set(done.err)
