"""Sends what was recorded here, on top of what others recorded meanwhile; nothing is lost, nothing is merged by hand.

An act is a commit that adds files, so it can be made again on any tip. Before it goes there, its incident is folded
with what others did: if the act is no longer legal, it is dropped, and its author learns who did what in between.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from ..errors import GitTrouble
from ..stores import commits, moving, plumbing, remote, transaction
from ..stores.remote import Answer
from .replanting import NotAnAct, Replanted, Sync, replant
from .workspace import Workspace

ATTEMPTS = 30
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0


def sync(workspace: Workspace, *, pause: Callable[[float], None] = time.sleep) -> Sync:
    """Push the current branch; where others were faster, put ours on top and try again, a bounded number of times.

    Raises GitTrouble only where the checkout itself is in the way; what the remote says comes back as a warning.
    """
    git = workspace.git
    with transaction.exclusive(git):
        git.require_ready()
        return _push_on_top(workspace, pause)


def sync_now(workspace: Workspace) -> Sync:
    """Sync because someone asked for it. Raises GitTrouble where there is no remote."""
    name = workspace.config.git.remote
    if workspace.git.remote_url(name) is None:
        raise GitTrouble(f"there is no remote `{name}` to send to", f"git remote add {name} URL")
    return sync(workspace)


def _push_on_top(workspace: Workspace, pause: Callable[[float], None]) -> Sync:
    git, settings = workspace.git, workspace.config.git
    branch, head = git.branch or settings.branch, git.head()
    if head is None:
        return Sync(pushed=False, warnings=("there is no commit to send yet",))
    done = Replanted(tip=head)
    theirs: str | None = None
    for attempt in range(ATTEMPTS):
        if done.tip == theirs:
            return _moved(workspace, head, done, received=True)
        reply = remote.push(git, settings.remote, done.tip, branch)
        if reply.answer is Answer.TAKEN:
            return _moved(workspace, head, done, received=theirs is not None)
        if reply.answer is not Answer.BEHIND:
            return Sync(pushed=False, tip=head, warnings=(_not_sent(workspace, reply, branch),))
        try:
            theirs = remote.fetch(git, settings.remote, branch)
            if theirs is None:
                continue
            done = replant(workspace, theirs, commits.unsent(git, theirs, head), sign=_signing(workspace))
        except NotAnAct as stop:
            return _rebased(workspace, branch, stop)
        except GitTrouble as trouble:
            return Sync(pushed=False, tip=head, warnings=(_kept(trouble.message, branch),))
        if attempt:
            pause(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))
    return Sync(pushed=False, tip=head, warnings=(_kept("others were faster each time", branch),))


def _signing(workspace: Workspace) -> bool:
    return plumbing.is_true(plumbing.settings(workspace.git).get("commit.gpgsign"))


def _moved(workspace: Workspace, head: str, done: Replanted, *, received: bool) -> Sync:
    if done.tip != head:
        moving.move(workspace.git, head, done.tip)
    return Sync(
        sent=done.made, received=received, pushed=True, tip=done.tip, dropped=done.dropped, incidents=done.incidents,
        entries=done.entries,
    )  # fmt: skip


def _rebased(workspace: Workspace, branch: str, stop: NotAnAct) -> Sync:
    """Commits of another making are among ours: git's own rebase, if it goes through by itself."""
    git, settings = workspace.git, workspace.config.git
    done = git.run("rebase", "--quiet", "--autostash", f"{settings.remote}/{branch}", check=False)
    if done.returncode != 0:
        git.run("rebase", "--abort", check=False)
        how = f"git pull --rebase {settings.remote} {branch}"
        return Sync(pushed=False, tip=git.head(), warnings=(f"recorded here, not sent: {stop}; by hand: {how}",))
    reply = remote.push(git, settings.remote, "HEAD", branch)
    if reply.answer is Answer.TAKEN:
        return Sync(pushed=True, received=True, tip=git.head())
    return Sync(pushed=False, received=True, tip=git.head(), warnings=(_not_sent(workspace, reply, branch),))


def _not_sent(workspace: Workspace, reply: remote.Reply, branch: str) -> str:
    if reply.answer is Answer.REFUSED:
        return (
            f"recorded here, but {workspace.config.git.remote} does not take pushes to `{branch}` ({reply.said}); "
            "to ask by pull request instead, set `git: {flow: pull-request}` in sevlog.yaml"
        )
    return _kept(reply.said or "no answer", branch)


def _kept(why: str, branch: str) -> str:
    return f"recorded here, not sent yet ({why}); your entry is safe on `{branch}`; later: sevlog sync"
