"""The files of a build: same bytes for same input, nothing outside the folder, nothing outdated."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures import hostile_sites, public_sites
from fixtures.clocks import Clock
from fixtures.commands import SEVLOG, surroundings
from sevlog.errors import SevlogError, UsageError
from sevlog.model.public.site import PublicSite
from sevlog.services.publishing.documents import Built
from sevlog.site.building.generator import build_site
from sevlog.site.building.logo import published_logo
from sevlog.site.building.writer import Writer, prune
from sevlog.site.pages.shell import Shell

AT = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
RECORDS = {
    "sevlog.yaml": """\
        schema: 1
        page: {name: Acme <Status>, url: "https://acme.example/status/", time_zone: Europe/Berlin}
        components: [{key: shop, name: Shop}]
        """,
    "incidents/2026/2026-11-20-shop/incident.yaml": """\
        schema: 1
        title: secret inner title
        public_title: The shop is slow
        kind: incident
        visibility: public
        """,
    "incidents/2026/2026-11-20-shop/timeline/history.yaml": """\
        - {kind: raised, at: "2026-11-20T10:00:00Z", by: ana, severity: SEV2, priority: P2,
           components: {shop: partial_outage}}
        - {kind: update, at: "2026-11-20T10:05:00Z", by: ana, audience: public, phase: investigating,
           text: We look into it.}
        - {kind: note, at: "2026-11-20T10:06:00Z", by: ana, text: an inner note}
        """,
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A records repository with one incident, without a mkdocs.yml."""
    root = tmp_path / "repo"
    for path, text in RECORDS.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("\n".join(line[8:] for line in text.splitlines()), "utf-8")
    return root


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def built(out: Path, public: PublicSite | None = None) -> Built:
    return build_site(Path(), out, source=lambda: public or public_sites.company())


@pytest.mark.demand("S34")
def test_a_repository_of_records_becomes_a_site(repository: Path) -> None:
    made = build_site(repository, as_of=AT)
    files = tree(repository / "build/site")
    assert made.warnings == ()
    assert made.files == len(files)
    home = files["index.html"].decode()
    assert "The shop is slow" in home
    assert "Acme &lt;Status&gt;" in home
    for path in (
        "404.html",
        "history/index.html",
        "history/2026-11/index.html",
        "components/shop/index.html",
        "history.atom",
        "api/v2/summary.json",
        "schemas/incident.schema.json",
        "robots.txt",
        "sitemap.xml",
        "_headers",
        ".nojekyll",
        "about/index.html",
    ):
        assert path in files, path
    assert not [path for path, content in files.items() if b"secret inner title" in content or b"inner note" in content]


def test_the_same_records_and_time_give_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    build_site(repository, tmp_path / "a", as_of=AT)
    build_site(repository, tmp_path / "b", as_of=AT)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_the_time_of_the_build_is_nowhere_in_it(repository: Path, tmp_path: Path) -> None:
    words = [*SEVLOG, "--repo", str(repository), "site", "build", "--as-of", AT.isoformat()]
    days = ("2031-05-06", "2032-07-08")
    for day in days:
        Clock().set(f"{day}T09:10:11Z")
        subprocess.run([*words, "--out", str(tmp_path / day)], env=surroundings(), check=True)
    first, second = (tree(tmp_path / day) for day in days)
    assert first == second
    assert AT.isoformat().encode()[:10] in first["index.html"]
    assert [path for path, content in first.items() if any(day.encode() in content for day in days)] == []


def test_a_build_over_an_earlier_one_is_like_a_first_one_and_touches_only_what_changed(tmp_path: Path) -> None:
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    built(out, public_sites.company())
    before = {path: (out / path).stat().st_mtime_ns for path in tree(out)}
    built(out, public_sites.calm())
    built(fresh, public_sites.calm())
    assert tree(out) == tree(fresh)
    assert not (out / "incidents/k3v9p0d2m7xy").exists(), "a removed record leaves no empty folder"
    after = {path: (out / path).stat().st_mtime_ns for path in tree(out)}
    assert after["postmortems/t8n5w1q6z3cd/index.html"] == before["postmortems/t8n5w1q6z3cd/index.html"]


def test_a_full_build_writes_every_file_again_with_the_same_bytes(repository: Path) -> None:
    out = repository / "build/site"
    build_site(repository, as_of=AT)
    first = tree(out)
    for path in first:
        os.utime(out / path, (0, 0))

    build_site(repository, as_of=AT)
    assert {(out / path).stat().st_mtime for path in first} == {0}
    build_site(repository, as_of=AT, full=True)
    assert [path for path in first if (out / path).stat().st_mtime == 0] == []
    assert tree(out) == first


@pytest.mark.parametrize("where", ["own", "parent", "repo"])
def test_a_folder_with_other_things_in_it_is_never_emptied(repository: Path, where: str) -> None:
    folder = {"own": repository / "incidents", "parent": repository.parent, "repo": repository}[where]
    before = tree(repository)
    with pytest.raises(UsageError):
        build_site(repository, folder)
    assert tree(repository) == before


def test_a_record_that_cannot_be_read_is_named_and_hides_no_other(repository: Path) -> None:
    broken = repository / "incidents/2026/2026-11-21-broken/incident.yaml"
    broken.parent.mkdir()
    broken.write_text("schema: [", "utf-8")
    made = build_site(repository, as_of=AT)
    assert len(made.warnings) == 1
    assert "2026-11-21-broken/incident.yaml" in made.warnings[0]
    assert "The shop is slow" in (repository / "build/site/index.html").read_text("utf-8")
    with pytest.raises(SevlogError, match="strict"):
        build_site(repository, as_of=AT, strict=True)


def test_the_internal_site_has_a_folder_of_its_own_and_does_not_change_the_public_one(repository: Path) -> None:
    build_site(repository, as_of=AT)
    before = tree(repository / "build/site")
    made = build_site(repository, as_of=AT, audience="internal")

    assert made.out == str(repository / "build/internal")
    build_site(repository, as_of=AT)
    assert tree(repository / "build/site") == before
    assert not any("internal" in path for path in before)


def test_two_processes_write_the_same_files_as_one(repository: Path, tmp_path: Path) -> None:
    (repository / "incidents/2026/2026-11-21-unreadable").mkdir()
    for number in range(12):
        folder = repository / f"incidents/2026/2026-11-{number + 1:02d}-shop"
        shutil.copytree(repository / "incidents/2026/2026-11-20-shop", folder)
    one = build_site(repository, tmp_path / "one", as_of=AT, processes=1)
    two = build_site(repository, tmp_path / "two", as_of=AT, processes=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert (one.pages, one.files, one.warnings) == (two.pages, two.files, two.warnings)
    assert len(one.warnings) == 1


def test_the_made_up_company_is_the_same_from_one_process_and_from_three(tmp_path: Path) -> None:
    for processes in (1, 3):
        build_site(Path(), tmp_path / str(processes), source=public_sites.company, processes=processes)
    assert tree(tmp_path / "1") == tree(tmp_path / "3")


def test_what_another_process_cannot_write_is_told(repository: Path, tmp_path: Path) -> None:
    build_site(repository, tmp_path / "out", as_of=AT)
    page = min((tmp_path / "out/incidents").iterdir()) / "index.html"
    page.unlink()
    page.mkdir()
    for processes in (1, 2, 3):
        with pytest.raises(SevlogError, match=r"cannot write .*index\.html"):
            build_site(repository, tmp_path / "out", as_of=AT, processes=processes)


def test_the_state_of_an_earlier_time_can_be_built(repository: Path) -> None:
    build_site(repository, as_of=datetime(2026, 11, 19, tzinfo=UTC))
    assert "All systems operational" in (repository / "build/site/index.html").read_text("utf-8")


def test_a_broken_configuration_is_one_message_and_leaves_the_site_as_it_was(repository: Path) -> None:
    build_site(repository, as_of=AT)
    before = tree(repository / "build/site")
    (repository / "sevlog.yaml").write_text("schema: [", "utf-8")
    with pytest.raises(SevlogError, match=r"sevlog\.yaml"):
        build_site(repository, as_of=AT)
    assert tree(repository / "build/site") == before


def test_pages_are_small_and_the_sitemap_and_the_json_agree_with_them(tmp_path: Path) -> None:
    import gzip

    built(tmp_path)
    files = tree(tmp_path)
    wire = sum(
        len(gzip.compress(files[path], 9))
        for path in ("index.html", "assets/sevlog/sevlog.css", "assets/sevlog/theme.js", "assets/sevlog/status.js")
    )
    assert wire < 30_000
    listed = files["sitemap.xml"].decode()
    assert "<loc>https://status.harbourpost.example/incidents/k3v9p0d2m7xy/</loc>" in listed
    assert "<loc>https://status.harbourpost.example/about/</loc>" in listed
    assert "404" not in listed
    for record in json.loads(files["api/v2/incidents.json"])["incidents"]:
        assert f"incidents/{record['id']}/index.html" in files


def test_a_shell_needs_exactly_one_place_for_the_body() -> None:
    with pytest.raises(SevlogError, match="it has 2 bodies"):
        Shell("@@sevlog-title@@ @@sevlog-body@@ @@sevlog-body@@")


def test_what_is_filled_in_is_never_searched_for_tokens(tmp_path: Path) -> None:
    built(tmp_path, hostile_sites.hostile())
    pages = [path.read_text("utf-8") for path in sorted(tmp_path.glob("incidents/*/index.html"))]
    assert [page for page in pages if "@@sevlog-body@@" in page], "a payload keeps its text"
    assert not [page for page in pages if page.count('<div class="sl-page') != 1]


def test_a_failed_write_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file where a folder must be", "utf-8")
    with pytest.raises(SevlogError, match="cannot write .*/a/b: "):
        Writer(tmp_path).write("a/b", b"")


def test_pruning_follows_no_link_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/kept").touch()
    site = tmp_path / "site"
    site.mkdir()
    (site / "link").symlink_to(tmp_path / "outside")
    (site / "page").touch()
    prune(site, {"page"})
    assert (tmp_path / "outside/kept").exists()
    assert sorted(path.name for path in site.iterdir()) == ["page"]


LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h40v20H0z"/></svg>'


def with_logo(repository: Path, name: str, content: bytes = LOGO) -> None:
    settings = repository / "sevlog.yaml"
    settings.write_text(settings.read_text("utf-8").replace("Berlin}", f"Berlin, logo: {name}}}"), "utf-8")
    (repository / "site" / name).parent.mkdir(parents=True, exist_ok=True)
    (repository / "site" / name).write_bytes(content)


def test_the_logo_is_in_the_header_of_every_page_with_the_name_as_its_text(repository: Path) -> None:
    with_logo(repository, "assets/our.SVG")
    made = build_site(repository, as_of=AT)
    files = tree(repository / "build/site")

    assert (made.warnings, files["assets/sevlog/logo.svg"]) == ((), LOGO)
    for path, up in (("index.html", ""), ("history/2026-11/index.html", "../../"), ("404.html", "/status/")):
        page = files[path].decode()
        assert f'src="{up}assets/sevlog/logo.svg" alt="Acme &lt;Status&gt;"' in page, path
        assert "<span>Acme" not in page


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("logo.txt", LOGO, "it is not one of .svg"),
        ("../logo.svg", LOGO, "it must be in a folder below site/"),
        ("logo.png", b"x" * (1024 * 1024 + 1), "it is larger than 1 MiB"),
    ],
)
def test_a_logo_that_cannot_be_shown_is_a_warning_and_the_header_has_the_name(
    repository: Path, name: str, content: bytes, why: str
) -> None:
    with_logo(repository, name, content)
    found: list[str] = []
    assert published_logo(repository, name, found.append) is None

    assert len(found) == 1
    assert why in found[0]


def test_a_logo_that_is_a_symbolic_link_is_not_published(repository: Path) -> None:
    with_logo(repository, "logo.svg")
    found: list[str] = []
    (repository / "site/other.svg").symlink_to(repository / "site/logo.svg")

    assert published_logo(repository, "logo.svg", found.append) == ("assets/sevlog/logo.svg", LOGO)
    assert published_logo(repository, "other.svg", found.append) is None
    assert len(found) == 1
