"""Whatever an export of an on-call service or of issues holds, it ends in rows or in quarantine: never in a crash."""

from __future__ import annotations

import json
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.importers import test_grafana_oncall as grafana
from adapters.importers.test_hostile_sources import JUNK, places
from fixtures import opsgenie as account
from fixtures.statuspages import plain_config, states_of
from sevlog.adapters.importers.base import build
from sevlog.adapters.importers.oncall.grafana import open_grafana
from sevlog.adapters.importers.oncall.opsgenie import open_opsgenie
from sevlog.adapters.importers.source import Source, Unusable
from sevlog.adapters.importers.upptime.issues import read_issue
from sevlog.errors import SevlogError
from sevlog.model.oncall.roster import OnCall
from sevlog.model.oncall.rotations import Rotations
from sevlog.stores.records import codec

ACCOUNT: list[Any] = [
    {"data": account.USERS[:1]},
    {"data": [account.TEAM]},
    {"data": [{**account.SCHEDULE, "rotations": [account.NIGHTS, account.WEEKEND]}]},
    account.OVERRIDES,
    {"data": account.ESCALATIONS},
]
STACK: list[Any] = [
    {"results": grafana.USERS},
    {"results": [grafana.SCHEDULE, grafana.ICAL]},
    {"results": [*grafana.SHIFTS, *grafana.ODD]},
    {"results": [grafana.CHAIN]},
    {
        "results": [
            {"id": f"E{n}", "escalation_chain_id": "F1", "position": n, **s} for n, s in enumerate(grafana.STEPS)
        ]
    },
]
PLACES = [("opsgenie", path) for path in places(ACCOUNT) if path] + [
    ("grafana", path) for path in places(STACK) if path
]
READERS = {"opsgenie": (ACCOUNT, open_opsgenie), "grafana": (STACK, open_grafana)}
ISSUE: dict[str, Any] = {
    "number": 1,
    "title": "Shop is down",
    "state": "closed",
    "body": "<!--\nstart: 2026-03-05T22:00:00Z\nend: 2026-03-05T23:00:00Z\n-->",
    "labels": [{"name": "status"}],
    "created_at": "2026-03-01T10:00:00Z",
    "closed_at": "2026-03-01T11:00:00Z",
    "html_url": "https://github.com/a/b/issues/1",
}


def changed(document: Any, changes: list[tuple[tuple[str | int, ...], object]]) -> Any:
    found = deepcopy(document)
    for path, junk in changes:
        here = found
        try:
            for key in path[:-1]:
                here = here[key]
            here[path[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took that place away
    return found


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_no_value_of_an_export_ends_in_a_crash(changes: list[tuple[tuple[str, Any], object]]) -> None:
    system = changes[0][0][0]
    document, reader = READERS[system]
    with tempfile.TemporaryDirectory() as folder:
        own = [(path, junk) for (name, path), junk in changes if name == system]
        for number, answer in enumerate(changed(document, own)):
            (Path(folder) / f"{number}.json").write_bytes(json.dumps(answer).encode())
        try:
            made = reader(Path(folder), OnCall(schema=1)).oncall
        except SevlogError:
            return
    assert msgspec.convert(codec.plain(made), OnCall) == made
    rotas = Rotations(made)
    for schedule in made.schedules:
        rotas.holder(schedule.key, 1_790_000_000)


@settings(max_examples=100, deadline=None)
@given(
    changes=st.dictionaries(st.sampled_from([*ISSUE, "comments"]), JUNK, max_size=3),
    comment=st.dictionaries(st.sampled_from(["id", "body", "created_at"]), JUNK, max_size=3),
    label=st.sampled_from(["status", "maintenance"]),
)
def test_no_issue_of_upptime_ends_in_a_crash(
    changes: dict[str, object], comment: dict[str, object], label: str
) -> None:
    issue = {**ISSUE, "labels": [{"name": label}], **changes}
    try:
        found = read_issue(issue, [comment], frozenset())
    except Unusable:
        return
    source = Source(system="upptime", label="made up", incidents=(found,))
    assert [p.message for s in states_of(build(source, plain_config())) for p in s.problems] == []
