"""All that `sevlog notify` sends: notifications by the routes, then the pages that are due."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...errors import NotFound, Refused, SevlogError
from ...model.oncall.escalation import PAGED_KINDS
from ...model.oncall.ranking import ranked
from ...model.vocabulary import AUTOMATION
from ..paging.documents import Pages
from ..paging.page import page
from ..recording.recorder import Options
from ..workspace import lookup
from .documents import Notified
from .run import NO_ROUTES, notify

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace


def send_everything(
    workspace: Workspace,
    *,
    since: str | None = None,
    only: Sequence[str] = (),
    retry: bool = False,
    dry_run: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Notified:
    """Send notifications, and page the people who are due in the live incidents, as far as addresses are set here.

    Pages are recorded in the name of sevlog itself. Raises as `notify` does.
    """
    done = notify(workspace, since=since, only=only, retry=retry, dry_run=dry_run, pause=pause)
    pages, warnings = _pages(workspace, only, Options(person=AUTOMATION, dry_run=dry_run, any_branch=True), pause)
    pages_are_sent = bool(workspace.oncall.escalations or workspace.oncall.schedules)
    told = [text for text in done.warnings if text != NO_ROUTES or not pages_are_sent]
    return replace(done, pages=pages, warnings=[*told, *warnings])


def _pages(
    workspace: Workspace, only: Sequence[str], options: Options, pause: Callable[[float], None]
) -> tuple[list[Pages], list[str]]:
    if not workspace.oncall.escalations and not workspace.oncall.schedules:
        return [], []
    made, warnings = list[Pages](), list[str]()
    for state in ranked(lookup.live_states(workspace), workspace.config):  # the most urgent page goes out first
        if state.category != "live" or state.card.kind not in PAGED_KINDS or (only and state.id not in only):
            continue
        try:
            found = page(workspace.anew(), state.id, None, options, only_here=True, pause=pause)
        except (Refused, NotFound):
            continue  # nobody is to be paged for it, or everybody was
        except SevlogError as error:
            warnings.append(f"{state.id}: paging failed: {error.message}")
            continue
        if found.deliveries or found.left:
            made.append(found)
    return made, warnings
