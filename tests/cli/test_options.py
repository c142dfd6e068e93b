"""The shared options: incident, person, time, and commit."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures.clocks import STEP
from fixtures.repositories import Repository


def test_left_out_it_is_the_only_live_incident(records: Repository) -> None:
    said = records.refuses(4, "note", "x")
    assert "error: no incident is live\n" in said
    assert "hint: record one: sevlog raise TITLE --severity LEVEL --component KEY --summary TEXT\n" in said
    done = records.raised(title="Over")
    records.does("decline", "--reason", "x")
    live = records.raised()

    assert records.tells("note", "x")["id"] == live
    assert records.tells("note", "x", "-i", done)["id"] == done


def test_of_several_live_ones_the_environment_names_it_or_all_are_listed(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = records.raised(), records.raised(title="Search is slow")

    said = records.refuses(4, "note", "x")
    assert "2 incidents are live: choose one" in said
    assert f"hint: Checkout fails (SEV2, raised): sevlog note -i {first} x\n" in said
    failed = records.sevlog("note", "x", "--json")
    assert json.loads(failed.out)["error"]["details"]["candidates"] == [first, second]
    monkeypatch.setenv("SEVLOG_INCIDENT", "search")
    assert records.tells("note", "x")["id"] == second
    monkeypatch.setenv("SEVLOG_INCIDENT", "nope")
    assert "SEVLOG_INCIDENT: no incident id contains `nope`" in records.refuses(4, "note", "x")


def test_a_variable_that_names_another_incident_than_the_live_one_is_refused_with_both(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = records.raised()
    records.does("decline", "--reason", "false alarm")
    live = records.raised(title="Search is slow")
    monkeypatch.setenv("SEVLOG_INCIDENT", "checkout")

    said = records.refuses(4, "note", "x")
    assert f"SEVLOG_INCIDENT names {over}, but the only live incident is {live}: choose one" in said
    assert f"hint: Search is slow (SEV2, raised): sevlog note -i {live} x\n" in said
    assert f"hint: Checkout fails (SEV2, declined): sevlog note -i {over} x\n" in said
    assert [records.fails(4, command)["details"]["candidates"] for command in ("show", "next", "roles")] == 3 * [
        [live, over]
    ]
    assert records.tells("note", "x", "-i", "checkout")["id"] == over
    monkeypatch.setenv("SEVLOG_INCIDENT", "search")
    assert records.tells("note", "x")["id"] == live
    monkeypatch.setenv("SEVLOG_INCIDENT", "nope")
    assert "SEVLOG_INCIDENT: no incident id contains `nope`" in records.refuses(4, "note", "x")


@pytest.mark.parametrize("part", ["checkout", "CHECKOUT", "2026", "-fails", "fails"])
def test_any_unambiguous_part_of_an_id_names_it(records: Repository, part: str) -> None:
    incident = records.raised("--at", "2026-02-03T10:00:00Z")

    assert records.tells("note", "x", "-i", part)["id"] == incident


def test_an_ambiguous_part_is_refused_with_the_candidates(records: Repository) -> None:
    first, second = records.raised(), records.raised()
    assert second == f"{first}-2"

    said = records.refuses(4, "note", "-i", "fails", "two words")

    assert "`fails` is part of 2 live incidents" in said
    assert f'hint: Checkout fails (SEV2, raised): sevlog note -i {second} "two words"\n' in said
    assert f"sevlog show {first}\n" in records.refuses(4, "show", "fails")
    assert f"sevlog merge {first} -i {second}\n" in records.refuses(4, "merge", "fails", "-i", second)
    assert records.tells("note", "x", "-i", first)["id"] == first


def test_a_name_that_is_nearly_right_is_suggested(records: Repository) -> None:
    incident = records.raised()

    assert f"sevlog note -i {incident} x\n" in records.refuses(4, "note", "-i", "chekout", "x")
    assert "list all incidents: sevlog list" in records.refuses(4, "note", "-i", "", "x")


def test_who_acts_is_named_or_from_the_environment_or_matched_from_gits_mail(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.raised()

    def author(*words: str) -> str:
        records.does("note", "x", *words)
        by: str = records.tells("timeline")["timeline"][-1]["by"]
        return by

    assert author() == "ana"
    assert author("--as", "bo") == "bo"
    monkeypatch.delenv("SEVLOG_PERSON")
    for mail in ("bo@example.org", "BO@example.org", "chi-forge@users.example", "1234+chi-forge@users.example"):
        records.git("config", "user.email", mail)
        assert author() == ("bo" if "bo@" in mail.lower() else "chi")


def test_someone_that_nobody_knows_is_refused_with_the_cure(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.raised()
    assert "person `zed` is not listed in oncall.yaml" in records.refuses(2, "note", "x", "--as", "zed")
    assert "did you mean `chi`?" in records.refuses(2, "note", "x", "--as", "chie")
    monkeypatch.setenv("SEVLOG_PERSON", "zed")
    records.refuses(2, "note", "x")
    monkeypatch.delenv("SEVLOG_PERSON")
    records.git("config", "user.email", "stranger@example.org")

    said = records.refuses(2, "note", "x")

    assert "does not match anybody in oncall.yaml" in said
    assert "--as PERSON" in said
    assert "email_sha256: " in said


def no_identity(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    records.git("config", "user.useConfigOnly", "true")


@pytest.mark.parametrize("hooks", [False, True], ids=["object by object", "git commit"])
def test_where_git_knows_nobody_it_says_how_to_tell_it(
    records: Repository, monkeypatch: pytest.MonkeyPatch, hooks: bool
) -> None:
    records.raised()
    if hooks:
        records.hook("pre-commit", "exit 0")
    no_identity(records, monkeypatch)

    said = records.refuses(5, "note", "x")
    assert "cannot commit: git has no user name and email" in said
    assert 'git config --global user.name "Your Name"' in said
    assert "git config --global user.email you@example.org" in said
    monkeypatch.delenv("SEVLOG_PERSON")
    said = records.refuses(5, "note", "x")
    assert "it is not known who you are" in said
    assert "export SEVLOG_PERSON=PERSON" in said


@pytest.mark.demand("S43")
def test_when_it_happened_differs_from_when_it_was_recorded(records: Repository) -> None:
    records.raised("--at", "-1h")
    records.does("note", "x", "--at", "-10m")
    records.does("note", "y", "--at", "now")

    first, second = (row["entry"] for row in records.tells("timeline")["timeline"][-2:])

    gap = datetime.fromisoformat(first["recorded_at"]) - datetime.fromisoformat(first["at"])
    assert timedelta(minutes=10) <= gap < timedelta(minutes=11)
    assert "recorded_at" not in second


def test_two_who_type_the_same_minute_get_ids_of_their_own(records: Repository) -> None:
    records.raised("--at", "2026-03-01T09:00:00Z")

    names = {
        records.tells("note", text, "--at", "2026-03-01T10:00:00+01:00")["entries"][0] for text in ("one", "two", "one")
    }

    assert len(names) == 3
    assert all(name.startswith("20260301T090000Z-note-") for name in names)
    files = {path.stem for path in (records.folder() / "timeline").glob("*note*")}
    assert files == {name.replace("Z-", ".000Z-", 1) for name in names}
    assert {row["id"] for row in records.tells("timeline")["timeline"] if row["kind"] == "note"} == names


def test_statements_about_one_minute_count_in_the_order_in_which_they_were_recorded(records: Repository) -> None:
    incident = records.raised("--at", "13:50")
    for number in range(1, 6):
        records.does("note", f"note {number}", "--at", "13:58")
    records.does("severity", "SEV3", "--reason", "one customer", "--at", "13:58")
    records.does("severity", "SEV1", "--reason", "all of them", "--at", "13:58")
    records.does("impact", "checkout=operational", "--at", "13:58")
    records.does("impact", "checkout=major_outage", "--at", "13:58")

    shown = records.tells("show", incident)

    notes = [row["text"] for row in records.tells("timeline", incident)["timeline"] if row["kind"] == "note"]
    assert notes == [f"note {number}" for number in range(1, 6)]
    assert (shown["severity"], shown["components"]) == ("SEV1", {"checkout": "major_outage"})


def test_a_statement_counts_after_what_its_author_could_read_even_where_their_clock_is_behind(
    records: Repository,
) -> None:
    incident = records.raised("--at", "13:50")
    records.does("severity", "SEV3", "--reason", "one customer", "--at", "13:58")
    records.clock.set("2026-11-23T13:59:00Z")
    records.does("severity", "SEV1", "--reason", "all of them", "--at", "13:58")

    assert records.tells("show", incident)["severity"] == "SEV1"


def test_the_name_of_an_entrys_file_always_has_milliseconds(records: Repository) -> None:
    records.raised()
    records.clock.set(datetime(2026, 11, 23, 14, 30, tzinfo=UTC) - STEP)
    first = records.tells("note", "on the second")
    records.clock.set(datetime(2026, 11, 23, 14, 30, 0, 219000, tzinfo=UTC) - STEP)
    second = records.tells("note", "after it")

    names = [path.name for path in sorted((records.folder() / "timeline").glob("*-note.yaml"))]
    assert names == ["20261123T143000.000Z-note.yaml", "20261123T143000.219Z-note.yaml"]
    assert [first["entries"], second["entries"]] == [["20261123T143000Z-note"], ["20261123T143000.219Z-note"]]
    assert records.tells("check")["problems"] == []


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("+1h", "is in the future"),
        ("2999-01-01T00:00:00Z", "is in the future"),
        ("2026-11-23T10:00:00", "has no UTC offset"),
        ("25:00", "`25:00` is not a time"),
        ("yesterday", "add the time: yesterday 14:07"),
        ("soon", "use 2026-11-23T14:07:30Z, 14:07"),
        ("0001-01-01T00:00:00+14:00", "too far from now"),
        ("-99999w", "too far from now"),
    ],
)
def test_a_time_that_cannot_be_meant_is_a_usage_error(records: Repository, time: str, said: str) -> None:
    records.raised()

    assert said in records.refuses(2, "note", "x", "--at", time)


def test_a_dry_run_shows_entries_and_commit_and_writes_nothing(records: Repository) -> None:
    before = records.snapshot()

    done = records.sevlog(
        "raise", "Checkout fails", "--severity", "SEV3", "--component", "checkout", "--summary", "s", "--dry-run"
    )

    assert done.code == 0
    assert "kind: raised" in done.out
    assert "title: Checkout fails" in done.out
    assert "Transition: new -> raised" in done.out
    assert "nothing was written" in done.err
    assert records.snapshot() == before
    assert not (records.root / ".git/sevlog").exists()
    planned = records.tells("raise", "x", "--severity", "SEV3", "--component", "search", "--summary", "s", "--dry-run")
    assert (planned["dry_run"], planned["commit"]) == (True, None)
    assert sorted(planned["contents"]) == planned["files"]
    assert records.refuses(3, "raise", "x", "--dry-run")


def test_without_a_commit_the_files_are_there_and_the_rest_is_yours(records: Repository) -> None:
    before = records.commits()

    done = records.tells("raise", "x", "--severity", "SEV3", "--component", "search", "--summary", "s", "--no-commit")

    assert records.commits() == before
    assert sorted(line[3:] for line in records.status().split("\n")) == done["files"]
    assert done["commit"] is None
    text = records.does("note", "y", "--no-commit")
    assert "(written, not committed)" in text
    assert records.tells("show")["timeline"][-1]["text"] == "y"


def test_standard_input_is_a_text(records: Repository) -> None:
    records.raised()

    records.does("note", "-", text="Zeile eins\n\tZeile zwei: äöü 🚒\n\n".encode())

    assert records.tells("timeline")["timeline"][-1]["text"] == "Zeile eins\n\tZeile zwei: äöü 🚒"
    assert "the text is empty" in records.refuses(2, "note", "-", text=b" \n")
    assert "is not UTF-8 (byte 3)" in records.refuses(2, "note", "-", text=b"abc\xff")
    assert "longer than 1024 KiB" in records.refuses(2, "note", "-", text=b"x" * (1024 * 1024 + 1))
    assert "larger than 1024 KiB" in records.refuses(2, "note", "-", text=b"x" * (1024 * 1024 - 1))


@pytest.mark.parametrize(
    "text",
    ["- a: [1, 2", "yes", "0123", "2026-01-01", "'quoted\"", "a\u2028b", "#comment", "key: value", "\u202eabc", "~"],
)
def test_any_text_comes_back_to_the_last_character(records: Repository, text: str) -> None:
    records.raised()

    records.does("note", "--", text)

    assert records.tells("timeline")["timeline"][-1]["text"] == text


def test_an_argument_that_is_not_utf_8_is_a_usage_error(records: Repository) -> None:
    records.raised()

    assert "is not UTF-8" in records.refuses(2, "note", "abc\udcff")


def test_a_repository_elsewhere_is_named_with_an_option_before_or_behind_the_command(
    records: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = records.raised()
    monkeypatch.chdir("/")

    for words in (("--repo", str(records.root), "list"), ("list", "--repo", str(records.root / "incidents"))):
        assert incident in records.does(*words)
    assert json.loads(records.does("--json", "--repo", str(records.root), "list"))["incidents"]
    done = records.sevlog("list", "--repo", str(tmp_path / "nowhere"))
    assert done.code == 4
    assert ": no such folder" in done.err


def test_an_incident_of_ten_thousand_entries_takes_no_more(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sevlog.services.recording.legality.MAX_ENTRIES", 2)
    incident = records.raised()
    records.does("note", "x")

    said = records.refuses(3, "note", "y")

    assert f"{incident} has 2 entries, and the limit is 2" in said


def test_more_is_said_on_request(records: Repository) -> None:
    records.raised()

    done = records.sevlog("note", "x", "-v")

    assert "incidents/" in done.err
    assert "Incident: " in done.err
    assert re.search(r"^ +\d+ ms  git .*fast-import", done.err, re.MULTILINE)
    assert re.search(r"^ +\d+ ms  in all; \d+ git commands took \d+ ms$", done.err, re.MULTILINE)
    assert " ms" not in done.out
    assert " ms" not in records.sevlog("note", "--", "-v").err


def test_ids_are_days_and_titles_in_utc(records: Repository) -> None:
    incident = records.raised("--at", "2026-03-01T00:30:00+01:00", title="Zahlungen für ALLE gestört – schon wieder!")

    assert incident == "2026-02-28-zahlungen-fur-alle-gestort-schon-wieder"
