"""A secret is found in every text of a repository, with its line and column, and never said whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import CARD, FOLDER, HISTORY, NOTE, RAISED, checked, records
from fixtures.secret_shapes import SHAPES

TOKEN = SHAPES["gitlab"]


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_found_in_a_note(tmp_path: Path, name: str) -> None:
    root = records(
        tmp_path, {HISTORY: RAISED + NOTE.replace("The certificate ended at noon.", f"|-\n    {SHAPES[name]}")}
    )

    (found,) = checked(root).problems

    assert (found.code, found.severity, found.path, found.line, found.entry) == (
        "secret",
        "error",
        HISTORY,
        11,
        "20261120T100500Z-note",
    )
    assert SHAPES[name] not in found.message
    assert "sevlog redact" in (found.hint or "") and "rotate" in (found.hint or "")


@pytest.mark.parametrize(
    ("path", "text", "line", "column"),
    [
        (f"{FOLDER}/incident.yaml", CARD.replace("Every third", f"{TOKEN} third"), 4, 10),
        (f"{FOLDER}/actions.yaml", f"- id: A1\n  title: Rotate {TOKEN}\n  class: cleanup\n", 2, 17),
        (f"{FOLDER}/postmortem.public.md", f"Somebody used\n{TOKEN}\n", 2, 1),
        (f"{FOLDER}/evidence/deep/log.txt", f"line\n  {TOKEN}\n", 2, 3),
        (HISTORY, RAISED + NOTE + f"  evidence: [{{url: 'https://x.example/{TOKEN}', label: x}}]\n", 11, 39),
        (HISTORY, RAISED + NOTE + f"  evidence: [{{url: 'https://x.example/', label: {TOKEN}}}]\n", 11, 49),
        ("runbooks/x.md", f"# Restart\n\nUse {TOKEN}.\n", 3, 5),
        ("problems/x.md", f"---\ntitle: x\n---\nUse {TOKEN}.\n", 4, 5),
        ("site/docs/about.md", f"Use {TOKEN}.\n", 1, 5),
        ("comms/public/initial.md", f"Use {TOKEN}.\n", 1, 5),
    ],
)
def test_it_is_found_in_every_text(tmp_path: Path, path: str, text: str, line: int, column: int) -> None:
    found = [p for p in checked(records(tmp_path, {path: text})).problems if p.code == "secret"]

    assert [(p.path, p.line, p.column, p.severity) for p in found] == [(path, line, column, "error")]
    assert TOKEN not in f"{found[0].message}{found[0].hint}"


def test_a_picture_is_not_read_as_text(tmp_path: Path) -> None:
    root = records(tmp_path)
    (root / FOLDER / "evidence").mkdir()
    (root / FOLDER / "evidence/a.png").write_bytes(b"\x89PNG\0" + TOKEN.encode())

    assert checked(root).problems == ()
