"""sevlog board, list, show, timeline: content, order, and the state at a past time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from fixtures.repositories import Repository


def ids(records: Repository, *words: str) -> list[str]:
    return [row["id"][11:] for row in records.tells(*words)["incidents"]]


def some(records: Repository) -> None:
    """Five of them: two majors, a minor, one that is over, a maintenance."""
    base = ("raise", "--component", "checkout", "--summary", "s")
    records.does(*base, "Minor", "--severity", "SEV3", "--at", "2026-03-01T10:00:00Z")
    records.does(*base, "Major", "--severity", "SEV2", "--scope", "some", "--at", "2026-03-02T10:00:00Z")
    records.does(*base, "Total", "--severity", "SEV1", "--component", "search", "--at", "2026-03-03T10:00:00Z")
    records.does(*base, "Alarm", "--severity", "SEV1", "--tag", "probe", "--at", "2026-03-04T10:00:00Z")
    records.does("decline", "-i", "alarm", "--reason", "the probe lied")
    records.does(
        "maintenance",
        "schedule",
        "Move",
        "--start",
        "2026-03-05T10:00:00Z",
        "--end",
        "2026-03-05T11:00:00Z",
        "--component",
        "search",
        "--at",
        "2026-03-04T12:00:00Z",
    )


@pytest.mark.demand("S12")
def test_the_board_ranks_what_is_live(records: Repository) -> None:
    some(records)

    board = records.tells("board")["incidents"]

    assert [(row["rank"], row["id"][11:]) for row in board] == [(1, "total"), (2, "major"), (3, "minor")]
    text = records.does("board").splitlines()
    assert text[0].split() == ["#", "SEVERITY", "PRIORITY", "STATUS", "LEAD", "SINCE", "NEXT", "UPDATE", "INCIDENT"]
    assert text[1].split()[:4] == ["1", "SEV1", "P1", "raised"]
    assert "no lead" in text[1]


def test_an_empty_board_says_that_all_is_quiet(records: Repository) -> None:
    assert records.does("board") == "No live incidents.\n"
    assert records.does("list") == "No incidents match.\n"


@pytest.mark.demand("S17")
def test_an_overdue_update_is_told_on_the_board(records: Repository) -> None:
    records.raised("--at", "-3h")
    records.does("update", "We are on it", "--title", "x", "--at", "-2h", "--next-in", "30m")

    assert "OVERDUE 1h 30m" in records.does("board")


@pytest.mark.demand("S6", "S17")
def test_the_board_shows_that_nobody_took_command_in_time_in_the_words_of_next(records: Repository) -> None:
    incident = records.raised("--at", "-2h")

    (late,) = records.tells("board")["incidents"][0]["overdue"]
    first = records.tells("next")["guides"][0]["first"]

    assert late == {key: first[key] for key in ("what", "command", "due_at")}
    assert f"! {incident}: take command as incident manager (OVERDUE 1h 45m): {first['command']}" in records.does(
        "board"
    )


@pytest.mark.demand("S17")
def test_the_board_shows_which_audience_waits_for_its_first_update(records: Repository) -> None:
    records.raised("--at", "-2h")
    records.does("ack", "--channel", "chat=https://chat.example/x", "--at", "-1h")

    what = [late["what"] for late in records.tells("board")["incidents"][0]["overdue"]]
    assert what == [f"send the first update to {name}" for name in ("colleagues", "customers", "executives")]
    records.does("update", "We know", "--audience", "internal")
    assert len(records.tells("board")["incidents"][0]["overdue"]) == 2


@pytest.mark.demand("S57")
def test_who_joined_is_shown_by_audience_and_teams_as_teams(records: Repository) -> None:
    incident = records.raised()
    records.does("join", "--as", "chi", "--audience", "observer")
    records.does("join", "--as", "bo")
    records.does("join", "--team", "payments")

    assert f"  {incident}: responders: Bo, team Payments; observers: Chi" in records.does("board").splitlines()
    assert "Joined:           responders: Bo, team Payments; observers: Chi\n" in records.does("show")
    shown = records.tells("show")["collaborators"]
    assert shown == records.tells("board")["incidents"][0]["collaborators"]
    assert shown[1] == {"audience": "responder", "person": None, "team": "payments", "name": "Payments"}
    (records.root / "oncall.yaml").write_text("people: 1\n")
    assert "responders: bo, team payments; observers: chi" in records.does("board")


def test_a_past_view_judges_promises_at_its_own_time(records: Repository) -> None:
    records.raised("--at", "-4h")
    records.does("ack", "--channel", "chat=https://chat.example/x", "--at", "-3h")
    records.does("update", "We know", "--title", "x", "--at", "-170m", "--next-in", "30m")

    before_ack, promised = (records.tells("show", "--as-of", time)["overdue"] for time in ("-200m", "-160m"))
    assert [late["what"] for late in before_ack] == ["take command as incident manager"]
    assert "customers" not in " ".join(late["what"] for late in promised)
    assert "OVERDUE 25m" in records.does("show", "--as-of", "-200m")
    past = records.does("show", "--as-of", "-160m")
    assert "(in 19m 5" in past
    assert "customers (OVERDUE" not in past
    assert "send the next update to customers (OVERDUE 2h" in records.does("show")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["move", "alarm", "total", "major", "minor"]),
        (("--status", "raised"), ["total", "major", "minor"]),
        (("--status", "Live", "--status", "dropped"), ["alarm", "total", "major", "minor"]),
        (("--severity", "sev1"), ["alarm", "total"]),
        (("--severity", "SEV2", "--severity", "SEV3"), ["major", "minor"]),
        (("--component", "search"), ["move", "total"]),
        (("--kind", "maintenance"), ["move"]),
        (("--tag", "probe"), ["alarm"]),
        (("--text", "probe lied"), ["alarm"]),
        (("--since", "2026-03-02T10:00:00Z", "--until", "2026-03-04T10:00:00Z"), ["total", "major"]),
        (("--status", "live", "--component", "search"), ["total"]),
    ],
)
def test_a_list_is_narrowed_by_every_option(records: Repository, words: tuple[str, ...], expected: list[str]) -> None:
    some(records)

    assert ids(records, "list", *words) == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--status", "nonsense"), "unknown status or category `nonsense`"),
        (("--severity", "SEV9"), "unknown severity `SEV9`"),
        (("--component", "nope"), "unknown component `nope`"),
        (("--kind", "nope"), "nope"),
        (("--since", "2026-03-01T10:00"), "has no UTC offset"),
    ],
)
def test_a_filter_that_can_match_nothing_is_a_usage_error(
    records: Repository, words: tuple[str, ...], said: str
) -> None:
    assert said in records.refuses(2, "list", *words)


def test_a_long_list_says_one_line_an_incident(records: Repository) -> None:
    some(records)

    lines = records.does("list").splitlines()

    assert lines[0].split() == ["STARTED", "SEVERITY", "STATUS", "KIND", "ID", "TITLE"]
    assert len(lines) == 6


def story(records: Repository) -> str:
    """Raised at 10, worse at 11 but recorded at 13, mitigated at 12, which was corrected to 11:30 later."""
    day = "2026-03-01T"
    incident = records.raised("--at", f"{day}10:00:00Z")
    records.does("ack", "--channel", "chat=#x", "--at", f"{day}10:05:00Z")
    records.does("severity", "SEV1", "--reason", "worse", "--at", f"{day}11:00:00Z")
    records.does("act", "rolled back", "--at", f"{day}12:00:00Z")
    return incident


def test_as_of_a_time_is_what_was_true_then(records: Repository) -> None:
    incident = story(records)

    def then(time: str) -> dict[str, Any]:
        return records.tells("show", incident, "--as-of", f"2026-03-01T{time}Z")

    assert (then("10:01:00")["status"], then("10:05:00")["status"]) == ("raised", "fixing")
    assert (then("10:59:00")["severity"], then("11:00:00")["severity"]) == ("SEV2", "SEV1")
    assert then("11:30:00")["as_of"] == "2026-03-01T11:30:00Z"
    assert round(then("11:30:00")["time_in_severity"]["SEV1"]) == 1800
    records.does("correct", "Z-severity", "at=2026-03-01T10:30:00Z")
    assert then("10:45:00")["severity"] == "SEV1"
    assert len(records.tells("timeline", incident, "--as-of", "2026-03-01T10:20:00Z")["timeline"]) == 4


def test_known_at_a_time_is_what_had_been_recorded_by_then(records: Repository) -> None:
    incident = records.raised()
    moment = records.tells("show", incident)["timeline"][-1]["recorded_at"]
    records.does("severity", "SEV1", "--reason", "worse, since the start", "--at", moment)

    assert records.tells("show", incident, "--as-of", moment)["severity"] == "SEV1"
    known = records.tells("show", incident, "--known-at", moment)
    assert (known["severity"], known["known_at"]) == ("SEV2", moment)
    text = records.does("show", incident, "--known-at", moment)
    assert "with what was known at 20" in text.splitlines()[2]


def test_before_it_began_there_is_nothing_to_show(records: Repository) -> None:
    incident = story(records)

    for command in ("show", "timeline"):
        said = records.refuses(4, command, incident, "--as-of", "2026-02-01T00:00:00Z")
        assert "has no entry before 2026-02-01 00:00Z" in said
        assert "begins at 2026-03-01 10:00Z" in said
    assert "has no entry before" in records.refuses(4, "show", incident, "--known-at", "2026-03-01T12:00:00Z")


@pytest.mark.demand("S14", "S50")
def test_an_incident_fits_on_a_screen(records: Repository) -> None:
    incident = story(records)
    records.does("update", "We are\non it", "--title", "Cards are refused", "--audience", "public")
    records.does("assess", "--affected", "40%", "--confirmed", "--support-cases", "A-1,A-2")
    for number in range(10):
        records.does("note", f"number {number}")

    text = records.does("show", incident)

    for part in (
        "SEV1 · P2 · fixing · major",
        "Public title:     Cards are refused",
        "Lead:             ana",
        "Roles:            incident manager: ana",
        "Channels:         chat #x",
        "Affected percent: 40",
        "Support cases:    A-1, A-2",
        "time to acknowledge             5m",
        "public/investigating  We are",
        "note         ana        number 9",
        f"earlier entries: sevlog timeline {incident}",
        "Possible transitions: declined, monitoring, resolved, merged",
    ):
        assert part in text, part


def test_one_broken_file_never_hides_the_rest(records: Repository) -> None:
    healthy, broken = records.raised(), records.raised(title="Broken")
    (records.folder("broken") / "timeline" / "20260101T000000Z-note.yaml").write_text("kind: nope\n", "utf-8")

    done = records.sevlog("list")

    assert done.code == 0
    assert healthy in done.out
    assert broken in done.out
    assert "warning: incidents/2026/" in done.err
    assert "sevlog check" in done.err
    assert records.tells("list")["problems"][0]["path"].endswith("20260101T000000Z-note.yaml")
    assert records.tells("show", broken)["problems"][0]["code"]


def test_a_mistake_in_a_section_that_is_not_needed_does_not_stop_commands_that_show(records: Repository) -> None:
    incident = records.raised()
    path = records.root / "sevlog.yaml"
    whole = path.read_text("utf-8")

    path.write_text(f"{whole}fields:\n  region: {{type: text}}\n", "utf-8")
    shown = records.sevlog("board", "--json")
    assert [row["id"] for row in json.loads(shown.out)["incidents"]] == [incident]
    assert "`type` cannot be `text`; this section is left out here" in shown.err
    assert "hint: did you mean `string`?" in shown.err
    assert "`type` cannot be `text`" in records.refuses(6, "note", "x")

    path.write_text(whole.replace("components:", "componets:"), "utf-8")
    assert "did you mean `components`?" in records.refuses(6, "board")


def test_a_broken_card_is_told_with_its_place(records: Repository) -> None:
    healthy, broken = records.raised(), records.raised(title="Broken")
    (records.folder("broken") / "incident.yaml").write_text("schema: 1\ntitel: x\nkind: incident\n", "utf-8")

    said = records.refuses(6, "show", broken)

    assert f"incidents/{broken[:4]}/{broken}/incident.yaml:2:1: " in said
    assert "did you mean `title`?" in said
    assert [row["id"] for row in records.tells("list")["incidents"]] == [healthy]


def test_a_step_does_not_stand_on_a_timeline_that_cannot_be_read_whole(records: Repository) -> None:
    incident = records.raised()
    (records.folder() / "timeline" / "20260101T000000Z-note.yaml").write_text("kind: nope\n", "utf-8")

    assert "the status cannot change while parts of the timeline cannot be read" in records.refuses(
        6, "ack", "-i", incident, "--channel", "chat=#x"
    )
    done = records.sevlog("note", "but words are kept")
    assert done.code == 0
    assert "warning: incidents/" in done.err


def on_the_page(records: Repository) -> str:
    """What `show` says of the page."""
    (line,) = [line for line in records.does("show").splitlines() if line.startswith("Status page:")]
    return line.removeprefix("Status page:").strip()


def test_show_says_what_is_published_and_not_what_the_card_wishes(records: Repository) -> None:
    records.fixing()
    assert on_the_page(records) == "not published: no public title yet, no public update yet"
    assert "Visibility" not in records.does("show")
    records.does("update", "We look into it.", "--audience", "internal")
    assert on_the_page(records) == "not published: no public title yet, no public update yet"

    told = records.tells("update", "Cards are refused.", "--title", "Cards are refused", "--at", "14:00:02")["entries"][
        0
    ]

    assert on_the_page(records) == "published as “Cards are refused” since 2026-11-23 14:00Z"
    shown = records.tells("show")
    assert (shown["visibility"], shown["on_page"]["shown"], shown["on_page"]["why_not"]) == ("internal", True, None)
    records.does("retract", told, "--reason", "the other incident")
    assert on_the_page(records) == "not published: no public update yet"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--kind", "drill"), "not published: it is a drill"),
        (("--type", "security"), "not published: it is restricted"),
    ],
)
def test_show_says_why_a_record_never_gets_on_the_page(records: Repository, more: tuple[str, ...], said: str) -> None:
    records.raised(*more)

    assert on_the_page(records) == said


@pytest.mark.demand("S8", "S86")
def test_the_board_has_what_is_due_after_incidents(records: Repository) -> None:
    incident = records.resolved()
    records.does("action", "add", "Alert on refused cards", "--owner", "bo", "--accept", "--due", "12d")
    assert records.tells("board")["follow_up"] == []

    records.clock.advance(timedelta(days=6))
    (soon,) = records.tells("board")["follow_up"]
    assert (soon["incident"], soon["overdue"]) == (incident, False)
    assert soon["what"] == "write the postmortem (ana)"
    records.clock.advance(timedelta(days=9))
    late = records.does("board")
    assert "No live incidents." in late
    assert f"! {incident}: A1 Alert on refused cards (bo), accepted (OVERDUE" in late
    assert f"sevlog action done -i {incident} A1" in late
    assert "write the postmortem (ana) (OVERDUE" in late
