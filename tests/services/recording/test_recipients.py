"""What somebody types to ask for help: a person, a team, a schedule or a policy, with its kind or without."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import NOW, records
from sevlog.errors import UsageError
from sevlog.services.recording.recipients import recipient
from sevlog.services.workspace.workspace import Workspace

ONCALL = """\
schema: 1
people: [{key: ana}, {key: search}]
teams: [{key: payments, members: [ana]}, {key: search, members: [ana]}]
schedules: [{key: nights, layers: [{key: a, members: [ana], start: "2026-01-05T09:00", rotate: weekly}]}]
escalations: [{key: payments, steps: [{notify: "person:ana"}]}, {key: majors, steps: [{notify: "person:ana"}]}]
"""


@pytest.mark.parametrize(
    ("typed", "page", "escalate"),
    [
        ("ana", "ana", "ana"),
        ("payments", "team:payments", "policy:payments"),
        ("nights", "schedule:nights", "schedule:nights"),
        ("majors", "policy:majors", "policy:majors"),
        ("search", "search", "search"),
        ("team:search", "team:search", "team:search"),
    ],
)
def test_a_name_without_a_kind_is_a_person_and_otherwise_what_has_it(
    tmp_path: Path, typed: str, page: str, escalate: str
) -> None:
    workspace = Workspace(records(tmp_path, {"oncall.yaml": ONCALL}), clock=lambda: NOW, environment={})

    assert recipient(workspace, typed) == page
    assert recipient(workspace, typed, policy_first=True) == escalate


def test_a_name_that_nothing_has_is_refused_as_that_of_a_person(tmp_path: Path) -> None:
    workspace = Workspace(records(tmp_path, {"oncall.yaml": ONCALL}), clock=lambda: NOW, environment={})

    with pytest.raises(UsageError, match="person `paiments` is not listed"):
        recipient(workspace, "paiments")
