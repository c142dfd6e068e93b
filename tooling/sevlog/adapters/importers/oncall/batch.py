"""What an on-call service becomes: rows of oncall.yaml, and everything that could not be carried over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import TypeGuard

from msgspec import Struct

from ....model.oncall.roster import OnCall, Person
from ....stores.layout import slug
from ..source import Quarantined, Repair

_LONGEST = 55


class OnCallBatch(Struct, frozen=True, kw_only=True):
    """The result. oncall: all that the source has, under the keys it has or will have here.

    repairs: what is different here, and why. quarantined: what is not here, whole. notices: for the import as a whole.
    """

    system: str
    label: str
    oncall: OnCall
    repairs: tuple[Repair, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    notices: tuple[str, ...] = ()


def name_of(value: object, otherwise: str) -> str:
    """A name on one line, of a length that a name may have."""
    text = " ".join(value.split())[:200].strip() if isinstance(value, str) else ""
    return "".join(c for c in text if c.isprintable()).strip() or otherwise


class Keys:
    """Keys of schedules, teams or policies: the one that a row with this name has here, else one made from the name.

    A row that has this key here already is the same one, under another name.
    """

    def __init__(self, existing: Iterable[tuple[str, str | None]], otherwise: str) -> None:
        rows = list(existing)
        self._here = {(name or key).casefold(): key for key, name in reversed(rows)}
        self._otherwise = otherwise
        self._used: set[str] = set()

    def of(self, name: str) -> str:
        """The key for a name. A second row of the source with this name gets another one."""
        here = self._here.get(name.casefold())
        if here is not None and here not in self._used:
            self._used.add(here)
            return here
        base = slug(name)[:_LONGEST].strip("-")
        if base == "incident" and "incident" not in name.casefold():
            base = self._otherwise
        key, number = base, 1
        while key in self._used:
            number += 1
            key = f"{base}-{number}"
        self._used.add(key)
        return key


class People:
    """The people of the source, with the handles they have or will have. A mail address is kept as its hash only."""

    def __init__(self, existing: OnCall) -> None:
        self._by_hash = {p.email_sha256: p for p in existing.people if p.email_sha256}
        self._by_name = {p.name.casefold(): p for p in existing.people if p.name}
        self._taken = {p.key.casefold() for p in existing.people}
        self._handles: dict[str, str] = {}
        self.rows: dict[str, Person] = {}

    def add(self, codes: Iterable[object], mail: str | None, name: str | None, time_zone: str | None) -> str:
        """The handle of a person. codes: the ids that the source uses for them."""
        words = [code.casefold() for code in codes if isinstance(code, str) and code]
        known = next((self._handles[word] for word in words if word in self._handles), None)
        if known is None:
            known = self._new(mail, name, time_zone, words)
        self._handles.update(dict.fromkeys(words, known))
        return known

    def handle(self, code: object) -> str | None:
        """The handle of the person with this id at the source; None if unknown."""
        return self._handles.get(code.casefold()) if isinstance(code, str) else None

    def _new(self, mail: str | None, name: str | None, time_zone: str | None, words: list[str]) -> str:
        address = mail.strip().lower() if mail and "@" in mail else None
        digest = hashlib.sha256(address.encode()).hexdigest() if address else None
        here = self._by_hash.get(digest or "") or self._by_name.get((name or "").casefold())
        if here is not None:
            self.rows[here.key] = here
            return here.key
        local = (address or "").partition("@")[0] or slug(name or "") or next(iter(words), "person")
        base = re.sub(r"[^a-z0-9._-]+", "-", local.lower()).strip("._-")[:_LONGEST] or "person"
        key, number = base, 1
        while key in self._taken:
            number += 1
            key = f"{base}-{number}"
        self._taken.add(key)
        self.rows[key] = Person(key=key, name=name, email_sha256=digest, time_zone=time_zone)
        return key


def text_of(row: Mapping[str, object], *keys: str) -> str | None:
    """The first of these keys that has a text."""
    return next((value for key in keys if isinstance(value := row.get(key), str) and value.strip()), None)


def is_number(value: object) -> TypeGuard[int]:
    """Whether it is a whole number. In Python, true and false are integers too."""
    return isinstance(value, int) and not isinstance(value, bool)


def rows_of(value: object) -> list[Mapping[str, object]]:
    """The objects in a list; nothing for anything else."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def person_of(people: People, user: Mapping[str, object]) -> str | None:
    """The handle of a user that a schedule, team or rule names. One who is not in the list of users is added."""
    for code in (user.get("id"), user.get("username"), user.get("name")):
        handle = people.handle(code)
        if handle is not None:
            return handle
    mail = text_of(user, "username", "name")
    if mail is None or "@" not in mail:
        return None
    return people.add((user.get("id"), mail), mail, None, None)


def without_mail(value: object) -> object:
    """A row for the report, with no mail address in it."""
    if isinstance(value, Mapping):
        return {mail_free(str(key)): without_mail(found) for key, found in value.items()}
    if isinstance(value, list):
        return [without_mail(found) for found in value]
    return mail_free(value) if isinstance(value, str) else value


def mail_free(text: str) -> str:
    """A text without mail addresses, which do not belong in a repository that others read."""
    return re.sub(r"@[\w.-]+", "@…", text)
