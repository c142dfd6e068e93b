"""The command `sevlog demo`: creates a repository, prints hints, serves the page, writes only to its folder."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from fixtures.clocks import Clock
from fixtures.commands import SEVLOG, run
from sevlog.services.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo as the command makes it, page at the port that it was asked for."""
    folder = tmp_path_factory.mktemp("cli") / "filled"
    assert run(["demo", str(folder), "--no-serve", "--port", "8123"]) == 0
    return folder


def test_the_page_belongs_to_the_port_it_will_be_served_at(demo: Path) -> None:
    assert Workspace(demo, clock=Clock()).config.page.url == "http://127.0.0.1:8123/"


def test_what_it_suggests_can_be_typed_as_it_stands(demo: Path) -> None:
    assert run(["board", "--repo", str(demo)]) == 0
    assert run(["note", "--repo", str(demo), "-i", "no-station", "--as", "amara", "I can see it from here"]) == 0


def test_a_second_run_says_that_it_is_there_already(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", str(demo), "--no-serve"]) == 0

    said = capsys.readouterr()
    assert "existing demo, unchanged" in said.out
    assert f"rm -r {demo}" in said.err


def test_as_json_it_is_one_document_and_nothing_is_served(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", str(demo), "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["made"], document["root"]) == ("1", False, str(demo))


def test_a_folder_of_yours_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    assert run(["demo", str(tmp_path), "--no-serve"]) == 2
    assert "sevlog demo DIR" in capsys.readouterr().err


def _hear_interrupts() -> None:
    """Restore signals that are ignored if the tests run in the background, because children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_page_is_served_until_it_is_stopped(demo: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with subprocess.Popen(
        [*SEVLOG, "demo", str(demo), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_hear_interrupts,
    ) as process:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        with urlopen(f"http://127.0.0.1:{port}/") as answer:
            page = answer.read().decode()
        process.send_signal(signal.SIGINT)
        process.stdout.read()

    assert f"http://127.0.0.1:{port}/" in said
    assert "Lockers in Portugal do not open" in page
    assert process.returncode == 0
