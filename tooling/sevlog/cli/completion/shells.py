"""Answers completion requests of a shell: reads the line, asks click, and prints rows in that shell's format.

The scripts are in data/completion. Each calls `sevlog` with `_SEVLOG_COMPLETE=SHELL_complete` and the line up to the
cursor in COMP_LINE, or, like click's own scripts, with COMP_WORDS and COMP_CWORD. An error prints nothing, so that it
does not disturb the prompt.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import click
from click.shell_completion import ShellComplete

_ENDINGS = {"bash": "bash", "zsh": "zsh", "fish": "fish", "powershell": "ps1"}
SHELLS = tuple(_ENDINGS)

_CURSOR = "\0"
"""Marks the end of the line while it is split; cannot occur in an environment variable."""
_LISTING = ("33", "63", "64")
"""Values of COMP_TYPE (`!`, `?`, `@`) for which bash lists the words and inserts nothing."""
_LONGEST = 100


class CommandLine(NamedTuple):
    """A command line up to the cursor: complete words after `sevlog`, the partial word, and its open quote."""

    words: list[str]
    typed: str
    quote: str


class CompletionRow(NamedTuple):
    """A completion. kind: plain, part (no space follows), file or dir (completed by the shell)."""

    kind: str
    word: str
    about: str


def script(shell: str) -> str:
    """The script that enables completion in a shell of SHELLS."""
    from ...stores import resources

    return resources.shipped(f"completion/sevlog.{_ENDINGS[shell]}")


def answer(command: click.Command, instruction: str, environment: Mapping[str, str] = os.environ) -> int:
    """Print the completions. instruction: SHELL_complete, or SHELL_source for the script. Never raises."""
    shell, _, what = instruction.partition("_")
    try:
        if what == "source":
            text = script(shell)
        else:
            line = read_line(environment, shell)
            text = "".join(f"{row}\n" for row in _FORMATS[shell](completions(command, line), line, environment))
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
    except (Exception, SystemExit, KeyboardInterrupt):  # noqa: BLE001 - no completion is better than an error in the prompt
        return 1
    return 0


def read_line(environment: Mapping[str, str], shell: str) -> CommandLine:
    """The command line from the environment. Raises KeyError if there is none."""
    if "COMP_LINE" in environment:
        words, quote = _split(environment["COMP_LINE"] + _CURSOR, shell)
        typed = words.pop().removesuffix(_CURSOR)
        while words and words[0].partition("=")[0].isidentifier() and "=" in words[0]:  # NAME=value before a command
            del words[0]
        return CommandLine(words[1:], typed, quote)
    words, quote = _split(environment["COMP_WORDS"], shell)
    if shell == "fish":  # COMP_CWORD is the word at the cursor, not its position
        typed = environment.get("COMP_CWORD", "")
        return CommandLine(words[1:-1] if typed and words[-1:] == [typed] else words[1:], typed, quote)
    place = int(environment["COMP_CWORD"])
    return CommandLine(words[1:place], words[place] if place < len(words) else "", quote)


def _split(text: str, shell: str) -> tuple[list[str], str]:
    """The unquoted words of a line, and the quote that is still open."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    lexer.escape = "`" if shell == "powershell" else "\\"
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:  # an open quote: the text after it is the partial word
        return [*words, lexer.token], str(vars(lexer)["state"])
    return words, ""


def completions(command: click.Command, line: CommandLine) -> list[CompletionRow]:
    """The completions of the partial word."""
    asked = ShellComplete(command, {}, "sevlog", "")
    words = ["--incident" if word == "-i" else word for word in line.words]  # click compares short ones with all long
    items = asked.get_completions(list(words), line.typed)
    if not items and not line.typed and not "".join(words[-1:]).startswith("-"):
        options = asked.get_completions(list(words), "-")  # no words match: offer the options
        items = [item for item in options if item.value.startswith("--")]
    value_of_option = line.typed.startswith("-") and "=" in line.typed
    before = line.typed[: line.typed.index("=") + 1] if value_of_option else ""  # --incident=ID is one word to a shell
    return [CompletionRow(item.type, before + item.value, _plain(item.help or "")) for item in items]


def _plain(text: str) -> str:
    """One line without control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _extend(rows: Sequence[CompletionRow], typed: str) -> bool:
    """Whether the common start of the rows extends the typed word. If not, a shell would shorten it."""
    return len(rows) < 2 or all(row.word.lower().startswith(typed.lower()) for row in rows)


def _bash(rows: Sequence[CompletionRow], line: CommandLine, environment: Mapping[str, str]) -> list[str]:
    """`kind,word`. bash replaces the text after the last `=`, `:` or `@`, unless that is in quotes."""
    breaks = "" if line.quote else "".join(set("=:@") & set(environment.get("COMP_WORDBREAKS", "")))
    done = max((line.typed.rfind(sign) for sign in breaks), default=-1) + 1
    fit = [row._replace(word=row.word[done:]) for row in rows if row.word[:done].lower() == line.typed[:done].lower()]
    if len(fit) > 1 and environment.get("COMP_TYPE") in _LISTING:
        width = max(len(row.word) for row in fit)
        room = int(environment.get("COLUMNS") or 80) - 1
        fit = [row._replace(word=f"{row.word:{width}}  {row.about}"[:room].rstrip(), kind="plain") for row in fit]
    if not _extend(fit, line.typed[done:]):
        fit.append(CompletionRow("plain", " ", ""))
    return [f"{row.kind},{row.word}" for row in fit]


def _zsh(rows: Sequence[CompletionRow], line: CommandLine, environment: Mapping[str, str]) -> list[str]:
    """Three rows each: kind, word, description. `list` comes first if zsh must not insert their common start."""
    head = [] if _extend(rows, line.typed) else ["list", "_", "_"]
    return [*head, *(part for row in rows for part in (row.kind, row.word, row.about or "_"))]


def _fish(rows: Sequence[CompletionRow], line: CommandLine, environment: Mapping[str, str]) -> list[str]:
    return [f"{row.kind},{row.word}\t{row.about}" if row.about else f"{row.kind},{row.word}" for row in rows]


def _powershell(rows: Sequence[CompletionRow], line: CommandLine, environment: Mapping[str, str]) -> list[str]:
    return [f"{row.kind}\t{row.word}\t{row.about}" for row in rows]


_FORMATS: dict[str, Callable[[Sequence[CompletionRow], CommandLine, Mapping[str, str]], list[str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "powershell": _powershell,
}
