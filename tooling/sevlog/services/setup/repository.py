"""Starts a records repository, or adds to one what it lacks: configuration, schemas, site, workflows, forms."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from ...errors import UsageError
from ...model.config import settings as config_settings
from ...model.oncall import roster as oncall_roster
from ...stores import installation, layout
from ...stores.git import transaction
from ...stores.git.command import Git
from ...stores.records import settings
from .blueprint import Person, Start, contents

KEPT_AS_THEY_ARE = frozenset({"README.md", ".gitignore", "requirements.txt", ".pre-commit-config.yaml"})
"""Files that a repository often already has: they stay as they are, and the rest is still written."""

_UNSET_URL = "http://127.0.0.1:8000/"
"""The page's address until someone sets it: where `sevlog site serve` serves it."""

_REQUIREMENTS = "requirements.txt"
_REACHED = "give an installable source: --install 'sevlog[site] @ git+https://HOST/OWNER/sevlog@COMMIT'"

_EXPECTED = {
    "--name": "use up to 300 characters: --name 'Acme Status'",
    "--url": "use an http or https address: --url https://status.example.com",
    "--component": "use KEY=NAME with a key of a-z, 0-9 and hyphens: --component checkout='Card payments'",
    "--person": "use KEY=NAME with a handle, not an address: --person ana=Ana",
}


class Started(Struct, frozen=True, kw_only=True):
    """What was done (`sevlog init --json`). `written` and `kept` are paths below `root`.

    fresh: whether the repository is new. commit: None where nothing was committed.
    """

    schema: str = "1"
    root: str
    fresh: bool
    written: tuple[str, ...]
    kept: tuple[str, ...]
    commit: str | None
    warnings: tuple[str, ...] = ()


def is_unset(url: str) -> bool:
    """Whether readers cannot use this address."""
    return url == _UNSET_URL


def is_records_repository(folder: Path) -> bool:
    """Whether the folder holds records already."""
    return (folder / layout.CONFIG_FILE).exists()


def suggested(folder: Path) -> Start:
    """What can be known without asking: from the folder's name, git's remote and git's identity."""
    git = Git(next(f for f in (folder.resolve(), *folder.resolve().parents) if f.is_dir()))
    remote = git.remote_url("origin") if git.present else None
    words = re.sub(r"[-_.]+", " ", folder.resolve().name).strip() or "Our"
    name = words.title() if words.islower() else words
    return Start(
        name=name if name.lower().endswith("status") else f"{name} Status",
        url=_pages_url(remote) or _UNSET_URL,
        people=tuple(person for person in [_identity(git)] if person),
        forge="gitlab" if remote and "gitlab" in remote else "github",
        branch=(git.branch if git.present else None) or "main",
    )


def with_identity(people: tuple[Person, ...], found: tuple[Person, ...]) -> tuple[Person, ...]:
    """The people, with the hash of git's identity at the one who has its key or name: their commands need no --as."""
    known = {word: person.email_sha256 for person in found for word in (person.key, person.name) if word}
    return tuple(
        msgspec.structs.replace(p, email_sha256=known.get(p.key) or known.get(p.name or p.key)) for p in people
    )


def initialise(folder: Path, start: Start, *, commit: bool = True) -> Started:
    """Write what is missing and commit exactly that.

    A folder that holds records already keeps every file it has. Anywhere else nothing is written while a file is in
    the way. Raises UsageError (files in the way) or GitTrouble (no identity …); the folder is then as before.
    """
    root = folder.resolve()
    _refuse_what_cannot_be_configured(start)
    _refuse_what_nobody_published(start.install)
    fresh = not is_records_repository(root)
    wanted = contents(start if fresh else _as_configured(root, start))
    warnings = []
    top = _top_of(root)
    if start.forge != "none" and top not in (None, root):
        wanted = {path: text for path, text in wanted.items() if not path.startswith((".github/", ".gitlab"))}
        warnings.append(f"no workflows were written: a forge runs only workflows at the top of the repository, {top}")
    here = installation.origin()
    if start.install is None and here.requirement("site") is None and not (root / _REQUIREMENTS).exists():
        warnings.append(
            f"{_REQUIREMENTS} does not name sevlog yet, because others cannot reach this installation "
            f"({here.why}); the workflows fail until it does: add --install REQUIREMENT"
        )
    kept = tuple(path for path in wanted if (root / path).exists() or (root / path).is_symlink())
    if fresh:
        _refuse_what_is_in_the_way(root, wanted, kept)
    missing = {path: text.encode() for path, text in wanted.items() if path not in kept}
    with _repository(root) as git:
        if not missing or not commit:
            transaction.write_only(root, missing)
            made = None
        else:
            git.run("var", "GIT_COMMITTER_IDENT")
            with transaction.exclusive(git):
                made = transaction.commit(git, transaction.NewCommit(_message(start, fresh=fresh), missing))
    return Started(
        root=str(root), fresh=fresh, written=tuple(missing), kept=kept, commit=made, warnings=tuple(warnings)
    )


def _as_configured(root: Path, start: Start) -> Start:
    """What the repository itself says it is about; of the request only the forge is left to choose."""
    found = settings.read_config(root)
    named = tuple((c.key, c.name) for c in found.components) or start.components
    return Start(
        name=found.page.name,
        url=found.page.url,
        components=named,
        people=start.people,
        forge=start.forge,
        install=start.install,
        branch=found.git.branch,
    )


def _refuse_what_cannot_be_configured(start: Start) -> None:
    page = {"name": start.name, "url": start.url}
    shapes: list[tuple[str, str, object, type[Struct]]] = [
        ("--name", start.name, {**page, "url": "https://x"}, config_settings.Page),
        ("--url", start.url, {**page, "name": "x"}, config_settings.Page),
        *(("--component", f"{k}={n}", {"key": k, "name": n}, config_settings.Component) for k, n in start.components),
        *(("--person", p.key, {"key": p.key, "name": p.name}, oncall_roster.Person) for p in start.people),
    ]
    for option, value, values, shape in shapes:
        try:
            msgspec.convert(values, shape)
        except msgspec.ValidationError:
            raise UsageError(f"{option} cannot be `{value}`", f"{_EXPECTED[option]}") from None
    for what, keys in (("component", [k for k, _ in start.components]), ("person", [p.key for p in start.people])):
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice:
            raise UsageError(f"the {what} `{twice}` is given twice", f"give each {what} its own key")


def _refuse_what_nobody_published(requirement: str | None) -> None:
    if requirement is None:
        return
    if installation.named_in(requirement) is None or "\n" in requirement:
        raise UsageError(f"--install `{requirement}` does not name sevlog", _REACHED)
    if installation.is_unpublished(requirement):
        raise UsageError(
            f"--install `{requirement}` is not on a package index: anybody who registers the name "
            "can run code in your pipelines",
            _REACHED,
        )


def _refuse_what_is_in_the_way(root: Path, wanted: Mapping[str, str], present: tuple[str, ...]) -> None:
    def differs(path: str) -> bool:
        found = root / path
        return not found.is_file() or found.is_symlink() or found.read_bytes() != wanted[path].encode()

    in_the_way = [path for path in present if path not in KEPT_AS_THEY_ARE and differs(path)]
    if in_the_way:
        raise UsageError(
            f"{len(in_the_way)} files already exist and are never overwritten: {', '.join(in_the_way)}",
            "move them, or use another folder: sevlog init DIR",
            details={"in_the_way": in_the_way},
        )


@contextlib.contextmanager
def _repository(root: Path) -> Iterator[Git]:
    """The git repository around `root`, created where there is none; a failure removes what was created."""
    made_folder = next((f for f in (*reversed(root.parents), root) if not f.exists()), None)
    root.mkdir(parents=True, exist_ok=True)
    git = Git(root)
    made_git = not git.present
    try:
        if made_git:
            git.run("init", "--quiet", "--initial-branch=main")
        yield git
    except BaseException:
        if made_git:
            shutil.rmtree(root / ".git", ignore_errors=True)
        if made_folder is not None:
            shutil.rmtree(made_folder, ignore_errors=True)
        raise


def _top_of(root: Path) -> Path | None:
    """The top of the git checkout around `root`; None where there is none."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)


def _message(start: Start, *, fresh: bool) -> str:
    what = f"start the records of {start.name}" if fresh else "add missing files to the records repository"
    return f"sevlog: {what}\n"


def _pages_url(remote: str | None) -> str | None:
    """Where the forge's own pages of a remote are served, for the forges whose rule is known."""
    match = re.search(r"(github|gitlab)\.com[:/]([^/]+)/(.+?)(?:\.git)?/?$", remote or "")
    if not match:
        return None
    host, owner, project = match[1], match[2].lower(), match[3]
    site = f"https://{owner}.{host}.io/"
    return site if f"{project.lower()}/" == site.removeprefix("https://") else f"{site}{project}/"


def _identity(git: Git) -> Person | None:
    """The person that git's identity stands for, without their mail address."""
    found = git.run("var", "GIT_AUTHOR_IDENT", check=False)
    match = re.match(r"(\S.*?) <([^>]+)>", found.stdout.decode("utf-8", "replace"))
    if found.returncode or not match:
        return None
    name, address = match[1], match[2].strip().lower()
    first = name.split()[0] if name.isascii() else address.partition("@")[0]
    return Person(key=layout.slug(first), name=name, email_sha256=hashlib.sha256(address.encode()).hexdigest())
