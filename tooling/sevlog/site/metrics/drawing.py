"""Parts of a picture: elements, an axis, marks that differ in shape and color. Valid as XML and inline in HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zlib import crc32

from ..markup.html import Html, escape

WIDTH = 343
"""Units of a picture: the pixels that a phone of 375 leaves, so that text is never made smaller."""
LEFT, RIGHT = 8, 335

COLORS = ("#c2410c", "#2f7ac4", "#8b5cf6", "#4d8055", "#7d7461")
"""Each has a contrast of at least 3:1 to the page in the light and in the dark theme; a test computes it."""
BACKGROUNDS = ("#ffffff", "#1e2129")


def element(name: str, *children: str, **attributes: str | float | None) -> Html:
    """An SVG element. `class_` is class, `stroke_width` is stroke-width; None leaves an attribute out."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_number(value) if isinstance(value, int | float) else escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(child if isinstance(child, Html) else escape(child) for child in children)
    return Html(f"<{name}{words}>{inner}</{name}>" if children else f"<{name}{words}/>")


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def picture(height: float, name: str, parts: Iterable[str], *, key: str, standalone: bool = False) -> Html:
    """A picture with its accessible name. Its parts are hidden from screen readers: the table has the figures."""
    namespace = "http://www.w3.org/2000/svg" if standalone else None
    return element(
        "svg",
        Html(f"<style>{STANDALONE}</style>") if standalone else Html(""),
        element("g", *parts, aria_hidden="true", font_size=11, font_family="system-ui, sans-serif"),
        xmlns=namespace,
        viewBox=f"0 0 {WIDTH} {_number(height)}",
        role="img",
        aria_label=name,
        id=f"metrics-{key}",
        class_="metrics-picture",
    )


STANDALONE = (
    "svg{color:#1b1b1b;background:#ffffff}@media (prefers-color-scheme:dark){svg{color:#e8e8e8;background:#1e2129}}"
)


def text(x: float, y: float, words: str, anchor: str = "start", *, strong: bool = False) -> Html:
    """Words in the color of the text around the picture."""
    return element(
        "text", words, x=x, y=y, fill="currentColor", text_anchor=anchor, font_weight="600" if strong else None
    )


def line(x1: float, y1: float, x2: float, y2: float, *, width: float = 1, dashes: str | None = None) -> Html:
    """A line in the color of the text."""
    return element(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke="currentColor", stroke_width=width, stroke_dasharray=dashes
    )


def guide(x1: float, y1: float, x2: float, y2: float) -> Html:
    """A faint line of a grid, which says nothing by itself."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke="currentColor", stroke_width=1, stroke_opacity="0.2")


def mark(x: float, y: float, place: int, size: float = 4) -> Html:
    """A mark whose shape and color both belong to a place in a list: circle, square, triangle, diamond, cross."""
    color = COLORS[place % len(COLORS)]
    shape = place % len(COLORS)
    if shape == 0:
        return element("circle", cx=x, cy=y, r=size, fill=color)
    if shape == 1:
        return element("rect", x=x - size * 0.9, y=y - size * 0.9, width=size * 1.8, height=size * 1.8, fill=color)
    path = {
        2: f"M{_number(x)} {_number(y - size)}l{_number(size)} {_number(size * 1.9)}h{_number(-2 * size)}z",
        3: f"M{_number(x)} {_number(y - size * 1.2)}l{_number(size)} {_number(size * 1.2)}l{_number(-size)} "
        f"{_number(size * 1.2)}l{_number(-size)} {_number(-size * 1.2)}z",
        4: f"M{_number(x - size)} {_number(y - size)}l{_number(2 * size)} {_number(2 * size)}m0 {_number(-2 * size)}"
        f"l{_number(-2 * size)} {_number(2 * size)}",
    }[shape]
    if shape == 4:
        return element("path", d=path, fill="none", stroke=color, stroke_width=2.5)
    return element("path", d=path, fill=color)


def patterns(key: str) -> Html:
    """Fills that differ in pattern besides color. key: of the picture, so that ids are unique on a page."""
    found = []
    for place, color in enumerate(COLORS):
        strokes = {
            1: element("path", d="M0 6L6 0M-1 1L1 -1M5 7L7 5", stroke="#ffffff", stroke_width=1.4),
            2: element("circle", cx=3, cy=3, r=1.4, fill="#ffffff"),
            3: element("path", d="M0 3H6", stroke="#ffffff", stroke_width=1.6),
            4: element("path", d="M3 0V6", stroke="#ffffff", stroke_width=1.6),
        }
        ground = element("rect", width=6, height=6, fill=color)
        found.append(
            element(
                "pattern",
                ground,
                *([strokes[place]] if place in strokes else []),
                id=f"metrics-{key}-{place}",
                width=6,
                height=6,
                patternUnits="userSpaceOnUse",
            )
        )
    return element("defs", *found)


def block(key: str, place: int, x: float, y: float, width: float, height: float) -> Html:
    """A part of a bar, with the pattern and the outline of its place in the list."""
    at = place % len(COLORS)
    return element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill=f"url(#metrics-{key}-{at})",
        stroke=COLORS[at],
        stroke_width=1,
    )


def legend(y: float, names: Sequence[str], sample: str, key: str) -> tuple[list[Html], float]:
    """A line for the names with their marks or fills, wrapped; and where it ends. sample: mark or block."""
    parts: list[Html] = []
    x = float(LEFT)
    for place, name in enumerate(names):
        room = 18 + 6.4 * len(name) + 8
        if x + room > RIGHT and x > LEFT:
            x, y = float(LEFT), y + 17
        parts.append(mark(x + 5, y - 4, place) if sample == "mark" else block(key, place, x, y - 9, 11, 10))
        parts.append(text(x + 16, y, name))
        x += room
    return parts, y + 8


def jitter(word: str, most: float) -> float:
    """A shift from -most to most that is always the same for a word."""
    return (crc32(word.encode()) % 1001 / 500 - 1) * most


def steps(most: int) -> list[int]:
    """Round numbers for an axis from 0 to at least `most`: five at the most."""
    size = next(size for power in range(12) for size in (10**power, 2 * 10**power, 5 * 10**power) if size * 4 >= most)
    return list(range(0, (max(most, 1) + size - 1) // size * size + 1, size))
