"""Times on the command line: the same formats for all options, and a note on how they were read."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from fixtures.repositories import Repository


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The zone of the machine: at the start of a test it is 15:00 there."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


SCHEDULE = ("maintenance", "schedule", "x", "--component", "search")


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("note", "x", "--at", "yesterday 23:50"), "at 2026-11-22 23:50 CET (22:50 UTC)"),
        (("note", "x", "--at", "2026-11-23T09:00:00-05:00"), "at 2026-11-23 15:00 CET (14:00 UTC)"),
        (("assess", "--confirmed", "--started-at", "sunday 02:00"), "started at 2026-11-22 02:00 CET (01:00 UTC)"),
        (("impact", "--ended-at", "today 9:00"), "ended at 2026-11-23 09:00 CET (08:00 UTC)"),
        (("correct", "raised", "started_at=friday 12:00"), "started at 2026-11-20 12:00 CET (11:00 UTC)"),
        (("show", "--as-of", "14:58"), "as of 2026-11-23 14:58 CET (13:58 UTC)"),
        (("show", "--known-at", "today 15:00:02"), "known at 2026-11-23 15:00:02 CET (14:00:02 UTC)"),
        (("timeline", "--as-of", "-1m"), "as of 2026-11-23 14:59:02 CET (13:59:02 UTC)"),
        (("list", "--since", "yesterday"), "since 2026-11-22 00:00 CET (2026-11-21 23:00 UTC)"),
        (("list", "--until", "tomorrow 22:00"), "until 2026-11-24 22:00 CET (21:00 UTC)"),
        ((*SCHEDULE, "--start", "tomorrow 22:00", "--end", "+2d"), "start 2026-11-24 22:00 CET (21:00 UTC)"),
        ((*SCHEDULE, "--start", "+1h", "--end", "sunday 02:00"), "end 2026-11-29 02:00 CET (01:00 UTC)"),
    ],
)
def test_a_time_that_was_typed_is_told_back_by_the_machine_s_clock_and_in_utc(
    records: Repository, words: tuple[str, ...], said: str
) -> None:
    records.raised("--at", "2026-11-20T10:00:00Z")

    done = records.sevlog(*words)

    assert done.code == 0, done.err
    assert said in done.err.splitlines()


@pytest.mark.parametrize("words", [("note", "x"), ("note", "x", "--at", "now"), ("show",)])
def test_where_no_time_was_typed_none_is_told_back(records: Repository, words: tuple[str, ...]) -> None:
    records.raised()

    done = records.sevlog(*words)

    assert [line for line in done.err.splitlines() if "UTC" in line] == []


def test_a_document_has_nothing_beside_it(records: Repository) -> None:
    records.raised("--at", "-1h")

    assert records.sevlog("show", "--as-of", "-1m", "--json").err == ""


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize(
    "words",
    [
        ("show", "--as-of", "tomorrow 9:00"),
        ("show", "--known-at", "+1h"),
        ("timeline", "--as-of", "+1h"),
        ("site", "build", "--as-of", "tomorrow 9:00"),
        ("note", "x", "--at", "tomorrow 9:00"),
        ("impact", "--ended-at", "+1h"),
        ("correct", "raised", "at=tomorrow 9:00"),
    ],
)
def test_the_past_does_not_lie_ahead(records: Repository, words: tuple[str, ...]) -> None:
    records.raised()

    said = records.refuses(2, *words)

    assert "is in the future: it is now 2026-11-23 15:00:02 CET (14:00:02 UTC)" in said
    assert "14:07 or -10m is enough" in said


def test_where_an_offset_is_missing_that_of_the_page_is_offered(records: Repository) -> None:
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8").replace("page: {", "page: {time_zone: Europe/Berlin, "), "utf-8")
    records.git("commit", "-qam", "where we are")
    records.raised()

    for words in (("note", "x", "--at", "2026-07-01T10:00"), ("correct", "raised", "started_at=2026-07-01T10:00")):
        said = records.refuses(2, *words)
        assert "hint: in the time zone of the status page (Europe/Berlin): 2026-07-01T10:00:00+02:00" in said
