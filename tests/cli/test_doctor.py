"""The command `sevlog doctor`: a row for each check, and an exit code for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.commands import run


def test_a_healthy_repository_exits_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init", str(tmp_path)])
    capsys.readouterr()

    assert run(["doctor", "--repo", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "ok    git" in out
    assert "      hint: git remote add origin URL" in out


def test_what_must_be_mended_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init", str(tmp_path)])
    (tmp_path / "oncall.yaml").write_text("schema: 1\npeople: nobody\n")
    capsys.readouterr()

    assert run(["doctor", "--repo", str(tmp_path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    states = {check["name"]: check["state"] for check in document["checks"]}
    assert document["schema"] == "1"
    assert states["oncall.yaml"] == "fail"
