"""sevlog raise, ack, channel, decline: the start of an incident, or a false alarm."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository

WORDS = ("--severity", "SEV2", "--component", "checkout", "--summary", "Cards are refused")


@pytest.mark.demand("S24", "S59")
def test_raising_is_one_commit_of_card_and_entry_with_its_trailers(records: Repository) -> None:
    before = records.commits()

    done = records.tells(
        "raise",
        "Checkout  fails",
        *WORDS,
        "--component",
        "search=major-outage",
        "--source",
        "customer_report",
        "--ref",
        "CASE-7",
        "--reporter",
        "bo",
        "--scope",
        "some",
        "--type",
        "third_party",
        "--tag",
        "cards",
    )

    incident = done["id"]
    folder = f"incidents/{incident[:4]}/{incident}"
    assert records.commits()[1:] == before
    assert records.committed() == [f"{folder}/incident.yaml", f"{folder}/timeline/{done['entries'][0]}.yaml"]
    assert records.git("log", "-1", "--format=%s") == f"incident({incident}): raise major SEV2 Checkout fails"
    assert records.trailers() == [
        f"Incident: {incident}",
        f"Entry: {done['entries'][0]}",
        "Transition: new -> raised",
        "Severity: SEV2",
    ]
    shown = records.tells("show", incident)
    assert shown["detection"] == {"source": "customer_report", "ref": "CASE-7", "reporter": "bo"}
    assert shown["components"] == {"checkout": "partial_outage", "search": "major_outage"}
    assert (shown["title"], shown["type"], shown["tags"]) == ("Checkout fails", "third_party", ["cards"])
    assert (shown["status"], shown["severity"], shown["priority"], shown["major"]) == ("raised", "SEV2", "P2", True)
    assert records.status() == ""


@pytest.mark.demand("S26")
def test_everything_that_is_missing_is_told_at_once(records: Repository) -> None:
    said = records.refuses(3, "raise", "Checkout fails")

    assert "without a severity and a component" in said
    assert "SEV1 (major): A service that customers use is down for all of them" in said
    assert "components: checkout, search)" in said
    assert "--summary" in said


def test_a_summary_is_asked_for(records: Repository) -> None:
    said = records.refuses(3, "raise", "Checkout fails", "--severity", "SEV3", "--component", "checkout")

    assert "what is the emergency?" in said
    assert '--override summary --reason "why"' in said


@pytest.mark.demand("S5")
@pytest.mark.parametrize(
    ("scope", "level", "reason"),
    [
        ("all", "SEV1", "all customers are affected"),
        ("some", "SEV2", "some customers are affected"),
        ("none", "SEV3", "no customer is affected"),
    ],
)
def test_a_scope_proposes_the_severity_with_its_reason(
    records: Repository, scope: str, level: str, reason: str
) -> None:
    said = records.refuses(3, "raise", "Checkout fails", "--scope", scope, "--component", "checkout")

    assert f"--severity {level} would fit: {reason}" in said


@pytest.mark.demand("S10")
def test_the_help_says_what_each_severity_means_here(records: Repository) -> None:
    text = " ".join(records.does("raise", "--help").split())

    assert "SEV1 Critical (major): A service that customers use is down for all of them" in text
    assert "SEV3 Minor: An inconvenience" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--severity", "SEV9"), "unknown severity `SEV9`"),
        (("--severity", "SEV2", "--priority", "P9"), "unknown priority `P9`"),
        (("--severity", "SEV2", "--component", "chekout"), "did you mean `checkout`?"),
        (("--severity", "SEV2", "--component", "fax"), "unknown component `fax`"),
        (("--severity", "SEV2", "--component", "search=broken"), "unknown component state `broken`"),
        (("--severity", "SEV2", "--type", "nope"), "unknown type `nope`"),
        (("--severity", "SEV2", "--reporter", "bad name"), "--reporter `bad name` is not a handle"),
        (("--severity", "SEV2", "--started-at", "+1h"), "is in the future"),
        (("--severity", "SEV2", "--started-at", "soon"), "`soon` is not a time"),
        (("--severity", "SEV2", "--scope", "few"), "'few' is not one of"),
        (("--triage", "--severity", "SEV2", "--source", "monitoring"), "--triage means"),
    ],
)
def test_words_that_make_no_sense_are_a_usage_error(records: Repository, words: tuple[str, ...], said: str) -> None:
    assert said in records.refuses(2, "raise", "x", "--component", "checkout", "--summary", "s", *words)


@pytest.mark.parametrize("title", ["", "   ", "x" * 301])
def test_a_title_has_1_to_300_characters(records: Repository, title: str) -> None:
    records.refuses(2, "raise", title, *WORDS)


def test_the_priority_comes_from_the_matrix_unless_it_is_given(records: Repository) -> None:
    assert records.tells("raise", "one", *WORDS, "--scope", "all")["priority"] == "P1"
    assert records.tells("raise", "two", *WORDS, "--scope", "none")["priority"] == "P3"
    assert records.tells("raise", "three", *WORDS, "--priority", "p4")["priority"] == "P4"


def test_two_of_one_title_get_ids_of_their_own(records: Repository) -> None:
    first, second = records.raised(), records.raised()

    assert second == f"{first}-2"


def test_a_component_may_be_unknown(records: Repository) -> None:
    done = records.tells("raise", "Something", "--severity", "SEV3", "--component", "unknown", "--summary", "?")

    assert done["state"]["components"] == {"unknown": "partial_outage"}


def test_of_a_kind_that_is_restricted_the_card_says_so(records: Repository) -> None:
    incident = records.raised("--type", "security")

    assert records.tells("show", incident)["visibility"] == "restricted"
    assert "is restricted" in records.refuses(3, "update", "We know", "--title", "x")
    assert "is restricted" in records.refuses(3, "update", "We know", "--audience", "social")
    records.does("update", "We know", "--audience", "internal")


@pytest.mark.demand("S24")
def test_a_source_that_nobody_said_is_not_recorded_and_can_be_added_later(records: Repository) -> None:
    incident = records.raised("--ref", "CASE-7")
    card = records.root / f"incidents/2026/{incident}/incident.yaml"
    card.write_text(card.read_text().replace("detection:\n", "detection:\n  # as the customer wrote it\n"))
    records.git("commit", "-qam", "A comment")

    assert records.tells("show")["detection"] == {"ref": "CASE-7", "reporter": "ana"}
    assert "source not recorded, CASE-7, reported by ana" in records.does("show")
    assert "sevlog assess --source monitoring/customer_report/personnel" in records.does("next")

    assert "warning" not in records.sevlog("assess", "--source", "customer_report").err
    assert "  # as the customer wrote it\n  source: customer_report\n  ref: CASE-7\n" in card.read_text()
    shown = records.tells("show")
    assert shown["detection"] == {"source": "customer_report", "ref": "CASE-7", "reporter": "ana"}
    assert shown["timeline"][-1]["text"] == "Detection: source customer report, reference CASE-7"
    assert "--source" not in records.does("next")
    assert "already has this detection source" in records.refuses(3, "assess", "--source", "customer_report")


def test_the_source_can_come_with_an_assessment_in_one_act(records: Repository) -> None:
    incident = records.raised()
    done = records.tells("assess", "--scope", "some", "--source", "monitoring")

    assert [name.rsplit("-", 1)[-1] for name in done["entries"]] == ["assessment", "note"]
    assert records.tells("show", incident)["assessment"]["scope"] == "some"


@pytest.mark.demand("S25")
def test_triage_needs_no_severity_but_how_it_was_noticed(records: Repository) -> None:
    said = records.refuses(3, "raise", "Odd", "--triage")
    assert "detection source is missing" in said

    done = records.tells(
        "raise",
        "Odd",
        "--triage",
        "--source",
        "monitoring",
        "--component",
        "search=degraded",
        "--scope",
        "none",
        "--as",
        "bo",
    )

    assert done["status"] == "triage"
    assert done["severity"] is None
    shown = records.tells("show", done["id"])
    assert shown["detection"]["reporter"] == "bo"
    assert shown["components"] == {"search": "degraded_performance"}
    assert shown["assessment"] == {"scope": "none"}


def test_triage_becomes_an_incident_with_what_was_missing(records: Repository) -> None:
    records.does("raise", "Odd", "--triage", "--source", "monitoring")
    assert "without a severity" in records.refuses(3, "raise", "-i", "odd")
    assert "summary is missing" in records.refuses(
        3, "raise", "-i", "odd", "--severity", "SEV3", "--component", "search"
    )
    words = ("raise", "-i", "odd", "--severity", "SEV3", "--component", "search", "--summary", "Slow")
    assert "cannot be used with -i" in records.refuses(2, "raise", "Title", *words[1:])

    done = records.tells(*words)

    assert records.trailers()[2] == "Transition: triage -> raised"
    assert [path.rpartition("/")[2] for path in records.committed()] == ["incident.yaml", f"{done['entries'][0]}.yaml"]
    assert "summary: Slow" in (records.folder() / "incident.yaml").read_text("utf-8")
    assert "was already raised" in records.refuses(3, *words)


@pytest.mark.demand("S47")
def test_a_false_alarm_is_declined_with_a_reason(records: Repository) -> None:
    incident = records.raised()
    assert 'add --reason "…"' in records.refuses(3, "decline")

    done = records.tells("decline", "--reason", "the probe was wrong")

    assert done["status"] == "declined"
    assert records.tells("board")["incidents"] == []
    assert "there is nothing to take command of" in records.refuses(3, "ack", "-i", incident)


def test_declining_waits_for_a_closing_word_to_customers(records: Repository) -> None:
    records.raised()
    records.does("update", "We are on it", "--title", "Cards are refused")

    said = records.refuses(3, "decline", "--reason", "false alarm")

    assert "no final update sent to: public (last: investigating)" in said
    records.does("decline", "--reason", "false alarm", "--final-update", "All is well")
    assert records.tells("show", records.incident())["updates"][-1]["text"] == "All is well"


@pytest.mark.demand("S29", "S30", "S31")
def test_taking_command_is_one_act_lead_channels_and_status(records: Repository) -> None:
    incident = records.raised()
    before = records.commits()

    done = records.tells("ack", "--channel", "chat=https://chat.example/1", "--channel", "Video=https://meet.example/1")

    assert records.commits()[1:] == before
    assert len(records.committed()) == 4
    assert records.trailers()[-1] == "Transition: raised -> fixing"
    shown = records.tells("show", incident)
    assert (shown["lead"], shown["roles"]) == ("ana", {"incident_manager": ["ana"]})
    assert [(c["type"], c["url"]) for c in shown["channels"]] == [
        ("chat", "https://chat.example/1"),
        ("video", "https://meet.example/1"),
    ]
    assert shown["milestones"]["acknowledged_at"] == shown["timeline"][-1]["at"]
    assert done["status"] == "fixing"


def test_taking_command_needs_a_channel(records: Repository) -> None:
    records.raised()

    said = records.refuses(3, "ack")

    assert "no communication channel recorded yet" in said
    assert "--override channel" in said
    assert "`chat` is not TYPE=URL" in records.refuses(2, "ack", "--channel", "chat")
    assert "did you mean `chat-room`?" in records.refuses(2, "ack", "--channel", "Chat room=x")


@pytest.mark.demand("S65")
def test_command_is_taken_once_and_the_lead_decides_who_takes_over(records: Repository) -> None:
    incident = records.fixing()
    since = records.tells("show", incident)["timeline"][-1]["at"]
    assert "you already lead it" in records.refuses(3, "ack")

    said = records.refuses(3, "ack", "--as", "bo", "--channel", "chat=https://chat.example/2")

    assert f"ana leads since {since}, and decides who leads next" in said
    assert f"sevlog join -i {incident}" in said
    assert f"sevlog handover incident_manager bo -i {incident}" in said
    shown = records.tells("show", incident)
    assert (shown["lead"], shown["roles"]["incident_manager"]) == ("ana", ["ana"])
    assert "ana leads" in records.sevlog("assign", "incident_manager", "bo", "--lead", "-i", incident, "--as", "bo").err
    assert records.tells("show", incident)["lead"] == "bo"


def test_command_that_nobody_has_any_more_is_taken_without_a_step(records: Repository) -> None:
    incident = records.fixing()
    records.does("act", "rolled back", "--type", "rollback")
    records.does("monitor")
    records.does("release", "incident_manager", "ana")

    records.does("ack", "--as", "chi")

    shown = records.tells("show", incident)
    assert (shown["status"], shown["lead"]) == ("monitoring", "chi")


def test_a_channel_is_recorded_once(records: Repository) -> None:
    incident = records.raised()
    records.does("channel", "document", "https://docs.example/state")

    assert "already has this document channel" in records.refuses(
        3, "channel", "document", "https://docs.example/state"
    )
    assert records.tells("show", incident)["channels"][0]["type"] == "document"


def test_what_is_raised_leads_to_the_next_command(records: Repository) -> None:
    done = records.sevlog("raise", "Checkout fails", *WORDS)

    assert done.out.count("\n") == 1
    assert "hint: take command: sevlog ack -i 20" in done.err


def doubles(records: Repository, *words: str) -> list[str]:
    """The warnings about open incidents that may be the same."""
    return [text for text in records.tells(*words)["warnings"] if text.startswith("may be the same incident as ")]


RAISE = ("raise", "--severity", "SEV3", "--summary", "s")


@pytest.mark.demand("S25")
def test_an_open_incident_of_the_same_component_is_named_with_what_to_do(records: Repository) -> None:
    first = records.fixing()

    done = records.sevlog(*RAISE, "Payments are slow", "--component", "checkout")

    new = "2026-11-23-payments-are-slow"
    assert (
        f"warning: may be the same incident as {first} (SEV2, fixing, ana): "
        f"sevlog join -i {first} / sevlog merge -i {new} {first}" in done.err.splitlines()
    )
    assert "may have recurred" not in done.err
    records.does("join", "-i", first)
    records.does("merge", "-i", new, first)


@pytest.mark.parametrize(
    ("title", "component", "named"),
    [
        ("Cards: checkout fails", "search", True),
        ("CHECKOUT FAILING", "unknown", True),
        ("Search is slow", "checkout", True),
        ("Search is slow", "search", False),
        ("Search fails", "search", False),
        ("Checkout", "search", False),
    ],
)
def test_what_may_be_the_same_has_the_component_or_nearly_the_title(
    records: Repository, title: str, component: str, named: bool
) -> None:
    records.raised()

    assert bool(doubles(records, *RAISE, title, "--component", component)) is named


def test_what_is_over_or_a_drill_or_planned_is_not_the_same(records: Repository) -> None:
    records.does("decline", "-i", records.raised(), "--reason", "x")
    records.raised("--kind", "drill")
    records.does(
        "maintenance", "schedule", "Checkout fails", "--start", "+1h", "--end", "+2h", "--component", "checkout"
    )

    assert doubles(records, *RAISE, "Checkout fails", "--component", "checkout") == []


def test_what_is_in_triage_and_what_leaves_it_are_compared_too(records: Repository) -> None:
    odd = records.tells("raise", "Odd latency", "--triage", "--source", "monitoring")["id"]
    first = records.raised()

    (said,) = doubles(records, *RAISE[:1], *RAISE[1:], "-i", odd, "--component", "checkout")

    assert said.startswith(f"may be the same incident as {first} (SEV2, raised): ")
    (again,) = doubles(records, "raise", "Odd latency", "--triage", "--source", "monitoring")
    assert again.startswith(f"may be the same incident as {odd} (SEV3, raised): ")


def test_of_many_that_may_be_the_same_the_likeliest_three_are_named(records: Repository) -> None:
    for title in ("One", "Two", "Three"):
        records.raised(title=title)
    like = records.raised(title="Cards are refused")

    said = doubles(records, *RAISE, "Cards refused", "--component", "checkout")

    assert len(said) == 3
    assert said[0].startswith(f"may be the same incident as {like} ")
