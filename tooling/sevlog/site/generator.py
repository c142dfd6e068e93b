"""Runs MkDocs for `sevlog site build` and `sevlog site serve`: the same pages as `mkdocs build` and `mkdocs serve` give."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from ..errors import SevlogError, UsageError
from ..stores import resources

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material's banner about its future would stand above every build.

from mkdocs.commands.build import build  # noqa: E402
from mkdocs.config import load_config  # noqa: E402
from mkdocs.config.defaults import MkDocsConfig  # noqa: E402
from mkdocs.exceptions import MkDocsException  # noqa: E402
from mkdocs.livereload import LiveReloadServer  # noqa: E402
from watchdog.observers import Observer  # noqa: E402
from watchdog.observers.polling import PollingObserver  # noqa: E402

from .plugin import SevlogPlugin, Source  # noqa: E402
from .writer import Writer, prune  # noqa: E402

DEFAULT_OUT = "build/site"


class Built(Struct, frozen=True, kw_only=True):
    """What a build made (`sevlog site build --json`). `warnings` name what was left out or looks wrong."""

    schema: str = "1"
    out: str
    as_of: datetime
    pages: int
    files: int
    seconds: float
    warnings: tuple[str, ...] = ()


def build_site(
    root: Path, out: Path | None = None, *, as_of: datetime | None = None, audience: str = "public",
    strict: bool = False, source: Source | None = None,
) -> Built:  # fmt: skip
    """Build the site of the repository at `root` into `out` (default: build/site there); what else is in it goes away.

    source: gives the public view instead of the repository. Raises UsageError where `out` is a folder with other
    things in it, SevlogError where MkDocs cannot build; with `strict` also for each of its warnings.
    """
    _only_public(audience)
    out = (out or root / DEFAULT_OUT).resolve()
    _refuse_to_empty(out, root.resolve())
    started = time.monotonic()
    with _warnings() as warnings, tempfile.TemporaryDirectory(prefix="sevlog-mkdocs-") as scratch:
        config = _config(root, Path(scratch))
        config.strict = strict
        plugin = _plugin(config)
        plugin.source, plugin.out = source, out
        plugin.config.as_of = as_of.isoformat() if as_of else plugin.config.as_of
        _run(config, warnings)
        files = _bring(Path(scratch), out) | plugin.written
        prune(out, files)
    return Built(
        out=str(out), as_of=plugin.build.site.as_of,
        pages=len(plugin.build.sections) + plugin.build.record_page_count, files=len(files),
        seconds=round(time.monotonic() - started, 3), warnings=tuple(warnings),
    )  # fmt: skip


def _bring(scratch: Path, out: Path) -> set[str]:
    """Bring what MkDocs made to where the rest is. It empties its folder first, which costs more than writing anew."""
    with Writer(out) as writer:
        for file in sorted(scratch.rglob("*")):
            if file.is_file():
                writer.write(file.relative_to(scratch).as_posix(), file.read_bytes())
    return writer.paths


def serve_site(
    root: Path, *, host: str = "127.0.0.1", port: int = 8000, audience: str = "public",
    say: Callable[[str], None] = print, source: Source | None = None,
) -> None:  # fmt: skip
    """Serve the site until interrupted, and build it again after each change of a record, the configuration or a page.

    A change that cannot be built is reported with `say`; what was built before stays up. Raises UsageError where the
    port is taken, SevlogError where the first build fails.
    """
    _only_public(audience)
    _refuse_taken(host, port)
    with tempfile.TemporaryDirectory(prefix="sevlog-site-") as folder:
        preview = _Preview(root, Path(folder), say, source)
        preview.build()
        server = _Server(builder=preview.rebuild, host=host, port=port, root=str(preview.current))
        preview.server = server
        preview.watch(server)
        say(f"{server.url} shows {root}; Ctrl-C stops it")
        try:
            server.serve()
        except KeyboardInterrupt:
            pass
        finally:
            server.shutdown()


class _Preview:
    """Builds into a folder of its own each time, so that readers see the old site or the new one, never half of one."""

    def __init__(self, root: Path, folder: Path, say: Callable[[str], None], source: Source | None) -> None:
        self._root, self._folder, self._say, self._source = root, folder, say, source
        self._number = 0
        self.current = folder / "0"
        self.server: _Server | None = None

    def build(self) -> None:
        """Build, and show what was built. Raises SevlogError."""
        self._number += 1
        fresh = self._folder / str(self._number)
        with _warnings() as warnings:
            config = _config(self._root, fresh)
            _plugin(config).source = self._source
            config.site_url = "/"
            _run(config, warnings)
        for text in warnings:
            self._say(f"warning: {text}")
        old, self.current, self._config = self.current, fresh, config
        if self.server is not None:
            self.server.root = str(fresh)
        shutil.rmtree(old, ignore_errors=True)

    def rebuild(self) -> None:
        """Build after a change; a mistake in it must not take the site down."""
        started = time.monotonic()
        try:
            self.build()
        except SevlogError as error:
            self._say(f"error: {error.message}; the site before this change stays up")
            for hint in error.hints:
                self._say(f"hint: {hint}")
        else:
            self._say(f"built again in {time.monotonic() - started:.1f} s")

    def watch(self, server: _Server) -> None:
        """Watch records, configuration, hand-written pages and templates."""
        paths = [self._config.docs_dir, self._config.config_file_path, *self._config.watch]
        paths += [str(self._root / "sevlog.yaml"), str(self._root / "incidents")]
        paths += [self._config.theme.custom_dir] if self._config.theme.custom_dir else []
        for path in paths:
            if path and Path(path).exists():
                server.watch(str(path))


class _Server(LiveReloadServer):
    """MkDocs' server, told of changes by the system where it can be, instead of looking at every file twice a second."""

    def __init__(self, builder: Callable[[], None], host: str, port: int, root: str) -> None:
        super().__init__(builder=builder, host=host, port=port, root=root)
        self.observer = Observer()
        self.error_handler = self._error_page

    def _error_page(self, code: int) -> bytes | None:
        page = Path(self.root, f"{code}.html")
        return page.read_bytes() if page.is_file() else None

    def serve(self, *, open_in_browser: bool = False) -> None:
        """Serve until shut down."""
        self.server_bind()
        self.server_activate()
        try:
            self.observer.start()
        except OSError:  # The system has no watches left to give: look at the files instead.
            handlers = [(h, w.path) for w, hs in self.observer._handlers.items() for h in hs]
            self.observer = PollingObserver(timeout=1.0)
            for handler, path in handlers:
                self.observer.schedule(handler, path, recursive=True)
            self.observer.start()
        self.serve_thread.start()
        self._build_loop()


def _config(root: Path, out: Path) -> MkDocsConfig:
    """The repository's mkdocs.yml, else the one that sevlog ships."""
    own = root / "mkdocs.yml"
    try:
        if own.exists():
            return load_config(str(own), site_dir=str(out))
        docs = root / "site" / "docs"
        config = load_config(
            str(resources.shared("mkdocs.yml")),
            site_dir=str(out),
            docs_dir=str(docs if docs.is_dir() else resources.shared("site/docs")),
        )
    except (MkDocsException, SystemExit) as error:
        raise SevlogError(f"mkdocs.yml: {error}") from error
    _plugin(config).config.repo = str(root)
    return config


def _plugin(config: MkDocsConfig) -> SevlogPlugin:
    plugin = config.plugins.get("sevlog")
    if not isinstance(plugin, SevlogPlugin):
        raise SevlogError("mkdocs.yml has no `sevlog` among its plugins", "plugins: [sevlog]")
    return plugin


def _run(config: MkDocsConfig, warnings: list[str]) -> None:
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    except (MkDocsException, SystemExit) as error:
        raise SevlogError(f"the site was not built: {_said(error)}", *warnings) from error
    finally:
        config.plugins.on_shutdown()


def _said(error: BaseException) -> str:
    """MkDocs logs the cause and then raises a word about it."""
    cause = error.__cause__ or error.__context__ or error
    return str(cause) or type(cause).__name__


@contextlib.contextmanager
def _warnings() -> Iterator[list[str]]:
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


def _only_public(audience: str) -> None:
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


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"port {port} of {host} cannot be served: {error.strerror}", f"sevlog site serve --port {port + 1}"
            ) from error
