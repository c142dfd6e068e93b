"""The section `comms` of sevlog.yaml: channels, templates, cadence and approvers per audience."""

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


class AudienceSettings(Settings, frozen=True, kw_only=True):
    """The communication settings for an audience, in general or for a row of the plan."""

    channels: Annotated[tuple[ShortText, ...] | None, Meta(description="chat, email, page, social, sms …")] = None
    groups: Annotated[
        tuple[Key, ...] | None, Meta(description="Groups of `comms.groups` that receive it in addition to subscribers.")
    ] = None
    approver: Annotated[
        Word | None, Meta(description="The role whose holder approves the text; `nobody`: no approval needed.")
    ] = None
    approve_within: Annotated[
        Duration | None,
        Meta(description="How long a text waits for approval; then it may be published without, which is recorded."),
    ] = None
    self_approval: Annotated[
        bool | None, Meta(description="Whether approvers may approve their own texts (default: yes).")
    ] = None
    template: Annotated[
        TemplateName | None, Meta(description="A template, such as initial or public/initial; default: by the phase.")
    ] = None
    every: Annotated[Duration | None, Meta(description="How often they get an update (default: by severity).")] = None


class AudiencePlan(AudienceSettings, frozen=True, kw_only=True):
    """The communication plan for one audience."""


class PlanRow(AudienceSettings, frozen=True, kw_only=True):
    """An exception in the plan: it replaces the settings of the audience and of earlier rows."""

    audiences: Annotated[tuple[Audience, ...], Meta(description="Only for these audiences.")] = ()
    severities: Annotated[tuple[LevelKey, ...], Meta(description="Only at these severities.")] = ()
    major: Annotated[bool | None, Meta(description="Only for major incidents, or only for others.")] = None
    phases: Annotated[tuple[Phase, ...], Meta(description="Only for updates of these phases.")] = ()


class Lint(Settings, frozen=True, kw_only=True):
    """The lint for texts that customers read."""

    rules: Annotated[
        dict[Word, Literal["error", "warning", "off"]], Meta(description="Rule -> error, warning or off.")
    ] = field(default_factory=dict)
    words: Annotated[
        dict[Word, tuple[ShortText, ...]],
        Meta(description="Rule -> more words or phrases, in any language; `*` matches the rest of a word."),
    ] = field(default_factory=dict)
    longest: Annotated[Annotated[int, Meta(ge=80)], Meta(description="The longest update, in characters.")] = 1200


class Network(Settings, frozen=True, kw_only=True):
    """The limits of a social network or another short channel."""

    limit: Annotated[Annotated[int, Meta(ge=40)], Meta(description="The most characters of one post.")]
    link: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="How many characters any link counts; default: its length.")
    ] = None
    weighted: Annotated[bool, Meta(description="Whether characters outside European scripts count two, as on X.")] = (
        False
    )


class Comms(Settings, frozen=True, kw_only=True):
    """The communication plan: audience x severity x phase -> channels, template, cadence, approver."""

    audiences: Annotated[dict[Audience, AudiencePlan], Meta(description="Per audience.")] = field(default_factory=dict)
    plan: Annotated[tuple[PlanRow, ...], Meta(description="Exceptions; if several rows match, the last one wins.")] = ()
    plans: Annotated[
        dict[Key, tuple[PlanRow, ...]],
        Meta(description="More exceptions, for incident types whose `comms` names them; they apply after `plan`."),
    ] = field(default_factory=dict)
    groups: Annotated[
        dict[Key, tuple[ShortText, ...]],
        Meta(description="Named groups of stakeholders: people, team:KEY, group:KEY, or names of lists; no addresses."),
    ] = field(default_factory=dict)
    templates: Annotated[str, Meta(description="The folder of templates: <audience>/<occasion or phase>.md.")] = (
        "comms/"
    )
    lint: Annotated[Lint, Meta(description="Rules for texts that customers read.")] = field(default_factory=Lint)
    networks: Annotated[
        dict[Key, Network], Meta(description="Additional social networks, or other limits for the shipped ones.")
    ] = field(default_factory=dict)
