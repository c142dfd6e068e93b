"""Starts a records repository, or adds to one what it lacks: configuration, schemas, site, workflows, forms."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from ..errors import UsageError
from ..model.config import Config
from ..stores import layout, resources, settings, transaction, yamlio
from ..stores.git import Git

Forge = Literal["github", "gitlab", "none"]

_KEPT_AS_THEY_ARE = frozenset({"README.md", ".gitignore", "requirements.txt", ".pre-commit-config.yaml"})
"""Files that a repository often has already: what stands there stays, and the rest is written all the same."""

_FOLLOWED = ("lifecycles", "policies")
"""Sections of the process that are written as comments, so that later versions of the shipped ones still apply."""


class Person(Struct, frozen=True, kw_only=True):
    """Someone to list in oncall.yaml."""

    key: str
    name: str | None = None
    email_sha256: str | None = None


class Start(Struct, frozen=True, kw_only=True):
    """What a new repository is about. `components` are (key, name) in the order of the page."""

    name: str
    url: str
    components: tuple[tuple[str, str], ...] = (("website", "Website"),)
    people: tuple[Person, ...] = ()
    forge: Forge = "github"


class Started(Struct, frozen=True, kw_only=True):
    """What was done. `written` and `kept` are paths below `root`; `commit` is None where nothing was committed."""

    root: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]
    commit: str | None
    warnings: tuple[str, ...] = ()


def suggested(folder: Path) -> Start:
    """What can be known without asking: from the folder's name, git's remote and git's identity."""
    git = Git(next(f for f in (folder.resolve(), *folder.resolve().parents) if f.is_dir()))
    remote = git.remote_url("origin") if git.present else None
    words = re.sub(r"[-_.]+", " ", folder.resolve().name).strip() or "Our"
    name = words.title() if words.islower() else words
    return Start(
        name=name if name.lower().endswith("status") else f"{name} Status",
        url=_pages_url(remote) or "http://127.0.0.1:8000/",
        people=tuple(person for person in [_identity(git)] if person),
        forge="gitlab" if remote and "gitlab" in remote else "github",
    )


def initialise(folder: Path, start: Start, *, commit: bool = True) -> Started:
    """Write what is missing and commit exactly that.

    A folder that holds records already keeps every file it has. Anywhere else nothing is written while a file is in
    the way. Raises UsageError (files in the way) or GitTrouble (no identity …); the folder is then as before.
    """
    root = folder.resolve()
    wanted = contents(_as_configured(root, start) if (root / layout.CONFIG_FILE).exists() else start)
    warnings = []
    top = _top_of(root)
    if start.forge != "none" and top not in (None, root):
        wanted = {path: text for path, text in wanted.items() if not path.startswith((".github/", ".gitlab-ci"))}
        warnings.append(f"no workflows were written: a forge runs only those at the top of the repository, {top}")
    kept = tuple(path for path in wanted if (root / path).exists() or (root / path).is_symlink())
    if not (root / layout.CONFIG_FILE).exists():
        _refuse_what_is_in_the_way(root, wanted, kept)
    missing = {path: text.encode() for path, text in wanted.items() if path not in kept}
    with _repository(root) as git:
        if not missing or not commit:
            transaction.write_only(root, missing)
            made = None
        else:
            git.run("var", "GIT_COMMITTER_IDENT")
            with transaction.exclusive(git):
                made = transaction.commit(git, missing, _message(start, added=layout.CONFIG_FILE in kept))
    return Started(root=root, written=tuple(missing), kept=kept, commit=made, warnings=tuple(warnings))


def contents(start: Start) -> dict[str, str]:
    """Every file of a new repository: its path and its text."""
    component = start.components[0][0]
    files = {
        layout.CONFIG_FILE: _filled("sevlog.yaml", PAGE=_dumped(page={"name": start.name, "url": start.url}),
                                    COMPONENTS=_components(start), PROCESS=process_text()),
        layout.ONCALL_FILE: _filled("oncall.yaml", PEOPLE=_people(start)),
        "README.md": _filled("README.md", NAME=start.name, COMPONENT=component),
        "requirements.txt": _filled("requirements.txt", REQUIREMENT=resources.requirement("site")),
        ".gitignore": resources.template("gitignore"),
        ".pre-commit-config.yaml": resources.template("pre-commit-config.yaml"),
    }  # fmt: skip
    for schema in sorted(resources.shared(layout.SCHEMAS).glob("*.json")):
        files[f"{layout.SCHEMAS}/{schema.name}"] = schema.read_text("utf-8")
    if start.forge == "github":
        names = "".join(f"        {line}\n" for line in yamlio.dump([n for _, n in start.components]).splitlines())
        files |= workflows("python -m pip install -r requirements.txt", "requirements.txt")
        files[".github/ISSUE_TEMPLATE/incident.yml"] = _filled("github/incident.yml", COMPONENTS=names.rstrip("\n"))
        files[".github/ISSUE_TEMPLATE/config.yml"] = resources.template("github/config.yml")
    elif start.forge == "gitlab":
        files[".gitlab-ci.yml"] = resources.template("gitlab/gitlab-ci.yml")
    return files


def workflows(install: str, requirements: str) -> dict[str, str]:
    """The GitHub workflows with the lines that install sevlog, and the file whose change empties pip's cache."""
    lines = "\n".join(f"          {line}" for line in install.splitlines())
    return {
        f".github/workflows/{name}.yml": _filled(f"github/{name}.yml", INSTALL=lines, REQUIREMENTS=requirements)
        for name in ("validate", "publish")
    }


def process_text() -> str:
    """The shipped process as text to edit: its sections as they are, those that are better followed as comments."""
    sections = re.split(r"^(?=[a-z_]+:)", resources.shipped("defaults.yaml"), flags=re.MULTILINE)[1:]
    texts = []
    for section in sections:
        key = section.partition(":")[0]
        if key == "schema":
            continue
        lines = section.rstrip("\n").splitlines()
        texts.append("\n".join(f"# {line}".rstrip() for line in lines) if key in _FOLLOWED else "\n".join(lines))
    return "\n\n".join(texts)


def _filled(name: str, **values: str) -> str:
    """A template with its @MARKERS@ replaced. A marker without a value, or a value without a marker, is a bug."""
    text = resources.template(name)
    found = set(re.findall(r"@([A-Z]+)@", text))
    if found != values.keys():
        raise ValueError(f"template {name} has the markers {sorted(found)}, and got {sorted(values)}")
    return re.sub(r"@([A-Z]+)@", lambda match: values[match[1]], text)


def _dumped(**value: object) -> str:
    return yamlio.dump(value).rstrip("\n")


def _components(start: Start) -> str:
    return _dumped(components=[{"key": key, "name": name} for key, name in start.components])


def _people(start: Start) -> str:
    rows = [
        {key: value for key in ("key", "name", "email_sha256") if (value := getattr(person, key))}
        for person in start.people
    ]
    return _dumped(people=rows)


def _as_configured(root: Path, start: Start) -> Start:
    """What the repository itself says it is about; of the request only the forge is left to choose."""
    config: Config = settings.read_config(root)
    named = tuple((c.key, c.name) for c in config.components) or start.components
    return Start(name=config.page.name, url=config.page.url, components=named, people=start.people, forge=start.forge)


def _refuse_what_is_in_the_way(root: Path, wanted: Mapping[str, str], present: tuple[str, ...]) -> None:
    def differs(path: str) -> bool:
        found = root / path
        return not found.is_file() or found.is_symlink() or found.read_bytes() != wanted[path].encode()

    in_the_way = [path for path in present if path not in _KEPT_AS_THEY_ARE and differs(path)]
    if in_the_way:
        raise UsageError(
            f"{len(in_the_way)} files are in the way, and nothing is ever overwritten: {', '.join(in_the_way)}",
            "move them away, or start in another folder: sevlog init DIR",
            details={"in_the_way": in_the_way},
        )


@contextlib.contextmanager
def _repository(root: Path) -> Iterator[Git]:
    """The git repository around `root`, made where there is none; what was made is gone again after a failure."""
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


def _message(start: Start, *, added: bool) -> str:
    what = "add what the records repository lacked" if added else f"start the records of {start.name}"
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
