"""Names of incidents, theories and people: the right one or an error, with a hint for lines that nearly parse."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository

COMMANDS = [
    ("update", "--title", "Search slow"),
    ("note",),
    ("observe",),
    ("decide",),
    ("act",),
    ("theory",),
    ("task",),
    ("monitor",),
    ("close",),
    ("resolve", "--attestation", "x", "--ended-at", "now", "--final-update", "Checkout works"),
    ("experiment", "--theory", "T1", "--expect", "x"),
]


def two(records: Repository) -> tuple[str, str]:
    """A declined incident of checkout, and a live one of search."""
    gone = records.raised()
    records.does("decline", "--reason", "false alarm")
    return gone, records.raised(title="Search slow")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
@pytest.mark.parametrize("typed", ["checkout", "checkout-fails", "Checkout", "FULL"])
def test_a_text_that_begins_with_an_id_is_refused_with_both_readings(
    records: Repository, command: tuple[str, ...], typed: str
) -> None:
    gone, _ = two(records)
    typed = gone if typed == "FULL" else typed
    name, *options = command

    said = records.refuses(2, name, typed, "We are on it", *options)

    assert f"hint: sevlog {name} -i {gone} " in said
    assert f'hint: sevlog {name} -- "{typed} We are on it"' in said


def test_the_live_one_is_offered_where_the_word_is_part_of_several(records: Repository) -> None:
    _, live = two(records)
    records.does("decline", "-i", live, "--reason", "x")
    again = records.raised(title="Search slow")

    assert f"sevlog note -i {again} " in records.refuses(2, "note", "search", "it is the disk")


@pytest.mark.parametrize(
    "words",
    [
        ("checkout is fine",),
        ("ok", "checkout"),
        ("--", "checkout", "is", "fine"),
        ("-i", "search", "checkout"),
        ("is", "checkout", "slow", "too?"),
    ],
)
def test_a_text_is_taken_where_nothing_else_can_be_meant(records: Repository, words: tuple[str, ...]) -> None:
    _, live = two(records)

    assert records.does("note", *words).startswith(live)


def test_a_title_that_names_an_incident_in_triage_is_refused(records: Repository) -> None:
    triage = records.tells("raise", "Odd latency", "--triage", "--source", "monitoring")["id"]

    said = records.refuses(2, "raise", "latency", "--severity", "SEV3", "--component", "search", "--summary", "x")

    assert f"sevlog raise -i {triage} …" in said


def test_a_part_prefers_the_live_incident_and_its_exact_slug(records: Repository) -> None:
    for _ in range(2):
        records.raised(title="Labels fail")
        records.does("decline", "-i", records.tells("board")["incidents"][0]["id"], "--reason", "x")
    live = records.raised(title="Labels fail")
    assert live.endswith("-labels-fail-3")

    for part in ("labels", "labels-fail", "LABELS", "fail-3"):
        assert records.tells("note", "-i", part, "x")["id"] == live

    other = records.raised(title="Labels fail again")
    assert records.tells("note", "-i", "labels-fail-3", "x")["id"] == live
    assert f"-i {other}" in records.refuses(4, "note", "-i", "labels", "x")


def test_where_none_is_live_the_exact_slug_counts(records: Repository) -> None:
    first = records.raised(title="Labels fail")
    records.does("decline", "--reason", "x")
    records.raised(title="Labels fail again")
    records.does("decline", "--reason", "x")

    assert records.tells("show", "labels-fail")["id"] == first
    assert "is part of 2 incident ids" in records.refuses(4, "show", "labels")


def test_an_unknown_id_lists_the_live_ones(records: Repository) -> None:
    live = records.raised()

    assert f"hint: Checkout fails (SEV2, raised): sevlog note -i {live} x\n" in records.refuses(
        4, "note", "-i", "zzz", "x"
    )


@pytest.mark.parametrize("more", [(), ("--override", "merge_target", "--reason", "x")])
def test_nothing_is_merged_into_itself(records: Repository, more: tuple[str, ...]) -> None:
    incident = records.raised()

    said = records.refuses(3, "merge", "-i", "checkout", incident, *more)

    assert "cannot be merged into itself" in said
    assert "--override" not in said


@pytest.mark.parametrize("guard", ["merge_target", "severity", "title", "priority"])
def test_a_guard_without_which_the_step_has_no_meaning_is_never_overridden(records: Repository, guard: str) -> None:
    records.raised()

    said = records.refuses(2, "merge", "--override", guard, "--reason", "x")

    assert f"the guard `{guard}` cannot be overridden" in said
    assert "--override" not in records.refuses(3, "merge")


@pytest.mark.parametrize(
    "words",
    [
        ("update", "Broken again", "--phase", "investigating", "--component", "checkout=major_outage"),
        ("update", "Broken again", "--phase", "monitoring"),
        ("update", "Over", "--phase", "resolved", "--component", "checkout=partial_outage"),
        ("impact", "checkout=degraded"),
    ],
)
@pytest.mark.parametrize("how", ["resolved", "closed", "declined"])
def test_what_is_over_is_not_shown_as_open(records: Repository, words: tuple[str, ...], how: str) -> None:
    incident = records.resolved() if how != "declined" else records.raised()
    if how == "declined":
        records.does("decline", "--reason", "x")
    if how == "closed":
        records.does("close", "-i", incident, "--override", "postmortem", "--reason", "x")
    title = ("--title", "Cards fail") if words[0] == "update" else ()

    said = records.refuses(3, *words, *title, "-i", incident)

    assert "reopen" in said
    assert (f"sevlog reopen -i {incident}" in said) == (how == "resolved")


def test_a_branch_that_went_on_beside_one_that_resolved_is_a_finding_and_shows_no_open_incident(
    records: Repository,
) -> None:
    incident = records.assessed()
    records.does("update", "We are on it", "--title", "Cards fail")
    records.git("switch", "-q", "-c", "side")
    records.clock.set("2026-11-23T14:30:00Z")
    records.does("update", "Better", "--phase", "monitoring", "--any-branch")
    records.git("switch", "-q", "main")
    records.clock.set("2026-11-23T14:20:00Z")
    records.does("resolve", "--attestation", "x", "--ended-at", "now", "--final-update", "Over")
    records.git("merge", "-q", "--no-edit", "side")
    records.clock.set("2026-11-23T15:00:00Z")

    found = records.sevlog("check", "--json")

    assert (found.code, found.out.count('"update_after_end"')) == (1, 1)
    assert records.tells("show", incident)["status"] == "resolved"


@pytest.mark.parametrize("remote", [False, True])
def test_on_another_branch_an_act_is_refused_with_the_cure_unless_it_is_meant(
    records: Repository, remote: bool
) -> None:
    records.raised()
    records.git("switch", "-q", "-c", "foo")
    if remote:  # the branch is known from the remote alone
        records.git("update-ref", "refs/remotes/origin/main", "main")
        records.git("branch", "-q", "-D", "main")

    said = records.refuses(5, "note", "x")

    assert "branch `foo` is checked out, but records belong on `main`" in said
    assert "hint: git switch main" in said
    assert records.tells("note", "x", "--any-branch")["commit"] == records.commits()[0]


def test_where_the_configured_branch_does_not_exist_the_one_that_is_checked_out_is_taken(records: Repository) -> None:
    records.git("branch", "-q", "-m", "master")

    assert records.raised()


def test_a_word_that_is_a_short_name_means_what_has_it(records: Repository) -> None:
    records.fixing()
    records.does("theory", "The pool is full")

    records.does("theory", "--state", "refuted", "T1")
    records.does("theory", "t1", "--state", "supported", "seen in metrics")
    records.does("task", "Clean up")
    records.does("task", "K1", "--assignee", "bo")
    records.does("task", "k1", "--state", "done")

    shown = records.tells("show", "checkout")
    assert [(t["ref"], t["text"], t["state"]) for t in shown["theories"]] == [("T1", "The pool is full", "supported")]
    assert [(t["ref"], t["text"], t["state"], t["assignee"]) for t in shown["tasks"]] == [
        ("K1", "Clean up", "done", "bo")
    ]
    assert "The pool is full" in records.does("theories")
    assert "seen in metrics" in records.does("timeline")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("theory", "y", "--ref", "T1"), "T1 is already “The pool is full”"),
        (("theory", "y", "--ref", "t1", "--state", "open"), "T1 is already “The pool is full”"),
        (("theory", "T1"), "T1 is “The pool is full”: nothing to record"),
        (("theory", "T1", "--state", "refuted"), "T1 is already refuted: nothing to record"),
        (("task", "y", "--ref", "K1"), "K1 is already “Clean up”"),
        (("observe", "y", "--ref", "O1"), "O1 is already “Pool saturated”"),
        (("observe", "O1"), "O1 is already “Pool saturated”"),
        (("experiment", "y", "--ref", "E1", "--theory", "T1", "--expect", "x"), "E1 is already “Restart”"),
    ],
)
def test_what_a_short_name_stands_for_is_not_replaced(records: Repository, words: tuple[str, ...], said: str) -> None:
    records.fixing()
    records.does("theory", "The pool is full")
    records.does("theory", "T1", "--state", "refuted")
    records.does("task", "Clean up")
    records.does("observe", "Pool saturated")
    records.does("experiment", "Restart", "--theory", "T1", "--expect", "x")

    assert said in records.refuses(3, *words)


@pytest.mark.parametrize("words", [("theory", "T9"), ("task", "K7", "--state", "done"), ("theory", "--ref", "T3")])
def test_a_short_name_that_nothing_has_is_not_made_a_text(records: Repository, words: tuple[str, ...]) -> None:
    records.fixing()

    assert records.sevlog(*words, "--state", "done" if words[0] == "task" else "open").code == 4


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("reopen", "checkout"), "sevlog reopen -i INCIDENT"),
        (("akc",), "did you mean: sevlog ack?"),
        (("udpate", "x"), "did you mean: sevlog update?"),
        (("-i", "checkout", "ack", "--as", "bo"), "sevlog ack -i checkout --as bo"),
        (("assign", "bo", "tech_lead"), "sevlog assign tech_lead bo"),
        (("handover", "bo", "tech-lead"), "sevlog handover tech_lead bo"),
        (("release", "bo", "scribe"), "sevlog release scribe bo"),
        (("note", "-5 percent"), "sevlog note -- '-5 percent'"),
        (("note", "-i", "checkout", "-5", "percent"), "sevlog note -i checkout -- -5 percent"),
        (("channel", "chat"), "write it as TYPE=URL"),
    ],
)
def test_a_line_that_nearly_parses_says_what_would(records: Repository, words: tuple[str, ...], hint: str) -> None:
    incident = records.raised()

    assert hint.replace("INCIDENT", incident) in records.refuses(2, *words)


def test_a_channel_is_taken_in_both_forms(records: Repository) -> None:
    records.raised()
    records.does("channel", "chat=https://chat.example/a")
    records.does("channel", "video", "https://meet.example/b")

    assert [(c["type"], c["url"]) for c in records.tells("show", "checkout")["channels"]] == [
        ("chat", "https://chat.example/a"),
        ("video", "https://meet.example/b"),
    ]


@pytest.mark.parametrize("word", ["\n", " ", "x)", "zzz"])
def test_a_surplus_word_that_names_nothing_is_told_as_such(records: Repository, word: str) -> None:
    records.raised()

    assert "nexpected extra argument" in records.refuses(2, "reopen", word)


def test_an_option_of_another_command_names_that_command(records: Repository) -> None:
    said = records.refuses(2, "resolve", "--customer-impact", "x")

    assert "hint: --customer-impact is an option of: sevlog assess\n" in said


def test_an_option_that_no_command_has_lists_those_of_the_command(records: Repository) -> None:
    assert "hint: options of sevlog check: --base, " in records.refuses(2, "check", "--against", "main")
