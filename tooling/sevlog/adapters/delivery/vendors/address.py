"""An address `VENDOR+https://…`, taken apart. Errors contain no part of its value."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote

from ..base import BadAddress

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Address:
    """The parts of an address, each taken once."""

    def __init__(self, name: str, found: SplitResult, form: str) -> None:
        """found: with http or https as its scheme. form: an example, for errors. Raises BadAddress."""
        self.name, self._found, self._form = name, found, form
        try:
            host, _ = found.hostname, found.port
        except ValueError:
            host = None
        if not host:
            raise self.wrong("the host is missing or invalid")
        if found.scheme == "http" and host not in _LOOPBACK:
            raise self.wrong("its secrets would go over a connection that is not encrypted")
        pairs = parse_qsl(found.query.replace("+", "%2B"), keep_blank_values=True)
        self._options = dict(pairs)
        if len(pairs) != len(self._options):
            raise self.wrong("an option is given twice")
        self._left = set(self._options)

    def wrong(self, why: str) -> BadAddress:
        """The error for this address."""
        return BadAddress(self.name, why, f"use: {self._form}")

    @property
    def user(self) -> str | None:
        """The user part, decoded."""
        return unquote(self._found.username) if self._found.username else None

    @property
    def password(self) -> str | None:
        """The password part, decoded."""
        return unquote(self._found.password) if self._found.password else None

    @property
    def path(self) -> str:
        """The path without a slash at its end."""
        return self._found.path.rstrip("/")

    def option(self, key: str, pattern: str, what: str, default: str | None = None) -> str:
        """The value of an option. what: the rule, for the error. Raises BadAddress, also where it is missing."""
        self._left.discard(key)
        value = self._options.get(key) or default
        if value is None:
            raise self.wrong(f"{key}= is missing ({what})")
        if not re.fullmatch(pattern, value):
            raise self.wrong(f"{key}= is not {what}")
        return value

    def given(self, key: str, pattern: str, what: str) -> str | None:
        """The same for an option that may be missing."""
        return self.option(key, pattern, what) if self._options.get(key) else None

    def query(self) -> str:
        """The whole query, for a vendor whose own address has one."""
        self._left.clear()
        return self._found.query

    def base(self, path: str, query: str = "") -> SplitResult:
        """Where to post: the host with this path. Raises BadAddress for options that nobody took."""
        if self._left:
            raise self.wrong("it has an option that this service does not have")
        host = self._found.netloc.rpartition("@")[2]
        return self._found._replace(netloc=host, path=path, query=query, fragment="")
