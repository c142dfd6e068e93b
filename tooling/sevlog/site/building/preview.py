"""Serves the site for `sevlog site serve`, and builds it again after each change."""

from __future__ import annotations

import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from ...errors import SevlogError, UsageError
from ...services.workspace.workspace import Clock, system_clock
from .generator import configured, plugin_of, run, warnings_of
from .headers import is_shared
from .plugin import Source

_Start = Callable[[str, list[tuple[str, str]]], object]
"""What an answer begins with: its status and its headers."""

CHANGES = frozenset({"created", "modified", "moved", "deleted"})


def serve_site(
    root: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    audience: str = "public",
    say: Callable[[str], None] = print,
    source: Source | None = None,
    clock: Clock = system_clock,
) -> None:
    """Serve the site until interrupted, and build it again after each change of a record, the configuration or a page.

    If a build fails after a change, `say` reports it and the earlier site stays up. Raises UsageError if the port is in
    use, SevlogError if the first build fails.
    """
    _refuse_taken(host, port)
    with tempfile.TemporaryDirectory(prefix="sevlog-site-") as folder:
        preview = _Preview(root, Path(folder), say, source, clock, audience)
        server = _Server(builder=preview.rebuild, host=host, port=port, root=folder, is_public=audience == "public")
        preview.server = server
        try:
            server.observe()  # Before the first build, so that no change is missed.
            preview.build()
            server.server_bind()
            server.server_activate()
            say(f"Serving {root} at {server.url} (Ctrl-C to stop)")
            server.serve()
        except KeyboardInterrupt:
            pass
        finally:
            server.shutdown()


class _Preview:
    """Builds into a new folder each time, so that readers see either the old or the new site, never a mix."""

    server: _Server

    def __init__(
        self, root: Path, folder: Path, say: Callable[[str], None], source: Source | None, clock: Clock, audience: str
    ) -> None:
        self._root, self._folder, self._say, self._source, self._clock = root, folder, say, source, clock
        self._audience = audience
        self._number = 0
        self._shown: list[Path] = []

    def build(self) -> None:
        """Build the site and serve the result. Raises SevlogError."""
        self._number += 1
        fresh = self._folder / str(self._number)
        with warnings_of() as warnings:
            config = configured(self._root, fresh)
            config.site_url = "/"
            self._watch(config)
            plugin = plugin_of(config)
            plugin.source, plugin.clock = self._source, self._clock
            plugin.config.audience = self._audience
            run(config, warnings)
        for text in warnings:
            self._say(f"warning: {text}")
        self.server.root = str(fresh)
        # The previous one stays, for requests that still read from it.
        self._shown.append(fresh)
        for old in self._shown[:-2]:
            shutil.rmtree(old, ignore_errors=True)
        del self._shown[:-2]

    def rebuild(self) -> None:
        """Build after a change. An error keeps the earlier site."""
        started = time.monotonic()
        try:
            self.build()
        except SevlogError as error:
            self._say(f"error: {error.message}; still serving the earlier version")
            for hint in error.hints:
                self._say(f"hint: {hint}")
        except Exception as error:  # noqa: BLE001 - the server is a boundary: a bug in one build must not stop it
            self._say(f"error: a bug in sevlog: {error!r}; still serving the earlier version")
        else:
            self._say(f"built again in {time.monotonic() - started:.1f} s")

    def _watch(self, config: MkDocsConfig) -> None:
        """Watch records, configuration, hand-written pages and templates, and new files among them."""
        self.server.watch(str(self._root), recursive=False)
        for path in (self._root / "incidents", config.docs_dir, config.theme.custom_dir, *config.watch):
            if path and Path(path).exists():
                self.server.watch(str(path))


class _Server(LiveReloadServer):
    """MkDocs' server with file system events, instead of polling each file twice a second."""

    def __init__(
        self, builder: Callable[[], None], host: str, port: int, root: str, *, is_public: bool = False
    ) -> None:
        super().__init__(builder=builder, host=host, port=port, root=root)
        self._is_public = is_public
        self.observer: BaseObserver = Observer()  # type: ignore[assignment]
        self.error_handler = self._error_page

    def watch(self, path: str, func: None = None, *, recursive: bool = True) -> None:
        """Build again when something below the path changes. Opening and reading do not count."""
        if path in self._watched_paths:
            return
        self._watched_paths[path] = 1
        handler = FileSystemEventHandler()
        handler.on_any_event = self._noticed  # type: ignore[method-assign]
        try:
            self.observer.schedule(handler, path, recursive=recursive)
        except OSError:  # The system has no watches left: poll these files once a second.
            polling = PollingObserver(timeout=1.0)
            polling.daemon = True
            polling.schedule(handler, path, recursive=recursive)
            polling.start()

    def _noticed(self, event: FileSystemEvent) -> None:
        if event.event_type in CHANGES and not (event.is_directory and event.event_type == "modified"):
            with self._rebuild_cond:
                self._want_rebuild = True
                self._rebuild_cond.notify_all()

    def serve_request(self, environ: Mapping[str, object], start_response: _Start) -> Iterable[bytes]:
        """Answer a request. Pages of other origins may read what the widget needs, as on a host with `_headers`."""

        def shared(status: str, headers: list[tuple[str, str]]) -> object:
            return start_response(status, [*headers, ("Access-Control-Allow-Origin", "*")])

        is_open = self._is_public and is_shared(str(environ["PATH_INFO"]))
        answer: Iterable[bytes] = super().serve_request(environ, shared if is_open else start_response)
        return answer

    def _error_page(self, code: int) -> bytes | None:
        page = Path(self.root, f"{code}.html")
        return page.read_bytes() if page.is_file() else None

    def observe(self) -> None:
        """Start watching."""
        self.observer.start()

    def serve(self, *, open_in_browser: bool = False) -> None:
        """Serve until shut down."""
        self.serve_thread.start()
        self._build_loop()  # type: ignore[no-untyped-call]


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"cannot listen on {host}, port {port}: {error.strerror}",
                f"use another port: sevlog site serve --port {port + 1}",
            ) from error
