"""A site in several languages: which pages there are, and the links between them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from fixtures.filled import filled
from fixtures.headers import headers_for
from fixtures.public_sites import AS_OF, company, incident, update
from sevlog.model.languages import SHIPPED
from sevlog.model.public.site import PublicSite
from sevlog.site.building.generator import build_site
from sevlog.site.building.hand_written import pages_by_language

OLD = AS_OF - timedelta(days=200)


def in_german_and_japanese() -> PublicSite:
    """The company with its pages in two languages, and an incident of long ago."""
    site = company()
    old = incident("old", "Long ago", "minor", [update("o", OLD, "resolved", "Done.")], ("website",))
    page = replace(site.page, languages=("de-AT", "ja", "nl"))
    return replace(site, page=page, incidents=(*site.incidents, replace(old, ended_at=OLD)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("languages")
    build_site(root, root / "out", source=in_german_and_japanese, strict=True)
    return root / "out"


def text(built: Path, path: str) -> str:
    return (built / path).read_text("utf-8")


def titles(html: str) -> list[str]:
    header = re.search(r'<nav class="sl-nav".*?</nav>', html, re.DOTALL)
    return re.findall(">([^<>]+)</a>", header[0]) if header else []


@pytest.mark.parametrize("path", ["404.html", "about/index.html", "incidents/old/index.html"])
def test_the_site_is_in_its_first_language(built: Path, path: str) -> None:
    html = text(built, path)

    assert '<html lang="de"' in html
    assert titles(html) == ["Status", "Verlauf", "Wartung", "Nachberichte", "Abonnieren", "Über diese Seite"]
    assert 'aria-label="Helle Farben verwenden"' in html
    assert "Skip to content" not in html


@pytest.mark.parametrize("path", ["ja/index.html", "ja/about/index.html"])
def test_a_further_language_has_its_pages_in_a_folder(built: Path, path: str) -> None:
    html = text(built, path)

    assert '<html lang="ja"' in html
    assert titles(html)[:3] == ["ステータス", "履歴", "メンテナンス"]
    assert 'aria-label="ライトモードを使用"' in html
    assert ">Deutsch</a>" in html


def test_every_link_leads_to_a_page_and_one_to_an_old_incident_to_the_first_language(built: Path) -> None:
    led = set()
    for file in filled(sorted(built.glob("ja/**/*.html"))):
        for address in re.findall(r'(?:href|src)="(?![a-z]+:|#)([^"#]+)', file.read_text("utf-8")):
            target = (file.parent / address).resolve()
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{file.relative_to(built)}: {address}"
            led.add(target.relative_to(built).as_posix())
    assert not (built / "ja/incidents/old").exists()
    assert {
        "ja/components/website/index.html",
        "components/website/feed.atom",
        "history.atom",
        "incidents/old/index.html",
    } <= led


def test_a_page_names_its_other_languages_for_search_engines(built: Path) -> None:
    expected = [("de", ""), ("ja", "ja/"), ("x-default", "")]
    for path in ("history/", "ja/history/"):
        found = re.findall(
            r'hreflang="([a-z-]+)" href="https://[^"]*?/((?:ja/)?)history/"', text(built, f"{path}index.html")
        )
        assert found == expected
    assert "x-default" not in text(built, "incidents/old/index.html")


def test_the_links_to_other_languages_lead_to_the_same_page_or_home(built: Path) -> None:
    assert '<a href="../ja/history/" lang="ja" hreflang="ja">日本語</a>' in text(built, "history/index.html")
    assert '<a href="../../ja/" lang="ja" hreflang="ja">日本語</a>' in text(built, "incidents/old/index.html")


def test_feeds_and_documents_are_not_written_twice(built: Path) -> None:
    assert {path.suffix for path in built.glob("ja/**/*") if path.is_file()} == {".html"}
    assert '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">' in text(built, "history.atom")
    assert re.search("<loc>https://[^<]*/ja/history/</loc>", text(built, "sitemap.xml"))


def test_a_page_about_that_was_changed_is_in_the_languages_in_which_it_was_written(tmp_path: Path) -> None:
    shipped = {language: {"about/"} for language in SHIPPED}
    assert pages_by_language(tmp_path) == shipped

    (tmp_path / "about.md").write_text("# Ours\n", "utf-8")
    (tmp_path / "ja").mkdir()
    (tmp_path / "ja/about.md").write_text("# Ours too\n", "utf-8")
    assert {language for language, paths in pages_by_language(tmp_path).items() if "about/" in paths} == {"ja"}


def test_no_other_origin_may_frame_a_page_in_a_further_language(built: Path) -> None:
    policies = [value for name, value in headers_for(text(built, "_headers"), "/ja/history/") if "Policy" in name]
    assert any("frame-ancestors 'self'" in value for value in policies)
