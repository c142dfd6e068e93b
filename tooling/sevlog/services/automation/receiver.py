"""`sevlog intake serve`: a server that queues deliveries, and a worker that records them."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from ...adapters.alerts.readers import READERS
from ...adapters.receiving import authentication, server
from ...adapters.receiving.application import Closed, Door
from ...adapters.receiving.rates import Rates
from ...errors import GitTrouble, UsageError
from ...stores.delivery_queue import DeliveryQueue, QueueFull
from ...stores.git import lock
from ..recording.identity import acting_person
from ..recording.recorder import begin
from .deliveries import Watch, Worker
from .payloads import CUSTOM, FORM

if TYPE_CHECKING:
    from ..recording.recorder import Options
    from ..workspace.workspace import Workspace

SOURCES = (*READERS, CUSTOM, FORM)
"""What has an endpoint."""


class Settings(Struct, frozen=True, kw_only=True):
    """The options of `intake serve`. largest: bytes of a body. rate: deliveries a minute from a source."""

    listen: str
    queue: Path | None = None
    without_secrets: bool = False
    largest: int = 1024 * 1024
    rate: int = 600
    most: int = 10_000


def variable(source: str) -> str:
    """The environment variable with the secrets of a source."""
    return f"SEVLOG_INTAKE_{source.upper().replace('-', '_')}_SECRET"


def serve(workspace: Workspace, settings: Settings, options: Options, watch: Watch) -> None:
    """Serve until a signal. Raises UsageError for settings that are not safe, GitTrouble where git is in the way."""
    secrets = _secrets(workspace.environment, settings)
    acting_person(workspace, options.person)
    begin(workspace, options)
    workspace.close()
    folder = settings.queue or workspace.git.folder / "sevlog" / "intake"
    queue = _queue(folder, settings.most)
    with _alone(folder):
        worker = Worker(workspace, queue, options, watch)
        place = server.listening(settings.listen)
        host, port = place.getsockname()[:2]
        door = Door(
            secrets=secrets,
            largest=settings.largest,
            rates=Rates(settings.rate, time.monotonic),
            keep=lambda source, mapping, body: _keep(workspace, queue, worker, source, mapping, body),
            health=lambda: _health(queue, worker),
            clock=lambda: workspace.clock().timestamp(),
            log=watch.log,
        )
        thread = threading.Thread(target=worker.run, name="intake")

        def started() -> None:
            shown = f"[{host}]" if ":" in host else host
            watch.log(f"listening on http://{shown}:{port} for {', '.join(secrets)}; queue: {folder}")
            thread.start()

        try:
            server.serve(place, door, started)
        finally:
            worker.stop()
            if thread.is_alive():
                thread.join()
        watch.log(f"stopped; {len(queue.waiting())} deliveries wait")


def _secrets(environment: Mapping[str, str], settings: Settings) -> dict[str, tuple[str, ...] | None]:
    """Source -> its secrets; None where none is asked for. Raises UsageError."""
    found: dict[str, tuple[str, ...] | None] = {}
    for source in SOURCES:
        secrets = tuple(environment.get(variable(source), "").split())
        if any(len(secret) < authentication.SHORTEST for secret in secrets):
            raise UsageError(
                f"the secret in {variable(source)} is shorter than {authentication.SHORTEST} characters",
                "make one: openssl rand -hex 32",
            )
        if secrets:
            found[source] = secrets
        elif settings.without_secrets:
            found[source] = None
    host, _ = server.split(settings.listen)
    if settings.without_secrets and not _is_loopback(host):
        raise UsageError(
            f"--no-secrets works on a loopback address only, not on {host}",
            "listen on 127.0.0.1, or set a secret for each source: " + variable("SOURCE"),
        )
    if not found:
        raise UsageError(
            "no source has a secret, so nobody could deliver",
            f"set one for each source: export {variable('alertmanager')}=$(openssl rand -hex 32)",
            "to try it on this machine: sevlog intake serve --no-secrets",
        )
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _queue(folder: Path, most: int) -> DeliveryQueue:
    try:
        return DeliveryQueue(folder, most)
    except OSError as error:
        raise UsageError(
            f"cannot write the queue {folder}: {error.strerror}", "name another folder: sevlog intake serve --queue DIR"
        ) from None


def _alone(folder: Path) -> IO[bytes]:
    try:
        return lock.take(folder / ".lock", patience=0)
    except GitTrouble:
        raise UsageError(
            f"another sevlog intake serve works on the queue {folder}", "stop that one, or name another --queue DIR"
        ) from None


def _keep(
    workspace: Workspace, queue: DeliveryQueue, worker: Worker, source: str, mapping: str | None, body: bytes
) -> str:
    """Put a body into the queue. Raises Closed, so that its sender tries again."""
    now = int(workspace.clock().timestamp() * 1000) * 1_000_000
    try:
        name = queue.add(source, mapping, body, now)
    except QueueFull:
        raise Closed("the queue is full") from None
    except OSError as error:
        raise Closed(f"cannot write to the queue: {error.strerror}") from None
    worker.wake()
    return name


def _health(queue: DeliveryQueue, worker: Worker) -> tuple[bool, object]:
    try:
        queue.check()
        found = worker.health()
    except QueueFull:
        return False, {"ok": False, "last_error": "the queue is full"}
    except OSError as error:
        return False, {"ok": False, "last_error": f"cannot write to the queue: {error.strerror}"}
    return found.ok, found
