"""What is built installs and works far from the checkout: wheel, sdist, with and without the site, and through uvx."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIST_INFO = "sevlog-"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints; on a failure its words become the assertion."""
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the sdist of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=ROOT)
    return min(folder.glob("*.whl")), min(folder.glob("*.tar.gz"))


def uv(*words: str | Path, cwd: Path) -> str:
    """What uv prints. It installs what pip would, with the index of pip's configuration, in a tenth of the time."""
    index = pip_index()
    environment = {"UV_NO_CONFIG": "1", **({"UV_DEFAULT_INDEX": index} if index else {})}
    return run(Path(sys.executable).with_name("uv"), *words, cwd=cwd, **environment)


def installed(folder: Path, wheel: Path, lock: str) -> Path:
    """The bin folder of a new environment with a lock and the wheel in it."""
    venv.create(folder, with_pip=False)
    pip, there = ("pip", "install", "--quiet"), ("--python", folder / "bin/python")
    uv(*pip, "--require-hashes", "-r", ROOT / "requirements" / lock, *there, cwd=folder)
    uv(*pip, "--no-deps", wheel, *there, cwd=folder)
    uv("pip", "check", *there, cwd=folder)
    return folder / "bin"


@pytest.fixture(scope="session")
def plain(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """sevlog alone: no MkDocs, no notifiers."""
    return installed(tmp_path_factory.mktemp("plain"), built[0], "runtime.lock")


@pytest.fixture(scope="session")
def with_site(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """sevlog[site]."""
    return installed(tmp_path_factory.mktemp("with-site"), built[0], "site.lock")


def names_of(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.startswith(DIST_INFO)}


def test_the_wheel_carries_everything_that_init_and_the_site_need(built: tuple[Path, Path]) -> None:
    names = names_of(built[0])
    tracked = run("git", "ls-files", "tooling/sevlog", "schemas", "site", cwd=ROOT).splitlines()
    wanted = {
        name.replace("tooling/sevlog", "sevlog") if name.startswith("tooling/") else f"sevlog/_data/{name}"
        for name in tracked
        if (ROOT / name).exists()
    }

    assert sorted(wanted - names) == []


def test_the_sdist_builds_the_same_wheel(built: tuple[Path, Path], tmp_path: Path) -> None:
    wheel, sdist = built
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = min(tmp_path.iterdir())
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "again", cwd=unpacked)

    assert names_of(min((tmp_path / "again").glob("*.whl"))) == names_of(wheel)


def test_the_sdist_carries_no_build_output_and_no_environment(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[1]) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if name.count("/")}

    assert tops & {".venv", "build", "dist", ".git"} == set()


def test_sevlog_alone_starts_a_repository_and_records_in_it(plain: Path, tmp_path: Path) -> None:
    sevlog = plain / "sevlog"
    run(sevlog, "--version", cwd=tmp_path)
    assert "init" in run(sevlog, "--help", cwd=tmp_path)

    run(sevlog, "init", "acme", "--component", "checkout=Checkout", cwd=tmp_path)
    acme = tmp_path / "acme"
    run(
        sevlog, "raise", "Checkout fails", "--severity", "SEV2", "--component", "checkout", "--summary", "All", cwd=acme
    )
    listed = json.loads(run(sevlog, "list", "--json", cwd=acme))
    assert [incident["title"] for incident in listed["incidents"]] == ["Checkout fails"]
    assert json.loads(run(sevlog, "doctor", "--json", cwd=acme))["checks"]
    assert run("git", "status", "--porcelain", cwd=acme) == ""


def test_a_new_repository_has_no_findings(plain: Path, tmp_path: Path) -> None:
    run(plain / "sevlog", "init", cwd=tmp_path)

    assert json.loads(run(plain / "sevlog", "check", "--json", cwd=tmp_path))["problems"] == []


def test_a_new_repository_builds_its_site(with_site: Path, tmp_path: Path) -> None:
    run(with_site / "sevlog", "init", "--name", "Acme Status", cwd=tmp_path)
    run(with_site / "sevlog", "site", "build", "--out", tmp_path / "out", cwd=tmp_path)

    assert "Acme Status" in (tmp_path / "out/index.html").read_text("utf-8")
    assert json.loads((tmp_path / "out/api/v2/summary.json").read_text("utf-8"))["page"]["name"] == "Acme Status"


def test_mkdocs_itself_builds_a_new_repository_without_a_warning(with_site: Path, tmp_path: Path) -> None:
    run(with_site / "sevlog", "init", "--name", "Acme Status", cwd=tmp_path)
    run(with_site / "mkdocs", "build", "--strict", cwd=tmp_path)

    assert "Acme Status" in (tmp_path / "build/site/index.html").read_text("utf-8")


def test_the_demo_travels_in_the_wheel(with_site: Path, tmp_path: Path) -> None:
    run(with_site / "sevlog", "demo", "there", "--no-serve", cwd=tmp_path)

    live = json.loads(run(with_site / "sevlog", "board", "--json", cwd=tmp_path / "there"))["incidents"]
    assert live
    found = json.loads(run(with_site / "sevlog", "check", "--json", cwd=tmp_path / "there"))["problems"]
    assert [problem for problem in found if problem["severity"] == "error"] == []


def test_uvx_runs_the_wheel(built: tuple[Path, Path], tmp_path: Path) -> None:
    said = uv(
        "tool",
        "run",
        "--quiet",
        "--python",
        sys.executable,
        "--constraints",
        ROOT / "requirements/runtime.lock",
        "--from",
        built[0],
        "sevlog",
        "--version",
        cwd=tmp_path,
    )

    assert "sevlog" in said


def pip_index() -> str | None:
    """The index that pip is configured with, for a tool that does not read pip's configuration."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    return os.environ.get("PIP_INDEX_URL") or done.stdout.strip() or None
