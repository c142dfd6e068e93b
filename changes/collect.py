"""Collects the files of changes/ into CHANGELOG.md.  python changes/collect.py [VERSION DATE]"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CHANGELOG = FOLDER.parent / "CHANGELOG.md"
HEADINGS = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "removed": "Removed"}
MARK = "<!-- releases, newest first -->\n"


def fragments(folder: Path) -> dict[str, list[Path]]:
    """The files by kind. Raises ValueError for one whose name or text is out of shape."""
    found: dict[str, list[Path]] = {kind: [] for kind in HEADINGS}
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        kind = path.name.removesuffix(".md").rpartition(".")[2]
        if kind not in found or path.name.count(".") != 2:
            raise ValueError(f"{path.name}: not <topic>.<kind>.md with a kind of {', '.join(HEADINGS)}")
        if not path.read_text("utf-8").strip():
            raise ValueError(f"{path.name}: empty")
        found[kind].append(path)
    return found


def release_notes(folder: Path) -> str:
    """The fragments as Markdown, one list for each kind that has any."""
    parts = []
    for kind, paths in fragments(folder).items():
        if paths:
            lines = [" ".join(path.read_text("utf-8").split()) for path in paths]
            parts.append(f"### {HEADINGS[kind]}\n\n" + "".join(f"- {line}\n" for line in lines))
    return "\n".join(parts)


def release(folder: Path, changelog: Path, version: str, on: str) -> None:
    """Put the notes at the top of the changelog and remove the fragments."""
    text = changelog.read_text("utf-8")
    if MARK not in text:
        raise ValueError(f"{changelog.name} has no line {MARK.strip()}")
    notes = f"{MARK}\n## {version} ({on})\n\n{release_notes(folder)}"
    changelog.write_text(text.replace(MARK, notes, 1), "utf-8")
    for paths in fragments(folder).values():
        for path in paths:
            path.unlink()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        release(FOLDER, CHANGELOG, sys.argv[1], sys.argv[2])
    else:
        sys.stdout.write(release_notes(FOLDER))
