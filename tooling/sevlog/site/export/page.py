"""A postmortem as one HTML file: no script, no request, a style for screens in light and dark, and one for paper."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence

from ...services.learning.postmortems.export import RESTRICTED, Exportable, Picture, picture_name
from ..markup.html import EMPTY, Html, is_outside, join, outside, tag
from ..markup.tree import Node
from .document import Block, anchor, document, task_of
from .page_style import STYLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_SAME = {"paragraph": "p", "blockquote": "blockquote", "em": "em", "strong": "strong", "s": "s"}
_LABELS = {"timeline": "Timeline", "participants": "Participants", "metrics": "Metrics", "actions": "Action items"}


def html_document(source: Exportable) -> str:
    """The whole file."""
    found = document(source)
    writer = _Writer(source.pictures, found.shift)
    facts = [
        join(tag("dt", name), tag("dd", tag("span", text, class_=_level(source)) if name == "Severity" else text))
        for name, text in source.facts
    ]
    body = join(
        tag(
            "header",
            tag("p", "Postmortem", class_="kicker"),
            tag("h1", found.title),
            tag("p", RESTRICTED, class_="warning", role="note") if source.restricted else None,
            tag("dl", *facts),
        ),
        *[writer.block(block) for block in found.blocks],
    )
    head = join(
        Html('<meta charset="utf-8">'),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        Html('<meta name="robots" content="noindex">'),
        tag("title", f"Postmortem: {found.title}"),
        Html(f"<style>{STYLE}</style>"),
    )
    return f'<!doctype html>\n<html lang="en">\n{tag("head", head)}\n{tag("body", tag("main", body))}\n</html>\n'


def _level(source: Exportable) -> str:
    return f"level level-{min(source.rank, 3)}"


class _Writer:
    """Nodes as HTML. The parser keeps every address: only web and mail addresses become links here."""

    def __init__(self, pictures: Mapping[str, Picture], shift: int) -> None:
        self._pictures, self._shift = pictures, shift
        self._anchors: Counter[str] = Counter()

    def block(self, block: Block) -> Html:
        """A block of the record in a section of its own; the words of the authors as they are."""
        inner = self._all(block.nodes)
        return tag("div", inner, class_=f"block {block.name}") if block.name in _LABELS else inner

    def _all(self, nodes: Sequence[Node]) -> Html:
        return join(*[self._one(node) for node in nodes])

    def _one(self, node: Node) -> Html:
        kind = node.kind
        inner = self._all(node.children)
        if kind == "text":
            return join(node.text)
        if kind == "paragraph" and node.tight:
            return inner
        if kind in _SAME:
            return join(tag(_SAME[kind], inner), "\n" if kind == "paragraph" else None)
        if kind == "heading":
            return join("\n", tag(f"h{min(node.level - self._shift + 1, 6)}", inner, id=self._name(node.words)), "\n")
        if kind == "table":
            return self._table(node)
        if kind == "code":
            return tag("pre", tag("code", node.text), tabindex="0")
        if kind == "literal":
            return tag("code", node.text)
        if kind in ("break", "hr"):
            return tag("br" if kind == "break" else "hr")
        if kind == "link":
            return self._link(node, inner)
        return self._picture(node) if kind == "image" else self._list(node)

    def _table(self, node: Node) -> Html:
        """A table that scrolls by itself. Each cell names its column, for narrow screens."""
        rows = [row for part in node.children for row in part.children]
        names = [cell.words for cell in rows[0].children]
        head, *body = [
            tag("tr", *[self._cell(cell, name) for cell, name in zip(row.children, names, strict=False)])
            for row in rows
        ]
        inner = join(tag("thead", head) if any(names) else None, tag("tbody", join(*body)))
        return tag("div", tag("table", inner), class_="wide", tabindex="0", role="region", aria_label="Table")

    def _cell(self, cell: Node, name: str) -> Html:
        side = "end" if cell.info == "right" else None
        label = name if cell.kind == "td" and name and cell.children else None
        return tag(cell.kind, self._all(cell.children), class_=side, data_label=label)

    def _name(self, heading: str) -> str | None:
        name = anchor(heading)
        self._anchors[name] += 1
        return (f"{name}-{self._anchors[name]}" if self._anchors[name] > 1 else name) or None

    def _link(self, node: Node, inner: Html) -> Html:
        if node.address.startswith("#"):
            return tag("a", inner, href=node.address)
        if is_outside(node.address):
            return outside(node.address, inner, class_="bare" if node.words == node.address else None)
        return join(inner, f" ({node.address})") if node.address not in node.words else inner

    def _picture(self, node: Node) -> Html:
        found = self._pictures.get(picture_name(node.address) or "")
        if found is None:
            said = node.text or node.address
            return outside(node.address, said) if is_outside(node.address) else tag("em", f"{said} ({node.address})")
        data = base64.b64encode(found.data).decode()
        return tag("img", src=f"data:{found.kind};base64,{data}", alt=node.text)

    def _list(self, node: Node) -> Html:
        if node.kind not in ("bullet_list", "ordered_list"):
            return EMPTY
        items = []
        for item in node.children:
            task = task_of(item)
            mark = (
                tag("span", "☑" if task[0] else "☐", role="img", aria_label="done" if task[0] else "open")
                if task
                else EMPTY
            )
            inner = self._all((task[1] if task else item).children)
            items.append(tag("li", join(mark, " ", inner) if task else inner, class_="task" if task else None))
        start = node.info if node.kind == "ordered_list" and node.info else None
        return tag("ol" if node.kind == "ordered_list" else "ul", *items, start=start)
