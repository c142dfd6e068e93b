"""An act that others made illegal before it was sent, and what its author learns."""

from __future__ import annotations

from msgspec import Struct

from ...errors import Refused
from ...model.problem import Problem
from ...model.timeline.entries import kind_of
from ...model.timeline.entry_parts import Entry
from ...model.vocabulary import shortened


class Dropped(Struct, frozen=True, kw_only=True):
    """An act that others made illegal: what it wanted, what stands against it, and who did what in between."""

    commit: str
    incident: str
    subject: str
    objections: tuple[Problem, ...]
    meanwhile: tuple[str, ...]

    @property
    def because(self) -> str:
        """What stands against it, in a line."""
        return "; ".join(p.message for p in self.objections) or "they changed the same file"

    @property
    def kept(self) -> str:
        """How its author gets at their words."""
        return f"your entry is not in the record; it is kept locally: git show {self.commit[:10]}"

    def refusal(self) -> Refused:
        """The error that tells its author."""
        return Refused(
            f"{self.incident}: others recorded first, so this was not recorded: {self.because}",
            *(f"meanwhile: {text}" for text in self.meanwhile),
            *(p.hint or "" for p in self.objections),
            f"see its current state: sevlog show {self.incident}",
            self.kept,
            details={"dropped": self.subject, "commit": self.commit, "meanwhile": list(self.meanwhile)},
        )

    def told(self) -> str:
        """The same as a warning, where something else was being done."""
        who = f" (meanwhile: {'; '.join(self.meanwhile)})" if self.meanwhile else ""
        return f"“{self.subject}” was recorded locally, but cannot be sent: {self.because}{who}; {self.kept}"


def vanished(incident: str) -> Problem:
    """That the incident of an act is not there any more."""
    return Problem(
        code="missing_card",
        incident=incident,
        message=f"incident `{incident}` no longer exists",
        hint="if it continues, raise it again: sevlog raise",
    )


def told(entry: Entry) -> str:
    """Who did what, in a line."""
    what = getattr(entry, "to", None) or " ".join((entry.text or "").split())
    text = f"{entry.at:%H:%M:%S}Z {entry.by or 'someone'}: {kind_of(entry).replace('_', ' ')} {what}".rstrip()
    return shortened(text, _MOST_REPORTED)


_MOST_REPORTED = 160
