"""What the documents of a postmortem have in common: its title, its blocks, and the level of its headings."""

from __future__ import annotations

import re

from msgspec import Struct

from ...services.learning.postmortems.export import RESTRICTED, Exportable
from ..markup.tree import Node, trees, walk

TASK = re.compile(r"\[( |x|X)\] ")


class Block(Struct, frozen=True):
    """Blocks of text, and the marker they stand for (empty for the words of the authors)."""

    name: str
    nodes: tuple[Node, ...]


class Document(Struct, frozen=True):
    """A postmortem as a tree. shift: what to subtract from the level of a heading, so that the highest is 1."""

    title: str
    blocks: tuple[Block, ...]
    shift: int


def document(source: Exportable) -> Document:
    """The postmortem as a tree. A heading of the first level at the beginning is its title."""
    merged: list[tuple[str, str]] = []
    for part in source.parts:
        if merged and merged[-1][0] == part.block == "":
            merged[-1] = ("", merged[-1][1] + part.text)
        else:
            merged.append((part.block, part.text))
    found = [
        Block(name, nodes)
        for (name, _), nodes in zip(merged, trees([text for _, text in merged]), strict=True)
        if nodes
    ]
    title = source.title
    if found and found[0].nodes[0].kind == "heading" and found[0].nodes[0].level == 1:
        title = found[0].nodes[0].words
        found[0] = Block(found[0].name, found[0].nodes[1:])
    levels = [node.level for block in found for node in walk(block.nodes) if node.kind == "heading"]
    return Document(title, tuple(found), min(levels, default=1) - 1)


def anchor(heading: str) -> str:
    """The name of a heading in links: lower case, hyphens for spaces."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading.strip().lower()))


def task_of(item: Node) -> tuple[bool, Node] | None:
    """Whether an item of a list is done, and the item without its box; None if it is not a task."""
    first = item.children[0] if item.children else None
    text = first.children[0] if first and first.kind == "paragraph" and first.children else None
    match = TASK.match(text.text) if text and text.kind == "text" else None
    if match is None or first is None or text is None:
        return None
    rest = Node("text", text.text[match.end() :])
    paragraph = Node("paragraph", children=(rest, *first.children[1:]), tight=first.tight)
    return match[1] != " ", Node(item.kind, children=(paragraph, *item.children[1:]))


def markdown_document(source: Exportable) -> str:
    """The postmortem as one Markdown file. Pictures stay links to the evidence."""
    head, _, rest = source.text.partition("\n")
    title, body = (head, rest) if head.startswith("# ") else (f"# {source.title}", source.text)
    warning = f"> **{RESTRICTED}**\n\n" if source.restricted else ""
    rows = "\n".join(f"| {name} | {text.replace('|', chr(92) + '|')} |" for name, text in source.facts)
    return f"{title}\n\n{warning}| Fact | Value |\n|---|---|\n{rows}\n\n{body.strip()}\n"
