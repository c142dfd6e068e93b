"""Gets the text of an update from words, a file, a template or $EDITOR, and asks before it is published."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import NotFound, SevlogError, UsageError
from ..model.vocabulary import FINAL_PHASES
from .output.render import warn
from .screen import say, style
from .shared import SharedOptions
from .text_input import typed_text

if TYPE_CHECKING:
    from ..model.vocabulary import Audience
    from ..services.comms.composition import Composed, Preview
    from ..services.response.updates import Message

SCISSORS = "<!-- ---------- 8< ---------- sevlog: text below this line is not recorded -->"
_MOST = 1024 * 1024
_OLD = 10.0
"""Seconds. The file is dated back by this before the editor opens, so that a save shows in its time."""


class Writing:
    """A text that is being written. `message`: audience, phase and so on; `text`: set by `begin`."""

    def __init__(self, shared: SharedOptions, message: Message, said: Mapping[str, str]) -> None:
        self._shared, self.message, self._said = shared, message, said
        self.text = ""
        self._kept: Path | None = None

    def begin(self, words: tuple[str, ...], file: str | None, *, edit: bool) -> None:
        """Get the text. Raises UsageError if there is none, Refused if a template has missing parts."""
        if words and file is not None:
            raise UsageError("the text is given twice", "leave out the words or --file")
        given = typed_text(words) if words else text_of(file) if file is not None else None
        edit = edit or (given is None and self.message.template is None and _on_a_terminal())
        if given is None and self.message.template is None and not edit:
            raise UsageError(
                "no text given",
                'add it in quotes: … "text"; to read standard input: … -',
                "or use a template: --template initial (to list them: sevlog comms templates)",
            )
        if given is not None and self.message.template is None:
            self.text = given
        else:
            composed = self._composed(given)
            if not composed.lacking:
                self.text = composed.text
            elif edit or _on_a_terminal():
                self.text, edit = composed.text, True
            else:
                from ..services.comms.composition import complete

                complete(composed)
            self._lacking: Sequence[str] = tuple(composed.lacking.values())
        if edit:
            self.edit()

    def _composed(self, given: str | None) -> Composed:
        from msgspec.structs import replace

        from ..services.comms import composition as comms_composition

        made = comms_composition.compose(
            self._shared.workspace,
            self._shared.incident,
            self.message,
            text=given,
            said=self._said,
            at=self._shared.acting.at,
        )
        self.message = replace(self.message, phase=made.phase, template=made.template)
        self._shared.incident = made.incident
        return made

    _lacking: Sequence[str] = ()

    def edit(self) -> None:
        """Open the text in $VISUAL or $EDITOR. Raises UsageError if it is empty or not saved."""
        self.text = edited(self._shared, self.text, self._notes(), self._file(self.text))

    def _file(self, text: str) -> Path:
        from ..stores.index import kept_texts

        if self._kept is None:
            workspace = self._shared.workspace
            self._kept = kept_texts.keep(workspace.root, "update", workspace.clock(), text)
        return self._kept

    def _notes(self) -> list[str]:
        message = self.message
        notes = [f"An update to the audience {message.audience}, phase {message.phase or 'from the status'}."]
        if message.template:
            notes.append(f"From the template {message.template}.")
        notes += [f"Missing: {line}" for line in self._lacking]
        if message.phase not in FINAL_PHASES:
            notes.append("--next-in sets the time of the next update; the text does not need it.")
        return [*notes, "Save to continue. If it is empty or not saved, nothing is recorded."]

    def preview(self, channel: str = "email") -> Preview:
        """The message as its readers would get it."""
        from ..services.comms import composition as comms_composition
        from ..services.recording.identity import acting_person

        workspace = self._shared.workspace
        sender = acting_person(workspace, self._shared.person)
        return comms_composition.preview(
            workspace,
            self._shared.incident,
            self.text,
            self.message,
            sender=sender,
            channel=channel,
            at=self._shared.acting.at,
        )

    def confirm(self, yes: bool) -> None:
        """On a terminal, show the message and ask before customers read it. Raises click.Abort for a no."""
        from ..model.comms.plan import OUTSIDE

        shared = self._shared
        if yes or shared.dry_run or shared.json or self.message.audience not in OUTSIDE or not _on_a_terminal():
            return
        while True:
            seen = self.preview()
            look(seen)
            answer = click.prompt(
                "Publish (y), edit (e), cancel (n)",
                type=click.Choice(["y", "e", "n"]),
                default="n",
                show_choices=False,
                err=True,
            )
            if answer == "y":
                return
            if answer == "n":
                raise click.Abort
            self.edit()

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the text in a file if the block fails, and name the file."""
        from ..stores.index import kept_texts

        try:
            yield
        except SevlogError as error:
            if self._kept is not None:
                self._kept.write_text(f"{self.text}\n", "utf-8")
                error.hints = (*error.hints, f"your text is saved; to use it, add --file {self._kept}")
            raise
        except click.Abort:
            if self._kept is not None:
                self._kept.write_text(f"{self.text}\n", "utf-8")
                say(f"nothing was recorded; your text is saved in {self._kept}", err=True)
            raise
        if self._kept is not None:
            kept_texts.forget(self._kept)


def look(seen: Preview) -> None:
    """Print a message as its readers would get it, with warnings, on standard error."""
    rule = "-" * 60
    say(style(seen.message.subject, bold=True), err=True)
    say(f"{rule}\n{seen.message.plain}\n{rule}", err=True)
    warn_of_findings(seen)


def warn_of_findings(seen: Preview) -> None:
    """Print findings of the lint and a missing approval on standard error."""
    from ..model.rules.text import stated

    for line in stated(seen.findings):
        warn(line)
    for line in seen.message.warnings:
        warn(line)
    if seen.approval.missing:
        warn(seen.approval.missing)


def show_preview(shared: SharedOptions, seen: Preview, audience: Audience, channel: str) -> None:
    """Print a message on standard output, as text or JSON."""
    from ..services.comms import plan as comms_plan
    from .output.reaching import comms_tables

    document = comms_plan.previewed(shared.workspace, seen, audience, channel)
    comms_tables.show(shared, document)


def pairs(said: Sequence[str]) -> dict[str, str]:
    """The values of NAME=TEXT options. Raises UsageError."""
    found = {}
    for one in said:
        name, sign, text = one.partition("=")
        if not sign or not name.strip() or not text.strip():
            raise UsageError(f"--say {one}: not NAME=TEXT", 'write it like: --say next_steps="bo rolls back"')
        found[name.strip()] = text.strip()
    return found


def edited(shared: SharedOptions, text: str, notes: Sequence[str], file: Path) -> str:
    """The text after editing. Raises UsageError if it was not saved or is empty."""
    if not has_editor():
        raise UsageError("cannot open an editor: not a terminal", 'give the text in quotes: … "text"')
    below = "\n".join(f"<!-- {note.replace('--', '-')} -->" for note in notes)
    file.write_text(f"{text}\n\n{SCISSORS}\n{below}\n", "utf-8")
    saved = open_editor(file)
    written = _without_notes(_read(str(file))) if saved else ""
    if not written:
        file.unlink(missing_ok=True)
        why = "the text is empty" if saved else "the text was not saved"
        raise UsageError(f"{why}; nothing was recorded", 'save it in the editor, or give it in quotes: … "text"')
    return written


def has_editor() -> bool:
    """Whether an editor can be opened: one is named, or there is a terminal for the default one."""
    return bool(os.environ.get("VISUAL") or os.environ.get("EDITOR") or _on_a_terminal())


def open_editor(file: Path) -> bool:
    """Open a file in $VISUAL or $EDITOR; whether it was saved. Raises UsageError if the editor failed."""
    before = file.stat().st_mtime - _OLD
    os.utime(file, (before, before))
    try:
        click.edit(filename=str(file))
    except click.ClickException as error:
        raise UsageError(
            f"the editor failed: {error.format_message()}", f"your text is saved; to use it, add --file {file}"
        ) from None
    return file.stat().st_mtime != before


def _without_notes(text: str) -> str:
    return text.partition(SCISSORS)[0].strip()


def text_of(path: str) -> str:
    """The text of a file, without the notes for the editor below it. Raises UsageError if there is none."""
    text = _without_notes(_read(path))
    if not text:
        raise UsageError(f"--file {path} is empty; nothing was recorded", "name a file that contains the text")
    return text


def _read(path: str) -> str:
    """The text of a file. Raises UsageError."""
    try:
        data = Path(path).read_bytes()
        if len(data) > _MOST:
            raise UsageError(f"--file {path} is larger than {_MOST // 1024} KiB", "shorten the text")
        text = data.decode("utf-8-sig").strip()
    except FileNotFoundError:
        raise NotFound(f"--file {path}: no such file", "name a file that contains the text") from None
    except OSError as error:
        raise UsageError(f"--file {path}: {error.strerror}", "name a file that contains the text") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"--file {path} is not UTF-8 (byte {error.start})", "convert it: iconv -t UTF-8") from None
    return text


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()
