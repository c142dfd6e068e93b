"""Prints a page to PDF with a browser of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import NotFound, UsageError
from .external_commands import run_bounded

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
VARIABLE = "SEVLOG_BROWSER"
_SECONDS = 60
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)


def browser(environment: Mapping[str, str]) -> str:
    """The path of a browser: $SEVLOG_BROWSER, else the first on the PATH. Raises NotFound with how to install one."""
    path = environment.get("PATH")
    named = environment.get(VARIABLE)
    if named:
        found = shutil.which(named, path=path)
        if found is None:
            raise NotFound(
                f"{VARIABLE}={named}: no such program", f"unset {VARIABLE}, or set it to the path of Chromium"
            )
        return found
    for name in NAMES:
        if found := shutil.which(name, path=path):
            return found
    raise NotFound(
        f"no browser found to print a PDF (looked for {', '.join(NAMES)})",
        "install one: apt install chromium, dnf install chromium, or brew install --cask chromium",
        f"or name one: export {VARIABLE}=/path/to/chrome",
        "or export HTML and print it yourself: sevlog postmortem export --to html -o postmortem.html",
    )


def pdf(page: str, environment: Mapping[str, str]) -> bytes:
    """The page as PDF. Raises NotFound without a browser, UsageError where it fails; no request leaves the machine."""
    program = browser(environment)
    with TemporaryDirectory(prefix="sevlog-pdf-") as name:
        folder = Path(name)
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_text(page, "utf-8")
        root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        words = (program, *_FLAGS, *root, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}")
        done = run_bounded(
            (*words, source.as_uri()), folder=folder, data=b"", seconds=_SECONDS, environment=environment
        )
        if target.is_file() and (data := target.read_bytes()).startswith(b"%PDF"):
            return data
    last = done.output.decode(errors="replace").strip().splitlines()[-1:]
    raise UsageError(
        f"{program} made no PDF: {done.said}" + "".join(f" ({line})" for line in last),
        f"try another browser: export {VARIABLE}=/path/to/chrome",
    )
