"""Runs MkDocs for `sevlog site build`. The output equals that of `mkdocs build`, but the folder is never emptied."""

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

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material's banner would be printed above each build.

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from .plugin import SevlogPlugin, Source
from .writer import Writer, prune

DEFAULT_OUTS = {"public": "build/site", "internal": "build/internal"}
"""Audience -> the folder of its site: an internal site never lands where the public one is published from."""


def build_site(
    root: Path,
    out: Path | None = None,
    *,
    as_of: datetime | None = None,
    audience: str = "public",
    strict: bool = False,
    full: bool = False,
    source: Source | None = None,
    processes: int | None = None,
) -> Built:
    """Build the site of the repository at `root` into `out`. Other files there are deleted.

    out: default build/site there, or build/internal. audience: public, or internal for colleagues.
    full: write the files that did not change too.

    source: the public view, instead of the repository. processes: number of processes (default: depends on the size);
    the files are the same. Raises UsageError if `out` contains other files, SevlogError if MkDocs cannot build, and
    with `strict` also for each warning.
    """
    out = (out or root / DEFAULT_OUTS[audience]).resolve()
    _refuse_to_empty(out, root.resolve())
    was_empty = not out.is_dir() or not any(out.iterdir())
    started = time.monotonic()
    with warnings_of() as warnings, tempfile.TemporaryDirectory(prefix="sevlog-mkdocs-") as scratch:
        config = configured(root, Path(scratch))
        config.strict = strict
        plugin = plugin_of(config)
        plugin.source, plugin.out, plugin.processes = source, out, processes
        plugin.config.audience, plugin.full = audience, full
        plugin.config.as_of = as_of.isoformat() if as_of else plugin.config.as_of
        run(config, warnings)
        files = _copy_output(Path(scratch), out, full) | plugin.written
        if not was_empty:
            prune(out, files)
    return Built(
        out=str(out),
        as_of=plugin.build.site.as_of,
        pages=len(plugin.build.sections) + plugin.build.record_page_count,
        files=len(files),
        seconds=round(time.monotonic() - started, 3),
        warnings=tuple(warnings),
    )


def _copy_output(scratch: Path, out: Path, full: bool) -> set[str]:
    """Copy the output of MkDocs into `out`. MkDocs itself would empty the folder first, which is slower."""
    writer = Writer(out, full=full)
    for file in sorted(scratch.rglob("*")):
        if file.is_file():
            writer.write(file.relative_to(scratch).as_posix(), file.read_bytes())
    return writer.paths


def configured(root: Path, out: Path) -> MkDocsConfig:
    """The mkdocs.yml of the repository, or the one that sevlog ships."""
    own = root / "mkdocs.yml"
    try:
        if own.is_symlink():
            raise SevlogError(
                "mkdocs.yml is a symbolic link, and sevlog does not follow links", "replace it by the file itself"
            )
        if own.exists() and not own.is_file():  # such as a pipe, which would block
            raise SevlogError(
                "mkdocs.yml is not a regular file",
                "replace it by a file, or delete it to use the one that sevlog ships",
            )
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
        raise SevlogError("mkdocs.yml does not list the plugin `sevlog`", "add it to mkdocs.yml: plugins: [sevlog]")
    return plugin


def run(config: MkDocsConfig, warnings: list[str]) -> None:
    """Build. Raises the SevlogError that is the cause, or one with the message of MkDocs."""
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
    """The error and its causes. MkDocs raises a new error while it handles the first one."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


@contextlib.contextmanager
def warnings_of() -> Iterator[list[str]]:
    """Collect the warnings of MkDocs and its plugins instead of printing them."""
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


def _refuse_to_empty(out: Path, root: Path) -> None:
    """Raise UsageError unless the folder is empty or has an earlier site: other files would be deleted."""
    if out in (root, *root.parents) or (out.exists() and not out.is_dir()):
        raise UsageError(f"{out} cannot be the output folder", f"sevlog site build --out {DEFAULT_OUTS['public']}")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if not (out / "api" / "v2" / "status.json").exists():
        raise UsageError(
            f"{out} contains other files, which would be deleted",
            "choose an empty folder with --out, or delete the files",
        )
