"""Opens an export of a chat, finds out which format it has, and reads one channel of it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from ...errors import NotFound, UsageError
from ...model.suggestions import did_you_mean
from ...stores import files
from . import discord, mattermost, plain, slack, teams
from .message import Chat, Row, rows_of

FORMATS = ("slack", "teams", "mattermost", "discord", "plain")
MOST_BYTES = 256 * 1024 * 1024
_PEOPLE = ("users.json", "org_users.json")
_NO_CHANNEL = frozenset({"channels.json", "groups.json", "dms.json", "mpims.json", "canvases.json", *_PEOPLE})


_BULK = re.compile(r'\{\s*"type"\s*:\s*"(?:version|emoji|team|channel|user|post|direct_)')
"""How a line of Mattermost's bulk export begins."""


def read_chat(path: Path, form: str | None, channel: str | None, asked: plain.Asked | None) -> Chat:
    """The messages of an export, in the order in which they were written.

    form: None to find out. channel: of an export of several. asked: day and zone of a plain text. Raises NotFound or
    UsageError, with the place in the file.
    """
    chat = _folder(path, channel) if path.is_dir() or zipfile.is_zipfile(path) else _file(path, form, channel, asked)
    if form is not None and form != chat.form:
        raise UsageError(f"{path}: this is an export of {chat.form}, not of {form}", "leave out --format")
    if not chat.messages and chat.broken:
        raise UsageError(f"{chat.broken[0]}; no message of {path} can be read", "export the channel again")
    chat.messages.sort(key=lambda message: message.at)
    return chat


def _file(path: Path, form: str | None, channel: str | None, asked: plain.Asked | None) -> Chat:
    text = _text(path.name, _bytes(path))
    found = form or _form(text)
    if found is None:
        raise UsageError(
            f"{path}: not an export of a chat that sevlog knows (line 1: {text[:60].splitlines()[:1] or 'empty'})",
            f"formats: {', '.join(FORMATS)}; name it: --format FORMAT",
        )
    if found == "plain":
        return _plain(path, text, asked)
    if found == "mattermost":
        lines = [(n, _row(path.name, n, line)) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        names = mattermost.channels(lines)
        return mattermost.read(path.name, lines, _chosen(names, channel, path))
    value = _json(path.name, text)
    if found == "discord":
        _require(isinstance(value, dict) and "messages" in value, path, "`messages`", found)
        return discord.read(path.name, value)
    if found == "teams":
        _require(isinstance(value, list) or (isinstance(value, dict) and "value" in value), path, "`value`", found)
        return teams.read(path.name, value)
    _require(isinstance(value, list), path, "a list of messages", found)
    beside = next((path.parent / name for name in _PEOPLE if (path.parent / name).is_file()), None)
    beside = beside or next((f for name in _PEOPLE if (f := path.parent.parent / name).is_file()), None)
    people = _json(beside.name, _text(beside.name, _bytes(beside))) if beside else []
    folder = path.absolute().parent.name
    return slack.read(iter([(path.name, value)]), people, channel or folder)


def _require(holds: bool, path: Path, what: str, form: str) -> None:
    if not holds:
        raise UsageError(f"{path}: an export of {form} has {what}, and this file has not", "leave out --format")


def _plain(path: Path, text: str, asked: plain.Asked | None) -> Chat:
    command = "--zone Europe/Berlin --date 2026-11-23"
    if asked is None:
        raise UsageError(f"{path}: a plain text does not say in which time zone its times are", f"add {command}")
    if asked.day is None and not plain.has_days(text):
        raise UsageError(f"{path}: its lines have no date", f"add the date of the first line: {command}")
    return plain.read(path.name, text, asked)


def _form(text: str) -> str | None:
    """The format of a text, by what only it has."""
    head = text.lstrip()[:2000]
    if head[:1] not in ("{", "["):
        return "plain" if plain.is_plain(text) else None
    if _BULK.match(head):
        return "mattermost"
    try:
        value: Any = json.loads(text)
    except ValueError:
        return "plain" if plain.is_plain(text) else _broken(head)
    if isinstance(value, dict):
        return "discord" if "messages" in value else "teams" if "value" in value else None
    rows = list(rows_of(value))
    if any("ts" in row for row in rows[:50]):
        return "slack"
    return "teams" if any("createdDateTime" in row for row in rows[:50]) else None


def _broken(head: str) -> str | None:
    """The format of JSON that is cut or damaged: its reader says where."""
    marks = (('"guild"', "discord"), ('"createdDateTime"', "teams"), ('"ts"', "slack"))
    return next((form for mark, form in marks if mark in head), None)


def _folder(path: Path, channel: str | None) -> Chat:
    """An export of Slack: a folder per channel with a file per day."""
    read = _members(path)
    names = {name for name in read if name.endswith(".json")}
    roots = {str(PurePosixPath(name).parent) for name in names if PurePosixPath(name).name in _PEOPLE}
    root = min(roots, key=len, default=".")
    inside = {name for name in names if "/" in name.removeprefix(f"{root}/")}
    days = [name for name in inside if PurePosixPath(name).name not in _NO_CHANNEL]
    chosen = _chosen(sorted({PurePosixPath(name).parent.name for name in days}), channel, path)
    users = next((f"{root}/{n}".removeprefix("./") for n in _PEOPLE if f"{root}/{n}".removeprefix("./") in read), None)
    people = _json(users, _text(users, read[users]())) if users else []
    mine = sorted(name for name in days if PurePosixPath(name).parent.name == chosen)
    return slack.read(((name, _json(name, _text(name, read[name]()))) for name in mine), people, chosen)


def _members(path: Path) -> Mapping[str, Any]:
    """Name -> what reads it, of a zip file or a folder."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*.json") if file.is_file() and not file.is_symlink())
        return {file.relative_to(path).as_posix(): (lambda file=file: _bytes(file)) for file in found}
    archive = zipfile.ZipFile(path)
    rows = [row for row in archive.infolist() if not row.is_dir()]
    if sum(row.file_size for row in rows if row.filename.endswith(".json")) > MOST_BYTES:
        raise UsageError(f"{path}: more than {MOST_BYTES // 1024 // 1024} MiB of messages", "export one channel")
    return {row.filename: (lambda name=row.filename: archive.read(name)) for row in rows}


def _chosen(names: list[str], channel: str | None, path: Path) -> str:
    if channel is not None:
        wanted = channel.removeprefix("#")
        if wanted in names:
            return wanted
        raise NotFound(f"{path} has no channel `{wanted}`", did_you_mean(wanted, names), f"channels: {_some(names)}")
    if len(names) == 1:
        return names[0]
    if not names:
        raise UsageError(f"{path}: no channel with messages in it", f"formats: {', '.join(FORMATS)}")
    raise UsageError(f"{path} has {len(names)} channels: choose one", f"--channel NAME, one of: {_some(names)}")


def _some(names: list[str]) -> str:
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")


def _bytes(path: Path) -> bytes:
    try:
        data = files.read_plain(path, MOST_BYTES)
    except FileNotFoundError:
        raise NotFound(
            f"{path}: no such file", "export the channel to a file: sevlog postmortem import chat FILE"
        ) from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise UsageError(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MiB", "export one channel")
    return data


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{name}: line {line}: not UTF-8", "convert it: iconv -t UTF-8 FILE") from None


def _row(name: str, line: int, text: str) -> Row:
    value = _json(name, text, line)
    if not isinstance(value, dict):
        raise UsageError(f"{name}: line {line}: not a JSON object", "export the channel again")
    return value


def _json(name: str, text: str, line: int = 1) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {line + error.lineno - 1}, column {error.colno}"
        raise UsageError(f"{name}: {place}: not valid JSON: {error.msg}", "export the channel again") from None
    except RecursionError:
        raise UsageError(f"{name}: nested too deeply", "export the channel again") from None


def days_of(chat: Chat) -> Iterator[str]:
    """The first and the last day, for a message about what was read."""
    if chat.messages:
        yield f"{chat.messages[0].at:%Y-%m-%d}"
        yield f"{chat.messages[-1].at:%Y-%m-%d}"
