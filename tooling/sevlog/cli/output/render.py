"""Prints the outcome of an act: one line, or a JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..screen import label, say, style
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.common.outcome import Outcome


def outcome(shared: SharedOptions, done: Outcome) -> None:
    """Print what an act did, then warnings and hints."""
    if shared.json:
        from ...services.common.documents import as_json
        from ...services.common.outcome import acted

        say(as_json(acted(done)))
        return
    if done.dry_run:
        _dry_run(done)
    else:
        _one_line(done)
    if done.cards and done.state.major:  # role cards are for majors only
        from .role_tables import card

        for role_card in done.cards:
            say(f"\n{card(role_card)}")
    if shared.verbose and not done.dry_run:
        say("\n".join([*sorted({*done.files, *done.attached}), "", done.message.rstrip()]), err=True)
    for text in done.times:
        say(text, err=True)
    for text in done.warnings:
        warn(text)
    for text in done.hints:
        hint(text)


def warn(text: str) -> None:
    """Print a warning on standard error."""
    say(f"{style('warning:', fg='yellow', bold=True)} {text}", err=True)


_COLORS = {"error": "red", "warning": "yellow", "hint": "cyan"}


def styled(text: str, role: str) -> str:
    """A word of a finding in the color of its role."""
    return style(text, fg=_COLORS.get(role), bold=role in ("error", "path"))


def hint(text: str) -> None:
    """Print a hint on standard error."""
    say(f"{style('hint:', fg='cyan')} {text}", err=True)


def config_mistake(shared: SharedOptions) -> None:
    """For commands that show records: a mistake in a section of sevlog.yaml that they do not need is a warning."""
    error = shared.workspace.read_config_in_part()
    if error is not None:
        warn(f"{error.message}; this section is left out here, and commands that write refuse to run")
        for text in error.hints:
            hint(text)


def _one_line(done: Outcome) -> None:
    state = done.state
    level = " ".join(part for part in (state.severity, state.priority, label(state.status, state.status_name)) if part)
    where = f"commit {done.commit[:10]}" if done.commit else "written, not committed"
    pushed = ", pushed" if done.pushed else ""
    mark = "DRILL " if state.card.kind == "drill" else ""
    say(f"{mark}{done.incident}  {level}  {done.summary}  ({where}{pushed})")


def _dry_run(done: Outcome) -> None:
    for name, text in done.files.items():
        say(style(f"# {name}", bold=True))
        say(text)
    for name, data in done.attached.items():
        say(style(f"# {name}: {_size(len(data))}, attached", bold=True))
    for name in done.removed:
        say(style(f"# {name}: removed", bold=True))
    say(style("# commit", bold=True))
    say(done.message)
    say("nothing was written (--dry-run)", err=True)


def _size(count: int) -> str:
    return f"{count} bytes" if count < 1024 else f"{count / 1024:.0f} KiB"
