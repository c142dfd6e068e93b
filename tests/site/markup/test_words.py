"""The catalogs of data/languages/: each language has every text, and the pages have no other words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from xml.etree import ElementTree

import msgspec
import pytest
from msgspec.structs import replace

from fixtures.filled import filled
from fixtures.public_sites import company, live_payments, planned, site
from sevlog.model.languages import SHIPPED, shipped_languages
from sevlog.model.public.site import PublicSite
from sevlog.site.api.feeds import Feeds
from sevlog.site.building.build_mark import build_mark, script_words
from sevlog.site.embedding.badges import badges
from sevlog.site.embedding.page import embed_page
from sevlog.site.markup.markdown import update_html
from sevlog.site.markup.words import PLACE, Text, Words, catalog, words_of
from sevlog.site.pages.all_pages import record_pages, section_pages
from sevlog.site.pages.page import SitePage
from sevlog.site.pages.view import SiteView
from sevlog.stores import resources

NAMES = {"UTC", "Atom", "RSS", "JSON", "Feed"}
"""Names that are the same in every language."""
OWN_TEXTS = {"name", "body", "title", "summary", "description"}
_ATTRIBUTES = re.compile(r' (?:aria-label|title|alt|data-name)="([^"]*)"')
_PATTERNS = {"impact", "inline", "headline", "phase", "level", "page_impact"}
"""Families of keys that the code joins from a state."""


def without_letters(text: str) -> str:
    """The text with Greek letters, so that Latin letters on a page have another source."""
    return "".join(
        part if at % 2 else re.sub("[A-Za-z]", "ω", part) for at, part in enumerate(re.split(r"(\{[a-z]+\})", text))
    )


@cache
def strange() -> Words:
    """A language without Latin letters."""

    def of(text: Text) -> Text:
        if isinstance(text, str):
            return without_letters(text)
        if isinstance(text, list):
            return [without_letters(part) for part in text]
        return {form: without_letters(part) for form, part in text.items()}

    return Words("el", {key: of(text) for key, text in catalog("en").items()})


def in_greek(public: PublicSite) -> PublicSite:
    """The site with its own texts in Greek letters, and in UTC."""

    def walk(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: walk(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        return without_letters(value) if isinstance(value, str) and key in OWN_TEXTS else value

    page = replace(public.page, time_zone="Etc/UTC")
    return msgspec.convert(walk(json.loads(msgspec.json.encode(replace(public, page=page)))), PublicSite)


def latin(html: str) -> set[str]:
    """The words in Latin letters that a reader sees or hears."""
    html = re.sub(r"(?s)<(code|pre|script|style)\b.*?</\1>", "", html)
    seen = [*_ATTRIBUTES.findall(html), re.sub("<[^>]*>", " ", html)]
    return {word for text in seen for word in re.findall("[A-Za-z]+", unescape(text))} - NAMES


def pages(view: SiteView) -> Iterator[SitePage]:
    yield from section_pages(view)
    yield from record_pages(view)
    yield embed_page(view, "")


@pytest.mark.parametrize("public", [company(), planned(), site([live_payments()], parts=())])
def test_no_page_has_words_that_are_not_in_the_catalog(public: PublicSite) -> None:
    view = SiteView(in_greek(public), words=strange())
    for page in filled(list(pages(view))):
        assert latin(f"{page.title} {page.description} {page.headline}{page.body}{build_mark(view, page)}") == set(), (
            page.path
        )


def test_no_feed_and_no_badge_has_words_that_are_not_in_the_catalog() -> None:
    view = SiteView(in_greek(company()), words=strange())
    feeds = Feeds(view.site, update_html, strange())
    for entry in filled([*feeds.entries(), *feeds.updates()]):
        assert latin(f"{entry.title} {' '.join(entry.subjects)} {entry.html}") == set()
    for path, content in filled([row for row in feeds.documents() if row[0].endswith("atom")]):
        assert latin(ElementTree.fromstring(content).findtext("{http://www.w3.org/2005/Atom}title") or "x") == set(), (
            path
        )
    for path, content in filled([row for row in badges(view) if row[0].endswith("svg")]):
        assert latin(content.decode()) == set(), path


def test_no_template_has_words_that_are_not_in_the_catalog() -> None:
    for path in filled(sorted(resources.shared("site/theme").rglob("*.html"))):
        text = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|@@.*?@@", "", path.read_text("utf-8"))
        assert latin(text) == set(), path.name


@pytest.mark.parametrize("language", SHIPPED[1:])
def test_each_language_has_the_texts_of_english_with_their_places(language: str) -> None:
    english, found = catalog("en"), catalog(language)
    assert list(found) == list(english)
    for key, text in english.items():
        other = found[key]
        if isinstance(text, str):
            assert isinstance(other, str)
            assert sorted(PLACE.findall(other)) == sorted(PLACE.findall(text)), key
        elif isinstance(text, list):
            assert isinstance(other, list)
            assert len(other) == len(text), key
        else:
            assert isinstance(other, dict)
            assert other.keys() == ({"other"} if language == "ja" else text.keys()), key
            places = set(PLACE.findall(text["other"]))
            assert set(PLACE.findall(other["other"])) == places, key
            assert places - set(PLACE.findall(other.get("one", other["other"]))) <= {"n"}, key


def test_each_text_is_used() -> None:
    package = resources.data_folder("").parent
    sources = [*sorted((package / "site").rglob("*.py")), *sorted(resources.shared("site/theme").rglob("*.html"))]
    code = "\n".join(path.read_text("utf-8") for path in filled(sources))
    keys = {key for key in catalog("en") if key.split(".")[0] not in _PATTERNS or key.startswith("headline.")}
    states = {f"headline.{state}" for state in words_of("en").headline}
    assert {key for key in keys - states if f'"{key}"' not in code} == set()


def test_the_script_asks_for_the_words_that_the_page_gives_it() -> None:
    script = (resources.shared("site/theme") / "assets/sevlog/status.js").read_text("utf-8")
    given = json.loads(unescape(script_words(words_of("fr"), bars=True).partition("'")[2][:-1]))
    asked = set(re.findall(r'say\("(\w+)"', script)) | set(re.findall(r"words\.(\w+)", script))
    asked |= {"days", "hours", "minutes", "overdue", "ahead", "completed", "running", "scheduled"}
    assert set(given) == asked
    assert given["ago"] == "il y a {length}"


def test_a_language_is_found_by_the_first_part_of_its_tag() -> None:
    assert shipped_languages(["de-AT", "nl", "de", "ja"]) == ("de", "ja")
    assert shipped_languages(["nl"]) == ("en",)


def test_numbers_and_days_are_written_as_the_language_does() -> None:
    assert words_of("de").percent(0.9995) == "99,95\u00a0%"
    assert words_of("fr").count("history.incidents", 0) == "0 incident"
    assert words_of("es").count("history.incidents", 1204) == "1.204 incidentes"
    on = company().as_of.date()
    assert [words_of(language).day(on) for language in SHIPPED] == [
        "23 Nov 2026", "23. Nov. 2026", "23 nov. 2026", "23 nov 2026", "2026年11月23日",
    ]  # fmt: skip
