"""Values as YAML text: block style, keys in the order given, any text given back to the last character."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

_NUMBER_LIKE = re.compile(r"[-+]?[\d.][\d_.,:eExXoObBa-fA-F+-]*")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[-+]\d\d:\d\d)?)?", re.ASCII)
_RESERVED = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n"])
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
"""What is written as an escape: control characters, old line breaks, what is unseen or turns the direction."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_KEY = 200


def dump(value: object, schema: str | None = None) -> str:
    """The YAML text of dicts (text keys), lists or tuples, texts, numbers, booleans and None; ends with a line break.

    schema: address of the JSON Schema for editors; it becomes the first line.
    Raises TypeError for other values and keys, ValueError for a text with an unpaired surrogate.
    """
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    if isinstance(value, (Mapping, list, tuple)) and value:
        lines.extend(_block(value, ""))
    else:
        lines.append(_scalar(value))
    return "\n".join(lines) + "\n"


def _block(value: Mapping[object, object] | list[object] | tuple[object, ...], indent: str) -> Iterator[str]:
    """The lines of a non-empty mapping or list."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _item(f"{indent}{_key(key, indent)}:", inner, indent)
        return
    for inner in value:
        if isinstance(inner, (Mapping, list, tuple)) and inner:
            lines = _block(inner, indent + "  ")
            yield f"{indent}- {next(lines)[len(indent) + 2 :]}"
            yield from lines
        else:
            yield from _item(f"{indent}-", inner, indent)


def _key(key: object, indent: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text, not {type(key).__name__}")
    text = _line_text(key)
    return text if len(text) <= _LONGEST_KEY else f"? {text}\n{indent}"


def _item(head: str, value: object, indent: str) -> Iterator[str]:
    """What stands behind `key:` or `-`: on the same line where it fits, else below and indented by two."""
    if isinstance(value, (Mapping, list, tuple)) and value:
        yield head
        yield from _block(value, indent + "  ")
    elif isinstance(value, str) and "\n" in value and _fits_literal(value):
        body = value.rstrip("\n")
        width = "2" if body[0] in " \t\n" else ""
        chomping = "-" if body == value else "" if value == body + "\n" else "+"
        yield f"{head} |{width}{chomping}"
        for line in (value if chomping == "-" else value[:-1]).split("\n"):
            yield f"{indent}  {line}" if line else ""
    else:
        yield f"{head} {_scalar(value)}"


def _fits_literal(text: str) -> bool:
    """Whether a text of several lines fits a literal block unchanged."""
    return bool(text.strip()) and not _UNSEEN.search(text) and not _SURROGATE.search(text)


def _scalar(value: object) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _line_text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, (list, tuple)):
        return "[]"
    raise TypeError(f"{type(value).__name__} cannot be written as YAML")


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)


def _line_text(text: str) -> str:
    """A text on one line: bare where no YAML reader could take it for anything else, else in quotes."""
    if _reads_bare(text):
        return text
    if _SURROGATE.search(text):
        raise ValueError("the text contains an unpaired surrogate, which cannot be stored")
    if ('"' in text or "\\" in text) and not ("'" in text or "\n" in text or "\t" in text or _UNSEEN.search(text)):
        return f"'{text}'"
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _reads_bare(text: str) -> bool:
    """Whether the text needs no quotes in block style, in YAML 1.2 as well as in 1.1."""
    if _TIME.fullmatch(text):
        return True
    if not text or not (text[0].isalnum() or text[0] in "_/(") or text[-1] in " :":
        return False
    if ": " in text or " #" in text or "\n" in text or "\t" in text:
        return False
    if text.lower() in _RESERVED or _NUMBER_LIKE.fullmatch(text):
        return False
    return not _UNSEEN.search(text) and not _SURROGATE.search(text)
