"""Reads one issue of a cState site: front matter as Hugo takes it (YAML or TOML), and its Markdown."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time

from ....model.vocabulary import Impact, PageImpact, Phase
from ....stores.markdown import frontmatter
from ....stores.yaml import io as yaml_io
from ..source import SourceIncident, SourceNote, SourceUpdate, Unusable, identifier, title_of
from ..statuspage.importer import instant
from ..statuspage.updates import read_body
from ..times import BadTime, read_time

SEVERITIES: dict[str, tuple[PageImpact, Impact]] = {
    "down": ("critical", "major_outage"),
    "disrupted": ("major", "partial_outage"),
    "notice": ("none", "operational"),
}
"""cState's severities: the impact of the incident and the state of its systems."""

RESOLVED = "Resolved."
_TRUE = ("true", "yes", "on", "y")
_FENCE = re.compile(r"^(?P<indent> {0,3})(?P<mark>`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_SHORTCODE = re.compile(r"\{\{(?P<open>[<%])\s*(?P<name>/?[\w./-]{1,80})(?P<rest>.{0,300}?)/?\s*[>%]\}\}", re.DOTALL)
Row = Mapping[str, object]


class Draft(Exception):
    """The issue is a draft."""


def read_post(data: bytes, name: str, base: str | None) -> SourceIncident:
    """The incident of an issue. `name` is its path without ending; `base` the address of the page.

    Raises Unusable if it cannot be imported, Draft for a draft.
    """
    matter, body = _front_matter_and_text(data)
    if _flag(matter.get("draft")):
        raise Draft
    repairs: list[str] = []
    code = identifier(name.replace("/", "-").replace(" ", "-"))
    if code is None:
        code = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:100] or "issue"
        repairs.append(f"its name `{name[:80]}` is not valid in a URL: renamed to {code}")
    begun = _time(matter, "date", repairs)
    if begun is None:
        raise Unusable("it has no date")
    text, hidden = _shown(body)
    severity = str(matter.get("severity") or "").strip().lower()
    impact, state = _severity(severity, repairs)
    ended = _end(matter, begun, repairs)
    informational = _flag(matter.get("informational"))
    phase: Phase = "resolved" if informational else "investigating"
    updates = [SourceUpdate(phase=phase, at=begun, text=read_body(text, "", repairs))]
    if ended is not None and not informational:
        updates.append(SourceUpdate(phase="resolved", at=ended, text=RESOLVED))
    return SourceIncident(
        id=code,
        name=title_of(matter.get("title"), repairs, "title"),
        maintenance=False,
        updates=tuple(updates),
        url=_address(matter, name, base),
        began_at=begun,
        impact="none" if informational else impact,
        states=dict.fromkeys(_affected(matter, repairs), "operational" if informational else state) or None,
        notes=tuple(SourceNote(begun, f"Import: the source does not show this.\n\n{part}") for part in hidden),
        repairs=tuple(repairs),
    )


def _front_matter_and_text(data: bytes) -> tuple[Row, str]:
    """Front matter and text. Raises Unusable where the front matter cannot be read."""
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    try:
        if data.startswith(b"+++"):
            matter, rest = _toml_parts(data)
            return tomllib.loads(matter.decode()), rest.decode()
        if data.startswith(b"{"):
            value, end = json.JSONDecoder().raw_decode(data.decode())
            return _mapping(value), data.decode()[end:]
        matter, text = frontmatter.split(data)
        if not matter.strip():
            raise Unusable("it has no front matter")
        return _mapping(yaml_io.read(matter)), text
    except (frontmatter.FrontMatterError, yaml_io.YamlError) as error:
        raise Unusable(f"its front matter cannot be read: {error}") from None
    except (ValueError, RecursionError) as error:  # TOML, JSON and UTF-8
        raise Unusable(f"its front matter cannot be read: {error}") from None


def _toml_parts(data: bytes) -> tuple[bytes, bytes]:
    matter, fence, rest = data[3:].partition(b"\n+++")
    if not fence:
        raise ValueError("the second line +++ is missing")
    return matter, rest.partition(b"\n")[2]


def _mapping(value: object) -> Row:
    if not isinstance(value, Mapping):
        raise Unusable("its front matter is not a mapping")
    return value


def _flag(value: object) -> bool:
    """Hugo takes YAML 1.1's words for true as well."""
    return value is True or (isinstance(value, str) and value.strip().lower() in _TRUE)


def _time(matter: Row, name: str, repairs: list[str]) -> datetime | None:
    value = matter.get(name)
    if isinstance(value, date) and not isinstance(value, datetime):  # a TOML date
        value = value.isoformat()
    if isinstance(value, time):
        raise Unusable(f"{name} `{value}` has no day")
    try:
        return read_time(value, name, repairs)
    except BadTime as error:
        raise Unusable(str(error)) from None


def _severity(word: str, repairs: list[str]) -> tuple[PageImpact, Impact]:
    if word in SEVERITIES:
        return SEVERITIES[word]
    said = f"its severity `{word[:40]}` is unknown" if word else "it has no severity"
    repairs.append(f"{said}: taken as `disrupted`, the middle severity of cState")
    return SEVERITIES["disrupted"]


def _end(matter: Row, begun: datetime, repairs: list[str]) -> datetime | None:
    """When it was resolved; None if it is not. The start is used if the end is missing or before the start."""
    resolved = _flag(matter.get("resolved"))
    ended = _time(matter, "resolvedWhen", repairs)
    if not resolved:
        if ended is not None:
            repairs.append(f"it has resolvedWhen ({instant(ended)}) but is not resolved: it stays open")
        return None
    if ended is None:
        repairs.append("it is resolved without resolvedWhen: the start is used as its end")
        return begun
    if ended < begun:
        repairs.append(
            f"resolvedWhen ({instant(ended)}) is before date ({instant(begun)}): the start is used as its end, so "
            "its duration is unknown"
        )
        return begun
    return ended


def _affected(matter: Row, repairs: list[str]) -> list[str]:
    """The names of affected systems, as written."""
    value = matter.get("affected")
    if "affected" in matter and value is None:
        repairs.append("`affected` has no value: the component is unknown")
    names = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    return list(dict.fromkeys(" ".join(str(name).split())[:300] for name in names if str(name or "").strip()))


def _address(matter: Row, name: str, base: str | None) -> str | None:
    """The issue's address as Hugo makes it: its file name in lower case, unless the front matter says otherwise."""
    if base is None:
        return None
    given = matter.get("url")
    if isinstance(given, str) and given.strip():
        return f"{base.rstrip('/')}/{given.strip().lstrip('/')}"
    slug = matter.get("slug")
    folder, _, last = name.rpartition("/")
    last = str(slug).strip() if isinstance(slug, str) and slug.strip() else last
    path = "/".join(part for part in ("issues", folder, last) if part)
    return f"{base.rstrip('/')}/{path.lower().replace(' ', '-')}/"


def _shown(body: str) -> tuple[str, list[str]]:
    """The text as readers of the page see it, and what they do not: HTML comments and shortcodes, code unchanged."""
    hidden: list[str] = []
    parts: list[str] = []
    for code, text in _code_apart(body):
        parts.append(text if code else _without_hidden(text, hidden))
    shown = re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip("\n").rstrip()
    return shown, hidden


def _without_hidden(text: str, hidden: list[str]) -> str:
    def comment(match: re.Match[str]) -> str:
        if match[1].strip():
            hidden.append(match[1].strip())
        return ""

    def shortcode(match: re.Match[str]) -> str:
        if match["name"] == "track":  # cState's own: shows a time
            return match["rest"].strip().strip("\"'`")
        hidden.append(match[0])
        return ""

    return _SHORTCODE.sub(shortcode, _COMMENT.sub(comment, text))


def _code_apart(body: str) -> list[tuple[bool, str]]:
    """The text cut into fenced code and the rest, in order. An unclosed fence extends to the end (CommonMark)."""
    parts: list[tuple[bool, str]] = []
    fence = ""
    in_comment = False
    for line in body.splitlines(keepends=True):
        match = None if in_comment else _FENCE.match(line)
        if match and not fence:
            fence = match["mark"]
            _append(parts, code=True, line=line)
        elif fence:
            _append(parts, code=True, line=line)
            if match and match["mark"][0] == fence[0] and len(match["mark"]) >= len(fence) and not line.strip(" `~\n"):
                fence = ""
        else:
            _append(parts, code=False, line=line)
            in_comment = (line.rfind("<!--") > line.rfind("-->")) or (in_comment and "-->" not in line)
    return parts


def _append(parts: list[tuple[bool, str]], *, code: bool, line: str) -> None:
    if parts and parts[-1][0] == code:
        parts[-1] = (code, parts[-1][1] + line)
    else:
        parts.append((code, line))
