"""One incident from start to end, typed by a team: what each command records and refuses."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fixtures.commands import run


class Team:
    """A records repository at the command line, with the answers of `--json`."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys

    def types(self, *words: str, by: str = "ana", refused: int = 0) -> dict[str, Any]:
        """Type a command; its JSON. refused: the exit code that is expected."""
        self._capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SEVLOG_PERSON", by)
            code = run([*words, "--repo", str(self.root), "--json"])
        answer: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        assert code == refused, answer
        return answer

    def shows(self) -> dict[str, Any]:
        return self.types("show", "-i", "cards")

    def findings(self) -> list[str]:
        """What `check` finds wrong."""
        self._capsys.readouterr()
        run(["check", "--repo", str(self.root), "--json"])
        found = json.loads(self._capsys.readouterr().out)["problems"]
        return [p["message"] for p in found if p["severity"] == "error"]

    def commits(self) -> list[str]:
        done = subprocess.run(["git", "log", "--format=%H"], cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout.split()

    def last_commit(self) -> tuple[str, list[str]]:
        """Message and files of the last commit."""
        done = subprocess.run(
            ["git", "show", "--format=%B%x00", "--name-only"], cwd=self.root, capture_output=True, text=True, check=True
        )
        message, _, files = done.stdout.partition("\0")
        return message, files.split()


RAISE = (
    "raise",
    "Cards fail",
    "--severity",
    "SEV1",
    "--scope",
    "all",
    "--component",
    "checkout=major_outage",
    "--source",
    "customer_report",
    "--ref",
    "ticket 4711",
    "--summary",
    "No card payment goes through",
)


@pytest.fixture
def team(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Team:
    run(["init", str(tmp_path), "--component", "checkout=Checkout", "--person", "ana=Ana", "--person", "bo=Bo"])
    return Team(tmp_path, capsys)


@pytest.mark.demand("S24")
def test_how_it_was_noticed_is_kept_with_its_reference(team: Team) -> None:
    team.types(*RAISE)

    assert team.shows()["detection"] == {"source": "customer_report", "ref": "ticket 4711", "reporter": "ana"}


@pytest.mark.demand("S26")
def test_without_a_severity_nothing_is_raised_and_nothing_written(team: Team) -> None:
    before = team.commits()

    refusal = team.types("raise", "Cards fail", "--component", "checkout", "--summary", "All", refused=3)

    assert "severity" in refusal["error"]["message"]
    assert team.commits() == before
    assert not (team.root / "incidents").exists()


@pytest.mark.demand("S29")
@pytest.mark.demand("S30")
@pytest.mark.demand("S31")
def test_one_command_takes_command_opens_the_channels_and_starts_fixing(team: Team) -> None:
    team.types(*RAISE)
    before = len(team.commits())

    team.types("ack", "--channel", "chat=https://chat.example/cards", "--channel", "video=https://meet.example/cards")

    incident = team.shows()
    assert len(team.commits()) == before + 1
    assert (incident["status"], incident["lead"]) == ("fixing", "ana")
    assert [(c["type"], c["url"]) for c in incident["channels"]] == [
        ("chat", "https://chat.example/cards"),
        ("video", "https://meet.example/cards"),
    ]
    assert incident["milestones"]["acknowledged_at"] is not None


@pytest.mark.demand("S59")
def test_each_act_is_one_commit_of_its_own_files_with_trailers(team: Team) -> None:
    incident = team.types(*RAISE)["id"]
    (team.root / "draft.txt").write_text("mine")
    before = len(team.commits())

    team.types("note", "The certificate of the gateway ran out")

    message, files = team.last_commit()
    assert len(team.commits()) == before + 1
    assert message.startswith(f"incident({incident}): ")
    assert f"\nIncident: {incident}\n" in message
    assert "\nEntry: " in message
    assert len(files) == 1
    assert files[0].startswith(f"incidents/{incident[:4]}/{incident}/timeline/")
    assert (team.root / "draft.txt").read_text() == "mine"


@pytest.mark.demand("S62")
def test_roles_are_handed_to_those_who_join(team: Team) -> None:
    team.types(*RAISE)
    team.types("ack", "--channel", "chat=https://chat.example/cards")

    team.types("assign", "tech_lead", "bo")

    assert team.shows()["roles"]["tech_lead"] == ["bo"]


@pytest.mark.demand("S76")
@pytest.mark.demand("S79")
def test_it_ends_when_the_incident_manager_attests_it_and_every_step_before_was_due(team: Team) -> None:
    team.types(*RAISE)
    assert team.types("resolve", refused=3)["error"]["exit_code"] == 3
    team.types("ack", "--channel", "chat=https://chat.example/cards")
    assert "no mitigation recorded yet" in team.types("monitor", refused=3)["error"]["message"]
    team.types("act", "--type", "mitigation", "A new certificate is in place")
    team.types("monitor")
    team.types("update", "--title", "Card payments fail", "--phase", "monitoring", "It works again; we watch it.")
    team.types("assess", "--customer-impact", "No card payment went through", "--scope", "all", "--confirmed")
    ending = ("--attestation", "No refused card for 20 minutes", "--ended-at", "now", "--final-update", "It is over.")
    assert "ana" in team.types("resolve", *ending, by="bo", refused=3)["error"]["message"]

    team.types("resolve", *ending)

    incident = team.shows()
    assert incident["status"] == "resolved"
    assert incident["components"] == {"checkout": "operational"}
    assert incident["durations"]["time_to_resolve"] is not None
    assert [u["phase"] for u in incident["updates"]][-1] == "resolved"
    assert team.types("board")["incidents"] == []
    assert team.findings() == []
