"""Parameter types of commands: their name in help, and their completions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.types import StringParamType

from .completion import answers as completion_answers
from .completion import runbooks as completion_runbooks

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Kind(StringParamType):
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


INCIDENT = Kind("ID", completion_answers.incidents)
TARGET = Kind("TARGET", completion_answers.incidents)
ENTRY = Kind("ENTRY", completion_answers.entries)
CHANGE = Kind("KEY=VALUE", completion_answers.changes)
THEORY = Kind("REF", completion_answers.references("theory"))
EXPERIMENT = Kind("REF", completion_answers.references("experiment"))
OBSERVATION = Kind("REF", completion_answers.references("observation"))
SOURCE_OF_THEORY = Kind("REF", completion_answers.references("observation", "theory", "experiment"))
TASK = Kind("REF", completion_answers.references("task"))
DRAFT = Kind("REF", completion_answers.drafts)

COMPONENT = Kind("KEY", completion_answers.components)
PAST_COMPONENT = Kind("KEY", completion_answers.past_components)
STATE = Kind("KEY=STATE", completion_answers.states)
HIT = Kind("KEY[=IMPACT]", completion_answers.hits)

PERSON = Kind("PERSON", completion_answers.people)
SCHEDULE = Kind("KEY", completion_answers.schedules)
TEAM = Kind("KEY", completion_answers.teams)
RECIPIENT = Kind("RECIPIENT", completion_answers.recipients)
ROLE = Kind("ROLE", completion_answers.roles)

SEVERITY = Kind("LEVEL", completion_answers.severities)
PRIORITY = Kind("LEVEL", completion_answers.priorities)
TYPE = Kind("TYPE", completion_answers.types)
STATUS = Kind("STATUS", completion_answers.statuses)
GUARD = Kind("RULE", completion_answers.guards)
CHANNEL = Kind("TYPE=URL", completion_answers.channels)
CHANNEL_TYPE = Kind("TYPE", completion_answers.channel_types)
RUNBOOK = Kind("RUNBOOK", completion_runbooks.runbooks)
STEP = Kind("STEP", completion_runbooks.steps)
TEMPLATE = Kind("NAME", completion_answers.templates)
