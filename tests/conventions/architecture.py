"""docs/architecture.svg: the packages of sevlog on their floors, drawn from the import graph.

An arrow points to a package that is imported. One that a chain of others implies is left out, and so are the arrows
from layer to layer: every layer imports from those below it.

`make architecture` draws it again; a test fails when it is out of step with the code.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

import grimp

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs/architecture.svg"
LAYERS = ("cli", "site", "services", "adapters", "stores", "model")
"""From top to bottom, as the contract `layers` in pyproject.toml has them."""

ABOUT = {
    "cli": "commands, output",
    "site": "pages, feeds, API",
    "services": "use cases",
    "adapters": "other systems",
    "stores": "files, YAML, git",
    "model": "pure rules",
}
_WIDE, _HIGH, _GAP_X, _GAP_Y, _LEFT, _TOP, _BAND = 132, 34, 22, 16, 150, 16, 26
_STYLE = """
  svg { --ink: #1c2430; --soft: #5b6675; --band: #f3f5f8; --box: #ffffff; --line: #aab4c2; background: #ffffff }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e7ebf1; --soft: #9aa6b6; --band: #1b222c; --box: #242d39; --line: #556274; background: #12171e }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--ink) }
  .soft { fill: var(--soft); font-size: 11px }
  .layer { font-weight: 600; font-size: 15px }
  .band { fill: var(--band) }
  .box { fill: var(--box); stroke: var(--line) }
  .arrow { fill: none; stroke: var(--line); stroke-width: 1.3; marker-end: url(#head) }
  marker path { fill: var(--line) }
"""


_SINGLE = "(modules)"


class Room(NamedTuple):
    """A package or a module directly below a layer. floor: 0 for one that imports none of its neighbors."""

    name: str
    modules: int
    floor: int
    uses: frozenset[str]


def rooms(graph: grimp.ImportGraph, layer: str) -> list[Room]:
    """The rooms of a layer. Single modules are one room together, named after the layer."""
    members: dict[str, set[str]] = {}
    for module in graph.modules:
        parts = module.split(".")
        if parts[:2] == ["sevlog", layer] and len(parts) > 2:
            is_package = bool(graph.find_children(".".join(parts[:3])))
            members.setdefault(parts[2] if is_package else "", set()).add(module)
    owner = {module: name for name, modules in members.items() for module in modules}
    uses = {
        name: {
            owner[used]
            for module in modules
            for used in graph.find_modules_directly_imported_by(module)
            if owner.get(used, name) != name
        }
        for name, modules in members.items()
    }
    found: dict[str, int] = {}

    def floor(name: str) -> int:
        if name not in found:
            found[name] = 0  # single modules may be used and use: they are drawn on the lowest floor that fits
            found[name] = max((floor(used) + 1 for used in uses[name] if used), default=0) if name else 0
        return found[name]

    packages = {name: used - {""} for name, used in uses.items()}
    return [
        Room(
            name or _SINGLE,
            sum(not graph.find_children(module) for module in members[name]),
            floor(name),
            _not_implied(name, packages) if name else frozenset(),
        )
        for name in sorted(members)
    ]


def _not_implied(name: str, uses: dict[str, set[str]]) -> frozenset[str]:
    """What a package uses, without what it also reaches through another one."""

    def reach(start: str) -> set[str]:
        found = set(uses[start])
        for used in uses[start]:
            found |= reach(used)
        return found

    return frozenset(used for used in uses[name] if not any(used in reach(other) for other in uses[name]))


def drawn() -> str:
    """The picture."""
    graph = grimp.build_graph("sevlog", cache_dir=None)
    parts: list[str] = []
    y, width = _TOP, 0
    for layer in LAYERS:
        found = rooms(graph, layer)
        floors = max(room.floor for room in found) + 1
        columns = [[room for room in found if room.floor == floor] for floor in range(floors)]
        height = _BAND + max(len(column) for column in columns) * (_HIGH + _GAP_Y)
        place = {
            room.name: (_LEFT + (floors - 1 - floor) * (_WIDE + _GAP_X), y + _BAND // 2 + row * (_HIGH + _GAP_Y))
            for floor, column in enumerate(columns)
            for row, room in enumerate(column)
        }
        width = max(width, _LEFT + floors * (_WIDE + _GAP_X))
        parts.append(f'<rect class="band" x="8" y="{y}" width="WIDTH" height="{height - 6}" rx="8"/>')
        parts.append(f'<text class="layer" x="22" y="{y + 28}">{layer}</text>')
        parts.append(f'<text class="soft" x="22" y="{y + 46}">{ABOUT[layer]}</text>')
        parts += [_arrow(place[room.name], place[used]) for room in found for used in sorted(room.uses)]
        parts += [_box(room, *place[room.name]) for room in found]
        y += height
    body = "\n".join(parts).replace("WIDTH", str(width - 8))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 8} {y + 8}" role="img" '
        'aria-label="The packages of sevlog: each layer imports only from the layers below it">'
    )
    marker = (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>'
    )
    return f"{head}\n<style>{_STYLE}</style>\n{marker}\n{body}\n</svg>\n"


def _box(room: Room, x: int, y: int) -> str:
    return (
        f'<rect class="box" x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="5"/>'
        f'<text x="{x + 10}" y="{y + 21}">{escape(room.name)}</text>'
        f'<text class="soft" x="{x + _WIDE - 10}" y="{y + 21}" text-anchor="end">{room.modules}</text>'
    )


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = start, end
    x1, y1, y2 = x1 + _WIDE, y1 + _HIGH // 2, y2 + _HIGH // 2
    bend = max(12, (x2 - x1) // 2)
    return f'<path class="arrow" d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(), "utf-8")
