"""Edits of a YAML file that leave comments, order, quotes and layout of the rest alone (ruamel's round trip)."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import LiteralScalarString, walk_tree

from ...errors import InvalidRecord

CANNOT = (
    "this part of the file cannot be changed without changing the rest",
    "use simpler YAML, or edit the file by hand",
)
_NESTED_LIST = re.compile(r"^( *)[^\s#-][^\n]*:[ ]*(?:#[^\n]*)?\n(?:[ ]*#[^\n]*\n|\n)*( *)- ", re.MULTILINE)


class _TimesAreTexts(VersionedResolver):
    """Resolves words as YAML 1.2 does: a time is a text."""

    def add_version_implicit_resolver(self, version: Any, tag: Any, regexp: Any, first: Any) -> None:
        if not str(tag).endswith(":timestamp"):
            super().add_version_implicit_resolver(version, tag, regexp, first)


def amended(text: str, value: object, change: Callable[[Any], None]) -> tuple[str, object]:
    """The text after `change` has altered the document in place, and the value that it has to have now.

    value: what the text says. Raises InvalidRecord where ruamel takes it for something else.
    """
    yaml = YAML(typ="rt")
    yaml.Resolver = _TimesAreTexts
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    nested = _NESTED_LIST.search(text)
    if nested is None or len(nested[2]) > len(nested[1]):
        yaml.indent(mapping=2, sequence=4, offset=2)
    windows = "\r\n" in text
    try:
        document = yaml.load(text.replace("\r\n", "\n"))
    except YAMLError:
        document = None
    if document != value:
        raise InvalidRecord(*CANNOT)
    change(document)
    walk_tree(document, {"\n": _literal})
    out = StringIO()
    yaml.dump(document, out)
    return (out.getvalue().replace("\n", "\r\n") if windows else out.getvalue()), document


def _literal(text: str) -> Any:
    """A new text of several lines as a literal block, where one can hold it."""
    fits = text.replace("\n", "").isprintable() and not text.startswith((" ", "\n")) and text.strip()
    return LiteralScalarString(text) if fits else text
