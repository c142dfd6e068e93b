"""The one family of errors that sevlog raises on purpose; each becomes a message and an exit code at the boundary."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the `sevlog` command."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    GIT = 5
    INVALID = 6
    BUG = 70
    INTERRUPTED = 130


class SevlogError(Exception):
    """What went wrong, where and why, with the command that would work.

    message: one sentence, lower case start, no full stop needed.
    hints: lines a person can act on, the command that would work among them.
    exit_code: what the process exits with.
    details: extra facts for `--json` readers (JSON types only).
    """

    exit_code: Exit = Exit.USAGE

    def __init__(self, message: str, *hints: str, details: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hints = tuple(h for h in hints if h)
        self.details = details or {}


class UsageError(SevlogError):
    """The words of the request make no sense: an unknown severity, a time without meaning."""

    exit_code = Exit.USAGE


class Refused(SevlogError):
    """The lifecycle or a guard does not allow the act now."""

    exit_code = Exit.REFUSED


class NotFound(SevlogError):
    """Nothing, or more than one thing, answers to the name given."""

    exit_code = Exit.NOT_FOUND


class GitTrouble(SevlogError):
    """Git is in the way: no identity, a merge under way, a failing hook, an impossible push."""

    exit_code = Exit.GIT


class InvalidRecord(SevlogError):
    """A record in the repository is invalid, or changed while we looked."""

    exit_code = Exit.INVALID
