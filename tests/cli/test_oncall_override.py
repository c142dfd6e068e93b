"""sevlog oncall override: checked, written to oncall.yaml, committed and pushed like other acts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.oncalls import CONFIG, ONCALL
from fixtures.repositories import Repository, git, validator

FROM_TO = ("--from", "2040-12-26T18:00", "--to", "2040-12-27T09:00")  # in Bo's week
LATER = ("--from", "2040-12-28T18:00", "--to", "2040-12-29T09:00")
COMMENTED = ONCALL.replace("schedules:\n", "# who is on call when\nschedules:\n", 1).replace(
    "  - key: managers", "    # next: overrides\n\n  - key: managers   # the incident managers"
)


@pytest.fixture
def rota(records: Repository) -> Repository:
    """A records repository with a schedule full of comments, committed."""
    (records.root / "sevlog.yaml").write_text(CONFIG, "utf-8")
    (records.root / "oncall.yaml").write_text(COMMENTED, "utf-8")
    records.git("commit", "--quiet", "-am", "rota")
    return records


def tells(rota: Repository, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(rota.does("oncall", "override", *words, "--json"))
    validator("oncall-override").validate(answer)
    return answer


def on_call(rota: Repository, at: str, schedule: str = "payments") -> list[str]:
    answer: dict[str, Any] = json.loads(rota.does("oncall", "who", "--schedule", schedule, "--at", at, "--json"))
    people: list[str] = answer["people"]
    return people


@pytest.mark.demand("S20")
def test_someone_stands_in_by_one_line_and_one_commit(rota: Repository) -> None:
    answer = tells(rota, "payments", "--person", "ana", *FROM_TO, "--reason", "Bo's wedding: all day")

    line = '      - {from: 2040-12-26T18:00, to: 2040-12-27T09:00, person: ana, reason: "Bo\'s wedding: all day"}\n'
    text = (rota.root / "oncall.yaml").read_text("utf-8")
    assert text == COMMENTED.replace("    # next: overrides", f"    overrides:\n{line}    # next: overrides")
    assert rota.committed() == ["oncall.yaml"]
    assert rota.git("log", "-1", "--format=%B") == (
        "oncall(payments): ana from 2040-12-26T18:00 to 2040-12-27T09:00\n\n"
        "Bo's wedding: all day\n\nSchedule: payments\nPerson: ana"
    )
    assert answer["overrides"] == [
        {"person": "ana", "since": "2040-12-26T17:00:00Z", "until": "2040-12-27T08:00:00Z", "instead_of": ["bo"]}
    ]
    assert answer["commit"] == rota.git("rev-parse", "HEAD")
    assert [on_call(rota, f"2040-12-26T{clock}") for clock in ("17:59", "18:00")] == [["bo"], ["ana"]]
    assert rota.sevlog("check").code == 0


def test_the_next_override_goes_behind_the_first(rota: Repository) -> None:
    for day in ("26", "27"):
        rota.does(
            "oncall",
            "override",
            "payments",
            "--person",
            "ana",
            "--from",
            f"2040-12-{day}T18:00",
            "--to",
            f"2040-12-{day}T20:00",
        )
    lines = (rota.root / "oncall.yaml").read_text("utf-8").splitlines()
    assert [line.strip()[:25] for line in lines if "2040" in line] == [
        "- {from: 2040-12-26T18:00",
        "- {from: 2040-12-27T18:00",
    ]


def test_who_acts_stands_in_and_may_take_a_whole_shift(rota: Repository) -> None:
    answer = tells(rota, "payments", "--shift", "2040-12-26T12:00")
    assert answer["overrides"] == [
        {"person": "ana", "since": "2040-12-24T08:00:00Z", "until": "2040-12-31T08:00:00Z", "instead_of": ["bo"]}
    ]


@pytest.mark.demand("S20")
def test_two_people_swap_their_shifts(rota: Repository) -> None:
    answer = tells(rota, "payments", "--shift", "2040-12-26T12:00", "--swap", "2041-01-02T12:00")

    assert [(row["person"], row["instead_of"]) for row in answer["overrides"]] == [("ana", ["bo"]), ("bo", ["ana"])]
    assert on_call(rota, "2040-12-26T12:00") == ["ana"]
    assert on_call(rota, "2041-01-02T12:00") == ["bo"]
    assert on_call(rota, "2041-01-08T12:00") == ["bo"]
    assert rota.git("log", "-1", "--format=%s").startswith("oncall(payments): swap: ana from 2040-12-24T09:00 to ")
    assert (rota.root / "oncall.yaml").read_text("utf-8").count("reason: swap") == 2
    assert len(rota.commits()) == 3


def test_a_dry_run_shows_the_line_and_the_commit_and_writes_nothing(rota: Repository) -> None:
    before = rota.snapshot()
    said = rota.does("oncall", "override", "payments", "--person", "ana", *FROM_TO, "--dry-run")
    assert "\n+      - {from: 2040-12-26T18:00, to: 2040-12-27T09:00, person: ana}\n" in said
    assert "oncall(payments): ana from" in said
    answer = tells(rota, "payments", "--person", "ana", *FROM_TO, "--dry-run")
    assert "2040-12-26" in answer["files"]["oncall.yaml"]
    assert rota.snapshot() == before


def test_no_commit_leaves_the_commit_to_the_user(rota: Repository) -> None:
    head = rota.git("rev-parse", "HEAD")
    assert "written, not committed" in rota.does("oncall", "override", "payments", *FROM_TO, "--no-commit")
    assert (rota.status(), rota.git("rev-parse", "HEAD")) == (" M oncall.yaml", head)


def test_a_change_of_the_user_s_own_in_the_file_is_left_to_them(rota: Repository) -> None:
    (rota.root / "oncall.yaml").write_text(COMMENTED + "# mine\n", "utf-8")
    assert "has uncommitted changes" in rota.refuses(5, "oncall", "override", "payments", *FROM_TO)


@pytest.mark.parametrize(
    ("change", "words", "said", "code"),
    [
        (
            ("incident_manager", "time_off: [{person: ana, from: 2040-12-27, to: 2040-12-28}]\nincident_manager"),
            ("--person", "ana"),
            "ana is away and on call for `payments` from Thu 2040-12-27 00:00",
            "time_off_clash",
        ),
        (("", ""), ("--person", "chi"), "chi is on call for `payments` and `managers`", "double_booking"),
        ((", contact: [ANA_PAGER]", ""), ("--person", "ana"), "ana has no contact point", "no_contact"),
    ],
)
def test_who_cannot_do_it_is_refused_unless_it_is_meant(
    rota: Repository, change: tuple[str, str], words: tuple[str, ...], said: str, code: str
) -> None:
    text = COMMENTED.replace(*change) if change[0] else COMMENTED
    (rota.root / "oncall.yaml").write_text(text, "utf-8")
    rota.git("commit", "--quiet", "--allow-empty", "-am", "change")
    refused = rota.refuses(3, "oncall", "override", "payments", *words, *FROM_TO)
    assert said in refused
    assert f"--override {code}" in refused

    done = rota.sevlog("oncall", "override", "payments", *words, *FROM_TO, "--override", code)
    assert (done.code, said in done.err) == (0, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("payments", "--person", "dora", *FROM_TO), "unknown person `dora`"),
        (("payment", *FROM_TO), "unknown schedule `payment`"),
        (("payments",), "the end is missing"),
        (("payments", "--from", "2040-12-27T09:00", "--to", "2040-12-26T18:00"), "the end is before the start"),
        (("payments", "--from", "2020-12-26T09:00", "--to", "2020-12-27T09:00"), "this is in the past"),
        (("payments", "--shift", "2026-01-06T09:00"), "this is in the past"),
        (("payments", "--shift", "2026-01-06T09:00", "--swap", "2040-12-26T09:00"), "this is in the past"),
        (("payments", "--shift", "2040-12-26T09:00", *FROM_TO), "--shift already sets the start and the end"),
        (("payments", "--swap", "2040-12-26T09:00"), "a swap needs two shifts"),
        (("payments", "--shift", "2040-12-26T09:00", "--swap", "2040-12-27T09:00"), "bo already has both shifts"),
        (("managers", "--shift", "2040-12-26T09:00"), "no beginning or end within years"),
        (("payments", *FROM_TO, "--at", "10:00"), "an override has a start and an end: --from TIME --to TIME"),
        (("payments", "--from", "soon", "--to", "later"), "`soon` is not a time"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_cure(rota: Repository, words: tuple[str, ...], said: str) -> None:
    assert said in rota.refuses(2, "oncall", "override", *words)


def test_what_has_passed_of_a_period_is_left_out(rota: Repository) -> None:
    answer = tells(rota, "payments", "--from", "2026-01-06T09:00", "--to", "+2h")
    (line,) = [line for line in (rota.root / "oncall.yaml").read_text("utf-8").splitlines() if "{from: " in line]
    assert answer["overrides"][0]["since"] > "2026-11-01"
    assert "2026-01-06" not in line


def test_an_hour_that_comes_twice_is_written_with_its_offset(rota: Repository) -> None:
    """28 October 2040: at 03:00 the clock goes back to 02:00. It is Ana's week."""
    words = ("--from", "2040-10-28T02:30+01:00", "--to", "2040-10-28T03:30+01:00")
    rota.does("oncall", "override", "payments", "--person", "bo", *words)
    line = "{from: 2040-10-28T02:30+01:00, to: 2040-10-28T03:30, person: bo}"
    assert line in (rota.root / "oncall.yaml").read_text("utf-8")
    clocks = ("02:45+02:00", "02:29+01:00", "02:30+01:00", "03:29+01:00", "03:30+01:00")
    assert [on_call(rota, f"2040-10-28T{clock}") for clock in clocks] == [["ana"], ["ana"], ["bo"], ["bo"], ["ana"]]


def test_someone_who_is_on_call_anyway_is_told(rota: Repository) -> None:
    assert (
        "warning: bo is already on call at that time"
        in rota.sevlog("oncall", "override", "payments", "--person", "bo", *FROM_TO).err
    )


def test_an_override_of_an_override_says_so(rota: Repository) -> None:
    rota.does("oncall", "override", "payments", "--person", "ana", *FROM_TO)
    done = rota.sevlog(
        "oncall", "override", "payments", "--person", "bo", "--from", "2040-12-26T20:00", "--to", "2040-12-26T22:00"
    )
    assert "this takes precedence over the override of ana" in done.err
    assert [on_call(rota, f"2040-12-26T{clock}") for clock in ("19:00", "21:00", "23:00")] == [["ana"], ["bo"], ["ana"]]


@pytest.fixture
def shared(rota: Repository, tmp_path: Path) -> Iterator[tuple[Repository, Path]]:
    """The records with a remote, and a second clone of it."""
    git(tmp_path, "clone", "--quiet", "--bare", str(rota.root), str(tmp_path / "remote.git"))
    rota.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    rota.git("fetch", "--quiet")
    rota.git("branch", "--quiet", "--set-upstream-to=origin/main")
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(tmp_path / "remote.git"), str(other))
    yield rota, other
    shutil.rmtree(other)


def test_an_override_is_sent_and_stands_on_what_others_recorded(shared: tuple[Repository, Path]) -> None:
    rota, other = shared
    rota.does("oncall", "override", "payments", "--person", "ana", *FROM_TO)

    rota.does("oncall", "override", "payments", "--repo", str(other), "--person", "ana", *LATER)

    text = (other / "oncall.yaml").read_text("utf-8")
    assert (text.count("2040-12-26T18:00"), text.count("2040-12-28T18:00")) == (1, 1)
    assert git(other, "rev-parse", "HEAD") == git(other, "rev-parse", "origin/main")


def test_two_overrides_at_the_same_moment_are_both_kept(shared: tuple[Repository, Path]) -> None:
    """The other clone's push arrives after we looked and before we send: a hook of ours does it."""
    rota, other = shared
    theirs = COMMENTED.replace(
        "    # next: overrides",
        "    overrides:\n      - {from: 2040-12-28T18:00, to: 2040-12-29T09:00, person: ana}\n    # next: overrides",
    )
    (other / "oncall.yaml").write_text(theirs, "utf-8")
    git(other, "commit", "--quiet", "-am", "oncall(payments): theirs")
    rota.hook("pre-commit", f"git -C '{other}' push --quiet origin main 2>/dev/null; exit 0")

    answer = tells(rota, "payments", "--person", "ana", *FROM_TO)

    text = (rota.root / "oncall.yaml").read_text("utf-8")
    assert (text.count("2040-12-26T18:00"), text.count("2040-12-28T18:00")) == (1, 1)
    assert answer["pushed"] is True
    assert rota.git("rev-parse", "HEAD") == rota.git("rev-parse", "origin/main")
    assert rota.status() == ""


def test_what_was_recorded_before_goes_out_first(shared: tuple[Repository, Path]) -> None:
    """An earlier act is not pushed, and somebody else changed the same lines of the schedule."""
    rota, other = shared
    rota.does("raise", "Slow", "--severity", "SEV3", "--component", "checkout", "--summary", "Slow", "--no-push")
    rota.does("oncall", "override", "payments", "--repo", str(other), "--person", "ana", *LATER)

    assert tells(rota, "payments", "--person", "ana", *FROM_TO)["pushed"] is True

    text = (rota.root / "oncall.yaml").read_text("utf-8")
    assert (text.count("2040-12-26T18:00"), text.count("2040-12-28T18:00")) == (1, 1)
    assert rota.git("rev-parse", "HEAD") == rota.git("rev-parse", "origin/main")


def test_without_network_the_commit_stays_and_is_sent_later(shared: tuple[Repository, Path]) -> None:
    rota, other = shared
    rota.git("remote", "set-url", "origin", str(other / "gone.git"))
    done = rota.sevlog("oncall", "override", "payments", "--person", "ana", *FROM_TO)
    assert (done.code, "sevlog sync" in done.err) == (0, True)
    assert "oncall(payments)" in rota.git("log", "-1", "--format=%s")


def test_with_pull_requests_each_override_is_a_branch_of_its_own(shared: tuple[Repository, Path]) -> None:
    rota, _ = shared
    (rota.root / "sevlog.yaml").write_text(CONFIG + "git: {flow: pull-request}\n", "utf-8")
    rota.git("commit", "--quiet", "-am", "by pull request")
    rota.git("push", "--quiet", "origin", "main")
    head = rota.git("rev-parse", "HEAD")

    for day in ("26", "28"):
        rota.does(
            "oncall",
            "override",
            "payments",
            "--person",
            "ana",
            "--from",
            f"2040-12-{day}T18:00",
            "--to",
            f"2040-12-{day}T20:00",
        )

    assert (rota.git("rev-parse", "HEAD"), rota.status()) == (head, "")
    branches = rota.git("ls-remote", "--heads", "origin").split("refs/heads/")[1:]
    assert {name.split()[0] for name in branches} == {
        "main",
        "oncall/payments-20401226T1700Z",
        "oncall/payments-20401228T1700Z",
    }
    assert "2040-12-26T18:00" in rota.git("show", "origin/oncall/payments-20401226T1700Z:oncall.yaml")
