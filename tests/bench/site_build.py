"""The public site of an archive, built whole, against plain MkDocs Material with a Markdown page for each incident.

python -m bench.site_build [INCIDENTS] [ROUNDS]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

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
    for card in (source / "incidents").glob("*/*/incident.yaml"):
        title = yaml.load(card.read_text("utf-8"), Loader=yaml.CSafeLoader)["title"]
        entries = yaml.load((card.parent / "timeline/history.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        updates = "".join(f"## {e['phase']} {e['at']}\n\n{e['text']}\n\n" for e in entries if e["kind"] == "update")
        report = card.parent / "postmortem.public.md"
        updates += report.read_text("utf-8") if report.exists() else ""
        (docs / f"incidents/{card.parent.name}.md").write_text(f"# {title}\n\n{updates}", "utf-8")
    return folder


def main(count: int = 1000, rounds: int = 3) -> None:
    source = cached(count)
    with tempfile.TemporaryDirectory(dir=source.parent) as spare:
        plain = plain_project(source, Path(spare) / "plain")
        out = Path(spare) / "out"

        def ours() -> Cost:
            shutil.rmtree(out, ignore_errors=True)
            return process(SEVLOG, "site", "build", "--repo", source, "--out", out)

        mkdocs = SEVLOG.with_name("mkdocs")
        compare(
            f"the public site of {count:,} incidents, full",
            (
                "plain MkDocs Material",
                lambda: process(mkdocs, "build", "-q", "-f", plain / "mkdocs.yml", "-d", plain / "out"),
            ),
            ("sevlog site build", ours),
            rounds=rounds,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
