"""Start-up of the whole process: `sevlog --help` against importing click alone.  python -m bench.startup"""

from __future__ import annotations

import sys

from bench.measure import SEVLOG, compare, process


def main(rounds: int = 15) -> None:
    compare(
        "start-up",
        ('python -c "import click"', lambda: process(sys.executable, "-c", "import click")),
        ("sevlog --help", lambda: process(SEVLOG, "--help")),
        ("sevlog note --help", lambda: process(SEVLOG, "note", "--help")),
        rounds=rounds,
    )


if __name__ == "__main__":
    main()
