"""Parameter types of commands: their name in help, and their completions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, get_args

import click
from click.types import StringParamType

from .completion import answers as completion_answers
from .completion import runbooks as completion_runbooks

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., object])


class WordType(StringParamType):
    """A word that names something in the repository. Services look it up."""

    def __init__(self, name: str, complete: completion_answers.Completion) -> None:
        self.name = name
        self._complete = complete

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The name in help."""
        return self.name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Completions of `incomplete`."""
        return self._complete(ctx, incomplete)


INCIDENT = WordType("ID", completion_answers.incidents)
TARGET = WordType("TARGET", completion_answers.incidents)
ENTRY = WordType("ENTRY", completion_answers.entries)
CHANGE = WordType("KEY=VALUE", completion_answers.changes)
THEORY = WordType("REF", completion_answers.references("theory"))
EXPERIMENT = WordType("REF", completion_answers.references("experiment"))
OBSERVATION = WordType("REF", completion_answers.references("observation"))
SOURCE_OF_THEORY = WordType("REF", completion_answers.references("observation", "theory", "experiment"))
TASK = WordType("REF", completion_answers.references("task"))
PROBLEM = WordType("KEY", completion_answers.problem_records)
ACTION = WordType("ITEM", completion_answers.action_items)
DRAFT = WordType("REF", completion_answers.drafts)

COMPONENT = WordType("KEY", completion_answers.components)
PAST_COMPONENT = WordType("KEY", completion_answers.past_components)
STATE = WordType("KEY=STATE", completion_answers.states)
HIT = WordType("KEY[=IMPACT]", completion_answers.hits)

PERSON = WordType("PERSON", completion_answers.people)
SCHEDULE = WordType("KEY", completion_answers.schedules)
TEAM = WordType("KEY", completion_answers.teams)
RECIPIENT = WordType("RECIPIENT", completion_answers.recipients)
ROLE = WordType("ROLE", completion_answers.roles)

SEVERITY = WordType("LEVEL", completion_answers.severities)
PRIORITY = WordType("LEVEL", completion_answers.priorities)
TYPE = WordType("TYPE", completion_answers.types)
FIELD = WordType("KEY=VALUE", completion_answers.custom_fields)
STATUS = WordType("STATUS", completion_answers.statuses)
GUARD = WordType("RULE", completion_answers.guards)
CHANNEL = WordType("TYPE=URL", completion_answers.channels)
CHANNEL_TYPE = WordType("TYPE", completion_answers.channel_types)
RUNBOOK = WordType("RUNBOOK", completion_runbooks.runbooks)
STEP = WordType("STEP", completion_runbooks.steps)
TEMPLATE = WordType("NAME", completion_answers.templates)
POSTMORTEM_TEMPLATE = WordType("NAME|PATH", completion_answers.postmortem_templates)


def filtering(function: F) -> F:
    """The options that choose incidents by what they are and when they started."""
    from ..model.vocabulary import IncidentKind

    kinds = click.Choice(get_args(IncidentKind))
    options = (
        click.option("--status", multiple=True, type=STATUS, help="Filter by status or category (live, learning …)."),
        click.option("--severity", multiple=True, type=SEVERITY, help="Filter by severity."),
        click.option("--component", multiple=True, type=PAST_COMPONENT, help="Filter by affected component."),
        click.option("--kind", multiple=True, type=kinds, help="Filter by kind of record."),
        click.option("--since", metavar="TIME", help="Started at or after: 2026-10-01, yesterday, -7d …"),
        click.option("--until", metavar="TIME", help="Started before."),
    )
    for option in reversed(options):
        function = option(function)
    return function
