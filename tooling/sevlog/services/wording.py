"""Words for whoever sends: what one audience reads of one entry over one channel.

The one door for text that leaves: deliveries ask here and nowhere else. Customers (audiences public and social) read
what the public view has and nothing besides; an entry they may not hear of raises NotTold.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from ..errors import NotFound, Refused
from ..model.entries import Correction, Redaction, Retraction, Update
from ..model.incident import Record
from ..model.publication import published
from ..model.state import State, TimelineItem
from ..model.vocabulary import Audience
from . import gists

if TYPE_CHECKING:
    from .workspace import Workspace

OUTSIDE: frozenset[Audience] = frozenset({"public", "social"})
"""Audiences outside the company: they read public facts only."""


class NotTold(Refused):
    """This audience does not hear of this entry: it is internal, restricted, or was taken back."""


class Wording(Struct, frozen=True, kw_only=True):
    """A message, ready to send.

    subject: one line of plain text, for mail and the head of a chat message.
    text: the whole message in Markdown. plain: the same without markup.
    short: one line of plain text within the limit of the channel (a social network, sms), with the link where there is
    one. A channel without a limit has the first paragraph.
    url: where it can be read on the page, None where the public page does not have it.
    thread: what all messages about this incident share, safe to show to this audience: a public id outside, the record
    id inside. Make Message-IDs and deduplication keys from it.
    correction: it puts right, or takes back, what was sent before. replaces: the id of the entry that said it.
    """

    subject: str
    text: str
    plain: str
    short: str
    url: str | None
    thread: str
    correction: bool = False
    replaces: str | None = None


def wording(
    workspace: Workspace, record: Record, entry: str, *, audience: Audience, channel: str = "email",
    as_of: datetime | None = None,
) -> Wording:  # fmt: skip
    """What `audience` reads of the entry with this id over `channel` (page, email, chat, sms, webhook, a network).

    as_of: only what was so and known by then counts; default: everything in the record. An update that was corrected
    has the corrected text, so that a late delivery says what is true; the correction itself, as an entry, reads as a
    correction. Raises NotFound for an entry that is not there, NotTold where the audience does not hear of it.
    """
    now = as_of or workspace.clock()
    state = workspace.state(record, as_of=as_of, known_by=as_of)
    item = state.item(entry)
    if item is None:
        raise NotFound(f"{record.id} has no entry `{entry}`", f"the ids: sevlog timeline {record.id}")
    about = _about(state, item)
    said = about.effective or about.entry
    amended = about is not item
    if about.effective is None and not amended:
        raise NotTold(f"{entry} was taken back by {about.retracted_by}")
    if audience in OUTSIDE and not (isinstance(said, Update) and said.audience in OUTSIDE):
        raise NotTold(f"{entry} is not for the audience {audience}")
    view = published(record, workspace.config, now)
    if audience in OUTSIDE and view is None:
        raise NotTold(f"{record.id} is not public")
    url = view.incident.shortlink if view else None
    title = view.incident.name if view and audience in OUTSIDE else record.card.title
    body = (said.text if isinstance(said, Update) else gists.gist(said)) or ""
    mark = "Correction: " if amended else ""
    subject = f"{mark}{title}: {said.phase if isinstance(said, Update) else state.status}"
    text = f"{mark}{body}" + (f"\n\n{url}" if url else "")
    return Wording(
        subject=subject, text=text, plain=text, short=f"{mark}{body.splitlines()[0] if body else title}", url=url,
        thread=view.incident.id if view and audience in OUTSIDE else record.id, correction=amended,
        replaces=about.id if amended else None,
    )  # fmt: skip


def _about(state: State, item: TimelineItem) -> TimelineItem:
    """The entry that this one is about: the one it amends, else itself."""
    if isinstance(item.entry, Correction | Retraction | Redaction):
        return state.item(item.entry.of) or item
    return item
