"""The `_headers` file, for hosts that read one (Netlify, Cloudflare Pages), and what it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
_FOR_ALL = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_UNFRAMED = ("/", "/history/*", "/incidents/*", "/maintenance/*", "/components/*", "/postmortems/*", "/subscribe/*")
"""Pages that another origin may not put into a frame. A host joins the policies of all rules that match, and a browser
applies each of them, so a rule can only add a limit. /embed/ has none for frames."""
_SHARED = (
    "/api/*", "/history.*", "/updates.*", "/feed.json", "/maintenance.ics", "/components/*", "/schemas/*",
    "/widget.js", "/build.json", "/badge.*",
)  # fmt: skip
"""Files that scripts of other origins may read. The widget needs the API, /build.json and itself."""


def is_shared(path: str) -> bool:
    """Whether scripts of other origins may read what is at a path of the site."""
    return any(fnmatchcase(path, pattern) for pattern in _SHARED)


def headers_file(folders: Iterable[str] = (), *, internal: bool = False) -> str:
    """The file. folders: those of further languages, such as de/. internal: the site is for colleagues, and no other
    origin may put any page of it into a frame.
    """
    framed = {"Content-Security-Policy": f"{_POLICY}; frame-ancestors 'self'"}
    rules = {"/*": _FOR_ALL | framed if internal else _FOR_ALL}
    if not internal:
        rules |= dict.fromkeys((*_UNFRAMED, *(f"/{folder}*" for folder in folders)), framed)
    for path in _SHARED:
        rules[path] = rules.get(path, {}) | {"Access-Control-Allow-Origin": "*"}
    lines = (line for path, found in rules.items() for line in (path, *(f"  {k}: {v}" for k, v in found.items())))
    return "\n".join(lines) + "\n"
