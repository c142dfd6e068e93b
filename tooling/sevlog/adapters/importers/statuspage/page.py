"""Reads the page, its components and its groups as Statuspage's public API v2 gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from ..source import SourceComponent, SourceGroup, SourcePage, identifier, text_of, title_of, word_in
from ..times import BadTime, read_time

Row = Mapping[str, Any]
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def read_page(row: Row) -> SourcePage:
    """The `page` object. Parts that make no sense are left out."""
    return SourcePage(
        id=identifier(row.get("id")),
        name=title_of(row.get("name"), []),
        url=address_of(row.get("url")),
        time_zone=_zone(row.get("time_zone")),
        updated_at=_time(row.get("updated_at")),
    )


def read_components(rows: Sequence[object]) -> tuple[tuple[SourceComponent, ...], tuple[SourceGroup, ...]]:
    """Components and groups in the order of the page: by position, the members of a group after one another."""
    usable = {row["id"]: row for row in rows if isinstance(row, Mapping) and identifier(row.get("id"))}
    placed = sorted(
        usable.values(), key=lambda row: row["position"] if isinstance(row.get("position"), int) else len(rows)
    )
    groups = {row["id"]: _group(row) for row in placed if row.get("group") is True}
    members = [_component(row, groups) for row in placed if row.get("group") is not True]
    ordered: list[SourceComponent] = []
    for row in placed:
        if row.get("group") is True:
            ordered += [member for member in members if member.group == row["id"]]
        else:
            ordered += [member for member in members if member.code == row["id"] and member.group is None]
    return tuple(ordered), _told_apart(tuple(groups.values()))


def _component(row: Row, groups: Mapping[str, SourceGroup]) -> SourceComponent:
    start = row.get("start_date")
    group = row.get("group_id")
    return SourceComponent(
        code=row["id"],
        name=title_of(row.get("name"), []),
        group=group if isinstance(group, str) and word_in(group, groups) else None,
        description=text_of(row.get("description")),
        showcase=row.get("showcase") is not False,
        only_show_if_degraded=row.get("only_show_if_degraded") is True,
        start_date=start[:10] if isinstance(start, str) and _DAY.match(start) else None,
        created_at=_time(row.get("created_at")),
        updated_at=_time(row.get("updated_at")),
    )


def _group(row: Row) -> SourceGroup:
    return SourceGroup(
        code=row["id"],
        name=title_of(row.get("name"), []),
        description=text_of(row.get("description")),
        created_at=_time(row.get("created_at")),
        updated_at=_time(row.get("updated_at")),
    )


def _told_apart(groups: tuple[SourceGroup, ...]) -> tuple[SourceGroup, ...]:
    """Groups of one name numbered: sevlog.yaml knows a group by its name."""
    taken: set[str] = set()
    found = []
    for group in groups:
        name, number = group.name, 1
        while name in taken:
            number += 1
            name = f"{group.name} ({number})"
        taken.add(name)
        found.append(replace(group, name=name))
    return tuple(found)


def address_of(value: object) -> str | None:
    """The value, if it is an http or https address; without a name and password in it, which belong in no record."""
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s<>\"]+", value):
        return None
    return re.sub(r"(?<=://)[^/?#]*@", "", value)


def _zone(value: object) -> str | None:
    """The value, if it is a time zone that this machine knows."""
    try:
        return ZoneInfo(value).key if isinstance(value, str) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _time(value: object) -> datetime | None:
    try:
        return read_time(value, "time", [])
    except BadTime:
        return None
