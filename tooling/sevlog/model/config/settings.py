"""sevlog.yaml as data: the page, components and process. The classes are the source of its schema."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, field

from ..forms import Day, Duration, Handle, Instant, Key, LevelKey, Prose, RepositoryPath, ShortText, TypeKey, Url, Word
from ..vocabulary import Audience, Category, PageImpact, Paging, Visibility
from .comms import Comms, Settings
from .follow_up import FollowUp
from .intake import Intake
from .notify import Notify
from .policies import Policies
from .roles import RequiredRoles, Role


class ImportedFrom(Settings, frozen=True, kw_only=True):
    """The identity of an imported page, component or group in its source; the API keeps it."""

    system: Annotated[ShortText, Meta(description="statuspage, cstate …")]
    id: Annotated[ShortText, Meta(description="Its id there.")]
    created_at: Annotated[Instant | None, Meta(description="When it was created there.")] = None
    updated_at: Annotated[Instant | None, Meta(description="When it was last changed there.")] = None


LOGO_FORMATS = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Endings of images that the status page can show as its logo."""


class Page(Settings, frozen=True, kw_only=True):
    """The status page as a whole."""

    name: Annotated[ShortText, Meta(description="The page's name, shown at its top and in feeds.")]
    url: Annotated[
        str, Meta(pattern=r"^https?://[^\s<>\"]+\Z", description="Where the page is served; feeds and the API need it.")
    ]
    time_zone: Annotated[str, Meta(min_length=1, description="An IANA time zone, which sets the days of the page.")] = (
        "Etc/UTC"
    )
    description: Annotated[str | None, Meta(description="One or two sentences for readers and search engines.")] = None
    support_url: Annotated[Url | None, Meta(description="Where readers get help.")] = None
    logo: Annotated[
        str | None, Meta(description="An image below site/, such as assets/logo.svg, shown instead of the name.")
    ] = None
    accent: Annotated[
        Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}\Z")] | None, Meta(description="The accent color, #rrggbb.")
    ] = None
    languages: Annotated[
        tuple[
            Annotated[
                str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", description="A language: en, de, pt-BR.")
            ],
            ...,
        ],
        Meta(min_length=1, description="Languages of the status page, the default first: en, de, fr, es, ja."),
    ] = ("en",)
    stale_after: Annotated[Duration, Meta(description="The age after which the page warns that it is out of date.")] = (
        "24h"
    )
    public_ids: Annotated[
        Literal["opaque", "record"],
        Meta(description="opaque: public ids reveal nothing; record: the id of the record, with its internal title."),
    ] = "opaque"
    origin: Annotated[ImportedFrom | None, Meta(description="Where the page was imported from.")] = None


class Component(Settings, frozen=True, kw_only=True):
    """A part of the service that can fail on its own. The order of the list is the order on the page."""

    key: Annotated[Key, Meta(description="Stable; never shown.")]
    name: Annotated[ShortText, Meta(description="What readers see.")]
    group: Annotated[ShortText | None, Meta(description="The name of its group.")] = None
    description: Annotated[str | None, Meta(description="A sentence for readers.")] = None
    owner: Annotated[
        Key | None, Meta(description="The team of oncall.yaml that owns it; `sevlog page` pages its person on call.")
    ] = None
    public: Annotated[bool, Meta(description="Whether the public page shows it.")] = True
    showcase: Annotated[bool, Meta(description="Whether the page shows its uptime.")] = True
    only_show_if_degraded: Annotated[bool, Meta(description="Hidden while operational (Statuspage).")] = False
    start_date: Annotated[Day | None, Meta(description="Uptime counts from this day.")] = None
    retired_on: Annotated[Day | None, Meta(description="Retired on this day: only old incidents use it.")] = None
    depends_on: Annotated[tuple[Key, ...], Meta(description="Components that it depends on.")] = ()
    runbooks: Annotated[tuple[str, ...], Meta(description="Files below runbooks/.")] = ()
    origin: Annotated[ImportedFrom | None, Meta(description="Where it was imported from.")] = None


class Group(Settings, frozen=True, kw_only=True):
    """A group of components; needed only for a description, an order or an imported id."""

    name: Annotated[ShortText, Meta(description="The name that components give as their group.")]
    description: Annotated[str | None, Meta(description="A sentence for readers.")] = None
    origin: Annotated[ImportedFrom | None, Meta(description="Where it was imported from.")] = None


class Severity(Settings, frozen=True, kw_only=True):
    """A severity level; the list goes from worst to mildest."""

    key: Annotated[LevelKey, Meta(description="SEV1 …")]
    name: Annotated[ShortText | None, Meta(description="Critical …")] = None
    major: Annotated[bool, Meta(description="Whether the rules for major incidents apply.")] = False
    criteria: Annotated[tuple[ShortText, ...], Meta(description="Criteria for this level.")] = ()
    page: Annotated[
        Paging, Meta(description="immediate, working_hours or none: when `sevlog page` pages the person on call.")
    ] = "working_hours"
    ack_within: Annotated[
        Duration | None, Meta(description="How soon somebody must take command; `sevlog next` shows the deadline.")
    ] = None
    update_every: Annotated[dict[Audience, Duration], Meta(description="How often each audience gets an update.")] = (
        field(default_factory=dict)
    )
    first_update_within: Annotated[
        dict[Audience, Duration], Meta(description="How soon each audience gets the first update.")
    ] = field(default_factory=dict)
    postmortem: Annotated[
        Literal["required", "optional"] | None,
        Meta(description="Whether it needs a postmortem; default: required at a major level."),
    ] = None
    postmortem_within: Annotated[Duration | None, Meta(description="When the postmortem is due.")] = None
    impact: Annotated[PageImpact | None, Meta(description="The impact shown on the public page and in the API.")] = None


class Priority(Settings, frozen=True, kw_only=True):
    """A priority level; the list goes from most to least urgent."""

    key: Annotated[LevelKey, Meta(description="P1 …")]
    name: Annotated[ShortText | None, Meta(description="Now …")] = None
    description: Annotated[str | None, Meta(description="What it means for responders.")] = None


class IncidentType(Settings, frozen=True, kw_only=True):
    """An incident type and its settings."""

    key: Annotated[TypeKey, Meta(description="service, security …")]
    name: Annotated[ShortText | None, Meta(description="What people call it.")] = None
    default: Annotated[bool, Meta(description="Whether this is the default type.")] = False
    visibility: Annotated[Visibility | None, Meta(description="The visibility of new incidents.")] = None
    lifecycle: Annotated[TypeKey | None, Meta(description="A lifecycle of this file.")] = None
    roles: Annotated[RequiredRoles | None, Meta(description="Roles it needs.")] = None
    fields: Annotated[tuple[Word, ...], Meta(description="Custom fields it needs.")] = ()
    postmortem_template: Annotated[
        RepositoryPath | None,
        Meta(
            description="The postmortem template it starts from: atlassian, google, howie, pagerduty, or the path of a "
            "Markdown file from the folder of sevlog.yaml."
        ),
    ] = None
    reviewers: Annotated[tuple[Handle, ...], Meta(description="People or teams that review its postmortem.")] = ()
    comms: Annotated[Key | None, Meta(description="Its communication plan.")] = None
    runbooks: Annotated[tuple[str, ...], Meta(description="Files below runbooks/.")] = ()


class Status(Settings, frozen=True, kw_only=True):
    """A status of a lifecycle."""

    key: Annotated[Word, Meta(description="raised, fixing …")]
    category: Annotated[Category, Meta(description="triage, live, learning, closed or dropped.")]
    name: Annotated[ShortText | None, Meta(description="What people call it.")] = None


Act = Literal[
    "triage", "raise", "ack", "monitor", "reopen", "resolve", "close", "decline", "merge",
    "schedule", "start", "verify", "complete", "cancel",
]  # fmt: skip
"""The commands that make a step: those of an incident, then those of a maintenance."""


class Transition(Settings, frozen=True, kw_only=True):
    """A legal transition of a lifecycle. `new` means before the record exists."""

    from_: Annotated[Word, Meta(description="A status, or `new`.")] = field(name="from")
    to: Annotated[Word, Meta(description="A status.")]
    act: Annotated[
        Act | None,
        Meta(
            description="The command that makes this step: triage (raise --triage), raise, ack, monitor, reopen, "
            "resolve, close, decline or merge; of a maintenance schedule, start, verify, complete or cancel. "
            "Default: derived from the categories of the two statuses and the guards."
        ),
    ] = None
    guards: Annotated[tuple[Word, ...], Meta(description="Conditions that must hold.")] = ()


class Lifecycle(Settings, frozen=True, kw_only=True):
    """Statuses and the transitions between them."""

    statuses: Annotated[tuple[Status, ...], Meta(min_length=1, description="In order.")]
    transitions: Annotated[tuple[Transition, ...], Meta(min_length=1, description="All legal transitions.")]


class Hook(Settings, frozen=True, kw_only=True):
    """A custom command that runs after an event."""

    on: Annotated[tuple[Word, ...], Meta(min_length=1, description="Events.")]
    run: Annotated[Prose, Meta(description="The command, relative to the repository.")]
    timeout: Annotated[Duration, Meta(description="The time after which it is stopped.")] = "20s"
    keep_output: Annotated[bool, Meta(description="Whether its output is added to the timeline as evidence.")] = False


class GitSettings(Settings, frozen=True, kw_only=True):
    """How records are stored and pushed."""

    branch: Annotated[ShortText, Meta(description="The branch that holds the records.")] = "main"
    remote: Annotated[ShortText, Meta(description="The remote to push to.")] = "origin"
    flow: Annotated[
        Literal["direct", "pull-request"], Meta(description="Push to the branch, or open a pull request.")
    ] = "direct"
    push: Annotated[Literal["auto", "never"], Meta(description="auto: after each act, if there is a remote.")] = "auto"
    allowed_signers: Annotated[
        RepositoryPath | None,
        Meta(description="The file of allowed signers (SSH), read from the base of a pull request."),
    ] = None
    openpgp_keys: Annotated[
        RepositoryPath | None, Meta(description="A file of OpenPGP public keys, also read from the base.")
    ] = None
    forge_signers: Annotated[
        tuple[ShortText, ...],
        Meta(description="Additional signers for merges only: principals, addresses, or fingerprints."),
    ] = ()


class Source(Settings, frozen=True, kw_only=True):
    """Another repository or page to show or import here."""

    key: Annotated[Key, Meta(description="Its name here.")]
    kind: Annotated[ShortText, Meta(description="sevlog, statuspage …")]
    url: Annotated[Url, Meta(description="Where it is.")]


class CustomField(Settings, frozen=True, kw_only=True):
    """A custom field of incident.yaml."""

    type: Annotated[
        Literal["string", "integer", "number", "boolean", "date", "list"], Meta(description="The type of its value.")
    ]
    description: Annotated[str | None, Meta(description="What it means.")] = None
    required_for: Annotated[tuple[LevelKey, ...], Meta(description="Severities at which it is required.")] = ()


class Config(Settings, frozen=True, kw_only=True):
    """sevlog.yaml as written; missing keys have the shipped defaults."""

    schema: Annotated[int, Meta(ge=1, description="The version of this file's format.")]
    page: Annotated[Page, Meta(description="The status page.")]
    components: Annotated[tuple[Component, ...], Meta(description="In the order of the page.")] = ()
    groups: Annotated[tuple[Group, ...], Meta(description="Groups, in the order of the page.")] = ()
    severities: Annotated[tuple[Severity, ...], Meta(description="From worst to mildest.")] = ()
    priorities: Annotated[tuple[Priority, ...], Meta(description="From most to least urgent.")] = ()
    priority_matrix: Annotated[dict[str, dict[str, LevelKey]], Meta(description="Scope -> urgency -> priority.")] = (
        field(default_factory=dict)
    )
    types: Annotated[tuple[IncidentType, ...], Meta(description="Incident types.")] = ()
    roles: Annotated[tuple[Role, ...], Meta(description="Roles in the response.")] = ()
    lifecycles: Annotated[dict[TypeKey, Lifecycle], Meta(description="`default` and `maintenance` always exist.")] = (
        field(default_factory=dict)
    )
    comms: Annotated[Comms, Meta(description="The communication plan.")] = field(default_factory=Comms)
    notify: Annotated[Notify, Meta(description="Notifications.")] = field(default_factory=Notify)
    hooks: Annotated[tuple[Hook, ...], Meta(description="Custom commands that run after events.")] = ()
    intake: Annotated[Intake, Meta(description="Rules for alerts.")] = field(default_factory=Intake)
    follow_up: Annotated[FollowUp, Meta(description="Where action items are done.")] = field(default_factory=FollowUp)
    git: Annotated[GitSettings, Meta(description="How records are stored and pushed.")] = field(
        default_factory=GitSettings
    )
    policies: Annotated[Policies, Meta(description="Thresholds and switches.")] = field(default_factory=Policies)
    sources: Annotated[tuple[Source, ...], Meta(description="Other repositories or pages.")] = ()
    fields: Annotated[dict[Word, CustomField], Meta(description="Custom fields of incident.yaml.")] = field(
        default_factory=dict
    )

    def component(self, key: str) -> Component | None:
        """The component with this key."""
        return next((c for c in self.components if c.key == key), None)

    def severity(self, key: str | None) -> Severity | None:
        """The severity with this key."""
        return next((s for s in self.severities if s.key == key), None)

    def is_major(self, severity: str | None) -> bool:
        """Whether the rules for major incidents apply at this severity (S2)."""
        level = self.severity(severity)
        return level is not None and level.major

    def needs_postmortem(self, severity: str | None) -> bool:
        """Whether incidents of this severity need an approved or waived postmortem to close."""
        level = self.severity(severity)
        return level is not None and (level.postmortem == "required" or (level.postmortem is None and level.major))

    @property
    def lead_roles(self) -> tuple[str, ...]:
        """The roles that lead the response: those with `leads`, else the first with `single_lead`, else the first."""
        marked = tuple(role.key for role in self.roles if role.leads)
        first = [role.key for role in self.roles if role.single_lead] or [role.key for role in self.roles]
        return marked or tuple(first[:1])

    @property
    def lead_role(self) -> str:
        """The role that `ack` gives."""
        return next(iter(self.lead_roles), "")

    def role_name(self, key: str) -> str:
        """What people call a role: its name, else its key in words."""
        found = next((role.name for role in self.roles if role.key == key), None)
        return found or key.replace("_", " ")

    def incident_type(self, key: str) -> IncidentType | None:
        """The type with this key."""
        return next((t for t in self.types if t.key == key), None)

    def lifecycle_for(self, kind: str, type_key: str) -> Lifecycle:
        """The lifecycle of a record: `maintenance` by kind, else the one of its type, else `default`."""
        if kind == "maintenance":
            return self.lifecycles["maintenance"]
        chosen = self.incident_type(type_key)
        name = chosen.lifecycle if chosen and chosen.lifecycle else "default"
        return self.lifecycles.get(name) or self.lifecycles["default"]


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta:
    """The duration of a text such as 15m or 5d. Raises ValueError for anything else."""
    match = re.fullmatch(r"([1-9]\d{0,4})([smhdw])", text)
    if not match:
        raise ValueError(f"{text!r} is not a duration such as 90s, 15m, 2h, 5d or 4w")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
