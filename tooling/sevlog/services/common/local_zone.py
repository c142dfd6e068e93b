"""The time zone of the machine, as a zone that can be reckoned with: what the system's clock shows at any instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """The system's zone (TZ, else as the machine is set up), with every change of clocks."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """How far its clock is ahead of UTC at a reading, to the second."""
        if dt is None:
            return None
        wall = dt.replace(tzinfo=None)
        return timedelta(seconds=round(wall.replace(tzinfo=UTC, fold=0).timestamp() - wall.timestamp()))

    def tzname(self, dt: datetime | None) -> str | None:
        """What the system calls it at a reading: CET, EDT, +03."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Not known."""
        return None

    def fromutc(self, dt: datetime) -> datetime:
        """The reading at an instant, which is given in UTC."""
        instant = dt.replace(tzinfo=UTC)
        wall = instant.astimezone().replace(tzinfo=None)
        again = wall.timestamp() != instant.timestamp()  # of an hour that comes twice, the second one
        return wall.replace(tzinfo=self, fold=int(again))


LOCAL = LocalZone()
