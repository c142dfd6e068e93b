"""sevlog completion: the script that teaches a shell to complete commands, incidents, components, people …"""

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
    """Print the script that lets SHELL complete what you type: bash, zsh, fish or powershell.

    It completes commands and options, live incidents first (others by the beginning or any part of an id), entries,
    components and their states, people, roles, teams and the levels of this repository. Open a new shell afterwards.
    """
    if (ctx.find_root().obj or {}).get("json"):
        raise UsageError("a completion script is no JSON document", f"sevlog completion {shell}")
    say(script(shell), nl=False)
    if sys.stdout.isatty():
        render.hint("this is for your shell to read; how to switch it on: sevlog completion --help")
