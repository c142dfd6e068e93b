"""Prints outcomes: one line for a person, one document for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import Shared

if TYPE_CHECKING:
    from ..services.acting import Outcome


def outcome(shared: Shared, done: Outcome) -> None:
    """Say what an act did, what to look out for, and what comes next."""
    if shared.json:
        from ..services.viewing import acted, as_json

        click.echo(as_json(acted(done)))
        return
    if done.dry_run:
        _dry_run(done)
    else:
        _one_line(done)
    if shared.verbose and not done.dry_run:
        click.echo("\n".join([*sorted(done.files), "", done.message.rstrip()]), err=True)
    for text in done.warnings:
        warn(text)
    for text in done.hints:
        hint(text)


def warn(text: str) -> None:
    """A warning on standard error."""
    click.echo(f"{click.style('warning:', fg='yellow', bold=True)} {text}", err=True)


def hint(text: str) -> None:
    """What to do next, on standard error."""
    click.echo(f"{click.style('hint:', fg='cyan')} {text}", err=True)


def _one_line(done: Outcome) -> None:
    state = done.state
    level = " ".join(part for part in (state.severity, state.priority, state.status) if part)
    where = f"commit {done.commit[:10]}" if done.commit else "written, not committed"
    pushed = ", pushed" if done.pushed else ""
    click.echo(f"{done.incident}  {level}  {done.summary}  ({where}{pushed})")


def _dry_run(done: Outcome) -> None:
    for name, text in done.files.items():
        click.echo(click.style(f"# {name}", bold=True))
        click.echo(text)
    for name in done.removed:
        click.echo(click.style(f"# {name}: removed", bold=True))
    click.echo(click.style("# commit", bold=True))
    click.echo(done.message)
    click.echo("nothing was written (--dry-run)", err=True)
