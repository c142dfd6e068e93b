"""sevlog intake serve: receives alerts over HTTP."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypedDict, Unpack

import click

from ...errors import UsageError
from ..options import after_acts, writing
from ..output import render
from ..screen import say
from ..shared import SharedOptions

_WITHOUT = {
    "--at": "alerts have the times of their source, or of their arrival; leave it out",
    "--dry-run": "to see what a payload becomes: sevlog intake SOURCE FILE --dry-run",
    "--no-commit": "a delivery is done once it is committed; leave it out",
}


class ServeOptions(TypedDict):
    """The options of `intake serve`."""

    listen: str
    queue: Path | None
    no_secrets: bool
    max_body: int
    max_queue: int
    rate: int


@click.command(
    epilog="""\b
Examples:
  export SEVLOG_INTAKE_ALERTMANAGER_SECRET=$(openssl rand -hex 32)
  sevlog intake serve --as robot
  sevlog intake serve --listen 0.0.0.0:8085 --queue /var/lib/sevlog/intake --as robot
  sevlog intake serve --no-secrets --as robot        (to try it on this machine)
"""
)
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:8085", show_default=True, help="Address.")
@click.option(
    "--queue",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for deliveries that wait (default: in the git directory).",
)
@click.option("--no-secrets", is_flag=True, help="Serve sources without a secret, too; on a loopback address only.")
@click.option(
    "--max-body",
    metavar="KIB",
    default=1024,
    show_default=True,
    type=click.IntRange(1, 50 * 1024),
    help="The largest body.",
)
@click.option(
    "--max-queue",
    metavar="N",
    default=10_000,
    show_default=True,
    type=click.IntRange(1),
    help="The most deliveries that wait; more get 503.",
)
@click.option(
    "--rate",
    metavar="N",
    default=600,
    show_default=True,
    type=click.IntRange(1),
    help="The most deliveries a minute from a source.",
)
@writing(without=_WITHOUT)
def serve(shared: SharedOptions, **given: Unpack[ServeOptions]) -> None:
    """Receive alerts over HTTP: POST /alerts/SOURCE, and GET /healthz.

    A delivery is written to a queue on disk before the sender gets its answer (202). Then it is taken in as
    `sevlog intake SOURCE` does, in order; if git, the disk or the remote fail, it waits and is tried again.

    A source is served if its secret is in the environment: SEVLOG_INTAKE_ALERTMANAGER_SECRET, and so on. Its sender
    proves itself with the signature of the source, or shows the secret as a bearer token.
    """
    if shared.json:
        raise UsageError("intake serve has no JSON output", "for its state: GET /healthz")
    receiver = load_receiver()
    settings = receiver.Settings(
        listen=given["listen"],
        queue=given["queue"],
        without_secrets=given["no_secrets"],
        largest=given["max_body"] * 1024,
        most=given["max_queue"],
        rate=given["rate"],
    )
    watch = receiver.Watch(after=after_acts, log=lambda text: say(text, err=True), warn=render.warn)
    receiver.serve(shared.workspace, settings, shared.acting, watch)


next(option for option in serve.params if option.name == "as_json").hidden = True  # type: ignore[attr-defined]


def load_receiver() -> ModuleType:
    """The module of the server. Raises UsageError if the extra `serve` is not installed."""
    try:
        return import_module("sevlog.services.automation.receiver")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "anyio", "h11"):
            raise
        from ...stores.installation import origin

        hint = f"install it: {origin().install_command('serve')}"
        raise UsageError(f"intake serve needs the Python package {error.name}", hint) from error
