"""A shell: a page of the theme rendered once with tokens for its texts, filled again and again.

Rendering the theme is the cost of a site generator; filling is joining strings. A shell is split at its tokens once,
so what is filled in is never searched for tokens.
"""

from __future__ import annotations

import re

from ...errors import SevlogError
from ..markup.html import EMPTY, Html, escape
from .page import Page

_TOKEN = re.compile("@@sevlog-(title|description|canonical|body)@@")


class Shell:
    """A rendered theme page. Raises SevlogError where it does not have exactly one place for a body and one title."""

    def __init__(self, rendered: str) -> None:
        self._parts = _TOKEN.split(rendered)
        names = self._parts[1::2]
        if names.count("body") != 1 or "title" not in names:
            raise SevlogError(
                f"the theme's status.html has {names.count('body')} places for a page's body instead of one",
                "is a template of yours named status.html, or the token in the page's name?",
            )

    def fill(self, page: Page, site_name: str, site_url: str, end: Html = EMPTY) -> str:
        """The page, whole. end: what stands below every page."""
        texts = {
            "title": escape(f"{page.title} · {site_name}" if page.path else f"{site_name}: {page.headline}"),
            "description": escape(page.description),
            "canonical": escape(f"{site_url.rstrip('/')}/{page.path}"),
            "body": f"{page.body}{end}",
        }
        return "".join(texts[part] if number % 2 else part for number, part in enumerate(self._parts))
