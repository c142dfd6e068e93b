"""The vendors, and what each can do. docs/notifications.md has the same table (tests keep them in step)."""

from __future__ import annotations

from msgspec import Struct

from .chats.discord import Discord
from .chats.googlechat import GoogleChat
from .chats.mattermost import Mattermost
from .chats.slack import Slack
from .chats.teams import Teams
from .chats.telegram import Telegram
from .pagers.ntfy import Ntfy
from .pagers.opsgenie import Opsgenie
from .pagers.pagerduty import Events
from .pagers.pushover import Pushover
from .posts.bluesky import Bluesky
from .posts.mastodon import Mastodon
from .posts.twilio import Twilio
from .vendor import Vendor


class Entry(Struct, frozen=True, kw_only=True):
    """A vendor. same: what makes a repeated delivery the same one there. threads: how messages of an incident join.

    limit: of one message.
    """

    carrier: type[Vendor]
    name: str
    same: str
    threads: str
    limit: str


_ALL = (
    Entry(
        carrier=Events,
        name="PagerDuty (Events API v2)",
        same="dedup key, one alert per incident",
        threads="one alert: triggered, acknowledged, resolved",
        limit="1024 characters, details 100000",
    ),
    Entry(
        carrier=Opsgenie,
        name="Opsgenie, Jira Service Management",
        same="alias, one alert per incident",
        threads="one alert: triggered, acknowledged, closed",
        limit="130 characters, details 15000",
    ),
    Entry(carrier=Ntfy, name="ntfy", same="sequence id, from server 2.16", threads="none", limit="4096 bytes"),
    Entry(
        carrier=Pushover,
        name="Pushover",
        same="none",
        threads="none; an answer or the end stops pages that repeat",
        limit="1024 characters",
    ),
    Entry(
        carrier=Slack,
        name="Slack",
        same="none",
        threads="with a bot: a thread; corrections edit; the topic",
        limit="4000 characters",
    ),
    Entry(carrier=Teams, name="Microsoft Teams (Workflows)", same="none", threads="none", limit="28000 bytes"),
    Entry(carrier=Mattermost, name="Mattermost", same="none", threads="none", limit="16383 characters"),
    Entry(carrier=GoogleChat, name="Google Chat", same="request id", threads="a thread", limit="32000 bytes"),
    Entry(carrier=Discord, name="Discord", same="none", threads="none", limit="2000 characters"),
    Entry(
        carrier=Telegram, name="Telegram", same="none", threads="answers to the first message", limit="4096 characters"
    ),
    Entry(
        carrier=Twilio,
        name="Twilio (SMS)",
        same="none",
        threads="none",
        limit="two segments, or `segments=`: 306 characters, 134 with other than GSM-7",
    ),
    Entry(
        carrier=Mastodon,
        name="Mastodon",
        same="Idempotency-Key, for an hour",
        threads="a thread",
        limit="500 characters, or `limit=`; a link counts 23",
    ),
    Entry(carrier=Bluesky, name="Bluesky", same="record key", threads="a thread", limit="300 characters"),
)

VENDORS: dict[str, Entry] = {entry.carrier.kind: entry for entry in _ALL}
"""The vendor of an address `VENDOR+https://…`."""
