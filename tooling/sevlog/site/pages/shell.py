"""A shell: a page of the theme, rendered once with tokens for its texts and filled for many pages.

Rendering the theme is slow; filling only joins strings. A shell is split at its tokens once, so the inserted texts are
never searched for tokens.
"""

from __future__ import annotations

import re

from ...errors import SevlogError
from ..markup.html import EMPTY, Html, escape
from .page import SitePage

_TOKEN = re.compile("@@sevlog-(title|description|canonical|body|alternates|languages)@@")

Languages = tuple[Html, Html]


class Shell:
    """A rendered page of the theme. Raises SevlogError unless it has exactly one body token, and a title token."""

    def __init__(self, rendered: str) -> None:
        self._parts = _TOKEN.split(rendered)
        names = self._parts[1::2]
        if names.count("body") != 1 or "title" not in names:
            raise SevlogError(
                f"the theme's status.html needs a title token and one body token; it has {names.count('body')} bodies",
                "check templates of your own named status.html, and the page name in sevlog.yaml",
            )

    def fill(
        self, page: SitePage, site_name: str, site_url: str, end: Html = EMPTY, languages: Languages = (EMPTY, EMPTY)
    ) -> str:
        """The complete page. end: HTML below the body of each page. languages: links to it in other languages, for
        search engines and for readers.
        """
        texts = {
            "title": escape(f"{page.title} · {site_name}" if page.kind != "home" else f"{site_name}: {page.headline}"),
            "description": escape(page.description),
            "canonical": escape(f"{site_url.rstrip('/')}/{page.path}"),
            "body": f"{page.body}{end}",
            "alternates": languages[0],
            "languages": languages[1],
        }
        return "".join(texts[part] if number % 2 else part for number, part in enumerate(self._parts))
