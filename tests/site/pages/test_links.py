"""Each page is valid: its links have targets, it has no active content, its ids are unique."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from fixtures import hostile_sites, public_sites
from fixtures.filled import filled
from sevlog.errors import SevlogError
from sevlog.model.public.site import PublicSite
from sevlog.site.building.run import SiteBuild
from sevlog.site.pages.all_pages import record_pages
from sevlog.site.pages.page import PageLocation, SitePage, checked_path, segment

SITES: dict[str, Callable[[], PublicSite]] = {
    "company": public_sites.company,
    "calm": public_sites.calm,
    "hostile": hostile_sites.hostile,
}
# Written by the site generator from mkdocs.yml and site/docs, not by the renderer.
ELSEWHERE = {"about/index.html"}


class Elements(HTMLParser):
    """Every start tag of a page, with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [value or "" for _, attributes in self.found for key, value in attributes.items() if key == name]


def pages_of(site: PublicSite, index: str = "") -> list[SitePage]:
    build = SiteBuild(site, index)
    return [*build.sections.values(), *record_pages(build.view, index)]


@pytest.mark.parametrize("index", ["", "index.html"])
@pytest.mark.parametrize("name", SITES)
def test_every_link_within_the_site_leads_to_a_page_or_a_file_and_to_an_anchor_in_it(name: str, index: str) -> None:
    site = SITES[name]()
    pages = pages_of(site, index)
    ids = {f"{page.path}index.html": set(Elements(page.body).values("id")) for page in pages}
    files = set(ids) | {path for path, _ in SiteBuild(site).data_files()} | ELSEWHERE
    dangling = []
    for page in pages:
        for href in Elements(page.body).values("href"):
            parts = urlsplit(href)
            if parts.scheme or parts.netloc:
                continue
            target = posixpath.normpath(posixpath.join("/", page.path, unquote(parts.path))).lstrip("/")
            if not parts.path:
                target = f"{page.path}index.html"
            elif parts.path.endswith("/"):
                assert not index, "links must name files"
                target = posixpath.join(target, "index.html").removeprefix("./")
            if target not in files or (parts.fragment and unquote(parts.fragment) not in ids[target]):
                dangling.append((page.path, href))
    assert dangling == []


@pytest.mark.parametrize("name", SITES)
def test_nothing_in_a_page_runs_or_styles_or_asks_another_host(name: str) -> None:
    allowed = {
        "a",
        "article",
        "aside",
        "bdi",
        "blockquote",
        "br",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "nav",
        "ol",
        "p",
        "path",
        "pre",
        "rect",
        "s",
        "section",
        "span",
        "strong",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "ul",
    }
    for page in filled(pages_of(SITES[name]())):
        for tag, attributes in filled(Elements(page.body).found):
            assert tag in allowed, (page.path, tag)
            assert not {key for key in attributes if key.startswith("on") or key in ("style", "src", "srcset")}
            if (attributes.get("href") or "").startswith(("http", "mailto")):
                assert tag == "a"


@pytest.mark.parametrize("name", SITES)
def test_ids_on_a_page_are_unique_and_headings_begin_with_one_h1(name: str) -> None:
    for page in filled(pages_of(SITES[name]())):
        elements = Elements(page.body)
        ids = elements.values("id")
        assert len(ids) == len(set(ids)), page.path
        assert [tag for tag, _ in elements.found].count("h1") == 1, page.path


def test_links_are_relative_from_any_depth_and_can_name_files() -> None:
    assert PageLocation("").to("history/") == "history/"
    assert PageLocation("").to("") == "./"
    assert PageLocation("history/").to("") == "../"
    assert PageLocation("incidents/a/").to("components/b/") == "../../components/b/"
    assert PageLocation("incidents/a/").to("incidents/a/#update-1") == "#update-1"
    assert PageLocation("incidents/a/", "index.html").to("") == "../../index.html"
    assert PageLocation("incidents/a/", "index.html").to("history.atom") == "../../history.atom"


@pytest.mark.parametrize(
    "public_id", ["../../etc/passwd", "a/b", "..", ".", "", "a:b", "con.", "x" * 300, "ä", "a\x00b"]
)
def test_an_imported_id_that_is_no_safe_path_is_replaced_always_by_the_same(public_id: str) -> None:
    made = segment(public_id)
    assert checked_path(f"incidents/{made}/index.html")
    assert made == segment(public_id) != public_id


@pytest.mark.parametrize("path", ["/etc/passwd", "a/../../b", "a//b", "C:/x", "a\\b", "."])
def test_a_path_out_of_the_folder_is_refused(path: str) -> None:
    with pytest.raises(SevlogError, match="not a path below"):
        checked_path(path)
