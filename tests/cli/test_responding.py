"""sevlog assess, severity, priority, impact and the entries of an investigation: each is an entry and a commit."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.repositories import Repository


def last(records: Repository) -> dict[str, Any]:
    entry: dict[str, Any] = records.tells("timeline")["timeline"][-1]["entry"]
    return {k: v for k, v in entry.items() if k not in ("at", "by")}


ENTRIES = [
    (("note", "Vendor has a ticket"), {"kind": "note", "text": "Vendor has a ticket"}),
    (("note", "two", "words"), {"kind": "note", "text": "two words"}),
    (
        ("observe", "Pool is full", "--confirmed-by", "bo"),
        {"kind": "observation", "ref": "O1", "confirmed_by": ["bo"], "text": "Pool is full"},
    ),
    (
        ("theory", "Deploy leaks", "--fix", "roll back"),
        {"kind": "theory", "ref": "T1", "proposed_fix": "roll back", "text": "Deploy leaks"},
    ),
    (("decide", "We roll back"), {"kind": "decision", "text": "We roll back"}),
    (("act", "Rolled back"), {"kind": "action_taken", "type": "mitigation", "text": "Rolled back"}),
    (("act", "Looked", "--type", "diagnostic"), {"kind": "action_taken", "type": "diagnostic", "text": "Looked"}),
    (
        ("task", "Refund", "--assignee", "bo", "--cleanup"),
        {"kind": "task", "ref": "K1", "assignee": "bo", "cleanup": True, "text": "Refund"},
    ),
    (
        ("link", "INC-4711", "--rel", "ticket", "--text", "the vendor's"),
        {"kind": "link", "rel": "ticket", "target": "INC-4711", "text": "the vendor's"},
    ),
    (
        ("link", "https://other.example/1", "--rel", "caused_by"),
        {"kind": "link", "rel": "caused_by", "target": "https://other.example/1"},
    ),
    (
        ("impact", "checkout=major_outage", "search=up"),
        {"kind": "impact", "components": {"checkout": "major_outage", "search": "operational"}},
    ),
    (("severity", "sev1", "--reason", "worse"), {"kind": "severity", "to": "SEV1", "reason": "worse"}),
    (("priority", "P1", "--reason", "first"), {"kind": "priority", "to": "P1", "reason": "first"}),
    (("assign", "tech-lead", "bo"), {"kind": "assigned", "role": "tech_lead", "person": "bo"}),
    (
        ("assign", "tech_lead", "bo", "--workstream", "database", "--lead"),
        {"kind": "assigned", "role": "tech_lead", "person": "bo", "lead": True, "workstream": "database"},
    ),
    (("join",), {"kind": "collaborator", "person": "ana"}),
    (
        ("join", "--team", "payments", "--audience", "observer"),
        {"kind": "collaborator", "team": "payments", "audience": "observer"},
    ),
    (
        ("escalate", "--to", "team:payments", "--reason", "we need them"),
        {"kind": "escalated", "to": "team:payments", "reason": "we need them"},
    ),
    (
        ("escalate", "--to", "policy:majors", "--reason", "now"),
        {"kind": "escalated", "to": "policy:majors", "reason": "now"},
    ),
    (("escalate", "--to", "bo", "--reason", "now"), {"kind": "escalated", "to": "bo", "reason": "now"}),
    (
        ("channel", "Video", "https://meet.example/1"),
        {"kind": "channel", "type": "video", "url": "https://meet.example/1"},
    ),
    (
        (
            "assess",
            "--customer-impact",
            "none can pay",
            "--employee-impact",
            "desk is flooded",
            "--symptoms",
            "error 7",
            "--scope",
            "all",
            "--affected",
            "12,000",
            "--support-cases",
            "31",
            "--factor",
            "Social-Media",
            "--confirmed",
        ),
        {
            "kind": "assessment",
            "customer_impact": "none can pay",
            "employee_impact": "desk is flooded",
            "symptoms": "error 7",
            "scope": "all",
            "affected_count": 12000,
            "support_cases": 31,
            "confirmed": True,
            "factors_added": ["social_media"],
        },
    ),
    (
        ("assess", "--affected", "40%", "--support-cases", "A-1, A-2", "--not-confirmed"),
        {"kind": "assessment", "affected_percent": 40.0, "support_cases_added": ["A-1", "A-2"], "confirmed": False},
    ),
]


@pytest.mark.demand("S59")
@pytest.mark.parametrize(("words", "entry"), ENTRIES, ids=[" ".join(words) for words, _ in ENTRIES])
def test_each_act_is_one_entry_in_one_commit(
    records: Repository, words: tuple[str, ...], entry: dict[str, Any]
) -> None:
    incident = records.raised()
    before = records.commits()

    done = records.tells(*words)

    assert records.commits()[1:] == before
    assert records.committed() == [f"incidents/{incident[:4]}/{incident}/timeline/{done['entries'][0]}.yaml"]
    assert records.trailers()[:2] == [f"Incident: {incident}", f"Entry: {done['entries'][0]}"]
    assert records.status() == ""
    assert last(records) == entry


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (2, ("note",), "no text given"),
        (2, ("note", ""), "the text is empty"),
        (2, ("note", " "), "the text is empty"),
        (2, ("assess",), "no assessment given"),
        (2, ("assess", "--affected", "many"), "--affected many: not a number"),
        (2, ("assess", "--affected", "400%"), "`affected_percent` must be at most 100"),
        (2, ("assess", "--affected", "-5"), "`affected_count` must be at least 0"),
        (2, ("assess", "--started-at", "+2h"), "is in the future"),
        (2, ("assess", "--factor", "B@d"), "`factors_added` item 1 cannot be `b@d`"),
        (2, ("severity", "SEV7", "--reason", "x"), "unknown severity `SEV7`"),
        (2, ("severity", "SEV1"), "Missing option '--reason'"),
        (2, ("severity",), 'sevlog severity SEV1 --reason "EU is down too"'),
        (3, ("severity", "SEV2", "--reason", "x"), "is already SEV2"),
        (2, ("priority", "P7", "--reason", "x"), "unknown priority `P7`"),
        (3, ("priority", "p2", "--reason", "x"), "is already P2"),
        (2, ("impact",), "no component and no state given"),
        (2, ("impact", "checkout"), "`checkout` has no state"),
        (2, ("impact", "nope=operational"), "unknown component `nope`"),
        (2, ("impact", "checkout=broken"), "unknown component state `broken`"),
        (2, ("impact", "--ended-at", "+1h"), "is in the future"),
        (2, ("assign", "boss", "bo"), "unknown role `boss`"),
        (2, ("assign", "scribe", "zed"), "person `zed` is not listed in oncall.yaml"),
        (3, ("release", "scribe", "bo"), "bo does not hold the role scribe"),
        (2, ("handover",), "handover needs a role and a person"),
        (2, ("handover", "scribe", "bo", "--accept"), "handover needs a role and a person"),
        (3, ("handover", "scribe", "bo"), "ana does not hold the role scribe"),
        (2, ("handover", "scribe", "zed"), "person `zed` is not listed in oncall.yaml"),
        (3, ("handover", "--accept"), "ana has no handover to accept"),
        (2, ("join", "--team", "nobody"), "unknown team `nobody`"),
        (4, ("escalate", "--to", "team:paymants", "--reason", "x"), "did you mean `payments`?"),
        (4, ("escalate", "--to", "schedule:nights", "--reason", "x"), "add it to `schedules` in oncall.yaml"),
        (2, ("escalate", "--to", "person:zed", "--reason", "x"), "is not listed in oncall.yaml"),
        (2, ("escalate", "--to", "pager:1", "--reason", "x"), "cannot be asked for help"),
        (2, ("escalate", "--to", "zed", "--reason", "x"), "is not listed in oncall.yaml"),
        (2, ("observe", "x", "--confirmed-by", "zed"), "is not listed in oncall.yaml"),
        (2, ("observe", "x", "--ref", "bad ref"), "`ref` cannot be `bad ref`"),
        (2, ("task", "x", "--assignee", "zed"), "is not listed in oncall.yaml"),
        (2, ("task",), "no task given"),
        (4, ("task", "K7", "--state", "done"), "has no task `K7`"),
        (4, ("theory", "--ref", "T9", "--state", "refuted"), "has no theory `T9`"),
        (4, ("theory", "x", "--from", "O9"), "has no observation, theory or experiment `O9`"),
        (4, ("experiment", "x", "--theory", "T9", "--expect", "y"), "has no theory `T9`"),
        (4, ("link", "nope"), "no incident id contains `nope`"),
        (2, ("link", "checkout"), "cannot be linked to itself"),
        (2, ("act", "x", "--type", "magic"), "'magic' is not one of"),
    ],
)
def test_what_makes_no_sense_is_refused(records: Repository, code: int, words: tuple[str, ...], said: str) -> None:
    records.raised()

    assert said in records.refuses(code, *words)


@pytest.mark.demand("S46")
def test_time_in_each_severity_is_reckoned(records: Repository) -> None:
    incident = records.raised("--at", "-2h")
    records.does("severity", "SEV1", "--reason", "worse", "--at", "-90m")
    records.does("severity", "SEV3", "--reason", "better", "--at", "-30m")

    spent = records.tells("show", incident)["time_in_severity"]

    assert [round(spent[level] / 60) for level in ("SEV2", "SEV1", "SEV3")] == [30, 60, 30]


def test_before_it_is_raised_there_is_no_level_to_change(records: Repository) -> None:
    records.does("raise", "Odd", "--triage", "--source", "monitoring")

    assert "has no severity yet" in records.refuses(3, "severity", "SEV1", "--reason", "x")
    assert "has no priority yet" in records.refuses(3, "priority", "P1", "--reason", "x")


def test_when_the_impact_ended_its_components_work_again(records: Repository) -> None:
    incident = records.raised("--at", "-1h")

    records.does("impact", "--ended-at", "-10m")

    shown = records.tells("show", incident)
    assert shown["components"] == {"checkout": "operational"}
    assert shown["milestones"]["ended_at"] is not None


def test_an_end_before_the_start_is_refused(records: Repository) -> None:
    records.raised("--started-at", "-10m")

    assert "before it starts" in records.refuses(3, "impact", "--ended-at", "-20m")


@pytest.mark.demand("S62", "S65")
def test_roles_are_given_given_up_and_led_by_one(records: Repository) -> None:
    incident = records.raised()
    records.does("assign", "incident_manager", "bo")
    assert records.tells("show", incident)["lead"] == "bo"
    records.does("assign", "incident_manager", "chi")
    assert records.tells("show", incident)["lead"] == "bo"
    records.does("assign", "incident_manager", "chi", "--lead")
    assert records.tells("show", incident)["lead"] == "chi"
    assert "chi is already incident manager" in records.refuses(3, "assign", "incident_manager", "chi")

    records.does("release", "incident-manager", "chi")

    shown = records.tells("show", incident)
    assert (shown["lead"], shown["roles"]) == ("bo", {"incident_manager": ["bo"]})


@pytest.mark.demand("S75")
def test_a_handover_is_offered_and_taken(records: Repository) -> None:
    incident = records.fixing()
    offered = records.sevlog("handover", "incident_manager", "bo", "--text", "Rollback runs, watch the pool")
    assert "sevlog handover -i" in offered.err
    assert records.tells("show", incident)["lead"] == "ana"
    assert "chi has no handover to accept" in records.refuses(3, "handover", "--accept", "--as", "chi")
    assert "cannot hand over to" in records.refuses(2, "handover", "incident_manager", "ana")

    records.does("handover", "--accept", "--as", "bo")

    assert records.tells("show", incident)["lead"] == "bo"
    assert records.git("log", "-1", "--format=%s").endswith("bo takes incident manager from ana")


@pytest.mark.demand("S87")
def test_a_pair_of_roles_that_should_not_meet_is_a_warning(records: Repository) -> None:
    records.fixing()

    done = records.sevlog("assign", "tech_lead", "ana")

    assert done.code == 0
    assert "warning: ana is both incident manager and tech lead" in done.err


@pytest.mark.demand("S70", "S71")
def test_refs_count_up_and_are_spoken_of_again(records: Repository) -> None:
    incident = records.raised()
    for words in (
        ("theory", "Deploy leaks"),
        ("theory", "Pool too small", "--from", "T1"),
        ("experiment", "Restart", "--theory", "T1", "--expect", "errors stop", "--result", "they did", "--reverted"),
        ("theory", "--ref", "T1", "--state", "supported"),
        ("task", "Refund"),
        ("task", "K1", "--state", "done"),
    ):
        records.does(*words)

    shown = records.tells("show", incident)

    assert [(t["ref"], t["state"], t["text"]) for t in shown["theories"]] == [
        ("T1", "supported", "Deploy leaks"),
        ("T2", "open", "Pool too small"),
    ]
    assert [(t["ref"], t["state"], t["text"]) for t in shown["tasks"]] == [("K1", "done", "Refund")]
    assert shown["timeline"][3]["entry"]["reverted"] is True


@pytest.mark.demand("S56")
def test_another_incident_is_linked_by_part_of_its_id_and_once(records: Repository) -> None:
    first = records.raised()
    second = records.raised(title="Search is slow")

    records.does("link", "-i", second, "checkout", "--rel", "caused_by")

    (relation,) = records.tells("show", second)["relations"]
    assert (relation["rel"], relation["target"]) == ("caused_by", first)
    assert "already has this link" in records.refuses(3, "link", "-i", second, first, "--rel", "caused_by")


@pytest.mark.demand("S39")
def test_assessing_a_major_before_command_and_channels_is_a_warning(records: Repository) -> None:
    records.raised()
    (warning,) = records.tells("assess", "--scope", "some")["warnings"]
    assert warning.startswith("nobody has taken command and no channel is open")

    records.does("assign", "incident_manager", "ana")
    (warning,) = records.tells("assess", "--scope", "all")["warnings"]
    assert "no channel is open yet" in warning

    records.does("ack", "--channel", "chat=https://chat.example/room")
    assert records.tells("assess", "--scope", "some")["warnings"] == []


def test_a_minor_incident_is_assessed_without_ceremony(records: Repository) -> None:
    records.does("raise", "Slow", "--severity", "SEV3", "--component", "search", "--summary", "Slow")
    assert records.tells("assess", "--scope", "some")["warnings"] == []


@pytest.mark.demand("S11")
def test_a_new_severity_brings_the_priority_that_the_matrix_would_give(records: Repository) -> None:
    records.fixing()
    records.does("assess", "--scope", "all")
    (hint,) = records.tells("severity", "SEV1", "--reason", "All of them")["hints"]
    assert hint.startswith("the priority is P2, but P1 would fit (scope all, urgency high): sevlog priority P1 -i ")

    records.does("priority", "P1", "--reason", "SEV1 now")
    assert records.tells("severity", "SEV2", "--reason", "Fewer than we thought")["hints"] == []


def test_without_teams_in_oncall_yaml_no_team_can_be_asked(records: Repository) -> None:
    (records.root / "oncall.yaml").write_text("schema: 1\npeople: [{key: ana, name: Ana}]\n", "utf-8")
    records.git("commit", "-qam", "No teams")
    records.raised()

    for words in (("escalate", "--to", "team:payments", "--reason", "x"), ("join", "--team", "payments")):
        said = records.refuses(4, *words)
        assert "team `payments` is not listed in oncall.yaml" in said
        assert "hint: oncall.yaml lists none: name a person, or add it to `teams` in oncall.yaml" in said


def test_to_acknowledge_again_says_that_one_leads_already(records: Repository) -> None:
    records.fixing()

    assert records.tells("ack", "--channel", "chat=#search")["summary"].startswith("ana leads already: ")
    assert "ana leads" in records.refuses(3, "ack", "--as", "bo")
