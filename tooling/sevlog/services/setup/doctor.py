"""Checks of the machine and the repository (`sevlog doctor`): one row per check, one fix per problem."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from ... import __version__
from ...errors import NotFound, SevlogError
from ...stores import installation, layout, resources
from ...stores.git.command import Git
from ..recording.identity import acting_person
from ..workspace.workspace import Clock, Workspace, system_clock
from .check import Check, trouble
from .notification_checks import notification_checks
from .repository import is_unset
from .tracker_checks import tracker_checks

OLDEST_GIT = (2, 28)
"""`git init --initial-branch`; commits from a list of paths came with 2.26."""

TESTED_PYTHONS = ((3, 11), (3, 14))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Report(Struct, frozen=True, kw_only=True):
    """`sevlog doctor --json`: everything that was looked at, in order."""

    schema: str = "1"
    version: str = __version__
    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing failed; warnings do not count."""
        return all(check.state != "fail" for check in self.checks)


def diagnose(start: Path, *, clock: Clock = system_clock) -> Report:
    """Look at the machine, then at the records repository around `start`, if there is one. A finding never raises."""
    checks = [check() for check in _MACHINE]
    try:
        workspace = Workspace.find(start, clock=clock)
    except NotFound as error:
        checks.append(trouble("records", error, state="warn"))
        return Report(checks=tuple(checks))
    checks.append(Check(name="records", state="ok", message=str(workspace.root)))
    readable = [_reads("sevlog.yaml", lambda: workspace.config), _reads("oncall.yaml", lambda: workspace.oncall)]
    checks += readable
    checks += _shipped_files(workspace)
    checks += _installation(workspace)
    if all(check.state == "ok" for check in readable):
        checks += _address(workspace)
    if checks[1].state == "fail":
        return Report(checks=tuple(checks))
    if not workspace.git.present:
        cure = (f"git -C {workspace.root} init",)
        checks.append(
            Check(name="repository", state="fail", message="the records are not in a git repository", cure=cure)
        )
        return Report(checks=tuple(checks))
    checks += _repository(workspace, configured=all(check.state == "ok" for check in readable))
    return Report(checks=tuple(checks))


def _python() -> Check:
    here = sys.version_info[:2]
    text = f"{platform.python_version()} on {platform.system()}"
    if here > TESTED_PYTHONS[1]:
        return Check(name="python", state="warn", message=f"sevlog is not tested with {text}")
    return Check(name="python", state="ok", message=text)


def _git() -> Check:
    try:
        text = Git(Path.cwd()).text("--version").removeprefix("git version ")
    except SevlogError as error:
        return trouble("git", error)
    found = re.match(r"(\d+)\.(\d+)", text)
    if found and (int(found[1]), int(found[2])) < OLDEST_GIT:
        oldest = ".".join(map(str, OLDEST_GIT))
        return Check(name="git", state="fail", message=f"{text} is too old", cure=(f"install git {oldest} or newer",))
    return Check(name="git", state="ok", message=text)


def _time_zones() -> Check:
    try:
        ZoneInfo("Europe/Berlin")
    except (LookupError, OSError):
        return Check(
            name="time zones", state="fail", message="the time zone database is missing", cure=("pip install tzdata",)
        )
    return Check(name="time zones", state="ok", message="known")


def _site() -> Check:
    absent = [name for name in ("mkdocs", "material", "nh3") if find_spec(name) is None]
    if absent:
        message = f"cannot be built here: {', '.join(absent)} not installed"
        return Check(name="site", state="warn", message=message, cure=(installation.origin().install_command("site"),))
    return Check(name="site", state="ok", message="can be built here")


def _extras() -> Check:
    extras = {"notify": "apprise", "serve": "uvicorn"}
    found = [name for name, module in extras.items() if find_spec(module)]
    others = [f"[{name}]" for name in extras if name not in found]
    message = ", ".join(f"[{name}]" for name in found) or "none"
    more = f" (not installed: {', '.join(others)})" if others else ""
    return Check(name="extras", state="ok", message=message + more)


def _browser() -> Check:
    found = os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return Check(name="browser", state="ok", message=found or "no Chromium (only sevlog's own tests need one)")


_MACHINE: tuple[Callable[[], Check], ...] = (_python, _git, _time_zones, _site, _extras, _browser)


def _reads(name: str, read: Callable[[], object]) -> Check:
    try:
        read()
    except SevlogError as error:
        return trouble(name, error)
    return Check(name=name, state="ok", message="valid")


def _shipped_files(workspace: Workspace) -> Iterator[Check]:
    """The schemas in the repository are what editors use: they should be those of this sevlog."""
    shipped = sorted(resources.shared(layout.SCHEMAS).glob("*.json"))
    here = workspace.root / layout.SCHEMAS
    missing = [s.name for s in shipped if not (here / s.name).exists()]
    other = [s.name for s in shipped if s.name not in missing and (here / s.name).read_bytes() != s.read_bytes()]
    if missing:
        message = f"missing: {', '.join(missing)}"
        yield Check(name="schemas", state="warn", message=message, cure=(f"sevlog init {workspace.root}",))
    elif other:
        message = f"from another sevlog version: {', '.join(other)}"
        cure = (f"sevlog upgrade --repo {workspace.root}", "or install the sevlog version that wrote them")
        yield Check(name="schemas", state="warn", message=message, cure=cure)
    elif shipped:
        yield Check(name="schemas", state="ok", message="up to date")


def _installation(workspace: Workspace) -> Iterator[Check]:
    """What pipelines and colleagues install: it must be there for them too, and nobody else's."""
    path = workspace.root / "requirements.txt"
    if not path.is_file():
        return
    line = installation.named_in(path.read_text("utf-8", "replace"))
    wanted = installation.origin().requirement("site") or "sevlog[site] @ git+https://HOST/OWNER/sevlog@COMMIT"
    cure = (f"add an installable source to requirements.txt: {wanted}",)
    if line is None:
        wrong = "requirements.txt has no source for sevlog: pipelines cannot install it"
    elif installation.is_unpublished(line):
        wrong = f"`{line}` is not on a package index: anybody who registers the name can run code in your pipelines"
    elif installation.is_at_home(line):
        wrong = f"`{line}` exists only on this machine: pipelines cannot reach it"
    else:
        yield Check(name="install", state="ok", message=line)
        return
    yield Check(name="install", state="warn", message=wrong, cure=cure)


def _address(workspace: Workspace) -> Iterator[Check]:
    url = workspace.config.page.url
    if is_unset(url):
        cure = ("set page.url in sevlog.yaml to the public address of the page",)
        yield Check(name="address", state="warn", message=f"the page has no public address yet ({url})", cure=cure)
    else:
        yield Check(name="address", state="ok", message=url)


def _repository(workspace: Workspace, *, configured: bool) -> Iterator[Check]:
    git = workspace.git
    try:
        git.require_ready()
    except SevlogError as error:
        yield trouble("repository", error)
    else:
        yield Check(name="repository", state="ok", message=f"on branch {git.branch}")
    yield _identity(git)
    if configured:
        yield _person(workspace)
        yield _remote(workspace)
        yield from _branch(workspace)
        yield from notification_checks(workspace)
        yield from tracker_checks(workspace)
    yield from _clone(git)
    yield _hooks(workspace)
    changed = git.changed(layout.INCIDENTS)
    if changed:
        message = f"{len(changed)} files below {layout.INCIDENTS}/ are not committed: {', '.join(changed[:3])}"
        cure = (f"git add {layout.INCIDENTS} && git commit, or restore them: git status",)
        yield Check(name="work", state="warn", message=message + (" …" if len(changed) > 3 else ""), cure=cure)


def _identity(git: Git) -> Check:
    try:
        identity = git.text("var", "GIT_COMMITTER_IDENT")
    except SevlogError as error:
        return trouble("identity", error)
    return Check(name="identity", state="ok", message=identity.rsplit(" ", 2)[0])


def _person(workspace: Workspace) -> Check:
    try:
        return Check(name="person", state="ok", message=acting_person(workspace, None))
    except SevlogError as error:
        return trouble("person", error, state="warn")


def _remote(workspace: Workspace) -> Check:
    name = workspace.config.git.remote
    url = workspace.git.remote_url(name)
    if url is None:
        cure = (f"git remote add {name} URL",)
        message = f"remote `{name}` is not configured: records stay on this machine"
        return Check(name="remote", state="warn", message=message, cure=cure)
    return Check(name="remote", state="ok", message=f"{name} {re.sub('//[^@/]*@', '//', url)}")


def _branch(workspace: Workspace) -> Iterator[Check]:
    wanted, here = workspace.config.git.branch, workspace.git.branch
    if here is not None and here != wanted:
        message = f"on `{here}`, but records belong on `{wanted}` (git.branch in sevlog.yaml)"
        yield Check(name="branch", state="warn", message=message, cure=(f"git switch {wanted}",))


def _clone(git: Git) -> Iterator[Check]:
    if git.text("rev-parse", "--is-shallow-repository") == "true":
        message = "shallow clone: `check --base` and the times of past changes need the full history"
        yield Check(name="history", state="warn", message=message, cure=("git fetch --unshallow",))
    if git.run("config", "--get", "core.autocrlf", check=False).stdout.strip() == b"true":
        message = "core.autocrlf rewrites the line ends of records"
        yield Check(name="line ends", state="warn", message=message, cure=("git config core.autocrlf input",))


def _hooks(workspace: Workspace) -> Check:
    folder = Path(workspace.git.text("rev-parse", "--git-path", "hooks"))
    folder = folder if folder.is_absolute() else workspace.root / folder
    names = ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "pre-push")
    found = [name for name in names if os.access(folder / name, os.X_OK)]
    if "pre-commit" not in found and (workspace.root / ".pre-commit-config.yaml").exists():
        cure = ("pip install pre-commit && pre-commit install",)
        message = "the pre-commit check is configured but not installed"
        return Check(name="hooks", state="warn", message=message, cure=cure)
    if _checks_everything(workspace.root / ".pre-commit-config.yaml"):
        message = "the pre-commit check reads all records and fails for errors of others"
        cure = ("remove `pass_filenames: false` from .pre-commit-config.yaml",)
        return Check(name="hooks", state="warn", message=message, cure=cure)
    return Check(name="hooks", state="ok", message=f"{', '.join(found) or 'none'}; every commit runs them")


def _checks_everything(configuration: Path) -> bool:
    """Whether it is how earlier versions wrote it."""
    text = configuration.read_text("utf-8", "replace") if configuration.is_file() else ""
    hook = text.partition("id: sevlog-check")[2].partition("- id:")[0]
    return "pass_filenames: false" in hook
