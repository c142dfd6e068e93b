"""Shifts as a calendar file, read by a library that knows the format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import icalendar
import pytest

from fixtures.oncalls import CONFIG, ONCALL, when
from sevlog.errors import UsageError
from sevlog.services.oncall.calendar import calendar
from sevlog.services.workspace.workspace import Workspace


def text_of(root: Path, oncall: str = ONCALL, *, now: str = "2026-01-06T12:00", **wanted: Any) -> str:
    (root / "sevlog.yaml").write_text(CONFIG, "utf-8")
    (root / "oncall.yaml").write_text(oncall, "utf-8")
    return calendar(Workspace(root, clock=lambda: when(now)), **wanted)[0]


def events(text: str) -> list[Any]:
    found = icalendar.Calendar.from_ical(text)
    assert not found.errors
    assert all(not event.errors for event in found.walk())
    return list(found.walk("VEVENT"))


def rows(text: str) -> list[str]:
    """Each event: its beginning and end in UTC, and its summary."""
    return [f"{e['DTSTART'].dt:%m-%d %H:%M}-{e['DTEND'].dt:%m-%d %H:%M} {e['SUMMARY']}" for e in events(text)]


def test_each_shift_is_an_event_from_its_true_beginning_to_its_true_end(tmp_path: Path) -> None:
    text = text_of(tmp_path, schedule="payments", days=14)
    assert rows(text) == [
        "01-05 08:00-01-12 08:00 Ana on call: Payments",
        "01-12 08:00-01-19 08:00 Bo on call: Payments",
        "01-19 08:00-01-26 08:00 Ana on call: Payments",
    ]
    assert all(e["DTSTART"].dt.utcoffset().total_seconds() == 0 for e in events(text))


def test_a_person_s_calendar_has_their_shifts_of_all_schedules(tmp_path: Path) -> None:
    both = ONCALL.replace("members: [chi]", "members: [chi, ana]")
    found = rows(text_of(tmp_path, both, person="ana", days=5))
    assert [row.partition("on call: ")[2] for row in found] == ["Payments", "managers", "managers", "managers"]


def test_the_id_of_a_shift_stays_when_its_person_changes_and_as_time_goes_by(tmp_path: Path) -> None:
    swapped = ONCALL.replace(
        "  - key: managers",
        "    overrides: [{from: 2026-01-12T09:00, to: 2026-01-19T09:00, person: ana}]\n  - key: managers",
    )
    before = [str(e["UID"]) for e in events(text_of(tmp_path, schedule="payments", days=14))]
    after = [str(e["UID"]) for e in events(text_of(tmp_path, swapped, schedule="payments", days=14))]
    later = [str(e["UID"]) for e in events(text_of(tmp_path, now="2026-01-13T12:00", schedule="payments", days=7))]
    assert before == after
    assert before[0] == "payments-20260105T080000Z@status.acme.example"
    assert set(later) < set(before)
    assert len(set(before)) == 3


def test_two_exports_of_the_same_rota_at_the_same_time_are_the_same_bytes(tmp_path: Path) -> None:
    assert text_of(tmp_path) == text_of(tmp_path)


def test_lines_are_short_end_as_they_should_and_keep_every_character(tmp_path: Path) -> None:
    name = "Zahlungen; Überweisungen, \\ und „Größe“ 🧾 in allen Ländern der Welt und noch ein paar mehr"
    reason = "Zeile eins\nZeile zwei, mit Komma; und \U0001f600" * 5
    oncall = ONCALL.replace("name: Payments\n    time", f"name: '{name}'\n    time").replace(
        "  - key: managers",
        "    overrides:\n      - {from: 2026-01-07T09:00, to: 2026-01-08T09:00, person: bo, reason: "
        f"{reason.encode('unicode_escape').decode().join(chr(34) * 2)}}}\n  - key: managers",
    )
    text = text_of(tmp_path, oncall, schedule="payments", days=7)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert "Zahlungen\\; Überweisungen\\, \\\\ und" in text.replace("\r\n ", "")
    said = next(e for e in events(text) if "Bo" in e["SUMMARY"])
    assert str(said["SUMMARY"]) == f"Bo on call: {name}"
    assert str(said["DESCRIPTION"]) == f"Override\n{reason}"


def test_the_bytes_of_a_calendar_file(tmp_path: Path) -> None:
    """Not read back by the library that wrote it: it takes the `\\N` of `C:\\New` for a line break, both ways."""
    oncall = ONCALL.replace("name: Payments\n    time", "name: 'C:\\New; a, b'\n    time").replace(
        "  - key: managers",
        "    overrides:\n      - {from: 2026-01-07T09:00, to: 2026-01-08T09:00, person: bo, "
        'reason: "one\\r\\ntwo\\u000bthree \\\\N"}\n  - key: managers',
    )
    text = text_of(tmp_path, oncall, schedule="payments", person="bo", days=2)

    assert text == "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//sevlog//on call//EN",
            "CALSCALE:GREGORIAN",
            r"NAME:On call: C:\\New\; a\, b\, Bo",
            r"X-WR-CALNAME:On call: C:\\New\; a\, b\, Bo",
            "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
            "X-PUBLISHED-TTL:PT6H",
            "BEGIN:VEVENT",
            "UID:payments-20260107T080000Z@status.acme.example",
            "DTSTAMP:20260106T110000Z",
            "DTSTART:20260107T080000Z",
            "DTEND:20260108T080000Z",
            r"SUMMARY:Bo on call: C:\\New\; a\, b",
            r"DESCRIPTION:Override\none\ntwo three \\N",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def test_the_change_of_clocks_makes_a_shift_an_hour_longer_or_shorter(tmp_path: Path) -> None:
    text = text_of(tmp_path, now="2026-03-24T12:00", schedule="payments", days=1)
    (event,) = events(text)
    assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == (7 * 24 - 1) * 3600


def test_a_rota_of_years_is_cut_and_not_searched_for_ever(tmp_path: Path) -> None:
    body = ONCALL.replace("2026-01-05T09:00, rotate: daily}", "1990-01-05T09:00, rotate: monthly, every: 52}")
    assert len(events(text_of(tmp_path, body, schedule="managers", days=3))) == 1


def test_an_unknown_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown schedule `payment`"):
        text_of(tmp_path, schedule="payment")
