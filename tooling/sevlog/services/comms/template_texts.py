"""Texts for senders: what one audience reads of one entry over one channel.

The one door for text that leaves: deliveries ask here and nowhere else. Customers (audiences public and social) read
what the public view has and nothing besides; an entry they may not hear of raises NotForAudience.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...errors import NotFound, Refused, SevlogError
from ...model.comms.networks import fitted, networks
from ...model.comms.plaintext import one_line, plain
from ...model.comms.plan import OUTSIDE
from ...model.comms.template_facts import Facts, Outside, moment
from ...model.comms.templates import render
from ...model.guidance.comms_stages import audience_name
from ...model.notices.personal import Personal
from ...model.timeline.entries import Correction, Redaction, Retraction, Update, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import Record
from ...model.timeline.kinds.registry import subject
from ...model.timeline.state import State, TimelineItem
from ...model.vocabulary import Audience
from ...stores.markdown.comms_templates import TemplateFile, Templates
from .notices import notice_facts
from .template_facts import KnownFacts, facts_of

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace


class NotForAudience(Refused):
    """This audience does not hear of this entry: it is internal, restricted, or was taken back."""


class Wording(Struct, frozen=True, kw_only=True):
    """A message, ready to send.

    subject: one line of plain text, for mail and the head of a chat message.
    text: the whole message in Markdown. plain: the same without markup.
    short: one line of plain text within the limit of the channel (a social network, sms); for customers with the link.
    A channel without a limit has all of it.
    url: where it can be read on the page, None where the public page does not have it.
    thread: what all messages about this incident share, safe to show to this audience: a public id outside, the record
    id inside. Make Message-IDs and deduplication keys from it.
    correction: it puts right, or takes back, what was sent before. replaces: the id of the entry that said it.
    warnings: errors in templates, for which shipped ones were used; for the operator, not for readers.
    """

    subject: str
    text: str
    plain: str
    short: str
    url: str | None
    thread: str
    correction: bool = False
    replaces: str | None = None
    warnings: tuple[str, ...] = ()


_HEARS: dict[str, frozenset[str]] = {
    "public": frozenset({"public"}),
    "social": frozenset({"social", "public"}),
    "internal": frozenset({"internal", "public", "social"}),
    "executive": frozenset({"executive", "public", "social"}),
}
"""Audience -> the audiences whose updates it may be sent."""
_SEEN = frozenset({"text", "components", "phase", "next_update_at", "audience"})
"""Keys of an update whose correction its readers see."""


def wording(
    workspace: Workspace,
    record: Record,
    entry: str,
    *,
    audience: Audience,
    channel: str = "email",
    as_of: datetime | None = None,
) -> Wording:
    """What `audience` reads of the entry with this id over `channel` (page, email, chat, sms, webhook, a network).

    as_of: only what was so and known by then counts; default: everything in the record. An update that was corrected
    has the corrected text, so that a late delivery says what is true; the correction itself, as an entry, reads as a
    correction. Raises NotFound for an entry that is not there, NotForAudience where the audience does not hear of it.
    """
    record = record if as_of is None else _known_by(record, as_of)
    message = _Message(workspace, record, entry, audience, as_of or workspace.clock())
    return message.worded(channel)


def wording_and_view(
    workspace: Workspace, record: Record, entry: str, *, audience: Audience, channel: str, to: Personal | None = None
) -> tuple[Wording, Outside | None]:
    """The same, and for customers the public view that the text was made from; None for colleagues.

    to: the person that it goes to, with what it is about; then it reads as that.
    """
    message = _Message(workspace, record, entry, audience, workspace.clock(), to)
    return message.worded(channel), message.view


class _Message:
    """One entry, as a message to one audience."""

    def __init__(
        self,
        workspace: Workspace,
        record: Record,
        entry: str,
        audience: Audience,
        now: datetime,
        to: Personal | None = None,
    ) -> None:
        self._workspace, self._config, self._audience = workspace, workspace.config, audience
        self._to, self._now = to, now
        state = workspace.state(record)
        item = state.item(entry)
        if item is None:
            raise NotFound(f"{record.id} has no entry `{entry}`", f"list the ids: sevlog timeline {record.id}")
        self._item = item
        self._about = _about(state, item)
        self._corrects = isinstance(item.entry, Correction) and self._about is not item
        self._takes_back = isinstance(item.entry, Retraction | Redaction) and self._about is not item
        if self._takes_back:  # then what it says of the incident is what was so before
            record = replace(record, entries=tuple(e for e in record.entries if entry_id(e) != entry))
        self._said: Entry = self._about.effective or self._about.entry
        self._may_hear()
        self._record = record
        self._known: KnownFacts = facts_of(record, self._config, self._about.id, audience, now)
        if audience in OUTSIDE and self._known.view is None:
            raise NotForAudience(f"{record.id} is not public")
        self._warnings: list[str] = []

    @property
    def view(self) -> Outside | None:
        """What customers may see of it; None for colleagues."""
        return self._known.view if self._audience in OUTSIDE else None

    def worded(self, channel: str) -> Wording:
        """The message for a channel."""
        facts = {**self._known.facts, **self._own_facts()}
        if self._corrects or self._takes_back:
            facts["text"] = self._rendered(["correction" if self._corrects else "retraction"], facts)
        text = self._rendered([self._to.notice if self._to else "message"], facts)
        view = self._known.view
        url = view.incident.shortlink if view else None
        short = self._rendered(["post"], {**facts, "text": one_line(facts["text"] or "")})
        limit = networks(self._config.comms.networks).get(channel)
        link = url if self._audience in OUTSIDE else None
        return Wording(
            subject=one_line(self._rendered(["notice_subject" if self._to else "subject"], facts)),
            text=text,
            plain=plain(text),
            short=fitted(one_line(short), link, limit) if limit else one_line(short),
            url=url,
            thread=view.incident.id if view and self._audience in OUTSIDE else self._record.id,
            correction=self._corrects or self._takes_back,
            replaces=self._about.id if self._corrects or self._takes_back else None,
            warnings=tuple(self._warnings),
        )

    def _may_hear(self) -> None:
        item, said, audience = self._item, self._said, self._audience
        if self._to is not None:
            return
        if item.effective is None or (self._about.effective is None and not self._takes_back):
            raise NotForAudience(f"{item.id} was retracted")
        if not isinstance(said, Update):
            if audience in OUTSIDE:
                raise NotForAudience(f"{item.id} is internal: customers only see updates")
            return
        if said.audience not in _HEARS[audience]:
            raise NotForAudience(f"{item.id} is for {audience_name(said.audience)}, not for {audience_name(audience)}")
        if isinstance(item.entry, Correction) and not _SEEN & item.entry.set.keys():
            raise NotForAudience(f"{item.id} does not change anything that its readers see")

    def _own_facts(self) -> Facts:
        said = self._said
        told = isinstance(said, Update) and said.audience != self._audience and self._audience not in OUTSIDE
        if self._to is not None:
            return notice_facts(self._to, said, self._known.state, self._config, self._now)
        return {
            "text": None if self._takes_back else said.text if isinstance(said, Update) else subject(said),
            "update_at": moment(said.at, self._config.page.time_zone),
            "correction": "yes" if self._corrects else None,
            "retraction": "yes" if self._takes_back else None,
            "told_to": audience_name(said.audience) if told and isinstance(said, Update) else None,
        }

    def _rendered(self, names: Sequence[str], facts: Facts) -> str:
        """The text of the repository's own template; of the shipped one, with a warning, where that cannot be used."""
        for templates in (self._workspace.templates, Templates.shipped_only()):
            try:
                found = templates.find(self._audience, names)
            except SevlogError as error:
                self._warnings.append(error.message)
                continue
            text, lacking = render(found.nodes, facts) if found else ("", ())
            if found and not lacking:
                return text
            self._warnings.append(_lacks(found, names[0], lacking))
        return facts["text"] or facts.get("title") or ""


def _lacks(found: TemplateFile | None, name: str, lacking: Sequence[str]) -> str:
    if found is None:
        return f"template {name} does not exist"
    return f"template {found.name} needs: {', '.join(lacking)}"


def _about(state: State, item: TimelineItem) -> TimelineItem:
    """The entry that this one is about: the one it amends, else itself."""
    if isinstance(item.entry, Correction | Retraction | Redaction):
        return state.item(item.entry.of) or item
    return item


def _known_by(record: Record, at: datetime) -> Record:
    kept = tuple(e for e in record.entries if (e.recorded_at or e.at) <= at and e.at <= at)
    return replace(record, entries=kept)
