"""Who wrote a message: the person of oncall.yaml with that handle, forge handle, name or mail address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from ...oncall.roster import Person


class Matcher:
    """Finds people by what a chat knows of them. A name that two people have matches nobody."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._by_hash: dict[str, str] = {}
        levels: tuple[dict[str, set[str]], ...] = ({}, {}, {})
        for person in people:
            if person.email_sha256:
                self._by_hash[person.email_sha256] = person.key
            for level, name in zip(levels, (person.key, person.forge, person.name), strict=True):
                if name:
                    level.setdefault(_plain(name), set()).add(person.key)
        self._levels: tuple[Mapping[str, set[str]], ...] = levels

    def handle(self, names: Iterable[str], mails: Iterable[str]) -> str | None:
        """The handle; None where nobody, or more than one person, fits."""
        for mail in mails:
            digest = hashlib.sha256(mail.strip().lower().encode()).hexdigest()
            if digest in self._by_hash:
                return self._by_hash[digest]
        said = [_plain(name) for name in names]
        for level in self._levels:
            found = {key for name in said for key in level.get(name, ())}
            if found:
                return found.pop() if len(found) == 1 else None
        return None


def _plain(name: str) -> str:
    return " ".join(name.removeprefix("@").casefold().split())
