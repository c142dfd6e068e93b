"""The rule for broken files: conflict markers, no front matter, bytes that are not text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .context import Context
from .document import body_start
from .finding import Place

_CONFLICT = re.compile(r"^(?:<{7}|>{7}) [^\r\n]{0,60}", re.MULTILINE)
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
"""What the decoder makes of a byte that is not UTF-8 (surrogateescape)."""


def broken_file(context: Context) -> Iterator[Place]:
    """What makes the file unreadable for others: each with its place."""
    source = context.subject.text
    if body_start(source) is None:
        hint = "add a line of three hyphens behind the front matter"
        yield Place(0, 3, said="front matter is not closed", hint=hint)
    elif context.document.body == 0:
        hint = "begin the file with ---, status: draft, ---"
        yield Place(0, min(40, len(source.partition("\n")[0])), said="front matter is missing", hint=hint)
    for match in _CONFLICT.finditer(source):
        hint = "keep one of the versions, and delete the three marker lines"
        yield Place(match.start(), match.end(), said="merge conflict is not resolved", hint=hint)
    for mark, said in (("\0", "file contains a NUL byte"), (None, "file is not UTF-8")):
        found = _NOT_UTF8.search(source) if mark is None else re.search("\0", source)
        if found:
            yield Place(found.start(), found.end(), said=said, hint="save it as UTF-8 text")
