"""Mistakes of sevlog.yaml and oncall.yaml: names that are not there, keys given twice, words to keep out of git."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import CONFIG, FOLDER, HISTORY, ONCALL, RAISED, checked, records, told

NOT_AHEAD = CONFIG + "policies: {oncall: {findings: off}}\n"
LIFECYCLE = """\
lifecycles:
  default:
    statuses: [{key: raised, category: live}, {key: closed, category: closed}, {key: lost, category: dropped}]
    transitions: [{from: new, to: raised}, {from: raised, to: close, guards: [reson]}]
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            "components: [{key: a, name: A}, {key: a, name: B}]\n",
            ["3:39 duplicate_name: duplicate key `a` in `components`"],
        ),
        (
            "components: [{key: a, name: A, owner: payment}]\n",
            ["3:39 unknown_team: team `payment` is not listed in oncall.yaml"],
        ),
        (
            "components: [{key: a, name: A, depends_on: [b]}]\n",
            ["3:45 unknown_component: component `b` is not listed in sevlog.yaml"],
        ),
        ("components: [{key: a, name: A, depends_on: [a]}]\n", ["3:45 circular: `a` depends on itself"]),
        ("components: [{key: unknown, name: A}]\n", ["3:20 reserved_name: `unknown` is a reserved key"]),
        (
            "components: [{key: a, name: A, runbooks: [a.md]}]\n",
            ["3:43 missing_file: file runbooks/a.md does not exist"],
        ),
        (
            "types: [{key: a, lifecycle: short}]\n",
            ["3:29 unknown_lifecycle: lifecycle `short` is not listed in sevlog.yaml"],
        ),
        (
            "types: [{key: a, default: true}, {key: b, default: true}]\n",
            ["3:52 two_defaults: more than one default type"],
        ),
        (
            "types: [{key: a, fields: [region]}]\n",
            ["3:27 unknown_field: custom field `region` is not listed in sevlog.yaml"],
        ),
        (
            "policies: {postmortem: {board: [payment, ana], board_role: investigation_bord, reviewer_roles: [lead]}}\n",
            [
                "3:33 unknown_reviewer: `payment` is not a person or team listed in oncall.yaml",
                "3:60 unknown_role: role `investigation_bord` is not listed in sevlog.yaml",
                "3:97 unknown_role: role `lead` is not listed in sevlog.yaml",
            ],
        ),
        (
            "follow_up: {trackers: [{kind: github, project: web}]}\n",
            ["3:48 bad_tracker: `web` is not a project of github"],
        ),
        ("follow_up: {trackers: [{kind: jira, project: OPS}]}\n", ["3:24 bad_tracker: the tracker OPS has no address"]),
        (
            "follow_up: {trackers: [{kind: github, project: a/b, teams: [payment]}]}\n",
            ["3:61 unknown_team: team `payment` is not listed in oncall.yaml"],
        ),
        ("roles: [{key: a, not_with: [b]}]\n", ["3:29 unknown_role: role `b` is not listed in sevlog.yaml"]),
        (
            "roles: [{key: a, required: {severities: [SEV9]}}]\n",
            ["3:42 unknown_severity: severity `SEV9` is not listed in sevlog.yaml"],
        ),
        ("priority_matrix: {all: {high: P9}}\n", ["3:31 unknown_priority: priority `P9` is not listed in sevlog.yaml"]),
        (
            "comms: {audiences: {public: {approver: boss}}}\n",
            ["3:40 unknown_role: role `boss` is not listed in sevlog.yaml"],
        ),
        (
            "notify: {routes: [{on: [raised], components: [shop], to: PAGER}]}\n",
            ["3:47 unknown_component: component `shop` is not listed in sevlog.yaml"],
        ),
        (
            "notify: {routes: [{on: [raise], types: [spy], to: PAGER}]}\n",
            [
                "3:25 unknown_event: unknown event `raise`",
                "3:41 unknown_type: incident type `spy` is not listed in sevlog.yaml",
            ],
        ),
        (
            "notify: {routes: [{on: [update], audiences: [public], to: A}, {on: [note], to: A}]}\n",
            ["3:80 mixed_address: `A` receives internal text from this route and customer updates from another"],
        ),
        (
            "notify: {routes: [{on: [raised], audiences: [public], to: A}]}\n",
            ["3:24 not_for_customers: this route goes to customers, who do not receive `raised`"],
        ),
        (
            "notify: {ledger: refs/heads/main}\n",
            ["3:18 reserved_name: the ledger cannot be on the branch of the records"],
        ),
        ("policies: {assessment: [impact]}\n", ["3:25 unknown_key: unknown assessment key `impact`"]),
        ("policies: {actions: {urgent: {default: 4w}}}\n", ["3:22 unknown_class: unknown action class `urgent`"]),
        (
            LIFECYCLE,
            [
                "5:86 unreachable: status `lost` is unreachable: no transition leads to it",
                "6:63 unknown_status: status `close` is not in this lifecycle",
                "6:79 unknown_guard: unknown guard `reson`",
                "5:53 unreachable: status `closed` is unreachable: no transition leads to it",
            ],
        ),
    ],
)
def test_names_in_the_configuration_exist(tmp_path: Path, more: str, expected: list[str]) -> None:
    page = "".join(CONFIG.splitlines(keepends=True)[:2])
    root = records(tmp_path, {"sevlog.yaml": page + more})
    found = [line.removeprefix("sevlog.yaml:") for line in told(checked(root, "sevlog.yaml"))]
    assert sorted(line for line in found if " not_in_effect: " not in line) == sorted(expected)


@pytest.mark.parametrize(("name", "code"), [("logo.txt", "wrong_form"), ("gone.svg", "missing_file"), ("a.svg", "")])
def test_the_logo_is_an_image_below_site(tmp_path: Path, name: str, code: str) -> None:
    page = CONFIG.replace("acme.example}", f"acme.example, logo: {name}}}")
    root = records(tmp_path, {"sevlog.yaml": page, "site/logo.txt": "x", "site/a.svg": "<svg/>"})

    assert [(p.code, p.pointer) for p in checked(root, "sevlog.yaml").problems] == (
        [(code, "/page/logo")] if code else []
    )


def test_a_key_that_nothing_acts_on_is_a_warning_where_it_stands(tmp_path: Path) -> None:
    page = "".join(CONFIG.splitlines(keepends=True)[:2])
    more = "sources: [{key: a, kind: sevlog, url: https://status.other.example}]\n"
    root = records(tmp_path, {"sevlog.yaml": page + more})

    (found,) = checked(root, "sevlog.yaml").problems
    assert (found.code, found.severity, found.line, found.pointer) == ("not_in_effect", "warning", 3, "/sources")
    assert "no other repository or page is shown or imported" in found.message


def test_a_language_without_words_is_a_warning_with_the_list_of_languages(tmp_path: Path) -> None:
    text = "schema: 1\npage: {name: Acme, url: https://status.acme.example, languages: [de-AT, nl]}\n"
    root = records(tmp_path, {"sevlog.yaml": text})

    (found,) = checked(root, "sevlog.yaml").problems
    assert (found.code, found.severity, found.pointer) == ("unknown_language", "warning", "/page/languages/1")
    assert found.message == "the status page has no words in `nl`"
    assert found.hint == "languages: en, de, fr, es, ja"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("teams: [{key: a, members: [chi]}]\n", ["2:28 unknown_person: person `chi` is not listed in oncall.yaml"]),
        ("teams: [{key: a, schedule: b}]\n", ["2:28 unknown_schedule: schedule `b` is not listed in oncall.yaml"]),
        (
            "teams: [{key: a, holidays: DE}]\n",
            ["2:28 unknown_calendar: holiday calendar `DE` is not listed in oncall.yaml"],
        ),
        (
            "schedules: [{key: a, layers: [{key: w, members: [chi], start: 2026-01-05T09:00}]}]\n",
            ["2:50 unknown_person: person `chi` is not listed in oncall.yaml"],
        ),
        (
            "schedules: [{key: a, overrides: [{person: ana, from: 2026-01-05T09:00, to: 2026-01-05T08:00}]}]\n",
            ["2:76 window: the override ends before it starts"],
        ),
        (
            "time_off: [{person: ana, from: 2026-08-10, to: 2026-08-01}]\n",
            ["2:48 window: the absence ends before it starts"],
        ),
        ("escalations: [{key: a, steps: [{notify: 'team:none'}]}]\n", []),
        (
            "teams: [{key: a}]\nescalations: [{key: a, steps: [{notify: 'team:none'}]}]\n",
            ["3:41 unknown_team: team `none` is not listed in oncall.yaml"],
        ),
        (
            "incident_manager_schedule: majors\n",
            ["2:28 unknown_schedule: schedule `majors` is not listed in oncall.yaml"],
        ),
        (
            "incident_manager_schedule: majors\n",
            ["2:28 unknown_schedule: schedule `majors` is not listed in oncall.yaml"],
        ),
        ("schedules: [{key: a, time_zone: Berlin}]\n", ["2:33 unknown_zone: unknown time zone `Berlin`"]),
    ],
)
def test_names_in_the_on_call_file_exist(tmp_path: Path, text: str, expected: list[str]) -> None:
    people = "people: [{key: ana}]\n"
    root = records(tmp_path, {"sevlog.yaml": NOT_AHEAD, "oncall.yaml": "schema: 1\n" + text + people})
    found = [line.removeprefix("oncall.yaml:") for line in told(checked(root, "oncall.yaml"))]
    assert found == expected


def test_the_right_name_of_a_time_zone_is_proposed(tmp_path: Path) -> None:
    config = CONFIG.replace("url:", "time_zone: Berlin, url:")
    (found,) = checked(records(tmp_path, {"sevlog.yaml": config})).problems
    assert found.hint == "did you mean `Europe/Berlin`?"


def test_a_value_that_is_a_comment_to_yaml_is_told(tmp_path: Path) -> None:
    config = (
        "schema: 1\npage:\n  name: Acme\n  url: https://a.example # ours\n  accent: #3355ff\n  support_url: # later\n"
    )
    root = records(tmp_path, {"sevlog.yaml": config})
    (found,) = (problem for problem in checked(root, "sevlog.yaml").problems if problem.code == "swallowed_value")
    assert (found.line, found.column, found.severity) == (5, 11, "warning")
    assert found.hint == 'write it in quotes: accent: "#3355ff"'


def test_shipped_defaults_are_not_the_user_s_mistake(tmp_path: Path) -> None:
    """Shipped roles name SEV1 and SEV2; who lists other severities did nothing wrong."""
    config = CONFIG + "severities: [{key: high}, {key: low}]\n"
    assert told(checked(records(tmp_path, {"sevlog.yaml": config}), "sevlog.yaml")) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("  - {key: chi, name: chi@acme.example}\n", "an e-mail address"),
        ("  - {key: chi, name: 'Chi, call +49 170 0000000'}\n", "a phone number"),
        ("  - {key: chi, forge: 030 1234567}\n", "a phone number"),
        ("  - {key: chi, name: ghp_0123456789abcdefghijABCDEFGHIJ012345}\n", "a token of a forge"),
        ("  - {key: chi, name: 'https://bot:hunter2@chat.example'}\n", "an address with a password"),
    ],
)
@pytest.mark.demand("S27")
def test_addresses_and_secrets_have_no_place_in_the_on_call_file(tmp_path: Path, line: str, what: str) -> None:
    oncall = f"schema: 1\npeople:\n  - {{key: ana}}\n  - {{key: bo}}\n{line}"
    (found,) = checked(records(tmp_path, {"oncall.yaml": oncall})).problems
    assert (found.severity, found.line) == ("error", 5)
    assert found.message == f"this is {what}, which must not be in git"


def test_ordinary_words_of_the_on_call_file_are_no_addresses(tmp_path: Path) -> None:
    oncall = f"""\
schema: 1
people:
  - {{key: ana, name: Ana O'Neil-Smith 2, contact: [ANA_PHONE], email_sha256: {"0a" * 32}}}
  - key: bo
schedules:
  - key: a
    layers: [{{key: w, members: [ana], start: 2026-01-05T09:00+01:00, until: 2027-01-05T09:00}}]
time_off: [{{person: bo, from: 2026-08-01, to: 2026-08-14, reason: "see https://intra.example/a/0123456789"}}]
"""
    assert told(checked(records(tmp_path, {"sevlog.yaml": NOT_AHEAD, "oncall.yaml": oncall}))) == []


def test_a_secret_in_the_configuration_is_told(tmp_path: Path) -> None:
    config = CONFIG + "hooks: [{on: [raised], run: 'curl https://hooks.slack.com/services/T0/B0/x'}]\n"
    (found,) = checked(records(tmp_path, {"sevlog.yaml": config})).problems
    assert (found.code, found.line, found.column) == ("secret", 6, 29)


def test_an_address_in_a_contact_is_told_once(tmp_path: Path) -> None:
    oncall = ONCALL.replace("{key: ana}", "{key: ana, contact: [ana@acme.example]}")
    assert [p.code for p in checked(records(tmp_path, {"oncall.yaml": oncall}), "oncall.yaml").problems] == [
        "personal_data"
    ]


def test_a_configuration_that_asks_for_requests_is_told_with_all_its_mistakes(tmp_path: Path) -> None:
    """Whether there are requests is written in the file that cannot be read."""
    root = records(tmp_path, {"sevlog.yaml": CONFIG + "git: {flow: pull-request}\npages: 1\npolitics: 2\n"})

    found = [line.split(": ")[0] for line in told(checked(root, "sevlog.yaml"))]

    assert len(found) == 2 and all(line.endswith(" unknown_key") for line in found)


@pytest.mark.parametrize("name", ["sevlog.yaml", "oncall.yaml"])
def test_a_link_is_told_and_not_followed(tmp_path: Path, name: str) -> None:
    root = records(tmp_path / "records")
    (tmp_path / "outside.yaml").write_text("password: [secret\n", "utf-8")
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to(tmp_path / "outside.yaml")

    (found,) = checked(root).problems

    assert (found.path, found.code) == (name, "symbolic_link")
    assert found.message == f"{name} cannot be read: symbolic link; records must be regular files"


def test_of_a_broken_configuration_what_can_be_read_is_checked_and_used(tmp_path: Path) -> None:
    config = CONFIG.replace("name: Acme Status, url", "name: Acme Status url") + "severities: {SEV3: x}\n"
    root = records(tmp_path, {"sevlog.yaml": config, HISTORY: RAISED.replace("checkout", "chekout")})
    assert told(checked(root)) == [
        "timeline/history.yaml:6:16 unknown_component: component `chekout` is not listed in sevlog.yaml",
        "sevlog.yaml:2:7 yaml_syntax: the mapping `{…}` that opens here is not closed, or a comma is missing",
        "sevlog.yaml:6:13 wrong_type: `severities` must be a list, not a mapping",
        "sevlog.yaml:6:13 names_unchecked: until `severities` is valid, names are not checked against it",
    ]
    assert [p.code for p in checked(root, FOLDER).problems] == ["unknown_component", "settings_broken"]


def test_of_a_configuration_that_is_no_text_nothing_is_used_and_it_says_so(tmp_path: Path) -> None:
    root = records(tmp_path, {HISTORY: RAISED.replace("checkout", "chekout").replace("ana", "anna")})
    (root / "sevlog.yaml").write_bytes(b"schema: \xff\n")
    codes = [problem.code for problem in checked(root).problems]
    assert codes == ["unknown_person", "not_utf8", "steps_unchecked", "names_unchecked"]


def test_members_of_a_team_are_people(tmp_path: Path) -> None:
    assert told(checked(records(tmp_path, {"oncall.yaml": ONCALL.replace("[ana]", "[ana, chi]")}))) == [
        "oncall.yaml:3:40 unknown_person: person `chi` is not listed in oncall.yaml"
    ]


TWO_WAYS = """\
lifecycles:
  default:
    statuses: [{key: open, category: live}, {key: stuck, category: live}, {key: done, category: closed}]
    transitions:
      - {from: new, to: open, act: raise}
      - {from: open, to: stuck, act: resolve}
      - {from: open, to: done, act: resolve}
"""


def test_a_command_with_two_transitions_and_a_live_status_without_one_are_found(tmp_path: Path) -> None:
    root = records(tmp_path, {"sevlog.yaml": CONFIG + TWO_WAYS})

    found = [problem for problem in checked(root, "sevlog.yaml").problems if problem.severity == "error"]

    assert [(problem.code, problem.message) for problem in found] == [
        ("dead_end", "no transition leaves the live status `stuck`"),
        ("ambiguous_act", "`resolve` leads from `open` to `stuck` and to `done`"),
    ]
