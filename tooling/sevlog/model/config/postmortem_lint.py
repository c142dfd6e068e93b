"""`policies.postmortem_lint` of sevlog.yaml: what the lint of postmortems reports, and what `check` reports of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ..forms import ShortText, Word
from ..vocabulary import PostmortemStatus
from .comms import Settings


class PostmortemLint(Settings, frozen=True, kw_only=True):
    """The lint of postmortems (docs/postmortem-lint.md)."""

    rules: Annotated[
        dict[Word, Literal["error", "warning", "off"]], Meta(description="Rule -> error, warning or off.")
    ] = field(default_factory=dict)
    words: Annotated[
        dict[Word, tuple[ShortText, ...]],
        Meta(
            description="Rule -> more words or phrases, in any language; `*` matches the rest of a word. `allowed`: "
            "phrases without findings."
        ),
    ] = field(default_factory=dict)
    names: Annotated[
        tuple[ShortText, ...], Meta(description="Names of people who are not in oncall.yaml, for `blame_name`.")
    ] = ()
    optional: Annotated[
        tuple[ShortText, ...], Meta(description="Headings of templates that a postmortem may lack or leave empty.")
    ] = ("Supporting data", "Supporting information", "Messages")
    check: Annotated[
        dict[PostmortemStatus, Literal["error", "warning", "off"]],
        Meta(description="Status -> what `check` reports: errors of the lint, its warnings too, or nothing."),
    ] = field(default_factory=lambda: {"in_review": "error", "approved": "error"})
