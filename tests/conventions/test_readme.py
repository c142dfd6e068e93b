"""What the READMEs tell people to type works, line by line."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from fixtures.commands import run
from fixtures.filled import filled

ROOT = Path(__file__).resolve().parents[2]
MARK = "<!-- tested: run line by line in a new repository -->\n```sh\n"


def commands(text: str) -> list[list[str]]:
    """The commands of the block behind the mark, comments and continued lines resolved."""
    block = text.partition(MARK)[2].partition("```")[0].replace("\\\n", " ")
    return [words for line in block.splitlines() if (words := shlex.split(line, comments=True))]


@pytest.mark.parametrize("source", ["README.md", "acme/README.md"])
def test_every_command_of_the_first_incident_works(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["init", str(tmp_path / "acme"), "--component", "checkout=Checkout", "--component", "search=Search"])
    typed = commands(((ROOT if source == "README.md" else tmp_path) / source).read_text("utf-8"))
    monkeypatch.chdir(tmp_path / "acme")

    assert len(typed) >= 8
    for words in typed:
        assert words[0] == "sevlog"
        assert run(words[1:]) == 0, f"{shlex.join(words)}\n{capsys.readouterr().err}"
    capsys.readouterr()
    run(["list", "--status", "resolved"])
    assert "resolved" in capsys.readouterr().out


def test_the_init_line_of_the_readme_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text("utf-8").replace("\\\n", " ")
    line = next(line for line in text.splitlines() if line.startswith("sevlog init "))

    assert run(shlex.split(line)[1:]) == 0


def test_links_of_the_readme_lead_somewhere() -> None:
    documents = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
    links = [
        (document, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8"))
    ]
    for document, target in filled(links):
        assert (document.parent / target).exists(), f"{document.name}: {target}"
