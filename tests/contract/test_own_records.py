"""The records of this repository: a made-up company's, complete enough to show every kind of thing sevlog records."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from fixtures.clocks import Clock
from sevlog.model.config.settings import Config
from sevlog.model.oncall.roster import OnCall
from sevlog.model.timeline.entries import KIND_BY_NAME, Assigned, Link, Override, Paged, RunbookStep, Update, kind_of
from sevlog.model.timeline.entry_parts import Evidence
from sevlog.model.timeline.incident import Record
from sevlog.model.timeline.replay import replay
from sevlog.model.timeline.state import State
from sevlog.model.vocabulary import FINAL_PHASES, UNKNOWN_COMPONENT, IncidentKind
from sevlog.services.checking.run import check
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.markdown import frontmatter
from sevlog.stores.records import records, settings
from sevlog.stores.yaml import io as yaml_io

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = (
    "Summary",
    "Leadup",
    "Fault",
    "Impact",
    "Detection",
    "Response",
    "Recovery",
    "Timeline",
    "Contributing factors",
    "Recurrence and backlog",
    "What went well",
    "What did not",
    "Where we got lucky",
    "Actions",
    "Supporting data",
)


@cache
def config() -> Config:
    return settings.read_config(ROOT)


@cache
def oncall() -> OnCall:
    return settings.read_oncall(ROOT)


@cache
def own() -> dict[str, Record]:
    readings = list(records.read_all(ROOT))
    assert [p for reading in readings for p in reading.problems] == []
    return {reading.id: reading.record for reading in readings if reading.record is not None}


@cache
def states() -> dict[str, State]:
    return {name: replay(record, config()) for name, record in own().items()}


def published() -> list[Record]:
    return [r for r in own().values() if r.postmortem is not None and r.postmortem.status == "published"]


@pytest.mark.parametrize("name", sorted(own()))
def test_no_record_has_a_finding(name: str) -> None:
    assert states()[name].problems == ()


def test_check_finds_no_error_and_warns_of_nothing_but_what_is_overdue() -> None:
    clock = Clock()
    clock.set("2027-01-01T00:00:00Z")  # after the last of them
    found = check(Workspace(ROOT, clock=clock))

    assert found.checked == len(own())
    assert [problem for problem in found.problems if problem.severity == "error"] == []
    assert {problem.code for problem in found.problems} <= {"overdue_action", "overdue_postmortem", "stale_incident"}


def test_there_are_enough_of_them() -> None:
    maintenances = [r for r in own().values() if r.card.kind == "maintenance"]

    assert len(own()) - len(maintenances) >= 14
    assert len(maintenances) >= 3
    assert len(published()) == 5


def test_every_kind_of_incident_and_every_type_appears() -> None:
    assert {r.card.kind for r in own().values()} == set(get_args(IncidentKind))
    assert {r.card.type for r in own().values()} == {t.key for t in config().types}


def test_every_severity_and_priority_appears() -> None:
    assert {s.severity for s in states().values() if s.severity} == {s.key for s in config().severities}
    assert {s.priority for s in states().values() if s.priority} == {p.key for p in config().priorities}


def test_every_status_of_an_incident_is_the_status_of_one_now() -> None:
    now = {s.status for s in states().values() if s.card.kind != "maintenance"}

    assert now == {s.key for s in config().lifecycles["default"].statuses}


def test_maintenances_are_ahead_under_way_done_and_cancelled() -> None:
    now = {s.status for s in states().values() if s.card.kind == "maintenance"}

    assert now == {"scheduled", "in_progress", "completed", "cancelled"}


def test_a_sev2_is_being_fixed() -> None:
    assert [s.id for s in states().values() if (s.severity, s.status) == ("SEV2", "fixing")]


def test_every_kind_of_entry_appears() -> None:
    used = Counter(kind_of(entry) for record in own().values() for entry in record.entries)

    assert set(used) == set(KIND_BY_NAME)


def test_timelines_are_kept_in_both_forms() -> None:
    files = [
        sorted(path.name for path in (folder / "timeline").iterdir()) for folder in sorted(ROOT.glob("incidents/*/*"))
    ]

    assert any(names == ["history.yaml"] for names in files)
    assert any(len(names) > 20 for names in files)


def test_something_relapsed_and_something_changed_its_severity() -> None:
    assert any(s.relapses for s in states().values())
    assert any(len(s.severity_steps) > 1 for s in states().values())


@pytest.mark.parametrize("record", published(), ids=lambda record: record.id)
def test_a_published_postmortem_has_every_section_with_something_in_it(record: Record) -> None:
    text = record.postmortem_text or ""
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))

    assert tuple(sections) == SECTIONS
    assert [name for name, body in sections.items() if not body.strip()] == []
    assert "<!-- sevlog:timeline -->" in sections["Timeline"]
    assert "<!-- sevlog:actions -->" in sections["Actions"]
    assert len(text.split()) > 600


@pytest.mark.parametrize("record", published(), ids=lambda record: record.id)
def test_a_published_postmortem_names_several_factors_and_actions_that_address_them(record: Record) -> None:
    assert record.postmortem is not None
    factors = {factor.id for factor in record.postmortem.contributing_factors}

    assert len(factors) >= 3
    assert {name for action in record.actions for name in action.addresses} <= factors
    assert all(action.owner and action.team and action.due for action in record.actions)


@pytest.mark.parametrize("record", published(), ids=lambda record: record.id)
def test_a_published_postmortem_has_a_text_for_customers_without_names(record: Record) -> None:
    text = record.public_postmortem_text or ""

    assert len(text.split()) > 150
    assert [p.key for p in oncall().people if re.search(rf"\b{p.key}\b", text, re.IGNORECASE)] == []


def test_customers_read_another_title_than_we_do() -> None:
    assert [r.id for r in own().values() if r.card.public_title and r.card.public_title == r.card.title] == []


def test_nothing_of_a_restricted_record_is_meant_for_customers() -> None:
    restricted = [r for r in own().values() if r.card.visibility == "restricted"]

    assert restricted
    assert [e for r in restricted for e in r.entries if isinstance(e, Update) and e.audience == "public"] == []
    assert [r.id for r in restricted if r.card.public_title or r.public_postmortem_text] == []


def test_everyone_who_is_named_is_listed() -> None:
    known = {person.key for person in oncall().people}
    named = {entry.by for record in own().values() for entry in record.entries}
    named |= {e.person for r in own().values() for e in r.entries if isinstance(e, Assigned)}
    named |= {a.owner for r in own().values() for a in r.actions}

    assert named - known == set()


def test_everything_that_is_named_exists() -> None:
    components = {component.key for component in config().components} | {UNKNOWN_COMPONENT}
    runbooks = {path.name for path in (ROOT / "runbooks").glob("*.md")}
    entries = [entry for record in own().values() for entry in record.entries]
    linked = {e.target for e in entries if isinstance(e, Link) and not e.target.startswith("https://")}
    attached = [own_id / e.file for own_id, e in _evidence() if e.file]

    assert {key for state in states().values() for key in state.components} <= components
    assert {name for component in config().components for name in component.runbooks} <= runbooks
    assert {e.runbook for e in entries if isinstance(e, RunbookStep)} <= runbooks
    assert {e.policy for e in entries if isinstance(e, Paged) and e.policy} <= {p.key for p in oncall().escalations}
    assert linked <= own().keys()
    assert [path for path in attached if not path.is_file()] == []


def _evidence() -> list[tuple[Path, Evidence]]:
    found: list[tuple[Path, Evidence]] = []
    for name, record in own().items():
        folder = ROOT / "incidents" / name[:4] / name
        found += [(folder, evidence) for entry in record.entries for evidence in entry.evidence]
    return found


def test_owners_and_dependencies_of_components_exist() -> None:
    teams = {team.key for team in oncall().teams}
    keys = {component.key for component in config().components}

    assert {component.owner for component in config().components} <= teams
    assert {key for component in config().components for key in component.depends_on} <= keys
    assert len(keys) >= 12
    assert any(not component.public for component in config().components)


def test_no_address_and_no_telephone_number_is_in_any_record() -> None:
    texts = [path for name in ("incidents", "runbooks", "problems") for path in sorted((ROOT / name).rglob("*.*"))]
    found = [
        (path.name, match[0])
        for path in [*texts, ROOT / "oncall.yaml", ROOT / "sevlog.yaml"]
        for match in re.finditer(r"[\w.+-]+@[\w-]+\.\w+|\+\d{6,}", path.read_text("utf-8"))
    ]

    assert found == []


def test_the_company_lives_under_names_that_nobody_can_own() -> None:
    hosts = {
        match[1]
        for path in (*ROOT.glob("incidents/**/*.*"), ROOT / "sevlog.yaml")
        for match in re.finditer(r"https?://([^/\s>\"']+)", path.read_text("utf-8"))
    }

    assert {host for host in hosts if not host.endswith(".example")} == set()


def test_every_record_file_names_its_schema_for_editors() -> None:
    missing = []
    for path in (*sorted(ROOT.glob("incidents/**/*.yaml")), ROOT / "sevlog.yaml", ROOT / "oncall.yaml"):
        match = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text("utf-8"))
        if match is None or not (path.parent / match[1]).is_file():
            missing.append(path)

    assert missing == []


def test_runbooks_and_problems_say_what_they_are_about() -> None:
    components = {component.key for component in config().components}
    runbooks = [_matter(path) for path in sorted((ROOT / "runbooks").glob("*.md"))]
    problems = [_matter(path) for path in sorted((ROOT / "problems").glob("*.md"))]

    assert len(runbooks) >= 5
    assert all(r["title"] and r["symptoms"] and set(r["components"]) <= components for r in runbooks)
    assert len(problems) >= 2
    assert all(p["title"] and p["causes"] and p["changes"] and set(p["incidents"]) <= own().keys() for p in problems)


def _matter(path: Path) -> dict[str, list[str]]:
    matter, _ = frontmatter.split(path.read_bytes())
    value = yaml_io.read(matter)
    assert isinstance(value, dict)
    return value


def test_overrides_are_few_and_have_a_reason() -> None:
    found = [e for r in own().values() for e in r.entries if isinstance(e, Override)]

    assert [e.rule for e in found] == ["channel"]
    assert len(found[0].reason) > 20


def test_each_audience_that_was_told_of_an_ended_incident_was_told_of_its_end() -> None:
    silent = []
    for name, state in states().items():
        last = {u.entry.audience: u.entry.phase for u in state.updates}
        if not state.live and any(phase not in FINAL_PHASES for phase in last.values()):
            silent.append(name)

    assert silent == []
