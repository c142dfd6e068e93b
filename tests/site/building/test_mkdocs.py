"""`mkdocs build --strict` gives the same pages as `sevlog site build`, and a user's mkdocs.yml works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sevlog.site.building.generator import build_site

ROOT = Path(__file__).resolve().parents[3]
AS_OF = "2026-11-23T14:40:00Z"
CONFIG = (ROOT / "mkdocs.yml").read_text("utf-8").replace("- sevlog", f'- sevlog: {{as_of: "{AS_OF}"}}')


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A records repository of nothing but its configuration, with the mkdocs.yml that sevlog ships."""
    root = tmp_path / "repo"
    (root / "site/docs").mkdir(parents=True)
    (root / "sevlog.yaml").write_text(
        'schema: 1\npage: {name: Acme, url: "https://acme.example/status/"}\ncomponents: [{key: shop, name: Shop}]\n',
        "utf-8",
    )
    (root / "mkdocs.yml").write_text(CONFIG, "utf-8")
    return root


def mkdocs(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_mkdocs_and_sevlog_build_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    done = mkdocs(repository)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    build_site(repository, tmp_path / "ours", as_of=datetime(2026, 11, 23, 14, 40, tzinfo=UTC))
    assert tree(repository / "build/site") == tree(tmp_path / "ours")


def test_pages_of_records_are_in_no_navigation(tmp_path: Path) -> None:
    from fixtures.public_sites import company

    build_site(tmp_path, tmp_path / "out", source=company)
    header = re.search(r"<header.*?</header>", (tmp_path / "out/index.html").read_text("utf-8"), re.DOTALL)
    assert header
    assert re.findall(r'href="([^"]*)"', header[0])[1:] == [
        ".",
        "history/",
        "maintenance/",
        "postmortems/",
        "subscribe/",
        "about/",
    ]


def test_links_name_files_where_the_user_wants_no_directory_addresses(repository: Path) -> None:
    (repository / "mkdocs.yml").write_text(CONFIG + "use_directory_urls: false\n", "utf-8")
    assert mkdocs(repository).returncode == 0
    pages = {path: text.decode() for path, text in tree(repository / "build/site").items() if path.endswith(".html")}
    assert "components/shop/index.html" in pages["index.html"]
    for path, text in pages.items():
        if path != "404.html":
            assert not re.findall(r'href="(?!https?:)[^"]*/"', text), path


def test_a_page_of_the_user_s_own_takes_the_place_of_ours_and_can_link_to_the_others(repository: Path) -> None:
    (repository / "site/docs/subscribe").mkdir()
    (repository / "site/docs/subscribe/index.md").write_text("# Ask us\n\n[History](../history/index.md)\n", "utf-8")
    done = mkdocs(repository)
    assert done.returncode == 0, done.stderr
    page = (repository / "build/site/subscribe/index.html").read_text("utf-8")
    assert "Ask us" in page
    assert 'href="../history/"' in page


def test_the_404_page_works_below_a_path_prefix(repository: Path) -> None:
    assert mkdocs(repository).returncode == 0
    page = (repository / "build/site/404.html").read_text("utf-8")
    assert 'href="/status/assets/sevlog/sevlog.css"' in page
    assert 'href="/status/history/"' in page


def test_a_time_without_an_offset_is_refused_in_words(repository: Path) -> None:
    (repository / "mkdocs.yml").write_text(CONFIG.replace(AS_OF, "2026-11-23"), "utf-8")
    done = mkdocs(repository)
    assert done.returncode != 0
    assert "as_of: `2026-11-23` is not a time with an offset" in done.stderr


def test_no_template_of_ours_writes_script_or_style_into_a_page(repository: Path) -> None:
    assert mkdocs(repository).returncode == 0
    for path, text in tree(repository / "build/site").items():
        if path.endswith(".html"):
            page = text.decode()
            scripts = re.findall(r"<script\b([^>]*)>", page)
            inline = [s for s in scripts if "src=" not in s and "application/json" not in s]
            assert inline == [], path
            assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", page), path
            assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!acme\.example)', page), path
