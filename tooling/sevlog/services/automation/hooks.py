"""Runs the hooks of sevlog.yaml after an act: what happened is recorded by then, and nothing here can undo it (S60)."""

from __future__ import annotations

import os
import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from ...adapters.external_commands import Ended, run_bounded
from ...errors import NotFound, SevlogError, UsageError
from ...model.comms.events import event_names
from ...model.config.settings import Hook, duration
from ...model.rules.hooks import chosen, events_of, why_off
from ...model.vocabulary import compact
from ...stores import files, layout
from ...stores.git.command import Git
from ...stores.history.main_at import content
from ...stores.records import codec
from ...stores.yaml import io as yaml_io
from ..common import documents, name_lookup
from ..common.documents import SCHEMA
from ..common.evidence import readable
from ..recording.incident_session import IncidentSession, entry_from
from ..recording.recorder import Options
from ..views import incidents as views_incidents
from ..workspace import lookup
from ..workspace.workspace import Workspace

if TYPE_CHECKING:
    from ..common.outcome import Outcome

_MOST_AT_ONCE = 8
_LARGEST = 1024 * 1024


class HookRow(Struct, kw_only=True):
    """A hook of sevlog.yaml, and whether it would run here."""

    run: str
    on: list[str]
    timeout: str
    runs: Annotated[bool, Meta(description="Whether it would run here and now.")]
    why: Annotated[str | None, Meta(description="Why it would not.")]


class HookList(Struct, kw_only=True):
    """`sevlog hook list --json`."""

    schema: str
    hooks: list[HookRow]


class HookRun(Struct, kw_only=True):
    """What became of one hook."""

    run: str
    incident: str
    events: list[str]
    code: Annotated[int | None, Meta(description="Its exit code; null where it did not run or was stopped.")]
    seconds: float
    said: Annotated[str, Meta(description="How it ended, or why it did not run.")]
    output: Annotated[str, Meta(description="What it printed; secrets are taken out.")]
    evidence: Annotated[str | None, Meta(description="The entry that keeps its output.")] = None
    output_lost: Annotated[bool, Meta(description="Whether its output was to be kept and could not be.")] = False


class HookRuns(Struct, kw_only=True):
    """`sevlog hook run --json`."""

    schema: str
    runs: list[HookRun]


def listed(workspace: Workspace) -> HookList:
    """The hooks, and whether each would run here."""
    trust, off, rows = _Trust(workspace), why_off(workspace.environment), list[HookRow]()
    for hook in workspace.config.hooks:
        why = off or trust.why_not(hook)
        rows.append(HookRow(run=hook.run, on=list(hook.on), timeout=hook.timeout, runs=why is None, why=why))
    return HookList(schema=SCHEMA, hooks=rows)


def after(workspace: Workspace, done: Outcome) -> list[HookRun]:
    """Run the hooks that wait for what an act recorded, side by side. Nothing is raised for what they do."""
    events = events_of(done.state, done.entries)
    wanted = chosen(workspace.config.hooks, events)
    if not wanted or why_off(workspace.environment) is not None:
        return []
    return _run(_fresh(workspace), done.incident, events, done.entries, wanted)


def _fresh(workspace: Workspace) -> Workspace:
    """One that reads what the act has written; what it records runs no hooks."""
    return workspace.anew()


def again(workspace: Workspace, incident: str | None, event: str, options: Options) -> HookRuns:
    """Run the hooks of an event by hand: to try one, or after it failed. Raises UsageError, NotFound."""
    known = name_lookup.choose("event", event, sorted(event_names(workspace.config)))
    name = lookup.resolve(workspace, incident)
    wanted = chosen(workspace.config.hooks, frozenset({known}))
    if not wanted:
        raise NotFound(f"no hook is configured for {known}", "list all hooks: sevlog hook list")
    off = why_off(workspace.environment)
    if off is not None:
        raise UsageError(f"hooks do not run here: {off}")
    if options.dry_run:
        trust = _Trust(workspace)
        runs = [_not_run(h, name, frozenset({known}), trust.why_not(h) or "would run (--dry-run)") for h in wanted]
        return HookRuns(schema=SCHEMA, runs=runs)
    return HookRuns(schema=SCHEMA, runs=_run(_fresh(workspace), name, frozenset({known}), (), wanted, options))


def _run(
    workspace: Workspace,
    incident: str,
    events: frozenset[str],
    entries: tuple[str, ...],
    wanted: list[Hook],
    options: Options | None = None,
) -> list[HookRun]:
    trust = _Trust(workspace)
    reasons = [(hook, trust.why_not(hook)) for hook in wanted]
    data = _hook_input(workspace, incident, events, entries)
    environment = {
        **os.environ,
        **workspace.environment,
        "SEVLOG_INCIDENT": incident,
        "SEVLOG_HOOKS": "off",
        "SEVLOG_EVENTS": " ".join(sorted(events)),
    }

    def one(row: tuple[Hook, str | None]) -> HookRun:
        hook, why = row
        if why is not None:
            return _not_run(hook, incident, events, why)
        argv = shlex.split(hook.run)
        argv[0] = str(workspace.root / argv[0])
        ended = run_bounded(
            argv,
            folder=workspace.root,
            data=data,
            environment=environment,
            seconds=duration(hook.timeout).total_seconds(),
        )
        return _ran(hook, incident, events, ended)

    with ThreadPoolExecutor(_MOST_AT_ONCE) as pool:
        runs = list(pool.map(one, reasons))
    for place, (hook, run) in enumerate(zip(wanted, runs, strict=True)):
        if hook.keep_output and run.output and run.code is not None:
            _keep(workspace, run, place, options or Options())
    return runs


def _hook_input(workspace: Workspace, incident: str, events: frozenset[str], entries: tuple[str, ...]) -> bytes:
    """What a hook reads: the events, the entries of the act, and the incident as `show --json` has it."""
    shown = msgspec.json.decode(documents.as_json(views_incidents.shown(workspace, incident)).encode())
    rows = [row for row in shown["timeline"] if row["id"] in entries]
    return msgspec.json.encode({"schema": SCHEMA, "events": sorted(events), "entries": rows, "incident": shown})


def _not_run(hook: Hook, incident: str, events: frozenset[str], why: str) -> HookRun:
    return HookRun(run=hook.run, incident=incident, events=sorted(events), code=None, seconds=0.0, said=why, output="")


def _ran(hook: Hook, incident: str, events: frozenset[str], ended: Ended) -> HookRun:
    return HookRun(
        run=hook.run,
        incident=incident,
        events=sorted(events),
        code=ended.code,
        seconds=round(ended.seconds, 3),
        said=ended.said,
        output=readable(ended.output),
    )


def _keep(workspace: Workspace, run: HookRun, place: int, options: Options) -> None:
    """Put the output of a hook into the timeline, as a note with a file. A failure becomes a warning."""
    try:
        session = IncidentSession(workspace, run.incident, options)
        name = f"{layout.EVIDENCE}/hook-{compact(session.at)}-{place + 1}.txt"
        entry = entry_from(
            {"kind": "note", "text": f"Hook `{run.run}`: {run.said}.", "evidence": [{"file": name, "label": "output"}]},
            session.at,
        )
        path = PurePosixPath(layout.folder_of(run.incident)) / name
        run.evidence = session.do([entry], f"hook {run.run}", files={path: run.output + "\n"}).entries[0]
    except (SevlogError, OSError) as error:
        run.said += f"; could not store its output: {error}"
        run.output_lost = True
    finally:
        workspace.close()


class _Trust:
    """What may run: a file below the repository that is, like the hook, on the branch of the records.

    A reviewer of a stranger's pull request has their sevlog.yaml and their files checked out; what they wrote there
    must not run on the next note. So the branch as the remote has it counts, and without a remote the local one.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._root, self._git, self._how = workspace.root, workspace.git, workspace.config.git
        self._tip = self._branch(self._git) if self._git.present else None
        self._known = self._hooks()

    def why_not(self, hook: Hook) -> str | None:
        """Why a hook must not run; None where it may."""
        try:
            name = shlex.split(hook.run)[0]
        except (ValueError, IndexError):
            return f"`{hook.run}` is not a command"
        place = self._root / name
        if name.startswith("/") or not _lies_in(place, self._root):
            return f"{name} is not in the repository"
        try:
            here = files.read_plain(place, _LARGEST)
        except OSError as error:
            return f"{name} cannot be read: {error.strerror}"
        if not os.access(place, os.X_OK):
            return f"{name} is not executable (chmod +x {name})"
        if self._tip is None:
            return "cannot verify it: the records have no branch to compare with"
        if hook not in self._known:
            return f"sevlog.yaml does not list it on {self._tip[1]}"
        relative = PurePosixPath(os.path.normpath(name)).as_posix()
        if content(self._git, self._tip[0], relative) != here:
            return f"{name} differs from the version on {self._tip[1]}"
        return None

    def _branch(self, git: Git) -> tuple[str, str] | None:
        remote, branch = self._how.remote, self._how.branch
        refs = [f"refs/remotes/{remote}/{branch}"] if git.remote_url(remote) else [f"refs/heads/{branch}", "HEAD"]
        for ref in refs:
            commit = git.commit_of(ref)
            if commit:
                return commit, ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
        return None

    def _hooks(self) -> tuple[Hook, ...]:
        data = content(self._git, self._tip[0], layout.CONFIG_FILE) if self._tip else None
        try:
            value = yaml_io.read(data) if data else None
            rows = value.get("hooks") if isinstance(value, dict) else None
            return tuple(codec.made(row, Hook, "config") for row in rows or ())
        except (SevlogError, TypeError):
            return ()


def _lies_in(place: Path, root: Path) -> bool:
    return place.resolve().is_relative_to(root.resolve())
