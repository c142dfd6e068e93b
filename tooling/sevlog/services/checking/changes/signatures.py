"""Whether each commit was signed by the person whose entries it brings (`check --signatures`).

Whose signature counts is read from where the commits go to, never from the commits themselves: a change cannot vouch
for its own author. Without a base the history is taken as a row of such changes, each held against the tip before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ....errors import UsageError
from ....model.problem import Problem
from ....model.redaction import is_redacted
from ....model.timeline.entries import entry_id
from ....model.timeline.entry_parts import Entry
from ....stores import layout
from ....stores.history import ancestry, signatures
from ....stores.history.ancestry import Touched
from ....stores.history.signatures import Signed
from ....stores.records import codec
from ....stores.yaml import io as yaml_io
from ...workspace.workspace import Workspace
from ..result import CheckResult, in_order
from .signers import FILES, Trust, trust_at

_SETTING = "git: {allowed_signers: .sevlog/allowed_signers}"
_LEEWAY = 3600
"""Seconds by which a clock may be behind the one of the commit before."""


class _Row(Struct, frozen=True):
    """Commits that came in together, oldest first, and what they are held against."""

    commits: tuple[str, ...]
    trust: Trust


def signature_problems(workspace: Workspace, base: str | None) -> Iterator[Problem]:
    """Findings about the signatures of all commits since `base`, or since there is a list of signers.

    base: a git revision. Raises NotFound for an unknown one, UsageError where no list of signers is configured.
    """
    git = workspace.git
    head = git.head()
    if head is None:
        return
    if base is None:
        rows = _history(workspace, head)
        yield from _unseen(ancestry.edge(git))
    else:
        start = ancestry.commit_of(git, base)
        trust = trust_at(git, start)
        if not trust.there:
            yield _no_list(base, trust)
            return
        row = _without_trial(workspace, _Row(tuple(ancestry.between(git, start, head)), trust))
        rows = [row]
        yield from _unseen(ancestry.edge(git) & set(row.commits))
    for row in rows:
        if row.trust.there:
            yield from _Check(workspace, row).problems()


def with_signatures(result: CheckResult, workspace: Workspace, base: str | None) -> CheckResult:
    """The result of a check with the findings about signatures."""
    return replace(result, problems=in_order((*result.problems, *signature_problems(workspace, base))))


def _no_list(base: str, trust: Trust) -> Problem:
    what = f"{trust.path} is empty there" if trust.path else "sevlog.yaml has no list of signers there"
    return Problem(
        code="no_allowed_signers",
        severity="error" if trust.required else "warning",
        path=FILES[0],
        message=f"{base} has no list of trusted signers ({what}), so no signature can be verified",
        hint=f"add the list in a separate change: {_SETTING}, with lines such as: ana ssh-ed25519 AAAA…",
    )


def _history(workspace: Workspace, head: str) -> list[_Row]:
    """The commits since the list of signers came in, each step of the branch held against the one before it."""
    git = workspace.git
    now = trust_at(git, head)
    if now.path is None and now.keys_path is None:
        raise UsageError(
            "no list of trusted signers is configured", f"in sevlog.yaml: {_SETTING}", "sevlog check --help"
        )
    since = ancestry.introduced(git, [git.prefix + path for path in (now.path, now.keys_path) if path])
    if since is None:
        raise UsageError(f"{now.path or now.keys_path} is not committed yet", "commit it first")
    rows: list[_Row] = []
    known: dict[tuple[str, ...], Trust] = {}
    places = [git.prefix + name for name in FILES]
    for before, step in ancestry.steps(git, since, head):
        ids = ancestry.blobs(git, before, [*places, *(git.prefix + path for path in (now.path, now.keys_path) if path)])
        if ids not in known:
            known[ids] = trust_at(git, before).bounded_by(now)
        commits = tuple(ancestry.between(git, before, step))
        if rows and rows[-1].trust is known[ids]:
            rows[-1] = _Row((*rows[-1].commits, *commits), known[ids])
        else:
            rows.append(_Row(commits, known[ids]))
    return rows


def _without_trial(workspace: Workspace, row: _Row) -> _Row:
    """Without the merge that a pipeline tries out: nobody signs it, and it is thrown away afterwards."""
    git = workspace.git
    last = row.commits[-1:] if git.branch is None else ()
    if not last or len(ancestry.parents(git, last[0])) < 2 or ancestry.touched(git, last)[last[0]].own:
        return row
    return _Row(row.commits[:-1], row.trust)


def _unseen(edge: set[str]) -> Iterator[Problem]:
    """What a shallow clone cannot see. edge: the commits at which it ends."""
    if edge:
        yield Problem(
            code="shallow_history",
            message=f"this clone is shallow: commits before {min(edge)[:10]} are missing, so their signatures and the "
            "changes of that commit cannot be verified",
            hint="git fetch --unshallow (in a pipeline: fetch-depth: 0)",
        )


class _Check:
    """The commits of one row."""

    def __init__(self, workspace: Workspace, row: _Row) -> None:
        self._workspace, self._git, self._trust = workspace, workspace.git, row.trust
        self._touched: Mapping[str, Touched] = ancestry.touched(self._git, row.commits)
        self._commits = [commit for commit in row.commits if self._counts(self._touched[commit])]

    def problems(self) -> Iterator[Problem]:
        """The findings, a commit at a time."""
        times = ancestry.times(self._git, [p for c in self._commits for p in self._touched[c].parents])
        for signed in signatures.verified(self._git, self._commits, self._trust.trusted):
            touched = self._touched[signed.commit]
            found = self._worth(signed, max((times[p] for p in touched.parents if p in times), default=0))
            if found is not None:
                yield found
            else:
                yield from self._authors(signed, touched)

    def _counts(self, touched: Touched) -> bool:
        """Whether the commit brings records, or changes what signatures are held against."""
        prefix = self._git.prefix
        lists = {prefix + path for path in (self._trust.path, self._trust.keys_path) if path}
        if any(path.startswith(f"{prefix}{layout.INCIDENTS}/") or path in lists for path in touched.paths):
            return True
        if not {prefix + name for name in FILES} & touched.paths or len(touched.parents) != 1:
            return False
        return trust_at(self._git, touched.parents[0]) != trust_at(self._git, touched.commit)

    def _worth(self, signed: Signed, before: int) -> Problem | None:
        """What is wrong with the signature itself."""
        who = f"{signed.commit[:10]} (“{signed.subject}”, by {signed.author})"
        if signed.verdict == "unsigned":
            return self._problem(
                signed,
                "unsigned_commit",
                f"the commit {who} is not signed",
                "git config gpg.format ssh; git config user.signingKey ~/.ssh/id_ed25519.pub; git config "
                f"commit.gpgsign true; then: git rebase --exec 'git commit --amend --no-edit -S' {signed.commit[:10]}~",
            )
        if signed.verdict == "bad":
            return self._problem(
                signed,
                "bad_signature",
                f"the signature of the commit {who} is not valid: the commit was changed after "
                "it was signed, or the key is not meant for git",
                "do not merge it; ask its author to sign the original commit",
            )
        if signed.verdict == "unknown":
            return self._problem(
                signed,
                "unknown_signer",
                f"the commit {who} is signed by a key that is not listed: {signed.key or 'of an unknown kind'}",
                self._how_to_list(signed),
            )
        if signed.verdict == "expired" or self._backdated(signed, before):
            late = "" if signed.verdict == "expired" else "; its date is before the date of its parent commit"
            names = ", ".join(signed.names)
            return self._problem(
                signed,
                "expired_key",
                f"the commit {who} is signed by a key of {names} that was not valid at that time{late}",
                "ask its owner whether the key was lost; add a new key on a separate line of the list",
            )
        return None

    def _backdated(self, signed: Signed, before: int) -> bool:
        """Whether a key that holds for a time only was used with a date that cannot be right."""
        known = [signer for signer in self._trust.signers if signer.fingerprint == signed.key]
        return any(signer.bounded for signer in known) and signed.at < before - _LEEWAY

    def _how_to_list(self, signed: Signed) -> str:
        now = trust_at(self._git, self._git.head() or signed.commit)
        if any(signer.fingerprint == signed.key for signer in now.signers):
            return "the change itself adds this key, which does not count: add the key in a separate change first"
        return f"add it to {self._trust.path or self._trust.keys_path} in a change that a listed person signs"

    def _authors(self, signed: Signed, touched: Touched) -> Iterator[Problem]:
        """Entries whose author is not the signer."""
        people = self._trust.handles(signed.names)
        merge = len(touched.parents) > 1
        if self._trust.of_forge(signed.names, signed.key) and not people:
            if not merge or touched.own:
                yield self._problem(
                    signed,
                    "forge_signed",
                    f"the commit {signed.commit[:10]} (“{signed.subject}”) is signed by the "
                    f"forge ({', '.join(signed.names)}), which may sign merge commits only",
                    "record with sevlog or sign your own commits, and merge with a merge commit, not by squash, rebase "
                    "or in a web editor",
                )
            return
        if not people:
            yield self._problem(
                signed,
                "unknown_signer",
                f"the commit {signed.commit[:10]} (“{signed.subject}”) is signed as "
                f"{', '.join(signed.names) or signed.key}, who is not listed in oncall.yaml",
                "use the handle as principal, or add email_sha256 to oncall.yaml",
            )
            return
        for path, entry in self._new_entries(touched):
            if entry.by is not None and entry.by not in people:
                yield Problem(
                    code="signer_is_not_author",
                    path=path.removeprefix(self._git.prefix),
                    entry=entry_id(entry),
                    message=f"the entry `{entry_id(entry)}` says by: {entry.by}, and {' or '.join(sorted(people))} "
                    f"signed it (commit {signed.commit[:10]})",
                    hint="each person signs their own entries; a scribe records under their own name: sevlog note --as "
                    f'{sorted(people)[0]} "{entry.by} says: …"',
                )

    def _new_entries(self, touched: Touched) -> Iterator[tuple[str, Entry]]:
        """Entries that are in the commit and in no parent of it; what was only moved or redacted is not new."""
        rows = [row for row in touched.own if f"/{layout.TIMELINE}/" in row.path and row.path.endswith(".yaml")]
        contents = ancestry.contents(self._git, [blob for row in rows for blob in (*row.before, row.after) if blob])
        before = [entry for row in rows for blob in row.before if blob for entry in _entries(contents[blob])]
        for row in rows:
            for entry in _entries(contents[row.after]) if row.after else ():
                if not any(old == entry or _is_redaction(old, entry) for old in before):
                    yield row.path, entry

    def _problem(self, signed: Signed, code: str, message: str, hint: str) -> Problem:
        path = min((p for p in self._touched[signed.commit].paths), default="").removeprefix(self._git.prefix)
        return Problem(code=code, path=path, message=message, hint=hint)


def _is_redaction(old: Entry, new: Entry) -> bool:
    return entry_id(old) == entry_id(new) and is_redacted(old, new)


def _entries(data: bytes) -> Iterator[Entry]:
    """The well-formed entries of a timeline file; the others have findings of their own."""
    try:
        content = yaml_io.read(data)
    except yaml_io.YamlError:
        return
    rows = content if isinstance(content, list) else [content]
    for row in rows:
        try:
            yield codec.entry_of(row)
        except (msgspec.ValidationError, KeyError, TypeError):
            continue
