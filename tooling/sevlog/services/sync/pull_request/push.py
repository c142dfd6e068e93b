"""Sends the branches of incidents and asks for them: on top of what others sent, without what was merged meanwhile."""

from __future__ import annotations

import time

from msgspec.structs import replace

from ....errors import GitTrouble
from ....stores import layout
from ....stores.git import branch_commit, fast_forward, replay_commits, transaction
from ....stores.history import pending_branches, remote
from ....stores.history.remote import Answer
from ...workspace.workspace import Workspace
from ..direct import ATTEMPTS, Doubtful, Pause, Rewritten, breathe, not_sent, stays
from ..rebase import NotAnAct
from ..sync_result import Recorded, Sync
from .forge import ask
from .reconcile import settle
from .record import has_landed, rescue

IMPORTS = "import/"


def ask_for(workspace: Workspace, recorded: Recorded, *, pause: Pause = time.sleep) -> Sync:
    """Send the branch of an act that was just recorded, and see to it that a pull request is open."""
    assert recorded.branch is not None
    return _send(workspace, recorded.branch, Sync(tip=recorded.commit), recorded.commit, recover=False, pause=pause)


def sync_requests(workspace: Workspace, *, pause: Pause = time.sleep) -> Sync:
    """Send every branch that waits here, take in what others sent, and let the main branch follow the remote's.

    Raises GitTrouble where the checkout is in the way.
    """
    git = workspace.git
    git.require_ready()
    done = Sync(tip=git.head())
    try:
        _fetch(workspace)
    except GitTrouble as trouble:
        return done.kept(f"nothing was sent or received ({_words(trouble)}); your local records are safe")
    with transaction.exclusive(git):
        done = replace(done, pushed=True, received=True, dropped=rescue(workspace))
    for branch in _waiting_here(workspace):
        done = _send(workspace, branch, done, None, recover=True, pause=pause)
    return _follow(workspace, done)


def _waiting_here(workspace: Workspace) -> list[str]:
    """The branches of this clone that sevlog made."""
    rows = workspace.git.text(
        "for-each-ref", "--format=%(refname:lstrip=2)", f"refs/heads/{pending_branches.OWN}", f"refs/heads/{IMPORTS}"
    ).splitlines()
    own = (row for row in rows if row.startswith(pending_branches.OWN))
    return [
        *(row for row in own if layout.INCIDENT_ID.fullmatch(row.removeprefix(pending_branches.OWN))),
        *(row for row in rows if row.startswith(IMPORTS)),
    ]


def _fetch(workspace: Workspace, branch: str | None = None) -> None:
    settings = workspace.config.git
    more = [branch] if branch and not branch.startswith((pending_branches.OWN, IMPORTS)) else []
    remote.fetch_all(workspace.git, settings.remote, f"{pending_branches.OWN}*", f"{IMPORTS}*", settings.branch, *more)


def _send(workspace: Workspace, branch: str, done: Sync, mine: str | None, *, recover: bool, pause: Pause) -> Sync:
    """One branch, a bounded number of times."""
    git, name = workspace.git, workspace.config.git.remote
    fresh, gently, gone = mine is None, False, None  # `sync` has fetched
    for attempt in range(ATTEMPTS):
        try:
            if not fresh:
                _fetch(workspace, branch)
            fresh = False
            settled = settle(workspace, branch, done, mine, recover=recover, gently=gently, gone=gone)
            done, branch = settled.done, settled.branch
            if settled.tip is None:
                there = replace(done, pushed=True)
                return ask(workspace, branch, there, ()) if settled.waits and not done.dropped else there
            reply = remote.push(git, name, settled.tip, branch, over=settled.over)
            if reply.answer is Answer.TAKEN:
                git.run("update-ref", remote.tracking(name, branch), settled.tip)
                return ask(workspace, branch, replace(done, tip=settled.tip, pushed=True), reply.told)
            if reply.answer is Answer.REFUSED and settled.over:
                gently = True
            elif reply.answer is not Answer.BEHIND:
                return done.kept(not_sent(name, reply, branch))
        except Doubtful as doubt:
            gone = doubt.commit  # what is fetched from now on has it, if the remote still does
        except Rewritten as stop:
            return done.kept(f"recorded locally, not sent: {stop}")
        except NotAnAct as stop:
            how = f"git switch {branch} && git pull --rebase {name} {branch} && sevlog sync"
            return done.kept(f"recorded locally, not sent: {stop}; to fix it to fix it by hand: {how}")
        except GitTrouble as trouble:
            return done.kept(stays(_words(trouble), branch))
        except OSError as error:  # a full disk, mostly
            return done.kept(stays(transaction.unwritable(error).message, branch))
        breathe(attempt, pause)
    return done.kept(stays("other pushes came first on every try", branch))


def _words(trouble: GitTrouble) -> str:
    return "; ".join((trouble.message, *(hint.removeprefix("git says: ") for hint in trouble.hints[:2])))


def _follow(workspace: Workspace, done: Sync) -> Sync:
    """Let the main branch here be what it is at the remote, and remember which branches it has all of."""
    git, settings = workspace.git, workspace.config.git
    tracking = remote.tracking(settings.remote, settings.branch)
    with transaction.exclusive(git):
        main, local = git.commit_of(tracking), git.commit_of(f"refs/heads/{settings.branch}")
        if main is None:
            return done
        pending_branches.note_landed(git, _landed_tips(workspace, main))
        if local is None or replay_commits.contains(git, local, main):
            return done
        if replay_commits.parted(git, tracking, local) != local:
            how = f"git rebase {settings.remote}/{settings.branch}"
            text = (
                f"`{settings.branch}` has local commits that the remote does not have, so it was not updated; "
                f"to fix it to fix it by hand: {how}"
            )
            return replace(done, warnings=(*done.warnings, text))
        try:
            if git.branch == settings.branch:
                fast_forward.move(git, local, main)
            else:
                branch_commit.require_free(git, settings.branch)
                branch_commit.set_branch(git, settings.branch, main, local, "as at the remote")
        except GitTrouble as trouble:
            return replace(done, warnings=(*done.warnings, "; ".join((trouble.message, *trouble.hints))))
    return done


def _landed_tips(workspace: Workspace, main: str) -> frozenset[str]:
    git, settings = workspace.git, workspace.config.git
    known = pending_branches.landed(git)
    tips = git.text(
        "for-each-ref",
        "--format=%(objectname)",
        f"refs/heads/{pending_branches.OWN}",
        f"refs/remotes/{settings.remote}/{pending_branches.OWN}",
    ).split()
    return frozenset(tip for tip in set(tips) if tip in known or has_landed(workspace, main, tip))
