"""The JSON documents of next, theories and workload. The classes are the source of schemas/cli/."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from ...model.guidance.role_cards import RoleStanding
from ...model.guidance.stages import Stage
from ...model.guidance.todo import Todo
from ...model.guidance.workload import Load
from ...model.problem import Problem
from ..common.documents import Brief
from .similar.documents import Similar


class Guide(Struct, kw_only=True):
    """What is outstanding in one incident."""

    incident: Brief
    first: Annotated[Todo | None, Meta(description="The one thing to do now; null when nothing is outstanding.")]
    stages: Annotated[list[Stage], Meta(description="The ten stages, or `learn` once it is resolved.")]
    similar: Annotated[
        Similar | None, Meta(description="The most similar past incidents; null where they were not looked up.")
    ] = None


class Guides(Struct, kw_only=True):
    """`sevlog next --json`: the incidents asked for, the most pressing first."""

    schema: str
    guides: list[Guide]
    problems: list[Problem] = []


class Tried(Struct, kw_only=True):
    """An experiment on a theory, with its result."""

    ref: str | None
    at: datetime
    by: str | None
    text: str | None
    expectation: str
    result: Annotated[str | None, Meta(description="null until it is known.")]
    result_at: datetime | None
    result_by: str | None
    reverted: bool | None


class Seen(Struct, kw_only=True):
    """An observation, with those who confirmed it."""

    ref: str | None
    at: datetime
    by: str | None
    text: str
    confirmed_by: Annotated[list[str], Meta(description="The others who saw it too.")]


class TheoryNode(Struct, kw_only=True):
    """A theory, where it comes from, and what was tried. seconds: from the first word of it to its verdict, or now."""

    ref: str
    text: str | None
    state: str
    proposed_fix: str | None
    depth: Annotated[int, Meta(description="0 for a theory that comes from no other theory.")]
    from_: Annotated[list[str], Meta(description="References it comes from: theories, observations.")] = field(
        name="from"
    )
    by: str | None
    opened_at: datetime
    settled_at: datetime | None
    seconds: float
    experiments: list[Tried]


class Theories(Struct, kw_only=True):
    """`sevlog theories --json`: in the order of the tree, children after their parent."""

    schema: str
    id: str
    theories: list[TheoryNode]
    observations: list[Seen]
    untested: Annotated[list[str], Meta(description="Open theories that no experiment has tested.")]


class Workload(Struct, kw_only=True):
    """`sevlog workload --json`: the most loaded first."""

    schema: str
    people: list[Load]
    could_take_over: Annotated[
        list[str], Meta(description="Who carries nothing and is not away, the most rested first.")
    ] = []
    problems: list[Problem] = []


class Roles(Struct, kw_only=True):
    """`sevlog roles --json`: the catalog of role cards; with an incident, who holds each role there."""

    schema: str
    incident: Annotated[str | None, Meta(description="null for the plain list of roles.")]
    roles: list[RoleStanding]
