"""Checks runbooks/: front matter, names in it, reviews that have run out, and links that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import msgspec

from ...model.config.settings import Config, duration
from ...model.guidance.runbook import RunbookCard
from ...model.problem import Problem
from ...model.rules.known_names import Names
from ...model.vocabulary import UNKNOWN_COMPONENT
from ...stores import files
from ...stores.markdown import frontmatter
from ...stores.records.diagnosis import diagnose, pointer
from ...stores.yaml import io as yaml_io
from .certainty import path_of
from .locating import Locator

_USUALLY = timedelta(weeks=52)
_KINDS = {"components": "component", "types": "type", "severities": "severity"}
_LINK = re.compile(
    r"!?\[(?:[^\]\\\n]|\\.)*\]\(\s*<?([^\s<>()]+(?:\([^\s()]*\)[^\s<>()]*)?)>?(?:\s+[\"'(][^\n]*?)?\s*\)"
)
_REFERENCE = re.compile(r" {0,3}\[(?!\^)[^\]\n]+\]:\s*<?(\S+?)>?(?:\s|\Z)")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_HEADING = re.compile(r" {0,3}#{1,6} +(.+?)(?: +#+)?\s*\Z")


def check_runbook(
    root: Path, relative: str, config: Config | None, names: Names | None, now: datetime
) -> list[Problem]:
    """Every finding about one runbook. relative: its path from the top of the repository."""
    path = root / relative
    try:
        data = files.read_plain(path, yaml_io.MAX_BYTES)
    except OSError as error:
        return [Problem(code="unreadable", message=f"the file cannot be read: {error.strerror}", path=relative)]
    if len(data) > yaml_io.MAX_BYTES:
        size = f"the file is larger than {yaml_io.MAX_BYTES // 1024} KiB"
        return [Problem(code="too_large", message=size, path=relative, line=1, column=1)]
    try:
        matter, text = frontmatter.split(data)
        card = msgspec.convert(yaml_io.read(matter) or {}, RunbookCard)
    except (frontmatter.FrontMatterError, yaml_io.YamlError, msgspec.ValidationError):
        return _in_part(root, relative, data, config, names, now)
    found = _about(card, relative, config, names, now)
    locator = Locator(root)
    placed = [locator.in_file(problem) for problem in found]
    return placed + list(_links_of(root, relative, data, text))


def _about(
    card: RunbookCard, relative: str, config: Config | None, names: Names | None, now: datetime
) -> list[Problem]:
    return [
        *_unknown(card, names, relative),
        *_retired_components(card, config, relative),
        *_review(card, config, now, relative),
    ]


def _in_part(
    root: Path, relative: str, data: bytes, config: Config | None, names: Names | None, now: datetime
) -> list[Problem]:
    """The mistakes of a runbook whose front matter cannot be used as it stands, and those of what can be read of it."""
    from ...stores.records import salvage

    found = diagnose(relative, data, "runbook")
    try:
        matter, text = frontmatter.split(data)
    except frontmatter.FrontMatterError:
        return found + list(_links_of(root, relative, data, data.decode("utf-8", "replace")))
    made = salvage.salvaged("runbook", salvage.readable(matter) or {})
    card = msgspec.convert(made.value, RunbookCard)
    locator = Locator(root)
    for problem in _about(card, relative, config, names, now):
        hangs_on = [path_of(problem.pointer, made.value)] + [("review_every",)] * (problem.code == "stale_runbook")
        if not any(made.is_told(path) for path in hangs_on):
            place = pointer(made.written(hangs_on[0]))
            found.append(locator.in_file(msgspec.structs.replace(problem, pointer=place)))
    return found + list(_links_of(root, relative, data, text))


def _links_of(root: Path, relative: str, data: bytes, text: str) -> Iterator[Problem]:
    above = data.count(b"\n") - text.encode().count(b"\n")
    return _links(root, root / relative, text, relative, above)


def _unknown(card: RunbookCard, names: Names | None, relative: str) -> Iterator[Problem]:
    if names is None:
        return
    for key, kind in _KINDS.items():
        for place, word in enumerate(getattr(card, key)):
            if word != UNKNOWN_COMPONENT and names.lacks(kind, word):
                yield names.unknown(kind, word, path=relative, pointer=f"/{key}/{place}")
    for key, kind, word in (("owner", "person", card.owner), ("team", "team", card.team)):
        if word is not None and names.lacks(kind, word):
            yield names.unknown(kind, word, path=relative, pointer=f"/{key}")


def _retired_components(card: RunbookCard, config: Config | None, relative: str) -> Iterator[Problem]:
    """A runbook that speaks of a component which is there no longer."""
    retired = {c.key: c.retired_on for c in config.components if c.retired_on} if config else {}
    for place, key in enumerate(card.components):
        if key in retired:
            yield _stale(
                f"`{key}` was retired on {retired[key]}",
                relative,
                f"/components/{place}",
                "remove it; if no component is left, delete the runbook",
            )


def _review(card: RunbookCard, config: Config | None, now: datetime, relative: str) -> Iterator[Problem]:
    """A review that is too long ago, or was never made where the policy asks for one."""
    policy = config.policies.runbooks_reviewed_within if config else None
    chosen = card.review_every or policy
    within = duration(chosen) if chosen else _USUALLY
    asks = "review it with someone who did not write it, then: reviewed_on: "
    if card.reviewed_on is None:
        if chosen:
            yield _stale(
                f"it was never reviewed; a review is due every {chosen}", relative, "", f"{asks}{now:%Y-%m-%d}"
            )
        return
    try:
        last = date.fromisoformat(card.reviewed_on)
    except ValueError:
        yield Problem(
            code="wrong_day",
            message=f"{card.reviewed_on} is not a calendar date",
            path=relative,
            pointer="/reviewed_on",
            hint="write a date such as 2026-11-23",
        )
        return
    if last > (now + timedelta(days=1)).date():
        yield _stale(f"its review date {last} is in the future", relative, "/reviewed_on", "check the year")
    elif now.date() - last > within:
        yield _stale(
            f"its last review was {(now.date() - last).days} days ago; a review is due every {chosen or '52w'}",
            relative,
            "/reviewed_on",
            f"{asks}{now:%Y-%m-%d}",
        )


def _stale(message: str, relative: str, pointer: str, hint: str) -> Problem:
    return Problem(code="stale_runbook", message=message, severity="warning", path=relative, pointer=pointer, hint=hint)


def _links(root: Path, path: Path, text: str, relative: str, above: int) -> Iterator[Problem]:
    """Links to files and headings of this repository that are not there. Other hosts are never asked."""
    for number, line in _prose(text):
        for match in (*_LINK.finditer(line), *_REFERENCE.finditer(line)):
            wrong = _wrong(root, path, text, match[1])
            if wrong:
                yield Problem(
                    code="broken_link",
                    message=wrong,
                    severity="warning",
                    path=relative,
                    line=above + number,
                    column=match.start(1) + 1,
                    hint="fix or remove the link",
                )


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Lines outside of code, numbered from 1; code within a line is blanked."""
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            yield number, _CODE.sub(lambda found: " " * len(found[0]), line)


def _wrong(root: Path, path: Path, text: str, target: str) -> str | None:
    """What is wrong with a link; None where it leads to something, or out of the repository."""
    if _ELSEWHERE.match(target):
        return None
    name, _, anchor = unquote(target).partition("#")
    name = name.partition("?")[0]
    there = path if not name else (root / name.lstrip("/") if name.startswith("/") else path.parent / name)
    inside = there.resolve().is_relative_to(root.resolve())
    if not inside:
        return f"the link `{target}` points outside the repository"
    if not there.exists():
        return f"the link `{target}` points to a missing file"
    if anchor and there.suffix == ".md" and there.is_file():
        try:
            other = text if there == path else frontmatter.split(files.read_plain(there, yaml_io.MAX_BYTES))[1]
        except (OSError, frontmatter.FrontMatterError):
            return None
        if anchor.lower() not in _anchors(other):
            return f"the link `{target}` points to a missing heading"
    return None


def _anchors(text: str) -> set[str]:
    """The anchors that forges give to the headings of a Markdown text."""
    found: dict[str, int] = {}
    anchors: set[str] = set()
    for line in text.splitlines():
        if match := _HEADING.match(line):
            plain = re.sub(r"[^\w\- ]", "", match[1].replace("`", "").lower()).strip().replace(" ", "-")
            anchors.add(f"{plain}-{found[plain]}" if plain in found else plain)
            found[plain] = found.get(plain, 0) + 1
    return anchors | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text.lower()))
