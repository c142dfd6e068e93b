"""Markdown as a tree of blocks and words, for writers of other formats than the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from .markdown import parsed

_NAMES = {"softbreak": "break", "hardbreak": "break", "fence": "code", "code_block": "code", "code_inline": "literal"}


class Node(Struct, frozen=True):
    """A block or a piece of text.

    kind: paragraph, heading, bullet_list, ordered_list, list_item, blockquote, table, thead, tbody, tr, th, td, code,
    hr, text, break, literal, em, strong, s, link or image. level: of a heading. address: of a link or an image.
    info: the language of code, the start of a list, the alignment of a cell. tight: a paragraph without room around it.
    """

    kind: str
    text: str = ""
    children: tuple[Node, ...] = ()
    level: int = 0
    address: str = ""
    info: str = ""
    tight: bool = False

    @property
    def words(self) -> str:
        """Its text without marks."""
        if self.kind == "break":
            return " "
        return self.text + "".join(child.words for child in self.children)


def trees(texts: Sequence[str]) -> list[tuple[Node, ...]]:
    """The blocks of each part of one document. A definition of a link counts in all of them."""
    definitions: dict[str, Any] = {}
    parsed("\n\n".join(texts), definitions)
    return [tuple(_nodes(iter(parsed(text, definitions)))) for text in texts]


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """Every node, from top to bottom."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def _nodes(tokens: Iterator[Any]) -> Iterator[Node]:
    """The nodes until the end of the element that the tokens are in."""
    for token in tokens:
        if token.nesting == -1:
            return
        if token.type == "inline":
            yield from _nodes(iter(token.children or ()))
        elif token.nesting == 1:
            yield _element(token, tuple(_nodes(tokens)))
        else:
            yield _leaf(token)


def _element(token: Any, children: tuple[Node, ...]) -> Node:
    kind = token.type.removesuffix("_open")
    return Node(
        kind,
        children=children,
        level=int(token.tag[1]) if kind == "heading" else 0,
        address=str(token.attrs.get("href", "")),
        info=str(token.attrs.get("start", "")) or str(token.attrs.get("style", "")).removeprefix("text-align:"),
        tight=bool(token.hidden),
    )


def _leaf(token: Any) -> Node:
    kind = _NAMES.get(token.type, token.type)
    if kind == "image":
        return Node(kind, token.content, address=str(token.attrs.get("src", "")))
    if kind == "code":
        return Node(kind, token.content, info=(token.info.split() or [""])[0])
    return Node(kind, token.content if kind in ("text", "literal") else "")
