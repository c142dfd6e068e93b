"""The pages for colleagues, below a path prefix and under the strict policy: their search and their forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.internal_sites import build
from fixtures.repositories import make_template, records, template

__all__ = ["make_template", "records", "template"]

Visiting = Callable[..., tuple[Any, Any]]


@pytest.fixture
def internal(sites: Path, request: pytest.FixtureRequest) -> str:
    """Where the pages are, below the address of all sites."""
    if not (sites / "colleagues").exists():
        build(request.getfixturevalue("records"), sites / "colleagues")
    return "colleagues/internal"


def test_the_search_finds_words_in_any_record_says_where_and_runs_nothing(internal: str, visit: Visiting) -> None:
    page, watched = visit(f"{internal}/search/", width=320)
    page.keyboard.press("/")
    page.keyboard.type("NIGHTLY sev2")
    page.locator("#internal-found", has_text="1 page found.").wait_for()
    hit = page.locator("#internal-results > li")
    assert hit.locator("a").first.inner_text() == "Search <b>is</b> slow"
    assert "Timeline: … " in hit.inner_text()
    assert hit.locator("mark").all_inner_texts().count("nightly") == 1
    assert hit.locator("b, i").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    hit.get_by_role("link", name="Timeline").click()
    assert page.url.endswith("#timeline")
    assert page.locator("#timeline").is_visible()
    page.go_back()
    page.locator("#internal-found", has_text="1 page found.").wait_for()
    assert watched.trouble == []
