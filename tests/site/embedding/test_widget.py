"""The files for other web sites: small, complete in each language, readable from other origins, free of secrets."""

from __future__ import annotations

import gzip
import json
import re

import msgspec
import pytest
from msgspec.structs import replace

from fixtures import public_sites
from fixtures.contrast import contrast
from fixtures.headers import headers_for
from sevlog.site.building.headers import headers_file
from sevlog.site.building.run import SiteBuild
from sevlog.site.embedding.languages import widget_words
from sevlog.site.embedding.page import embed_page
from sevlog.site.embedding.widget import widget_script
from sevlog.site.pages.view import SiteView


def files(build: SiteBuild) -> dict[str, bytes]:
    return dict(build.data_files())


def test_the_script_is_small_and_complete() -> None:
    script = widget_script()
    assert len(gzip.compress(script, 9)) < 6 * 1024
    assert b"@@" not in script and b"function poll(" in script


def test_the_script_reads_the_same_on_a_page_of_any_encoding() -> None:
    assert widget_script().isascii()


def test_the_script_uses_nothing_that_a_strict_page_forbids_or_that_keeps_data() -> None:
    script = widget_script().decode()
    words = ("innerHTML", "insertAdjacentHTML", "eval(", "cookie", "localStorage", "sessionStorage", "document.write")
    assert [word for word in words if word in script] == []


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_widget_s_colors_have_enough_contrast_in_both_schemes(scheme: int) -> None:
    found = re.findall(r"--(\w+): ?light-dark\((#\w+), (#\w+)\)", widget_script().decode())
    color = {name: pair[scheme] for name, *pair in found}
    states = ("ok", "maintenance", "degraded", "partial", "major")
    pairs = [("ink", "sheet"), ("soft", "sheet"), *(("paper", state) for state in states)]
    assert [pair for pair in pairs if contrast(color[pair[0]], color[pair[1]]) < 4.5] == []
    assert [state for state in states if contrast(color[state], color["sheet"]) < 3] == [], "marks"


def test_each_language_has_its_own_words_for_everything() -> None:
    english = json.loads(msgspec.json.encode(widget_words("en")))
    for language in ("de", "es", "fr", "ja"):
        found = json.loads(msgspec.json.encode(widget_words(language)))
        assert found.keys() == english.keys()
        for key, text in english.items():
            if isinstance(text, dict):
                assert found[key].keys() == text.keys()
                assert not set(found[key].values()) & set(text.values())
            else:
                assert found[key] != text
                assert found[key].count("{") == text.count("{")


@pytest.mark.parametrize(
    "path",
    ["/widget.js", "/build.json", "/api/v2/summary.json", "/badge.json", "/badge.svg", "/components/shop/badge.svg"],
)
def test_scripts_of_other_origins_may_read_what_the_widget_needs(path: str) -> None:
    assert ("Access-Control-Allow-Origin", "*") in headers_for(headers_file(), path)


@pytest.mark.parametrize(
    ("path", "framed"), [("/embed/", True), ("/", False), ("/incidents/a/", False), ("/subscribe/", False)]
)
def test_only_the_page_for_frames_may_be_framed_by_others(path: str, framed: bool) -> None:
    policies = [value for name, value in headers_for(headers_file(), path) if name == "Content-Security-Policy"]
    assert "default-src 'none'" in policies[0]
    assert any("frame-ancestors" in policy for policy in policies) is not framed
    internal = [value for _, value in headers_for(headers_file(internal=True), path)]
    assert any("frame-ancestors 'self'" in value for value in internal)


def test_the_build_s_file_names_components_by_key_and_maintenance_that_follows_its_window() -> None:
    facts = json.loads(files(SiteBuild(public_sites.planned()))["build.json"])
    assert facts["components"]["booking"] == public_sites.component_id("booking")
    assert facts["by_window"] == ["w0w1w2w3w4w5"]
    assert facts["old_at"] > facts["built_at"]


def test_the_page_for_frames_is_not_indexed_and_its_links_leave_the_frame() -> None:
    found = files(SiteBuild(public_sites.company()))
    document = found["embed/index.html"].decode()
    assert '<meta name="robots" content="noindex">' in document
    assert document.count("<a ") == document.count('target="_blank" rel="noopener"') > 2
    assert "<nav" not in document and "embed" not in found.get("sitemap.xml", b"").decode()


def test_the_page_for_frames_is_bounded_and_counts_the_rest() -> None:
    one = public_sites.live_payments()
    many = public_sites.site([replace(one, id=f"same{n}") for n in range(40)])
    body = embed_page(SiteView(many), "").body
    assert "40 open incidents" in body and "and 35 more" in body
    assert body.count("<article") == 5


def test_the_subscribe_page_shows_the_lines_to_copy() -> None:
    page = SiteBuild(public_sites.company()).sections["subscribe/"]
    for path in ("widget.js", "embed/", "badge.svg"):
        assert f"{public_sites.PAGE.url}/{path}" in page.body
