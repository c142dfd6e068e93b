"""Completion among N incidents, whole process, against importing click alone.

python -m bench.completion [INCIDENTS] [ROUNDS]
"""

from __future__ import annotations

import sys
from functools import partial

from bench.generator import cached
from bench.measure import SEVLOG, Cost, compare, process

LINES = {
    "an id, by a part of it": "sevlog note -i {id}",
    "an id, nothing typed yet": "sevlog note -i ",
    "an id, by its year": "sevlog show 20",
    "a component": "sevlog impact che",
    "a command": "sevlog p",
}


def main(count: int = 1000, rounds: int = 15) -> None:
    folder = cached(count, live=1)
    process(SEVLOG, "board", cwd=folder)  # as anybody does first: whatever is kept between commands is there
    newest = max(path.name for path in (folder / "incidents").glob("*/*"))

    def tab(line: str) -> Cost:
        asked = {"_SEVLOG_COMPLETE": "zsh_complete", "COMP_LINE": line.format(id=newest[-4:])}
        return process(SEVLOG, cwd=folder, environment=asked)

    compare(
        f"completion among {count:,} incidents",
        ('python -c "import click"', lambda: process(sys.executable, "-c", "import click")),
        *((name, partial(tab, line)) for name, line in LINES.items()),
        rounds=rounds,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
