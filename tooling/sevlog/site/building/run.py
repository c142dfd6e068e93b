"""All files of the public site, made from the shells of the theme and the public view, without a site generator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...model.languages import shipped_languages
from ...model.public.site import PublicSite
from ...services.publishing.internal_view import InternalView
from ...stores import resources
from ...stores.worker_processes import parts_for, shared
from ..api.calendar import PATH as MAINTENANCE
from ..api.calendar import calendar
from ..api.documents import StatusApi
from ..api.feeds import Feeds
from ..embedding.badges import badges
from ..embedding.page import embed_page, whole
from ..embedding.widget import widget_script
from ..internal.pages import bar, internal_files, internal_pages
from ..markup.html import EMPTY, escape, join
from ..markup.markdown import update_html
from ..markup.times import machine
from ..markup.words import Words, english, words_of
from ..pages.all_pages import record_pages, section_pages
from ..pages.page import PageKind, PageLocation, SitePage
from ..pages.shell import Languages, Shell
from ..pages.view import SiteView
from .build_mark import BUILD, build_file, build_mark
from .further_languages import alternates, pages_of, switch, views_of
from .headers import headers_file
from .writer import Writer

if TYPE_CHECKING:
    from ...adapters.pictures import Picture


class _Written(Struct, frozen=True, kw_only=True):
    """The output of a part of a build: page path -> time of its last change, and the paths of all files."""

    pages: list[tuple[str, str | None]]
    files: set[str]


class SiteBuild:
    """One build: the pages of a public view, ready to be put into shells, and the files beside them.

    index: "index.html" where links must name the file (MkDocs' use_directory_urls: false), else empty.
    """

    def __init__(
        self,
        site: PublicSite,
        index: str = "",
        internal: InternalView | None = None,
        pictures: Mapping[str, Mapping[str, Picture]] | None = None,
        by_hand: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        """internal: what colleagues may see; then the site is theirs, and has pages for it. pictures: as SiteView.
        by_hand: as `views_of`.
        """
        self.site, self.internal = site, internal
        self.view = SiteView(site, pictures, self._words())
        self.views = (self.view,) if internal is not None else (self.view, *views_of(self.view, by_hand or {}))
        self.index = index
        self.kept: frozenset[str] = frozenset()
        """Paths of pages in further languages that are written by hand."""
        self.full = False
        """Whether files are written that did not change."""
        self.sections = {page.path: page for page in section_pages(self.view, index)}
        self.record_page_count = 0

    def _words(self) -> Words:
        """The first language of the page; the pages for colleagues are in English."""
        return english() if self.internal is not None else words_of(shipped_languages(self.site.page.languages)[0])

    @cached_property
    def api(self) -> StatusApi:
        """The JSON documents."""
        return StatusApi(self.site)

    def fill(self, shell: Shell, page: SitePage, view: SiteView | None = None) -> str:
        """The page as HTML. view: that of its language (default: the first)."""
        page, view = self._for_audience(page), view or self.view
        name, url = self.site.page.name, self.site.page.url
        return shell.fill(page, name, url, build_mark(view, page), self._languages(view, page))

    def _languages(self, view: SiteView, page: SitePage) -> Languages:
        if len(self.views) == 1:
            return EMPTY, EMPTY
        root = self.site.page.url.rstrip("/")
        return alternates(self.views, view, page.path, root), switch(self.views, view, page.path, self.index)

    def _for_audience(self, page: SitePage) -> SitePage:
        """In a site for colleagues, a page of the public site with a bar that says so."""
        if self.internal is None or page.kind == "internal":
            return page
        return replace(page, body=join(bar(PageLocation(page.path, self.index)), page.body))

    def write(
        self,
        shells: Mapping[str, Mapping[PageKind, Shell]],
        out: Path,
        others: Iterable[str] = (),
        processes: int | None = None,
    ) -> set[str]:
        """Write all files except the section pages, which the site generator writes. Returns the paths of the files.

        shells: by language, those of further languages also for sections.
        others: addresses, relative to the site, of pages that were written by hand, for the sitemap. processes: how
        many share the work (default: as many as pay off); the files are the same.
        """
        self._look_up()

        def write(part: int, parts: int) -> _Written:
            return self._write_part(shells, out, part, parts)

        found = shared(write, _Written, processes or parts_for(len(self.view.records)))
        self.record_page_count = sum(len(part.pages) for part in found)
        turns = zip_longest(*(part.pages for part in found))
        listed = [(page.path, _stamp(page)) for page in self.sections.values()]
        listed += [page for turn in turns for page in turn if page is not None]
        writer = Writer(out, full=self.full)
        writer.write("sitemap.xml", self._sitemap([*listed, *((path, None) for path in sorted(others))]))
        return writer.paths.union(*(part.files for part in found))

    def _look_up(self) -> None:
        """Compute shared look-ups once, before the work is split."""
        view = self.view
        _ = self.api, view.by_month, view.by_component, view.postmortems, view.spans_by_incident

    def _write_part(self, shells: Mapping[str, Mapping[PageKind, Shell]], out: Path, part: int, parts: int) -> _Written:
        writer = Writer(out, full=self.full)
        pages = []
        for view, page in self._pages(part, parts):
            pages.append((page.path, _stamp(page)))
            shell = shells[view.words.language][page.kind]
            writer.write(f"{page.path}index.html", self.fill(shell, page, view).encode())
        if part == 0 and self.internal is not None:
            for page in internal_pages(self.internal, self.index):
                shell = shells[self.view.words.language][page.kind]
                writer.write(f"{page.path}index.html", self.fill(shell, page).encode())
        for path, content in self.data_files(part, parts):
            writer.write(path, content)
        return _Written(pages=pages, files=writer.paths)

    def _pages(self, part: int, parts: int) -> Iterator[tuple[SiteView, SitePage]]:
        """A share of the pages of records, and of all pages in further languages."""
        for page in record_pages(self.view, self.index, part, parts):
            yield self.view, page
        for view in self.views[1:]:
            for page in islice(pages_of(view, self.index), part, None, parts):
                if page.path not in self.kept:
                    yield view, page

    def data_files(self, part: int = 0, parts: int = 1) -> Iterator[tuple[str, bytes]]:
        """Other files: path below the site, and content. part, parts: only this share of them."""
        for record in islice(self.view.records, part, None, parts):
            yield self.api.incident(record)
        if part == parts - 1:
            yield from self.api.history()
        if part == 0:
            yield from self._single_files()

    def _single_files(self) -> Iterator[tuple[str, bytes]]:
        yield from self.api.documents().items()
        yield from Feeds(self.site, update_html, self.view.words).documents()
        yield MAINTENANCE, calendar(self.site)
        for schema in sorted(resources.shared("schemas").glob("**/*.json")):
            if "examples" not in schema.parts:
                yield f"schemas/{schema.relative_to(resources.shared('schemas')).as_posix()}", schema.read_bytes()
        if self.site.page.accent:
            yield "assets/sevlog/brand.css", brand(self.site.page.accent)
        yield "robots.txt", self._robots().encode()
        if self.internal is not None:
            yield from internal_files(self.internal)
        for record in self.view.postmortems:
            yield from ((path, one.data) for path, one in self.view.pictures_of(record).values())
        yield BUILD, build_file(self.view)
        yield from self._for_other_pages()
        yield (
            "_headers",
            headers_file((view.folder for view in self.views[1:]), internal=self.internal is not None).encode(),
        )
        yield ".nojekyll", b""

    def _for_other_pages(self) -> Iterator[tuple[str, bytes]]:
        """What other web sites can show: the badges, the widget and the page for a frame."""
        yield from badges(self.view)
        yield "widget.js", widget_script()
        page = self._for_audience(embed_page(self.view, self.index))
        document = whole(
            page, build_mark(self.view, page), self.view.words.language, accented=bool(self.site.page.accent)
        )
        yield f"{page.path}index.html", document.encode()

    def _robots(self) -> str:
        if self.internal is not None:
            return "User-agent: *\nDisallow: /\n"
        return f"User-agent: *\nAllow: /\nSitemap: {self._absolute('sitemap.xml')}\n"

    def _sitemap(self, listed: Iterable[tuple[str, str | None]]) -> bytes:
        """The sitemap: addresses with the time of their last public change, if known."""
        rows = [
            f"<url><loc>{escape(self._absolute(path))}</loc>" + (f"<lastmod>{at}</lastmod></url>" if at else "</url>")
            for path, at in listed
        ]
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        return (head + "\n".join(rows) + "\n</urlset>\n").encode()

    def _absolute(self, path: str) -> str:
        return f"{self.site.page.url.rstrip('/')}/{path}"


def brand(accent: str) -> bytes:
    """The style sheet with the page's accent color (#rrggbb), mixed for contrast on light and dark backgrounds."""
    light, dark = f"color-mix(in oklab, {accent}, #000 25%)", f"color-mix(in oklab, {accent}, #fff 45%)"
    return f":root {{ --accent: light-dark({light}, {dark}); }}\n".encode()


def _stamp(page: SitePage) -> str | None:
    return machine(page.updated_at) if page.updated_at else None
