"""The public site of an archive, built whole, against plain MkDocs Material with a Markdown page for each incident.

python -m bench.site_build [INCIDENTS] [ROUNDS]

Each build goes into a new folder: what was deleted a moment ago makes ext4 search long for room, and would be measured.
Memory is that of all processes of a build in sum, pages that they share counted once.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import yaml

from bench.generator import cached
from bench.measure import SEVLOG, Cost, compare, process

PLAIN = """\
site_name: Plain
docs_dir: docs
theme: {name: material, font: false}
plugins: []
not_in_nav: /incidents/
nav: [index.md]
"""


def plain_project(source: Path, folder: Path) -> Path:
    """The same incidents as Markdown pages of an ordinary MkDocs Material project, out of its navigation, no search."""
    docs = folder / "docs"
    (docs / "incidents").mkdir(parents=True)
    (docs / "index.md").write_text("# Status\n", "utf-8")
    (folder / "mkdocs.yml").write_text(PLAIN, "utf-8")
    for card in sorted((source / "incidents").glob("*/*/incident.yaml")):
        title = yaml.load(card.read_text("utf-8"), Loader=yaml.CSafeLoader)["title"]
        entries = yaml.load((card.parent / "timeline/history.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        updates = "".join(f"## {e['phase']} {e['at']}\n\n{e['text']}\n\n" for e in entries if e["kind"] == "update")
        report = card.parent / "postmortem.public.md"
        updates += report.read_text("utf-8") if report.exists() else ""
        (docs / f"incidents/{card.parent.name}.md").write_text(f"# {title}\n\n{updates}", "utf-8")
    return folder


def in_sum(build: Callable[[], Cost]) -> Cost:
    """The cost of a build, with the most memory that its processes had together."""
    peak, over = 0.0, Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.1):
            peak = max(peak, sum(_megabytes(process) for process in _below(os.getpid())))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        return Cost(build().cpu, peak)
    finally:
        over.set()
        watcher.join()


def _below(process: int) -> Iterator[int]:
    """The processes that this one and its children started."""
    with suppress(OSError):
        for task in sorted(Path(f"/proc/{process}/task").iterdir()):
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from _below(child)


def _megabytes(process: int) -> float:
    """Its proportional share: of a page that two processes have, each is charged half."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def main(count: int = 1000, rounds: int = 3) -> None:
    source = cached(count)
    with tempfile.TemporaryDirectory(dir=source.parent) as spare:
        plain = plain_project(source, Path(spare) / "plain")
        mkdocs, numbers = SEVLOG.with_name("mkdocs"), itertools.count()

        def theirs() -> Cost:
            return process(mkdocs, "build", "-q", "-f", plain / "mkdocs.yml", "-d", f"{spare}/{next(numbers)}")

        def ours() -> Cost:
            return process(SEVLOG, "site", "build", "--repo", source, "--out", f"{spare}/{next(numbers)}")

        compare(
            f"the public site of {count:,} incidents, full",
            ("plain MkDocs Material", lambda: in_sum(theirs)),
            ("sevlog site build", lambda: in_sum(ours)),
            rounds=rounds,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
