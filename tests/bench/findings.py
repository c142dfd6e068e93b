"""`check` of one record with N findings, against the same record without any.

python -m bench.findings [FINDINGS] [ROUNDS]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.measure import SEVLOG, Cost, compare, process

CONFIG = 'schema: 1\npage: {name: A, url: "https://a.example"}\ncomponents: [{key: web, name: Web}]\n'
CARD = "schema: 1\ntitle: X\nkind: incident\nsummary: y\ndetection: {source: monitoring}\n"
RAISED = (
    "- {kind: raised, at: 2026-03-01T09:00:00Z, by: ana, severity: SEV3, priority: P3, "
    "components: {web: partial_outage}}\n"
)
START = datetime(2026, 3, 1, 10, tzinfo=UTC)
KINDS = {
    "without findings": "- kind: note\n  at: {at}\n  by: ana\n  text: note {n}\n",
    "each by somebody who left": "- kind: note\n  at: {at}\n  by: gone\n  text: note {n}\n",
    "each with the same id": "- kind: note\n  at: {at}\n  by: ana\n  id: same\n  text: note {n}\n",
}


def make(folder: Path, row: str, count: int) -> Path:
    """A repository with one incident of so many notes."""
    timeline = folder / "incidents/2026/2026-03-01-x/timeline"
    timeline.mkdir(parents=True)
    (folder / "sevlog.yaml").write_text(CONFIG, "utf-8")
    (folder / "oncall.yaml").write_text("schema: 1\npeople: [{key: ana, name: Ana}]\n", "utf-8")
    (timeline.parent / "incident.yaml").write_text(CARD, "utf-8")
    rows = (row.format(at=f"{START + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ}", n=n) for n in range(count))
    (timeline / "history.yaml").write_text(RAISED + "".join(rows), "utf-8")
    return folder


def checked(folder: Path) -> Cost:
    """`check` of all of it; findings are what it is for."""
    return process("sh", "-c", f"'{SEVLOG}' check --no-cache; test $? -le 1", cwd=folder)


def main(count: int = 3000, rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as place:
        ways: list[tuple[str, Callable[[], object]]] = [
            (name, partial(checked, make(Path(place) / str(number), row, count)))
            for number, (name, row) in enumerate(KINDS.items())
        ]
        compare(f"check of one record with {count:,} entries", ways[0], *ways[1:], rounds=rounds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
