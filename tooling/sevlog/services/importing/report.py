"""The report of an import, in `imports/`: the repairs, and each row that was left out, kept unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from ...adapters.importers.base import ImportBatch, Quarantined, Repair
from ...errors import InvalidRecord
from ...stores import layout

FOLDER = "imports"


class Findings(Struct, frozen=True, kw_only=True):
    """What a person should look at after an import. of_incidents: False for rows of oncall.yaml."""

    repairs: tuple[Repair, ...]
    quarantined: tuple[Quarantined, ...]
    notices: tuple[str, ...]
    of_incidents: bool = True

    @property
    def worth_a_report(self) -> bool:
        """Whether anything was repaired or left out."""
        return bool(self.repairs or self.quarantined)


class _Kept(Struct):
    """The part of a report that later imports read."""

    quarantined: list[Quarantined] = []


def reported(root: Path) -> set[tuple[str, str]]:
    """Id and reason of each row that an earlier report keeps. Raises InvalidRecord for a report that cannot be read."""
    found = set()
    for path in sorted((root / FOLDER).glob("*.json")):
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
        except msgspec.DecodeError as error:
            raise InvalidRecord(
                f"{FOLDER}/{path.name} is not an import report ({error})", "move it to another folder"
            ) from None
        found |= {(row.id, row.reason) for row in kept.quarantined}
    return found


def report_files(
    root: Path, batch: ImportBatch, findings: Findings, names: Mapping[str, str], now: datetime
) -> tuple[str, dict[str, bytes]]:
    """The path of the report for people, and the files of both. `names`: our id of each incident, by the source's."""
    stem, number = f"{FOLDER}/{now:%Y-%m-%d}-{batch.system}", 1
    base = stem
    while any((root / f"{base}{ending}").exists() for ending in (".md", ".json")):
        number += 1
        base = f"{stem}-{number}"
    document = {
        "schema": "1",
        "system": batch.system,
        "source": _named(batch.label),
        "repaired": [{"id": r.id, "incident": names.get(r.id), "what": r.what} for r in findings.repairs],
        "quarantined": findings.quarantined,
        "notices": findings.notices,
    }
    data = msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
    return f"{base}.md", {f"{base}.md": _page(batch, findings, names, base).encode(), f"{base}.json": data}


def _named(label: str) -> str:
    """An address as it is; of a path only its end, which says nothing about the machine."""
    return label if label.startswith(("https://", "http://")) else Path(label).name


def _page(batch: ImportBatch, findings: Findings, names: Mapping[str, str], base: str) -> str:
    lines = [f"# Import from {batch.system}: {_named(batch.label)}", ""]
    mended, left = len(findings.repairs), len(findings.quarantined)
    if findings.of_incidents:
        lines += [
            f"Impossible values that were repaired: {mended}. Rows that were left out: {left}. Each repair of an "
            "incident is a note in its timeline, and stands under `origin.repairs` in its card.",
            "",
        ]
    else:
        lines += [f"Values that are different here: {mended}. Rows that were left out: {left}.", ""]
    if findings.quarantined:
        file = f"{Path(base).name}.json"
        lines += ["## In quarantine", "", f"The rows themselves are in [{file}]({file}).", ""]
        lines += [f"- `{q.id}`: {_line(q.reason)}" for q in findings.quarantined]
        lines.append("")
    if findings.repairs:
        lines += ["## Repaired", ""]
        lines += [f"- {_place(r, names)}: {_line(r.what)}" for r in findings.repairs]
        lines.append("")
    if findings.notices:
        lines += ["## Notices", "", *(f"- {_line(notice)}" for notice in findings.notices), ""]
    return "\n".join(lines)


def _place(repair: Repair, names: Mapping[str, str]) -> str:
    name = names.get(repair.id)
    return f"[{name}](../{layout.folder_of(name)}/{layout.CARD_FILE})" if name else f"`{repair.id}`"


def _line(text: str) -> str:
    return " ".join(text.split())
