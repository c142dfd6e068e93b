"""sevlog observe, confirm, theory, experiment, result, decide, act, task: the investigation and its results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import click

from ...errors import UsageError
from ...model.vocabulary import ActionTakenType, TaskState, TheoryState
from ..options import acting
from ..output import render
from ..parameters import EXPERIMENT, OBSERVATION, PERSON, SOURCE_OF_THEORY, TASK, THEORY
from ..shared import SharedOptions
from ..text_input import text_or_editor

if TYPE_CHECKING:
    from ...services.response.investigation import Verdict


def _add(shared: SharedOptions, **keys: object) -> None:
    from ...services.response import acts as response_acts

    render.outcome(shared, response_acts.add_entry(shared.workspace, shared.incident, keys, shared.acting))


def _name_first(text: tuple[str, ...], ref: str | None, letter: str) -> tuple[tuple[str, ...], str | None]:
    """Split a short name off the text: `sevlog theory T1 "seen in metrics"`."""
    if ref is None and len(text) > 1 and re.fullmatch(rf"{letter}[0-9]{{1,4}}", text[0], re.IGNORECASE):
        return text[1:], text[0]
    return text, ref


@click.command(epilog='\b\nExamples:\n  sevlog observe "Pool is saturated since 13:56" --confirmed-by bo')
@click.argument("text", nargs=-1)
@click.option("--ref", type=OBSERVATION, help="A short name, such as O1.")
@click.option("--confirmed-by", multiple=True, type=PERSON, help="Another person who saw it; repeatable.")
@acting()
def observe(shared: SharedOptions, text: tuple[str, ...], ref: str | None, confirmed_by: tuple[str, ...]) -> None:
    """Record an observation: what you see."""
    words = text_or_editor(text)
    _add(shared, kind="observation", text=words, ref=ref, confirmed_by=list(confirmed_by))


@click.command(
    epilog='\b\nExamples:\n  sevlog confirm O1\n  sevlog confirm O1 "The pool of the second region is full too" --as bo'
)
@click.argument("ref", type=OBSERVATION)
@click.argument("text", nargs=-1)
@acting()
def confirm(shared: SharedOptions, ref: str, text: tuple[str, ...]) -> None:
    """Confirm an observation: you saw it too. Its author cannot confirm it."""
    from ...services.response import investigation

    words = text_or_editor(text, required=False)
    render.outcome(shared, investigation.confirm(shared.workspace, shared.incident, ref, words, shared.acting))


@click.command(
    epilog='\b\nExamples:\n  sevlog theory "The 13:55 deploy leaks connections" --fix "roll back"\n'
    "  sevlog theory T1 --state refuted"
)
@click.argument("text", nargs=-1)
@click.option("--ref", type=THEORY, help="A short name, such as T1 (default: the next free one).")
@click.option("--state", type=click.Choice(get_args(TheoryState)), help="State of the theory (default: open).")
@click.option("--fix", "proposed_fix", metavar="TEXT", help="What would fix it if the theory is right.")
@click.option(
    "--from",
    "from_",
    multiple=True,
    type=SOURCE_OF_THEORY,
    help="Observation, theory or experiment that it is based on.",
)
@acting()
def theory(
    shared: SharedOptions,
    text: tuple[str, ...],
    ref: str | None,
    state: str | None,
    proposed_fix: str | None,
    from_: tuple[str, ...],
) -> None:
    """Record a possible cause, or change the state of a theory."""
    text, ref = _name_first(text, ref, "T")
    words = text_or_editor(text, required=ref is None)
    keys: dict[str, object] = {"from": list(from_), "proposed_fix": proposed_fix}
    _add(shared, kind="theory", text=words, ref=ref, state=state, **keys)


@click.command(epilog='\b\nExamples:\n  sevlog experiment "Restart one pod" --theory T1 --expect "errors stop there"')
@click.argument("text", nargs=-1)
@click.option("--ref", type=EXPERIMENT, help="A short name, such as E1 (default: the next free one).")
@click.option("--theory", "theory_ref", required=True, type=THEORY, help="The theory under test.")
@click.option("--expect", "expectation", required=True, metavar="TEXT", help="Expected result if the theory is right.")
@click.option("--result", metavar="TEXT", help="Actual result.")
@click.option("--reverted/--not-reverted", default=None, help="Whether the change was reverted.")
@acting()
def experiment(
    shared: SharedOptions,
    text: tuple[str, ...],
    ref: str | None,
    theory_ref: str,
    expectation: str,
    result: str | None,
    reverted: bool | None,
) -> None:
    """Record a test of a theory: what you do and what you expect."""
    words = text_or_editor(text)
    _add(
        shared,
        kind="experiment",
        text=words,
        ref=ref,
        theory=theory_ref,
        expectation=expectation,
        result=result,
        reverted=reverted,
    )


@click.command(
    epilog="\b\nExamples:\n"
    '  sevlog result E1 "Errors stopped on that pod" --supports --reverted\n'
    '  sevlog result E2 "No change" --refutes\n'
    "  sevlog result E2 --reverted"
)
@click.argument("ref", type=EXPERIMENT)
@click.argument("text", nargs=-1)
@click.option("--supports", is_flag=True, help="It supports the theory under test.")
@click.option("--refutes", is_flag=True, help="It refutes the theory under test.")
@click.option("--reverted/--not-reverted", default=None, help="Whether the change was reverted.")
@acting()
def result(
    shared: SharedOptions, ref: str, text: tuple[str, ...], supports: bool, refutes: bool, reverted: bool | None
) -> None:
    """Add the result of an experiment. --supports and --refutes also change the state of its theory."""
    from ...services.response import investigation

    if supports and refutes:
        raise UsageError("--supports and --refutes exclude each other", "leave both out if the result decides nothing")
    verdict: Verdict | None = "supported" if supports else "refuted" if refutes else None
    words = text_or_editor(text, required=verdict is None and reverted is None)
    done = investigation.record_result(
        shared.workspace, shared.incident, ref, words, shared.acting, verdict=verdict, reverted=reverted
    )
    render.outcome(shared, done)


@click.command(epilog='\b\nExamples:\n  sevlog decide "We roll back; the migration waits for tomorrow"')
@click.argument("text", nargs=-1)
@acting()
def decide(shared: SharedOptions, text: tuple[str, ...]) -> None:
    """Record a decision."""
    _add(shared, kind="decision", text=text_or_editor(text))


@click.command(epilog='\b\nExamples:\n  sevlog act "Rolled web back to 4f2c1e" --type rollback')
@click.argument("text", nargs=-1)
@click.option(
    "--type",
    "type_",
    type=click.Choice(get_args(ActionTakenType)),
    default="mitigation",
    show_default=True,
    help="Kind of action.",
)
@acting()
def act(shared: SharedOptions, text: tuple[str, ...], type_: str) -> None:
    """Record an action on the system. Types mitigation and rollback set the mitigation milestone."""
    _add(shared, kind="action_taken", text=text_or_editor(text), type=type_)


@click.command(
    epilog='\b\nExamples:\n  sevlog task "Refund double charges" --assignee dana\n  sevlog task K1 --state done'
)
@click.argument("text", nargs=-1)
@click.option("--ref", type=TASK, help="A short name, such as K1 (default: the next free one).")
@click.option("--assignee", type=PERSON, help="Person who does it.")
@click.option("--state", type=click.Choice(get_args(TaskState)), help="State of the task (default: open).")
@click.option("--cleanup", is_flag=True, help="Mark it as cleanup after the impact.")
@acting()
def task(
    shared: SharedOptions,
    text: tuple[str, ...],
    ref: str | None,
    assignee: str | None,
    state: str | None,
    cleanup: bool,
) -> None:
    """Create or update a task. All tasks must be done or dropped before the incident can be closed."""
    text, ref = _name_first(text, ref, "K")
    if ref is None and not text:
        raise UsageError("no task given", 'sevlog task "Refund double charges"')
    words = text_or_editor(text, required=ref is None)
    _add(shared, kind="task", text=words, ref=ref, assignee=assignee, state=state, cleanup=cleanup or None)
