"""The review of a postmortem: who is asked, which approvals count, and what it still waits for (S85, S90)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from msgspec import Struct

from ...config.settings import Config
from ...oncall.roster import OnCall
from ...timeline.entries import Note
from ...timeline.entry_parts import Entry
from ...timeline.incident import Postmortem, Record
from ...timeline.state import State, TimelineItem

SUBMITTED = "Postmortem submitted for review"
"""How the note of `postmortem submit` begins."""


class Review(Struct, frozen=True, kw_only=True):
    """Approvals that count, and what is required. board: one of these people must approve, if there are any."""

    needed: int
    approved: tuple[str, ...]
    board: frozenset[str] = frozenset()

    @property
    def has_board(self) -> bool:
        """Whether the board has approved, or does not have to."""
        return not self.board or bool(self.board & set(self.approved))

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return len(self.approved) >= self.needed and self.has_board

    def waits_for(self, reviewers: tuple[str, ...]) -> str:
        """What is missing, in words: 1 of 2 approvals, waiting for bo, cy."""
        counted = f"{len(self.approved)} of {max(self.needed, len(self.approved) + (not self.has_board))} approvals"
        asked = [name for name in reviewers if name not in self.approved]
        if len(self.approved) >= self.needed:
            asked = sorted(self.board)
        if not self.has_board:
            counted += ", one from the investigation board"
        return f"{counted}, waiting for {', '.join(asked)}" if asked else counted


def submits(entry: Entry | None) -> bool:
    """Whether an entry is the note of `postmortem submit`."""
    return isinstance(entry, Note) and entry.text.startswith(SUBMITTED)


def submission(state: State) -> TimelineItem | None:
    """The entry by which the postmortem went into review, the last one; None where somebody set the status by hand."""
    return next((item for item in reversed(state.timeline) if submits(item.effective)), None)


def digest(record: Record) -> str:
    """A digest of what is approved: the text without regard to white space, and the contributing factors."""
    found = record.postmortem
    factors = [f"{factor.id} {factor.text}" for factor in found.contributing_factors] if found else []
    words = " ".join([*(record.postmortem_text or "").split(), *factors])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def approvers(found: Postmortem | None) -> tuple[str, ...]:
    """Who approved, as the front matter says."""
    said = found.approved_by if found else None
    return (said,) if isinstance(said, str) else said or ()


def text_changed(record: Record) -> bool:
    """Whether the text is not the one that was approved; False where nobody approved, or no digest was kept."""
    found = record.postmortem
    return bool(found and approvers(found) and found.approved_text and found.approved_text != digest(record))


def valid_approvals(record: Record) -> tuple[str, ...]:
    """The approvals of the text as it is: a changed text has none."""
    return () if text_changed(record) else approvers(record.postmortem)


def review(record: Record, state: State, config: Config, roster: OnCall) -> Review:
    """The review as it stands."""
    return Review(
        needed=config.policies.postmortem.approvals,
        approved=valid_approvals(record),
        board=frozenset(board(state, config, roster)) if state.major else frozenset(),
    )


def board(state: State, config: Config, roster: OnCall) -> tuple[str, ...]:
    """The people of the investigation board: of the policy, and who has its role in the incident."""
    policy = config.policies.postmortem
    teams = {team.key: team.members for team in roster.teams}
    named = [person for name in policy.board for person in teams.get(name, (name,))]
    return tuple(dict.fromkeys((*named, *_holders(state, policy.board_role))))


def awaited(record: Record, state: State, config: Config, roster: OnCall) -> tuple[str, ...]:
    """The people whose approval a postmortem in review waits for: members of teams too, without its authors."""
    found = record.postmortem
    if found is None or found.status != "in_review":
        return ()
    so_far = review(record, state, config, roster)
    if so_far.is_complete:
        return ()
    teams = {team.key: team.members for team in roster.teams}
    asked = found.reviewers or reviewers(record, state, config, roster)
    people = (*(person for name in asked for person in teams.get(name, (name,))), *sorted(so_far.board))
    if len(so_far.approved) >= so_far.needed:
        people = tuple(sorted(so_far.board))
    return tuple(dict.fromkeys(who for who in people if who not in (*so_far.approved, *found.authors)))


def reviewers(record: Record, state: State, config: Config, roster: OnCall) -> tuple[str, ...]:
    """Who is asked: who is named already, the type's reviewers, the board of a major, roles, owners of components.

    Teams stay teams. Without those who wrote it alone, and names that oncall.yaml does not list.
    """
    found = record.postmortem
    authors = set(found.authors) if found else set()
    known = {*(person.key for person in roster.people), *(team.key for team in roster.teams)}
    named = found.reviewers if found else ()
    proposed = [name for name in _proposed(record, state, config, roster) if name in known and name not in authors]
    return tuple(dict.fromkeys((*named, *proposed)))


def _proposed(record: Record, state: State, config: Config, roster: OnCall) -> Iterator[str]:
    kind = config.incident_type(record.card.type)
    yield from kind.reviewers if kind else ()
    if state.major:
        yield from config.policies.postmortem.board
        yield from board(state, config, roster)
    for role in config.policies.postmortem.reviewer_roles:
        yield from _holders(state, role)
    touched = {step.component for step in state.component_steps}
    for component in config.components:
        if component.key in touched and component.owner:
            yield component.owner


def _holders(state: State, role: str | None) -> list[str]:
    """Who has or had a role."""
    return [holder.person for holder in (*state.holders, *state.former_holders) if holder.role == role]
