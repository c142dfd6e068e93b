"""The whole public site as files: what the theme's shells and the public view make. Knows no site generator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..model.public import PublicSite
from ..stores import resources
from .api import StatusApi
from .feeds import Feeds
from .html import escape
from .markdown import update_html
from .page import Kind, Page
from .pages import record_pages, section_pages
from .shell import Shell
from .times import machine
from .view import View
from .writer import Writer

HEADERS = """\
/*
  Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
/api/*
  Access-Control-Allow-Origin: *
/history.*
  Access-Control-Allow-Origin: *
/feed.json
  Access-Control-Allow-Origin: *
/schemas/*
  Access-Control-Allow-Origin: *
"""
"""For hosts that read a `_headers` file (Netlify, Cloudflare Pages). Browser widgets need the API's line."""


class SiteBuild:
    """One build: the pages of a public view, ready to be put into shells, and the files beside them.

    index: "index.html" where links must name the file (MkDocs' use_directory_urls: false), else empty.
    """

    def __init__(self, site: PublicSite, index: str = "") -> None:
        self.site = site
        self.view = View(site)
        self.index = index
        self.sections = {page.path: page for page in section_pages(self.view, index)}
        self.record_page_count = 0

    def fill(self, shell: Shell, page: Page) -> str:
        """The page as HTML."""
        return shell.fill(page, self.site.page.name, self.site.page.url)

    def write(self, shells: Mapping[Kind, Shell], out: Path, others: Iterable[str] = ()) -> set[str]:
        """Write everything but the section pages, which the site generator writes. Returns the paths of the files.

        others: addresses, relative to the site, of pages that were written by hand, for the sitemap.
        """
        listed = [(page.path, _stamp(page)) for page in self.sections.values()]
        with Writer(out) as writer:
            for page in record_pages(self.view, self.index):
                listed.append((page.path, _stamp(page)))
                self.record_page_count += 1
                writer.write(f"{page.path}index.html", self.fill(shells[page.kind], page).encode())
            for path, content in self.data_files():
                writer.write(path, content)
            writer.write("sitemap.xml", self._sitemap([*listed, *((path, None) for path in sorted(others))]))
        return writer.paths

    def data_files(self) -> Iterator[tuple[str, bytes]]:
        """Files that are no pages: path below the site, content."""
        api = StatusApi(self.site)
        yield from api.documents().items()
        yield from api.history()
        for record in self.view.records:
            yield api.incident(record)
        yield from Feeds(self.site, update_html).documents()
        for schema in sorted(resources.shared("schemas").glob("**/*.json")):
            if "examples" not in schema.parts:
                yield f"schemas/{schema.relative_to(resources.shared('schemas')).as_posix()}", schema.read_bytes()
        if self.site.page.accent:
            yield "assets/sevlog/brand.css", brand(self.site.page.accent)
        yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {self._absolute('sitemap.xml')}\n".encode()
        yield "_headers", HEADERS.encode()
        yield ".nojekyll", b""

    def _sitemap(self, listed: Iterable[tuple[str, str | None]]) -> bytes:
        """Addresses with the time of their last public change; hand-written pages have none that is known."""
        rows = [
            f"<url><loc>{escape(self._absolute(path))}</loc>" + (f"<lastmod>{at}</lastmod></url>" if at else "</url>")
            for path, at in listed
        ]
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        return (head + "\n".join(rows) + "\n</urlset>\n").encode()

    def _absolute(self, path: str) -> str:
        return f"{self.site.page.url.rstrip('/')}/{path}"


def brand(accent: str) -> bytes:
    """The style sheet with the page's accent colour (#rrggbb), mixed so that it can be read on either ground."""
    light, dark = f"color-mix(in oklab, {accent}, #000 25%)", f"color-mix(in oklab, {accent}, #fff 45%)"
    return f":root {{ --accent: light-dark({light}, {dark}); }}\n".encode()


def _stamp(page: Page) -> str | None:
    return machine(page.updated_at) if page.updated_at else None
