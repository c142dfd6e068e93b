"""Every mistake of a repository is found in one run, with its place, and hides no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures.checkable import CARD, CONFIG, FOLDER, HISTORY, ID, NOTE, NOW, RAISED, checked, records, told
from sevlog.errors import NotFound


def test_records_without_a_mistake_have_no_finding(tmp_path: Path) -> None:
    result = checked(records(tmp_path))
    assert told(result) == []
    assert (result.checked, result.errors, result.warnings) == (1, 0, 0)


def test_mistakes_in_several_files_are_found_in_one_run(tmp_path: Path) -> None:
    root = records(
        tmp_path,
        {
            "sevlog.yaml": CONFIG + "colour: red\n",
            f"{FOLDER}/incident.yaml": CARD.replace("kind: incident", "kind: incidnet"),
            f"{FOLDER}/timeline/more.yaml": "kind: note\nat: noon\nby: ana\ntext: x\n",
            f"{FOLDER}/actions.yaml": "- {id: 1, title: x}\n",
            "incidents/2026/2026-11-21-other/incident.yaml": CARD + "titel: x\n",
            "incidents/2026/2026-11-21-other/timeline/history.yaml": RAISED,
        },
    )
    assert [line.split(": ")[0] for line in told(checked(root))] == [
        "actions.yaml:1:8 wrong_type",
        "incident.yaml:3:7 unknown_value",
        "timeline/more.yaml:2:5 wrong_time",
        "incidents/2026/2026-11-21-other/incident.yaml:7:1 unknown_key",
        "sevlog.yaml:6:1 unknown_key",
    ]


def test_a_broken_entry_of_a_list_does_not_hide_what_is_wrong_with_the_others(tmp_path: Path) -> None:
    root = records(
        tmp_path, {HISTORY: RAISED + "- kind: nte\n  at: 2026-11-20T10:01:00Z\n" + NOTE.replace("bo", "boo")}
    )
    assert told(checked(root)) == [
        "timeline/history.yaml:7:3 missing_key: a `note` entry needs the key `text`",
        "timeline/history.yaml:7:3 no_author: the entry has no author",
        "timeline/history.yaml:7:9 unknown_kind: unknown entry kind `nte`",
        "timeline/history.yaml:11:7 unknown_person: person `boo` is not listed in oncall.yaml",
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{kind: severity, to: SEV9, reason: x}", "unknown_severity: severity `SEV9` is not listed in sevlog.yaml"),
        ("{kind: priority, to: p1, reason: x}", "unknown_priority: priority `p1` is not listed in sevlog.yaml"),
        (
            "{kind: impact, components: {serach: operational}}",
            "unknown_component: component `serach` is not listed in sevlog.yaml",
        ),
        ("{kind: assigned, role: techlead, person: ana}", "unknown_role: role `techlead` is not listed in sevlog.yaml"),
        ("{kind: assigned, role: tech_lead, person: chi}", "unknown_person: person `chi` is not listed in oncall.yaml"),
        ("{kind: collaborator, team: payment}", "unknown_team: team `payment` is not listed in oncall.yaml"),
        ("{kind: override, rule: mitigated, reason: x}", "unknown_guard: unknown guard `mitigated`"),
        ("{kind: status, to: fixed}", "unknown_status: status `fixed` is not in this lifecycle"),
        ("{kind: paged, target: 'schedule:late'}", "unknown_schedule: schedule `late` is not listed in oncall.yaml"),
        (
            "{kind: link, rel: caused_by, target: 2026-01-01-nothing}",
            "unknown_incident: incident `2026-01-01-nothing` does not exist",
        ),
        (
            "{kind: experiment, text: x, theory: T1, expectation: y}",
            "unknown_reference: this incident has no theory `T1`",
        ),
        ("{kind: correction, of: nothing, set: {text: x}}", "unknown_entry: "),
        ("{kind: assessment}", "says_nothing: the assessment is empty"),
        ("{kind: collaborator}", "says_nothing: the entry has neither `person` nor `team`"),
        ("{kind: note, text: x, evidence: [{label: y}]}", "says_nothing: the evidence has neither `url` nor `file`"),
        (
            "{kind: note, text: x, evidence: [{file: evidence/a.png}]}",
            "missing_evidence: the incident has no file `evidence/a.png`",
        ),
        (
            "{kind: note, text: x, recorded_at: 2026-11-19T10:00:00Z}",
            "known_too_early: `recorded_at` is before `at`: it was known before it happened",
        ),
        (
            "{kind: update, audience: internal, phase: verifying, text: x}",
            "wrong_phase: `verifying` is not a phase of an incident",
        ),
        (
            "{kind: update, audience: internal, phase: identified, text: x, next_update_at: 2026-11-20T10:00:00Z}",
            "promise_in_the_past: the promised time of the next update is not after the entry",
        ),
        ("{kind: raised, severity: SEV3, priority: P3, components: {search: operational}}", "raised_twice: "),
    ],
)
def test_an_entry_that_cannot_be_right_is_told_at_its_line(tmp_path: Path, entry: str, expected: str) -> None:
    line = f"- {entry[:-1]}, at: 2026-11-20T10:10:00Z, by: ana}}\n"
    root = records(tmp_path, {HISTORY: RAISED + NOTE + line})
    (found,) = told(checked(root))
    assert found.startswith("timeline/history.yaml:11:")
    assert found.partition(" ")[2].startswith(expected)


def test_what_was_probably_meant_is_proposed(tmp_path: Path) -> None:
    root = records(tmp_path, {HISTORY: RAISED.replace("checkout:", "chekout:")})
    (found,) = checked(root).problems
    assert (found.hint, found.pointer, found.line, found.column) == (
        "did you mean `checkout`?",
        "/0/components/chekout",
        6,
        16,
    )


def test_a_component_that_is_not_known_yet_is_allowed(tmp_path: Path) -> None:
    assert told(checked(records(tmp_path, {HISTORY: RAISED.replace("checkout:", "unknown:")}))) == []


def test_people_are_not_checked_where_none_are_listed(tmp_path: Path) -> None:
    root = records(tmp_path, {"oncall.yaml": None, HISTORY: RAISED.replace("ana", "somebody")})
    assert told(checked(root)) == []


def test_a_corrected_mistake_is_no_finding_any_more(tmp_path: Path) -> None:
    wrong = RAISED.replace("SEV3", "SEV33")
    fix = (
        "- {kind: correction, at: 2026-11-20T11:00:00Z, by: ana, of: 20261120T100000Z-raised, set: {severity: SEV3}}\n"
    )
    assert len(told(checked(records(tmp_path, {HISTORY: wrong})))) == 1
    assert told(checked(records(tmp_path, {HISTORY: wrong + fix}))) == []


def test_a_correction_that_is_wrong_itself_is_told_at_the_correction(tmp_path: Path) -> None:
    fix = (
        "- {kind: correction, at: 2026-11-20T11:00:00Z, by: ana, of: 20261120T100000Z-raised, set: {severity: SEV9}}\n"
    )
    assert told(checked(records(tmp_path, {HISTORY: RAISED + fix}))) == [
        "timeline/history.yaml:7:102 unknown_severity: severity `SEV9` is not listed in sevlog.yaml"
    ]


def test_two_entries_with_one_id_are_told_at_the_later_one(tmp_path: Path) -> None:
    root = records(tmp_path, {f"{FOLDER}/timeline/other.yaml": NOTE.replace("noon", "midnight")})
    assert told(checked(root)) == [
        "timeline/other.yaml:1:3 duplicate_entry_id: duplicate entry id `20261120T100500Z-note` in this incident"
    ]


def test_a_step_that_is_not_legal_is_told_with_what_is(tmp_path: Path) -> None:
    step = "- {kind: status, at: 2026-11-20T11:00:00Z, by: ana, to: closed}\n"
    (found,) = told(checked(records(tmp_path, {HISTORY: RAISED + step})))
    assert found.startswith("timeline/history.yaml:7:57 illegal_transition: `raised` cannot change to `closed`, only")


def test_a_guard_that_does_not_hold_is_told_as_the_command_would(tmp_path: Path) -> None:
    step = "- {kind: status, at: 2026-11-20T11:00:00Z, by: ana, to: fixing}\n"
    major = RAISED.replace("SEV3", "SEV2")
    codes = [problem.code for problem in checked(records(tmp_path, {HISTORY: major + step})).problems]
    assert codes == ["guard_channel", "guard_lead_incident_manager"]


def test_what_happens_in_the_future_is_a_warning_until_it_is_past(tmp_path: Path) -> None:
    root = records(tmp_path, {HISTORY: RAISED + NOTE.replace("20T10:05", "24T10:05")})
    (found,) = checked(root).problems
    assert (found.code, found.severity, found.line) == ("future_entry", "warning", 8)
    assert told(checked(root, now=NOW + timedelta(days=2))) == []


def test_a_public_update_needs_a_public_title(tmp_path: Path) -> None:
    update = "- {kind: update, at: 2026-11-20T11:00:00Z, by: ana, audience: public, phase: identified, text: x}\n"
    root = records(
        tmp_path, {f"{FOLDER}/incident.yaml": CARD.replace("public_title: Orders fail\n", ""), HISTORY: RAISED + update}
    )
    assert told(checked(root)) == [
        "timeline/history.yaml:7:63 no_public_title: this update is public, but incident.yaml has no `public_title`"
    ]


@pytest.mark.parametrize(("kind", "codes"), [("drill", []), ("retrospective", ["not_public"])])
def test_updates_to_customers_are_practiced_in_drills_and_pointless_afterwards(
    tmp_path: Path, kind: str, codes: list[str]
) -> None:
    update = (
        "- {kind: update, at: 2026-11-20T10:10:00Z, by: bo, audience: public, phase: investigating, text: We look.}\n"
    )
    files = {f"{FOLDER}/incident.yaml": CARD.replace("kind: incident", f"kind: {kind}"), HISTORY: RAISED + update}

    found = [problem.code for problem in checked(records(tmp_path, files)).problems]

    assert [code for code in found if code in ("not_public", "no_public_title")] == codes


def test_an_entry_without_author_is_told_unless_it_was_imported(tmp_path: Path) -> None:
    anonymous = RAISED + NOTE.replace("  by: bo\n", "")
    assert told(checked(records(tmp_path, {HISTORY: anonymous}))) == [
        "timeline/history.yaml:7:3 no_author: the entry has no author"
    ]
    imported = CARD + "origin: {system: statuspage, id: abc}\n"
    assert told(checked(records(tmp_path, {f"{FOLDER}/incident.yaml": imported}))) == []


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (CARD + "type: db\n", "incident.yaml:7:7 unknown_type: incident type `db` is not listed in sevlog.yaml"),
        (
            CARD + "scheduled: {start: 2026-11-21T10:00:00Z, end: 2026-11-21T11:00:00Z}\n",
            "incident.yaml:7:12 window: `scheduled` is only valid for a maintenance; this record is an incident",
        ),
        (CARD + "fields: {x: eu}\n", "incident.yaml:7:10 unknown_field: custom field `x` is not listed in sevlog.yaml"),
        (CARD + "fields: {region: 3}\n", "incident.yaml:7:18 wrong_field: the field `region` must be a text"),
        (
            CARD.replace("{source: monitoring}", "{source: personnel, reporter: chi}"),
            "incident.yaml:5:42 unknown_person: person `chi` is not listed in oncall.yaml",
        ),
    ],
)
def test_a_card_that_cannot_be_right_is_told(tmp_path: Path, card: str, expected: str) -> None:
    config = CONFIG + "fields: {region: {type: string}}\n"
    assert told(checked(records(tmp_path, {"sevlog.yaml": config, f"{FOLDER}/incident.yaml": card}))) == [expected]


def test_a_window_must_end_after_it_starts(tmp_path: Path) -> None:
    card = CARD.replace("kind: incident", "kind: maintenance") + (
        "scheduled:\n  start: 2026-11-21T10:00:00Z\n  end: 2026-11-21T09:00:00+00:00\n"
    )
    root = records(tmp_path, {f"{FOLDER}/incident.yaml": card})
    assert "incident.yaml:9:8 window: the window ends before it starts" in told(checked(root))
    (root / FOLDER / "incident.yaml").write_text(card.replace("T09:00:00+00:00", "T10:00:00Z"))
    assert "incident.yaml:9:8 window: the window ends before it starts" in told(checked(root))


def test_actions_are_checked(tmp_path: Path) -> None:
    actions = """\
- {id: A1, title: Watch certificates, status: accepted, owner: chi, due: 2026-11-01}
- {id: A1, title: Rehearse}
- {id: A2, title: Replace, status: wont_do}
- {id: A3, title: Count, due: 2026-02-30}
"""
    assert told(checked(records(tmp_path, {f"{FOLDER}/actions.yaml": actions}))) == [
        "actions.yaml:1:64 unknown_person: person `chi` is not listed in oncall.yaml",
        "actions.yaml:1:74 overdue_action: A1 was due on 2026-11-01",
        "actions.yaml:2:8 duplicate_action: duplicate id `A1`",
        "actions.yaml:3:3 no_reason: A2 will not be done, but has no reason",
        "actions.yaml:4:31 wrong_day: date does not exist: 2026-02-30",
    ]


@pytest.mark.demand("S86")
def test_on_a_major_incident_agreed_actions_need_an_owner_and_a_date(tmp_path: Path) -> None:
    root = records(
        tmp_path,
        {
            f"{FOLDER}/actions.yaml": "- {id: A1, title: Watch, status: accepted}\n",
            HISTORY: RAISED.replace("SEV3", "SEV1"),
        },
    )
    assert [p.message for p in checked(root).problems] == [
        "A1 is accepted, but has no `owner`",
        "A1 is accepted, but has no `due`",
    ]


def test_a_postmortem_is_checked(tmp_path: Path) -> None:
    text = (
        "---\nstatus: approved\nauthors: [chi]\ncontributing_factors:\n- {id: F1, text: x}\n- {id: F1, text: y}\n---\n"
    )
    assert told(checked(records(tmp_path, {f"{FOLDER}/postmortem.md": text}))) == [
        "postmortem.md:2:9 no_approver: the postmortem is approved, but `approved_by` is missing",
        "postmortem.md:3:11 unknown_reviewer: `chi` is not a person or team listed in oncall.yaml",
        "postmortem.md:6:8 duplicate_factor: duplicate id `F1`",
    ]


def test_runbooks_and_problems_are_checked(tmp_path: Path) -> None:
    root = records(
        tmp_path,
        {
            "runbooks/a.md": "---\ncomponents: [checkot]\n---\n",
            "runbooks/b.md": "---\ntitle: x\n",
            "runbooks/c.md": "---\ntitle: a: b\n---\n",
            "problems/p.md": f"---\nincidents:\n- {ID}\n- 2020-01-01-nothing\n---\n",
        },
    )
    assert [line.partition(": ")[0] for line in told(checked(root))] == [
        "problems/p.md:4:3 unknown_incident",
        "runbooks/a.md:2:14 unknown_component",
        "runbooks/b.md:1:1 front_matter",
        "runbooks/c.md:2:9 yaml_syntax",
    ]


def test_paths_limit_what_is_checked(tmp_path: Path) -> None:
    other = "incidents/2026/2026-11-21-other"
    root = records(
        tmp_path,
        {
            HISTORY: RAISED.replace("SEV3", "SEV9"),
            "sevlog.yaml": CONFIG + "x: 1\n",
            f"{other}/incident.yaml": CARD,
            f"{other}/timeline/a.yaml": "kind: x\n",
        },
    )
    assert {p.path for p in checked(root, "sevlog.yaml").problems} == {"sevlog.yaml"}
    assert {p.path for p in checked(root, f"{other}/timeline/a.yaml").problems} >= {f"{other}/timeline/a.yaml"}
    assert checked(root, FOLDER).checked == 1
    assert checked(root, "incidents/2026").checked == 2
    assert checked(root, ".").checked == 2


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        checked(records(tmp_path), "incidents/2027")


def test_a_record_of_a_newer_format_is_refused_with_the_cure(tmp_path: Path) -> None:
    (found,) = checked(records(tmp_path, {f"{FOLDER}/incident.yaml": CARD.replace("schema: 1", "schema: 9")})).problems
    assert found.code == "newer_schema"
    assert found.hint == "install a newer sevlog"


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    one = records(
        tmp_path / "a", {HISTORY: None, f"{FOLDER}/timeline/1.yaml": RAISED, f"{FOLDER}/timeline/2.yaml": NOTE}
    )
    two = records(
        tmp_path / "b", {HISTORY: None, f"{FOLDER}/timeline/2.yaml": RAISED, f"{FOLDER}/timeline/1.yaml": NOTE}
    )
    assert told(checked(one)) == told(checked(two)) == []


def test_times_at_the_edge_of_the_calendar_do_not_stop_the_check(tmp_path: Path) -> None:
    root = records(
        tmp_path,
        {
            HISTORY: RAISED
            + NOTE.replace("2026-11-20T10:05:00Z", "0001-01-01T00:00:00+14:00")
            + NOTE.replace("2026-11-20T10:05:00Z", "9999-12-31T23:59:59-14:00")
        },
    )
    assert [p.code for p in checked(root).problems] == ["odd_year", "future_entry"]


def test_an_overdue_postmortem_is_a_warning(tmp_path: Path) -> None:
    steps = "".join(
        f"- {{kind: status, at: 2026-11-20T1{n}:00:00Z, by: ana, to: {to}}}\n"
        for n, to in enumerate(("fixing", "monitoring", "resolved"), 1)
    )
    ended = {HISTORY: RAISED.replace("SEV3", "SEV1") + steps}
    later = datetime(2026, 12, 24, tzinfo=UTC)
    root = records(tmp_path, ended)
    assert "overdue_postmortem" in [p.code for p in checked(root, now=later).problems]
    assert "overdue_postmortem" not in [p.code for p in checked(root).problems]
    root = records(tmp_path, ended | {f"{FOLDER}/incident.yaml": CARD + "origin: {system: x, id: y}\n"})
    assert "overdue_postmortem" not in [p.code for p in checked(root, now=later).problems]
