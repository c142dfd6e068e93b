"""Plain text of a chat: `[12:03] name: text`, `12:03 <nick> text`. It has no zone and often no day: both are given."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from .message import Author, Chat, Message, remarks

_CLOCK = (
    r"(?:(?P<day>\d{4}-\d\d-\d\d)[ T])?(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_LINE = re.compile(
    rf"(?:\[{_CLOCK}\]|{_CLOCK.replace('?P<', '?P<b')})[ \t]+"
    r"(?:<[ @+%&~]?(?P<nick>[^<>\n]{1,80})>[ \t]?|(?P<name>[^\s:<*][^:\n]{0,79}?):[ \t]"
    r"|(?P<system>-!-|\*{3}|-->|<--)[ \t]?|\*[ \t](?P<doer>\S{1,80})[ \t])(?P<text>.*)"
)
"""The second clock, without brackets, has groups with a b in front."""
_DAY_CHANGED = re.compile(r"-{3} (?:Day changed|Log opened) \w{3} (?P<rest>.+)")
_BACK = timedelta(hours=2)
"""A step back by more than this is midnight; by less, a line out of order or a clock that was set back."""


class Asked(Struct, frozen=True):
    """The day of the first line, if it is known, and the zone of the times."""

    zone: ZoneInfo
    day: date | None


def is_plain(text: str) -> bool:
    """Whether one of the first lines is a line of a chat."""
    return any(_LINE.match(line) for line in text.splitlines()[:50])


def has_days(text: str) -> bool:
    """Whether the first line that has a time also has its day."""
    for line in text.splitlines():
        if _DAY_CHANGED.match(line):
            return True
        if match := _LINE.match(line):
            return bool(match["day"] or match["bday"])
    return False


def read(name: str, text: str, asked: Asked) -> Chat:
    """The messages. A line without a time belongs to the message before it."""
    chat = Chat(form="plain", channel="", messages=[], left_out={}, broken=[])
    clock = _Clock(asked)
    more: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.match(line)
        if match is None:
            if changed := _DAY_CHANGED.match(line):
                clock.day = _changed(changed["rest"]) or clock.day
            elif line.strip() and chat.messages:
                more.append(line.rstrip())
            continue
        _close(chat, more)
        _take(chat, match, f"{name}: line {number}", clock)
    _close(chat, more)
    return chat


def _changed(rest: str) -> date | None:
    for form in ("%b %d %Y", "%b %d %H:%M:%S %Y"):
        try:
            return datetime.strptime(rest.strip(), form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _close(chat: Chat, more: list[str]) -> None:
    """Add the lines that follow a message to it."""
    if more:
        last = chat.messages[-1]
        chat.messages[-1] = replace(last, text="\n".join([last.text, *more]))
        more.clear()


def _take(chat: Chat, match: re.Match[str], place: str, clock: _Clock) -> None:
    part = {name.removeprefix("b"): value for name, value in match.groupdict().items() if value is not None}
    hour = int(part["h"])
    if half := part.get("half"):
        hour = hour % 12 + 12 * (half in "pP")
    try:
        at, remark = clock.read(part.get("day"), time(hour, int(part["m"]), int(part.get("s", 0))))
    except ValueError as error:
        chat.broken.append(f"{place}: {error}")
        return
    if "system" in part:
        chat.leave_out("system messages")
        return
    who = (part.get("nick") or part.get("name") or part.get("doer") or "").strip()
    text = f"{who} {part['text']}" if "doer" in part else part["text"]
    if not text.strip():
        chat.leave_out("empty messages")
        return
    key = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{who}-{text}"
    chat.messages.append(Message(id=key, at=at, author=Author(who, (who,)), text=text, place=place, remark=remark))


class _Clock:
    """The day that the lines have reached."""

    def __init__(self, asked: Asked) -> None:
        self._zone, self.day = asked.zone, asked.day
        self._last: datetime | None = None

    def read(self, day: str | None, clock: time) -> tuple[datetime, str]:
        """The instant of a time, and what is doubtful about it. Raises ValueError for a day that does not exist."""
        if day:
            self.day = date.fromisoformat(day)
        if self.day is None:
            raise ValueError("its day is not known")
        at = self._instant(clock)
        if self._last is not None and not day and self._last - at > _BACK:
            self.day += timedelta(days=1)
            at = self._instant(clock)
        doubt = self._doubt(datetime.combine(self.day, clock), at)
        if self._last is not None and at < self._last and not doubt:
            doubt = "earlier than the line before it"
        self._last = max(at, self._last or at)
        return at, remarks(doubt)

    def _instant(self, clock: time) -> datetime:
        """The first such instant that is not before the last line, else the first one."""
        assert self.day is not None
        wall = datetime.combine(self.day, clock, self._zone)
        first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
        later = second > first and self._last is not None and first < self._last <= second
        return second if later else first

    def _doubt(self, wall: datetime, at: datetime) -> str:
        first = wall.replace(tzinfo=self._zone).astimezone(UTC)
        second = wall.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        if first == second:
            return ""
        if second < first:
            return f"{wall:%H:%M} does not exist on this day in {self._zone.key}: the clock was set forward"
        other = first if at == second else second
        return f"ambiguous, the clock was set back: this can also be {other:%H:%M} UTC"
