"""Several clones that send entries at once through one bare remote, against the same entries one clone after the other.

python -m bench.pushes [CLONES ENTRIES INCIDENTS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.generator import cached
from bench.measure import SEVLOG, process


def main(clones: int = 6, entries: int = 15, incidents: int = 100) -> None:
    source = cached(incidents, live=1)
    live = max(path.parent for path in (source / "incidents").glob("*/*/incident.yaml")).name
    took: dict[str, float] = {}
    print(f"\n{clones} clones x {entries} entries through one remote, {incidents:,} incidents")
    for way in ("one after the other", "at once"):
        with tempfile.TemporaryDirectory(dir=source.parent) as spare:
            hub, folders = _team(Path(spare), source, clones)
            started = time.perf_counter()
            with ThreadPoolExecutor(1 if way == "one after the other" else clones) as people:
                for done in [people.submit(_record, folder, live, entries) for folder in folders]:
                    done.result()
            took[way] = time.perf_counter() - started
            stored, doubled, late = _stored(hub, folders, live)
            rate = took[way] / took["one after the other"]
            print(
                f"{took[way]:8.1f} s {rate:6.2f}x  {way}: {clones * entries} sent, {stored} stored, {doubled} doubled, "
                f"{late} sent by a later `sync`"
            )


def _team(folder: Path, source: Path, clones: int) -> tuple[Path, list[Path]]:
    """A bare remote with the archive, and clones of it."""
    hub = folder / "hub.git"
    process("git", "clone", "--quiet", "--bare", source, hub)
    folders = [folder / f"p{number}" for number in range(clones)]
    for place in folders:
        process("git", "clone", "--quiet", hub, place)
    return hub, folders


def _record(folder: Path, live: str, entries: int) -> None:
    for number in range(entries):
        process(SEVLOG, "note", "-i", live, "--as", "ana", "--push", f"{folder.name} {number}", cwd=folder)


def _stored(hub: Path, folders: list[Path], live: str) -> tuple[int, int, int]:
    """Entries at the remote, those of them that are there twice, and those that only `sync` brought there."""
    before = len(_texts(hub, live))
    for folder in folders:
        process(SEVLOG, "sync", cwd=folder)
    texts = _texts(hub, live)
    process("git", "fsck", "--strict", cwd=hub)
    return len(texts), sum(texts.values()) - len(texts), len(texts) - before


def _texts(hub: Path, live: str) -> Counter[str]:
    """What the notes of this run say, with how often."""
    command = ["git", "grep", "-hE", "^text: p[0-9]+ [0-9]+$", "main", "--", f"*/{live}/timeline/*-note*.yaml"]
    found = subprocess.run(command, cwd=hub, capture_output=True, text=True, check=False)
    return Counter(found.stdout.splitlines())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
