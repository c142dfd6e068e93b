"""`notify --follow`: a machine that stays on sends what comes up, and says each thing once."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository, git
from fixtures.sending import Sending, both
from fixtures.servers import WebServer
from sevlog.services.notifying.documents import Notified
from sevlog.services.notifying.watching import POLL, watch
from sevlog.services.workspace.workspace import Workspace


class _Enough(Exception):
    """The test saw what it wanted."""


def rounds(sending: Sending, records: Repository, acts: list[tuple[str, ...]]) -> list[Notified]:
    """Follow, with an act after each round; what was told."""
    told: list[Notified] = []

    def pause(seconds: float) -> None:
        assert seconds == POLL
        if not acts:
            raise _Enough
        words = acts.pop(0)
        if words:
            records.does(*words)
        records.clock.advance()

    workspace = Workspace(records.root, clock=records.clock, environment=sending.environment)
    with pytest.raises(_Enough):
        watch(workspace, told.append, pause=pause)
    return told


def states(told: list[Notified]) -> list[list[tuple[str, str]]]:
    return [[(one.to, one.state) for one in done.notifications] for done in told]


def test_it_sends_what_is_recorded_while_it_runs(sending: Sending, records: Repository, web: WebServer) -> None:
    sending.environment = both(web)
    sending.raised()

    told = rounds(sending, records, [(), ("severity", "SEV2", "--reason", "worse"), ()])
    assert states(told) == [[("TEAM", "sent")], [("TEAM", "sent")]]
    assert len(web.asked) == 2


def test_what_it_cannot_send_is_said_once(sending: Sending, records: Repository) -> None:
    sending.raised()

    assert states(rounds(sending, records, [(), (), ()])) == [[("TEAM", "left")]]


def test_a_round_that_fails_is_a_warning_and_the_next_one_goes_on(
    sending: Sending, records: Repository, web: WebServer
) -> None:
    sending.environment = both(web)
    sending.raised()
    git(records.root, "remote", "add", "origin", "nowhere.git")

    told = rounds(sending, records, [(), ("note", "x", "--no-push")])
    assert len(told) == 1  # the same trouble is told once
    assert any("origin" in text for text in told[0].warnings)
    git(records.root, "remote", "remove", "origin")
    assert states(rounds(sending, records, [])) == [[("TEAM", "sent")]]
