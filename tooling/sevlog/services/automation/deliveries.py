"""Works through the queue of `sevlog intake serve`, in order: each delivery is recorded, or put aside with a reason.

While git, the disk or the configuration is in the way, the first one waits and is tried again. A delivery is removed
only after its commit, so one that a crash interrupts is taken in again, which adds nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from ...adapters.alerts.payload import decode
from ...errors import GitTrouble, InvalidRecord, SevlogError, UsageError
from ...model.comms.private_words import without_secrets
from ..recording.identity import acting_person
from ..sync.delivery import sync_now
from . import payloads, snoozes

if TYPE_CHECKING:
    from ...stores.delivery_queue import Delivery, DeliveryQueue
    from ..recording.recorder import Options
    from ..workspace.workspace import Workspace
    from .intake import Intake

TRIES = 5
"""How often a delivery is tried that is refused for a reason of its own, before it is put aside."""
STUCK = 600.0
"""Seconds after which a delivery that waits means that something is wrong."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_LOOK = 30.0
"""Seconds between two fetches of what others recorded."""
_PROMPT = timedelta(seconds=5)
"""A delivery that waits no longer than this is recorded with the time at which it is taken in."""


class Watch(Struct, frozen=True):
    """What to do while it runs. after: sends notifications and runs hooks. log, warn: say what happened."""

    after: Callable[[Workspace], None]
    log: Callable[[str], None]
    warn: Callable[[str], None]


class Health(Struct, kw_only=True):
    """`GET /healthz` of `sevlog intake serve`."""

    ok: bool
    waiting: Annotated[int, Meta(description="Deliveries in the queue.")]
    oldest_seconds: Annotated[float, Meta(description="How long the oldest one has waited.")]
    refused: Annotated[int, Meta(description="Deliveries that were put aside.")]
    unsent: Annotated[bool, Meta(description="Whether a commit was not pushed yet.")]
    last_recorded_at: datetime | None
    last_error: str | None


class Worker:
    """Takes deliveries from the queue until it is stopped."""

    def __init__(self, workspace: Workspace, queue: DeliveryQueue, options: Options, watch: Watch) -> None:
        self._first, self._queue, self._options, self._watch = workspace, queue, options, watch
        self._stop, self._news = threading.Event(), threading.Event()
        self._fetched_at: datetime | None = None
        self._unsent = True  # the last run may have ended before its push
        self._failures = 0
        self._trouble: str | None = None
        self._recorded_at: datetime | None = None

    def run(self) -> None:
        """Work until `stop`; the delivery at hand is finished first."""
        while not self._stop.is_set():
            self._news.clear()
            if self.step():
                continue
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self._failures - 1)) if self._failures else _LONGEST_PAUSE
            (self._stop if self._failures else self._news).wait(pause)

    def wake(self) -> None:
        """There is a new delivery."""
        self._news.set()

    def stop(self) -> None:
        """End after the delivery at hand."""
        self._stop.set()
        self._news.set()

    def step(self) -> bool:
        """Take the oldest delivery, or send what was not sent. False where there is nothing to do now."""
        try:
            waiting = self._queue.waiting()
            if not waiting:
                return self._send_rest()
            self._take(waiting[0])
        except (SevlogError, OSError) as error:
            return self._failed(_error_line(error))
        except Exception as error:  # noqa: BLE001 - a bug that one delivery meets must not stop the others
            return self._failed(_error_line(error))
        self._failures, self._trouble = 0, None
        return True

    def health(self) -> Health:
        """How it is going. Raises OSError where the queue cannot be read."""
        waiting = self._queue.waiting()
        oldest = (self._first.clock() - _time(waiting[0].arrived)).total_seconds() if waiting else 0.0
        return Health(
            ok=oldest < STUCK,
            waiting=len(waiting),
            oldest_seconds=max(0.0, round(oldest, 1)),
            refused=self._queue.refused(),
            unsent=self._unsent,
            last_recorded_at=self._recorded_at,
            last_error=self._trouble,
        )

    def _take(self, delivery: Delivery) -> None:
        workspace = self._up_to_date()
        acting_person(workspace, self._options.person)
        try:
            payload = payloads.read(workspace, delivery.source, delivery.mapping, decode(self._queue.body(delivery)))
        except UsageError as error:
            self._put_aside(delivery, _error_line(error))
            return
        try:
            done = self._recorded(workspace, payload, _time(delivery.arrived))
        except (GitTrouble, InvalidRecord, OSError):
            raise
        except Exception as error:
            if self._failures + 1 < TRIES:
                raise
            self._put_aside(delivery, f"tried {TRIES} times: {_error_line(error)}")
            return
        self._queue.done(delivery)
        self._unsent = self._unsent or any(one.pushed is False for one in workspace.acted)
        self._recorded_at = workspace.clock()
        self._report(done)
        self._watch.after(workspace)

    def _recorded(self, workspace: Workspace, payload: payloads.Payload, arrived: datetime) -> Intake:
        has_waited = workspace.clock() - arrived > _PROMPT
        try:
            return payloads.record(workspace, payload, self._options, arrived=arrived if has_waited else None)
        finally:
            workspace.close()

    def _up_to_date(self) -> Workspace:
        """The repository, with what others recorded up to a moment ago, where the remote can be reached."""
        now = self._first.clock()
        if self._fetched_at is None or (now - self._fetched_at).total_seconds() >= _LOOK:
            self._fetched_at = now
            self._sync()
        workspace = self._first.anew()
        workspace.repair()
        return workspace

    def _send_rest(self) -> bool:
        """Raise what was snoozed until now, and push what could not be pushed before."""
        workspace = self._first.anew()
        for one in snoozes.raise_ended(workspace, self._options):
            self._watch.log(f"{one.decision} {one.incident} {one.title} (its snooze has ended)")
        if workspace.acted:
            self._unsent = self._unsent or any(one.pushed is False for one in workspace.acted)
            self._watch.after(workspace)
        if self._unsent:
            self._sync()
            if self._unsent:
                return self._failed(self._trouble or "the remote did not take the commits")
            self._failures, self._trouble = 0, None
        return False

    def _sync(self) -> None:
        workspace = self._first.anew()
        settings = workspace.config.git
        wanted = self._options.push is not False and (self._options.push or settings.push != "never")
        if not wanted or workspace.git.remote_url(settings.remote) is None:
            self._unsent = False
            return
        done = sync_now(workspace)
        self._unsent = not done.pushed
        if done.warnings:
            self._trouble = without_secrets("; ".join(done.warnings))

    def _failed(self, said: str) -> bool:
        self._failures += 1
        if said != self._trouble or self._failures == 1:
            self._watch.warn(f"{said}; trying again")
        self._trouble = said
        return False

    def _put_aside(self, delivery: Delivery, reason: str) -> None:
        place = self._queue.refuse(delivery, reason)
        self._watch.warn(f"{delivery.source}: {reason}; put aside: {place}")

    def _report(self, done: Intake) -> None:
        for one in done.alerts:
            where = f" {one.incident}" if one.incident else ""
            self._watch.log(f"{one.decision}{where} {one.title} ({one.state}; {one.reason})")
        for text in done.warnings:
            self._watch.warn(text)


def _time(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds // 1_000_000 / 1000, UTC)


def _error_line(error: Exception) -> str:
    """What went wrong, in one line, without secrets."""
    if isinstance(error, SevlogError):
        text = error.message
    elif isinstance(error, OSError):
        text = f"cannot read or write: {error.strerror or error}"
    else:
        text = f"unexpected {type(error).__name__}: {error}"
    return without_secrets(" ".join(text.split()))
