"""Reads the history feed of a Statuspage (Atom): the last incidents, with the words and minutes that people see there.

A line of the feed has a day and a time but no year: it is found from the entry's, going backwards from its newest line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

from ....model.vocabulary import MAINTENANCE_PHASES, Phase
from ..source import Quarantined, SourceIncident, SourcePage, SourceUpdate, Unusable, title_of
from ..times import BadTime, read_time
from .archive import code_of
from .importer import window
from .page import address_of
from .updates import read_body, read_phase

NOTICES = (
    "the feed names neither impact nor components: each incident of it has the mildest severity and the component "
    "`unknown`; import the page by its URL for more details",
)
_ATOM = "{http://www.w3.org/2005/Atom}"
_MONTHS = {
    "Jan": 1,
    "Feb": 2,
    "Mar": 3,
    "Apr": 4,
    "May": 5,
    "Jun": 6,
    "Jul": 7,
    "Aug": 8,
    "Sep": 9,
    "Oct": 10,
    "Nov": 11,
    "Dec": 12,
}
_STAMP = r"(?P<month>[A-Z][a-z]{2})\s+(?P<day>\d{1,2}),\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})"
_LINE = re.compile(
    rf"{_STAMP}\s+(?P<zone>[A-Z]{{2,5}}|[+-]\d{{2}}(?::?\d{{2}})?)\s*(?P<status>[^\n]*?)\s+-(?:\s+(?P<text>.*))?",
    re.DOTALL,
)
_EVENT = re.compile(
    rf"THIS IS A SCHEDULED EVENT\s+{_STAMP}\s*-\s*"
    r"(?:(?P<end_month>[A-Z][a-z]{2})\s+(?P<end_day>\d{1,2}),\s+)?(?P<end_hour>\d{1,2}):(?P<end_minute>\d{2})"
    r"\s+(?P<zone>[A-Z]{2,5})"
)
_HOURS = {
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "JST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
}
_SECONDS_OFF = timedelta(minutes=2)


def is_feed(data: bytes) -> bool:
    """Whether the bytes look like XML."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read_feed(data: bytes, place: str) -> tuple[SourcePage | None, list[SourceIncident], list[Quarantined]]:
    """Page and incidents of a feed. Raises Unusable if it is not an Atom feed, or has entities."""
    if b"\0" in data:
        raise Unusable("it is not UTF-8")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unusable("it declares entities or a document type; a feed needs neither")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise Unusable(f"it is not well-formed XML ({error})") from None
    if root.tag != f"{_ATOM}feed":
        raise Unusable("it is not an Atom feed")
    incidents: list[SourceIncident] = []
    quarantined: list[Quarantined] = []
    for number, entry in enumerate(root.findall(f"{_ATOM}entry"), 1):
        try:
            incidents.append(_read_entry(entry))
        except Unusable as error:
            raw = ElementTree.tostring(entry, encoding="unicode")
            quarantined.append(Quarantined(f"{place}, entry {number}", str(error), raw))
    return _page(root), incidents, quarantined


def _page(root: ElementTree.Element) -> SourcePage | None:
    name = root.findtext(f"{_ATOM}author/{_ATOM}name")
    link = _link(root)
    return SourcePage(name=name.strip(), url=address_of(link)) if name and name.strip() else None


def _link(element: ElementTree.Element) -> str | None:
    links = element.findall(f"{_ATOM}link")
    return next((link.get("href") for link in links if link.get("rel", "alternate") == "alternate"), None)


def _read_entry(entry: ElementTree.Element) -> SourceIncident:
    repairs: list[str] = []
    url = _link(entry)
    code = code_of(url)
    if code is None:
        raise Unusable(f"its address `{str(url)[:80]}` does not end with an id")
    try:
        updated = entry.findtext(f"{_ATOM}updated") or entry.findtext(f"{_ATOM}published")
        newest = read_time(updated, "updated", repairs)
    except BadTime as error:
        raise Unusable(str(error)) from None
    if newest is None:
        raise Unusable("it has no time of its last update, so its lines have no year")
    paragraphs = _Paragraphs.of(entry.findtext(f"{_ATOM}content") or "")
    updates = _updates(paragraphs, newest, repairs)
    maintenance = updates[0].phase in MAINTENANCE_PHASES
    event = next((m for p in paragraphs if (m := _EVENT.search(p))), None)
    planned = _planned(event, newest, repairs) if event else (None, None)
    return SourceIncident(
        id=code,
        name=title_of(entry.findtext(f"{_ATOM}title"), repairs, "title"),
        maintenance=maintenance,
        updates=updates,
        url=address_of(url),
        window=window(planned, updates, None, None, repairs) if maintenance else None,
        impact=None,
        repairs=tuple(repairs),
    )


def _updates(paragraphs: Iterable[str], newest: datetime, repairs: list[str]) -> tuple[SourceUpdate, ...]:
    """The updates, oldest first. The feed is sorted by time, the newest first."""
    lines = [match for p in paragraphs if not _EVENT.search(p) and (match := _LINE.match(p))]
    if not lines:
        raise Unusable("its text contains no update")
    placed = []
    latest = newest + _SECONDS_OFF
    for line in lines:
        at = _before(line, latest, repairs)
        latest = at + timedelta(days=1)  # corrected times may step back a little
        placed.append((at, line))
    phase: Phase = "investigating"
    found = []
    placed.reverse()
    placed.sort(key=lambda p: p[0])
    for number, (at, line) in enumerate(placed, 1):
        name = f"line {number}: "
        phase, word = read_phase(line["status"], phase, name, repairs)
        found.append(SourceUpdate(phase=phase, at=at, text=read_body(line["text"], name, repairs), word=word))
    return tuple(found)


def _before(line: re.Match[str], latest: datetime, repairs: list[str]) -> datetime:
    """The instant of a line: in the latest year in which it is not after `latest`."""
    offset = _offset(line["zone"], repairs)
    month, day = _MONTHS.get(line["month"], 0), int(line["day"])
    for year in range(latest.year + 1, latest.year - 9, -1):
        try:
            at = datetime(year, month, day, int(line["hour"]), int(line["minute"]), tzinfo=UTC) - offset
        except ValueError:
            continue  # 29 February of another year, or no date at all
        if at <= latest:
            return at
    raise Unusable(f"`{line[0][:40]}` has no valid time")


def _offset(zone: str, repairs: list[str]) -> timedelta:
    if zone in _HOURS:
        return timedelta(hours=_HOURS[zone])
    if match := re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", zone):
        length = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return -length if match[1] == "-" else length
    what = f"the time zone `{zone}` is unknown: read as UTC"
    if what not in repairs:
        repairs.append(what)
    return timedelta()


def _planned(event: re.Match[str], newest: datetime, repairs: list[str]) -> tuple[datetime | None, datetime | None]:
    """The window that the feed names for a scheduled event; up to half a year ahead of the newest line."""
    start = _before(event, newest + timedelta(days=183), repairs)
    offset = _offset(event["zone"], repairs)
    end = (start + offset).replace(hour=int(event["end_hour"]), minute=int(event["end_minute"]))
    if event["end_month"]:
        end = end.replace(month=_MONTHS.get(event["end_month"], end.month), day=int(event["end_day"]))
    end -= offset
    return start, end.replace(year=end.year + 1) if end < start and event["end_month"] else end


class _Paragraphs(HTMLParser):
    """The paragraphs of an entry's HTML as Markdown text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.parts: list[str] = []
        self.links: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        """The texts of all paragraphs; their line breaks are those of <br>."""
        reader = cls()
        reader.feed(html)
        reader.close()
        reader._end()
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, break a line, open a link."""
        if tag == "p":
            self._end()
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "a":
            self.links.append(dict(attrs).get("href") or "")
            self.parts.append("[")

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, close a link."""
        if tag == "p":
            self._end()
        elif tag == "a" and self.links:
            self.parts.append(f"]({self.links.pop()})")

    def handle_data(self, data: str) -> None:
        """Text as it stands, white space as HTML has it."""
        self.parts.append(re.sub(r"\s+", " ", data))

    def _end(self) -> None:
        text = re.sub(r" *\n *", "\n", "".join(self.parts)).strip()
        self.parts = []
        if text:
            self.found.append(text)
