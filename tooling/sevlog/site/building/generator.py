"""Runs MkDocs for `sevlog site build`: the pages that `mkdocs build` gives, in a folder that is never wiped."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ...errors import SevlogError, UsageError
from ...services.publishing.documents import Built
from ...stores import layout, resources

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material's banner about its future would stand above every build.

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from .plugin import SevlogPlugin, Source
from .writer import Writer, prune

DEFAULT_OUT = "build/site"


def build_site(
    root: Path,
    out: Path | None = None,
    *,
    as_of: datetime | None = None,
    audience: str = "public",
    strict: bool = False,
    source: Source | None = None,
    processes: int | None = None,
) -> Built:
    """Build the site of the repository at `root` into `out` (default: build/site there); what else is in it goes away.

    source: gives the public view instead of the repository. processes: how many share the work (default: as many as
    pay off); the files are the same. Raises UsageError where `out` is a folder with other
    things in it, SevlogError where MkDocs cannot build; with `strict` also for each of its warnings.
    """
    only_public(audience)
    out = (out or root / DEFAULT_OUT).resolve()
    _refuse_to_empty(out, root.resolve())
    anew = not out.is_dir() or not any(out.iterdir())
    started = time.monotonic()
    with warnings_of() as warnings, tempfile.TemporaryDirectory(prefix="sevlog-mkdocs-") as scratch:
        config = configured(root, Path(scratch))
        config.strict = strict
        plugin = plugin_of(config)
        plugin.source, plugin.out, plugin.processes = source, out, processes
        plugin.config.as_of = as_of.isoformat() if as_of else plugin.config.as_of
        run(config, warnings)
        files = _bring(Path(scratch), out) | plugin.written
        if not anew:
            prune(out, files)
    return Built(
        out=str(out),
        as_of=plugin.build.site.as_of,
        pages=len(plugin.build.sections) + plugin.build.record_page_count,
        files=len(files),
        seconds=round(time.monotonic() - started, 3),
        warnings=tuple(warnings),
    )


def _bring(scratch: Path, out: Path) -> set[str]:
    """Bring what MkDocs made to where the rest is. It empties its folder first, which costs more than writing anew."""
    writer = Writer(out)
    for file in sorted(scratch.rglob("*")):
        if file.is_file():
            writer.write(file.relative_to(scratch).as_posix(), file.read_bytes())
    return writer.paths


def configured(root: Path, out: Path) -> MkDocsConfig:
    """The repository's mkdocs.yml, else the one that sevlog ships."""
    own = root / "mkdocs.yml"
    try:
        if own.is_symlink():
            raise SevlogError("mkdocs.yml is a symbolic link, and none is followed", "put the file itself there")
        if own.exists() and not own.is_file():  # such as a pipe, which would be waited for
            raise SevlogError("mkdocs.yml is no file", "make it one, or take it away: sevlog ships its own")
        if own.exists():
            return load_config(str(own), site_dir=str(out))
        docs = root / "site" / "docs"
        has_own = layout.is_plain_folder(root, "site/docs")
        config = load_config(
            str(resources.shared("mkdocs.yml")),
            site_dir=str(out),
            docs_dir=str(docs if has_own else resources.shared("site/docs")),
        )
    except (MkDocsException, SystemExit) as error:
        raise SevlogError(f"mkdocs.yml: {error}") from error
    plugin_of(config).config.repo = str(root)
    return config


def plugin_of(config: MkDocsConfig) -> SevlogPlugin:
    plugin = config.plugins.get("sevlog")
    if not isinstance(plugin, SevlogPlugin):
        raise SevlogError("mkdocs.yml has no `sevlog` among its plugins", "plugins: [sevlog]")
    return plugin


def run(config: MkDocsConfig, warnings: list[str]) -> None:
    """Build. Raises SevlogError with the cause, in its own words where it is one of ours."""
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    except (MkDocsException, SystemExit) as error:
        cause = next((e for e in _causes(error) if isinstance(e, SevlogError)), None)
        if cause is not None:
            raise cause from error
        raise SevlogError(f"the site was not built: {error}", *warnings) from error
    finally:
        config.plugins.on_shutdown()


def _causes(error: BaseException) -> Iterator[BaseException]:
    """MkDocs raises a word about an error while it handles it: the error, then what it came from, and so on."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


@contextlib.contextmanager
def warnings_of() -> Iterator[list[str]]:
    """What MkDocs and its plugins warn of, instead of printing it."""
    found: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    logger, collector = logging.getLogger("mkdocs"), Collector(logging.WARNING)
    logger.addHandler(collector)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield found
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate


def only_public(audience: str) -> None:
    if audience != "public":
        raise UsageError("the internal site is not there yet", "sevlog site build --audience public")


def _refuse_to_empty(out: Path, root: Path) -> None:
    """MkDocs empties the folder it builds into; that must be a site of an earlier build, or nothing."""
    if out in (root, *root.parents) or (out.exists() and not out.is_dir()):
        raise UsageError(f"{out} cannot hold the site", f"sevlog site build --out {DEFAULT_OUT}")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if not (out / "api" / "v2" / "status.json").exists():
        raise UsageError(
            f"{out} has files that are no site of an earlier build, and they would be deleted",
            "name an empty folder, or delete it yourself",
        )
