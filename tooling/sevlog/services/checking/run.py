"""Finds every mistake of a records repository in one run (`sevlog check`). A broken file never hides another."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ...errors import NotFound
from ...model.problem import Problem
from ...model.rules.config import CONFIG, ONCALL
from ...stores import layout, links
from ...stores.worker_processes import parts_for, shared
from ..workspace.catalog import Catalog
from ..workspace.workspace import Workspace
from . import documents as checking_documents
from .folders import linked, stray_files
from .locating import Locator
from .oncall_ahead import problems_ahead
from .page_budget import over_budget
from .records import CheckContext, FolderFindings, check_folder
from .recurrence import recurring_problems
from .result import CheckResult, in_order
from .settings import Checked, check_settings, settings_key


class Scope(Struct, frozen=True):
    """What to check. folders: of incidents, relative to the repository; None means all of them. strays: also what is
    below incidents/ and in no such folder. places: where to look for links; None: wherever something is published."""

    settings: bool = True
    documents: bool = True
    folders: tuple[str, ...] | None = None
    strays: bool = True
    places: tuple[str, ...] | None = None


Watch = Callable[[Sequence[str]], Iterable[str]]
"""Hands the folders on, one by one, and may show how far it is."""


def check(
    workspace: Workspace,
    paths: Sequence[str | Path] = (),
    *,
    base: str | None = None,
    watch: Watch = iter,
    remember: bool = True,
) -> CheckResult:
    """Check the whole repository, or what `paths` name (files or folders), or what changed since `base`.

    paths: as the user gave them, relative to the current folder. base: a git revision; then the rules about changes
    (append-only, ids taken twice) are checked as well, against the common ancestor of it and HEAD.
    watch: shows progress. remember: whether to answer from the index what cannot have changed.
    Raises NotFound for a path that is not there or a revision that git does not know, GitTrouble for a sparse checkout.
    """
    workspace.require_whole()
    settings = check_settings(workspace.root)
    folders = checking_documents.document_folders(settings.config)
    scope = scope_of(workspace.root, paths, folders) if paths else Scope()
    catalog = Catalog(workspace, remember=remember)
    context = _context(workspace, settings, catalog)
    run = _Run(context, settings, catalog, watch)
    if base is None:
        return run.result(scope)
    from .changes.pull_request import Changes  # it brings GitPython along

    with Changes(workspace, context, base) as changes:
        result = run.result(scope if paths else _narrowed(context.root, scope, changes.paths, folders))
        problems = [*changes.without_blame(result.problems), *changes.problems()]
        return replace(result, problems=in_order(problems))


class _Part(Struct):
    """What one of the processes found, and for how many folders it was known before."""

    problems: list[Problem]
    reused: int = 0


class _Run:
    """One run over what is in scope."""

    def __init__(self, context: CheckContext, settings: Checked, catalog: Catalog, watch: Watch) -> None:
        self._context, self._settings, self._catalog, self._watch = context, settings, catalog, watch
        self._key = settings_key(context.root)
        self._known = catalog.index.facet("found", self._key, FolderFindings)

    def result(self, scope: Scope) -> CheckResult:
        """The findings about what is in scope."""
        context, index = self._context, self._catalog.index
        found = list(_settings_problems(self._settings, scope))
        if scope.settings:
            found += problems_ahead(self._settings, Locator(context.root), context.now, index.file, self._key)
            found += over_budget(self._settings, self._catalog, Locator(context.root), context.now)
        if scope.documents:
            found += checking_documents.check_documents(
                context.root, context.config, context.names, context.ids, context.now
            )
            found += recurring_problems(context.root, self._catalog, Locator(context.root))
        found += (linked(path) for path in links.in_places(context.root, self._places(scope)))
        if scope.strays:
            found += stray_files(context.root, index.plain_years)
        if scope.folders is None:
            index.survey()
            folders: Sequence[str] = index.folders
            known = self._known.notable()
        else:
            folders = scope.folders
            known = {folder: self._known.get(folder) for folder in folders}
        looked_at = self._shared(known)
        found += (problem for part in looked_at for problem in part.problems)
        reused = len(folders) - len(known) + sum(part.reused for part in looked_at)
        return CheckResult(problems=in_order(found), checked=len(folders), reused=reused)

    def _places(self, scope: Scope) -> Sequence[str]:
        """Where to look for links. What is not read as a record may be published all the same."""
        if scope.places is not None:
            return scope.places
        config = self._context.config
        return links.PLACES if config is None else (*links.PLACES, config.comms.templates.strip("/"))

    def _shared(self, known: Mapping[str, FolderFindings | None]) -> list[_Part]:
        """Look at folders, with a second process where there are many. known: what the index has of each."""
        folders = tuple(known)
        parts = parts_for(len(folders))
        if parts > 1:
            self._catalog.index.file.share()

        def look(part: int, parts: int) -> _Part:
            made = _Part(problems=[])
            mine = folders[len(folders) * part // parts : len(folders) * (part + 1) // parts]
            for folder in self._watch(mine) if part == 0 else mine:
                if (found := known[folder]) is not None and found.stands(self._context):
                    made.reused += 1
                else:
                    found = self._looked_at(folder)
                made.problems += found.problems
            if self._key == settings_key(self._context.root):
                self._catalog.save()
            return made

        return shared(look, _Part, parts)

    def _looked_at(self, folder: str) -> FolderFindings:
        found = check_folder(self._context, folder, self._catalog.reading)
        self._known.put(folder, found, notable=not found.lasts)
        return found


def _context(workspace: Workspace, settings: Checked, catalog: Catalog) -> CheckContext:
    return CheckContext(
        root=workspace.root,
        now=workspace.clock(),
        ids=catalog.index.ids,
        config=settings.config,
        names=settings.names,
        steps_known=settings.steps_known,
        oncall=settings.oncall,
    )


def _settings_problems(settings: Checked, scope: Scope) -> Iterator[Problem]:
    """The findings about both files; with some paths only, just that records could not be checked against them."""
    if scope.settings:
        yield from settings.problems
    elif settings.broken:
        broken = next(p for p in settings.problems if p.severity == "error" and p.path in settings.broken)
        left = "only the schema of the files was checked"
        if settings.names is not None:
            left = "names and transitions were checked only against its valid parts"
        yield Problem(
            code="settings_broken",
            path=broken.path,
            line=broken.line,
            column=broken.column,
            message=f"{broken.path} has errors, so {left}",
            hint=f"sevlog check {broken.path}",
        )


def scope_of(root: Path, paths: Sequence[str | Path], documents: Sequence[str] = checking_documents.FOLDERS) -> Scope:
    """What the paths of a user stand for. Paths that sevlog does not read are passed over. Raises NotFound.

    documents: the folders whose files are checked as documents.
    """
    named = [_relative(root, Path(path)) for path in paths]
    return _scope(root, named, documents)


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _scope(root: Path, named: list[str], document_folders: Sequence[str]) -> Scope:
    settings = documents = False
    folders: dict[str, None] = {}
    places = [link for name in named if name and (link := links.first_on_the_way(root, name))]
    for name in named:
        parts = name.split("/") if name else []
        if not parts:
            return Scope()
        if parts[0] != layout.INCIDENTS:
            places.append(name)
        if name in (CONFIG, ONCALL):
            settings = True
        elif _is_below(name, document_folders):
            documents = True
        elif parts[0] == layout.INCIDENTS and len(parts) >= 3:
            folder = "/".join(parts[:3])
            if layout.is_plain_folder(root, folder):
                folders[folder] = None
        elif parts[0] == layout.INCIDENTS:
            folders |= dict.fromkeys(f for f in layout.incident_paths(root) if f.startswith(f"{name}/"))
    return Scope(settings, documents, tuple(folders), strays=layout.INCIDENTS in named, places=tuple(places))


def _narrowed(root: Path, scope: Scope, changed: frozenset[str], document_folders: Sequence[str]) -> Scope:
    """The scope of a pull request: what it changed; everything, where it changed what everything is checked against."""
    if changed & {CONFIG, ONCALL}:
        return scope
    folders = {"/".join(path.split("/")[:3]) for path in changed if path.startswith(f"{layout.INCIDENTS}/")}
    documents = any(_is_below(path, document_folders) for path in changed)
    there = sorted(folder for folder in folders if folder.count("/") == 2 and layout.is_plain_folder(root, folder))
    strays = any(path.split("/")[0] == layout.INCIDENTS and path.count("/") < 3 for path in changed)
    return Scope(True, documents, tuple(there), strays)


def _relative(root: Path, path: Path) -> str:
    """A path of the user's, relative to the repository; empty for the repository itself."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - links inside the repository must not be followed
    if not os.path.lexists(absolute):
        raise NotFound(f"{path} does not exist", "paths are relative to the current folder")
    try:
        return absolute.relative_to(root).as_posix().removeprefix(".")
    except ValueError:
        try:
            return absolute.resolve().relative_to(root.resolve()).as_posix().removeprefix(".")
        except ValueError:
            raise NotFound(
                f"{path} is not in the records repository {root}", "select its repository with --repo PATH"
            ) from None
