"""Single keys of files that people also edit: a card, or the front matter of a postmortem; the rest stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import InvalidRecord
from ..markdown import frontmatter
from ..yaml import io as yaml_io


def set_key(text: str, key: str, value: object, *, after: str) -> str:
    """The YAML mapping `text` with one top-level key set: in its place, or as a new one behind the key `after`.

    Of a mapping that is there, only the keys of `value` change; its other keys and its comments stay.
    value: plain data. Raises InvalidRecord where the text cannot be read or is not a mapping.
    """
    return _with_keys(text, {key: value}, after)


def keys(text: str) -> dict[str, Any]:
    """The keys of the YAML mapping `text` with their values, in order; none where it is not a mapping."""
    try:
        there = yaml_io.read(text.encode())
    except yaml_io.YamlError:
        return {}
    return dict(there) if isinstance(there, dict) else {}


def key_before(text: str, key: str, order: Sequence[str]) -> str:
    """The key of the YAML mapping `text` behind which a new `key` stands when keys are in this order (as fmt has it).

    order: all keys that the file may have. Where none of those before it is there, the first of them.
    """
    there = keys(text)
    before = [name for name in order[: order.index(key)] if name in there]
    return before[-1] if before else order[0]


def set_front_matter(text: str, values: Mapping[str, object]) -> str:
    """A Markdown file with keys of its front matter set; a value of None takes the key away. The body stays as it is.

    Raises InvalidRecord where the file has no front matter that can be read.
    """
    try:
        matter, _ = frontmatter.split(text.encode())
    except frontmatter.FrontMatterError as error:
        raise InvalidRecord(str(error)) from None
    if not matter:
        raise InvalidRecord("the file has no front matter")
    old = matter.decode()
    start = text.index(old, text.index("\n") + 1)
    return text[:start] + _with_keys(old, values, None) + text[start + len(old) :]


def _with_keys(text: str, values: Mapping[str, object], after: str | None) -> str:
    def change(document: Any) -> None:
        if not isinstance(document, dict):
            raise InvalidRecord("the file is not a mapping of keys")
        for key, value in values.items():
            if value is None:
                document.pop(key, None)
            elif isinstance(value, dict) and isinstance(document.get(key), dict):
                _update(document[key], value)
            elif key in document:
                document[key] = value
            else:
                names = list(document)
                place = names.index(after) + 1 if after in names else len(names)
                document.insert(place, key, value)  # type: ignore[attr-defined]  # ruamel's mapping keeps an order

    return yaml_io.amend(text, change)


def _update(there: Any, value: Mapping[str, object]) -> None:
    """Set keys of a mapping of the document; a new one stands where `value` has it."""
    for place, (name, one) in enumerate(value.items()):
        if name in there:
            there[name] = one
        else:
            there.insert(min(place, len(there)), name, one)
