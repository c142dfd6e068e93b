"""Ratios between ways of doing the same: taken in one run, alternating, medians, the baseline first."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEVLOG = Path(sys.executable).with_name("sevlog")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As a user has it: Python keeps its byte code."""


@dataclass
class Way:
    """One way of doing it, with what each round took: seconds by the clock, seconds of CPU, and peak memory in MB."""

    name: str
    run: Callable[[], object]
    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: float = 0.0


@dataclass
class Cost:
    """What a process and its children cost: seconds of CPU, and the memory of the largest, in MB."""

    cpu: float
    peak: float


def process(*command: str | Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end, quietly. environment: what is told on top. Leaves with its words where it fails."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [*map(str, command)],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**ENVIRONMENT, **(environment or {})},
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            words = said.read().decode("utf-8", "replace")[-3000:]
            sys.exit(f"failed ({child.returncode}): {' '.join(map(str, command))}\n{words}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def compare(
    title: str, baseline: tuple[str, Callable[[], object]], *others: tuple[str, Callable[[], object]], rounds: int = 9
) -> None:
    """Time each way `rounds` times, alternating; print medians and their ratios to the baseline.

    A round before the first is thrown away: it fills the caches of all alike. CPU time is the better figure on a
    busy machine, the clock on a quiet one.
    """
    ways = [Way(*baseline), *(Way(*other) for other in others)]
    for number in range(rounds + 1):
        for way in ways:
            gc.collect()
            clock, cpu = time.perf_counter(), time.process_time()
            cost = way.run()
            clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
            if number:
                way.clock.append(clock)
                way.cpu.append(cost.cpu if isinstance(cost, Cost) else cpu)
                way.peak = max(way.peak, cost.peak if isinstance(cost, Cost) else 0.0)
    print(f"\n{title}  (median of {rounds}, alternating)\n      clock   ratio        CPU   ratio")
    base = ways[0]
    for way in ways:
        row = f"{_ms(way.clock)} ms {_ratio(way.clock, base.clock)} {_ms(way.cpu)} ms {_ratio(way.cpu, base.cpu)}"
        print(f"{row}  {way.name}" + (f"  ({way.peak:.0f} MB)" if way.peak else ""))


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:8.0f}"


def _ratio(these: list[float], those: list[float]) -> str:
    return f"{statistics.median(these) / (statistics.median(those) or 1e-9):6.2f}x"
