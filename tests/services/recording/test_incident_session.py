"""An act stands after what its author could read, whatever the clock of their laptop shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

import msgspec
import pytest

from fixtures.repositories import Repository
from sevlog.errors import Refused
from sevlog.model.timeline.entries import Note
from sevlog.services.common.outcome import Outcome
from sevlog.services.recording.incident_session import IncidentSession
from sevlog.services.recording.recorder import Options
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.yaml import io as yaml_io

LAST = datetime(2026, 11, 23, 14, 7, 30, 123000, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


def session(records: Repository, *, behind: timedelta, at: datetime | None = None) -> IncidentSession:
    """The session of someone whose clock is so much behind the only entry of the only incident."""
    incident = records.raised()
    path = min((records.root / "incidents").glob("*/*/timeline/*.yaml"))
    plain = yaml_io.read(path.read_bytes())
    assert isinstance(plain, dict)
    path.write_text(yaml_io.dump({**plain, "at": LAST.isoformat()}), "utf-8")
    records.git("commit", "--quiet", "-am", "a clock of its own")
    return IncidentSession(Workspace(records.root, clock=lambda: LAST - behind), incident, Options(at=at))


def stamped(outcome: Outcome) -> datetime:
    (text,) = (text for path, text in outcome.files.items() if PurePosixPath(path).suffix == ".yaml")
    note = msgspec.convert(yaml_io.read(text.encode()), Note)
    assert note.recorded_at is None
    return note.at


@pytest.mark.parametrize(
    ("behind", "at"),
    [
        (timedelta(hours=-1), LAST + timedelta(hours=1)),
        (timedelta(), LAST + MOMENT),
        (timedelta(milliseconds=1), LAST + MOMENT),
        (timedelta(hours=1), LAST + MOMENT),
        (timedelta(days=1), LAST + MOMENT),
        (timedelta(days=2), LAST - timedelta(days=2)),
    ],
)
def test_an_act_stands_right_after_the_newest_entry_where_the_clock_is_behind(
    records: Repository, behind: timedelta, at: datetime
) -> None:
    here = session(records, behind=behind)

    assert stamped(here.do([Note(at=here.at, text="x")], "x")) == at


@pytest.mark.parametrize(("behind", "told"), [(timedelta(seconds=30), False), (timedelta(minutes=50), True)])
def test_a_difference_that_matters_is_told(records: Repository, behind: timedelta, told: bool) -> None:
    here = session(records, behind=behind)

    warnings = here.do([Note(at=here.at, text="x")], "x").warnings

    assert [text.partition(",")[0] for text in warnings] == (
        ["the newest entry is 50 min ahead of this machine's clock"] if told else []
    )


def test_a_time_that_was_typed_is_not_moved_but_now_is_the_moment_of_the_act(records: Repository) -> None:
    here = session(records, behind=timedelta(hours=1))
    now, earlier = LAST - timedelta(hours=1), LAST - timedelta(hours=3)

    assert here.when(now) == here.at == LAST + MOMENT
    assert here.when(earlier) == earlier


def test_an_act_at_a_typed_time_stays_there(records: Repository) -> None:
    typed = LAST - timedelta(hours=2)

    assert session(records, behind=timedelta(hours=1), at=typed).at == typed


def test_a_step_after_one_that_lies_days_ahead_is_refused_with_the_cure(records: Repository) -> None:
    here = session(records, behind=timedelta(days=3))

    with pytest.raises(Refused, match="would be earlier") as error:
        here.step("decline")

    assert error.value.hints[0].startswith("if that time is wrong: sevlog correct -i ")
