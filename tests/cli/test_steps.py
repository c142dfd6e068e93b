"""sevlog monitor, resolve, close, reopen, merge: each transition with its guards and overrides."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository, write_postmortem


@pytest.mark.demand("S54")
def test_a_sev3_goes_the_short_way(records: Repository) -> None:
    records.does("raise", "Search slow", "--severity", "SEV3", "--component", "search", "--summary", "slow")
    records.does("ack", "--channel", "chat=#search")
    records.does("assess", "--customer-impact", "Answers take 2 s", "--scope", "some")
    records.does("resolve", "--attestation", "p95 is back", "--ended-at", "now")

    done = records.tells("close")

    assert done["status"] == "closed"
    assert done["hints"][0] == f"no incident is live; {done['id']} is the only one that waits to be closed"
    assert not (records.folder() / "postmortem.md").exists()


@pytest.mark.parametrize("command", [("close",), ("reopen", "--reason", "x"), ("postmortem", "new")])
def test_of_several_that_wait_to_be_closed_none_is_chosen(records: Repository, command: tuple[str, ...]) -> None:
    ids = [records.raised("--severity", "SEV3", title=title) for title in ("Search is slow", "Mail is late")]
    for incident in ids:
        records.does("ack", "-i", incident, "--channel", "chat=#search")
        records.does("assess", "-i", incident, "--customer-impact", "Slow", "--scope", "some")
        records.does("resolve", "-i", incident, "--attestation", "fast again", "--ended-at", "now")

    said = records.refuses(4, *command)

    assert "no incident is live, and 2 wait to be closed: choose one" in said
    assert [f"-i {incident}" in said for incident in ids] == [True, True]
    assert "no incident is live\n" in records.refuses(4, "note", "x")


def test_monitoring_needs_a_mitigation(records: Repository) -> None:
    incident = records.fixing()
    said = records.refuses(3, "monitor")
    assert "no mitigation recorded yet" in said
    assert "--override mitigation" in said

    records.does("monitor", "watching", "it", "--mitigation", "rolled back")

    assert len(records.committed()) == 2
    assert records.trailers()[-1] == "Transition: fixing -> monitoring"
    shown = records.tells("show", incident)
    assert shown["milestones"]["mitigated_at"] is not None
    assert shown["timeline"][-1]["text"] == "watching it"


@pytest.mark.demand("S68")
def test_a_relapse_goes_back_with_a_reason_and_needs_another_mitigation(records: Repository) -> None:
    incident = records.fixing()
    records.does("monitor", "--mitigation", "rolled back")
    assert 'add --reason "…"' in records.refuses(3, "reopen")

    records.does("reopen", "--reason", "errors are back")

    assert records.tells("show", incident)["relapses"] == 1
    assert "since the incident returned" in records.refuses(3, "monitor")


def test_what_was_never_over_is_not_reopened(records: Repository) -> None:
    records.raised()

    assert "there is nothing to reopen yet" in records.refuses(3, "reopen", "--reason", "x")


@pytest.mark.demand("S76")
def test_resolving_tells_everything_that_is_missing_at_once(records: Repository) -> None:
    records.fixing()
    records.does("update", "We are on it", "--title", "Cards are refused")
    records.does("update", "Join the room", "--audience", "internal")

    said = records.refuses(3, "resolve")

    assert "4 requirements are not met" in said
    for part in (
        "assessment is incomplete: customer impact and scope missing",
        "the lead incident manager must attest",
        "end time of the impact is missing",
        "no final update sent to: public, internal",
        "--override assessment --override attestation --override impact_end --override final_updates",
    ):
        assert part in said


@pytest.mark.demand("S76", "S78")
def test_resolving_is_one_act_with_end_final_updates_and_a_postmortem(records: Repository) -> None:
    incident = records.assessed()
    records.does("update", "We are on it", "--title", "Cards are refused")
    records.does("update", "Join the room", "--audience", "internal")
    before = records.commits()

    done = records.sevlog(
        "resolve",
        "all",
        "good",
        "--attestation",
        "No error for an hour",
        "--ended-at",
        "-5m",
        "--final-update",
        "Cards work again.",
    )

    assert records.commits()[1:] == before
    assert len(records.committed()) == 5
    assert records.trailers()[-1] == "Transition: fixing -> resolved"
    shown = records.tells("show", incident)
    assert shown["components"] == {"checkout": "operational"}
    assert [(u["audience"], u["phase"]) for u in shown["updates"][2:]] == [
        ("public", "resolved"),
        ("internal", "resolved"),
    ]
    assert shown["postmortem"]["status"] == "draft"
    assert shown["postmortem"]["owner"] == "ana"
    assert "ana owns the postmortem, due 20" in done.err
    assert shown["milestones"]["ended_at"] < shown["milestones"]["resolved_at"]


def test_only_the_lead_attests(records: Repository) -> None:
    records.assessed()

    said = records.refuses(3, "resolve", "--attestation", "fine", "--ended-at", "now", "--as", "bo")

    assert "only the lead incident manager (ana) can attest" in said
    assert "sevlog assign -i" in said


def test_an_end_in_the_future_is_a_usage_error(records: Repository) -> None:
    records.assessed()

    assert "is in the future" in records.refuses(2, "resolve", "--attestation", "x", "--ended-at", "+2h")


@pytest.mark.parametrize("step", ["monitor", "resolve", "close"])
def test_a_step_that_the_lifecycle_does_not_know_says_what_is_possible(records: Repository, step: str) -> None:
    records.raised()

    said = records.refuses(3, step)

    assert "only to `declined`, `fixing` or `merged`" in said
    assert "hint: take command: sevlog ack -i 2" in said


def test_a_step_is_taken_once(records: Repository) -> None:
    records.fixing()
    records.does("monitor", "--mitigation", "x")

    said = records.refuses(3, "monitor", "--mitigation", "y")

    assert "has been `monitoring` since 20" in said


@pytest.mark.demand("S77")
def test_closing_waits_for_tasks_and_on_a_major_for_the_postmortem(records: Repository) -> None:
    incident = records.assessed()
    records.does("task", "Refund double charges", "--cleanup")
    records.does("resolve", "--attestation", "x", "--ended-at", "now")

    said = records.refuses(3, "close", "-i", incident)
    assert "open tasks: K1 (Refund double charges)" in said
    assert "the postmortem is still `draft`" in said

    records.does("task", "-i", incident, "K1", "--state", "dropped")
    write_postmortem(records.folder())
    for step in ("submit", "approve"):
        records.does("postmortem", step, "-i", incident, "--as", "bo")
    records.does("close", "-i", incident)
    assert records.tells("board")["incidents"] == []
    assert "has been `closed` since" in records.refuses(3, "close", "-i", incident)
    assert "`closed` is final" in records.refuses(3, "reopen", "-i", incident, "--reason", "x")


def test_closing_a_major_waits_for_owners_and_dates_of_its_actions(records: Repository) -> None:
    incident = records.resolved()
    write_postmortem(records.folder())
    for step in ("submit", "approve"):
        records.does("postmortem", step, "-i", incident, "--as", "bo")
    actions = records.folder() / "actions.yaml"
    actions.write_text("- {id: A1, title: Add a second pool, status: accepted}\n", "utf-8")

    assert "action items without owner or due date: A1" in records.refuses(3, "close", "-i", incident)

    actions.write_text("- {id: A1, title: Add a pool, status: accepted, owner: bo, due: 2027-01-01}\n", "utf-8")
    records.does("close", "-i", incident)


def test_what_is_resolved_can_be_reopened_within_the_window(records: Repository) -> None:
    records.does("raise", "Old", "--severity", "SEV3", "--component", "search", "--summary", "s", "--at", "-30d")
    records.does("ack", "--channel", "chat=#x", "--at", "-30d")
    records.does("assess", "--customer-impact", "x", "--scope", "none", "--at", "-30d")
    records.does("resolve", "--attestation", "x", "--ended-at", "-29d", "--at", "-29d")
    incident = records.incident()
    assert "too late to reopen: resolved more than 7d ago" in records.refuses(
        3, "reopen", "-i", incident, "--reason", "back"
    )

    records.does("reopen", "-i", incident, "--reason", "back", "--override", "reopen_window")

    shown = records.tells("show", incident)
    assert (shown["status"], shown["milestones"]["resolved_at"], shown["overrides"]) == (
        "fixing",
        None,
        ["reopen_window"],
    )


OVERRIDES = {
    "raise": (("raise", "x", "--severity", "SEV3", "--component", "search"), ("summary",)),
    "triage": (("raise", "x", "--triage"), ("detection",)),
    "ack": (("ack",), ("channel",)),
    "monitor": (("monitor",), ("mitigation",)),
    "resolve": (("resolve",), ("assessment", "attestation", "impact_end", "final_updates")),
    "close": (("close",), ("cleanups", "postmortem")),
    "decline": (("decline",), ("closing_update",)),
}


@pytest.mark.parametrize("command", OVERRIDES)
def test_each_guard_can_be_passed_with_an_override_that_is_kept(records: Repository, command: str) -> None:
    words, guards = OVERRIDES[command]
    if command not in ("raise", "triage"):
        incident = {"ack": records.raised, "decline": records.raised, "close": records.resolved}.get(
            command, records.fixing
        )()
        words = (*words, "-i", incident)
    if command == "resolve":
        records.does("update", "We are on it", "--title", "x")
    if command == "close":
        records.does("task", "-i", incident, "Refund")
    if command == "decline":
        records.does("update", "We are on it", "--title", "x")
    options = [part for guard in guards for part in ("--override", guard)]
    assert "an override needs a reason" in records.refuses(2, *words, *options)

    done = records.tells(*words, *options, "--reason", "because")

    assert records.tells("show", done["id"])["overrides"] == list(guards)
    kinds = [row["kind"] for row in records.tells("timeline", done["id"])["timeline"]]
    assert kinds.count("override") == len(guards)
    assert "-override" in records.trailers()[1]


def test_an_override_is_a_guard_by_name_and_only_kept_where_it_was_needed(records: Repository) -> None:
    records.raised()
    assert "unknown guard `nonsense`" in records.refuses(2, "ack", "--override", "nonsense", "--reason", "x")

    done = records.sevlog("ack", "--channel", "chat=#x", "--override", "channel", "--reason", "x")

    assert "--override channel was not needed" in done.err
    assert records.tells("show")["overrides"] == []


def test_a_merged_incident_goes_on_in_the_other(records: Repository) -> None:
    first, second = records.raised(), records.raised(title="Cards refused")
    assert "target incident of the merge" in records.refuses(3, "merge", "-i", second)
    assert "cannot be merged into itself" in records.refuses(3, "merge", "-i", second, second)
    assert "no incident id contains" in records.refuses(4, "merge", "-i", second, "zzz")

    done = records.tells("merge", "-i", second, "checkout")

    assert done["status"] == "merged"
    assert records.trailers()[-1] == "Transition: raised -> merged"
    shown = records.tells("show", second)
    assert shown["merged_into"] == first
    assert [(row["rel"], row["target"]) for row in shown["relations"]] == [
        ("duplicate_of", first),
        ("merged_into", first),
    ]
    assert "has been `merged` since" in records.refuses(3, "merge", "-i", second, first)
    assert "was already merged into" in records.refuses(3, "merge", "-i", first, second)
    third = records.raised(title="Third")
    said = records.refuses(3, "merge", "-i", third, second)
    assert f"sevlog merge -i {third} {first}" in said


def test_a_step_cannot_lie_before_the_last_one(records: Repository) -> None:
    records.raised()

    said = records.refuses(3, "ack", "--channel", "chat=#x", "--at", "-2h")

    assert "would be earlier" in said
