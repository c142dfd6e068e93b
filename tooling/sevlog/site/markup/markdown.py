"""Markdown from records to HTML that is safe to publish. All input is treated as hostile.

CommonMark with tables; documents have footnotes too. A line break in the text is one on the page; bare web addresses
become links. HTML is removed, images become links to them, and links can be http, https and mailto only. The parser
escapes and nh3 cleans its output again, so that one error in either is not enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from .html import Html, escape, is_outside, without_control

_TAGS = {
    "p",
    "a",
    "em",
    "strong",
    "ul",
    "ol",
    "li",
    "code",
    "pre",
    "blockquote",
    "br",
    "hr",
    "s",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    allowed_classes={"th": {"end"}, "td": {"end"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener nofollow",
    strip_comments=True,
)
_PICTURE = re.compile(r"(?:\.\./)*(?:[A-Za-z0-9~_-][A-Za-z0-9._~-]*/)*[0-9a-f]{16}\.(?:png|jpg)")
"""Addresses of pictures that the build wrote."""
_EVIDENCE = re.compile(r"evidence(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
_FOOTNOTE = re.compile(r"#?fn(?:ref)?[0-9]+(?::[0-9]+)?")


def _safe_attribute(tag: str, attribute: str, value: str) -> str | None:
    """Keeps ids, and addresses within the page, of footnotes alone."""
    if attribute == "src":
        return value if _PICTURE.fullmatch(value) else None
    if attribute not in ("id", "href") or _FOOTNOTE.fullmatch(value) is not None:
        return value
    return value if attribute == "href" and is_outside(value) else None


_DOCUMENT_CLEANER = nh3.Cleaner(
    tags={*_TAGS, "sup", "section", "img"},
    attributes={"a": {"href", "id"}, "ol": {"start"}, "li": {"id"}, "img": {"src", "alt", "width", "height"}},
    attribute_filter=_safe_attribute,
    allowed_classes={"th": {"end"}, "td": {"end"}, "section": {"footnotes"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener nofollow",
    strip_comments=True,
)
# Text without these characters is the same from the parser and as plain paragraphs; nine of ten updates are such text.
# First a set of special characters (a search takes a nanosecond per character) with unusual white space; then those
# that are special only at the start or the end of a line.
_special_character = re.compile(
    "[*_`\\[\\]<>#&!|~\\\\\x00-\x08\x09\x0b-\x0d\x0e-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
).search
_SPECIAL_START = r"(?:[ \-+=]|\d+[.)])"
_special_start = re.compile(_SPECIAL_START).match
_special_line = re.compile(rf"\n{_SPECIAL_START}|  \n").search
_PARAGRAPHS = re.compile(r"\n\n+")
_LINE_END = re.compile(r" ?\n")
_heading = re.compile(r"(#{1,6}) (\S(?:[^\n]*\S)?)").fullmatch
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,:;!?)\]}*_~]")
_DEPTH_LIMIT = 20
DOCUMENT = 2
"""The level of the highest heading of a document."""
_LONGEST = 100_000
"""Characters. A longer text is shown without markup, because some marks cost the parser 30 µs each."""


def update_html(text: str) -> Html:
    """The HTML of an update. Its headings become small ones, because the page has its own."""
    return _plain_paragraphs(text) if _is_plain(text) else _rendered(text, 4)


def _is_plain(text: str) -> bool:
    if _special_character(text) or _special_start(text) or "://" in text:
        return False
    return "\n" not in text or not _special_line(text)


class ImageAt(NamedTuple):
    """A picture of a document: its address, seen from the page, and its size in pixels."""

    address: str
    width: int
    height: int


def document_html(text: str, images: Mapping[str, ImageAt] | None = None) -> Html:
    """The HTML of a document, such as a postmortem. Its highest headings become the second level of the page.

    images: name in the text -> the picture; others become links.
    """
    if not images or len(text) > _LONGEST:
        return _rendered(text, DOCUMENT)
    rendered = _parser(DOCUMENT).render(without_control(text), {"images": images})
    return Html(_DOCUMENT_CLEANER.clean(rendered).strip())


def plain(text: str, limit: int = 200) -> str:
    """The plain text on one line, cut at a word, for descriptions and lists."""
    text = text[: 100 * limit]  # marks take more room than words, but not that much more
    if blocks := _plain_blocks(text):
        text = " ".join(part for _, part in blocks)
    else:
        text = nh3.clean(_render(text, DOCUMENT).replace("</li>\n<li>", "; ").replace("</td>\n<td>", ", "), tags=set())
        for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&")):
            text = text.replace(entity, character)
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 2].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + " …"


def _plain_paragraphs(text: str) -> Html:
    """The output of the parser for text without markup and special characters."""
    if "\n" not in text:
        stripped = text.strip()
        return Html(f"<p>{stripped}</p>" if stripped else "")
    paragraphs = (paragraph.strip() for paragraph in _PARAGRAPHS.split(text))
    return Html("\n".join("<p>" + _LINE_END.sub("<br>\n", part) + "</p>" for part in paragraphs if part))


def _rendered(text: str, highest: int) -> Html:
    return _prose(text, highest) or _render(text, highest)


def _prose(text: str, highest: int) -> Html:
    """The output of the parser for headings and plain paragraphs only; empty for other texts."""
    blocks = _plain_blocks(text)
    shift = highest - min((level for level, _ in blocks if level), default=highest)
    return Html(
        "\n".join(
            f"<h{min(level + shift, 6)}>{part}</h{min(level + shift, 6)}>" if level else _plain_paragraphs(part)
            for level, part in blocks
        )
    )


def _plain_blocks(text: str) -> list[tuple[int, str]]:
    """Headings with their level, and plain paragraphs with level 0; empty if the text has anything else."""
    blocks = []
    for block in _PARAGRAPHS.split(text.strip("\n")):
        heading = _heading(block)
        level, part = (len(heading[1]), heading[2]) if heading else (0, block)
        if not _is_plain(part):
            return []
        blocks.append((level, part))
    return blocks


@lru_cache(maxsize=4096)
def _render(text: str, highest: int) -> Html:
    """Parse, make the highest heading an `h{highest}`, and clean."""
    if len(text) > _LONGEST:
        return _plain_paragraphs(str(escape(text)))
    cleaner = _DOCUMENT_CLEANER if highest == DOCUMENT else _CLEANER
    return Html(cleaner.clean(_parser(highest).render(without_control(text))).strip())


def parsed(text: str, definitions: dict[str, Any]) -> list[Token]:
    """The tokens of a document, for writers of other formats. Every address is kept: the writer decides on links.

    definitions: those of links, which the parts of one text share; they are added to it.
    """
    return _whole_parser().parse(without_control(text), definitions)


@lru_cache(maxsize=1)
def _whole_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": _DEPTH_LIMIT})
    parser.enable(["table", "strikethrough"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.core.ruler.push("link_addresses", _link_addresses)
    return parser


@lru_cache(maxsize=4)
def _parser(highest: int) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": _DEPTH_LIMIT})
    parser.enable(["table", "strikethrough"])
    if highest == DOCUMENT:
        parser.use(footnote_plugin)
    parser.validateLink = _may_be_linked if highest == DOCUMENT else is_outside  # type: ignore[assignment,method-assign]
    parser.core.ruler.push("lower_headings", _lower_headings(highest))
    parser.core.ruler.push("aligned_columns", _aligned_columns)
    parser.core.ruler.push("link_addresses", _link_addresses)
    parser.core.ruler.push("images_to_links", _images_to_links)
    return parser


def _may_be_linked(address: str) -> bool:
    """Whether the parser may read this as an address; the rules after it drop other addresses."""
    return is_outside(address) or _EVIDENCE.fullmatch(address) is not None


def _lower_headings(highest: int) -> Callable[[StateCore], None]:
    def rule(state: StateCore) -> None:
        headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
        shift = highest - min((int(token.tag[1]) for token in headings), default=highest)
        for token in headings:
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"

    return rule


def _aligned_columns(state: StateCore) -> None:
    """A class instead of a style, which the page's content policy would block."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and token.attrs.pop("style", None) == "text-align:right":
            token.attrs["class"] = "end"


def _images_to_links(state: StateCore) -> None:
    images: Mapping[str, ImageAt] = state.env.get("images", {})
    for block in state.tokens:
        if block.type == "inline" and any(token.type == "image" for token in block.children or ()):
            block.children = [part for token in block.children or () for part in _without_image(token, images)]


def _without_image(token: Token, images: Mapping[str, ImageAt]) -> Sequence[Token]:
    if token.type != "image":
        return (token,)
    address = str(token.attrs.get("src", ""))
    if address in images:
        address, width, height = images[address]
        token.attrs.update(src=address, width=width, height=height)
        return (token,)
    return _linked(address, token.content or address)


def _link_addresses(state: StateCore) -> None:
    for block in state.tokens:
        if block.type != "inline" or "://" not in block.content:
            continue
        children: list[Token] = []
        depth = 0
        for token in block.children or ():
            depth += token.nesting if token.type in ("link_open", "link_close") else 0
            children.extend(_with_links(token) if token.type == "text" and depth == 0 else (token,))
        block.children = children


def _with_links(token: Token) -> list[Token]:
    found: list[Token] = []
    position = 0
    for match in _ADDRESS.finditer(token.content):
        if not is_outside(match[0]):
            continue
        found += [_text(token.content[position : match.start()]), *_linked(match[0], match[0])]
        position = match.end()
    return [*found, _text(token.content[position:])]


def _linked(address: str, text: str) -> tuple[Token, Token, Token]:
    return (
        Token(type="link_open", tag="a", nesting=1, attrs={"href": address}),
        _text(text),
        Token(type="link_close", tag="a", nesting=-1),
    )


def _text(content: str) -> Token:
    return Token(type="text", tag="", nesting=0, content=content)
