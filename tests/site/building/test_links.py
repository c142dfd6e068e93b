"""A build never follows a symbolic link: its target is not published, the other files are."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sevlog.errors import SevlogError
from sevlog.site.building.generator import build_site

ROOT = Path(__file__).resolve().parents[3]
WORD = "Marzipan"
CONFIG = (
    (ROOT / "mkdocs.yml")
    .read_text("utf-8")
    .replace("- sevlog", '- sevlog: {as_of: "2026-11-23T14:40:00Z"}')
    .replace("name: material", "name: material\n  custom_dir: site/theme")
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A records repository with a page and a theme of its own, and a private file beside it."""
    root = tmp_path / "repo"
    texts = {
        "sevlog.yaml": "schema: 1\npage: {name: Acme, url: 'https://acme.example/'}\n"
        "components: [{key: shop, name: Shop}]\n",
        "mkdocs.yml": CONFIG,
        "site/docs/about.md": "# Written by hand\n",
        "site/theme/css/own.css": "/* own theme */",
        "../outside/x.md": f"# {WORD}\n",
        "../outside/deep/y.md": f"# {WORD}\n",
        "../outside/z.html": WORD,
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def published(out: Path) -> str:
    return "\n".join(
        f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" for path in sorted(out.rglob("*")) if path.is_file()
    )


LINKS = {
    "site/docs/leak.md": "../../../outside/x.md",
    "site/docs/folder": "../../../outside",
    "site/docs/round": "../docs",
    "site/docs/about/x.html": "../../../../outside/z.html",
    "site/theme/css/leak.css": "../../../../outside/z.html",
    "site/theme/assets": "../../../outside",
}


def make_links(root: Path) -> None:
    for name, target in LINKS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(target)
        assert (root / name).exists()


def test_sevlog_publishes_nothing_behind_a_link(repository: Path, tmp_path: Path) -> None:
    make_links(repository)

    built = build_site(repository, tmp_path / "out", as_of=datetime(2026, 11, 23, tzinfo=UTC))

    text = published(tmp_path / "out")
    assert WORD not in text
    assert "Written by hand" in text and "own theme" in text
    assert not (tmp_path / "out/round").exists()
    assert [line.split()[1] for line in built.warnings if "symbolic link" in line] == sorted(LINKS)


def test_mkdocs_publishes_nothing_behind_a_link(repository: Path, tmp_path: Path) -> None:
    make_links(repository)
    (tmp_path / "scratch").mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "TMPDIR": str(tmp_path / "scratch")},
    )

    assert done.returncode == 0, done.stderr
    text = published(repository / "build/site")
    assert WORD not in text
    assert "Written by hand" in text and "own theme" in text
    assert done.stderr.count("is a symbolic link; it is left out of the site") == len(LINKS)
    assert sorted((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize("place", ["site", "site/docs"])
def test_a_site_that_is_a_link_is_left_out(repository: Path, tmp_path: Path, place: str) -> None:
    (repository / place).rename(tmp_path / "away")
    (tmp_path / "away/leak.md").write_text(WORD, "utf-8")
    (repository / place).symlink_to(tmp_path / "away")
    (repository / "mkdocs.yml").write_text(CONFIG.replace("  custom_dir: site/theme\n", ""), "utf-8")

    build_site(repository, tmp_path / "out")

    text = published(tmp_path / "out")
    assert WORD not in text and "Written by hand" not in text
    (repository / "mkdocs.yml").unlink()
    build_site(repository, tmp_path / "out2")
    assert WORD not in published(tmp_path / "out2") and "Written by hand" not in published(tmp_path / "out2")


def test_a_configuration_that_is_a_link_is_refused(repository: Path, tmp_path: Path) -> None:
    (repository / "mkdocs.yml").rename(tmp_path / "mkdocs.yml")
    (repository / "mkdocs.yml").symlink_to(tmp_path / "mkdocs.yml")

    with pytest.raises(SevlogError, match=r"mkdocs\.yml is a symbolic link"):
        build_site(repository, tmp_path / "out")
