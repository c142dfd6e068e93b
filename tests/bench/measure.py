"""Ratios between ways of doing the same: taken in one run, alternating, medians, the baseline first."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEVLOG = Path(sys.executable).with_name("sevlog")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As a user has it: Python keeps its byte code."""


def process(*command: str | Path, cwd: Path | None = None) -> None:
    """Run a command to its end, quietly. Raises CalledProcessError with its words where it fails."""
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    if done.returncode:
        sys.exit(
            f"failed ({done.returncode}): {' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )


def compare(title: str, baseline: tuple[str, Callable[[], object]], *others: tuple[str, Callable[[], object]],
            rounds: int = 9) -> list[float]:  # fmt: skip
    """Time each way `rounds` times, alternating; print medians in milliseconds and ratios to the baseline.

    One round before the first is thrown away: it fills the caches of all alike.
    """
    ways: Sequence[tuple[str, Callable[[], object]]] = (baseline, *others)
    times: dict[str, list[float]] = {name: [] for name, _ in ways}
    for number in range(rounds + 1):
        for name, run in ways:
            gc.collect()
            start = time.perf_counter()
            run()
            if number:
                times[name].append(time.perf_counter() - start)
    print(f"\n{title}  (median of {rounds}, alternating)")
    base = statistics.median(times[baseline[0]])
    ratios = []
    for name, taken in times.items():
        middle = statistics.median(taken)
        ratios.append(middle / base)
        spread = f"{min(taken) * 1000:.0f}-{max(taken) * 1000:.0f}"
        print(f"  {middle * 1000:9.1f} ms  {middle / base:6.2f}x  {name}  ({spread})")
    return ratios[1:]
