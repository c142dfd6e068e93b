"""The command `sevlog init`: options, exit codes, JSON, and questions on a terminal only."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from fixtures.clocks import Clock
from fixtures.commands import SEVLOG, run
from sevlog.services.workspace.workspace import Workspace


def test_options_go_into_the_repository(tmp_path: Path) -> None:
    code = run(
        [
            "init",
            str(tmp_path / "acme"),
            "--name",
            "Acme",
            "--url",
            "https://status.acme.example",
            "--component",
            "checkout=Card payments",
            "--person",
            "ana=Ana Test",
            "--forge",
            "none",
        ]
    )

    workspace = Workspace(tmp_path / "acme", clock=Clock())
    assert code == 0
    assert workspace.config.page.name == "Acme"
    assert [(c.key, c.name) for c in workspace.config.components] == [("checkout", "Card payments")]
    assert workspace.oncall.people[0].email_sha256 is not None
    assert not (tmp_path / "acme/.github").exists()


def test_without_a_terminal_nothing_is_asked_and_the_guesses_stand(tmp_path: Path) -> None:
    done = subprocess.run(
        [*SEVLOG, "init"], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    assert "set `url` in sevlog.yaml" in done.stderr
    assert (tmp_path / "sevlog.yaml").exists()


def test_on_a_terminal_it_asks_for_what_no_option_says(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*SEVLOG, "init", "--url", "https://a.example"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        os.write(ours, b"Acme Status\nCard payments, Search\nnone\n")
        said = b""
        try:
            while chunk := os.read(ours, 4096):
                said += chunk
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)

    config = Workspace(tmp_path, clock=Clock()).config
    assert process.returncode == 0, said.decode()
    assert b"URL of the status page" not in said
    assert config.page.name == "Acme Status"
    assert [(c.key, c.name) for c in config.components] == [("card-payments", "Card payments"), ("search", "Search")]


def test_json_is_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "acme"), "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "1"
    assert document["fresh"] is True
    assert "sevlog.yaml" in document["written"]
    assert len(document["commit"]) == 40


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--component", "checkout"], 2, "KEY=NAME"),
        (["--url", "acme"], 2, "https://status.example.com"),
        (["--forge", "other"], 2, "github"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert run(["init", str(tmp_path / "acme"), *arguments]) == code

    assert words in capsys.readouterr().err
    assert not (tmp_path / "acme").exists()


def test_an_incident_can_be_raised_right_after(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path), "--component", "checkout=Checkout"]) == 0
    assert (
        run(
            [
                "raise",
                "Checkout fails",
                "--repo",
                str(tmp_path),
                "--severity",
                "SEV2",
                "--component",
                "checkout",
                "--summary",
                "Cards are refused",
            ]
        )
        == 0
    )

    assert "SEV2" in capsys.readouterr().out
