"""Content of records never runs, and no other host is contacted, under the strict policy of `_headers`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Visiting = Callable[..., tuple[Any, Any]]


@pytest.mark.parametrize("name", ["company", "hostile"])
def test_no_page_runs_what_a_record_says_or_asks_another_host_or_breaks_the_policy(
    name: str, sites: Path, address: str, visit: Visiting
) -> None:
    page, watched = visit(f"{name}/")
    paths = sorted(file.parent.relative_to(sites).as_posix() for file in (sites / name).rglob("index.html"))
    for path in paths:
        page.goto(f"{address}/{path}/")
    assert len(paths) > 20
    assert watched.trouble == []
    assert {url for url in watched.requests if not url.startswith(address)} == set()


def test_the_page_s_structure_survives_every_payload(visit: Visiting) -> None:
    page, _ = visit("hostile/")
    assert page.locator("script").count() == 2
    assert page.locator("iframe, object, embed, img, style, form:not([data-md-component])").count() == 0
    assert page.locator("footer").count() == 1
    assert page.title().startswith("<script>alert(1)</script>")


def test_home_loads_a_handful_of_small_files(visit: Visiting) -> None:
    _, watched = visit("company/")
    names = sorted(url.rpartition("/")[2] for url in watched.requests)
    assert set(names) - {"mark.svg"} == {"", "sevlog.css", "status.js", "theme.js"}
