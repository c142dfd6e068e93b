"""Plain text of a chat: forms of lines, midnight, other zones, and the hours in which clocks change."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from sevlog.adapters.chat.message import Chat
from sevlog.adapters.chat.plain import Asked, has_days, read


def chat(text: str, day: str = "2026-10-25", zone: str = "Europe/Berlin") -> Chat:
    return read("log.txt", text, Asked(ZoneInfo(zone), date.fromisoformat(day)))


def times(found: Chat) -> list[str]:
    return [f"{message.at:%d %H:%M}" for message in found.messages]


@pytest.mark.parametrize(
    ("line", "who", "text"),
    [
        ("[12:03] Ana Lima: it: burns", "Ana Lima", "it: burns"),
        ("[12:03:59] <@bo> see", "bo", "see"),
        ("12:03 <+nick> hi", "nick", "hi"),
        ("[12:03 PM] ana: noon", "ana", "noon"),
        ("[2026-10-25 12:03] ana: dated", "ana", "dated"),
        ("12:03 * ana reboots it", "ana", "ana reboots it"),
    ],
)
def test_each_form_of_a_line_is_read(line: str, who: str, text: str) -> None:
    (message,) = chat(line, zone="UTC").messages

    assert (message.author.name, message.text, f"{message.at:%H:%M}") == (who, text, "12:03")


def test_lines_without_a_time_belong_to_the_message_and_joins_are_left_out() -> None:
    found = chat("[12:03] ana: a trace\n  at x\n\n[12:04] *** bo joined\n12:05 -!- mode +o\n[12:06] bo: b\n")

    assert [(m.text, m.place) for m in found.messages] == [
        ("a trace\n  at x", "log.txt: line 1"), ("b", "log.txt: line 6")
    ]  # fmt: skip
    assert found.left_out == {"system messages": 2}


def test_after_midnight_it_is_the_next_day() -> None:
    found = chat("[23:58] a: x\n[23:57] a: late\n[00:01] a: y\n[23:59] a: z\n[00:00] a: w", "2026-03-01", "UTC")

    assert times(found) == ["01 23:58", "01 23:57", "02 00:01", "02 23:59", "03 00:00"]
    assert [m.remark for m in found.messages][:2] == ["", "earlier than the line before it"]


def test_a_line_that_names_the_day_sets_it() -> None:
    found = chat("10:00 <a> x\n--- Day changed Tue Oct 27 2026\n09:00 <a> y", zone="UTC")

    assert times(found) == ["25 10:00", "27 09:00"]
    assert not has_days("10:00 <a> x\n--- Day changed Tue Oct 27 2026") and has_days("[2026-10-25 10:00] a: x")


def test_the_hour_that_comes_twice_is_read_in_order_and_said_to_be_ambiguous() -> None:
    found = chat("[01:59] a: 1\n[02:30] a: 2\n[02:50] a: 3\n[02:10] a: 4\n[02:50] a: 5\n[03:00] a: 6")

    assert times(found) == ["24 23:59", "25 00:30", "25 00:50", "25 01:10", "25 01:50", "25 02:00"]
    assert [m.remark[:9] for m in found.messages] == ["", *["ambiguous"] * 4, ""]
    assert "this can also be 01:30 UTC" in found.messages[1].remark


def test_the_hour_that_does_not_exist_is_said() -> None:
    (message,) = chat("[02:30] a: x", "2026-03-29").messages

    assert "02:30 does not exist on this day in Europe/Berlin" in message.remark


def test_a_time_that_cannot_be_is_left_out_with_its_line() -> None:
    found = chat("[12:00] a: x\n[2026-02-30 10:00] a: y\n[25:00] a: z")

    assert len(found.messages) == 1
    assert [text.split(":")[1] for text in found.broken] == [" line 2", " line 3"]
