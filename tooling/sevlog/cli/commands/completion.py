"""sevlog completion: prints the script that adds completion to a shell."""

from __future__ import annotations

import sys

import click

from ...errors import UsageError
from ..completion.shells import SHELLS, script
from ..options import outside_reading
from ..output import render
from ..screen import say

_EXAMPLES = """\b
Examples:
  echo 'eval "$(sevlog completion bash)"' >> ~/.bashrc
  echo 'eval "$(sevlog completion zsh)"' >> ~/.zshrc       (below the line with compinit)
  sevlog completion fish > ~/.config/fish/completions/sevlog.fish
  Add-Content $PROFILE 'sevlog completion powershell | Out-String | Invoke-Expression'
"""


@click.command(epilog=_EXAMPLES)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
@outside_reading
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script for SHELL: bash, zsh, fish or powershell.

    It completes commands, options, incidents (live ones first), entries, components and their states, people, roles,
    teams and severities of this repository. Open a new shell afterwards.
    """
    if (ctx.find_root().obj or {}).get("json"):
        raise UsageError("completion has no JSON output", f"sevlog completion {shell}")
    say(script(shell), nl=False)
    if sys.stdout.isatty():
        render.hint("your shell reads this script; to enable it, see: sevlog completion --help")
