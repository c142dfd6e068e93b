"""What became of sending: how far it got, and what goes by another name now."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from .dropped import Dropped
from .rebase import Replanted


class Recorded(Struct, frozen=True, kw_only=True):
    """A commit that was made here. branch: where it is, if that is not what is checked out."""

    commit: str
    branch: str | None = None


class Sync(Struct, frozen=True, kw_only=True):
    """What sending did. sent: how many acts were put on top of others' commits; received: whether those came in.

    pushed: None where it was not tried. commits, incidents, entries, refs: what goes by another name now, old -> new.
    requests: the addresses of the pull requests it goes to. hints: what to do next.
    """

    schema: str = "1"
    sent: int = 0
    received: bool = False
    pushed: bool | None = None
    tip: str | None = None
    dropped: tuple[Dropped, ...] = ()
    commits: dict[str, str] = {}
    incidents: dict[str, str] = {}
    entries: dict[str, str] = {}
    refs: dict[str, str] = {}
    requests: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    def after(self, done: Replanted) -> Sync:
        """With one more round of acts put on top."""
        return replace(
            self,
            sent=self.sent + done.made,
            received=True,
            tip=done.tip,
            dropped=(*self.dropped, *done.dropped),
            commits=_chained(self.commits, done.commits),
            incidents=_chained(self.incidents, done.incidents),
            entries=_chained(self.entries, done.entries),
            hints=(*self.hints, *done.hints),
            refs=done.refs | {old: done.refs.get(_sibling_ref(old, new), new) for old, new in self.refs.items()},
        )

    @property
    def renamed(self) -> dict[str, str]:
        """What people know by name and that has another one now."""
        return {**self.incidents, **self.entries, **self.refs}

    def kept(self, why: str) -> Sync:
        """Not sent, and why."""
        return replace(self, pushed=False, warnings=(*self.warnings, why))


def _chained(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    """Names that changed twice have the last one."""
    chained = {old: second.get(new, new) for old, new in first.items()}
    return {**{old: new for old, new in second.items() if old not in first.values()}, **chained}


def _sibling_ref(ref: str, name: str) -> str:
    """Another short name of the same incident."""
    return f"{ref.partition('/')[0]}/{name}"
