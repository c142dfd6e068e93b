"""Builds HTML: elements from parts, escaped text, checked addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_must_escape = re.compile("[&<>\"'\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]").search
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_OUTSIDE = re.compile(r"^(?:https?://[^\s/]|mailto:[^\s])[^\s]*$", re.IGNORECASE)
_SCHEME = re.compile(r"^[^/?#]*:|^//|^[\\]|^\s")
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "use", "wbr"})


class Html(str):
    """Safe markup, which needs no escaping. Only the builders of this package create it."""

    __slots__ = ()


Child = str | int | None | Iterable[str | int | None]
EMPTY = Html("")


def without_control(text: str) -> str:
    """The text without the control characters that HTML and XML forbid."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def escape(text: str) -> Html:
    """Text as element content or attribute value. Characters that HTML forbids are left out."""
    if type(text) is Html:
        return text
    return Html(text if _must_escape(text) is None else _escaped(text))


def _escaped(text: str) -> str:
    text = without_control(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


def join(*children: Child) -> Html:
    """Children side by side: Html stays, text is escaped, None is left out, iterables are flattened one level."""
    return Html(_inner(children))


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Html:
    """An element. `class_` is class and `aria_label` is aria-label; None and False leave an attribute out."""
    head = name
    for key, value in attributes.items():
        if value is not None and value is not False:
            word = _word(key)
            head += f" {word}" if value is True else f' {word}="{_text(str(value))}"'
    if name in _VOID:
        return Html(f"<{head}>")
    return Html(f"<{head}>{_inner(children)}</{name}>")


@cache
def _word(key: str) -> str:
    """The attribute name for a keyword argument."""
    return key.rstrip("_").replace("_", "-")


def _inner(children: Iterable[Child]) -> str:
    """Fast path for a site with a million elements: frequent kinds of children come first."""
    parts: list[str] = []
    for child in children:
        kind = type(child)
        if kind is Html:
            parts.append(child)  # type: ignore[arg-type]
        elif child is None:
            continue
        elif isinstance(child, str):
            parts.append(child if _must_escape(child) is None else _escaped(child))
        elif isinstance(child, int):
            parts.append(str(child))
        else:
            parts += [_text(item if isinstance(item, str) else str(item)) for item in child if item is not None]
    return "".join(parts)


def _text(text: str) -> str:
    return text if type(text) is Html or _must_escape(text) is None else _escaped(text)


def is_outside(address: str | None) -> bool:
    """Whether an address from a record can be a link: http, https or mailto, without a hidden scheme."""
    return bool(address) and _OUTSIDE.match(address or "") is not None and address.isprintable()  # type: ignore[union-attr]


def outside(address: str | None, *children: Child, **attributes: str | int | bool | None) -> Html:
    """A link to an address from a record or the configuration; only its text if the address is unsafe."""
    if not is_outside(address):
        return join(*children)
    return tag("a", *children, href=address, rel="noopener", **attributes)


def link(to: str, *children: Child, **attributes: str | int | bool | None) -> Html:
    """A link within the site. Raises ValueError for other addresses."""
    if _SCHEME.search(to):
        raise ValueError(f"{to!r} is not a relative address")
    return tag("a", *children, href=to, **attributes)
