"""Rules for alerts in sevlog.yaml: ignored, raised at once, counted, delayed by flapping or quiet hours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fixtures.repositories import Repository


def alert(name: str = "Disk", status: str = "firing", **labels: str) -> dict[str, Any]:
    """What Alertmanager sends of one alert."""
    one = {"status": status, "labels": {"alertname": name, **labels}, "annotations": {}, "fingerprint": f"f-{name}"}
    return {"version": "4", "status": status, "alerts": [one]}


def send(records: Repository, payload: Any, *words: str, source: str = "alertmanager") -> dict[str, Any]:
    """Take a payload in; what became of its first alert."""
    text = json.dumps(payload).encode()
    answer: dict[str, Any] = json.loads(records.does("intake", source, *words, "--json", text=text))
    first: dict[str, Any] = answer["alerts"][0]
    return first


def configured(records: Repository, text: str) -> None:
    """Add to sevlog.yaml."""
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    assert "error" not in records.does("check")


@pytest.mark.demand("S22")
def test_what_a_rule_leaves_out_opens_nothing(records: Repository) -> None:
    configured(records, "intake: {rules: [{labels: {env: 'stag*'}, ignore: true}]}\n")

    assert send(records, alert(env="staging"))["decision"] == "ignored"
    assert send(records, alert(env="production"))["decision"] == "opened"


@pytest.mark.demand("S21", "S58")
def test_a_rule_maps_alerts_to_components_and_a_severity_and_the_first_that_fits_counts(records: Repository) -> None:
    configured(
        records,
        """\
intake:
  rules:
    - {sources: [grafana], title: "*", severity: SEV3}
    - {title: "*down*", labels: {alertname: "*"}, components: {checkout: major_outage}, severity: SEV1}
    - {severity: SEV2, components: {search: degraded_performance}}
""",
    )

    shown = records.tells("show", send(records, alert("Checkout Down"))["incident"])

    assert (shown["status"], shown["severity"], shown["components"]) == ("raised", "SEV1", {"checkout": "major_outage"})
    other = records.tells("show", send(records, alert("Slow"))["incident"])
    assert (other["severity"], other["components"]) == ("SEV2", {"search": "degraded_performance"})


def test_of_alerts_that_come_together_the_worst_severity_counts(records: Repository) -> None:
    configured(records, "intake: {rules: [{title: a, severity: SEV3}, {title: b, severity: SEV1}]}\n")
    both = alert("a")
    both["alerts"] += alert("b")["alerts"]

    shown = records.tells("show", send(records, both)["incident"])

    assert (shown["severity"], shown["components"]) == ("SEV1", {"unknown": "partial_outage"})


@pytest.mark.demand("S22")
def test_below_its_threshold_an_alert_is_held(records: Repository) -> None:
    configured(records, "intake: {rules: [{after: 3, within: 10m}]}\n")
    commits = len(records.commits())

    told = [send(records, alert())["reason"] for _ in range(2)]
    send(records, alert(), "--dry-run")  # which counts for nothing

    assert told == ["sent 1 of 3 times within 10m", "sent 2 of 3 times within 10m"]
    assert len(records.commits()) == commits
    assert send(records, alert("Other"))["decision"] == "held"
    assert send(records, alert())["decision"] == "opened"


def test_a_memory_that_makes_no_sense_is_none(records: Repository) -> None:
    configured(records, "intake: {rules: [{after: 2}]}\n")
    send(records, alert())
    (memory,) = sorted((records.root / ".git/sevlog").glob("sightings*"))
    memory.write_text("[", "utf-8")

    assert send(records, alert())["reason"] == "sent 1 of 2 times within 30m"


@pytest.mark.demand("S22")
def test_an_alert_that_flaps_is_held_until_it_is_quieter(records: Repository) -> None:
    configured(records, "intake: {flapping: {changes: 3, within: 1h}}\n")
    decisions = [send(records, alert(status=s))["decision"] for s in ("firing", "resolved", "firing", "resolved")]

    assert decisions == ["opened", "changed", "changed", "held"]
    assert [a["state"] for a in records.tells("show", records.incident())["alerts"]] == ["firing"]


def test_changes_of_long_ago_are_no_flapping(records: Repository) -> None:
    configured(records, "intake: {flapping: {changes: 2, within: 1h}}\n")
    for hour, status in ((1, "firing"), (2, "resolved")):
        send(records, alert(status=status), "--at", f"2026-11-01T0{hour}:00:00Z")

    assert send(records, alert())["decision"] == "changed"


@pytest.mark.demand("S22")
def test_in_quiet_hours_new_alerts_wait_but_what_pages_at_once(records: Repository) -> None:
    configured(records, "intake: {quiet_hours: [{days: mon-sun}], rules: [{title: fire, severity: SEV1}]}\n")

    assert send(records, alert("slow"))["reason"] == "quiet hours; it counts when it is sent again after them"
    fire = send(records, alert("fire"))
    assert fire["decision"] == "opened"
    assert send(records, alert("fire", status="resolved"))["decision"] == "changed"


def test_json_of_ones_own_is_read_by_a_mapping(records: Repository) -> None:
    configured(
        records,
        """\
intake:
  mappings:
    builds: {alerts: runs, title: job.name, fingerprint: job.id, state: result, resolved: [green], url: link,
             labels: {service: job.part}}
""",
    )
    run = {"job": {"name": "Nightly build", "id": 7, "part": "search"}, "result": "red", "link": "https://ci.example/7"}

    taken = send(records, {"runs": [run]}, "--mapping", "builds", source="json")
    over = send(records, {"runs": [{**run, "result": "green"}]}, source="json")

    assert [taken["decision"], over["decision"]] == ["opened", "changed"]
    shown = records.tells("show", taken["incident"])
    assert (shown["title"], shown["components"]) == ("Nightly build", {"search": "partial_outage"})
    assert [(a["source"], a["fingerprint"], a["state"]) for a in shown["alerts"]] == [("builds", "7", "resolved")]


@pytest.mark.parametrize(
    ("words", "payload", "told"),
    [
        (("json",), {}, "no mapping for this JSON"),
        (("json", "--mapping", "x"), {}, "unknown mapping `x`"),
        (("grafana", "--mapping", "x"), {}, "--mapping is an option of: sevlog intake json"),
        (("github-issue",), {"issue": {"title": "x"}}, "issue.html_url is missing"),
    ],
)
def test_what_cannot_be_read_is_told(records: Repository, words: tuple[str, ...], payload: Any, told: str) -> None:
    assert told in records.refuses(2, "intake", *words, text=json.dumps(payload).encode())


def test_rules_that_name_what_is_not_there_are_found_by_check(records: Repository) -> None:
    path = records.root / "sevlog.yaml"
    path.write_text(
        path.read_text("utf-8") + "intake: {rules: [{severity: SEV7, components: {chekout: operational}}]}\n"
    )

    codes = [p["code"] for p in json.loads(records.sevlog("check", "--json").out)["problems"]]

    assert sorted(codes) == ["unknown_component", "unknown_severity"]


BODY = """\
### What is wrong?

Cards are refused

### What does it hit?

Checkout, Fax, Something else

### Which customers are hit?

some of them

### How did you notice?

a customer told us

### Since when?

2026-11-20 14:05 UTC

### What do you see, and what can people no longer do?

Error 402\x1b[2J for every card.

### A heading of our own

_No response_

### Ticket

T-4711
"""


def issue(**more: Any) -> dict[str, Any]:
    return {
        "action": "opened",
        "issue": {
            "html_url": "https://forge.example/o/r/issues/7",
            "title": "[report] Cards",
            "body": BODY,
            "user": {"login": "chi-forge"},
            "state": "open",
            **more,
        },
    }


@pytest.mark.demand("S25", "S24")
def test_the_issue_form_opens_an_incident_in_triage_and_keeps_the_reporter(records: Repository) -> None:
    taken = send(records, issue(), source="github-issue")
    assert taken["decision"] == "opened"

    shown = records.tells("show", taken["incident"])
    assert (shown["title"], shown["status"], shown["visibility"]) == ("Cards are refused", "triage", "internal")
    assert shown["detection"] == {
        "source": "customer_report",
        "ref": "https://forge.example/o/r/issues/7",
        "reporter": "chi",
    }
    assert shown["components"] == {"checkout": "partial_outage"}
    assert shown["assessment"]["scope"] == "some"
    assert shown["milestones"]["started_at"] == "2026-11-20T14:05:00Z"
    assert shown["summary"] == "Error 402 [2J for every card.\nTicket: T-4711"
    assert "error" not in records.does("check")

    again = send(records, issue(), source="github-issue")
    assert (again["decision"], again["incident"]) == ("known", taken["incident"])


def test_a_report_of_a_stranger_without_the_form_is_taken_too(records: Repository) -> None:
    payload = issue(body="It hangs.\r\n", user={"login": "guest-9"})

    shown = records.tells("show", send(records, payload, source="github-issue")["incident"])

    assert shown["title"] == "Cards"
    assert shown["summary"] == "It hangs.\n\nReported by guest-9."
    assert shown["detection"] == {"ref": "https://forge.example/o/r/issues/7"}
    assert shown["overrides"] == ["detection"]


def test_a_report_that_was_closed_opens_nothing(records: Repository) -> None:
    assert send(records, issue(state="closed"), source="github-issue")["decision"] == "ignored"


@pytest.mark.demand("S25")
def test_a_report_shows_what_it_may_be_a_duplicate_of(records: Repository) -> None:
    live = records.raised(title="Cards are refused in the shop")
    done = records.sevlog("intake", "github-issue", text=json.dumps(issue()).encode())

    assert f"similar: {live}" in done.err


@pytest.mark.demand("S22")
def test_a_rule_applies_only_during_its_hours_and_the_next_one_outside(records: Repository) -> None:
    rules = "[{during: [{days: mon-fri, from: '09:00', to: '18:00'}], severity: SEV2}, {severity: SEV3}]"
    configured(records, f"intake: {{rules: {rules}}}\n")
    first = send(records, alert("Day"))  # Monday, 14:00
    records.clock.set("2026-11-23T18:00:00Z")
    second = send(records, alert("Evening"))

    assert [first["rule"], second["rule"]] == [1, 2]
    assert [records.tells("show", one["incident"])["severity"] for one in (first, second)] == ["SEV2", "SEV3"]


def test_a_dry_run_says_what_rules_can_match_and_which_one_applied(records: Repository) -> None:
    configured(records, "intake: {rules: [{title: x}, {labels: {env: 'stag*'}, ignore: true}]}\n")
    text = json.dumps(alert(env="staging")).encode()

    assert records.does("intake", "alertmanager", "--dry-run", text=text) == (
        "ignored  Disk (firing; a rule of sevlog.yaml ignores it; rule 2)\n"
        "           fingerprint f-Disk; labels: alertname=Disk, env=staging; rule 2 of intake.rules\n"
    )
    assert send(records, alert(env="staging"), "--dry-run")["labels"] == {"alertname": "Disk", "env": "staging"}


DATADOG = """\
intake:
  mappings:
    dog:
      alerts: "events || groups[*].events[*]"
      title: "alert.title || alert.query || 'Datadog'"
      fingerprint: alert.cycle
      state: alert.transition
      firing: [Triggered, Warn]
      resolved: [Recovered]
      at: alert.date
      labels: {tags: "tags[*]", app: 'meta."app.kubernetes.io/name"', last: "hosts[-1]"}
"""


def test_a_mapping_reads_nested_lists_quoted_keys_and_defaults(records: Repository) -> None:
    configured(records, DATADOG)
    event = {
        "alert": {"cycle": 7, "transition": "Triggered", "date": 1795442340000},
        "tags": ["env:prod", "team:shop"],
        "meta": {"app.kubernetes.io/name": "search"},
        "hosts": ["a", "b"],
    }
    groups = {"groups": [{"events": [event]}, {"events": []}]}

    tried = send(records, groups, "--dry-run", source="json")
    taken = send(records, groups, source="json")
    odd = {**event, "alert": {**event["alert"], "transition": "Muted"}}  # type: ignore[dict-item]
    quiet = send(records, {"events": [odd]}, source="json")
    over = {**event, "alert": {**event["alert"], "transition": "recovered", "date": 1795442400}}  # type: ignore[dict-item]
    ended = send(records, {"events": [over]}, source="json")

    assert tried["labels"] == {"tags": "env:prod, team:shop", "app": "search", "last": "b"}
    shown = records.tells("show", taken["incident"])
    assert (shown["title"], shown["components"]) == ("Datadog", {"search": "partial_outage"})
    assert next(one["at"] for one in shown["timeline"] if one["kind"] == "alert") == "2026-11-23T13:59:00Z"
    assert [quiet["reason"], ended["decision"]] == ["it is firing there, and this changes nothing", "changed"]


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (
            {"event": []},
            "mapping `dog`: alerts: no value at `events || groups[*].events[*]`: the payload is an object with event",
        ),
        (
            {"events": [7]},
            "mapping `dog`: alerts: item 0 of `events || groups[*].events[*]` is a number, not an object",
        ),
        (
            {"events": [{"alert": {"id": 1}}]},
            "mapping `dog`: fingerprint: no value at `alert.cycle`: `alert` of item 0 of "
            "`events || groups[*].events[*]` is an object with id",
        ),
        (
            {"events": [{"alert": {"cycle": {}}}]},
            "no value at `alert.cycle`: `alert.cycle` of item 0 of `events || groups[*].events[*]` is an empty object",
        ),
    ],
)
def test_an_error_names_the_path_of_the_mapping_and_what_the_payload_has_there(
    records: Repository, payload: dict[str, Any], said: str
) -> None:
    configured(records, DATADOG)

    assert said in records.refuses(2, "intake", "json", text=json.dumps(payload).encode())
