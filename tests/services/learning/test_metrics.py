"""The figures of a repository: filters, groups, times before, the index, records with mistakes."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures import checkable
from sevlog.errors import UsageError
from sevlog.model.timeline.incident import Record
from sevlog.model.timeline.state import State
from sevlog.services.learning.metrics.documents import Duration, Metrics
from sevlog.services.learning.metrics.figures import Asked, metrics
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.index import file_index

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CARD = "schema: 1\ntitle: {title}\nkind: {kind}\n"
COURSE = """\
- kind: raised
  at: "{day}T10:00:00Z"
  by: ana
  severity: {severity}
  priority: P2
  components: {{{component}: partial_outage}}
- {{kind: assigned, at: "{day}T10:05:00Z", by: ana, role: incident_manager, person: ana, lead: true}}
- {{kind: status, at: "{day}T10:05:00Z", by: ana, from: raised, to: fixing}}
- {{kind: action_taken, at: "{day}T10:{minute}:00Z", by: ana, type: rollback, text: Rolled back}}
- {{kind: status, at: "{day}T10:{minute}:00Z", by: ana, from: fixing, to: monitoring}}
- {{kind: status, at: "{day}T11:00:00Z", by: ana, from: monitoring, to: resolved}}
"""


def incident(
    day: str, *, minute: int = 30, severity: str = "SEV2", component: str = "checkout", kind: str = "incident"
) -> dict[str, str]:
    folder = f"incidents/{day[:4]}/{day}-fails"
    course = COURSE.format(day=day, minute=minute, severity=severity, component=component)
    return {f"{folder}/incident.yaml": CARD.format(title="Fails", kind=kind), f"{folder}/timeline/history.yaml": course}


def workspace(root: Path, *incidents: Mapping[str, str], now: datetime = NOW) -> Workspace:
    files = {"sevlog.yaml": checkable.CONFIG, "oncall.yaml": checkable.ONCALL}
    for files_of in incidents:
        files |= files_of
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Workspace(root, clock=lambda: now)


def row(document: Metrics, key: str) -> Duration:
    return next(row for row in document.total.durations if row.key == key)


def test_the_figures_of_some_incidents(tmp_path: Path) -> None:
    days = [(f"2026-11-{day:02}", day + 10) for day in range(1, 8)]
    found = metrics(workspace(tmp_path, *(incident(day, minute=minute) for day, minute in days)), Asked())

    mitigated = row(found, "time_to_mitigate")
    assert (mitigated.n, mitigated.median, mitigated.low, mitigated.high) == (7, 14 * 60, 11 * 60, 17 * 60)
    assert (mitigated.p90, mitigated.p90_bound) == (17 * 60, None)
    assert row(found, "time_to_acknowledge").median == 300
    assert row(found, "time_to_detect").missing == 7
    assert [(r.key, r.n, r.median) for r in found.total.severities] == [("SEV2", 7, 3600)]
    assert found.component_uptime[0].uptime == pytest.approx(
        1 - 7 * 3600 * 0.3 / (found.component_uptime[0].days * 86400)
    )


def test_each_figure_has_a_name_a_definition_and_a_short_form(tmp_path: Path) -> None:
    there = workspace(tmp_path, incident("2026-10-31"), incident("2026-11-01", minute=20))
    found = metrics(there, Asked(since=datetime(2026, 10, 30, tzinfo=UTC)))

    acknowledged = found.durations["time_to_acknowledge"]
    assert (acknowledged.n, acknowledged.median, acknowledged.values) == (2, 300, [300, 300])
    assert {*found.durations, "relapses", "uptime"} <= {*found.definitions}
    assert (found.counts["incidents"], found.counts["relapses"]) == (2, 0)
    assert (found.data_quality["resolved_at"], found.data_quality["started_at"]) == (1, 0)
    assert list(found.uptime["checkout"]) == ["2026-10", "2026-11"]
    assert found.uptime["checkout"]["2026-10"] == pytest.approx(1 - 3600 * 0.3 / (2 * 86400))
    assert found.uptime["search"] == {"2026-10": 1, "2026-11": 1}


def test_what_is_no_real_incident_is_left_out_and_counted(tmp_path: Path) -> None:
    drill = incident("2026-11-01", kind="drill")
    look_back = incident("2026-11-02", kind="retrospective")
    coming = incident("2026-12-24")
    found = metrics(workspace(tmp_path, drill, look_back, coming, incident("2026-11-03")), Asked())

    assert found.total.incidents == 1
    assert found.left_out == {"drill": 1, "raised after now": 1, "retrospective": 1}


def test_filters_and_groups_narrow_and_part_the_incidents(tmp_path: Path) -> None:
    there = workspace(
        tmp_path,
        incident("2026-10-31", severity="SEV1"),
        incident("2026-11-01", component="search"),
        incident("2026-07-01"),
    )

    assert metrics(there, Asked(severities=("sev1",))).total.incidents == 1
    assert metrics(there, Asked(components=("search",))).total.incidents == 1
    assert metrics(there, Asked(since=datetime(2026, 10, 1, tzinfo=UTC))).total.incidents == 2
    names = {by: [group.name for group in metrics(there, Asked(by=by)).groups] for by in ("month", "quarter")}
    assert names == {"month": ["2026-07", "2026-10", "2026-11"], "quarter": ["2026-Q3", "2026-Q4"]}
    assert [g.name for g in metrics(there, Asked(by="severity")).groups] == ["SEV1", "SEV2"]
    with pytest.raises(UsageError) as refused:
        metrics(there, Asked(components=("chekout",)))
    assert (refused.value.message, refused.value.hints[0]) == (
        "unknown component `chekout`",
        "did you mean `checkout`?",
    )


def test_no_incident_and_one_incident_have_figures_too(tmp_path: Path) -> None:
    assert metrics(workspace(tmp_path), Asked()).total.incidents == 0
    one = metrics(workspace(tmp_path, incident("2026-11-03")), Asked())

    resolved = row(one, "time_to_resolve")
    assert (resolved.n, resolved.median, resolved.low, resolved.p90_bound) == (1, 3600, None, None)
    assert resolved.trend is not None
    assert resolved.trend.direction is None


def test_a_record_with_mistakes_counts_as_far_as_it_goes_and_one_without_a_card_is_named(tmp_path: Path) -> None:
    wrong, broken = incident("2026-11-03"), incident("2026-11-04")
    history = next(name for name in wrong if name.endswith("history.yaml"))
    wrong[history] += '- {kind: nte, at: "2026-11-03T12:00:00Z", by: ana, text: Hm}\n'
    broken["incidents/2026/2026-11-04-fails/incident.yaml"] = "schema: 1\n"
    found = metrics(workspace(tmp_path, wrong, broken), Asked())

    assert (found.total.incidents, found.total.errors) == (1, ["2026-11-03-fails"])
    assert [line.partition(":")[0] for line in found.unreadable] == ["incidents/2026/2026-11-04-fails/incident.yaml"]


def test_the_figures_as_of_a_time_are_those_of_a_repository_that_was_cut_then(tmp_path: Path) -> None:
    first, second = incident("2026-11-01"), incident("2026-11-10", minute=40)
    backdated = (
        '- {kind: assessment, at: "2026-11-01T10:10:00Z", recorded_at: "2026-11-12T09:00:00Z", by: bo, '
        'started_at: "2026-11-01T09:00:00Z", confirmed: true}\n'
    )
    history = "incidents/2026/2026-11-01-fails/timeline/history.yaml"
    whole = workspace(tmp_path / "whole", {**first, history: first[history] + backdated}, second)
    for then, files in (
        (datetime(2026, 11, 10, 10, 20, tzinfo=UTC), (first, cut(second, 8))),
        (datetime(2026, 11, 11, tzinfo=UTC), (first, second)),
        (datetime(2026, 11, 5, tzinfo=UTC), (first,)),
    ):
        earlier = metrics(whole, Asked(as_of=then))
        there = metrics(workspace(tmp_path / f"{then:%d%H%M}", *files, now=then), Asked())
        earlier.notes.clear()

        assert earlier == there
    assert row(metrics(whole, Asked()), "time_to_mitigate").max == 90 * 60


def cut(files: Mapping[str, str], lines: int) -> dict[str, str]:
    """An incident of which only the first lines of its timeline are written."""
    return {
        name: "".join(text.splitlines(keepends=True)[:lines]) if name.endswith("history.yaml") else text
        for name, text in files.items()
    }


def test_action_items_as_of_a_time_are_those_that_were_committed_then(tmp_path: Path) -> None:
    there = workspace(tmp_path, incident("2026-11-01"))
    name = "incidents/2026/2026-11-01-fails/actions.yaml"
    for day, status in ((5, "accepted"), (9, "done")):
        item = f"- id: A1\n  title: Alert\n  status: {status}\n  class: cleanup\n  due: 2026-11-07\n"
        (tmp_path / name).write_text(item, "utf-8")
        commit(tmp_path, f"2026-11-{day:02}T12:00:00Z")

    def counts(day: int) -> dict[str, int]:
        document = metrics(there, Asked(as_of=datetime(2026, 11, day, tzinfo=UTC)))
        return next(row.counts for row in document.total.shares if row.key == "actions_in_time")

    assert [counts(day) for day in (4, 6, 8, 10)] == [{}, {"open": 1}, {"overdue": 1}, {"unknown": 1}]


def commit(root: Path, when: str) -> None:
    environment = {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when, "PATH": "/usr/bin:/bin", "HOME": str(root)}
    identity = ("-c", "user.name=ana", "-c", "user.email=ana@acme.example")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), (*identity, "commit", "-qm", "Follow up")):
        subprocess.run(["git", *words], cwd=root, env=environment, check=True)


def test_the_index_gives_the_same_figures_and_folds_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = workspace(tmp_path, *(incident(f"2026-11-{day:02}") for day in range(1, 5)))
    commit(tmp_path, "2026-11-20T12:00:00Z")
    monkeypatch.setattr(file_index, "FRESH", -(10**15))
    first = metrics(there, Asked())
    again = Forgetful(tmp_path, clock=lambda: NOW)

    assert metrics(again, Asked()) == first == metrics(there, Asked(), remember=False)


class Forgetful(Workspace):
    """A workspace that folds nothing."""

    def state(self, record: Record, *, as_of: datetime | None = None, known_by: datetime | None = None) -> State:
        raise AssertionError(f"{record.id} was folded again")
