"""The calendar of the maintenances: planned, under way and past, as a calendar program subscribes to it.

Pure: public view in, bytes out. A maintenance is one event, whose uid never changes; a later window moves the event.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ...model.public.site import PublicIncident, PublicSite

PATH = "maintenance.ics"
NEWEST = 50
"""Most events (site.md, Sizes are bounded)."""


def calendar(site: PublicSite) -> bytes:
    """The calendar file. Its only times are those of the records, so that the same records give the same bytes."""
    from ...adapters.calendar_files import CalendarEvent, calendar_file

    def events() -> Iterator[CalendarEvent]:
        host = urlsplit(site.page.url).hostname or "localhost"
        root = site.page.url.rstrip("/")
        names = {component.id: component.name for component in site.components}
        for row in _planned(site):
            assert row.scheduled_for is not None
            yield CalendarEvent(
                uid=f"{row.id}@{host}",
                start=row.scheduled_for,
                end=row.scheduled_until or row.scheduled_for,
                summary=row.name,
                description=_description(row, names),
                url=f"{root}/incidents/{row.id}/",
                changed_at=row.updated_at,
                cancelled=row.cancelled,
            )

    name = f"{site.page.name}: maintenance"
    return calendar_file(name, events(), written_at=site.page.updated_at, product="maintenance").encode()


def _planned(site: PublicSite) -> list[PublicIncident]:
    """The newest maintenances with a window."""
    return [row for row in site.maintenances if row.scheduled_for is not None][:NEWEST]


def _description(row: PublicIncident, names: dict[str, str]) -> str:
    """The components, and the newest update."""
    components = ", ".join(names[one] for one in row.components if one in names)
    newest = row.updates[0].body if row.updates else ""
    return "\n\n".join(part for part in (components, newest) if part)
