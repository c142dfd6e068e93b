"""What the lint of postmortems takes and what it returns."""

from __future__ import annotations

from msgspec import Struct

from ...problem import Gravity
from ...timeline.incident import ActionItem

POSTMORTEM, ACTIONS = "postmortem.md", "actions.yaml"


class Subject(Struct, frozen=True, kw_only=True):
    """A postmortem with the facts that its rules need.

    text: the whole file, with its line ends. template: the template it was made from; None where it is not known.
    people: handles and names. words: keys and names of components and services; a person's name that is also one of
    these is not searched. factors: whether the front matter lists contributing factors, None where it cannot be read.
    """

    text: str
    template: str | None = None
    people: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    factors: bool | None = None
    actions: tuple[ActionItem, ...] = ()


class Place(Struct, frozen=True):
    """A place that a rule found: offsets in the text; for an action item a JSON Pointer in actions.yaml.

    said: what to say instead of the rule's message. hint: what to suggest instead of the rule's suggestion.
    """

    start: int = 0
    end: int = 0
    pointer: str = ""
    excerpt: str = ""
    said: str | None = None
    hint: str | None = None
    gravity: Gravity | None = None


class Finding(Struct, frozen=True, kw_only=True):
    """One finding. file: postmortem.md or actions.yaml. line, column: in characters, from 1; None for actions.yaml,
    where `pointer` has the place."""

    rule: str
    gravity: Gravity
    file: str = POSTMORTEM
    line: int | None = None
    column: int | None = None
    pointer: str = ""
    excerpt: str = ""
    message: str
    suggestion: str
