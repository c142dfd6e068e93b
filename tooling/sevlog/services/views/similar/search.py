"""Recalls past incidents that are like one: why, what was tried, what proved right, what is not finished (S61, S80)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....errors import SevlogError, UsageError
from ....model.learning.drills import original_of
from ....model.similarity.incident_profile import Story, Words, story, words_of
from ....model.vocabulary import LIVE_CATEGORIES
from ....stores.markdown.problem_records import ProblemRecord, read_problem_records
from ...common.documents import SCHEMA
from ...workspace import lookup
from .documents import Alike, ProblemOf, Similar
from .profiles import SimilarStory, Stories

if TYPE_CHECKING:
    from ....model.timeline.incident import Record
    from ....model.timeline.state import State
    from ...workspace.workspace import Workspace

MOST = 5
_OFFERED = 2
PATIENCE = 0.3
"""Seconds that an offer may take which nobody asked for."""


def similar(
    workspace: Workspace, incident: str | None, text: str | None = None, *, most: int = MOST, remember: bool = True
) -> Similar:
    """The incidents that are most like one, or like a text. remember: whether the index may be used.

    incident: a part of an id; None (and no text) means the only live one. Raises NotFound, UsageError.
    """
    if incident is not None and text is not None:
        raise UsageError("give an incident or a text, not both", "omit one of them")
    stories = Stories(workspace, remember=remember)
    if text is not None:
        words = Words(names=" ".join(text.split()))
        if not words.names:
            raise UsageError("the text is empty", 'sevlog similar --text "payments time out"')
        ours = Story(id="", title=text, kind="incident", type="", status="", category="", stems=("", "", "", ""))
    else:
        record = workspace.record(lookup.resolve(workspace, incident))
        state = workspace.state(record)
        ours, words = story(state, record), words_of(state, record)
    stories.take_in()
    return _document(workspace, ours, text, stories.like(ours, words, workspace.clock())[:most])


def is_text(workspace: Workspace, words: str) -> bool:
    """Whether words are a text to search by: several, or one that neither is part of an id nor looks like one."""
    word = words.strip().lower()
    return len(words.split()) > 1 or ("-" not in word and not any(word in one for one in workspace.ids()))


def offered(workspace: Workspace, record: Record, state: State, *, patience: float = PATIENCE) -> Similar:
    """What `similar` would say first of an incident, for those who did not ask: in bounded time, and it never fails."""
    return offered_for(workspace, [(record, state)], patience=patience)[0]


def offered_for(
    workspace: Workspace, incidents: Sequence[tuple[Record, State]], *, patience: float = PATIENCE
) -> list[Similar]:
    """The same for several incidents, with one look at the past."""
    try:
        stories = Stories(workspace)
        if stories.take_in(patience):
            return [_offer(workspace, stories, record, state) for record, state in incidents]
    except (SevlogError, OSError):
        pass  # `similar` reports errors; here they must not block the command
    why = "past incidents are not indexed yet; to search them: sevlog similar"
    return [
        Similar(schema=SCHEMA, id=state.id, text=None, incidents=[], skipped=f"{why} {state.id}")
        for _, state in incidents
    ]


def _offer(workspace: Workspace, stories: Stories, record: Record, state: State) -> Similar:
    """Without the original of a drill: it would give the solution to those who practice."""
    ours, words = story(state, record), words_of(state, record)
    found = stories.like(ours, words, workspace.clock())[: _OFFERED + 1]
    hidden = original_of(state)
    return _document(workspace, ours, None, [row for row in found if row.story.id != hidden][:_OFFERED])


def _document(workspace: Workspace, ours: Story, text: str | None, found: list[SimilarStory]) -> Similar:
    known = list(read_problem_records(workspace.root)) if found else []
    incidents = [_alike(ours, row, known) for row in found]
    return Similar(schema=SCHEMA, id=ours.id or None, text=text, incidents=incidents)


def _alike(ours: Story, row: SimilarStory, known: list[ProblemRecord]) -> Alike:
    other, linked = row.story, row.story.id in ours.linked or ours.id in row.story.linked
    recurs, live = row.likeness.recurs, row.likeness.recurs and other.category in LIVE_CATEGORIES
    link = None if linked or not ours.id else f"sevlog link -i {ours.id} --rel related {other.id}"
    if link and live and ours.category in LIVE_CATEGORIES:
        link = f"sevlog merge -i {ours.id} {other.id}"
    return Alike(
        id=other.id,
        title=other.title,
        kind=other.kind,
        severity=other.severity,
        status=other.status,
        category=other.category,
        visibility=other.visibility,
        components=list(other.components),
        started_at=other.began_at,
        seconds=other.seconds,
        score=row.likeness.score,
        why=list(row.likeness.why),
        recurs=recurs and not live,
        live=live,
        linked=linked,
        merged_into=other.merged_into,
        proved_right=list(other.proved_right),
        ruled_out=list(other.ruled_out),
        tried=list(other.tried),
        unfinished=list(other.unfinished),
        command=link,
        problems=[ProblemOf(key=p.key, title=p.title, status=p.status) for p in known if other.id in p.incidents],
    )
