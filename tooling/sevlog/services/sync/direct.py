"""Sends what was recorded here, on top of what others recorded meanwhile; nothing is lost, nothing is merged by hand.

An act is a commit that adds files, so it can be made again on any tip. Before it goes there, its incident is folded
with what others did: if the act is no longer legal, it is dropped, and its author learns who did what in between.
The checkout is locked only while its branch moves, never while the network is asked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from msgspec.structs import replace

from ...errors import GitTrouble
from ...stores.git import fast_forward, replay_commits, transaction
from ...stores.history import remote
from ...stores.history.remote import Answer
from ..workspace.workspace import Workspace
from .rebase import NotAnAct, replant
from .sync_result import Sync

ATTEMPTS = 30
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
_DEEPER = (50, 500)
"""How many more commits a shallow clone asks for, one try after the other, to see where two sides parted."""

Pause = Callable[[float], None]


class Rewritten(Exception):
    """The remote's history was replaced by another: what it had when we last asked is not in it."""


class Doubtful(Exception):
    """What we fetched lacks a commit that the remote had: rewritten, or older than what a command beside us sent."""

    def __init__(self, commit: str) -> None:
        super().__init__(commit)
        self.commit = commit


def sync(workspace: Workspace, *, mine: str | None = None, recover: bool = False, pause: Pause = time.sleep) -> Sync:
    """Push the current branch; where others were faster, put ours on top and try again, a bounded number of times.

    mine: the commit that was just made; it counts also where another command of this checkout has moved it since.
    recover: go on where the remote's history was rewritten, which an act alone does not.
    Raises GitTrouble only where the checkout itself is in the way; what the remote says comes back as a warning.
    """
    git, name = workspace.git, workspace.config.git.remote
    git.require_ready()
    branch = git.branch or workspace.config.git.branch
    done = Sync(tip=git.head())
    if done.tip is None:
        return done.kept("nothing is committed yet")
    gone: str | None = None
    for attempt in range(ATTEMPTS):
        try:
            if mine is not None and not attempt:
                done = _carry(workspace, branch, mine, done)
            head = git.head() or ""
            reply = remote.push(git, name, head, branch)
            if reply.answer is Answer.TAKEN:
                return _named(workspace, replace(done, pushed=True, tip=head), mine)
            if reply.answer is not Answer.BEHIND:
                return done.kept(not_sent(name, reply, branch))
            theirs = remote.fetch(git, name, branch)
            if theirs is None:
                continue
            see_where_parted(workspace, theirs, head, branch)
            done = _take_in(workspace, branch, theirs, done, gone=gone, recover=recover)
            if mine is not None:
                done = _carry(workspace, branch, mine, done)
            if done.tip == theirs:
                return _named(workspace, replace(done, pushed=True), mine)
        except Doubtful as doubt:
            gone = doubt.commit  # what is fetched from now on has it, if the remote still does
        except Rewritten as stop:
            return done.kept(f"recorded locally, not sent: {stop}")
        except GitTrouble as trouble:
            return done.kept(stays("; ".join((trouble.message, *trouble.hints[:2])), branch))
        except OSError as error:  # a full disk, mostly
            return done.kept(stays(transaction.unwritable(error).message, branch))
        breathe(attempt, pause)
    return done.kept(stays("other pushes came first on every try", branch))


def breathe(attempt: int, pause: Pause) -> None:
    """Wait a little before the next try, longer each time and not in step with others."""
    if attempt:
        pause(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))


def _carry(workspace: Workspace, branch: str, mine: str, done: Sync) -> Sync:
    """See to it that our act is in the branch: another command of this checkout may have moved or dropped it."""
    git, name = workspace.git, done.commits.get(mine, mine)
    head = git.head() or ""
    if head == name or any(d.commit in (mine, name) for d in done.dropped) or replay_commits.contains(git, head, name):
        return done
    with transaction.exclusive(git):
        _require_branch(workspace, branch)
        head = git.head() or ""
        try:
            again = replant(workspace, head, [replay_commits.read(git, mine)])
        except NotAnAct:
            return done
        if again.tip != head:
            fast_forward.move(git, head, again.tip)
        return replace(done.after(again), received=done.received)


def _named(workspace: Workspace, done: Sync, mine: str | None) -> Sync:
    """With the name that our commit has now, where another command of this checkout made it again."""
    git, name = workspace.git, done.commits.get(mine or "", mine)
    if mine is None or name is None or done.tip in (name, None) or replay_commits.contains(git, done.tip or "", name):
        return done
    path = next(iter(replay_commits.read(git, name).added), None)
    found = path and git.text(
        "log", "-1", "--diff-filter=A", "--format=%H", done.tip or "", "--", f":(top,literal){path}"
    )
    return replace(done, commits={**done.commits, mine: found}) if found else done


def _take_in(workspace: Workspace, branch: str, theirs: str, done: Sync, *, gone: str | None, recover: bool) -> Sync:
    """Put what is ours on top of what others recorded, and move the checkout there.

    gone: a commit that was missing before `theirs` was fetched. Raises Doubtful where another one is missing.
    """
    git = workspace.git
    with transaction.exclusive(git):
        _require_branch(workspace, branch)
        head = git.head() or ""
        tracking = remote.tracking(workspace.config.git.remote, branch)
        since = replay_commits.parted(git, tracking, head)
        if since is None:
            raise GitTrouble(
                f"{branch} here and {tracking} have no commit in common",
                "check that this is the right remote: git remote -v",
            )
        if not replay_commits.contains(git, theirs, since):
            if since != gone:
                raise Doubtful(since)
            if not recover:
                raise Rewritten(rewritten(workspace, branch, since))
            text = f"the history of `{branch}` was rewritten on the remote; your local records are now on top of it"
            done = replace(done, warnings=(*done.warnings, text))
        try:
            made = replant(workspace, theirs, replay_commits.unsent(git, since, head))
        except NotAnAct as stop:
            return _rebased(workspace, theirs, since, done, stop)
        if made.tip != head:
            fast_forward.move(git, head, made.tip)
        return done.after(made)


def _require_branch(workspace: Workspace, branch: str) -> None:
    """Raises GitTrouble where the checkout is not on the branch any more: someone is working in it."""
    workspace.git.require_ready()
    if workspace.git.branch != branch:
        raise GitTrouble(f"`{workspace.git.branch}` was checked out during the sync")


def see_where_parted(workspace: Workspace, theirs: str, ours: str, branch: str) -> None:
    """Make sure that this clone reaches back to where two commits parted; a shallow one asks for more of the past.

    Raises GitTrouble with the command to run where it still does not reach that far.
    """
    git, name = workspace.git, workspace.config.git.remote
    if not replay_commits.is_shallow(git) or replay_commits.base(git, theirs, ours):
        return
    for number in _DEEPER:
        remote.deepen(git, name, branch, number)
        if replay_commits.base(git, theirs, ours):
            return
    if replay_commits.is_shallow(git):
        raise GitTrouble(
            "this shallow clone does not contain the merge base with the remote", f"git fetch --unshallow {name}"
        )


def _rebased(workspace: Workspace, theirs: str, since: str, done: Sync, stop: NotAnAct) -> Sync:
    """Commits of another making are among ours: git's own rebase, if it goes through by itself."""
    git = workspace.git
    said = git.run("rebase", "--quiet", "--autostash", "--onto", theirs, since, check=False)
    if said.returncode != 0:
        git.run("rebase", "--abort", check=False)
        how = f"git rebase --onto {theirs[:10]} {since[:10]}"
        raise GitTrouble(f"{stop}, and git cannot rebase it automatically", f"to fix it by hand: {how}")
    return replace(done, received=True, tip=git.head())


def rewritten(workspace: Workspace, branch: str, since: str) -> str:
    """What to say where the remote has another history than before."""
    name = workspace.config.git.remote
    return (
        f"the history of `{branch}` at {name} was rewritten (it no longer has {since[:10]}); your entry is safe "
        "locally; to put only your local records on top of the new history: sevlog sync"
    )


def not_sent(name: str, reply: remote.Reply, branch: str) -> str:
    """What to say of a push that was not taken."""
    if reply.answer is Answer.REFUSED:
        return (
            f"recorded locally, but {name} rejects pushes to `{branch}` ({reply.said}); "
            "to use pull requests instead, set `git: {flow: pull-request}` in sevlog.yaml, then: sevlog sync"
        )
    if reply.answer is Answer.HELD:
        return f"recorded locally, not sent: your pre-push hook refused it ({reply.said}); when it passes: sevlog sync"
    return stays(reply.said or "no answer", branch)


def stays(why: str, branch: str) -> str:
    """What to say of an act that is recorded and not sent."""
    return f"recorded locally, not sent yet ({why}); your entry is safe on `{branch}`; to send it: sevlog sync"
