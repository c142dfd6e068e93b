"""The section `comms` of sevlog.yaml: who is told how, in which words, how often, and who approves them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ..forms import Duration, Key, LevelKey, ShortText, Word
from ..vocabulary import Audience, Phase

TemplateName = Annotated[
    str,
    Meta(
        pattern=r"^([a-z]+/)?[a-z0-9][a-z0-9_-]*\Z",
        description="A file of the templates folder, without its ending: public/initial, or just initial.",
    ),
]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping of sevlog.yaml."""


class Telling(Settings, frozen=True, kw_only=True):
    """How an audience is told: in general, or in the cases of a row of the plan."""

    channels: Annotated[tuple[ShortText, ...] | None, Meta(description="chat, email, page, social, sms …")] = None
    groups: Annotated[
        tuple[Key, ...] | None, Meta(description="Groups of `comms.groups` that are told besides who asked to be.")
    ] = None
    approver: Annotated[
        Word | None, Meta(description="The role whose holder approves the text; `nobody`: it needs no approval.")
    ] = None
    approve_within: Annotated[
        Duration | None,
        Meta(description="How long a text waits for it; then it may go without, and the record says so."),
    ] = None
    self_approval: Annotated[
        bool | None, Meta(description="Whether an approver may approve what they wrote (left out: yes).")
    ] = None
    template: Annotated[
        TemplateName | None, Meta(description="A template, such as initial or public/initial; left out: by the phase.")
    ] = None
    every: Annotated[
        Duration | None, Meta(description="How often they hear of it (left out: as the severity says).")
    ] = None


class AudiencePlan(Telling, frozen=True, kw_only=True):
    """How one audience is told."""


class PlanRow(Telling, frozen=True, kw_only=True):
    """An exception of the plan: what it says replaces what the audience, and rows before it, said."""

    audiences: Annotated[tuple[Audience, ...], Meta(description="Only for these audiences.")] = ()
    severities: Annotated[tuple[LevelKey, ...], Meta(description="Only at these severities.")] = ()
    major: Annotated[bool | None, Meta(description="Only for major incidents, or only for others.")] = None
    phases: Annotated[tuple[Phase, ...], Meta(description="Only for updates of these phases.")] = ()


class Lint(Settings, frozen=True, kw_only=True):
    """What is said about texts for customers before they go out."""

    rules: Annotated[
        dict[Word, Literal["error", "warning", "off"]], Meta(description="Rule -> error, warning or off.")
    ] = field(default_factory=dict)
    words: Annotated[
        dict[Word, tuple[ShortText, ...]],
        Meta(description="Rule -> more words or phrases for it, in any language; `*` stands for the rest of a word."),
    ] = field(default_factory=dict)
    longest: Annotated[Annotated[int, Meta(ge=80)], Meta(description="Characters of an update, before it is long.")] = (
        1200
    )


class Network(Settings, frozen=True, kw_only=True):
    """What a social network (or another short channel) lets through."""

    limit: Annotated[Annotated[int, Meta(ge=40)], Meta(description="Characters of one post.")]
    link: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="What any link counts; left out: its characters.")
    ] = None
    weighted: Annotated[bool, Meta(description="Whether characters outside European scripts count two, as on X.")] = (
        False
    )


class Comms(Settings, frozen=True, kw_only=True):
    """The communication plan: audience x severity x phase -> channels, template, cadence, approver."""

    audiences: Annotated[dict[Audience, AudiencePlan], Meta(description="Per audience.")] = field(default_factory=dict)
    plan: Annotated[
        tuple[PlanRow, ...], Meta(description="Exceptions; of several rows that fit the later one wins.")
    ] = ()
    plans: Annotated[
        dict[Key, tuple[PlanRow, ...]],
        Meta(description="More exceptions, for types of incident whose `comms` names them; they come after `plan`."),
    ] = field(default_factory=dict)
    groups: Annotated[
        dict[Key, tuple[ShortText, ...]],
        Meta(description="Named groups of stakeholders: people, team:KEY, group:KEY, or names of lists; no addresses."),
    ] = field(default_factory=dict)
    templates: Annotated[str, Meta(description="The folder of templates: <audience>/<occasion or phase>.md.")] = (
        "comms/"
    )
    lint: Annotated[Lint, Meta(description="The rules for texts that customers read.")] = field(default_factory=Lint)
    networks: Annotated[
        dict[Key, Network], Meta(description="Social networks besides the shipped ones, or other limits for these.")
    ] = field(default_factory=dict)
