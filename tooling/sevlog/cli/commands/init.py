"""sevlog init: creates a records repository."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from ...model.vocabulary import Forge
from ..options import folder_named, outside
from ..output import render
from ..screen import say

if TYPE_CHECKING:
    from ...services.setup import blueprint
    from ...services.setup import repository as setup_repository

_EXAMPLES = """\b
Examples:
  sevlog init acme-status --name "Acme Status" --url https://status.acme.example \\
      --component checkout=Checkout --component search=Search --person ana=Ana
  sevlog init --install "sevlog[site] @ git+https://git.example.com/tools/sevlog@4f2c1ea"
  sevlog init --forge gitlab        (in the clone of an empty repository)
  sevlog init                       (again: adds what is missing, changes nothing)
"""

_WITHOUT = {
    "--at": "init does not record a time; leave it out",
    "--as": "to add responders: --person KEY=NAME",
    "--dry-run": "try it in an empty folder: sevlog init /tmp/try",
    "--push": "init never pushes; afterwards: git push",
    "--any-branch": "init always commits to the checked-out branch; leave it out",
}


@click.command(epilog=_EXAMPLES)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", metavar="TEXT", help="Name of the status page (default: from the folder).")
@click.option("--url", metavar="URL", help="Public URL of the status page (default: the remote's Pages URL).")
@click.option(
    "--component", "components", multiple=True, metavar="KEY=NAME", help="A component of your service; repeatable."
)
@click.option("--person", "people", multiple=True, metavar="KEY=NAME", help="A responder; repeatable.")
@click.option(
    "--forge",
    type=click.Choice(get_args(Forge)),
    help="Forge to write workflows and issue forms for (default: the remote's).",
)
@click.option(
    "--install", metavar="REQUIREMENT", help="How CI and colleagues install sevlog (default: as installed here)."
)
@click.option("--no-commit", "uncommitted", is_flag=True, help="Write the files without a commit.")
@click.option("--repo", metavar="PATH", help="The folder; same as DIR.")
@click.option("--json", "as_json_", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Show more output, and the git commands with their times.")
@click.pass_context
@outside(without=_WITHOUT)
def init(
    ctx: click.Context,
    folder: Path | None,
    name: str | None,
    url: str | None,
    components: tuple[str, ...],
    people: tuple[str, ...],
    forge: Forge | None,
    install: str | None,
    uncommitted: bool,
    repo: str | None,
    as_json_: bool,
    verbose: bool,
) -> None:
    """Create a records repository: configuration, schemas, site, workflows, issue form and a README for responders.

    Existing files are never overwritten. In a records repository, init adds the missing files.
    """
    from msgspec.structs import replace

    from ...services.common import name_lookup
    from ...services.common.documents import as_json
    from ...services.setup import blueprint
    from ...services.setup import repository as setup_repository

    as_json_ = as_json_ or bool((ctx.find_root().obj or {}).get("json"))
    folder = folder_named(folder, repo or (ctx.find_root().obj or {}).get("repo"))
    guess = setup_repository.suggested(folder)
    start = replace(guess, name=name or guess.name, url=url or guess.url, forge=forge or guess.forge, install=install)
    if components:
        start = replace(start, components=tuple(name_lookup.pairs("KEY=NAME", components)))
    if people:
        named = tuple(blueprint.Person(key=key, name=text) for key, text in name_lookup.pairs("KEY=NAME", people))
        start = replace(start, people=setup_repository.with_identity(named, guess.people))
    if (
        sys.stdin.isatty()
        and sys.stderr.isatty()
        and not as_json_
        and not setup_repository.is_records_repository(folder)
    ):
        start = _asked(start, name, url, components, forge)
    done = setup_repository.initialise(folder, start, commit=not uncommitted)
    if as_json_:
        say(as_json(done))
        return
    _report(done, start, verbose)


def _asked(
    start: blueprint.Start, name: str | None, url: str | None, components: tuple[str, ...], forge: str | None
) -> blueprint.Start:
    """Ask for the values that no option gives; the defaults are guesses."""
    from msgspec.structs import replace

    from ...stores.layout import slug

    if name is None:
        start = replace(start, name=click.prompt("Name of the status page", default=start.name, err=True))
    if url is None:
        start = replace(start, url=click.prompt("URL of the status page", default=start.url, err=True))
    if not components:
        default = ", ".join(text for _, text in start.components)
        given = click.prompt("Components of your service, separated by commas", default=default, err=True)
        named = [text.strip() for text in given.split(",") if text.strip()]
        start = replace(start, components=tuple((slug(text), text) for text in named) or start.components)
    if forge is None:
        choices = click.Choice(get_args(Forge))
        start = replace(start, forge=click.prompt("Forge", default=start.forge, type=choices, err=True))
    return start


def _report(done: setup_repository.Started, start: blueprint.Start, verbose: bool) -> None:
    from ...services.setup import repository as setup_repository

    where = f"commit {done.commit[:10]}" if done.commit else "not committed"
    if not done.written:
        say(f"{done.root}: complete, nothing to add")
        return
    say(f"{done.root}: {len(done.written)} files written ({where})")
    if done.fresh and done.kept:
        say(f"existing files kept: {', '.join(done.kept)}", err=True)
    for text in done.warnings:
        render.warn(text)
    for path in done.written if verbose or not done.fresh else ():
        say(f"  {path}")
    if not done.fresh:
        return
    if setup_repository.is_unset(start.url):
        render.hint("the page has no URL yet: set `url` in sevlog.yaml before you publish it")
    render.hint("check this machine: sevlog doctor; view the page: sevlog site serve")
