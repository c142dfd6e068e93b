"""Checks of `sevlog doctor` for notifications: the addresses, the workflow that sends, and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...adapters.delivery import addresses
from ...adapters.delivery.base import PREFIX, BadAddress
from ...errors import SevlogError
from ..workspace.delivery_ledger import ledger_of
from .check import Check, trouble

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_WORKFLOW = ".github/workflows/notify.yml"


def notification_checks(workspace: Workspace) -> Iterator[Check]:
    """One row for each address that messages go to, for each contact point if one is set here, and for the ledger."""
    notify = workspace.config.notify
    names = dict.fromkeys(
        (
            *(route.to for route in notify.routes),
            *(name for known in notify.channels.values() for name in known.values()),
            *notify.lists.values(),
            *(name for person in workspace.oncall.people for name in person.messages[:1]),
        )
    )
    for name in names:
        yield _address(workspace, name)
    contacts = dict.fromkeys(name for person in workspace.oncall.people for name in person.contact)
    is_any_set = any(addresses.is_set(workspace.environment, name) for name in contacts)
    for name in contacts:
        if name not in names and is_any_set:  # who pages by phone call sets none
            yield _address(workspace, name)
    if names:
        yield _ledger(workspace)


def _address(workspace: Workspace, name: str) -> Check:
    if addresses.is_set(workspace.environment, name):
        try:
            kind = addresses.carrier(workspace.environment, name).kind
        except BadAddress as error:
            return trouble("address", error)
        return Check(name="address", state="ok", message=f"{name} is set here ({kind})")
    workflow = workspace.root / _WORKFLOW
    if workflow.is_file() and PREFIX + name not in workflow.read_text("utf-8", "replace"):
        line = f"{PREFIX}{name}: ${{{{ secrets.{PREFIX}{name} }}}}"
        cure = (f"add to `env:` in {_WORKFLOW}: {line}", f"and set the secret: gh secret set {PREFIX}{name}")
        message = f"{name} is not set here, and {_WORKFLOW} does not pass it: nobody sends to it"
        return Check(name="address", state="warn", message=message, cure=cure)
    return Check(
        name="address", state="ok", message=f"{name} is not set here; set {PREFIX}{name} where `sevlog notify` runs"
    )


def _ledger(workspace: Workspace) -> Check:
    """Whether this clone may write the ledger; where there is none yet, by a ref that is removed at once."""
    ledger = ledger_of(workspace)
    where = f"{ledger.ref} at {ledger.where}" if ledger.where else f"{ledger.ref}, in this repository alone"
    try:
        if ledger.fetched().tip is None:
            ledger.probe(workspace.clock())
    except SevlogError as error:
        return trouble("ledger", error)
    return Check(name="ledger", state="ok", message=where)
