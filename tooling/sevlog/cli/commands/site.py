"""sevlog site: builds the status page, or serves a preview of it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

import click

from ...errors import UsageError
from ..options import looking
from ..output import render
from ..screen import say
from ..shared import SharedOptions

_AUDIENCE = click.option(
    "--audience",
    type=click.Choice(["public", "internal"]),
    default="public",
    show_default=True,
    help="internal: for colleagues, with whole records, action items, figures and the handbook. Never publish it.",
)


@click.group()
def site() -> None:
    """Build or serve the status page."""


@site.command(
    epilog="""\b
Examples:
  sevlog site build
  sevlog site build --out /srv/status
  sevlog site build --as-of 2026-11-23T14:07:00Z      (the same files, byte for byte, whenever it runs)
"""
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Output folder (default: build/site).",
)
@click.option("--as-of", metavar="TIME", help="Build the state at this time (default: now).")
@click.option("--strict", is_flag=True, help="Treat warnings as errors, such as an unreadable record.")
@click.option(
    "--incremental/--full",
    default=True,
    show_default=True,
    help="Write only the files that changed, or all of them. The files are the same.",
)
@_AUDIENCE
@looking
def build(
    shared: SharedOptions, out: Path | None, as_of: str | None, strict: bool, incremental: bool, audience: str
) -> None:
    """Build the status page from the records."""
    from ...services.common.documents import as_json

    made = load_generator().build_site(
        shared.workspace.root,
        out,
        as_of=shared.time("--as-of", as_of, past=True) or shared.workspace.clock(),
        audience=audience,
        strict=strict,
        full=not incremental,
    )
    if shared.json:
        say(as_json(made))
        return
    for text in made.warnings:
        render.warn(text)
    say(f"{made.out}: {made.pages:,} pages, {made.files:,} files in {made.seconds:.1f} s")


@site.command(
    epilog="""\b
Examples:
  sevlog site serve
  sevlog site serve --port 8123
"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@_AUDIENCE
@looking
def serve(shared: SharedOptions, host: str, port: int, audience: str) -> None:
    """Serve the status page on this machine, and update it when a record changes."""
    if shared.json:
        raise UsageError("site serve has no JSON output", "to build the site: sevlog site build --json")
    workspace = shared.workspace
    load_preview().serve_site(workspace.root, host=host, port=port, audience=audience, say=say, clock=workspace.clock)


next(option for option in serve.params if option.name == "as_json").hidden = True  # type: ignore[attr-defined]


def load_generator() -> ModuleType:
    """The module that builds the site with MkDocs. Raises UsageError if the extra `site` is not installed."""
    return _load("generator")


def load_preview() -> ModuleType:
    """The module that serves the site. Raises UsageError if the extra `site` is not installed."""
    return _load("preview")


def _load(name: str) -> ModuleType:
    try:
        return import_module(f"sevlog.site.building.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in (
            "mkdocs",
            "material",
            "nh3",
            "markdown_it",
            "mdit_py_plugins",
            "watchdog",
        ):
            raise
        from ...stores.installation import origin

        hint = f"install it: {origin().install_command('site')}"
        raise UsageError(f"the site needs the Python package {error.name}", hint) from error
