"""The script of the widget: site/widget/, with words, shapes and colors of the site and the polling of status.js."""

from __future__ import annotations

import json
import re
from functools import cache

from msgspec import to_builtins

from ...errors import InvalidRecord
from ...model.languages import SHIPPED
from ...stores import resources
from ..pages.parts import SHAPES
from ..pages.view import STATE_OF_IMPACT
from .languages import widget_words

_POLLING = re.compile(r"(?s)  // ---- Polling\.[^\n]*\n(.*?)  // ---- End of polling\.")
_SPARED = re.compile(r"(?m)^ *(//.*)?\n|^ +")
"""Lines that are empty or a comment, and indentation."""
_COLOR = r"--{}: [^;]+;"
_COLORS = ("paper", "sheet", "ink", "soft", "line", "ok", "maintenance", "degraded", "partial", "major")


@cache
def widget_script() -> bytes:
    """The script. It is the same for all sites: what differs, it reads from the site that serves it.

    It is ASCII, because a browser reads it in the encoding of the page that it is on.
    """
    facts = {
        "states": list(STATE_OF_IMPACT.values()),
        "impacts": STATE_OF_IMPACT,
        "glyphs": SHAPES,
        "words": {language: widget_words(language) for language in SHIPPED},
        "css": _style(),
    }
    source = _text("site/widget/widget.js")
    polling = _found(_POLLING, "site/theme/assets/sevlog/status.js")[1].strip()
    first, _, code = source.replace("// @@polling@@", polling).partition("\n")
    code = _SPARED.sub("", code).replace('"@@facts@@"', json.dumps(to_builtins(facts), separators=(",", ":")))
    return f"{first}\n{code}".encode()


def _style() -> str:
    """The style sheet in one line, with the colors of the site."""
    theme = "site/theme/assets/sevlog/sevlog.css"
    colors = " ".join(_found(re.compile(_COLOR.format(name)), theme)[0] for name in _COLORS)
    line = " ".join(_text("site/widget/widget.css").replace("@@colors@@", colors).split())
    return re.sub(" ?([{};]) ?", r"\1", line)


def _found(pattern: re.Pattern[str], name: str) -> re.Match[str]:
    match = pattern.search(_text(name))
    if match is None:
        raise InvalidRecord(f"sevlog's own `{name}` lacks what the widget takes from it", "reinstall sevlog")
    return match


def _text(name: str) -> str:
    return resources.shared(name).read_text("utf-8")
