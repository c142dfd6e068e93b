"""What can be said of a record with mistakes in its files: findings that hold whatever its unreadable parts say.

Names and values are checked in all that can be read. Findings of the fold (transitions, guards, roles) that
depend on a guess are left out, and one finding says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...model.problem import Problem
from ...model.rules.records import RULES
from ...model.rules.references import RecordUnderCheck
from ...model.timeline.entries import entry_id
from ...model.timeline.replay import replay
from ...stores import layout

if TYPE_CHECKING:
    from ...stores.records.salvage import Path, Salvaged
    from ...stores.records.salvaged_records import (
        SalvagedReading,  # with the careful reader, only where there are mistakes
    )

_Key = tuple[str, str | None, str]

_WHATEVER_ELSE = frozenset(
    {"raised_twice", "duplicate_entry_id", "repeated_entry", "invalid_correction", "ref_taken", "unknown_entry"}
)
"""Findings of the fold that no other entry can make untrue."""

_OF_TIMES = frozenset(
    {
        "odd_year",
        "known_too_early",
        "starts_after_entry",
        "ends_after_entry",
        "promise_in_the_past",
        "future_entry",
        "before_raised",
        "repeated_entry",
        "duplicate_entry_id",
    }
)
_OF_THE_STATE = frozenset(
    {"missing_field", "vague_action", "overdue_postmortem", "stale_incident", "waiting_review", "not_redacted"}
)
_LATE = frozenset({"overdue_postmortem", "waiting_review"})


class Certainty:
    """Which findings about a record hold, although parts of it are guesses. steps_known: whether the lifecycles are."""

    def __init__(self, case: RecordUnderCheck, salvaged: SalvagedReading | None, *, steps_known: bool = True) -> None:
        self._case, self._salvaged = case, salvaged
        self._of_fold = {_key(problem) for problem in case.state.problems}
        self._is_lost = not steps_known or (salvaged is not None and (salvaged.lost or _lacks_postmortem(salvaged)))
        self._anyway = self._without_guesses() if salvaged is not None and salvaged.unsure else None

    def of(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The findings that do not depend on a guess, each with its place in the file."""
        for problem in problems:
            if self.holds(problem):
                yield problem if self._salvaged is None else self._where_written(problem)

    def holds(self, problem: Problem) -> bool:
        """Whether it is so whatever the unreadable parts say."""
        is_of_fold = _key(problem) in self._of_fold
        if is_of_fold and self._is_lost and problem.code not in _WHATEVER_ELSE:
            return False
        if self._salvaged is None:
            return True
        if problem.code == "no_author" and problem.entry in self._salvaged.holed:
            return False
        if problem.code == "unknown_entry" and self._of(problem).endswith(self._salvaged.ids_lost):
            return False
        hangs_on_entries = is_of_fold or problem.code in _OF_THE_STATE
        if self._anyway is not None and hangs_on_entries and _key(problem) not in self._anyway:
            return False
        if problem.code in _LATE and _lacks_postmortem(self._salvaged):
            return False
        return not self._is_about_a_guess(problem)

    def note(self, folder: str) -> Problem | None:
        """The finding that something could not be checked; None where all was."""
        if self._salvaged is None or self._salvaged.doubtful is None:
            return None
        path, pointer = self._salvaged.doubtful
        return Problem(
            code="steps_unchecked",
            severity="warning",
            path=path,
            pointer=pointer,
            incident=self._case.record.id,
            message="until this is fixed, transitions, guards and roles that depend on it are not checked",
            hint=f"fix it, then: sevlog check {folder}",
        )

    def _is_about_a_guess(self, problem: Problem) -> bool:
        made = self._salvaged_file_of(problem)
        if made is None:
            return False
        if problem.entry is not None and made.is_guessed(("at",)) and problem.code in _OF_TIMES:
            return True
        return made.is_told(path_of(problem.pointer, made.value))

    def _where_written(self, problem: Problem) -> Problem:
        made = self._salvaged_file_of(problem)
        if made is None or not made.renamed:
            return problem
        from ...stores.records.diagnosis import pointer

        path = made.written(path_of(problem.pointer, made.value))
        return replace(problem, pointer=pointer(path))

    def _of(self, problem: Problem) -> str:
        """The id that a correction, retraction or redaction names."""
        item = self._case.state.item(problem.entry or "")
        return str(getattr(item.entry, "of", "")) if item is not None else ""

    def _salvaged_file_of(self, problem: Problem) -> Salvaged | None:
        assert self._salvaged is not None
        if problem.entry is not None:
            return self._salvaged.entries.get(problem.entry)
        return self._salvaged.documents.get(problem.path or layout.CARD_FILE)

    def _without_guesses(self) -> set[_Key]:
        """What would be found if the entries that are guesses were not there."""
        assert self._salvaged is not None
        rows = self._salvaged.reading.files
        kept = sorted(
            (e for _, entries in rows for e in entries if entry_id(e) not in self._salvaged.unsure), key=lambda e: e.at
        )
        record = replace(self._case.record, entries=tuple(kept))
        case = RecordUnderCheck(record, replay(record, self._case.config), self._case.config, self._case.names)
        return {_key(p) for p in (*case.state.problems, *(p for rule in RULES for p in rule(case)))}


def _lacks_postmortem(salvaged: SalvagedReading) -> bool:
    """Whether there is a postmortem of which nobody can say how far it is."""
    made = salvaged.documents.get(layout.POSTMORTEM_FILE)
    return made is not None and any(made.is_guessed((key,)) for key in ("status", "approved_by", "due"))


def _key(problem: Problem) -> _Key:
    return problem.code, problem.entry, problem.pointer


def path_of(place: str, value: object) -> Path:
    """The path of a JSON Pointer: an index where it leads into a list."""
    path: list[str | int] = []
    for part in place.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        step: str | int = int(name) if isinstance(value, list) and name.isdecimal() else name
        path.append(step)
        if isinstance(value, list):
            value = value[step] if isinstance(step, int) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return tuple(path)
