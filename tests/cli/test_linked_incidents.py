"""Links, merges and attached alerts: what a user sees of them in both incidents."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from fixtures.filled import filled
from fixtures.repositories import Repository


@pytest.mark.demand("S56")
@pytest.mark.parametrize(
    ("rel", "here", "there"),
    [
        ("related", "related to", "related to"),
        ("duplicate_of", "duplicate of", "has duplicate"),
        ("child_of", "child of", "parent of"),
        ("caused_by", "caused by", "cause of"),
    ],
)
def test_a_link_is_seen_from_both_sides(records: Repository, rel: str, here: str, there: str) -> None:
    parent, child = records.raised(), records.raised(title="Cards refused")

    records.does("link", parent, "--rel", rel, "-i", child, "--text", "same pool")

    assert f"\n  {here} {parent}: same pool\n" in records.does("show", child)
    assert f"\n  {there} {child}: same pool\n" in records.does("show", parent)
    row = {"rel": rel, "target": child, "text": "same pool", "direction": "in", "words": there}
    assert records.tells("show", parent)["relations"] == [row]
    assert "link" not in {entry["kind"] for entry in records.tells("timeline", parent)["timeline"]}


def test_the_other_side_of_a_link_follows_its_corrections_and_its_time(records: Repository) -> None:
    parent, child = records.raised(), records.raised(title="Cards refused")
    before = records.tells("show", child)["timeline"][-1]["at"]
    link = records.tells("link", parent, "--rel", "child_of", "-i", child)["entries"][0]

    assert records.tells("show", parent, "--as-of", before)["relations"] == []
    assert records.tells("show", parent, "--known-at", before)["relations"] == []
    records.does("correct", link, "-i", child, "rel=caused_by")
    assert f"  cause of {child}\n" in records.does("show", parent)
    records.does("retract", link, "-i", child, "--reason", "another pool")
    assert records.tells("show", parent)["relations"] == []


def test_two_that_name_each_other_as_related_are_listed_once(records: Repository) -> None:
    first, second = records.raised(), records.raised(title="Cards refused")
    records.does("link", first, "-i", second)
    records.does("link", second, "-i", first)

    assert [(row["target"], row["direction"]) for row in records.tells("show", first)["relations"]] == [(second, "out")]


def test_a_merge_is_seen_from_both_sides(records: Repository) -> None:
    goes_on, ends = records.raised(), records.raised(title="Cards refused")

    records.does("merge", "-i", ends, goes_on)

    shown = records.does("show", ends)
    assert f"Merged into:      {goes_on}\n" in shown
    assert f"\n  merged into {goes_on}\n" in shown
    assert "duplicate of" not in shown.partition("Links")[2].partition("Timeline")[0]
    relations = records.tells("show", goes_on)["relations"]
    assert [(row["words"], row["target"]) for row in relations] == [("merged from", ends)]


def alert(name: str, state: str = "firing") -> bytes:
    """What Alertmanager sends for one alert."""
    row = {"status": state, "labels": {"alertname": name}, "fingerprint": f"f-{name}"}
    return json.dumps({"version": "4", "status": state, "alerts": [row]}).encode()


def pager(event: str) -> bytes:
    """What PagerDuty sends for one of its incidents."""
    return json.dumps({"event": {"event_type": event, "data": {"id": "PX1", "title": "Orders hang"}}}).encode()


def taken(records: Repository, payload: bytes, source: str = "alertmanager") -> dict[str, Any]:
    """What became of the only alert of a payload."""
    (one,) = json.loads(records.does("intake", source, "--json", text=payload))["alerts"]
    found: dict[str, Any] = one
    return found


def opened(records: Repository, name: str) -> str:
    """The incident that a new alert opens."""
    return str(taken(records, alert(name))["incident"])


@pytest.mark.demand("S58")
def test_the_alerts_of_a_merged_incident_go_to_the_one_that_goes_on(records: Repository) -> None:
    first, second = opened(records, "Disk"), opened(records, "Memory")
    last = records.raised()
    records.does("merge", "-i", first, second)
    done = records.tells("merge", "-i", second, last)
    assert f"its alerts now go to {last}: alertmanager:f-Memory" in done["hints"]

    again = taken(records, alert("Disk"))
    repeated = taken(records, alert("Disk"))
    over = taken(records, alert("Memory", "resolved"))

    assert (again["decision"], again["incident"]) == ("attached", last)
    assert f"it was part of {first}, which was merged" in again["reason"]
    assert (repeated["decision"], repeated["incident"]) == ("known", last)
    assert (over["decision"], over["incident"]) == ("changed", last)
    states = {a["fingerprint"]: a["state"] for a in records.tells("show", last)["alerts"]}
    assert states == {"f-Disk": "firing", "f-Memory": "resolved"}


def test_merges_in_a_circle_hang_nothing(records: Repository) -> None:
    first, second = opened(records, "Disk"), opened(records, "Memory")
    records.does("merge", "-i", first, second)
    merged = "kind: status\nat: 2026-11-23T23:00:00Z\nby: ana\nto: merged\nfrom: triage\n"
    (records.folder(second) / "timeline" / "z.yaml").write_text(f"{merged}into: {first}\n", "utf-8")
    records.git("add", ".")
    records.git("commit", "--quiet", "-m", "by hand")

    assert taken(records, alert("Disk"))["decision"] == "opened"
    assert records.tells("show", first)["merged_into"] == second


def test_an_alert_of_a_declined_incident_opens_another_only_when_it_fires_anew(records: Repository) -> None:
    declined = str(taken(records, pager("incident.triggered"), "pagerduty")["incident"])
    records.does("decline", "-i", declined, "--reason", "a test sent it")

    noted = taken(records, pager("incident.annotated"), "pagerduty")
    over = taken(records, pager("incident.resolved"), "pagerduty")
    fires = taken(records, pager("incident.triggered"), "pagerduty")

    assert (noted["decision"], over["decision"], fires["decision"]) == ("ignored", "ignored", "opened")
    assert f"it was part of {declined}, which was declined" in noted["reason"]
    assert f"it was part of {declined}, which was declined" in over["reason"]
    assert fires["incident"] != declined


def test_a_remark_about_an_ended_alert_does_not_make_it_fire(records: Repository) -> None:
    incident = taken(records, pager("incident.triggered"), "pagerduty")["incident"]
    taken(records, pager("incident.resolved"), "pagerduty")

    noted = taken(records, pager("incident.annotated"), "pagerduty")

    assert (noted["decision"], noted["incident"]) == ("known", incident)


@pytest.mark.demand("S56")
def test_promises_pass_to_the_incident_that_goes_on(records: Repository) -> None:
    ends, goes_on = records.raised(title="Cards refused"), records.raised()
    said = ("--phase", "investigating", "--title", "Payments fail", "--next-in", "20m")
    records.does("update", "-i", ends, "--audience", "public", *said, "We are on it.")
    due = records.tells("show", ends)["next_update_due_at"]

    done = records.tells("merge", "-i", ends, goes_on)

    assert any("promised by" in hint and f"is now due in {goes_on}" in hint for hint in done["hints"])
    assert records.tells("show", ends)["next_update_due_at"] is None
    shown = records.tells("show", goes_on)
    assert (shown["next_update_due_at"], shown["next_update_promised_in"]) == (due, ends)
    assert f"promised in {ends}" in records.does("show", goes_on)
    assert f"! {goes_on}: the next update was promised in {ends}" in records.does("board")
    (brief,) = records.tells("list", "--status", "live")["incidents"]
    assert (brief["next_update_due_at"], brief["next_update_promised_in"]) == (due, ends)
    assert f"send the next update to customers, promised in {ends}" in records.does("next", "-i", goes_on)

    records.does("update", "-i", goes_on, "--audience", "public", "--phase", "identified", *said[2:4], "Found it.")
    assert records.tells("show", goes_on)["next_update_promised_in"] is None
    assert f"promised in {ends}" not in records.does("next", "-i", goes_on)


def test_a_merge_lists_the_people_and_the_open_tasks(records: Repository) -> None:
    goes_on = records.raised()
    ends = records.raised(title="Cards refused")
    records.does("ack", "-i", ends, "--channel", "chat=#cards")
    records.does("task", "-i", ends, "Call the bank", "--assignee", "bo")
    records.does("task", "-i", ends, "Refund", "--cleanup")
    records.does("task", "-i", ends, "K1", "--state", "done")
    records.does("task", "-i", ends, "Ask the vendor", "--assignee", "chi")

    hints = records.tells("merge", "-i", ends, goes_on)["hints"]

    assert f"ana led {ends}; nobody leads {goes_on} yet: sevlog assign -i {goes_on} incident_manager ana" in hints
    commands = [hint.partition("to take it over: sevlog ")[2] for hint in hints if "to take it over" in hint]
    assert commands == [f"task -i {goes_on} Refund --cleanup", f"task -i {goes_on} 'Ask the vendor' --assignee chi"]
    for command in filled(commands):
        records.does(*shlex.split(command))


@pytest.mark.demand("S58")
@pytest.mark.parametrize("name", ["f-Disk", "alertmanager:f-Disk", "alertmanager f-Disk"])
def test_an_alert_that_was_attached_by_hand_goes_to_that_incident(records: Repository, name: str) -> None:
    incident = records.raised()
    records.does("link", name, "--rel", "alert", "-i", incident)
    stored = name.replace(" ", ":")
    assert f"\n  unknown   {stored}  attached by hand, not delivered yet\n" in records.does("show", incident)

    first = taken(records, alert("Disk"))
    again = taken(records, alert("Disk"))
    over = taken(records, alert("Disk", "resolved"))

    assert (first["decision"], first["incident"]) == ("attached", incident)
    assert first["reason"] == "it was attached there by hand"
    assert (again["decision"], again["incident"]) == ("known", incident)
    assert (over["decision"], over["incident"]) == ("changed", incident)
    (row,) = records.tells("show", incident)["alerts"]
    assert (row["source"], row["fingerprint"], row["state"]) == ("alertmanager", "f-Disk", "resolved")
    assert taken(records, alert("Memory"))["decision"] == "opened"


def test_an_alert_is_attached_by_hand_for_its_own_source_only(records: Repository) -> None:
    incident = records.raised()
    records.does("link", "pagerduty:f-Disk", "--rel", "alert", "-i", incident)

    assert taken(records, alert("Disk"))["decision"] == "opened"


def test_an_alert_attached_by_hand_follows_a_merge_and_ends_with_its_incident(records: Repository) -> None:
    first, second = records.raised(), records.raised(title="Cards refused")
    records.does("link", "f-Disk", "--rel", "alert", "-i", first)
    records.does("link", "f-Memory", "--rel", "alert", "-i", second)
    records.does("merge", "-i", first, second)

    assert [taken(records, alert("Disk"))["decision"] for _ in range(2)] == ["attached", "known"]
    assert {a["fingerprint"] for a in records.tells("show", second)["alerts"]} == {"f-Disk", "f-Memory"}

    records.does("decline", "-i", second, "--reason", "a test sent it")
    fires = taken(records, alert("Memory"))
    assert fires["decision"] == "opened"
    assert fires["reason"] == f"it was part of {second}, which was declined"


def test_an_alert_of_another_live_incident_is_attached_only_after_it_was_taken_away(records: Repository) -> None:
    holder, wanted = opened(records, "Disk"), records.raised()

    said = records.refuses(3, "link", "f-Disk", "--rel", "alert", "-i", wanted)

    assert f"the alert f-Disk is attached to {holder}, which is live" in said
    assert f"sevlog merge -i {holder} {wanted}" in said
    command = said.partition("try again: sevlog ")[2].strip()
    records.does(*(word.replace("…", "it belongs to checkout") for word in shlex.split(command)))
    records.does("link", "f-Disk", "--rel", "alert", "-i", wanted)
    assert taken(records, alert("Disk"))["incident"] == wanted
    assert "already has the alert" in records.refuses(3, "link", "alertmanager:f-Disk", "--rel", "alert", "-i", wanted)


def test_a_rule_that_ignores_an_alert_does_not_stop_one_that_was_attached_by_hand(records: Repository) -> None:
    config = records.root / "sevlog.yaml"
    config.write_text(f"{config.read_text('utf-8')}intake: {{rules: [{{title: 'disk*', ignore: true}}]}}\n", "utf-8")
    incident = records.raised()
    records.does("link", "f-Disk", "--rel", "alert", "-i", incident)

    assert taken(records, alert("Disk"))["incident"] == incident


def test_the_address_of_an_alert_is_only_a_link(records: Repository) -> None:
    records.raised()
    records.does("link", "https://alerts.example/f-Disk", "--rel", "alert")

    shown = records.tells("show")
    assert shown["alerts"] == []
    assert [row["words"] for row in shown["relations"]] == ["alert"]


def test_an_attached_alert_of_an_incident_that_is_over_says_where_deliveries_go(records: Repository) -> None:
    first, second = records.raised(), records.raised(title="Cards refused")
    records.does("merge", "-i", first, second)
    records.does("decline", "-i", second, "--reason", "a test")

    merged = records.tells("link", "f-1", "--rel", "alert", "-i", first)["hints"]
    over = records.tells("link", "f-2", "--rel", "alert", "-i", second)["hints"]

    assert any("was merged: deliveries go to the incident that goes on" in hint for hint in merged)
    assert any("if the alert fires again, it opens a new incident" in hint for hint in over)


def test_a_duplicate_of_another_incident_is_told_how_to_merge(records: Repository) -> None:
    first, second = records.raised(), records.raised(title="Cards refused")

    hints = records.tells("link", first, "--rel", "duplicate_of", "-i", second)["hints"]

    assert any(hint.endswith(f"sevlog merge -i {second} {first}") for hint in hints)
    records.does("merge", "-i", second, first)
    third = records.raised(title="Third")
    assert not any(
        "merge" in hint for hint in records.tells("link", third, "--rel", "duplicate_of", "-i", second)["hints"]
    )


@pytest.mark.demand("S56")
@pytest.mark.parametrize("rel", ["caused_by", "child_of"])
def test_links_that_go_in_a_circle_are_warned_of(records: Repository, rel: str) -> None:
    one, two, three = (records.raised(title=title) for title in ("Cards fail", "Pool is full", "Disk is slow"))
    records.does("link", two, "--rel", rel, "-i", one)
    records.does("link", three, "--rel", rel, "-i", two)

    said = records.sevlog("link", one, "--rel", rel, "-i", three).err

    assert f"go in a circle: {three} -> {one} -> {two} -> {three}" in said
    assert "circle" not in records.sevlog("link", one, "--rel", "related", "-i", three).err
