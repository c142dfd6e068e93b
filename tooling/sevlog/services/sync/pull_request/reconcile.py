"""Puts a branch on top of what others sent to it, without what was merged meanwhile.

A branch of the remote is replaced in one case only: the main branch has all it brought, squashed or rebased, so that
its commits would be asked for again. Where the forge does not allow that, the main branch is taken into it instead.
"""

from __future__ import annotations

from msgspec import Struct

from ....errors import GitTrouble
from ....stores import layout
from ....stores.git import branch_commit, fast_forward, replay_commits, transaction
from ....stores.git.replay_commits import Change
from ....stores.history import pending_branches, remote
from ...workspace.workspace import Workspace
from ..direct import Doubtful, Rewritten, rewritten, see_where_parted
from ..rebase import folder_of, replant
from ..sync_result import Sync
from .record import has_landed, main_of, start_of, taken_up


class Settled(Struct, frozen=True, kw_only=True):
    """A branch after it was put on top of what others sent. tip: the commit to push; None for nothing.

    waits: whether anything in it waits for the main branch. over: the commit at the remote that it takes the place of.
    """

    done: Sync
    branch: str
    tip: str | None = None
    waits: bool = True
    over: str | None = None


def settle(
    workspace: Workspace,
    branch: str,
    done: Sync,
    mine: str | None,
    *,
    recover: bool,
    gently: bool = False,
    gone: str | None = None,
) -> Settled:
    """Put what is ours in a branch on top of what others sent to it, without what the main branch has by now.

    gently: replace nothing at the remote. gone: a commit that the main branch lacked before it was fetched.
    Raises Doubtful where it lacks another one that it once had, Rewritten, NotAnAct or GitTrouble.
    """
    git = workspace.git
    tip = git.commit_of(f"refs/heads/{branch}") or done.commits.get(mine or "", mine)
    if tip is None:
        return Settled(done=done, branch=branch, waits=False)
    see_where_parted(workspace, main_of(workspace), tip, workspace.config.git.branch)
    with transaction.exclusive(git):
        return _Settling(workspace, branch, done, mine, recover=recover, gone=gone).settled(gently=gently)


class _Settling:
    """One branch of this clone beside the same of the remote and the main branch."""

    def __init__(
        self, workspace: Workspace, branch: str, done: Sync, mine: str | None, *, recover: bool, gone: str | None
    ) -> None:
        self.workspace, self.git, self.branch, self.done = workspace, workspace.git, branch, done
        self.main, self.recover, self.mine, self.gone = main_of(workspace), recover, mine, gone
        self.local = self.git.commit_of(f"refs/heads/{branch}")
        self.tip = self.local or done.commits.get(mine or "", mine) or self.main
        self.theirs = self.git.commit_of(remote.tracking(workspace.config.git.remote, branch))
        self.taken = self.theirs is not None and has_landed(workspace, self.main, self.theirs)
        if self.git.branch == branch:
            self.git.require_ready()

    def settled(self, *, gently: bool) -> Settled:
        """The branch as it is to be pushed."""
        ours, all_wait = self._ours()
        if not ours:
            return self._nothing()
        over = None
        if self.theirs and self.taken and not gently and not replay_commits.contains(self.git, self.main, self.theirs):
            over = self.theirs
        stands = not self.theirs or replay_commits.contains(self.git, self.tip, self.theirs) != bool(over)
        if all_wait and stands and not (self.taken and not over):
            self._move(self.tip)
            return Settled(done=self.done, branch=self.branch, tip=self.tip, over=over)
        base = self.theirs if self.theirs and not self.taken else self.main
        if gently and self.taken:
            base = taken_up(self.workspace, self.main, self.theirs)
        target, renamed = self._name(ours, base)
        if target != self.branch:
            base = start_of(self.workspace, target)
        made = replant(self.workspace, base, ours, renamed=renamed)
        self.done = self.done.after(made)
        if target != self.branch:
            self._leave_to(target, made.tip)
            return Settled(done=self.done, branch=target, tip=made.tip)
        if made.tip == base:  # nothing of ours is left: it was there, or was dropped
            return self._nothing()
        self._move(made.tip)
        return Settled(done=self.done, branch=self.branch, tip=made.tip, over=over)

    def _ours(self) -> tuple[list[Change], bool]:
        """Our commits that neither the remote's branch nor the main branch has; and whether that is all of them."""
        settings = self.workspace.config.git
        tracking = remote.tracking(settings.remote, settings.branch)
        known = self.git.commit_of(tracking)
        since = (
            replay_commits.parted(self.git, tracking, self.tip)
            if known
            else replay_commits.base(self.git, self.main, self.tip)
        )
        if since is None:
            raise GitTrouble(
                f"{self.branch} and {settings.branch} have no commit in common",
                "check that this is the right remote: git remote -v",
            )
        if not replay_commits.contains(self.git, self.main, since):
            self._on_new_history(since)
            return replay_commits.unsent(self.git, since, self.tip, merges=False, known=self.theirs), False
        changes = replay_commits.unsent(self.git, since, self.tip, merges=False, known=self.theirs)
        if self.mine and not any(change.commit in (self.mine, self.done.commits.get(self.mine)) for change in changes):
            self._add_mine(changes)
        base = replay_commits.base(self.git, self.main, self.tip)
        if base is None or base == self.main:
            return changes, True
        waiting = [
            change for change in changes if not replay_commits.landed(self.git, base, self.main, self.tip, change)
        ]
        return waiting, len(waiting) == len(changes)

    def _add_mine(self, changes: list[Change]) -> None:
        """Our act, where another command of this clone has left it out."""
        name = self.done.commits.get(self.mine or "", self.mine) or ""
        refs = [tip for tip in (self.local, self.theirs, self.main) if tip]
        dropped = any(lost.commit in (self.mine, name) for lost in self.done.dropped)
        if not dropped and not any(replay_commits.contains(self.git, tip, name) for tip in refs):
            changes.append(replay_commits.read(self.git, name))

    def _on_new_history(self, since: str) -> None:
        settings = self.workspace.config.git
        if since != self.gone:
            raise Doubtful(since)
        if not self.recover:
            raise Rewritten(rewritten(self.workspace, settings.branch, since))
        if self.theirs and replay_commits.contains(self.git, self.theirs, since):
            raise GitTrouble(
                f"`{self.branch}` at {settings.remote} still has the history that `{settings.branch}` no longer has",
                f"delete it there, then sync again: git push {settings.remote} --delete {self.branch}",
            )

    def _nothing(self) -> Settled:
        """Nothing here has to be sent: follow the remote's branch, or be gone with what the main branch has."""
        waits = self.theirs is not None and not self.taken
        if self.local and self.theirs and waits and self.local != self.theirs:
            self._move(self.theirs)
        elif self.local and not waits and self.git.branch != self.branch:
            branch_commit.require_free(self.git, self.branch)
            branch_commit.set_branch(self.git, self.branch, None, self.local, "in the main branch")
        return Settled(done=self.done, branch=self.branch, waits=waits)

    def _move(self, tip: str) -> None:
        if tip == self.local:
            return
        if self.git.branch == self.branch and self.local:
            fast_forward.move(self.git, self.local, tip)
            return
        branch_commit.require_free(self.git, self.branch)
        branch_commit.set_branch(self.git, self.branch, tip, self.local, "on top of what others recorded")

    def _name(self, ours: list[Change], base: str) -> tuple[str, dict[str, str]]:
        """The branch that ours belongs to: another where someone else's incident has taken the name."""
        incident = self.branch.removeprefix(pending_branches.OWN)
        opening = next((c for c in ours if any(path.endswith(f"/{layout.CARD_FILE}") for path in c.added)), None)
        if opening is None or not self.branch.startswith(pending_branches.OWN) or self.git.branch == self.branch:
            return self.branch, {}
        there = replay_commits.files_below(self.git, base, folder_of(self.workspace, incident))
        if not there or all(there.get(path) == blob for path, blob in opening.added.items()):
            return self.branch, {}
        number = 2
        while self._is_taken(f"{incident}-{number}"):
            number += 1
        return f"{pending_branches.OWN}{incident}-{number}", {incident: f"{incident}-{number}"}

    def _is_taken(self, incident: str) -> bool:
        refs = (
            f"refs/heads/{pending_branches.OWN}{incident}",
            remote.tracking(self.workspace.config.git.remote, f"{pending_branches.OWN}{incident}"),
        )
        if any(self.git.commit_of(ref) for ref in refs):
            return True
        return bool(replay_commits.files_below(self.git, self.main, folder_of(self.workspace, incident)))

    def _leave_to(self, target: str, tip: str) -> None:
        """Ours goes on in a branch of another name; the old name is theirs."""
        branch_commit.set_branch(self.git, target, tip, None, "someone else took the name")
        if self.local:
            branch_commit.set_branch(self.git, self.branch, self.theirs, self.local, "theirs")
