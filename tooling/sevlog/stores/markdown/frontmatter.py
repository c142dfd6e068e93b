"""Markdown files with YAML front matter between two lines of three hyphens."""

from __future__ import annotations


class FrontMatterError(ValueError):
    """The front matter is not there, or never ends."""


def split(data: bytes) -> tuple[bytes, str]:
    """Front matter (without its fences, empty where there is none) and text.

    Raises FrontMatterError where the first fence has no second one, or the bytes are not UTF-8.
    """
    if not data.startswith(b"---"):
        return b"", _text(data)
    lines = data.splitlines(keepends=True)
    if lines[0].strip() != b"---":
        return b"", _text(data)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == b"---":
            return b"".join(lines[1:number]), _text(b"".join(lines[number + 1 :])).lstrip("\n")
    raise FrontMatterError("the front matter is not closed: the second line of three hyphens is missing")


def join(matter: str, text: str) -> str:
    """A file from YAML text and Markdown text."""
    return f"---\n{matter.rstrip()}\n---\n\n{text.strip()}\n"


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FrontMatterError(f"the text is not UTF-8 (byte {error.start})") from None
