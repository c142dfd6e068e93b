"""Serves the site on this machine for `sevlog site serve`, and builds it again after each change of what it shows."""

from __future__ import annotations

import shutil
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mkdocs.livereload import LiveReloadServer
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from ..errors import SevlogError, UsageError
from .generator import configured, only_public, plugin_of, run, warnings_of
from .plugin import Source


def serve_site(
    root: Path, *, host: str = "127.0.0.1", port: int = 8000, audience: str = "public",
    say: Callable[[str], None] = print, source: Source | None = None,
) -> None:  # fmt: skip
    """Serve the site until interrupted, and build it again after each change of a record, the configuration or a page.

    A change that cannot be built is reported with `say`; what was built before stays up. Raises UsageError where the
    port is taken, SevlogError where the first build fails.
    """
    only_public(audience)
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
        with warnings_of() as warnings:
            config = configured(self._root, fresh)
            plugin_of(config).source = self._source
            config.site_url = "/"
            run(config, warnings)
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
    """MkDocs' server, told of changes by the system instead of looking at every file twice a second."""

    def __init__(self, builder: Callable[[], None], host: str, port: int, root: str) -> None:
        super().__init__(builder=builder, host=host, port=port, root=root)
        self.observer: BaseObserver = Observer()  # type: ignore[assignment]
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
        self._build_loop()  # type: ignore[no-untyped-call]


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"port {port} of {host} cannot be served: {error.strerror}", f"sevlog site serve --port {port + 1}"
            ) from error
