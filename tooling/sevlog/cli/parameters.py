"""The kinds of words that commands take: what help calls them, and what a shell offers in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.types import StringParamType

from . import completion, completion_runbooks

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Kind(StringParamType):
    """A word that names something of the repository. What it names is looked up by the service, not here."""

    def __init__(self, name: str, complete: completion.Completion) -> None:
        self.name = name
        self._complete = complete

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """What help calls it."""
        return self.name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """What fits."""
        return self._complete(ctx, incomplete)


INCIDENT = Kind("ID", completion.incidents)
TARGET = Kind("TARGET", completion.incidents)
ENTRY = Kind("ENTRY", completion.entries)
CHANGE = Kind("KEY=VALUE", completion.changes)
THEORY = Kind("REF", completion.references("theory"))
EXPERIMENT = Kind("REF", completion.references("experiment"))
OBSERVATION = Kind("REF", completion.references("observation"))
SOURCE_OF_THEORY = Kind("REF", completion.references("observation", "theory", "experiment"))
TASK = Kind("REF", completion.references("task"))
DRAFT = Kind("REF", completion.drafts)

COMPONENT = Kind("KEY", completion.components)
PAST_COMPONENT = Kind("KEY", completion.past_components)
STATE = Kind("KEY=STATE", completion.states)
HIT = Kind("KEY[=IMPACT]", completion.hits)

PERSON = Kind("PERSON", completion.people)
SCHEDULE = Kind("KEY", completion.schedules)
TEAM = Kind("KEY", completion.teams)
WHOM = Kind("WHOM", completion.whom)
ROLE = Kind("ROLE", completion.roles)

SEVERITY = Kind("LEVEL", completion.severities)
PRIORITY = Kind("LEVEL", completion.priorities)
TYPE = Kind("TYPE", completion.types)
STATUS = Kind("STATUS", completion.statuses)
GUARD = Kind("RULE", completion.guards)
CHANNEL = Kind("TYPE=URL", completion.channels)
CHANNEL_TYPE = Kind("TYPE", completion.channel_types)
RUNBOOK = Kind("RUNBOOK", completion_runbooks.runbooks)
STEP = Kind("STEP", completion_runbooks.steps)
TEMPLATE = Kind("NAME", completion.templates)
