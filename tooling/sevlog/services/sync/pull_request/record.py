"""`git.flow: pull-request`: an act goes to a branch of its incident; main branch and checkout stay as they are."""

from __future__ import annotations

from collections.abc import Mapping

from ....errors import GitTrouble
from ....stores import layout
from ....stores.git import branch_commit, fast_commit, fast_forward, replay_commits, transaction
from ....stores.git.transaction import NewCommit
from ....stores.history import pending_branches, remote
from ...workspace.workspace import Workspace
from ..dropped import Dropped
from ..rebase import NotAnAct, folder_of, incident_of, replant
from ..sync_result import Recorded


def record_beside(workspace: Workspace, new: NewCommit, branch: str) -> Recorded:
    """Commit the files to `branch`: beside the checkout, or in it where the branch is checked out.

    Call it while holding `exclusive`. Raises GitTrouble or InvalidRecord; nothing is changed then.
    """
    git = workspace.git
    git.require_ready()
    rescue(workspace)
    start = start_of(workspace, branch)
    here = _checked_out(workspace, branch, start)
    if here is not None:
        made = transaction.commit(git, new)
        return Recorded(commit=made, branch=here)
    _require_record(workspace, branch, start, new.contents)
    _require_seen(workspace, start, new.replaced)
    made = branch_commit.commit(git, branch, start, new)
    return Recorded(commit=made, branch=branch)


def main_of(workspace: Workspace) -> str:
    """The commit that the main branch has, as far as it is known here. Raises GitTrouble where there is none."""
    git, settings = workspace.git, workspace.config.git
    for ref in (remote.tracking(settings.remote, settings.branch), f"refs/heads/{settings.branch}", "HEAD"):
        found = git.commit_of(ref)
        if found is not None:
            return found
    raise GitTrouble(f"`{settings.branch}` has no commit yet", "git add sevlog.yaml && git commit")


def start_of(workspace: Workspace, branch: str) -> str:
    """What the next act of a branch goes on: what waits there already, else the main branch."""
    git, main = workspace.git, main_of(workspace)
    theirs = git.commit_of(remote.tracking(workspace.config.git.remote, branch))
    for tip in (git.commit_of(f"refs/heads/{branch}"), theirs):
        if tip is not None and not has_landed(workspace, main, tip):
            return tip
    return main


def taken_up(workspace: Workspace, main: str, tip: str | None) -> str:
    """The main branch, as a commit that the branch `tip`, which it has all of, can be moved to without force."""
    git = workspace.git
    if tip is None or replay_commits.contains(git, main, tip):
        return main
    author = git.text("var", "GIT_AUTHOR_IDENT")
    tree = replay_commits.changed_between(git, tip, main, "")
    blobs = {path: now for path, (_, now) in tree.items() if now is not None}
    gone = [path for path, (_, now) in tree.items() if now is None]
    text = f"Take in {workspace.config.git.branch}\n"
    sign = fast_commit.signs(git)
    return replay_commits.commit_on(
        git, tip, blobs, text, author, gone=gone, also=main, sign=sign, durable=transaction.DURABLE
    )


def has_landed(workspace: Workspace, main: str, tip: str) -> bool:
    """Whether the main branch has all that a branch brings, by its commits or by what they hold (squash, rebase)."""
    git = workspace.git
    if replay_commits.contains(git, main, tip):
        return True
    base = replay_commits.base(git, main, tip)
    if base is None or base == main:
        return False
    return all(
        replay_commits.landed(git, base, main, tip, change)
        for change in replay_commits.unsent(git, base, tip, merges=False)
    )


def _checked_out(workspace: Workspace, branch: str, start: str) -> str | None:
    """The checked-out branch, where the act belongs there: the incident's own, or the only one that has it."""
    git, here = workspace.git, workspace.git.branch
    if here == branch:
        return here
    if here == workspace.config.git.branch or not branch.startswith(pending_branches.OWN):
        return None
    card = f"{folder_of(workspace, branch.removeprefix(pending_branches.OWN))}/{layout.CARD_FILE}"
    head = git.head()
    only_here = (
        head is not None
        and replay_commits.blobs_at(git, head, [card])
        and not replay_commits.blobs_at(git, start, [card])
    )
    return here if only_here else None


def _require_record(workspace: Workspace, branch: str, start: str, contents: Mapping[str, bytes]) -> None:
    """An entry needs its incident: raise GitTrouble where the branch would have the one without the other."""
    if not branch.startswith(pending_branches.OWN):
        return
    incident = branch.removeprefix(pending_branches.OWN)
    card = str(layout.folder_of(incident) / layout.CARD_FILE)
    if card not in contents and not replay_commits.blobs_at(workspace.git, start, [workspace.git.prefix + card]):
        raise GitTrouble(
            f"{incident} is not committed on `{workspace.config.git.branch}` or on its own branch",
            f"commit it on a branch and continue there: git switch -c {branch}; git add {layout.folder_of(incident)}",
        )


def _require_seen(workspace: Workspace, start: str, replaced: frozenset[str]) -> None:
    """Raise GitTrouble where a file to overwrite has changes that the branch does not have."""
    git = workspace.git
    known = workspace.views.changes if workspace.views else {}
    names = [git.prefix + name for name in replaced]
    plain = [name for name in names if not any(name in paths for paths in known.values())]
    dirty = git.changed(*(name.removeprefix(git.prefix) for name in plain)) if plain else []
    there, here = (replay_commits.blobs_at(git, commit, plain) for commit in (start, git.head() or start))
    other = [name for name in plain if there.get(name) != here.get(name)]
    if dirty or other:
        raise GitTrouble(
            f"{', '.join(dirty or other)} differs from the version on `{workspace.config.git.branch}`",
            "commit it on its own branch and open a pull request first, or restore it: git status",
        )


def rescue(workspace: Workspace) -> tuple[Dropped, ...]:
    """Bring acts that were committed to the main branch here, and never sent, to branches of their incidents.

    The checkout follows the main branch of the remote again where nothing else was committed. What is not legal on its
    branch stays where it is, and is answered.
    """
    git, settings = workspace.git, workspace.config.git
    tracking = remote.tracking(settings.remote, settings.branch)
    head, main = git.head(), git.commit_of(tracking)
    if git.branch != settings.branch or head is None or main is None or head == main:
        return ()
    since = replay_commits.parted(git, tracking, head)
    if since is None or since == head:
        return ()
    others = False
    dropped: list[Dropped] = []
    for change in replay_commits.unsent(git, since, head):
        incident = incident_of(workspace, change) or ""
        if not layout.INCIDENT_ID.fullmatch(incident):
            others = True
            continue
        branch = f"{pending_branches.OWN}{incident}"
        start = start_of(workspace, branch)
        try:
            made = replant(workspace, start, [change])
        except NotAnAct:
            others = True
            continue
        dropped += made.dropped
        if made.tip != start:
            branch_commit.set_branch(git, branch, made.tip, git.commit_of(f"refs/heads/{branch}"), change.subject)
    if not others and not dropped:
        fast_forward.move(git, head, since)
    return tuple(dropped)
