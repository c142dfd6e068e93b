"""What a postmortem must have before it is submitted: words of its own, a contributing factor, agreed actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ....errors import Refused, SevlogError
from ....model.learning.actions import OPEN
from ....model.learning.postmortem.sections import has_own_words, unwritten
from ....stores import layout
from ....stores.markdown.postmortem_templates import DEFAULT, template_text
from ...recording.incident_session import IncidentSession
from .drafts import source_of
from .lint import linted


def check(session: IncidentSession, command: str) -> None:
    """Raise Refused with everything that is missing."""
    missing = [line for find in CHECKS for line in find(session)] or list(_lint(session))
    if not missing:
        return
    incident = session.record.id
    path = layout.folder_of(incident) / layout.POSTMORTEM_FILE
    again = f"write it: sevlog postmortem edit -i {incident}; then: sevlog postmortem {command} -i {incident}"
    message = missing[0] if len(missing) == 1 else f"{len(missing)} requirements are not met"
    raise Refused(f"{path}: {message}", *(missing if len(missing) > 1 else ()), again)


def _own_words(session: IncidentSession) -> Iterator[str]:
    """The sections that the template asks for are written; any words will do where it asks for nothing."""
    text = (session.record.postmortem_text or "").replace("\r\n", "\n")
    template = _template(session)
    source = source_of(session.workspace, session.record, session.state)
    if not has_own_words(template, text, source):
        yield "it still contains only the template and the facts of the record"
        return
    empty = [f"`{title}`" for title in unwritten(template, text, source)]
    if empty:
        yield f"sections without words of their own: {', '.join(empty)} (if there is nothing to say, write that)"


def _factors(session: IncidentSession) -> Iterator[str]:
    found = session.record.postmortem
    if found is not None and not found.contributing_factors:
        yield "no contributing factor in the front matter (contributing_factors: [{id: F1, text: …}])"


def _actions(session: IncidentSession) -> Iterator[str]:
    """On a major, accepted action items have an owner and a due date."""
    if not session.state.major:
        return
    for item in session.record.actions:
        lacking = [name for name, there in (("owner", item.owner or item.team), ("due date", item.due)) if not there]
        if item.status in OPEN and lacking:
            change = f"sevlog action change -i {session.record.id} {item.id}"
            yield f"action item {item.id} has no {' and no '.join(lacking)} ({change} --owner PERSON --due DAY)"


def _lint(session: IncidentSession) -> Iterator[str]:
    """The errors of the lint, each with its place."""
    found = linted(session.workspace, session.record.id)
    yield from (
        f"{problem.line}:{problem.column} {problem.message}"
        for problem in found.problems
        if problem.severity == "error"
    )


CHECKS: tuple[Callable[[IncidentSession], Iterator[str]], ...] = (_own_words, _factors, _actions)
"""What must be there before the lint looks at the words."""


def _template(session: IncidentSession) -> str:
    """The text of the template that the postmortem was made from; nothing where it does not exist any more."""
    found = session.record.postmortem
    try:
        return template_text(session.workspace.root, (found and found.template) or DEFAULT)
    except SevlogError:
        return ""
