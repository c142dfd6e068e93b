"""What the templates of the theme write around a page, in the language of the page: words, links of the header."""

from __future__ import annotations

from collections.abc import Sequence

from ..markup.html import Html, is_outside
from ..markup.words import Words
from ..pages.view import SiteView
from .further_languages import switch

_TITLES = {
    "index.md": "nav.status",
    "history/index.md": "nav.history",
    "maintenance/index.md": "nav.maintenance",
    "postmortems/index.md": "nav.postmortems",
    "subscribe/index.md": "nav.subscribe",
    "about.md": "nav.about",
}
"""Source of a page in the navigation -> its title, if mkdocs.yml has the one that sevlog ships."""
_TOGGLES = ("frame.light", "frame.dark", "frame.system")


class Frame:
    """The variable `sevlog` of the templates."""

    def __init__(self, view: SiteView, views: Sequence[SiteView], index: str, *, times: bool = True) -> None:
        """views: of all languages, the first one first. index: as PageLocation. times: whether the page shows times, so
        that the footer names their zone.
        """
        self._views, self._index = views, index
        self.has_languages = len(views) > 1
        self._view, self.words = view, view.words
        page = view.page
        self.accent = page.accent
        self.support_url = page.support_url if is_outside(page.support_url) else None
        self.time_zone = view.zone.title if times else None

    @property
    def each_update(self) -> Html:
        """The title of the feeds of updates."""
        return self.words.html("frame.each_update", name=self._view.page.name)

    def title(self, title: str, target: object) -> str:
        """A title of the navigation, which is in the first language, in that of the page."""
        return translated_title(title, target, self._views[0].words, self.words)

    def switch(self, path: str) -> Html:
        """Links from a hand-written page to the other languages."""
        return switch(self._views, self._view, path, self._index)

    def address(self, url: str) -> str:
        """The address of a page of the site, in the language of this page if it exists there."""
        path = url.removesuffix("index.html").removeprefix("./")
        return self._view.folder + url.removeprefix("./") if path in self._view.translated else url


def translated_title(title: str, target: object, known: Words, words: Words) -> str:
    """A title of the navigation in another language, unless mkdocs.yml has a title of its own."""
    source = getattr(getattr(target, "file", None), "src_uri", "")
    key = _TITLES.get(source)
    return words(key) if key and title == known(key) else title


def translate_palette(palette: object, known: Words, words: Words) -> None:
    """Replace the names that sevlog ships for the buttons of the color schemes, which are in the language `known`."""
    names = {known(key): words(key) for key in _TOGGLES}
    for option in palette if isinstance(palette, list) else ():
        toggle = option.get("toggle") if isinstance(option, dict) else None
        if isinstance(toggle, dict) and toggle.get("name") in names:
            toggle["name"] = names[toggle["name"]]
